"""The judge of the embedded Kubernetes API: steps recorded on kube-apiserver, replayed here."""

from __future__ import annotations
