"""The configuration of a cluster that we let kind make.

Kubelets start with `--cloud-provider=external`, so that nodes wait for a cloud controller, and
without the provider id that kind presets (`kind://...`): an id cannot be changed once it is set.
Patches stand without apiVersion, so that kind applies them to whichever kubeadm it finds
(https://kind.sigs.k8s.io/docs/user/configuration/#kubeadm-config-patches).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from conformance.contracts.kubernetes import RUN_LABEL
from conformance.errors import UsageError
from conformance.strict_yaml import parse

DEFAULT: dict[str, Any] = {
    "kind": "Cluster",
    "apiVersion": "kind.x-k8s.io/v1alpha4",
    "nodes": [{"role": "control-plane"}, {"role": "worker"}],
}

KUBELET = {"nodeRegistration": {"kubeletExtraArgs": {"cloud-provider": "external"}}}
WITHOUT_ID = {"nodeRegistration": {"kubeletExtraArgs": {"provider-id": None}}}


def kind_config(given: str, run_id: str) -> str:
    """The operator's file (empty: one control plane, one worker) with what conformance needs.

    Its nodes carry the run's id, so that the subject's loops may touch them. Raises `UsageError`
    for a file that is no kind configuration.
    """
    config = _read(Path(given)) if given else DEFAULT
    nodes = config.get("nodes") or [{"role": "control-plane"}]
    return yaml.safe_dump({**config, "nodes": [_external(node, run_id) for node in nodes]})


def _read(path: Path) -> dict[str, Any]:
    try:
        config = parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        why = " ".join(str(error).split())
        raise UsageError(f"--kind-config {path}: wanted a kind configuration, {why}") from error
    nodes = config.get("nodes", []) if isinstance(config, dict) else None
    if not isinstance(nodes, list) or not all(isinstance(node, dict) for node in nodes):
        raise UsageError(f"--kind-config {path}: wanted `kind: Cluster` with a list of nodes")
    return dict(config)


def _external(node: dict[str, Any], run_id: str) -> dict[str, Any]:
    """The operator's own patches come first, so that ours hold."""
    patches = [
        yaml.safe_dump({"kind": kind, **patch})
        for kind in ("InitConfiguration", "JoinConfiguration")
        for patch in (KUBELET, WITHOUT_ID)
    ]
    return {
        **node,
        "labels": {**(node.get("labels") or {}), RUN_LABEL: run_id},
        "kubeadmConfigPatches": [*(node.get("kubeadmConfigPatches") or []), *patches],
    }
