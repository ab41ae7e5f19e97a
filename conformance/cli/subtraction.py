"""Upstream subtraction: is a failure the provider's, or the library's that all of them share?

What a provider's controller failed is run again on the reference controller, linked to the same
minor of `k8s.io/cloud-provider`. What fails there with the same expectation is no fault of the
provider's own code: its record says `origin: shared-library`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from conformance.components.manifest import components, minor_of
from conformance.contracts.providers import ProviderOptions
from conformance.errors import ConformanceError
from conformance.programs import find_program_linking
from conformance.request import Request
from reports.model import Outcome, Run
from reports.reading import read_run
from reports.writers.run_file import RunFileWriter

REFERENCE = "reference-controller"

SHARED_LIBRARY = "shared-library"

BACKENDS = ("embedded", "binaries")
"""Where the reference controller can run; elsewhere it would meet the nodes of others."""

Rerun = Callable[[Sequence[str], Mapping[str, object]], Mapping[str, Outcome]]
"""Runs these requirements with these options; gives their outcomes by id."""


def subtract(run_file: Path, asked: Request, rerun: Rerun | None = None) -> str:
    """Mark in the run file what the shared library failed; returns what to tell the operator.

    Empty when there was nothing to subtract. The file is replaced as a whole, or left as it was.
    """
    run = read_run(run_file)
    failed = candidates(run)
    if not failed:
        return ""
    try:
        library = nearest_library(run.header.controller_library)
        options = rerun_options(asked, run, library)
        found = (rerun or _rerun)(failed, options)
    except (ConformanceError, LookupError) as error:
        return f"Upstream subtraction: none, because {' '.join(str(error).split())}"
    shared = {id_ for id_ in failed if same_failure(_by_id(run)[id_], found.get(id_))}
    if shared:
        rewrite(run_file, run, shared)
    return (
        f"Upstream subtraction: {len(shared)} of {len(failed)} failures are also those of "
        f"k8s.io/cloud-provider {library} alone"
    )


def candidates(run: Run) -> list[str]:
    """Failed checks of a subject that is not the shared library itself, in a run that ended."""
    header = run.header
    ended = run.footer is not None and not run.footer.interrupted
    if not ended or header.planted or header.provider == "fake":
        return []
    checks = {row.requirement for row in header.plan.rows if row.form == "check"}
    return [
        o.requirement for o in run.outcomes if o.outcome == "failed" and o.requirement in checks
    ]


def nearest_library(linked: str) -> str:
    """The pinned version of the same minor, else of the nearest. Raises LookupError without any."""
    if not linked:
        raise LookupError("the subject does not say which k8s.io/cloud-provider it links")
    wanted = _number(linked)
    return min(components()[REFERENCE].versions, key=lambda one: abs(_number(one) - wanted))


def rerun_options(asked: Request, run: Run, library: str) -> Mapping[str, object]:
    """Options of the second run, on a cluster as like the first one as may be.

    Raises `ProgramMissing`.
    """
    find_program_linking(REFERENCE, library, ProviderOptions(bin_dirs=tuple(asked.bin_dir)))
    backend = run.header.cluster.backend
    return {
        "provider": "fake",
        "controllers": "go",
        "provider_option": (f"library={minor_of(library)}",),
        "bin_dir": tuple(asked.bin_dir),
        "cluster": backend if backend in BACKENDS else BACKENDS[0],
        "kubernetes": asked.kubernetes,
    }


def same_failure(one: Outcome, other: Outcome | None) -> bool:
    """Both refuted the same expectation."""
    return (
        other is not None and other.outcome == one.outcome and other.expectation == one.expectation
    )


def rewrite(run_file: Path, run: Run, shared: set[str]) -> None:
    """The same run with origins: written beside it and put in its place in one step."""
    beside = run_file.with_name(f"{run_file.name}.{os.getpid()}")
    writer = RunFileWriter(beside)
    writer.header(run.header)
    for outcome in run.outcomes:
        origin = SHARED_LIBRARY if outcome.requirement in shared else outcome.origin
        writer.outcome(msgspec.structs.replace(outcome, origin=origin))
    if run.footer is not None:
        writer.footer(run.footer.finished, run.footer.duration, run.footer.interrupted)
    beside.replace(run_file)


def _rerun(requirements: Sequence[str], options: Mapping[str, object]) -> Mapping[str, Outcome]:
    from conformance.proof.trials import Trial, run_trial

    return run_trial(Trial("", focus=tuple(requirements), options=options)).outcomes


def _by_id(run: Run) -> Mapping[str, Outcome]:
    return {outcome.requirement: outcome for outcome in run.outcomes}


def _number(version: str) -> int:
    """36 of `v0.36.1`."""
    return int(minor_of(version).partition(".")[2] or 0)
