"""A requirement as text for people: what, why, how it is decided, and what proves the check."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from conformance.contracts.proof import Defect, Variant
from conformance.contracts.providers import BUDGETS
from conformance.contracts.requirements import Requirement, Setting

WIDTH = 100
INDENT = 14


def explain(
    requirement: Requirement, defects: Iterable[Defect] = (), variants: Iterable[Variant] = ()
) -> str:
    """Everything about one requirement, one fact per paragraph, without a trailing line break."""
    head = f"{requirement.id} ({requirement.level}, revision {requirement.revision})"
    tolerated = ", ".join(sorted(variant.id for variant in variants)) or "none known"
    told = [*facts(requirement, defects), ("Tolerates", tolerated)]
    paragraphs = [_paragraph(name, text) for name, text in told]
    return "\n".join([head, textwrap.fill(requirement.title, WIDTH), "", *paragraphs])


def facts(requirement: Requirement, defects: Iterable[Defect]) -> list[tuple[str, str]]:
    """Name and text of each fact; an empty name continues the one before."""
    told = [*_promise(requirement), *_decision(requirement), *_proof(requirement, defects)]
    return [(name, text) for name, text in told if text]


def _promise(requirement: Requirement) -> Iterator[tuple[str, str]]:
    yield "Why", requirement.story
    yield "Promised by", f"{requirement.subject} (area {requirement.area})"
    if requirement.capability:
        absent = "asked for and must be refused" if requirement.refusable else "not judged"
        yield "Capability", f"{requirement.capability}; where it is declared absent: {absent}"
    yield "Since", requirement.since
    yield "Versions", ", ".join(f"{axis} {wanted}" for axis, wanted in requirement.versions.items())
    for number, source in enumerate(requirement.sources):
        yield "Source" if number == 0 else "", source


def _decision(requirement: Requirement) -> Iterator[tuple[str, str]]:
    if requirement.planned:
        yield "No check yet", requirement.planned
    yield "Decided by", requirement.decided_by
    yield "Witness", requirement.witness
    if requirement.deadline:
        seconds = BUDGETS[requirement.deadline]
        yield "Budget", f"{requirement.deadline}: {seconds:g} s where the adapter names no other"
    yield "Needs", ", ".join(sorted(requirement.needs))
    yield "Faults", ", ".join(sorted(requirement.faults))
    if requirement.setting is not Setting.DEFAULT:
        yield "Setting", requirement.setting
    yield "Rests on", ", ".join(requirement.rests_on)
    yield "Profiles", ", ".join(requirement.profiles) or "none"


def _proof(requirement: Requirement, defects: Iterable[Defect]) -> Iterator[tuple[str, str]]:
    killed = [defect for defect in defects if requirement.id in defect.killers]
    if not killed:
        yield "Kills", "no defect known"
    for number, defect in enumerate(killed):
        yield "Kills" if number == 0 else "", f"{defect.id}: {defect.story}"


def _paragraph(name: str, text: str) -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=f"{name:<{INDENT}}",
        subsequent_indent=" " * INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )
