"""What a request wants, as authorization sees it: read from the path, whatever is served.

Source: k8s.io/apiserver/pkg/endpoints/request/requestinfo.go.
"""

from __future__ import annotations

from dataclasses import dataclass

from fake_cloud.kube_api.authentication.user import User
from fake_cloud.kube_api.http import Request
from fake_cloud.kube_api.requests import locate, verb_of


@dataclass(frozen=True, slots=True)
class Attributes:
    """`path` is set for requests that are about no resource, and only then.

    `node_name` is the node that a field selector limits the request to.
    """

    user: User
    verb: str
    group: str = ""
    resource: str = ""
    subresource: str = ""
    namespace: str = ""
    name: str = ""
    path: str = ""
    node_name: str = ""

    @property
    def combined(self) -> str:
        """`nodes` or `nodes/status`."""
        return f"{self.resource}/{self.subresource}" if self.subresource else self.resource


def attributes_of(request: Request) -> Attributes:
    location = locate(request.path)
    if location is None:
        return Attributes(request.user, request.method.lower(), path=request.path)
    namespace, name = location.namespace, location.name
    if location.plural == "namespaces" and name:
        namespace = name
    verb = verb_of(request, location)
    selected = _selected(request.query.get("fieldSelector", ""))
    if verb in ("list", "watch"):
        name = name or selected.get("metadata.name", "")
    return Attributes(
        user=request.user,
        verb=verb,
        group=location.group,
        resource=location.plural,
        subresource=location.subresource.partition("/")[0],
        namespace=namespace,
        name=name,
        node_name=selected.get("spec.nodeName", ""),
    )


def _selected(selector: str) -> dict[str, str]:
    """What a field selector asks to be equal to one value."""
    terms = (term.replace("==", "=").partition("=") for term in selector.split(",") if term)
    return {field: value for field, _, value in terms if not field.endswith("!")}
