"""Whether a body is about the object that its path names.

Source: k8s.io/apiserver: checkName in pkg/endpoints/handlers/rest.go, and
EnsureObjectNamespaceMatchesRequestNamespace in pkg/registry/rest/meta.go.
"""

from __future__ import annotations

from typing import Any

from fake_cloud.kube_api.requests import Target
from fake_cloud.kube_api.status_errors import bad_request

WRONG_NAMESPACE = (
    "the namespace of the provided object does not match the namespace sent on the request"
)


def check_name(body: dict[str, Any], target: Target) -> None:
    """Raises a 400 `StatusError`."""
    metadata = body["metadata"]
    namespace = metadata.get("namespace", "")
    if target.resource.namespaced and namespace and namespace != target.namespace:
        raise bad_request(WRONG_NAMESPACE)
    name = metadata.get("name", "")
    if not name:
        raise bad_request(
            f"the name of the object ({target.name} based on URL) was undeterminable: "
            "name must be provided"
        )
    if name != target.name:
        raise bad_request(
            f"the name of the object ({name}) does not match the name on the URL ({target.name})"
        )
