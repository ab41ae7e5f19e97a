"""The embedded API as a cluster: in process, and on a port only for those who want a kubeconfig."""

from __future__ import annotations

import os
from collections.abc import Callable

import psutil
import pytest

from conformance.clusters.embedded import EmbeddedBackend
from conformance.contracts.clusters import ClusterOptions
from conformance.contracts.kubernetes import NODES, Conflict
from conformance.errors import UsageError
from conformance.kube_http import HttpKubeClient
from conformance.standing import Standing

NewParts = Callable[[str], Standing]


def listening() -> set[int]:
    """Ports on which this process listens."""
    connections = psutil.Process(os.getpid()).net_connections("tcp")
    return {one.laddr.port for one in connections if one.status == psutil.CONN_LISTEN}


@pytest.mark.parametrize("minor", ["", "1.36", "1.35"])
def test_it_serves_the_pinned_minors_as_probed(minor: str, new_parts: NewParts) -> None:
    options = ClusterOptions(kubernetes=minor)
    probe = EmbeddedBackend().probe(options)

    assert (probe.private, probe.disturbs) == (True, True)
    with EmbeddedBackend().start(options, new_parts("embedded")) as cluster:
        assert cluster.version == probe.version
        assert cluster.kube.version()["gitVersion"] == probe.version


def test_an_unknown_minor_is_refused_with_the_list() -> None:
    with pytest.raises(UsageError, match=r"--kubernetes 1\.1: .*known: 1\.37, 1\.36, 1\.35"):
        EmbeddedBackend().probe(ClusterOptions(kubernetes="1.1"))


def test_a_run_in_process_opens_no_port(new_parts: NewParts) -> None:
    before = listening()
    parts = new_parts("embedded")
    with EmbeddedBackend().start(ClusterOptions(), parts) as cluster:
        cluster.kube.create(NODES, {"metadata": {"name": "a"}})
        assert cluster.subject_kube.get(NODES, "a")["metadata"]["name"] == "a"
        assert listening() == before

    assert list(parts.folder.iterdir()) == []


def test_disturbances_meet_the_subject_alone(new_parts: NewParts) -> None:
    with EmbeddedBackend().start(ClusterOptions(), new_parts("embedded")) as cluster:
        with cluster.disturbance.refuse(verb="create", code=409):
            with pytest.raises(Conflict):
                cluster.subject_kube.create(NODES, {"metadata": {"name": "a"}})
            cluster.kube.create(NODES, {"metadata": {"name": "a"}})


def test_kubeconfigs_are_served_on_first_demand_and_not_after(new_parts: NewParts) -> None:
    before = listening()
    with EmbeddedBackend().start(ClusterOptions(), new_parts("embedded")) as cluster:
        cluster.kube.create(NODES, {"metadata": {"name": "a"}})
        for kubeconfig in (cluster.kubeconfig, cluster.subject_kubeconfig, cluster.kubeconfig):
            assert HttpKubeClient(kubeconfig).get(NODES, "a")["metadata"]["name"] == "a"
        with cluster.disturbance.refuse(verb="get", code=409):
            with pytest.raises(Conflict):
                HttpKubeClient(cluster.subject_kubeconfig).get(NODES, "a")
            HttpKubeClient(cluster.kubeconfig).get(NODES, "a")

    assert listening() == before


def test_a_run_is_told_how_true_the_api_is() -> None:
    facts = EmbeddedBackend().probe(ClusterOptions()).facts
    assert "steps recorded on kube-apiserver 1.37 (A 18/18, B 14/14, " in facts["fidelity"]
    older = EmbeddedBackend().probe(ClusterOptions(kubernetes="1.35")).facts
    assert "steps recorded on kube-apiserver 1.35" in older["fidelity"]
