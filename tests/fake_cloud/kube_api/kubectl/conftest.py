from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.clusters.embedded import serve_embedded
from conformance.contracts.kubernetes import NAMESPACES, NODES, KubeClient
from fake_cloud.kube_api.server import KubeApi
from tests.fake_cloud.kube_api.kubectl.program import Kubectl
from tests.fake_cloud.kube_api.objects import node


@pytest.fixture(scope="module")
def api() -> Iterator[KubeApi]:
    """One server for a module: kubectl asks a new one for everything first."""
    api = KubeApi()
    yield api
    api.close()


@pytest.fixture(scope="module")
def kube(api: KubeApi) -> KubeClient:
    return api.client()


@pytest.fixture(scope="module")
def served(api: KubeApi, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with serve_embedded(api, tmp_path_factory.mktemp("served")) as served:
        yield served.kubeconfig


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def name() -> str:
    """A part of names that tests on the same server do not share."""
    return secrets.token_hex(4)


@pytest.fixture
def kubectl(kube: KubeClient, served: Path, home: Path, name: str) -> Kubectl:
    """In a namespace of this test's own."""
    kube.create(NAMESPACES, {"metadata": {"name": f"space-{name}"}})
    return Kubectl(served, home, f"space-{name}")


@pytest.fixture
def node_name(kube: KubeClient, name: str) -> str:
    """A node of this test's own."""
    kube.create(NODES, node(f"node-{name}"))
    return f"node-{name}"
