"""The backend `kind` against a stand-in for kind whose API server is the embedded one."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from conformance.clusters.embedded import serve_embedded
from conformance.clusters.kind import KIND_CLUSTER, KindBackend, _made
from conformance.clusters.kind_program import ClusterUnfinished, Kind
from conformance.contracts.clusters import ClusterOptions
from conformance.contracts.kubernetes import NODES, RUN_LABEL
from conformance.errors import ClusterNotOurs, ClusterUnreachable, ProgramMissing, UsageError
from conformance.kube_http import HttpKubeClient
from conformance.ledger import RunLedger
from conformance.standing import Standing
from fake_cloud.kube_api.server import KubeApi

STUB = Path(__file__).parent / "kind_stub.py"


class StandIn:
    """A folder with a `kind` in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        script = folder / "kind"
        script.write_text(f"#!{sys.executable}\n{STUB.read_text()}")
        script.chmod(0o755)

    @property
    def clusters(self) -> list[str]:
        place = self.folder / "clusters"
        return sorted(path.name for path in place.iterdir()) if place.exists() else []

    def make(self, name: str) -> None:
        (self.folder / "clusters").mkdir(exist_ok=True)
        (self.folder / "clusters" / name).touch()

    def asked(self, command: str) -> list[list[str]]:
        lines = (self.folder / "asked.jsonl").read_text().splitlines()
        return [words for words in map(json.loads, lines) if " ".join(words[:2]) == command]


@pytest.fixture
def kind(tmp_path: Path) -> Iterator[StandIn]:
    stand_in = StandIn(tmp_path / "bin")
    with closing(KubeApi()) as api, serve_embedded(api, tmp_path) as served:
        shutil.copy(served.kubeconfig, stand_in.folder / "api.kubeconfig")
        content = yaml.safe_load(served.kubeconfig.read_text())
        content["contexts"][0]["name"] = content["current-context"] = "kind-mine"
        (stand_in.folder / "api.kubeconfig").write_text(yaml.safe_dump(content))
        yield stand_in


@pytest.fixture
def parts(tmp_path: Path) -> Standing:
    folder = tmp_path / "environment"
    folder.mkdir()
    return Standing(folder, "0badcafe", RunLedger(tmp_path / "ledger.jsonl"))


def backend(kind: StandIn) -> KindBackend:
    return KindBackend({"PATH": str(kind.folder)})


def test_a_cluster_is_made_and_leaves_nothing(kind: StandIn, parts: Standing) -> None:
    ledger = parts.ledger
    assert isinstance(ledger, RunLedger)
    probe = backend(kind).probe(ClusterOptions())
    assert (probe.private, probe.facts["kind"]) == (True, "v0.33.0")
    with backend(kind).start(ClusterOptions(), parts) as cluster:
        (name,) = kind.clusters
        assert name.startswith("cpc-0badcafe-")
        assert [(e.kind, e.name) for e in ledger.entries()] == [(KIND_CLUSTER, name)]
        assert cluster.version.startswith("v1.")
        assert cluster.kube.list(NODES)["items"] == []
    assert kind.clusters == []
    assert ledger.entries() == []


def test_nodes_wait_for_a_cloud_controller_without_a_preset_id(
    kind: StandIn, parts: Standing, tmp_path: Path
) -> None:
    given = tmp_path / "kind.yaml"
    node = {"role": "worker", "labels": {"mine": "kept"}, "kubeadmConfigPatches": ["mine"]}
    given.write_text(yaml.safe_dump({"kind": "Cluster", "name": "kept", "nodes": [node]}))
    options = ClusterOptions(kind_config=str(given), kind_image="kindest/node:v1.37.2@sha256:00")
    assert backend(kind).probe(options).version == "v1.37.2"
    with backend(kind).start(options, parts):
        config = yaml.safe_load((kind.folder / "clusters" / kind.clusters[0]).read_text())
    (seen,) = config["nodes"]
    assert config["name"] == "kept"
    assert seen["labels"] == {"mine": "kept", RUN_LABEL: "0badcafe"}
    mine, *ours = seen["kubeadmConfigPatches"]
    arguments = [yaml.safe_load(p)["nodeRegistration"]["kubeletExtraArgs"] for p in ours]
    assert mine == "mine"
    assert arguments == [{"cloud-provider": "external"}, {"provider-id": None}] * 2
    assert kind.asked("create cluster")[0][-2:] == ["--image", options.kind_image]


