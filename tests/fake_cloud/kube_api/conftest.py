from __future__ import annotations

from collections.abc import Iterator

import pytest

from conformance.contracts.kubernetes import KubeClient
from fake_cloud.kube_api.server import KubeApi


@pytest.fixture
def api() -> Iterator[KubeApi]:
    api = KubeApi()
    yield api
    api.close()


@pytest.fixture
def kube(api: KubeApi) -> KubeClient:
    return api.client()
