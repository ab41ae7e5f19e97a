"""Wires runner and worker into one pytest session."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import ExitStack
from typing import TextIO

import msgspec
import pytest

from conformance.errors import ConformanceError
from conformance.occupation import occupy
from conformance.options import OPTIONS
from conformance.plan import Plan
from conformance.plugin.interruption import interrupt_on_sigterm
from conformance.plugin.runner import TROUBLES, RunnerPlugin
from conformance.plugin.worker import WorkerPlugin
from conformance.preparation import Handover, Prepared, clear_results, prepare
from conformance.request import request
from reports.writers.all_formats import ReportsMissing, write_reports

RUNNER = "cloud-conformance-runner"
WORKER = "cloud-conformance-worker"


def configure(config: pytest.Config, handed: str | None) -> None:
    """Called by the plugin's `pytest_configure` when this session is ours.

    A session that the command line prepared has its runner registered already.
    """
    interrupt_on_sigterm()
    if handed is not None:
        troubles = _troubles_for_the_runner(config)
        unpacked = msgspec.json.decode(handed, type=Handover)
        _register_worker(config, unpacked, _worker_id(config), troubles.append)
        return
    try:
        prepared = prepare(request(_given(config)))
        lock = occupy(prepared.folder, prepared.request.run_id)
        clear_results(prepared.folder)
        runner = RunnerPlugin(prepared)
        runner.open()
    except (ConformanceError, OSError) as error:
        raise pytest.UsageError(str(error)) from error
    config.pluginmanager.register(Sealing(runner, lock), f"{RUNNER}-sealing")
    start(config, runner)


def start(config: pytest.Config, runner: RunnerPlugin) -> None:
    """Register the runner, and a worker beside it when checks run in this very process."""
    config.pluginmanager.register(runner, RUNNER)
    if not config.getoption("numprocesses", None):
        handed = msgspec.json.decode(runner.prepared.handover(runner.origin), type=Handover)
        _register_worker(config, handed, "main", runner.troubles.append)


class Sealing:
    """Seals the run file when the session ends and writes every other format from it.

    This one session is the run: the folder of results, which `lock` holds, is let go of here.
    """

    def __init__(self, runner: RunnerPlugin, lock: TextIO) -> None:
        self._runner = runner
        self._lock = lock

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, None, None]:
        """Last of all, also when something else fails at the end: workers are gone then."""
        with ExitStack() as stack:
            stack.enter_context(self._lock)
            stack.callback(self._seal, session)
            yield

    def _seal(self, session: pytest.Session) -> None:
        self._runner.close()
        prepared: Prepared = self._runner.prepared
        try:
            write_reports(prepared.run_file, prepared.folder, partial=self._runner.cut)
        except ReportsMissing as error:
            self._runner.troubles += error.troubles
        for trouble in self._runner.troubles:
            session.exitstatus = pytest.ExitCode.INTERNAL_ERROR
            print(f"error: {' '.join(trouble.split())}", file=sys.stderr)  # noqa: T201


def _given(config: pytest.Config) -> dict[str, object]:
    return {option.field: config.getoption(f"conformance_{option.field}") for option in OPTIONS}


def _register_worker(
    config: pytest.Config, handed: Handover, worker: str, on_trouble: Callable[[str], object]
) -> None:
    plan = Plan.from_json(handed.plan)
    plugin = WorkerPlugin(handed.request, plan, handed.origin, worker, on_trouble)
    config.pluginmanager.register(plugin, WORKER)


def _troubles_for_the_runner(config: pytest.Config) -> list[str]:
    """Strings put here travel to the runner when this xdist worker ends."""
    output: dict[str, object] = config.workeroutput  # type: ignore[attr-defined]  # set by xdist
    troubles: list[str] = []
    output[TROUBLES] = troubles
    return troubles


def _worker_id(config: pytest.Config) -> str:
    return str(config.workerinput["workerid"])  # type: ignore[attr-defined]  # set by xdist
