"""Trials: runs with something planted, in worker processes."""

from __future__ import annotations

import multiprocessing
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from typing import Any

from conformance.execution import execute
from conformance.request import request
from reports.model import Outcome


@dataclass(frozen=True, slots=True)
class Trial:
    """One run: what is planted (`defect`, `variant`, `canary` or nothing) and which ids to run."""

    kind: str
    planted: str = ""
    focus: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a trial: the outcome of each planned id."""

    trial: Trial
    outcomes: Mapping[str, Outcome]


def run_trials(
    trials: Sequence[Trial], workers: int, report: Callable[[Result], None]
) -> Iterator[Result]:
    """Run every trial and yield results as they end; `report` is told about each."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        for done in as_completed([pool.submit(run_trial, trial) for trial in trials]):
            result = done.result()
            report(result)
            yield result


def run_trial(trial: Trial) -> Result:
    """Run one trial in this process."""
    outcomes: dict[str, Outcome] = {}

    def keep(outcome: Outcome) -> None:
        outcomes[outcome.requirement] = outcome

    with tempfile.TemporaryDirectory(prefix="cpc-trial-") as folder:
        values = {**trial.options, "focus": trial.focus, "report_dir": folder}
        if trial.kind:
            values[trial.kind] = trial.planted
        execute(request(values), 0, on_record=keep)
    return Result(trial, outcomes)
