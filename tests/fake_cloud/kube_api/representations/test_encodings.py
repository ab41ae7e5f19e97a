from __future__ import annotations

import pytest
import yaml

from fake_cloud.kube_api.http import Reply, Request
from fake_cloud.kube_api.server import KubeApi


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/api/v1/namespaces/default", "Namespace"),
        ("/api/v1/namespaces", "NamespaceList"),
        ("/api/v1/namespaces/nobody", "Status"),
    ],
)
def test_objects_lists_and_errors_can_be_had_in_yaml(api: KubeApi, path: str, kind: str) -> None:
    reply = api.handle(Request("GET", path, {}, {"accept": "application/yaml"}))
    assert isinstance(reply, Reply)
    assert reply.headers["Content-Type"] == "application/yaml"
    assert yaml.safe_load(reply.body)["kind"] == kind
