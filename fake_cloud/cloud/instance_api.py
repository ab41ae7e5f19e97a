"""The API that a controller calls: every call goes through the recorder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from conformance.contracts.journal import Fault, Loop
from fake_cloud.cloud.account import Account
from fake_cloud.cloud.errors import (
    CallTimedOut,
    CloudError,
    Denied,
    InvalidRequest,
    MalformedAnswer,
    ServerError,
    Throttled,
)
from fake_cloud.cloud.machine import Machine, MachineState
from fake_cloud.recorder import LiveCall, Recorder

FAILURES: Mapping[Fault, tuple[type[CloudError], str]] = {
    Fault.SERVER_ERROR: (ServerError, "500 internal error"),
    Fault.THROTTLED: (Throttled, "429 too many calls"),
    Fault.TIMEOUT: (CallTimedOut, "no answer in time"),
    Fault.DENIED: (Denied, "403 the credentials do not allow this"),
    Fault.MALFORMED: (MalformedAnswer, "the answer is not JSON: '<html>'"),
    Fault.POWER_STATE: (ServerError, "500 the power state cannot be read"),
}
"""Faults that keep a call from being carried out."""


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a list; `next_token` is empty on the last one."""

    machines: tuple[Machine, ...]
    next_token: str = ""


class InstanceApi:
    """Reads about machines, charged in the journal to `caller`. Every method raises `CloudError`.

    Unknown machines raise `NoSuchInstance`.
    """

    def __init__(self, account: Account, recorder: Recorder, caller: Loop = Loop.UNKNOWN) -> None:
        self._account = account
        self._recorder = recorder
        self._caller = caller

    def charged_to(self, caller: Loop) -> InstanceApi:
        """The same API with another name in the journal."""
        return type(self)(self._account, self._recorder, caller)

    def describe(self, machine_id: str) -> Machine:
        with self._call("get", machine_id, "DescribeMachine") as call:
            return self._answer(call, self._account.machine(machine_id))

    def find(self, name: str) -> Machine:
        """The newest machine of this name."""
        with self._call("get", name, "FindMachine") as call:
            return self._answer(call, self._account.named(name))

    def power(self, machine_id: str) -> MachineState:
        with self._call("power", machine_id, "GetPowerState"):
            return self._account.machine(machine_id).state

    def list(self, page_token: str = "") -> Page:
        """One page; `page_token` is the `next_token` of the page before."""
        with self._call("list", "", "ListMachines") as call:
            if call.fault is Fault.EMPTY_LIST:
                return Page(())
            start, size = self._position(page_token), self._account.settings.page_size
            listed = self._account.listed()
            machines = tuple(self._answer(call, one) for one in listed[start : start + size])
            more = start + size < len(listed)
            return Page(machines, str(start + size) if more else "")

    @staticmethod
    def _position(page_token: str) -> int:
        if page_token and not page_token.isdecimal():
            raise InvalidRequest(f"400 {page_token!r} is no page token")
        return int(page_token or 0)

    @staticmethod
    def _answer(call: LiveCall, machine: Machine) -> Machine:
        if call.fault is Fault.NO_ADDRESSES:
            return replace(machine, private_ips=(), public_ips=(), ipv6_ips=())
        return machine

    @contextmanager
    def _call(self, verb: str, about: str, operation: str) -> Iterator[LiveCall]:
        named = {about} if about else set()
        with self._recorder.call(
            "instance", verb, named, caller=self._caller, operation=operation
        ) as call:
            if self._account.settings.latency:
                self._account.clock.sleep(self._account.settings.latency)
            if call.fault is not None and call.fault in FAILURES:
                error, message = FAILURES[call.fault]
                raise error(message)
            yield call
            if call.fault is Fault.LOST_ANSWER:
                raise CallTimedOut("the answer was lost")
