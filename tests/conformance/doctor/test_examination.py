"""A right adapter is found right, and each lie of a wrong one is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from conformance import preparation
from conformance.api import (
    Fault,
    Instance,
    InstanceShape,
    Need,
    Offer,
    Parts,
    ProviderOptions,
    Start,
    Subject,
    Timing,
)
from conformance.doctor import Finding, Word, examine
from conformance.ledger import ledger_files
from conformance.request import request
from fake_cloud.cloud import Owner
from providers.fake.adapter import FakeProvider, start_cloud_controller

Change = Callable[[Offer], Offer]


class Patient(FakeProvider):
    """The fake's adapter with one thing changed."""

    def __init__(self, change: Change = lambda offer: offer) -> None:
        self._change = change

    def subjects(self, options: ProviderOptions) -> Mapping[str, Start]:  # noqa: ARG002
        return {Subject.CLOUD_CONTROLLER: self._start}

    @contextmanager
    def _start(self, parts: Parts, options: ProviderOptions) -> Iterator[Offer]:
        with start_cloud_controller(parts, options) as offer:
            yield self._change(offer)


@pytest.fixture
def findings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Patient], list[Finding]]:
    def examined(patient: Patient) -> list[Finding]:
        monkeypatch.setattr(preparation, "chosen_provider", lambda *_: (patient, "tests"))
        return list(examine(request({"provider": "fake", "report_dir": str(tmp_path)})))

    return examined


Examined = Callable[[Patient], list[Finding]]


def wrong(found: list[Finding]) -> dict[tuple[str, str], str]:
    return {(one.part, str(one.what)): one.detail for one in found if one.word is Word.WRONG}


def test_a_right_adapter_has_nothing_wrong_and_leaves_nothing(
    findings: Examined, tmp_path: Path
) -> None:
    found = findings(Patient())
    assert wrong(found) == {}
    tried = {one.what for one in found if one.part == "control"}
    assert {"create", "stop", "start", "change_addresses", "replace"} <= tried
    assert {one.what for one in found if one.part == "fault"} == set(Fault)
    assert {one.what for one in found if one.part == "budget"} == {
        "node-init",
        "node-addresses",
        "restart",
    }
    assert ledger_files(tmp_path) == {}


class NeverStops(Owner):
    def stop(self, instance_id: str) -> Instance:
        instance = self.get(instance_id)
        assert instance is not None
        return instance


class OneFamily(Owner):
    def create(self, shape: InstanceShape) -> Instance:
        return super().create(replace(shape, dual_stack=False))


def as_owner(kind: type[Owner]) -> Change:
    def change(offer: Offer) -> Offer:
        assert isinstance(offer.control, Owner)
        return replace(offer, control=kind(offer.control._account))  # noqa: SLF001

    return change


LIES: Mapping[str, tuple[Change, tuple[str, str], str]] = {
    "need without an offer": (
        lambda offer: replace(offer, journal=None),
        ("offer", "journal"),
        "declared, and the Offer has nothing for it",
    ),
    "control without effect": (
        as_owner(NeverStops),
        ("control", "stop"),
        "the adapter's stop had no effect: wanted stopped, saw running",
    ),
    "one address family": (
        as_owner(OneFamily),
        ("capability", "dualStack"),
        "declared, and no instance shows it",
    ),
    "log that is not there": (
        lambda offer: replace(offer, logs=(Path("/nowhere/controller.log"),)),
        ("logs", "/nowhere/controller.log"),
        "",
    ),
}


@pytest.mark.parametrize("name", LIES)
def test_each_lie_is_found(findings: Examined, name: str) -> None:
    change, which, detail = LIES[name]
    assert wrong(findings(Patient(change)))[which] == detail


def test_what_is_there_and_not_declared_is_found(findings: Examined) -> None:
    class Modest(Patient):
        capabilities = FakeProvider.capabilities - {"zones"}

        def needs(self, options: ProviderOptions) -> frozenset[Need]:
            return super().needs(options) - {Need.PROCESS}

        def faults(self, options: ProviderOptions) -> frozenset[Fault]:
            return super().faults(options) - {Fault.DENIED}

    found = wrong(findings(Modest()))
    assert found.keys() == {("capability", "zones"), ("offer", "process"), ("faults", "denied")}


def test_a_tight_budget_is_found(findings: Examined) -> None:
    class Hasty(Patient):
        timing = Timing(
            node_monitor=0.05, node_addresses=3600.0, poll=None, budgets={"node-addresses": 0.001}
        )

    assert ("budget", "node-addresses") in wrong(findings(Hasty()))


def test_an_adapter_that_does_not_start_ends_the_examination(findings: Examined) -> None:
    def refuse(_: Offer) -> Offer:
        raise RuntimeError("no licence")

    found = findings(Patient(refuse))
    assert found[-1].part == "start"
    assert "no licence" in found[-1].detail
