"""A private set of etcd and kube-apiserver: ready when it is yielded, gone afterwards."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
import yaml

from conformance.clusters.binaries import BinariesBackend, BinariesCluster
from conformance.contracts.clusters import ClusterOptions
from conformance.contracts.kubernetes import NAMESPACES, NODES, SERVICES, AlreadyExists, NotFound
from conformance.errors import ProgramFailed, ProgramMissing, UsageError
from conformance.ledger import RunLedger
from conformance.standing import Standing

NewParts = Callable[[str], Standing]


def server_port(kubeconfig: Path) -> int:
    server = yaml.safe_load(kubeconfig.read_text())["clusters"][0]["cluster"]["server"]
    return int(server.rpartition(":")[2])


@pytest.mark.real
def test_it_is_ready_and_real(cluster: BinariesCluster, node: str) -> None:
    assert cluster.version == cluster.kube.version()["gitVersion"]
    names = {item["metadata"]["name"] for item in cluster.kube.list(NAMESPACES)["items"]}
    assert {"default", "kube-system"} <= names
    taints = cluster.kube.get(NODES, node)["spec"]["taints"]
    assert [taint["key"] for taint in taints] == ["node.kubernetes.io/not-ready"]
    with pytest.raises(AlreadyExists):
        cluster.kube.create(NODES, {"metadata": {"name": node}})


@pytest.mark.real
def test_the_subject_is_somebody_else_with_the_same_rights(
    cluster: BinariesCluster, node: str
) -> None:
    cluster.subject_kube.patch(NODES, node, {"metadata": {"labels": {"seen": "yes"}}})

    assert cluster.kube.get(NODES, node)["metadata"]["labels"]["seen"] == "yes"
    assert server_port(cluster.kubeconfig) != server_port(cluster.subject_kubeconfig)
    assert cluster.subject_kubeconfig.stat().st_mode & 0o077 == 0


@pytest.mark.real
def test_a_watch_over_tls_is_closed_from_another_thread(cluster: BinariesCluster) -> None:
    for kube in (cluster.kube, cluster.subject_kube):
        watch = kube.watch(NODES, field_selector="metadata.name=nobody")
        with ThreadPoolExecutor(1) as pool:
            events = pool.submit(list, watch)
            watch.close()
            assert all(event.type == "BOOKMARK" for event in events.result(30))


@pytest.mark.real
def test_services_are_allocated_addresses(cluster: BinariesCluster) -> None:
    body = {"metadata": {"generateName": "s-"}, "spec": {"ports": [{"port": 80}]}}
    service = cluster.kube.create(SERVICES, body, "default")
    cluster.kube.delete(SERVICES, service["metadata"]["name"], "default")

    assert service["spec"]["clusterIP"].startswith("10.96.")


@pytest.mark.real
def test_afterwards_nothing_is_left(binaries: BinariesBackend, new_parts: NewParts) -> None:
    parts = new_parts("gone")
    with binaries.start(ClusterOptions(), parts) as cluster:
        ports = [server_port(cluster.kubeconfig), server_port(cluster.subject_kubeconfig)]
        entries = RunLedger(parts.ledger.path).entries()  # type: ignore[attr-defined]
        assert [entry.name for entry in entries] == ["etcd", "kube-apiserver"]

    assert RunLedger(parts.ledger.path).entries() == []  # type: ignore[attr-defined]
    assert not any(psutil.pid_exists(int(entry.facts["pid"])) for entry in entries)
    for port in ports:
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0


OWNER = """
import os, signal, sys
from pathlib import Path
from conformance.clusters.binaries import BinariesBackend
from conformance.contracts.clusters import ClusterOptions
from conformance.ledger import RunLedger
from conformance.standing import Standing

folder = Path(sys.argv[1])
parts = Standing(folder, "run", RunLedger(folder / "ledger.jsonl"))
with BinariesBackend().start(ClusterOptions(), parts):
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.real
@pytest.mark.usefixtures("binaries")
def test_killing_the_run_leaves_no_process(tmp_path: Path) -> None:
    ended = subprocess.run((sys.executable, "-c", OWNER, str(tmp_path)), check=False)  # noqa: S603

    assert ended.returncode == -signal.SIGKILL
    entries = RunLedger(tmp_path / "ledger.jsonl").entries()
    assert [entry.name for entry in entries] == ["etcd", "kube-apiserver"]
    left = [
        psutil.Process(int(entry.facts["pid"]))
        for entry in entries
        if psutil.pid_exists(int(entry.facts["pid"]))
    ]
    _, alive = psutil.wait_procs(left, timeout=30)
    assert alive == []


