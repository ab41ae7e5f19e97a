"""One folder a provider; `providers/fake` is the one to read first."""

from __future__ import annotations
