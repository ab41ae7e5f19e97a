"""The side of the plugin that holds the plan and is the only writer of records.

It collects nothing itself: it hands the plan to workers by value, takes each record from the
teardown report, annotates it and appends it. What was planned and has no record at the end is
`not-run`, never silence.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from conformance.cleaning import clean_run
from conformance.contracts.outcomes import Outcome as Word
from conformance.errors import ConformanceError
from conformance.ledger import RUNNER, WORKER, RunLedger, ledger_path, process_facts
from conformance.plugin import HANDOVER
from conformance.plugin.interruption import uninterrupted
from conformance.plugin.worker import RECORD
from conformance.preparation import Prepared
from reports.model import Known, Outcome
from reports.writers.run_file import RunFileWriter

TROUBLES = "conformance-troubles"
"""Key under which a worker's troubles travel in xdist's `workeroutput`."""


class RunnerPlugin:
    """One run, possibly in several passes: `open`, any number of sessions, `close`."""

    def __init__(
        self,
        prepared: Prepared,
        on_record: Callable[[Outcome], None] = lambda _: None,
        origin: float | None = None,
    ) -> None:
        self.prepared = prepared
        self.interrupted = False
        self.cut = False
        self.trouble = "no record: the run was interrupted or the worker died"
        self.troubles: list[str] = []
        self.origin = time.monotonic() if origin is None else origin
        self._on_record = on_record
        self._known = {known.requirement: known for known in prepared.header.known}
        self._planned = prepared.plan.ids
        self._outcomes: dict[str, Word] = {}
        self._waiting: dict[str, Outcome] = {}
        self._writer = RunFileWriter(prepared.run_file)
        self._ledger = RunLedger(ledger_path(prepared.folder, prepared.request.run_id, "runner"))

    def open(self) -> None:
        """Write the header, and the records of what the operator excluded.

        Raises `ConformanceError`, with nothing left behind, when the file cannot be begun.
        """
        self._entry = self._ledger.add(RUNNER, "runner", **process_facts(os.getpid()))
        try:
            self._writer.header(self.prepared.header)
        except OSError as error:
            self.prepared.run_file.unlink(missing_ok=True)
            self._let_go()
            raise ConformanceError(_unwritten(self.prepared.run_file, error)) from error
        for id_, reason in self.prepared.plan.skipped.items():
            self._write(_bare(self.prepared, id_, Word.SKIPPED, reason))

    def close(self) -> None:
        """Account for everything that was planned, seal the file, remove what workers left.

        What cannot be removed stays in the ledger, for `cloud-conformance clean`.
        """
        with uninterrupted():
            self._seal()
        self._let_go()

    def _let_go(self) -> None:
        try:
            self._ledger.strike(self._entry)
            clean_run(self.prepared.folder, self.prepared.request.run_id)
        except OSError as error:
            self.troubles.append(_unwritten(self._ledger.path, error))

    def _seal(self) -> None:
        for record in list(self._waiting.values()):
            self._write(record)
        for row in self.prepared.plan.rows:
            if row.requirement.id not in self._outcomes:
                self._write(_bare(self.prepared, row.requirement.id, Word.NOT_RUN, self.trouble))
        if self.cut:
            return
        finished = datetime.now(UTC).isoformat(timespec="milliseconds")
        with self._recording():
            self._writer.footer(
                finished=finished,
                duration=round(time.monotonic() - self.origin, 3),
                interrupted=self.interrupted,
            )

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """xdist: give a worker everything it needs by value, once its process is in the ledger."""
        facts = process_facts(_pid_behind(node.gateway))
        self._ledger.add(WORKER, str(node.gateway.id), **facts)
        node.workerinput[HANDOVER] = self.prepared.handover(self.origin)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """xdist: what a worker has to say at its end."""
        self.troubles += getattr(node, "workeroutput", {}).get(TROUBLES, [])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for key, value in report.user_properties:
            if key == RECORD:
                self.take(msgspec.json.decode(str(value), type=Outcome))
        if self.cut:
            pytest.exit(self.troubles[-1])

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> bool | None:
        """A machine that fails us is told in one line, an error of ours by pytest as it is."""
        if not isinstance(excinfo.value, OSError):
            return None
        self.troubles.append(f"the run ended early: {excinfo.value}")
        return True

    def pytest_keyboard_interrupt(self) -> None:
        self.interrupted = True

    def take(self, record: Outcome) -> None:
        """Accept a worker's record; a second one, or one for nothing planned, is kept out.

        A blocked one waits for the record of its premise: blocked by something that passed in this
        very run is our error, not the premise's.
        """
        if record.requirement not in self._planned or record.requirement in self._outcomes:
            self.troubles.append(
                f"a worker sent a second or an unplanned record of {record.requirement}; it is not "
                "in the run file, and the run cannot be trusted: please report it"
            )
            return
        base = record.blocked_by
        undecided = base and base in self._planned and base not in self._outcomes
        if undecided:
            self._waiting[record.requirement] = record
            return
        self._write(record)
        for id_, waiting in list(self._waiting.items()):
            if waiting.blocked_by == record.requirement:
                del self._waiting[id_]
                self.take(waiting)

    def _write(self, record: Outcome) -> None:
        if self.cut:
            return
        record = self._annotated(self._checked(record))
        with uninterrupted(), self._recording():
            self._writer.outcome(record)
            self._outcomes[record.requirement] = Word(record.outcome)
            self._waiting.pop(record.requirement, None)
        if not self.cut:
            self._on_record(record)

    @contextmanager
    def _recording(self) -> Iterator[None]:
        """Writing that fails cuts the file there: nothing must follow a line that is missing."""
        try:
            yield
        except OSError as error:
            self.cut = True
            self.troubles.append(
                f"{_unwritten(self.prepared.run_file, error)}; what was recorded so far stands, "
                "and `cloud-conformance report --partial` reads it"
            )

    def _checked(self, record: Outcome) -> Outcome:
        if not record.blocked_by or self._outcomes.get(record.blocked_by) is not Word.PASSED:
            return record
        message = f"{record.blocked_by} passed in this run, yet: {record.message}"
        return msgspec.structs.replace(record, outcome=Word.ERROR.value, message=message)

    def _annotated(self, record: Outcome) -> Outcome:
        known = self._known.get(record.requirement)
        if known is None:
            return record
        if record.outcome == Word.PASSED.value:
            stale = f"listed as known failing ({known.issue}), but passes"
            return msgspec.structs.replace(record, stale=stale)
        if record.outcome == Word.FAILED.value and record.expectation == known.expectation:
            return msgspec.structs.replace(record, known=_known_text(known))
        return record


def _unwritten(path: Path, error: OSError) -> str:
    return f"{path}: could not be written: {error.strerror}"


def _pid_behind(gateway: Any) -> int:
    """Of the process at the other end of this execnet gateway."""
    channel = gateway.remote_exec("import os; channel.send(os.getpid())")
    pid = int(channel.receive())
    channel.waitclose()
    return pid


def _known_text(known: Known) -> str:
    expired = date.fromisoformat(known.expires) < datetime.now(UTC).date()
    return f"expired {known.expires}: {known.issue}" if expired else known.issue


def _bare(prepared: Prepared, id_: str, outcome: Word, reason: str) -> Outcome:
    revision = prepared.catalogue[id_].revision
    return Outcome(
        requirement=id_,
        revision=revision,
        outcome=outcome.value,
        duration=0.0,
        message=reason,
    )
