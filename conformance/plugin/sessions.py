"""Wires runner and worker into one pytest session, and guards the import names."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Generator
from contextlib import ExitStack
from pathlib import Path

import msgspec
import pytest

from conformance.errors import ConformanceError, UsageError
from conformance.options import OPTIONS
from conformance.plan import Plan
from conformance.plugin.interruption import interrupt_on_sigterm
from conformance.plugin.runner import TROUBLES, RunnerPlugin
from conformance.plugin.worker import WorkerPlugin
from conformance.preparation import Handover, Prepared, clear_results, prepare
from conformance.request import request
from reports.writers.all_formats import write_reports

RUNNER = "cloud-conformance-runner"
WORKER = "cloud-conformance-worker"
PACKAGES = ("conformance", "providers", "fake_cloud", "reports")


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
        guard_import_names()
        prepared = prepare(request(_given(config)))
    except ConformanceError as error:
        raise pytest.UsageError(str(error)) from error
    start(config, RunnerPlugin(prepared), whole_run=True)


def start(config: pytest.Config, runner: RunnerPlugin, *, whole_run: bool) -> None:
    """Register the runner, and a worker beside it when checks run in this very process.

    `whole_run`: this one session is the run, so the file is opened and sealed with it.
    """
    prepared = runner.prepared
    if whole_run:
        clear_results(prepared.folder)
        runner.open()
        config.pluginmanager.register(Sealing(runner), f"{RUNNER}-sealing")
    config.pluginmanager.register(runner, RUNNER)
    if not config.getoption("numprocesses", None):
        handed = msgspec.json.decode(prepared.handover(runner.origin), type=Handover)
        _register_worker(config, handed, "main", runner.troubles.append)


class Sealing:
    """Seals the run file when the session ends and writes every other format from it."""

    def __init__(self, runner: RunnerPlugin) -> None:
        self._runner = runner

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, None, None]:
        """Last of all, also when something else fails at the end: workers are gone then."""
        with ExitStack() as stack:
            stack.callback(self._seal, session)
            yield

    def _seal(self, session: pytest.Session) -> None:
        self._runner.close()
        prepared: Prepared = self._runner.prepared
        write_reports(prepared.run_file, prepared.folder)
        for trouble in self._runner.troubles:
            session.exitstatus = pytest.ExitCode.INTERNAL_ERROR
            print(f"error: {trouble}", file=sys.stderr)  # noqa: T201


def guard_import_names() -> None:
    """Refuse to run when one of our import names comes from another distribution."""
    homes = {}
    for name in PACKAGES:
        module = importlib.import_module(name)
        homes[name] = Path(str(module.__file__)).parent.parent
    ours = homes["conformance"]
    for name, home in homes.items():
        if home != ours:
            raise UsageError(
                f"the package `{name}` comes from {home}, the others from {ours}: another "
                "distribution or a folder of that name shadows it; remove it or move away"
            )


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
