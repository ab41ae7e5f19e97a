"""Every requirement is planned, skipped or excluded with its reason; the plan travels unchanged."""

from __future__ import annotations

import dataclasses

import pytest

from conformance.catalogue import Catalogue, load
from conformance.contracts.journal import Fault
from conformance.contracts.requirements import Area, Form, Level, Need, Setting
from conformance.errors import ProviderMisdeclared, UsageError
from conformance.plan import Declared, Plan, make_plan
from conformance.selection import Selection

ABLE = Declared(
    capabilities=frozenset({"zones", "instanceStop"}),
    needs=frozenset(Need),
    faults=frozenset(Fault),
    subjects=frozenset({"cloud-controller"}),
    settings=frozenset(Setting),
    disturbs=True,
    versions={"api-server": "v1.37.2+embedded", "controller-library": "v0.36.1"},
)

ALL = Selection()


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load([Area(name, "conformance") for name in ("node-initialization", "node-lifecycle")])


def changed(catalogue: Catalogue, id_: str, **changes: object) -> Catalogue:
    rows = {**catalogue, id_: dataclasses.replace(catalogue[id_], **changes)}  # type: ignore[arg-type]
    return Catalogue(rows.values())


def reason(plan: Plan, id_: str) -> tuple[str, str] | None:
    found = (e for e in plan.exclusions if e.requirement == id_)
    return next(((e.reason, e.detail) for e in found), None)


def test_every_requirement_is_accounted_for_once(catalogue: Catalogue) -> None:
    plan = make_plan(catalogue, Selection(skip={"life.shutdown.*": "no power"}), ABLE)
    rows = [check.requirement.id for check in plan.rows]
    excluded = [exclusion.requirement for exclusion in plan.exclusions]
    assert sorted([*rows, *plan.skipped, *excluded]) == sorted(catalogue)


def test_the_able_provider_is_denied_only_what_it_does_not_declare(catalogue: Catalogue) -> None:
    plan = make_plan(catalogue, ALL, ABLE)
    assert {exclusion.reason for exclusion in plan.exclusions} == {"capability-absent"}
    assert all(check.form is Form.CHECK for check in plan.rows)


def test_premises_run_first(catalogue: Catalogue) -> None:
    plan = make_plan(catalogue, ALL, ABLE)
    assert plan.rows[0].requirement.id == "node.init.taint-removed"


@pytest.mark.parametrize(
    ("changes", "id_", "why"),
    [
        ({"needs": frozenset({Need.VIEW, Need.CONTROL})}, "life.error.recovers",
         ("need-missing", "disturb, journal")),
        ({"disturbs": False}, "life.delete-failure", ("need-missing", "kubernetes-disturb")),
        ({"faults": frozenset({Fault.SERVER_ERROR})}, "life.error.not-deleted",
         ("fault-missing", "denied, throttled")),
        ({"settings": frozenset({Setting.DEFAULT})}, "life.error.not-deleted",
         ("setting-not-served", "address-period-long")),
        ({"gaps": {"life.deleted.removed": "moto keeps it"}}, "life.deleted.removed",
         ("simulator-gap", "moto keeps it")),
        ({"versions": {"controller-library": "v0.29.3"}}, "node.init.provider-id-before-untaint",
         ("version", "controller-library >=0.30, saw v0.29.3")),
        ({"capabilities": frozenset()}, "node.init.zone-labels", ("capability-absent", "zones")),
        ({"subjects": frozenset({"cloud-controller"}),
          "needs": frozenset({Need.KUBERNETES, Need.VIEW, Need.CONTROL})}, "node.init.backlog",
         ("need-missing", "process")),
    ],
)  # fmt: skip
def test_the_reason_of_an_exclusion_says_what_is_missing(
    catalogue: Catalogue, changes: dict[str, object], id_: str, why: tuple[str, str]
) -> None:
    declared = dataclasses.replace(ABLE, **changes)  # type: ignore[arg-type]
    assert reason(make_plan(catalogue, ALL, declared), id_) == why


@pytest.mark.parametrize("version", ["v0.30.0", "v0.37.0-alpha.1", "0.36.1-vendor.4", "", "master"])
def test_a_version_that_is_new_enough_or_not_known_stays_in(
    catalogue: Catalogue, version: str
) -> None:
    declared = dataclasses.replace(ABLE, versions={"controller-library": version})
    assert (
        reason(make_plan(catalogue, ALL, declared), "node.init.provider-id-before-untaint") is None
    )