@pytest.mark.real
def test_a_controller_manager_runs_on_request(new_parts: NewParts) -> None:
    backend = BinariesBackend(["namespace-controller"])
    try:
        backend.probe(ClusterOptions())
    except ProgramMissing as missing:
        pytest.skip(str(missing))
    with backend.start(ClusterOptions(), new_parts("manager")) as cluster:
        name = f"x-{uuid.uuid4().hex[:8]}"
        made = cluster.kube.create(NAMESPACES, {"metadata": {"name": name}})
        version = made["metadata"]["resourceVersion"]
        with cluster.kube.watch(NAMESPACES, resource_version=version) as watch:
            cluster.kube.delete(NAMESPACES, name)
            assert any(event.type == "DELETED" for event in watch)
        with pytest.raises(NotFound):
            cluster.kube.get(NAMESPACES, name)


def fake_program(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def environment(folder: Path) -> dict[str, str]:
    return {"PATH": os.devnull, "XDG_CACHE_HOME": str(folder)}


def test_missing_programs_are_named_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(ProgramMissing, match="kube-apiserver was not found"):
        BinariesBackend(env=environment(tmp_path)).probe(ClusterOptions())


def test_a_minor_that_nobody_pinned_is_refused_with_the_list(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--kubernetes 1\.12: .*known: 1\.37, 1\.36, 1\.35"):
        BinariesBackend(env=environment(tmp_path)).probe(ClusterOptions(kubernetes="1.12"))


def test_the_first_program_of_the_wanted_minor_is_taken(tmp_path: Path) -> None:
    for folder, version in (("new", "v1.37.2"), ("old", "v1.36.3")):
        (tmp_path / folder).mkdir()
        fake_program(tmp_path / folder / "kube-apiserver", f"echo Kubernetes {version}")
    fake_program(tmp_path / "new" / "etcd", "echo 'etcd Version: 3.7.0'; echo Git SHA: x")
    backend = BinariesBackend(env=environment(tmp_path))
    folders = (str(tmp_path / "new"), str(tmp_path / "old"))

    probe = backend.probe(ClusterOptions(bin_dirs=folders, kubernetes="1.36"))
    assert (probe.version, probe.facts["etcd"]) == ("v1.36.3", "v3.7.0")
    assert backend.probe(ClusterOptions(bin_dirs=folders)).version == "v1.37.2"
    with pytest.raises(
        ProgramMissing, match=r"no kube-apiserver of Kubernetes 1\.35 \(.*v1\.36\.3"
    ):
        backend.probe(ClusterOptions(bin_dirs=folders, kubernetes="1.35"))


def test_a_server_that_does_not_start_is_quoted(tmp_path: Path, new_parts: NewParts) -> None:
    version = 'case "$1" in --version) echo Kubernetes v1.37.2; exit;; esac'
    fake_program(tmp_path / "etcd", f"{version}; touch etcd.sock; exec tail -f /dev/null")
    fake_program(tmp_path / "kube-apiserver", f"{version}; echo no luck; exit 5")
    backend = BinariesBackend(env=environment(tmp_path))
    parts = new_parts("unlucky")

    with pytest.raises(ProgramFailed, match=r"(?s)kube-apiserver ended with 5 .*no luck"):
        with backend.start(ClusterOptions(bin_dirs=(str(tmp_path),)), parts):
            pass
    assert RunLedger(parts.ledger.path).entries() == []  # type: ignore[attr-defined]


def test_what_is_no_kubernetes_program_is_said_so(tmp_path: Path) -> None:
    fake_program(tmp_path / "kube-apiserver", "echo hello")
    fake_program(tmp_path / "etcd", "echo 3.7.0")

    with pytest.raises(ProgramFailed, match="expected a version, saw 'hello"):
        BinariesBackend(env=environment(tmp_path)).probe(ClusterOptions(bin_dirs=(str(tmp_path),)))
