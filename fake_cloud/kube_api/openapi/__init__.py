"""OpenAPI v3: an index with hashes, and one document a group version."""

from __future__ import annotations
