"""`pods/binding`: a scheduler gives a pod its node.

Source: BindingREST in pkg/registry/core/pod/storage/storage.go,
plugin/pkg/admission/podtopologylabels.
"""

from __future__ import annotations

from fake_cloud.kube_api.bodies.reading import Kinds, dry_run, field_validation, read_object
from fake_cloud.kube_api.http import Reply, Request
from fake_cloud.kube_api.requests import Target
from fake_cloud.kube_api.status_errors import (
    About,
    bad_request,
    conflict,
    internal,
    not_found,
    not_supported,
    required,
)
from fake_cloud.kube_api.store import Entry, Store, decode
from fake_cloud.kube_api.strategies.generic import Body
from fake_cloud.kube_api.strategies.pods.conditions import set_condition
from fake_cloud.kube_api.strategies.pods.topology import TOPOLOGY_COPIED, topology_labels
from fake_cloud.kube_api.subresources.success import created
from fake_cloud.kube_api.writing.identity import WRONG_NAMESPACE
from fake_cloud.kube_api.writing.preconditions import uid_mismatch
from fake_cloud.kube_api.writing.writes import Writer

BINDING = ("v1", "Binding")
POD = ("v1", "Pod")
PODS_BINDING = About("", "pods/binding", "Pod")


class Binder:
    """Assigns pods to nodes, once."""

    def __init__(self, store: Store, writer: Writer, kinds: Kinds, minor: int):
        self._store, self._writer, self._kinds = store, writer, kinds
        self._minor = minor

    def handle(self, request: Request, target: Target) -> Reply:
        """Raises `StatusError`: 400, 404, 409, and 500 for a binding that is not valid."""
        validation = field_validation(request, "CreateOptions")
        dry = dry_run(request, "CreateOptions")
        binding = read_object(request, self._kinds[BINDING], validation, self._kinds).body
        metadata = binding["metadata"]
        if metadata.get("namespace", target.namespace) != target.namespace:
            raise bad_request(WRONG_NAMESPACE)
        name = metadata.get("name", "")
        if target.name and name != target.name:
            raise bad_request("name in URL does not match name in Binding object")
        _check_target(binding["target"])
        if target.subresource and self._minor >= TOPOLOGY_COPIED:
            self._copy_topology(binding)
        with self._store.lock:
            self._bind(target.namespace, name, binding, dry=dry)
        return created()

    def _copy_topology(self, binding: Body) -> None:
        """Old clients, which use `bindings`, are left alone."""
        target, metadata = binding["target"], binding["metadata"]
        if target.get("kind") == "Node":
            copied = topology_labels(self._store, target["name"])
            metadata["labels"] = metadata.get("labels", {}) | copied

    def _bind(self, namespace: str, name: str, binding: Body, *, dry: bool) -> None:
        pods = self._kinds[POD]
        entry = self._writer.collection(pods).items.get((namespace, name))
        if entry is None:
            raise not_found(About("", "pods", "Pod"), name)
        self._check_meant(entry, binding["metadata"])
        pod, node = decode(entry.data), binding["target"]["name"]
        if problem := _not_bindable(pod):
            raise conflict(PODS_BINDING, name, problem)
        pod["spec"]["nodeName"] = node
        pod["status"].pop("nominatedNodeName", None)
        for part in ("annotations", "labels"):
            if added := binding["metadata"].get(part):
                pod["metadata"][part] = pod["metadata"].get(part, {}) | added
        set_condition(pod["status"], {"type": "PodScheduled", "status": "True"})
        self._writer.put(pods, pod, dry_run=dry)

    def _check_meant(self, entry: Entry, metadata: Body) -> None:
        uid, version = metadata.get("uid"), metadata.get("resourceVersion")
        if uid and uid != entry.uid:
            why = uid_mismatch(self._kinds[POD], entry.key, uid, entry.uid)
            raise conflict(About("", "pods", "Pod"), entry.key[1], why)
        if version and version != str(entry.version):
            raise conflict(About("", "pods", "Pod"), entry.key[1])


def _check_target(target: Body) -> None:
    """ValidatePodBinding; its complaints are not made into a 422."""
    errors = []
    if target.get("kind", "Node") != "Node":
        errors.append(not_supported("target.kind", target["kind"], ("Node", "<empty>")))
    if not target.get("name"):
        errors.append(required("target.name"))
    if errors:
        texts = ", ".join(map(str, errors))
        raise internal(texts if len(errors) == 1 else f"[{texts}]")


def _not_bindable(pod: Body) -> str:
    name, spec = pod["metadata"]["name"], pod["spec"]
    if "deletionTimestamp" in pod["metadata"]:
        return f"pod {name} is being deleted, cannot be assigned to a host"
    if spec.get("nodeName"):
        return f'pod {name} is already assigned to node "{spec["nodeName"]}"'
    if spec.get("schedulingGates"):
        return f"pod {name} has non-empty .spec.schedulingGates"
    return ""
