"""Runs a prepared plan through pytest, in one pass or two, into one run file."""

from __future__ import annotations

import importlib.util
import os
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

import conformance
from conformance.errors import AdapterBroken
from conformance.occupation import occupy
from conformance.plugin import sessions
from conformance.plugin.interruption import interrupt_on_sigterm
from conformance.plugin.runner import RunnerPlugin
from conformance.preparation import Prepared, clear_results, prepare
from conformance.request import Request
from reports.model import Outcome

OF_FOREIGN_RUNS = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD")
"""Environment variables that are meant for other pytest sessions; workers inherit them, too."""


class Session:
    """Registers the runner in the pytest session that this process starts."""

    def __init__(self, runner: RunnerPlugin) -> None:
        self._runner = runner

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        sessions.start(config, self._runner)


@dataclass(frozen=True, slots=True)
class Executed:
    """`troubles` make the run untrustworthy although every record of it stands.

    `cut`: the run file could not be written to its end.
    """

    run_file: Path
    troubles: tuple[str, ...]
    cut: bool = False


def execute(
    request: Request,
    workers: int,
    on_plan: Callable[[Prepared], None] = lambda _: None,
    on_record: Callable[[Outcome], None] = lambda _: None,
) -> Executed:
    """Run everything.

    On a shared cluster checks that disturb others run last and alone, in a second pass.
    Raises `ConformanceError`s before anything is started, never afterwards.
    """
    prepared = prepare(request)
    with occupy(prepared.folder, request.run_id):
        clear_results(prepared.folder)
        interrupt_on_sigterm()
        runner = RunnerPlugin(prepared, on_record)
        on_plan(prepared)
        _run(runner, useful_workers(prepared, workers))
    return Executed(prepared.run_file, tuple(runner.troubles), cut=runner.cut)


def useful_workers(prepared: Prepared, wanted: int) -> int:
    """No more than there are checks."""
    return min(wanted, len(prepared.plan.rows))


def _run(runner: RunnerPlugin, workers: int) -> None:
    prepared = runner.prepared
    runner.open()
    try:
        for number, rows in enumerate(prepared.plan.passes):
            if not (runner.interrupted or runner.cut):
                runner.prepared = prepared.only(rows)
                _session(runner, 0 if number else workers)
    finally:
        runner.prepared = prepared
        runner.close()


def _session(runner: RunnerPlugin, workers: int) -> None:
    for name in OF_FOREIGN_RUNS:
        os.environ.pop(name, None)
    arguments = _arguments(runner.prepared.packages, workers)
    try:
        code = pytest.main(arguments, plugins=[Session(runner)])
    except (Exception, SystemExit):  # noqa: BLE001 - what is raised at a session's end comes through
        traceback.print_exc()
        code = pytest.ExitCode.INTERNAL_ERROR
    if code in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.INTERNAL_ERROR):
        runner.trouble = f"pytest ended with {code!r}; see its message on standard error"
        runner.troubles.append(runner.trouble)


def _arguments(packages: Sequence[str], workers: int) -> list[str]:
    """A session that reads no configuration of the place it is started in.

    Folders instead of package names: with names alone pytest would load the conftest files of the
    working directory.
    """
    home = Path(str(conformance.__file__)).parent.parent
    folders = [str(_folder(package)) for package in packages]
    arguments = [*folders, f"--rootdir={home}", "-c", os.devnull, "--import-mode=importlib"]
    arguments += ["-p", "no:cacheprovider", "-p", "no:terminal"]
    return arguments + (["-n", str(workers), "--dist=load"] if workers else ["-p", "no:xdist"])


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise AdapterBroken(f"suite package {package}: wanted a package with checks, found none")
    return Path(spec.submodule_search_locations[0])
