"""Who asks: client certificates, bearer tokens, service accounts, impersonation."""

from __future__ import annotations
