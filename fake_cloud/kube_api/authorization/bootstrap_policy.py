"""Roles and bindings that a server has from its start, as kube-apiserver was seen to make them.

`bootstrap_policies/MINOR.json.gz` are read from a real server, together with the rules that the
aggregation controller fills in: `cloud-conformance fidelity --record`.
"""

from __future__ import annotations

import gzip
import time
import uuid
from pathlib import Path
from typing import Any

import msgspec

from conformance.contracts.kubernetes import KubeClient, Resource
from fake_cloud.kube_api.authorization.policies import GROUP
from fake_cloud.kube_api.store import Store
from fake_cloud.kube_api.strategies.registry import Strategies
from fake_cloud.kube_api.system_fields import now
from fake_cloud.kube_api.types.served import ServedTypes

FOLDER = Path(__file__).parent / "bootstrap_policies"
KINDS = (
    Resource(GROUP, "v1", "clusterroles", "ClusterRole", namespaced=False),
    Resource(GROUP, "v1", "clusterrolebindings", "ClusterRoleBinding", namespaced=False),
    Resource(GROUP, "v1", "roles", "Role", namespaced=True),
    Resource(GROUP, "v1", "rolebindings", "RoleBinding", namespaced=True),
)
CHOSEN = ("uid", "resourceVersion", "creationTimestamp")
"""Fields of `metadata` that each server chooses for itself."""

PATIENCE, LOOK = 30.0, 0.1
"""Seconds that aggregated roles may take to be filled, and between two looks."""

Policy = dict[str, list[dict[str, Any]]]
"""Objects by plural."""


def store_policy(store: Store, strategies: Strategies, served: ServedTypes) -> None:
    """Put the policy of the served minor into a store, as if it had been created now."""
    moment, policy = now(), read_policy(served.minor)
    for kind in KINDS:
        resource = served.now.resources[(kind.group, kind.version, kind.plural)]
        strategy, collection = strategies.of(resource), store.collection(GROUP, kind.plural)
        for found in policy[kind.plural]:
            chosen = {"uid": str(uuid.uuid4()), "creationTimestamp": moment}
            for owner in found["metadata"]["managedFields"]:
                owner["time"] = moment
            head = {"kind": kind.kind, "apiVersion": kind.api_version}
            body = {**head, **found, "metadata": {**found["metadata"], **chosen}}
            store.put(collection, body, strategy.fields(body))


def read_policy(minor: str, folder: Path = FOLDER) -> Policy:
    """That of a minor, or of the nearest one that was recorded."""
    recorded = sorted(folder.glob("*.json.gz"), key=lambda path: _distance(path, minor))
    policy: Policy = msgspec.json.decode(gzip.decompress(recorded[0].read_bytes()))
    return policy


def _distance(path: Path, minor: str) -> int:
    found = path.name.removesuffix(".json.gz")
    return abs(int(found.partition(".")[2]) - int(minor.partition(".")[2]))


def record_policy(kube: KubeClient, minor: str, folder: Path = FOLDER) -> Path:
    """Read it from a server that nobody has used yet, and that has the aggregation controller.

    Raises `TimeoutError` when its aggregated roles stay empty.
    """
    deadline = time.monotonic() + PATIENCE
    while not _aggregated(roles := _items(kube, KINDS[0])):
        if time.monotonic() > deadline:
            raise TimeoutError("aggregated ClusterRoles have no rules: nobody fills them")
        time.sleep(LOOK)
    policy = {kind.plural: _items(kube, kind) for kind in KINDS[1:]}
    content = msgspec.json.encode({KINDS[0].plural: roles, **policy})
    path = folder / f"{minor}.json.gz"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(gzip.compress(content, mtime=0))
    return path


def _items(kube: KubeClient, kind: Resource) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = kube.list(kind)["items"]
    for item in items:
        for field in CHOSEN:
            item["metadata"].pop(field, None)
    return items


def _aggregated(roles: list[dict[str, Any]]) -> bool:
    return all(role.get("rules") for role in roles if role.get("aggregationRule"))
