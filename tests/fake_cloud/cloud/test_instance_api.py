"""The API of the account: paged, journalled, and disturbed on demand."""

from __future__ import annotations

import pytest

from conformance.contracts.journal import Disturbance, Fault, Loop
from fake_cloud.cloud import Account, AccountSettings, InstanceApi, Machine, MachineState
from fake_cloud.cloud.account import MachineOrder
from fake_cloud.cloud.errors import (
    CallTimedOut,
    CloudError,
    Denied,
    InvalidRequest,
    MalformedAnswer,
    NoSuchInstance,
    ServerError,
    Throttled,
)
from fake_cloud.recorder import Recorder


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def account() -> Account:
    return Account(AccountSettings(page_size=2))


@pytest.fixture
def api(account: Account, recorder: Recorder) -> InstanceApi:
    return InstanceApi(account, recorder, Loop.NODE_LIFECYCLE)


def test_calls_are_journalled_with_caller_and_subject(
    api: InstanceApi, account: Account, recorder: Recorder
) -> None:
    machine = account.create(MachineOrder(name="blue"))
    assert api.describe(machine.id) == api.find("blue") == machine
    assert api.charged_to(Loop.NODE_ADDRESSES).power(machine.id) is MachineState.RUNNING
    api.list()
    said = [(call.verb, set(call.about), call.caller) for call in recorder.calls()]
    assert said == [
        ("get", {machine.id}, Loop.NODE_LIFECYCLE),
        ("get", {"blue"}, Loop.NODE_LIFECYCLE),
        ("power", {machine.id}, Loop.NODE_ADDRESSES),
        ("list", set(), Loop.NODE_LIFECYCLE),
    ]


def test_pages_make_up_the_whole_list(api: InstanceApi, account: Account) -> None:
    machines = [account.create(MachineOrder()) for _ in range(5)]
    seen: list[Machine] = []
    sizes: list[int] = []
    token = ""
    while True:
        page = api.list(token)
        seen += page.machines
        sizes.append(len(page.machines))
        token = page.next_token
        if not token:
            break
    assert seen == machines
    assert sizes == [2, 2, 1]


def test_a_made_up_page_token_is_refused(api: InstanceApi) -> None:
    with pytest.raises(InvalidRequest):
        api.list("here")


def test_unknown_machines_are_not_found_and_journalled_as_such(
    api: InstanceApi, recorder: Recorder
) -> None:
    for ask in (api.describe, api.find, api.power):
        with pytest.raises(NoSuchInstance):
            ask("nobody")
    assert all(call.error.startswith("404") for call in recorder.calls())
    assert not any(call.disturbed for call in recorder.calls())


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.SERVER_ERROR, ServerError),
        (Fault.THROTTLED, Throttled),
        (Fault.TIMEOUT, CallTimedOut),
        (Fault.DENIED, Denied),
        (Fault.MALFORMED, MalformedAnswer),
        (Fault.LOST_ANSWER, CallTimedOut),
    ],
)
def test_faults_reach_every_kind_of_call(
    api: InstanceApi, account: Account, recorder: Recorder, fault: Fault, error: type[CloudError]
) -> None:
    machine = account.create(MachineOrder(name="blue"))
    with recorder.disturb(Disturbance(fault)):
        for ask, about in (
            (api.describe, machine.id),
            (api.find, "blue"),
            (api.power, machine.id),
            (api.list, ""),
        ):
            with pytest.raises(error):
                ask(about)
    assert all(call.disturbed and call.error for call in recorder.calls())
    assert api.describe(machine.id) == machine


def test_only_the_power_state_fails(api: InstanceApi, account: Account, recorder: Recorder) -> None:
    machine = account.create(MachineOrder())
    with recorder.disturb(Disturbance(Fault.POWER_STATE)):
        assert api.describe(machine.id) == machine
        with pytest.raises(ServerError):
            api.power(machine.id)


def test_an_empty_list_says_nothing_of_the_machines(
    api: InstanceApi, account: Account, recorder: Recorder
) -> None:
    machine = account.create(MachineOrder())
    with recorder.disturb(Disturbance(Fault.EMPTY_LIST)):
        assert api.list().machines == ()
        assert api.describe(machine.id) == machine


def test_a_machine_without_addresses(
    api: InstanceApi, account: Account, recorder: Recorder
) -> None:
    machine = account.create(MachineOrder(ipv6=True))
    with recorder.disturb(Disturbance(Fault.NO_ADDRESSES, about=frozenset({machine.id}))):
        bare = api.describe(machine.id)
    assert bare.private_ips == bare.public_ips == bare.ipv6_ips == ()
    assert bare.name == machine.name


def test_latency_passes_on_the_accounts_clock(recorder: Recorder) -> None:
    class Counting:
        slept = 0.0

        def now(self) -> float:
            return self.slept

        def sleep(self, seconds: float) -> None:
            self.slept += seconds

    clock = Counting()
    account = Account(AccountSettings(latency=3.0), clock)
    InstanceApi(account, recorder).list()
    assert clock.slept == 3.0
