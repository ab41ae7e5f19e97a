"""The provider's own part: what it answers about which node."""

from __future__ import annotations

import pytest

from conformance.contracts.instances import InstanceShape
from conformance.contracts.journal import Disturbance, Fault
from conformance.contracts.kubernetes import JsonObject
from fake_cloud.cloud.errors import CloudError
from fake_cloud.loops.cloud_instances import CloudInstances
from fake_cloud.loops.metadata import InstanceNotFound, Metadata
from fake_cloud.loops.taints import UNINITIALIZED
from tests.fake_cloud.loops.world import World


@pytest.fixture
def instances(world: World) -> CloudInstances:
    return CloudInstances(world.api)


def node(name: str = "", provider_id: str = "", **labels: str) -> JsonObject:
    spec = {"providerID": provider_id} if provider_id else {}
    return {"metadata": {"name": name, "labels": labels}, "spec": spec}


def test_metadata_is_the_owners_truth(world: World, instances: CloudInstances) -> None:
    truth = world.owner.create(InstanceShape(zone=1, dual_stack=True, private_addresses=2))
    metadata = instances.instance_metadata(node(truth.node_name))
    assert metadata is not None
    assert metadata.provider_id == truth.provider_id
    assert (metadata.instance_type, metadata.zone, metadata.region) == (
        truth.type,
        truth.zone,
        truth.region,
    )
    assert metadata.addresses == truth.addresses
    assert set(truth.labels.items()) < set(metadata.labels.items())


def test_the_provider_id_counts_more_than_the_name(world: World, instances: CloudInstances) -> None:
    named, meant = (world.owner.create(InstanceShape()) for _ in range(2))
    metadata = instances.instance_metadata(node(named.node_name, meant.provider_id))
    assert metadata is not None
    assert metadata.provider_id == meant.provider_id


def test_strangers_and_unmanaged_nodes_are_left_alone(
    world: World, instances: CloudInstances
) -> None:
    strangers = [
        node("stranger", "aws:///us-east-1a/i-123"),
        {"metadata": {"name": "own", "labels": {"fake.example/managed": "false"}}, "spec": {}},
    ]
    for stranger in strangers:
        waiting = {**stranger["spec"], "taints": [{"key": UNINITIALIZED, "effect": "NoSchedule"}]}
        assert instances.instance_metadata({**stranger, "spec": waiting}) is None
        assert instances.instance_metadata(stranger) == Metadata(provider_id="")
        assert instances.instance_exists(stranger)
        assert not instances.instance_shutdown(stranger)
    assert world.recorder.calls() == ()


def test_existence_by_state(world: World, instances: CloudInstances) -> None:
    for state in world.owner.limit_states():
        made = world.owner.create(InstanceShape())
        state.enter(made.id)
        assert instances.instance_exists(node(provider_id=made.provider_id)) is state.exists
        assert not instances.instance_shutdown(node(made.node_name))
    world.owner.stop(made.id)
    assert instances.instance_exists(node(made.node_name))
    assert instances.instance_shutdown(node(made.node_name))
    assert instances.instance_shutdown(node(provider_id=made.provider_id))


def test_unknown_instances_are_not_found(instances: CloudInstances) -> None:
    for unknown in (node("nobody"), node("nobody", "fake://north-1/north-1a/vm-0")):
        assert not instances.instance_exists(unknown)
        for ask in (instances.instance_metadata, instances.instance_shutdown):
            with pytest.raises(InstanceNotFound):
                ask(unknown)


def test_a_retired_machine_has_no_metadata(world: World, instances: CloudInstances) -> None:
    made = world.owner.create(InstanceShape())
    (retire,) = (state for state in world.owner.limit_states() if not state.exists)
    retire.enter(made.id)
    with pytest.raises(InstanceNotFound, match="retired"):
        instances.instance_metadata(node(made.node_name))


def test_an_error_of_the_cloud_is_no_answer(world: World, instances: CloudInstances) -> None:
    made = world.owner.create(InstanceShape())
    with world.recorder.disturb(Disturbance(Fault.SERVER_ERROR)):
        for ask in (
            instances.instance_metadata,
            instances.instance_exists,
            instances.instance_shutdown,
        ):
            with pytest.raises(CloudError):
                ask(node(made.node_name))
