"""`pods/log`, as far as it gets without a kubelet that runs containers.

Source: LogLocation in pkg/registry/core/pod/strategy.go, pkg/kubelet/client.
"""

from __future__ import annotations

from fake_cloud.kube_api.http import Reply, Request
from fake_cloud.kube_api.requests import Target
from fake_cloud.kube_api.status_errors import About, StatusError, bad_request, not_found
from fake_cloud.kube_api.store import Store, decode
from fake_cloud.kube_api.strategies.generic import Body

NODES = About("", "nodes", "Node")
PREFERRED = ("Hostname", "InternalDNS", "InternalIP", "ExternalDNS", "ExternalIP")
"""Default of --kubelet-preferred-address-types."""

KUBELET_PORT = 10250


class PodLog:
    """Nothing is logged; whether a log could be asked for is answered as a real server does."""

    def __init__(self, store: Store):
        self._store = store

    def handle(self, request: Request, target: Target) -> Reply:
        """204 for a pod without a node. Raises `StatusError`: 400, 404, 500."""
        entry = self._store.collection("", "pods").items.get((target.namespace, target.name))
        if entry is None:
            raise not_found(target.about, target.name)
        pod = decode(entry.data)
        container = _container(pod, request.query.get("container", ""))
        node = pod["spec"].get("nodeName", "")
        if not node:
            return Reply(204, {}, b"")
        address, port = self._kubelet(node)
        url = f"https://{address}:{port}/containerLogs/{target.namespace}/{target.name}/{container}"
        raise _internal(f'Get "{url}": dial tcp {address}:{port}: connect: connection refused')

    def _kubelet(self, name: str) -> tuple[str, int]:
        entry = self._store.collection("", "nodes").items.get(("", name))
        if entry is None:
            raise not_found(NODES, name)
        status = decode(entry.data)["status"]
        known = status.get("addresses", [])
        for kind in PREFERRED:
            for address in known:
                if address["type"] == kind:
                    endpoint = status.get("daemonEndpoints", {}).get("kubeletEndpoint", {})
                    return address["address"], endpoint.get("Port") or KUBELET_PORT
        shown = " ".join(f"{{{a['type']} {a['address']}}}" for a in known)
        raise _internal(f"no preferred addresses found; known addresses: [{shown}]")


def _internal(why: str) -> StatusError:
    details = {"causes": [{"message": why}]}
    return StatusError(500, "InternalError", f"Internal error occurred: {why}", details)


def _container(pod: Body, wanted: str) -> str:
    """The one to look at; must be named where there are more."""
    spec, name = pod["spec"], pod["metadata"]["name"]
    kinds = ("initContainers", "containers", "ephemeralContainers")
    names = [container["name"] for kind in kinds for container in spec.get(kind) or ()]
    if wanted:
        if wanted in names:
            return wanted
        raise bad_request(f"container {wanted} is not valid for pod {name}")
    if len(spec["containers"]) == 1:
        return str(spec["containers"][0]["name"])
    choice = " ".join(names)
    raise bad_request(
        f"a container name must be specified for pod {name}, choose one of: [{choice}]"
    )
