"""The side of the plugin that executes checks: environments, the `case` fixture, the record.

Lives in every xdist worker, and in the runner itself with `-n 0`. No fixture owns an environment:
its end would be charged to the last check.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import pytest

from conformance.checks.case import Case
from conformance.checks.clean_up import Leak
from conformance.contracts.outcomes import Outcome as Word
from conformance.contracts.providers import Provider
from conformance.contracts.requirements import Setting
from conformance.environment import Environment, World
from conformance.errors import AdapterBroken
from conformance.evidence import entry_as_json, evidence, write_evidence, write_log_tail
from conformance.ledger import FOLDER, RunLedger, ledger_path
from conformance.plan import Plan, PlannedCheck
from conformance.plugin import inventory
from conformance.plugin.allure_labels import label_for_allure
from conformance.plugin.collection import PLANNED, keep_planned
from conformance.plugin.hang import ends_within
from conformance.plugin.lessons import Lessons
from conformance.plugin.verdict import Verdict, explained, judge
from conformance.redaction import Redactor
from conformance.registry import chosen_provider, find_cluster
from conformance.request import Request
from conformance.timeline import Entry
from reports.model import EvidenceFile, Outcome

RECORD = "conformance-outcome"
"""Key in a report's user properties under which the record travels to the runner."""

MOST_BROKEN_STARTS = 2
"""After so many failed starts of one setting its checks are not given another try."""


@dataclass(slots=True)
class Attempt:
    """What the hooks gather about the item that is running."""

    row: PlannedCheck
    began: float
    case: Case | None = None
    raised: BaseException | None = None
    leaks: list[Leak] = field(default_factory=list)
    duration: float = 0.0


