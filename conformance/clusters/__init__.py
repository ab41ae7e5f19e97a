"""Where the Kubernetes API comes from: one module for each cluster backend and its parts."""

from __future__ import annotations
