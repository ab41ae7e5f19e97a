"""The program in Go forwards every interface of a cloud, names the loop, and gives errors back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from conformance.clusters.embedded import serve_embedded
from conformance.contracts.instances import NodeShape
from conformance.contracts.journal import Loop
from conformance.contracts.kubernetes import NODES, SERVICES, JsonObject, NotFound
from conformance.contracts.providers import ProviderOptions
from conformance.errors import ProgramMissing
from conformance.ledger import RunLedger
from conformance.programs import SupervisedProgram, find_program, supervise
from fake_cloud.blueprint import BRISK
from fake_cloud.cloud_interface import serve
from fake_cloud.cloud_interface.refusals import Refused
from fake_cloud.kube_api.server import KubeApi
from fake_cloud.kubelet import KubeletStandIn
from providers.fake.reference_controller import PROGRAM, await_connection, flags, surroundings

pytestmark = pytest.mark.real

TIMEOUT = 20.0

ROUTE_FLAGS = ("--configure-cloud-routes=true", "--cluster-cidr=10.9.0.0/16")


@dataclass
class Script:
    """A cloud of one test: what it has, and what it answers to a method's arguments."""

    interfaces: tuple[str, ...]
    answers: Mapping[str, Callable[[Mapping[str, Any]], Any]]
    asked: list[tuple[str, Loop, Mapping[str, Any]]] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def answer(self, method: str, caller: Loop, arguments: Mapping[str, Any]) -> Any:
        if method == "Cloud.Connect":
            return {"provider": "fake", "interfaces": list(self.interfaces)}
        with self.changed:
            self.asked.append((method, caller, arguments))
            self.changed.notify_all()
        return self.answers[method](arguments)

    def wait_for(self, method: str, count: int = 1) -> list[tuple[Loop, Mapping[str, Any]]]:
        """The first `count` calls of this method."""

        def calls() -> list[tuple[Loop, Mapping[str, Any]]]:
            return [(caller, said) for name, caller, said in self.asked if name == method]

        with self.changed:
            assert self.changed.wait_for(lambda: len(calls()) >= count, TIMEOUT), self.asked
            return calls()[:count]


@dataclass
class Running:
    api: KubeApi
    program: SupervisedProgram

    def node(self, name: str) -> JsonObject:
        return self.api.client().get(NODES, name)


@contextmanager
def running(script: Script, folder: Path, *more: str) -> Iterator[Running]:
    """The newest program that is there, in front of this cloud."""
    try:
        path = find_program(PROGRAM, ProviderOptions())
    except ProgramMissing as missing:
        pytest.skip(str(missing))
    ledger = RunLedger(folder / "ledger.jsonl")
    with (
        closing(KubeApi()) as api,
        serve_embedded(api, folder) as served,
        serve(script, "secret") as endpoint,
    ):
        arguments = (*flags(served.subject_kubeconfig, BRISK), *more)
        env, log = surroundings(endpoint), folder / "program.log"
        with supervise(path, arguments, env, log, ledger, PROGRAM) as program:
            await_connection(endpoint, program)
            yield Running(api, program)
        assert "secret" not in log.read_text()


def nobody(_: Mapping[str, Any]) -> None:
    return None


def balanced(name: str) -> JsonObject:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": "default"},
        "spec": {"type": "LoadBalancer", "ports": [{"port": 80, "protocol": "TCP"}]},
    }


def test_load_balancers(tmp_path: Path) -> None:
    status = {"ingress": [{"ip": "198.18.0.9"}]}
    tries: list[str] = []

    def ensure(said: Mapping[str, Any]) -> JsonObject:
        tries.append(said["service"]["metadata"]["name"])
        if len(tries) == 1:
            raise Refused("retry", "still building", retry_after=0.05)
        return status

    script = Script(
        ("InstancesV2", "LoadBalancer"),
        {
            "InstancesV2.InstanceMetadata": lambda _: {},
            "LoadBalancer.EnsureLoadBalancer": ensure,
            "LoadBalancer.GetLoadBalancer": lambda _: {"exists": True, "status": status},
            "LoadBalancer.EnsureLoadBalancerDeleted": nobody,
            "LoadBalancer.UpdateLoadBalancer": nobody,
        },
    )
    with running(script, tmp_path) as world:
        kube = world.api.client()
        kube.create(SERVICES, balanced("web"), "default")
        calls = script.wait_for("LoadBalancer.EnsureLoadBalancer", 2)
        assert [caller for caller, _ in calls] == [Loop.SERVICE, Loop.SERVICE]
        assert calls[0][1]["clusterName"] == "kubernetes"
        until(lambda: kube.get(SERVICES, "web", "default")["status"].get("loadBalancer"))
        shown = kube.get(SERVICES, "web", "default")["status"]["loadBalancer"]["ingress"]
        assert [one["ip"] for one in shown] == ["198.18.0.9"]

        kube.delete(SERVICES, "web", "default")
        ((caller, said),) = script.wait_for("LoadBalancer.EnsureLoadBalancerDeleted")
        assert (caller, said["service"]["metadata"]["name"]) == (Loop.SERVICE, "web")
        until(lambda: is_gone(world, "web"))


