"""The Status that a subresource answers with when it has made nothing to show."""

from __future__ import annotations

from fake_cloud.kube_api.http import JSON, Reply
from fake_cloud.kube_api.store import encode


def created() -> Reply:
    """201 with a Status, as binding and eviction answer."""
    status = {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Success",
        "code": 201,
    }
    return Reply(201, {"Content-Type": JSON}, encode(status))