def test_a_row_without_a_check_is_excluded_as_planned(catalogue: Catalogue) -> None:
    later = changed(catalogue, "life.deleted.event", planned="no simulator has it")
    assert reason(make_plan(later, ALL, ABLE), "life.deleted.event") == (
        "planned",
        "no simulator has it",
    )


def test_a_subject_that_is_not_offered_excludes_its_rows(catalogue: Catalogue) -> None:
    declared = dataclasses.replace(ABLE, subjects=frozenset({"csi-driver"}))
    with pytest.raises(UsageError, match="nothing to run of everything: 70 subject-not-offered"):
        make_plan(catalogue, ALL, declared)


def test_a_gap_in_an_unknown_requirement_is_refused(catalogue: Catalogue) -> None:
    declared = dataclasses.replace(ABLE, gaps={"life.deleted.remove": "moto keeps it"})
    with pytest.raises(ProviderMisdeclared, match=r"did you mean 'life\.deleted\.removed'"):
        make_plan(catalogue, ALL, declared)


def test_what_was_not_asked_for_is_excluded_as_such(catalogue: Catalogue) -> None:
    plan = make_plan(catalogue, Selection(ids=("life.deleted.removed",)), ABLE)
    assert [check.requirement.id for check in plan.rows] == ["life.deleted.removed"]
    assert reason(plan, "life.error.recovers") == ("not-selected", "id life.deleted.removed")


def test_what_cannot_be_decided_is_told_before_what_was_not_asked_for(catalogue: Catalogue) -> None:
    plan = make_plan(catalogue, Selection(areas=("node-lifecycle",)), ABLE)
    assert reason(plan, "node.init.not-managed") == ("capability-absent", "hybrid")


def test_an_absent_capability_that_can_be_asked_for_is_planned_as_refusal(
    catalogue: Catalogue,
) -> None:
    asking = changed(catalogue, "node.init.not-managed", refusable=True)
    plan = make_plan(asking, ALL, ABLE)
    forms = {check.requirement.id: check.form for check in plan.rows}
    assert forms["node.init.not-managed"] is Form.REFUSAL


def test_a_skipped_check_is_planned_but_not_run(catalogue: Catalogue) -> None:
    plan = make_plan(catalogue, Selection(skip={"life.deleted.event": "known noise"}), ABLE)
    assert plan.skipped == {"life.deleted.event": "known noise"}
    assert "life.deleted.event" in plan.ids
    assert "life.deleted.event" not in {check.requirement.id for check in plan.rows}
    assert "life.deleted.event" in {row.requirement for row in plan.facts().rows}


def test_skipping_everything_runs_nothing(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError, match="skipped"):
        make_plan(catalogue, Selection(skip={"*": "holiday"}), ABLE)


def test_a_plan_travels_by_value(catalogue: Catalogue) -> None:
    plan = make_plan(catalogue, Selection(skip={"life.deleted.event": "noise"}), ABLE)
    assert Plan.from_json(plan.to_json()) == plan
    assert Plan.from_json(plan.to_json()).digest == plan.digest


def test_the_digest_covers_rows_and_exclusions(catalogue: Catalogue) -> None:
    plan = make_plan(catalogue, ALL, ABLE)
    fewer = dataclasses.replace(plan, rows=plan.rows[1:])
    silent = dataclasses.replace(plan, exclusions=plan.exclusions[1:])
    assert len({plan.digest, fewer.digest, silent.digest}) == 3


def test_facts_are_those_of_the_row(catalogue: Catalogue) -> None:
    facts = {row.requirement: row for row in make_plan(catalogue, ALL, ABLE).facts().rows}
    row = facts["life.shutdown.idempotent"]
    assert (row.level, row.capability, row.setting) == (
        Level.REQUIRED,
        "instanceStop",
        "address-period-long",
    )
    assert "core" in row.profiles
    declared = catalogue["life.shutdown.idempotent"]
    assert (row.story, row.decided_by) == (declared.story, declared.decided_by)
    assert tuple(row.sources) == declared.sources


def test_on_a_private_cluster_there_is_one_pass(catalogue: Catalogue) -> None:
    plan = make_plan(catalogue, ALL, ABLE)
    assert plan.passes == (plan.rows,)


def test_on_a_shared_cluster_what_changes_the_world_runs_in_a_second_pass(
    catalogue: Catalogue,
) -> None:
    plan = make_plan(catalogue, ALL, dataclasses.replace(ABLE, private=False))
    together, alone = plan.passes
    assert not any(check.exclusive for check in together)
    assert {"node.init.backlog", "life.delete-failure", "life.error.recovers"} <= {
        check.requirement.id for check in alone
    }
    assert sorted(c.requirement.id for c in together + alone) == sorted(plan.ids)
