"""The only writer of records: one for each planned requirement, whatever workers send."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.plugin.runner import RunnerPlugin
from conformance.preparation import prepare
from conformance.request import request
from reports.model import Outcome, OutcomeWord
from reports.reading import read_run

BASE, ABOVE, OTHER = (
    "node.init.taint-removed",
    "node.init.provider-id-set",
    "node.init.zone-labels",
)


def record(id_: str, outcome: OutcomeWord = "passed", blocked_by: str = "") -> Outcome:
    return Outcome(
        requirement=id_, revision=1, outcome=outcome, duration=0.0, blocked_by=blocked_by
    )


@pytest.fixture
def runner(tmp_path: Path) -> RunnerPlugin:
    values = {
        "provider": "fake",
        "focus": [BASE, ABOVE, OTHER],
        "report_dir": str(tmp_path),
        "skip": [f"{OTHER}=not today"],
    }
    runner = RunnerPlugin(prepare(request(values)))
    runner.open()
    return runner


def outcomes(runner: RunnerPlugin) -> dict[str, str]:
    runner.close()
    run = read_run(runner.prepared.run_file)
    return {outcome.requirement: outcome.outcome for outcome in run.outcomes}


def test_what_was_planned_and_has_no_record_is_not_run(runner: RunnerPlugin) -> None:
    runner.take(record(BASE))
    assert outcomes(runner) == {BASE: "passed", ABOVE: "not-run", OTHER: "skipped"}


def test_blocked_by_a_failure_stays_blocked_in_whatever_order(runner: RunnerPlugin) -> None:
    runner.take(record(ABOVE, "blocked", BASE))
    runner.take(record(BASE, "failed"))
    assert outcomes(runner) == {BASE: "failed", ABOVE: "blocked", OTHER: "skipped"}


def test_blocked_by_what_passed_is_our_error(runner: RunnerPlugin) -> None:
    runner.take(record(ABOVE, "blocked", BASE))
    runner.take(record(BASE))
    assert outcomes(runner)[ABOVE] == "error"


def test_blocked_by_what_never_came_is_kept(runner: RunnerPlugin) -> None:
    runner.take(record(ABOVE, "blocked", BASE))
    assert outcomes(runner) == {BASE: "not-run", ABOVE: "blocked", OTHER: "skipped"}


@pytest.mark.parametrize("extra", [record(BASE, "failed"), record("life.deleted.removed")])
def test_a_second_or_unplanned_record_is_kept_out_and_told(
    runner: RunnerPlugin, extra: Outcome
) -> None:
    runner.take(record(BASE))
    runner.take(extra)
    assert len(runner.troubles) == 1
    assert extra.requirement in runner.troubles[0]
    assert outcomes(runner)[BASE] == "passed"


def test_a_machine_that_fails_is_told_in_one_line_and_our_errors_by_pytest(
    runner: RunnerPlugin,
) -> None:
    with pytest.raises(ValueError, match="ours") as ours:
        raise ValueError("ours")
    with pytest.raises(OSError, match="No space") as machine:
        raise OSError(28, "No space left on device")
    assert runner.pytest_internalerror(ours) is None
    assert runner.pytest_internalerror(machine) is True
    assert runner.troubles == ["the run ended early: [Errno 28] No space left on device"]
    runner.close()
