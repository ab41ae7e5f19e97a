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

from reports.footer_digest import footer_digest
from reports.model import API_VERSION, Line, Outcome, Run, RunFooter, RunHeader
from reports.plan_digest import plan_digest


class RunFileRefused(Exception):
    """A run file that nothing may be derived from; the message names line and reason."""


class NotARunFile(RunFileRefused):
    """No header, or not JSON Lines of this kind."""


class UnknownVersion(RunFileRefused):
    """Written by another version of the format."""


class UnknownField(RunFileRefused):
    """A line with a field or a value that this version does not know, or without one it wants."""


class NoFooter(RunFileRefused):
    """The file was cut: the run did not end. `report --partial` reads it as incomplete."""


class PlanContradicts(RunFileRefused):
    """The plan names a requirement twice, or plans what it also excludes."""


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

    `partial` accepts a file without a footer (and with a cut last line); its claim is `incomplete`.
    """
    *texts, rest = path.read_bytes().split(b"\n")
    lines = [_line(number, text) for number, text in enumerate(texts, start=1)]
    header, outcomes, footer = _parts(lines)
    if (rest or footer is None) and not partial:
        seen = f"{rest[:40]!r} without an end of line" if rest else "none"
        raise NoFooter(
            f"wanted a footer as the last line, saw {seen}: the run did not end; "
            "`cloud-conformance report --partial` reads what was recorded"
        )
    if rest and footer is not None:
        raise NotARunFile(f"line {len(texts) + 1}: wanted nothing after the footer")
    _check_plan(header)
    _check_outcomes(header, outcomes, whole=footer is not None)
    if footer is not None:
        _check_footer(footer, outcomes, texts)
    return Run(header=header, outcomes=outcomes, footer=footer)


def _line(number: int, text: bytes) -> Line:
    try:
        item = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotARunFile(f"line {number}: wanted JSON in UTF-8, {error}") from error
    try:
        line: Line = msgspec.convert(item, Line)
    except msgspec.ValidationError as error:
        raise _refusal(number, item, error) from error
    return line


def _refusal(number: int, item: object, error: msgspec.ValidationError) -> RunFileRefused:
    facts = item if isinstance(item, dict) else {}
    if (version := facts.get("apiVersion", API_VERSION)) != API_VERSION:
        return UnknownVersion(f"line {number}: wanted {API_VERSION}, saw {version}")
    if number == 1 and facts.get("kind") != "RunHeader":
        return NotARunFile("line 1: wanted a RunHeader, saw none")
    return UnknownField(f"line {number}: {error}")


def _parts(lines: Sequence[Line]) -> tuple[RunHeader, list[Outcome], RunFooter | None]:
    if not lines or not isinstance(lines[0], RunHeader):
        raise NotARunFile("line 1: wanted a RunHeader, saw none")
    if lines[0].apiVersion != API_VERSION:
        raise UnknownVersion(f"line 1: wanted {API_VERSION}, saw {lines[0].apiVersion}")
    footer = lines[-1] if isinstance(lines[-1], RunFooter) else None
    outcomes = []
    for number, line in enumerate(lines[1:-1] if footer else lines[1:], start=2):
        if not isinstance(line, Outcome):
            raise NotARunFile(f"line {number}: wanted an Outcome, saw a {type(line).__name__}")
        outcomes.append(line)
    return lines[0], outcomes, footer


def _check_plan(header: RunHeader) -> None:
    plan = header.plan
    made = plan_digest(plan.rows, plan.exclusions)
    if made != plan.digest:
        raise DigestMismatch(f"line 1: plan digest says {plan.digest}, the plan makes {made}")
    ids = [row.requirement for row in plan.rows] + [out.requirement for out in plan.exclusions]
    named = Counter(ids)
    if twice := [id_ for id_, times in named.items() if times > 1]:
        raise PlanContradicts(f"line 1: the plan names more than once: {', '.join(twice[:5])}")


def _check_outcomes(header: RunHeader, outcomes: Sequence[Outcome], *, whole: bool) -> None:
    planned = {row.requirement: row.revision for row in header.plan.rows}
    seen: set[str] = set()
    for number, outcome in enumerate(outcomes, start=2):
        id_ = outcome.requirement
        if planned.get(id_) != outcome.revision:
            raise UnplannedOutcome(
                f"line {number}: {id_} revision {outcome.revision} is not in the plan"
            )
        if id_ in seen:
            raise DuplicateOutcome(f"line {number}: a second record of {id_}")
        seen.add(id_)
    missing = [id_ for id_ in planned if id_ not in seen]
    if whole and missing:
        raise MissingOutcome(
            f"{len(missing)} planned requirements have no record: {', '.join(missing[:5])}"
        )


def _check_footer(footer: RunFooter, outcomes: Sequence[Outcome], texts: Sequence[bytes]) -> None:
    counted = Counter(outcome.outcome for outcome in outcomes)
    if dict(counted) != {word: count for word, count in footer.counts.items() if count}:
        raise CountMismatch(f"the footer counts {footer.counts}, the records {dict(counted)}")
    before = hashlib.sha256(b"".join(text + b"\n" for text in texts[:-1]))
    digest = footer_digest(before, footer)
    if digest != footer.digest:
        raise DigestMismatch(f"the footer's digest is {footer.digest}, the lines make {digest}")
