"""A cluster in which somebody's controller works is judged without any code, and left as it was."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from conformance.api import (
    InstanceShape,
    NodeShape,
    ProviderOptions,
    UsageError,
    parse_yaml,
)
from conformance.clusters.binaries import BinariesBackend
from conformance.clusters.embedded import serve_embedded
from conformance.clusters.kubeconfig_file import context_names
from conformance.contracts.clusters import ClusterOptions
from conformance.contracts.kubernetes import NODES, KubeClient
from conformance.errors import ProgramMissing
from conformance.ledger import RunLedger
from conformance.registry import chosen_provider
from conformance.standing import Standing
from fake_cloud.blueprint import Blueprint
from fake_cloud.cloud import InstanceApi, Owner
from fake_cloud.kube_api.server import KubeApi
from fake_cloud.kubelet import KubeletStandIn
from fake_cloud.loops.cloud_controller import CloudController
from fake_cloud.loops.taints import UNINITIALIZED, has_taint
from fake_cloud.recorder import Recorder
from reports.model import Run
from reports.reading import read_run

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "docs" / "how-to" / "generic-features.yaml"
LIMIT = 120

FEATURES = """
name: somebody
library: v0.36.1
capabilities: [instanceTypes, zones, regions]
timing: {node_reaction: 0.1, budgets: {node-init: 0.5, node-labels: 0.5, node-addresses: 0.5}}
"""

DECIDED = {
    "node.addr.ip",
    "node.init.provider-id-format",
    "node.init.provider-id-present",
    "node.init.provider-id-unique",
    "node.label.region-pair",
    "node.label.type-pair",
    "node.label.zone-pair",
}


class Somebody:
    """A cluster with nodes that its own controller has initialized."""

    def __init__(self, kube: KubeClient, kubeconfig: Path) -> None:
        self.kube = kube
        self.kubeconfig = kubeconfig
        self.controller: CloudController | None = None

    def populate(self, blueprint: Blueprint, nodes: int) -> None:
        account = blueprint.account(blueprint.settings)
        owner = Owner(account)
        api = InstanceApi(account, Recorder())
        self.controller = CloudController(blueprint, self.kube, api)
        self.controller.start()
        kubelet = KubeletStandIn(self.kube)
        for _ in range(nodes):
            kubelet.join(owner.create(InstanceShape()).node_name, NodeShape())

    def nodes(self) -> list[dict[str, Any]]:
        return list(self.kube.list(NODES)["items"])

    def judged(self, folder: Path, features: str = FEATURES, code: int = 0) -> Run:
        """What a run about it comes to; it ends with this exit code."""
        (folder / "features.yaml").write_text(features)
        context = context_names(self.kubeconfig)[0]
        shared = ("--cluster", "kubeconfig", "--kubeconfig", str(self.kubeconfig))
        adopted = ("--context", context, "--adopt-cluster", context)
        output = ran(folder, *shared, *adopted, code=code)
        assert "Traceback" not in output
        return read_run(folder / "results" / "run.jsonl")


def ran(folder: Path, *arguments: str, code: int) -> str:
    words = (sys.executable, "-c", "from conformance.cli import main; main()", "run", "--json")
    generic = ("--provider", "generic", "--features", "features.yaml", "--report-dir", "results")
    paths = (os.environ.get("PYTHONPATH", ""), str(ROOT))
    done = subprocess.run(  # noqa: S603 - our own program
        [*words, *generic, *arguments],
        capture_output=True,
        text=True,
        timeout=LIMIT,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def somebody(tmp_path: Path) -> Iterator[Somebody]:
    with ExitStack() as stack:
        api = stack.enter_context(closing(KubeApi("1.37")))
        served = stack.enter_context(serve_embedded(api, tmp_path))
        theirs = Somebody(api.client(), served.kubeconfig)
        yield theirs
        if theirs.controller is not None:
            theirs.controller.kill()


@pytest.fixture
def somebodys_servers(tmp_path: Path) -> Iterator[Somebody]:
    """etcd and kube-apiserver, as a cluster that no run made."""
    folder = tmp_path / "servers"
    folder.mkdir()
    parts = Standing(folder, "theirs", RunLedger(folder / "ledger.jsonl"))
    with ExitStack() as stack:
        try:
            cluster = stack.enter_context(BinariesBackend().start(ClusterOptions(), parts))
        except ProgramMissing as missing:
            pytest.skip(str(missing))
        theirs = Somebody(cluster.kube, cluster.kubeconfig)
        yield theirs
        if theirs.controller is not None:
            theirs.controller.kill()


def settled(kube: KubeClient, test: Callable[[dict[str, Any]], bool]) -> None:
    """Return when every node is as `test` wants it."""
    with kube.watch(NODES, send_initial_events=True, timeout_seconds=30) as watch:
        seen: dict[str, dict[str, Any]] = {}
        for event in watch:
            if "name" in event.object["metadata"]:
                seen[event.object["metadata"]["name"]] = event.object
            nodes = kube.list(NODES)["items"]
            if len(seen) == len(nodes) and all(map(test, seen.values())):
                return


def initialized(node: dict[str, Any]) -> bool:
    return not has_taint(node, UNINITIALIZED) and len(node["status"]["addresses"]) > 1


def test_standing_nodes_are_judged_and_left_alone(tmp_path: Path, somebody: Somebody) -> None:
    somebody.populate(Blueprint(), nodes=2)
    settled(somebody.kube, initialized)
    before = somebody.nodes()
    run = somebody.judged(tmp_path)
    assert {one.requirement: one.outcome for one in run.outcomes} == dict.fromkeys(
        DECIDED, "passed"
    )
    assert run.header.provider == "somebody"
    assert somebody.nodes() == before
    reasons = {out.reason for out in run.header.plan.exclusions}
    assert "need-missing" in reasons


def test_nothing_is_asked_but_to_read(tmp_path: Path) -> None:
    with closing(KubeApi("1.37")) as api, serve_embedded(api, tmp_path) as served:
        theirs = Somebody(api.client(), served.kubeconfig)
        theirs.populate(Blueprint(), nodes=2)
        settled(theirs.kube, initialized)
        assert theirs.controller is not None
        theirs.controller.kill()
        before = len(api.audit.entries())
        theirs.judged(tmp_path)
        asked = api.audit.entries()[before:]
    assert {(one.verb, one.resource) for one in asked if one.resource} == {
        (verb, resource) for verb in ("list", "watch") for resource in ("nodes", "events")
    }


@pytest.mark.real
def test_real_servers_are_judged_likewise(tmp_path: Path, somebodys_servers: Somebody) -> None:
    somebodys_servers.populate(Blueprint(), nodes=2)
    settled(somebodys_servers.kube, initialized)
    outcomes = somebodys_servers.judged(tmp_path).outcomes
    assert {one.requirement: one.outcome for one in outcomes} == dict.fromkeys(DECIDED, "passed")


def test_what_is_wrong_in_the_cluster_fails(tmp_path: Path, somebody: Somebody) -> None:
    somebody.populate(Blueprint(), nodes=2)
    settled(somebody.kube, initialized)
    assert somebody.controller is not None
    somebody.controller.kill()
    name = somebody.nodes()[0]["metadata"]["name"]
    beta = {"failure-domain.beta.kubernetes.io/zone": "elsewhere"}
    somebody.kube.patch(NODES, name, {"metadata": {"labels": beta}})
    outcomes = {one.requirement: one for one in somebody.judged(tmp_path, code=1).outcomes}
    assert outcomes["node.label.zone-pair"].outcome == "failed"
    assert name in outcomes["node.label.zone-pair"].message
    assert [id_ for id_, one in outcomes.items() if one.outcome != "passed"] == [
        "node.label.zone-pair"
    ]


def test_a_node_that_nobody_initialized_blocks(tmp_path: Path, somebody: Somebody) -> None:
    KubeletStandIn(somebody.kube).join("waiting", NodeShape())
    outcomes = somebody.judged(tmp_path, code=3).outcomes
    assert {(one.outcome, one.blocked_by) for one in outcomes} == {
        ("blocked", "node.init.taint-removed")
    }


def test_a_selector_without_a_node_decides_nothing(tmp_path: Path, somebody: Somebody) -> None:
    features = FEATURES + "nodes: pool=none\n"
    outcomes = somebody.judged(tmp_path, features, code=3).outcomes
    assert {one.outcome for one in outcomes} == {"error"}
    assert "saw none with labels pool=none" in outcomes[0].message


def test_a_cluster_of_ours_has_nobody_to_judge(tmp_path: Path) -> None:
    (tmp_path / "features.yaml").write_text(FEATURES)
    said = ran(tmp_path, "--cluster", "embedded", code=2)
    assert "give --cluster kubeconfig" in said


WRONG = {
    "an unknown key": ("name: a\ncolour: red\n", "unknown field `colour`"),
    "a key twice": ("name: a\nname: b\n", "key 'name' stands twice"),
    "no name": ("version: v1\n", "missing required field `name`"),
    "a wrong type": ("name: a\ntiming: {node_monitor: soon}\n", r"Expected `float`.*node_monitor"),
    "no YAML": ("name: [", "wanted a features file"),
    "no bottom": ("[" * 5000, "nested too deep"),
    "a path as name": ("name: ../a\n", r"regex.*name"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_file_is_a_usage_error(tmp_path: Path, fault: str) -> None:
    text, reason = WRONG[fault]
    file = tmp_path / "features.yaml"
    file.write_text(text)
    with pytest.raises(UsageError, match=reason) as raised:
        chosen_provider("generic", ProviderOptions(features=str(file)))
    assert "\n" not in str(raised.value)


def test_without_a_file_nothing_is_promised(tmp_path: Path) -> None:
    for features in ("", str(tmp_path / "nowhere")):
        with pytest.raises(UsageError, match="--features"):
            chosen_provider("generic", ProviderOptions(features=features))


def test_the_documented_file_is_right() -> None:
    provider, _ = chosen_provider("generic", ProviderOptions(features=str(EXAMPLE)))
    assert provider.name == parse_yaml(EXAMPLE.read_text(encoding="utf-8"))["name"]
    assert provider.capabilities
    assert provider.timing.budget("node-init") == 60
    assert provider.known_failures
