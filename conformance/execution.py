"""Runs a prepared plan through pytest, in one pass or two, into one run file."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

import conformance
from conformance.plugin import sessions
from conformance.plugin.runner import RunnerPlugin, interrupt_on_sigterm
from conformance.preparation import Prepared, clear_results, prepare
from conformance.request import Request
from reports.model import Outcome


class Session:
    """Registers the runner in the pytest session that this process starts."""

    def __init__(self, runner: RunnerPlugin) -> None:
        self._runner = runner

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        sessions.start(config, self._runner, whole_run=False)


def execute(
    request: Request,
    workers: int,
    on_plan: Callable[[Prepared], None] = lambda _: None,
    on_record: Callable[[Outcome], None] = lambda _: None,
) -> Path:
    """Run everything and return the run file.

    On a shared cluster checks that disturb others run last and alone, in a second pass.
    Raises `ConformanceError`s before anything is started; afterwards all trouble is in the records.
    """
    sessions.guard_import_names()
    prepared = prepare(request)
    clear_results(prepared.folder)
    interrupt_on_sigterm()
    runner = RunnerPlugin(prepared, on_record)
    on_plan(prepared)
    runner.open()
    try:
        for number, rows in enumerate(prepared.plan.passes):
            if not runner.interrupted:
                runner.prepared = prepared.only(rows)
                _session(runner, 0 if number else workers)
    finally:
        runner.prepared = prepared
        runner.close()
    return prepared.run_file


def _session(runner: RunnerPlugin, workers: int) -> None:
    os.environ.pop("PYTEST_ADDOPTS", None)
    pytest.main(_arguments(runner.prepared.packages, workers), plugins=[Session(runner)])


def _arguments(packages: Sequence[str], workers: int) -> list[str]:
    """A session that reads no configuration of the place it is started in."""
    home = Path(str(conformance.__file__)).parent.parent
    arguments = ["--pyargs", *packages, f"--rootdir={home}", "-c", os.devnull]
    arguments += ["-p", "no:cacheprovider", "-p", "no:terminal", "--import-mode=importlib"]
    return arguments + (["-n", str(workers), "--dist=load"] if workers else ["-p", "no:xdist"])
