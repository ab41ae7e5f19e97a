"""Services: their addresses and ports, what is given out, and what is wrong with them."""

from __future__ import annotations
