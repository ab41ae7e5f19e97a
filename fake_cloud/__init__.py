"""A cloud in the test process: account, recorder, kubelet stand-in, loops, Kubernetes API."""

from __future__ import annotations
