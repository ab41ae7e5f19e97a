"""The live half, tried on the simulator's account: it knows no difference."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.api import InstanceShape
from providers.aws.account import AwsAccount
from providers.aws.live import OPTIONS, network_of, remove_instances
from providers.aws.network import Network


def test_the_operators_network_is_read_from_options() -> None:
    values = {
        "cluster-id": "prod",
        "vpc": "vpc-1",
        "zones": "eu-west-1a,eu-west-1b",
        "subnets": "subnet-1,subnet-2",
        "launch-template": "lt-1",
    }
    network = network_of(values, "eu-west-1")
    assert network.public == ["subnet-1", "subnet-2"]
    assert network.cluster_tag["Key"] == "kubernetes.io/cluster/prod"


@pytest.mark.parametrize("missing", OPTIONS)
def test_a_missing_option_is_named(missing: str) -> None:
    values = {name: "x" for name in OPTIONS if name != missing}
    with pytest.raises(ValueError, match=f"--provider-option {missing}=VALUE"):
        network_of(values, "eu-west-1")


def test_cleaning_removes_the_runs_instances_and_addresses(account: AwsAccount, ec2: Any) -> None:
    account.change_addresses(account.create(InstanceShape()).id)
    remove_instances(ec2, "run-1", [])
    assert account.list() == ()
    assert ec2.describe_addresses()["Addresses"] == []


def test_cleaning_touches_nothing_of_another_run(
    account: AwsAccount, ec2: Any, network: Network
) -> None:
    other = AwsAccount(ec2, network, "run-2").create(InstanceShape())
    remove_instances(ec2, "run-1", [])
    remove_instances(ec2, "run-1", [other.id])
    assert account.get(other.id) == other


def test_cleaning_can_be_limited_to_some(account: AwsAccount, ec2: Any) -> None:
    kept, removed = account.create(InstanceShape()), account.create(InstanceShape())
    remove_instances(ec2, "run-1", [removed.id])
    assert account.list() == (kept,)
