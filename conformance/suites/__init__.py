"""One folder an area; suites import `conformance.checks` and nothing else of the project."""

from __future__ import annotations
