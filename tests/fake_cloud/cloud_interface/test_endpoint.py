"""The fake cloud answers the questions of `cloudprovider.Interface`, each charged to its loop."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest

from conformance.contracts.instances import InstanceShape
from conformance.contracts.journal import Disturbance, Fault, Loop
from fake_cloud.blueprint import Blueprint
from fake_cloud.cloud_interface import CloudInterface, Endpoint, serve
from fake_cloud.cloud_interface.refusals import Refused, refusal
from fake_cloud.defects import DEFECTS
from tests.fake_cloud.loops.world import World

TOKEN = "a-token-of-this-test"  # noqa: S105 - opens nothing else


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def endpoint(world: World) -> Iterator[Endpoint]:
    with serve(CloudInterface(world.blueprint, world.api), TOKEN) as served:
        yield served


def ask(endpoint: Endpoint, method: str, caller: str = "", **arguments: object) -> Any:
    asked = urllib.request.Request(  # noqa: S310 - our own loopback address
        f"{endpoint.url}/{method}",
        json.dumps({"caller": caller, "arguments": arguments}).encode(),
        {"Authorization": f"Bearer {endpoint.token}"},
    )
    with urllib.request.urlopen(asked) as answer:  # noqa: S310
        return json.loads(answer.read())


def node(name: str, provider_id: str = "") -> Mapping[str, Any]:
    return {"metadata": {"name": name}, "spec": {"providerID": provider_id}}


def test_a_controller_learns_what_the_cloud_has(endpoint: Endpoint) -> None:
    assert not endpoint.connected.is_set()
    answer = ask(endpoint, "Cloud.Connect")
    assert answer == {"result": {"provider": "fake", "interfaces": ["InstancesV2"]}}
    assert endpoint.connected.wait(5)


def test_every_call_is_charged_to_the_loop_that_asks(world: World, endpoint: Endpoint) -> None:
    made = world.owner.create(InstanceShape())
    for loop in (Loop.NODE_INITIALIZATION, Loop.NODE_LIFECYCLE):
        ask(endpoint, "InstancesV2.InstanceExists", loop, node=node(made.node_name))
    assert [call.caller for call in world.recorder.calls()] == [
        Loop.NODE_INITIALIZATION,
        Loop.NODE_LIFECYCLE,
    ]


def test_metadata_has_the_names_of_the_wire(world: World, endpoint: Endpoint) -> None:
    made = world.owner.create(InstanceShape())
    told = ask(endpoint, "InstancesV2.InstanceMetadata", node=node(made.node_name))["result"]
    assert (told["providerID"], told["zone"], told["region"]) == (
        made.provider_id,
        made.zone,
        made.region,
    )
    assert told["nodeAddresses"][0] == {
        "type": "InternalIP",
        "address": made.addresses[0].address,
    }
    tainted = {"taints": [{"key": "node.cloudprovider.kubernetes.io/uninitialized"}]}
    stranger = {"metadata": {"name": "x"}, "spec": {"providerID": "aws:///a/i-1", **tainted}}
    assert ask(endpoint, "InstancesV2.InstanceMetadata", node=stranger) == {"result": None}


def test_errors_keep_their_meaning(world: World, endpoint: Endpoint) -> None:
    ghost = node("nobody")
    missing = ask(endpoint, "InstancesV2.InstanceMetadata", node=ghost)["error"]
    assert missing["kind"] == "instance-not-found"
    assert ask(endpoint, "InstancesV2.InstanceExists", node=ghost) == {"result": False}
    with world.recorder.disturb(Disturbance(Fault.THROTTLED)):
        refused = ask(endpoint, "InstancesV2.InstanceExists", node=ghost)["error"]
    assert (refused["kind"], "429" in refused["message"]) == ("error", True)


@pytest.mark.parametrize("method", ["InstancesV2.Nonsense", "Routes.ListRoutes"])
def test_what_nobody_foresaw_is_a_crash(endpoint: Endpoint, method: str) -> None:
    assert ask(endpoint, method)["error"]["kind"] == "crash"


def test_a_cloud_may_say_when_to_come_back() -> None:
    told = refusal(Refused("retry", "still building", retry_after=2.5))
    assert (told["kind"], told["retryAfter"]) == ("retry", 2.5)


def test_nobody_without_the_token_is_answered(world: World, endpoint: Endpoint) -> None:
    stranger = Endpoint(endpoint.url, "guess", endpoint.connected)
    with pytest.raises(urllib.error.HTTPError, match="401"):
        ask(stranger, "InstancesV2.InstanceExists", node=node("x"))
    assert world.recorder.calls() == ()


def test_a_controller_that_starts_again_begins_from_nothing() -> None:
    blueprint = Blueprint()
    DEFECTS["caches-by-name"].plant(blueprint)
    world = World(blueprint=blueprint)
    old = world.owner.create(InstanceShape())
    with serve(CloudInterface(blueprint, world.api), TOKEN) as endpoint:
        for expected_calls in (1, 1, 2):
            if expected_calls == 2:
                ask(endpoint, "Cloud.Connect")
            ask(endpoint, "InstancesV2.InstanceMetadata", node=node(old.node_name))
            assert len(world.recorder.calls()) == expected_calls


def test_nobody_reads_what_a_stranger_says(endpoint: Endpoint) -> None:
    address = urlsplit(endpoint.url)
    with socket.create_connection((str(address.hostname), address.port), timeout=10) as stranger:
        stranger.sendall(b"POST /Cloud.Connect HTTP/1.1\r\nContent-Length: 1000000000\r\n\r\n{")
        assert stranger.recv(1024).startswith(b"HTTP/1.1 401")
        while stranger.recv(1024):
            pass
    assert not endpoint.connected.is_set()
