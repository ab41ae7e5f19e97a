from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from conformance.api import AddressType, InstanceShape, InstanceState, StateExample
from providers.aws.account import ZONE_ID_LABEL, AwsAccount
from providers.aws.moto_patches import PASSING_STATES
from providers.aws.network import Network
from providers.aws.simulator import AwsSimulator


def test_an_instance_is_what_its_node_must_become(account: AwsAccount) -> None:
    instance = account.create(InstanceShape())
    assert instance.provider_id == f"aws:///us-east-1a/{instance.id}"
    assert instance.state is InstanceState.RUNNING
    assert (instance.zone, instance.region) == ("us-east-1a", "us-east-1")
    assert instance.node_name.startswith("ip-10-0-")
    assert set(instance.labels) == {ZONE_ID_LABEL}


def test_addresses_are_in_the_controllers_order(account: AwsAccount) -> None:
    instance = account.create(InstanceShape(dual_stack=True, private_addresses=2))
    assert [address.type for address in instance.addresses] == [
        AddressType.INTERNAL_IP,
        AddressType.INTERNAL_IP,
        AddressType.EXTERNAL_IP,
        AddressType.INTERNAL_DNS,
        AddressType.HOSTNAME,
        AddressType.EXTERNAL_DNS,
        AddressType.INTERNAL_IP,
    ]
    assert ":" in instance.addresses[-1].address


def test_zones_are_told_by_index(account: AwsAccount) -> None:
    first, second = (account.create(InstanceShape(zone=index)) for index in (0, 1))
    assert first.zone != second.zone
    assert first.labels != second.labels


def test_a_private_instance_has_no_external_address(account: AwsAccount) -> None:
    instance = account.create(InstanceShape(public=False))
    assert AddressType.EXTERNAL_IP not in {address.type for address in instance.addresses}


def test_stop_and_start(account: AwsAccount) -> None:
    instance = account.create(InstanceShape())
    assert account.stop(instance.id).state is InstanceState.STOPPED
    assert account.start(instance.id).state is InstanceState.RUNNING


def test_a_terminated_instance_is_unknown(account: AwsAccount) -> None:
    instance = account.create(InstanceShape())
    account.terminate(instance.id)
    assert account.get(instance.id) is None
    assert account.list() == ()


def test_a_foreign_instance_is_not_listed(account: AwsAccount, ec2: Any, network: Network) -> None:
    ec2.run_instances(ImageId="ami-1", MinCount=1, MaxCount=1, SubnetId=network.public[0])
    mine = account.create(InstanceShape())
    assert account.list() == (mine,)


def test_an_id_that_never_was_is_unknown(account: AwsAccount) -> None:
    assert account.get("i-0123456789abcdef0") is None


def test_a_successor_has_the_name_and_nothing_else(account: AwsAccount) -> None:
    old = account.create(InstanceShape())
    new = account.replace(old.id)
    assert new.node_name == old.node_name
    assert new.id != old.id
    assert account.get(old.id) is None


def test_a_name_can_be_asked_for_again(account: AwsAccount) -> None:
    gone = account.create(InstanceShape())
    account.terminate(gone.id)
    again = account.create(InstanceShape(node_name=gone.node_name))
    assert again.node_name == gone.node_name


def test_a_name_that_aws_cannot_give_is_refused(account: AwsAccount) -> None:
    with pytest.raises(ValueError, match="a node name that AWS can give"):
        account.create(InstanceShape(node_name="node-1"))


def test_changed_addresses_replace_one(account: AwsAccount) -> None:
    old = account.create(InstanceShape())
    for _ in range(2):
        new = account.change_addresses(old.id)
        assert set(new.addresses) - set(old.addresses)
        assert set(old.addresses) - set(new.addresses)
        old = new


def test_no_elastic_address_outlives_its_instance(account: AwsAccount, ec2: Any) -> None:
    instance = account.create(InstanceShape())
    account.change_addresses(instance.id)
    account.change_addresses(instance.id)
    assert len(ec2.describe_addresses()["Addresses"]) == 1
    account.terminate(instance.id)
    assert ec2.describe_addresses()["Addresses"] == []


def test_a_private_instance_has_nothing_to_exchange(account: AwsAccount) -> None:
    instance = account.create(InstanceShape(public=False))
    with pytest.raises(ValueError, match="public address"):
        account.change_addresses(instance.id)


@pytest.mark.parametrize("state", PASSING_STATES)
def test_passing_states_can_be_held(
    ec2: Any, network: Network, simulator: AwsSimulator, state: str
) -> None:
    enter = partial(simulator.hold_state, network.region, state)
    account = AwsAccount(ec2, network, "run-1", states=[StateExample(state, True, enter)])
    instance = account.create(InstanceShape())
    (example,) = account.limit_states()
    example.enter(instance.id)
    held = account.get(instance.id)
    assert held is not None
    assert held.state not in (InstanceState.RUNNING, InstanceState.TERMINATED)
    account.terminate(instance.id)
    assert account.get(instance.id) is None


def test_every_subnet_is_tagged_and_in_both_families(ec2: Any, network: Network) -> None:
    subnets = ec2.describe_subnets(SubnetIds=[*network.public, *network.private])["Subnets"]
    assert len(subnets) == 4
    for subnet in subnets:
        assert dict(network.cluster_tag) in subnet["Tags"]
        assert subnet["Ipv6CidrBlockAssociationSet"]


def test_public_subnets_have_a_route_to_the_internet(ec2: Any, network: Network) -> None:
    filters = [{"Name": "association.subnet-id", "Values": [network.public[0]]}]
    (table,) = ec2.describe_route_tables(Filters=filters)["RouteTables"]
    targets = {one.get("DestinationCidrBlock"): one.get("GatewayId") for one in table["Routes"]}
    assert targets["0.0.0.0/0"].startswith("igw-")
