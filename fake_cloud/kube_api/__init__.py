"""An embedded Kubernetes API: a core without HTTP, a client in process, a thin TLS transport."""

from __future__ import annotations
