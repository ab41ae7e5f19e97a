"""Who may do what: RBAC over the stored roles and bindings, and what nodes may read."""

from __future__ import annotations
