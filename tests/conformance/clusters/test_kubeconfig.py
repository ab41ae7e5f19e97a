"""A cluster that the run did not make is refused until the operator adopts it by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.clusters.binaries import BinariesCluster
from conformance.clusters.certificates import Authority
from conformance.clusters.kubeconfig import KubeconfigBackend
from conformance.clusters.kubeconfig_file import CONTEXT, write_kubeconfig
from conformance.clusters.loopback_port import reserved_port
from conformance.contracts.clusters import ClusterOptions, ClusterProbe
from conformance.contracts.kubernetes import NODES
from conformance.errors import ClusterNotOurs, ClusterUnreachable, UsageError
from conformance.standing import Standing


@pytest.fixture
def backend() -> KubeconfigBackend:
    return KubeconfigBackend()


@pytest.fixture
def nobody_there(tmp_path: Path) -> Path:
    """A kubeconfig for a port on which nobody listens."""
    with reserved_port() as port:
        server = f"https://127.0.0.1:{port}"
    return write_kubeconfig(tmp_path / "config", server, Authority(tmp_path).certificate, "token")


def test_a_stranger_is_refused_before_anything_is_asked(
    backend: KubeconfigBackend, nobody_there: Path
) -> None:
    given = str(nobody_there)
    for adopt in ("", "other"):
        with pytest.raises(ClusterNotOurs, match=f"--adopt-cluster {CONTEXT}") as refusal:
            backend.probe(ClusterOptions(kubeconfig=given, context=CONTEXT, adopt=adopt))
        assert "\n" not in str(refusal.value)


def test_the_current_context_counts_for_nothing(
    backend: KubeconfigBackend, nobody_there: Path
) -> None:
    with pytest.raises(UsageError, match=f"--context is missing; contexts of .*: {CONTEXT}"):
        backend.probe(ClusterOptions(kubeconfig=str(nobody_there)))


def test_without_a_kubeconfig_nothing_is_guessed(
    backend: KubeconfigBackend, nobody_there: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(nobody_there))
    with pytest.raises(UsageError, match="--kubeconfig FILE is missing"):
        backend.probe(ClusterOptions(context=CONTEXT, adopt=CONTEXT))
    with pytest.raises(ClusterUnreachable, match="/nowhere: no such file"):
        backend.probe(ClusterOptions(kubeconfig="/nowhere", adopt="x"))


def test_an_unknown_context_and_an_absent_server_are_one_line(
    backend: KubeconfigBackend, nobody_there: Path
) -> None:
    given = str(nobody_there)
    with pytest.raises(ClusterUnreachable, match="context 'x'"):
        backend.probe(ClusterOptions(kubeconfig=given, adopt="x"))
    with pytest.raises(ClusterUnreachable, match="no usable API server at https") as absent:
        backend.probe(ClusterOptions(kubeconfig=given, adopt=CONTEXT))
    assert "\n" not in str(absent.value)


@pytest.mark.real
def test_an_adopted_cluster_is_shared_and_undisturbed(
    backend: KubeconfigBackend,
    cluster: BinariesCluster,
    node: str,
    new_parts: Callable[[str], Standing],
) -> None:
    options = ClusterOptions(kubeconfig=str(cluster.kubeconfig), adopt=CONTEXT)

    assert backend.probe(options) == ClusterProbe(
        "kubeconfig", cluster.version, private=False, disturbs=False, facts={"context": CONTEXT}
    )
    with backend.start(options, new_parts("adopted")) as adopted:
        assert adopted.version == cluster.version
        assert adopted.disturbance is None
        assert adopted.subject_kube.get(NODES, node) == cluster.kube.get(NODES, node)
        assert adopted.subject_kubeconfig.is_file()