class WorkerPlugin:
    """Registered as a pytest plugin object; closes its environments at the session's end."""

    def __init__(
        self,
        request: Request,
        plan: Plan,
        origin: float,
        worker: str,
        on_trouble: Callable[[str], object],
    ) -> None:
        self._request = request
        self._plan = plan
        self._origin = origin
        self._worker = worker
        self._on_trouble = on_trouble
        self._folder = Path(request.report_dir)
        self._environments: dict[Setting, Environment] = {}
        self._broken: dict[Setting, list[BaseException]] = {}
        self._lessons = Lessons()
        self._attempt: Attempt | None = None
        self._redactor = Redactor()
        self._world: World | None = None
        self._ledger = RunLedger(ledger_path(self._folder, request.run_id, worker))
        self._trace_path = self._folder / "timeline" / self._ledger.path.name

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        left = keep_planned(session, self._plan, items)
        if left:
            config.hook.pytest_deselected(items=left)
        if config.getoption("allure_report_dir", None):
            label_for_allure(items, self._provider.name)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self._attempt = Attempt(item.stash[PLANNED], time.monotonic())
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Item) -> Generator[None, object, object]:  # noqa: ARG002
        with ends_within(self._request.check_timeout):
            return (yield)

    @pytest.fixture
    def case(self, request: pytest.FixtureRequest) -> Iterator[Case]:
        """One check's scope, closed and judged for leaks after it."""
        attempt = self._attempt
        assert attempt is not None
        requirement = request.node.stash[PLANNED].requirement
        self._lessons.give_up(requirement.setting)
        with ends_within(self._request.check_timeout):
            environment = self._environment(requirement.setting)
            self._start(environment, attempt.row)
            before = self._inventory(environment, attempt.row)
        refuted = self._lessons.refuted(requirement.setting)
        attempt.case = case = Case(requirement, environment, refuted)
        yield case
        with ends_within(self._request.check_timeout):
            attempt.leaks = case.close(self._lessons.patience)
            self._lessons.cleaned(entirely=not attempt.leaks)
            after = self._inventory(environment, attempt.row)
        ours = {leak.what for leak in attempt.leaks}
        attempt.leaks += [leak for leak in after.leaks_since(before) if leak.what not in ours]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[Any]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        attempt = self._attempt
        if attempt is None:
            return report
        if call.excinfo is not None:
            attempt.raised = attempt.raised or call.excinfo.value
        if call.when == "call":
            attempt.duration = call.duration
        if call.when == "teardown":
            record = self._record(attempt)
            report.user_properties.append((RECORD, msgspec.json.encode(record).decode()))
        if report.failed and attempt.raised is not None and attempt.case is not None:
            report.longrepr = self._redactor.clean(str(attempt.raised))
        return report

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self) -> Generator[None, None, None]:
        """After the check that was interrupted has cleaned up in its environment."""
        with ExitStack() as stack:
            stack.callback(self._end)
            yield

    def _end(self) -> None:
        with ExitStack() as stack:
            if self._world is not None:
                stack.callback(self._remove, self._world.folder)
            for environment in self._environments.values():
                stack.callback(self._close, environment)
            self._environments = {}

    def _close(self, environment: Environment) -> None:
        """What an adapter raises at its end costs no record, and is not forgotten either."""
        try:
            environment.close()
        except Exception as error:  # noqa: BLE001 - the adapter may raise anything
            self._on_trouble(
                f"the environment of worker {self._worker} did not end well: {explained(error)}"
            )

    def _make_folder(self) -> Path:
        """Not yet there and for our eyes only: keys and kubeconfigs are written into it."""
        name = f"cpc-{self._request.run_id}-{self._worker}"
        folder = Path(tempfile.gettempdir()) / name
        self._folder_entry = self._ledger.add(FOLDER, str(folder))
        folder.mkdir(mode=0o700)
        return folder

    def _remove(self, folder: Path) -> None:
        """What resists stays in the ledger, for the runner or for `clean`."""
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            self._ledger.strike(self._folder_entry)

    def _record(self, attempt: Attempt) -> Outcome:
        case = attempt.case
        decisions = case.decisions if case else 0
        verdict = judge(attempt.row.form, attempt.raised, decisions, attempt.leaks)
        requirement = attempt.row.requirement
        self._lessons.learn(requirement, verdict.outcome, attempt.raised)
        files = self._evidence(attempt, verdict)
        verdict = self._settle(requirement.setting, case, verdict)
        return Outcome(
            requirement=requirement.id,
            revision=requirement.revision,
            outcome=verdict.outcome.value,
            duration=round(attempt.duration, 6),
            started=round(attempt.began - self._origin, 6),
            expectation=verdict.expectation,
            message=self._redactor.clean(verdict.message),
            blocked_by=verdict.blocked_by,
            stale=verdict.stale,
            worker=self._worker,
            waits=list(case.waits) if case else [],
            leaks=[leak.what for leak in attempt.leaks],
            evidence=files,
            reproduce=self._redactor.clean(self._request.again(requirement.id)),
        )

    def _evidence(self, attempt: Attempt, verdict: Verdict) -> list[EvidenceFile]:
        case = attempt.case
        if case is None:
            return []
        id_ = attempt.row.requirement.id
        content = evidence(id_, case.timeline.since(case.opened), self._origin)
        files = [write_evidence(self._folder, id_, content, self._redactor)]
        if verdict.outcome not in (Word.PASSED, Word.UNSUPPORTED):
            started = case.environment.started
            logs = [*case.offer.logs, *case.environment.logs()] if started else []
            files += [write_log_tail(self._folder, id_, log, self._redactor) for log in logs]
        return files

    def _settle(self, setting: Setting, case: Case | None, verdict: Verdict) -> Verdict:
        """Replace the environment when this check left it in a state that nobody knows."""
        environment = self._environments.get(setting)
        if environment is None:
            return verdict
        if verdict.dirty:
            environment.soil(verdict.dirty)
        process = case.offer.process if case and environment.started else None
        if process is not None and not process.alive:
            environment.soil("the subject does not run")
        if not environment.dirty:
            return verdict
        del self._environments[setting]
        try:
            environment.close()
        except Exception as error:  # noqa: BLE001 - an adapter may raise anything on its way out
            return verdict.with_trouble(f"its environment did not end: {error!r}")
        return verdict

    def _environment(self, setting: Setting) -> Environment:
        """On a shared cluster one at a time: two subjects would fight over the same nodes."""
        if setting not in self._environments:
            while self._environments and not self._plan.private:
                self._environments.popitem()[1].close()
            self._environments[setting] = Environment(self.world, setting, self._write_entry)
        return self._environments[setting]

    def _start(self, environment: Environment, row: PlannedCheck) -> None:
        """Start what the check needs; a start that failed twice is not tried again."""
        broken = self._broken.setdefault(environment.setting, [])
        if len(broken) >= MOST_BROKEN_STARTS:
            raise broken[-1]
        requirement = row.requirement
        try:
            offer = environment.offer(requirement.subject)
        except Exception as error:
            broken.append(error)
            environment.soil("it did not start")
            raise
        broken.clear()
        if missing := offer.missing(requirement.needs):
            raise AdapterBroken(
                f"provider {self._provider.name} declares {', '.join(sorted(missing))} "
                "and its Offer has nothing for it; offer it or do not declare it"
            )

    def _inventory(self, environment: Environment, row: PlannedCheck) -> inventory.Inventory:
        requirement = row.requirement
        return inventory.take(
            environment, requirement.subject, requirement.needs, private=self._plan.private
        )

    @cached_property
    def _provider(self) -> Provider:
        """An adapter is imported only where its checks run."""
        asked = self._request
        return chosen_provider(asked.adapter, asked.provider_options, asked.controllers)[0]

    @property
    def world(self) -> World:
        """Built on first use."""
        if self._world is None:
            self._world = World(
                provider=self._provider,
                options=self._request.provider_options,
                backend=find_cluster(self._request.cluster),
                cluster_options=self._request.cluster_options,
                run_id=self._request.run_id,
                folder=self._make_folder(),
                ledger=self._ledger,
                private=self._plan.private,
                start_timeout=self._request.start_timeout,
                canary=self._request.canary,
                redactor=self._redactor,
            )
        return self._world

    def _write_entry(self, entry: Entry) -> None:
        """Keep what was seen on disk as it grows, so that a killed worker's world is not lost."""
        self._trace_path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps(entry_as_json(entry, self._origin), default=str)
        with self._trace_path.open("a", encoding="utf-8") as stream:
            stream.write(self._redactor.clean(line) + "\n")
