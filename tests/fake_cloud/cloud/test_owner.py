"""The owner's view and control."""

from __future__ import annotations

from collections import Counter

import pytest

from conformance.contracts.instances import (
    AddressType,
    InstanceControl,
    InstanceShape,
    InstanceState,
    InstanceView,
)
from fake_cloud.cloud import Account, AccountSettings, Owner


@pytest.fixture
def owner() -> Owner:
    return Owner(Account(AccountSettings(seed=3)))


def test_it_serves_both_contracts(owner: Owner) -> None:
    view: InstanceView = owner
    control: InstanceControl = owner
    made = control.create(InstanceShape())
    assert view.get(made.id) == made
    assert view.list() == [made]


def test_truth_is_told_in_full(owner: Owner) -> None:
    made = owner.create(InstanceShape(zone=1, dual_stack=True, private_addresses=2))
    assert made.provider_id == f"fake://north-1/north-1b/{made.id}"
    assert (made.zone, made.region, made.state) == ("north-1b", "north-1", InstanceState.RUNNING)
    assert Counter(address.type for address in made.addresses) == {
        AddressType.INTERNAL_IP: 3,
        AddressType.EXTERNAL_IP: 1,
        AddressType.INTERNAL_DNS: 1,
        AddressType.EXTERNAL_DNS: 1,
    }
    assert made.labels == {"fake.example/rack": "r1", "fake.example/project": "blue"}


def test_a_private_instance_has_nothing_external(owner: Owner) -> None:
    made = owner.create(InstanceShape(public=False))
    assert {address.type for address in made.addresses} == {
        AddressType.INTERNAL_IP,
        AddressType.INTERNAL_DNS,
    }


def test_stop_start_terminate(owner: Owner) -> None:
    made = owner.create(InstanceShape())
    assert owner.stop(made.id).state is InstanceState.STOPPED
    assert owner.start(made.id).state is InstanceState.RUNNING
    owner.terminate(made.id)
    assert owner.get(made.id) is None
    assert owner.list() == []


def test_a_successor_shares_the_name_alone(owner: Owner) -> None:
    old = owner.create(InstanceShape(node_name="blue"))
    new = owner.replace(old.id)
    assert new.node_name == "blue"
    assert (new.id, new.zone) != (old.id, old.zone)
    assert not set(new.addresses) & set(old.addresses)
    assert owner.get(old.id) is None


def test_changed_addresses_come_and_go(owner: Owner) -> None:
    old = owner.create(InstanceShape())
    new = owner.change_addresses(old.id)
    assert set(new.addresses) - set(old.addresses)
    assert set(old.addresses) - set(new.addresses)


def test_other_states_can_be_entered(owner: Owner) -> None:
    exists = {}
    for state in owner.limit_states():
        made = owner.create(InstanceShape())
        state.enter(made.id)
        assert (owner.get(made.id) is not None) == state.exists
        exists[state.name] = state.exists
    assert exists == {
        "provisioning": True,
        "rebooting": True,
        "migrating": True,
        "stopping": True,
        "retired": False,
    }
