"""Stand-ins for kubelets: they register Node objects and report Ready, and run no pods."""

from __future__ import annotations

from fake_cloud.kubelet.stand_in import KubeletStandIn

__all__ = ["KubeletStandIn"]