def test_a_cluster_of_somebody_else_is_refused_until_it_is_adopted(
    kind: StandIn, parts: Standing
) -> None:
    kind.make("mine")
    options = ClusterOptions(kind_name="mine")
    with pytest.raises(ClusterNotOurs, match="--adopt-cluster kind-mine"):
        backend(kind).probe(options)
    adopted = ClusterOptions(kind_name="mine", adopt="kind-mine")
    assert not backend(kind).probe(adopted).private
    with backend(kind).start(adopted, parts) as cluster:
        cluster.kube.list(NODES)
    assert kind.clusters == ["mine"]
    assert not kind.asked("create cluster")
    assert not kind.asked("delete cluster")


def test_logs_are_told_apart(kind: StandIn, parts: Standing) -> None:
    with backend(kind).start(ClusterOptions(kind_name="new"), parts) as cluster:
        for _ in range(2):
            (log,) = cluster.logs()
            assert (log.name, log.read_text()) == (
                "new-worker-kubelet.log",
                "kubelet of the worker\n",
            )


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Cannot connect to the Docker daemon at unix:///var/run/docker.sock.", "start docker"),
        ('failed to pull image "kindest/node:v0"', "--kind-image"),
        ('node(s) already exist for a cluster with the name "new"', "that name is taken"),
        ("something nobody ever saw", "ERROR: something nobody ever saw"),
    ],
)
def test_what_kind_refuses_is_one_line_and_deletes_nothing(
    kind: StandIn, parts: Standing, said: str, told: str
) -> None:
    (kind.folder / "fails").write_text(said)
    with pytest.raises(ClusterUnreachable, match=told) as refusal:
        with backend(kind).start(ClusterOptions(kind_name="new"), parts):
            pass
    assert "\n" not in str(refusal.value)
    assert not kind.asked("delete cluster")


def test_missing_kind_and_wrong_configuration(kind: StandIn, tmp_path: Path) -> None:
    with pytest.raises(ProgramMissing, match="program kind was not found"):
        KindBackend({"PATH": str(tmp_path)}).probe(ClusterOptions())
    (tmp_path / "list.yaml").write_text("- 1")
    for name in ("list.yaml", "none.yaml"):
        with pytest.raises(UsageError, match=f"--kind-config .*{name}"):
            backend(kind).probe(ClusterOptions(kind_config=str(tmp_path / name)))
    with pytest.raises(ClusterUnreachable, match="saw: none"):
        backend(kind).probe(ClusterOptions(kind_name="gone", adopt="kind-gone"))


def test_a_kubeconfig_of_kind_is_the_administrators_alone(kind: StandIn, parts: Standing) -> None:
    with backend(kind).start(ClusterOptions(), parts) as cluster:
        with closing(HttpKubeClient(cluster.subject_kubeconfig)) as kube:
            assert kube.ready()


def test_a_cluster_that_never_comes_up_stays_in_the_ledger(kind: StandIn, parts: Standing) -> None:
    (kind.folder / "hangs").touch()
    program = Kind(kind.folder / "kind", patience=0.05)
    with pytest.raises(ClusterUnfinished, match="not ready in"):
        with _made(program, "cpc-0badcafe-1", ClusterOptions(), parts):
            pass
    assert isinstance(parts.ledger, RunLedger)
    assert [(e.kind, e.name) for e in parts.ledger.entries()] == [(KIND_CLUSTER, "cpc-0badcafe-1")]
