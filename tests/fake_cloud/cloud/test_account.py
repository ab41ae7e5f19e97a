"""The account: seedable, consistent when it says so, bounded by its quota."""

from __future__ import annotations

import pytest

from fake_cloud.cloud.account import Account, AccountSettings, MachineOrder
from fake_cloud.cloud.errors import InvalidRequest, NoSuchInstance, QuotaExceeded
from fake_cloud.cloud.machine import MachineState


class ManualClock:
    """Stands still until told otherwise; a sleep passes at once."""

    def __init__(self) -> None:
        self.time = 100.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


def test_one_seed_gives_one_sequence_of_ids() -> None:
    first, second, other = (Account(AccountSettings(seed=seed)) for seed in (7, 7, 8))
    ids = [[account.create(MachineOrder()).id for _ in range(3)] for account in (first, second)]
    assert ids[0] == ids[1]
    assert other.create(MachineOrder()).id not in ids[0]


def test_a_machine_is_built_to_order() -> None:
    order = MachineOrder(zone=1, name="blue", private_ips=2, ipv6=True, tags={"rack": "r1"})
    machine = Account(AccountSettings()).create(order)
    assert (machine.name, machine.zone.name, machine.zone.region) == ("blue", "north-1b", "north-1")
    assert len(machine.private_ips) == 2
    assert len(machine.ipv6_ips) == len(machine.public_ips) == 1
    assert machine.link == f"north-1/north-1b/{machine.id}"


def test_no_address_is_given_twice() -> None:
    account = Account(AccountSettings())
    machines = [account.create(MachineOrder(private_ips=2, ipv6=True)) for _ in range(20)]
    given = [ip for one in machines for ip in one.private_ips + one.public_ips + one.ipv6_ips]
    assert len(set(given)) == len(given)


def test_lists_show_a_new_machine_only_after_a_while() -> None:
    clock = ManualClock()
    account = Account(AccountSettings(list_lag=5), clock)
    machine = account.create(MachineOrder())
    assert account.machine(machine.id) == machine
    assert account.listed() == ()
    clock.time += 5
    assert account.listed() == (machine,)


def test_the_quota_holds_and_a_removed_machine_frees_its_place() -> None:
    account = Account(AccountSettings(quota=1))
    machine = account.create(MachineOrder())
    with pytest.raises(QuotaExceeded):
        account.create(MachineOrder())
    account.remove(machine.id)
    account.create(MachineOrder())


def test_a_type_that_is_not_on_sale_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="on sale: general-2"):
        Account(AccountSettings()).create(MachineOrder(type="quantum-1"))


def test_renumbering_changes_the_first_addresses_only() -> None:
    account = Account(AccountSettings())
    old = account.create(MachineOrder(private_ips=2))
    new = account.renumber(old.id)
    assert new.private_ips[0] != old.private_ips[0]
    assert new.private_ips[1] == old.private_ips[1]
    assert new.public_ips != old.public_ips


def test_a_name_means_the_newest_machine() -> None:
    account = Account(AccountSettings())
    account.create(MachineOrder(name="twin"))
    newest = account.create(MachineOrder(name="twin"))
    assert account.named("twin") == newest


def test_what_is_removed_is_unknown() -> None:
    account = Account(AccountSettings())
    machine = account.create(MachineOrder())
    account.remove(machine.id)
    for ask in (account.machine, account.remove, account.renumber):
        with pytest.raises(NoSuchInstance):
            ask(machine.id)
    with pytest.raises(NoSuchInstance):
        account.set_state(machine.id, MachineState.STOPPED)
    with pytest.raises(NoSuchInstance):
        account.named(machine.name)