def test_routes(tmp_path: Path) -> None:
    stray = {"name": "stray", "targetNode": "gone", "destinationCIDR": "10.9.7.0/24"}
    script = Script(
        ("InstancesV2", "Routes"),
        {
            "InstancesV2.InstanceMetadata": lambda _: {},
            "InstancesV2.InstanceExists": lambda _: True,
            "InstancesV2.InstanceShutdown": lambda _: False,
            "Routes.ListRoutes": lambda _: [stray],
            "Routes.CreateRoute": nobody,
            "Routes.DeleteRoute": nobody,
        },
    )
    with running(script, tmp_path, *ROUTE_FLAGS) as world:
        KubeletStandIn(world.api.client()).join(
            "one", NodeShape(tainted=False, pod_cidrs=("10.9.1.0/24",))
        )
        ((caller, made),) = script.wait_for("Routes.CreateRoute")
        assert caller is Loop.ROUTE
        assert made["route"]["targetNode"] == "one"
        assert made["route"]["destinationCIDR"] == "10.9.1.0/24"
        ((caller, removed),) = script.wait_for("Routes.DeleteRoute")
        assert (caller, removed["route"]["name"]) == (Loop.ROUTE, "stray")


def test_instances_and_zones_of_an_older_cloud(tmp_path: Path) -> None:
    addresses = [{"type": "InternalIP", "address": "10.0.0.7"}]
    script = Script(
        ("Instances", "Zones"),
        {
            "Instances.InstanceID": lambda _: "vm-7",
            "Instances.NodeAddressesByProviderID": lambda _: addresses,
            "Instances.InstanceTypeByProviderID": lambda _: "general-2",
            "Zones.GetZoneByProviderID": lambda _: {"zone": "a", "region": "r"},
        },
    )
    with running(script, tmp_path) as world:
        KubeletStandIn(world.api.client()).join("one", NodeShape())
        until(lambda: world.node("one")["spec"].get("providerID"))
        assert world.node("one")["spec"]["providerID"] == "fake://vm-7"
        labels = world.node("one")["metadata"]["labels"]
        assert labels["topology.kubernetes.io/zone"] == "a"
        assert labels["node.kubernetes.io/instance-type"] == "general-2"
        ((caller, _),) = script.wait_for("Instances.InstanceID")
        assert caller is Loop.NODE_INITIALIZATION


def test_sentinel_errors_are_themselves(tmp_path: Path) -> None:
    """A cloud without ids is lawful only if its error is `NotImplemented` itself."""

    def refuse(_: Mapping[str, Any]) -> None:
        raise Refused("not-implemented")

    addresses = [{"type": "InternalIP", "address": "10.0.0.7"}]
    script = Script(
        ("Instances",),
        {
            "Instances.InstanceID": refuse,
            "Instances.NodeAddressesByProviderID": refuse,
            "Instances.NodeAddresses": lambda _: addresses,
            "Instances.InstanceTypeByProviderID": refuse,
            "Instances.InstanceType": lambda _: "",
        },
    )
    with running(script, tmp_path) as world:
        KubeletStandIn(world.api.client()).join("one", NodeShape())
        until(lambda: "10.0.0.7" in str(world.node("one")["status"]["addresses"]))
        assert "providerID" not in world.node("one")["spec"]


def test_a_provider_that_crashes_takes_the_controller_with_it(tmp_path: Path) -> None:
    script = Script(("InstancesV2",), {})
    with running(script, tmp_path) as world:
        KubeletStandIn(world.api.client()).join("one", NodeShape())
        until(lambda: not world.program.alive)


def is_gone(world: Running, service: str) -> bool:
    try:
        world.api.client().get(SERVICES, service, "default")
    except NotFound:
        return True
    return False


def until(holds: Callable[[], object]) -> None:
    """Wait for what somebody else's program does; it tells nobody when."""
    ticks = threading.Event()
    for _ in range(int(TIMEOUT / 0.02)):
        if holds():
            return
        ticks.wait(0.02)
    raise AssertionError("it never came true")
