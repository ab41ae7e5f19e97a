"""An examination: an environment of its own, in which each thing is tried once and undone."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from conformance.checks.case import Case
from conformance.cleaning import clean_run
from conformance.contracts.requirements import Level, Need, Requirement, Setting, Subject
from conformance.doctor.controls import Controls, about_clean_up
from conformance.doctor.declared import about_identity, about_offer
from conformance.doctor.finding import Finding, judged, told
from conformance.environment import Environment, World
from conformance.ledger import FOLDER, RunLedger, ledger_path
from conformance.plan import Declared
from conformance.preparation import Introduced, introduce
from conformance.registry import find_cluster
from conformance.request import Request


def examine(request: Request) -> Iterator[Finding]:
    """Findings as they are made. Raises a `ConformanceError` for what cannot even be asked."""
    known = introduce(request)
    yield from about_identity(known.identity)
    yield told("cluster", known.probe.backend, known.probe.version)
    ledger = RunLedger(ledger_path(Path(request.report_dir), request.run_id, "doctor"))
    folder = Path(tempfile.mkdtemp(prefix=f"cpc-{request.run_id}-doctor-"))
    number = ledger.add(FOLDER, str(folder))
    try:
        world = _world(request, known, folder, ledger)
        for subject in sorted(known.declared.subjects):
            for found in _examine_subject(world, known.declared, subject):
                yield replace(found, detail=world.redactor.clean(found.detail))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        ledger.strike(number)
        ledger.close()
        clean_run(Path(request.report_dir), request.run_id)


def _world(request: Request, known: Introduced, folder: Path, ledger: RunLedger) -> World:
    return World(
        provider=known.provider,
        options=request.provider_options,
        backend=find_cluster(request.cluster),
        cluster_options=request.cluster_options,
        run_id=request.run_id,
        folder=folder,
        ledger=ledger,
        private=known.probe.private,
        start_timeout=request.start_timeout,
    )


def _examine_subject(world: World, declared: Declared, subject: str) -> Iterator[Finding]:
    environment = Environment(world, Setting.DEFAULT)
    try:
        began = time.monotonic()
        try:
            offer = environment.offer(subject)
        except Exception as error:  # noqa: BLE001 - whatever an adapter raises is a finding
            yield judged("start", subject, " ".join(str(error).split()), right=False)
            return
        yield judged("start", subject, f"took {time.monotonic() - began:.2f} s", right=True)
        yield from about_offer(declared, offer)
        if subject == Subject.CLOUD_CONTROLLER and Need.CONTROL in declared.needs:
            yield from _try_controls(environment, declared)
        missing = [str(log) for log in offer.logs if not log.exists()]
        yield judged("logs", ", ".join(missing) or f"{len(offer.logs)} files", right=not missing)
    finally:
        environment.close()


def _try_controls(environment: Environment, declared: Declared) -> Iterator[Finding]:
    case = Case(EXAMINATION, environment)
    controls = Controls(case, declared)
    try:
        controls.try_all()
    finally:
        leaks = [leak.what for leak in case.close()]
    yield from controls.found
    yield from about_clean_up(leaks)


EXAMINATION = Requirement(
    id="doctor",
    title="An adapter is as it declares itself to be.",
    area="doctor",
    subject=Subject.CLOUD_CONTROLLER,
    level=Level.REQUIRED,
    needs=frozenset(),
    decided_by="",
    sources=(),
)
"""What the case of an examination is about; no catalogue has it."""
