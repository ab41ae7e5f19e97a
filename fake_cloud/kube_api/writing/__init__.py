"""From a parsed request to a change in the store: create, update, patch, apply and delete."""

from __future__ import annotations
