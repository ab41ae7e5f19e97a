"""A real cluster of `binaries` for the tests of this folder, one per worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from conformance.clusters.binaries import BinariesBackend, BinariesCluster
from conformance.contracts.clusters import ClusterOptions
from conformance.contracts.kubernetes import NODES
from conformance.errors import ProgramMissing
from conformance.ledger import RunLedger
from conformance.standing import Standing

NewParts = Callable[[str], Standing]


@pytest.fixture(scope="session")
def new_parts(tmp_path_factory: pytest.TempPathFactory) -> NewParts:
    def make(name: str) -> Standing:
        folder = tmp_path_factory.mktemp(name)
        return Standing(folder, name, RunLedger(folder / "ledger" / "test.jsonl"))

    return make


@pytest.fixture(scope="session")
def binaries() -> BinariesBackend:
    """Skips where no kube-apiserver is found."""
    backend = BinariesBackend()
    try:
        backend.probe(ClusterOptions())
    except ProgramMissing as missing:
        pytest.skip(str(missing))
    return backend


@pytest.fixture(scope="session")
def cluster(binaries: BinariesBackend, new_parts: NewParts) -> Iterator[BinariesCluster]:
    with binaries.start(ClusterOptions(), new_parts("shared")) as running:
        yield running


@pytest.fixture
def node(cluster: BinariesCluster, request: pytest.FixtureRequest) -> Iterator[str]:
    """The name of a node that is there for one test."""
    name = request.node.name.replace("_", "-").replace("[", "-").replace("]", "")[-60:].strip("-")
    cluster.kube.create(NODES, {"metadata": {"name": name}})
    yield name
    cluster.kube.delete(NODES, name)
