"""`/scale` of custom resources: where the definition says that the numbers stand.

Follows ScaleREST in k8s.io/apiextensions-apiserver/pkg/registry/customresource/etcd.go.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fake_cloud.kube_api.custom_resources.scale_paths import set_value_at, value_at, wrong_type
from fake_cloud.kube_api.status_errors import StatusError, bad_request, internal

Body = dict[str, Any]
NEVER_SET = -(2**31)
"""What a patch sees where there is no number yet."""


class CustomScale:
    """Reads and writes the replicas of one kind. `paths` is `subresources.scale`."""

    def __init__(self, paths: Mapping[str, str]):
        self._paths, self.path = paths, paths["specReplicasPath"]

    def replicas(self, body: Body) -> int:
        found = self._count(body, "specReplicasPath")
        return NEVER_SET if found is None else found

    def _count(self, body: Body, place: str) -> int | None:
        """Raises a 500 `StatusError` for what is no number."""
        path = self._paths[place]
        found = value_at(body, path)
        if found is None or type(found) is int:
            return found
        raise internal(wrong_type(path, found, "int64"))

    def status(self, body: Body) -> Body:
        selector = value_at(body, self._paths.get("labelSelectorPath", ""))
        count = self._count(body, "statusReplicasPath") or 0
        return {"replicas": count, **({"selector": selector} if selector else {})}

    def check_shown(self, body: Body) -> None:
        """Raises a 500 `StatusError` for an object that has no number to show."""
        if value_at(body, self.path) is None:
            why = f'the spec replicas field "{self.path}" does not exist'
            message = f"Internal error occurred: {why}"
            raise StatusError(500, "InternalError", message, {"causes": [{"message": why}]})

    def set(self, body: Body, replicas: int) -> None:
        """Raises a 400 `StatusError` when none was given."""
        if replicas == NEVER_SET:
            raise bad_request(f'the spec replicas field "{self.path}" cannot be empty')
        set_value_at(body, self.path, replicas)
