"""Reads a run file and refuses what is not one whole, honest run.

A run file cannot lie by omission: plan, outcomes and footer must match one to one, and the digests
must be those of what stands in the file.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec

from reports.model import API_VERSION, Line, Outcome, Run, RunFooter, RunHeader
from reports.plan_digest import plan_digest


class RunFileRefused(Exception):  # noqa: N818 - reads as a state
    """A run file that nothing may be derived from; the message names line and reason."""


class NotARunFile(RunFileRefused):
    """No header, or not JSON Lines of this kind."""


class UnknownVersion(RunFileRefused):
    """Written by another version of the format."""


class UnknownField(RunFileRefused):
    """A line with a field or a value that this version does not know."""


class NoFooter(RunFileRefused):
    """The file was cut: the run did not end. `report --partial` reads it as incomplete."""


class DuplicateOutcome(RunFileRefused):
    """Two records for one requirement."""


class MissingOutcome(RunFileRefused):
    """A planned requirement without a record."""


class UnplannedOutcome(RunFileRefused):
    """A record for something that was not planned."""


class DigestMismatch(RunFileRefused):
    """The plan or the lines are not those that the digest was made of."""


class CountMismatch(RunFileRefused):
    """The footer's counts are not those of the records."""


def read_run(path: Path, *, partial: bool = False) -> Run:
    """The run in `path`; raises a `RunFileRefused`.

    `partial` accepts a file without a footer (and with a cut last line); such a run has no claim.
    """
    raw = path.read_bytes()
    texts = raw.split(b"\n")[:-1]
    lines = [_line(number, text) for number, text in enumerate(texts, start=1)]
    header, outcomes, footer = _parts(lines)
    if footer is None and not partial:
        raise NoFooter(
            "wanted a footer as the last line, saw none: the run did not end; "
            "`cloud-conformance report --partial` reads what was recorded"
        )
    _check_plan(header)
    _check_outcomes(header, outcomes, whole=footer is not None)
    if footer is not None:
        _check_footer(footer, outcomes, texts)
    return Run(header=header, outcomes=outcomes, footer=footer)


def _line(number: int, text: bytes) -> Line:
    try:
        line: Line = msgspec.json.decode(text, type=Line)
    except msgspec.ValidationError as error:
        if _version(text) not in ("", API_VERSION):
            raise UnknownVersion(
                f"line {number}: wanted apiVersion {API_VERSION}, saw {_version(text)}"
            ) from error
        raise UnknownField(f"line {number}: {error}") from error
    except msgspec.DecodeError as error:
        raise NotARunFile(f"line {number}: wanted JSON, {error}") from error
    return line


def _version(text: bytes) -> str:
    try:
        return str(msgspec.json.decode(text).get("apiVersion", ""))
    except (msgspec.DecodeError, AttributeError):
        return ""


def _parts(lines: Sequence[Line]) -> tuple[RunHeader, list[Outcome], RunFooter | None]:
    if not lines or not isinstance(lines[0], RunHeader):
        raise NotARunFile("line 1: wanted a RunHeader, saw none")
    if lines[0].apiVersion != API_VERSION:
        raise UnknownVersion(f"line 1: wanted {API_VERSION}, saw {lines[0].apiVersion}")
    footer = lines[-1] if isinstance(lines[-1], RunFooter) else None
    middle = lines[1:-1] if footer else lines[1:]
    outcomes = []
    for number, line in enumerate(middle, start=2):
        if not isinstance(line, Outcome):
            raise NotARunFile(f"line {number}: wanted an Outcome, saw a {type(line).__name__}")
        outcomes.append(line)
    return lines[0], outcomes, footer


def _check_plan(header: RunHeader) -> None:
    plan = header.plan
    made = plan_digest(plan.rows, plan.exclusions)
    if made != plan.digest:
        raise DigestMismatch(f"line 1: plan digest says {plan.digest}, the plan makes {made}")


def _check_outcomes(header: RunHeader, outcomes: Sequence[Outcome], *, whole: bool) -> None:
    planned = {row.requirement: row for row in header.plan.rows}
    seen: set[str] = set()
    for number, outcome in enumerate(outcomes, start=2):
        if outcome.requirement not in planned:
            raise UnplannedOutcome(f"line {number}: {outcome.requirement} is not in the plan")
        if outcome.requirement in seen:
            raise DuplicateOutcome(f"line {number}: a second record of {outcome.requirement}")
        seen.add(outcome.requirement)
    missing = [id_ for id_ in planned if id_ not in seen]
    if whole and missing:
        raise MissingOutcome(
            f"{len(missing)} planned requirements have no record: {', '.join(missing[:5])}"
        )


def _check_footer(footer: RunFooter, outcomes: Sequence[Outcome], texts: Sequence[bytes]) -> None:
    counted = Counter(outcome.outcome for outcome in outcomes)
    if dict(counted) != {word: count for word, count in footer.counts.items() if count}:
        raise CountMismatch(f"the footer counts {footer.counts}, the records {dict(counted)}")
    digest = hashlib.sha256(b"".join(text + b"\n" for text in texts[:-1])).hexdigest()
    if digest != footer.digest:
        raise DigestMismatch(f"the footer's digest is {footer.digest}, the lines make {digest}")
