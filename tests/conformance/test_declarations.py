"""What an adapter declares wrongly is one line before anything runs."""

from __future__ import annotations

import math
from typing import Any

import pytest

from conformance.catalogue import Catalogue, load
from conformance.clusters.embedded import EmbeddedBackend
from conformance.contracts.clusters import ClusterProbe
from conformance.contracts.providers import Identity, KnownFailure, Timing
from conformance.contracts.requirements import Area, Need
from conformance.declarations import (
    check_gaps,
    check_identity,
    check_known_failures,
    words,
)
from conformance.errors import ProviderMisdeclared, UsageError
from conformance.preparation import prepare
from conformance.request import request

ISSUE = "https://example.org/issues/1"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load([Area("node-lifecycle", "conformance"), Area("node-initialization", "conformance")])


@pytest.mark.parametrize(
    "wrong",
    [
        {"node_monitor": 0},
        {"node_addresses": -1.0},
        {"node_reaction": math.nan},
        {"node_reaction": math.inf},
        {"node_monitor": "5s"},
        {"node_monitor": True},
        {"poll": 0},
        {"attempts": 0},
        {"attempts": 1.5},
        {"budgets": {"event": 0}},
        {"budgets": {"event": "30"}},
        {"budgets": {"evnt": 30.0}},
    ],
)
def test_a_period_that_nobody_can_wait_for_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"saw|unknown budget"):
        Timing(**wrong)


def test_integers_are_seconds_too() -> None:
    assert Timing(node_monitor=5, budgets={"event": 30}).budget("event") == 30.0


def test_a_word_may_be_written_as_a_string() -> None:
    assert words("acme", "needs()", ["view"], Need) == {Need.VIEW}


def test_a_word_outside_the_list_is_named_with_the_nearest() -> None:
    with pytest.raises(ProviderMisdeclared, match=r"needs\(\) has 'viev'; did you mean 'view'"):
        words("acme", "needs()", ["viev"], Need)


@pytest.mark.parametrize("reproducer", ["", " ", None, 3])
def test_a_gap_comes_with_its_reproducer(reproducer: Any) -> None:
    with pytest.raises(ProviderMisdeclared, match="reproducer"):
        check_gaps("acme", {"life.deleted.removed": reproducer})


@pytest.mark.parametrize(
    "wrong", [{"name": None}, {"version": 1.2}, {"components": {"moto": 5}}, {"components": "moto"}]
)
def test_an_identity_is_made_of_texts(wrong: dict[str, Any]) -> None:
    with pytest.raises(ProviderMisdeclared, match=r"identity\(\)"):
        check_identity("acme", Identity(**{"name": "acme", **wrong}))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"requirement": "life.deleted.remove"}, r"did you mean 'life\.deleted\.removed'"),
        ({"expires": "31.1.2027"}, "date as 2027-01-31, saw '31.1.2027'"),
        ({"issue": 7}, "issue must be a text, saw 7"),
    ],
)
def test_a_known_failure_is_one_of_a_requirement_that_exists(
    catalogue: Catalogue, wrong: dict[str, Any], told: str
) -> None:
    facts = {"requirement": "life.deleted.removed", "expectation": "removed", "issue": ISSUE}
    failure = KnownFailure(**{**facts, "expires": "2027-01-31", **wrong})
    with pytest.raises(ProviderMisdeclared, match=told):
        check_known_failures("acme", [failure], catalogue)


def test_a_known_failure_is_no_tuple(catalogue: Catalogue) -> None:
    with pytest.raises(ProviderMisdeclared, match="KnownFailure"):
        check_known_failures("acme", [("life.deleted.removed", ISSUE)], catalogue)


def test_known_failures_are_a_sequence(catalogue: Catalogue) -> None:
    with pytest.raises(ProviderMisdeclared, match="must be a sequence, saw None"):
        check_known_failures("acme", None, catalogue)


def test_live_needs_a_live_mode() -> None:
    with pytest.raises(UsageError, match="provider fake has no live mode"):
        prepare(request({"provider": "fake", "live": True}, {}))


def test_controllers_that_touch_every_node_need_a_cluster_of_the_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shared = ClusterProbe("kubeconfig", "v1.37.2", private=False, disturbs=False)
    monkeypatch.setattr(EmbeddedBackend, "probe", lambda *_: shared)
    with pytest.raises(UsageError, match="clusters that the run makes"):
        prepare(request({"provider": "fake", "controllers": "go"}, {}))
