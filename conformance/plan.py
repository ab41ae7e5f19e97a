"""The plan: what will be judged, in which form and order, and why everything else will not.

A pure value, made once from declarations before anything is started, and handed to workers as JSON.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import msgspec
from packaging.specifiers import SpecifierSet

from conformance.catalogue import Catalogue
from conformance.contracts.requirements import Form, Need, Requirement, Setting
from conformance.errors import ProviderMisdeclared, UsageError
from conformance.nearest import nearest
from conformance.selection import Selection
from reports.model import Exclusion, PlanFacts, PlannedRow
from reports.plan_digest import plan_digest

NUMBERS = re.compile(r"v?(\d+(?:\.\d+)*)")

EXCLUSIVE = frozenset({Need.PROCESS, Need.DISTURB, Need.KUBERNETES_DISTURB})
"""Needs that change the world for everybody: on a shared cluster such checks run alone."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What provider and cluster say before anything is started.

    `needs` are the provider's; those of the cluster follow from `disturbs`. `gaps` maps a
    requirement to the reproducer of what the simulator cannot do. `versions` holds the axes that
    are known; a row with a range on an axis that is not known stays in.
    """

    capabilities: frozenset[str] = frozenset()
    needs: frozenset[Need] = frozenset()
    faults: frozenset[str] = frozenset()
    gaps: Mapping[str, str] = field(default_factory=dict)
    subjects: frozenset[str] = frozenset()
    settings: frozenset[Setting] = frozenset({Setting.DEFAULT})
    private: bool = True
    disturbs: bool = False
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def served(self) -> frozenset[Need]:
        """Every need that can be served, the cluster's included."""
        cluster = {Need.KUBERNETES} | ({Need.KUBERNETES_DISTURB} if self.disturbs else set())
        return (self.needs - {Need.KUBERNETES_DISTURB}) | cluster


@dataclass(frozen=True, slots=True)
class PlannedCheck:
    """One requirement and which of its two functions decides it."""

    requirement: Requirement
    form: Form = Form.CHECK

    @property
    def exclusive(self) -> bool:
        """Whether it must be alone on a shared cluster."""
        return bool(self.requirement.needs & EXCLUSIVE)

    def facts(self) -> PlannedRow:
        """The row as it stands in the run file."""
        row = self.requirement
        return PlannedRow(
            requirement=row.id,
            form=self.form.value,
            revision=row.revision,
            title=row.title,
            area=row.area,
            subject=row.subject.value,
            level=row.level.value,
            profiles=list(row.profiles),
            capability=row.capability,
            setting=row.setting.value,
            story=row.story,
            decided_by=row.decided_by,
            sources=list(row.sources),
        )


@dataclass(frozen=True, slots=True)
class Skipped:
    """A planned check that the operator excluded, with the reason."""

    check: PlannedCheck
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """`rows` will be run in this order, `left_out` is skipped by the operator's word."""

    rows: tuple[PlannedCheck, ...]
    left_out: tuple[Skipped, ...]
    exclusions: tuple[Exclusion, ...]
    private: bool = True

    @property
    def ids(self) -> frozenset[str]:
        """Ids of everything planned, skipped ones included."""
        return frozenset(check.requirement.id for check in self._planned)

    @property
    def skipped(self) -> Mapping[str, str]:
        """The operator's reason by id."""
        found = {skipped.check.requirement.id: skipped.reason for skipped in self.left_out}
        return MappingProxyType(found)

    @property
    def passes(self) -> tuple[tuple[PlannedCheck, ...], ...]:
        """Groups to run one after the other: on a shared cluster exclusive checks come second, and
        checks of one setting together, because only one environment may be there at a time."""
        if self.private:
            return (self.rows,)
        settings = list(Setting)
        rows = sorted(self.rows, key=lambda check: settings.index(check.requirement.setting))
        together = tuple(check for check in rows if not check.exclusive)
        alone = tuple(check for check in rows if check.exclusive)
        return tuple(group for group in (together, alone) if group)

    @property
    def digest(self) -> str:
        """sha256 over rows and exclusions; equal plans have equal digests on every machine."""
        return self.facts().digest

    def facts(self) -> PlanFacts:
        """The plan as it stands in the run file."""
        rows = [check.facts() for check in self._planned]
        exclusions = list(self.exclusions)
        return PlanFacts(digest=plan_digest(rows, exclusions), rows=rows, exclusions=exclusions)

    def to_json(self) -> str:
        return msgspec.json.encode(self, order="sorted").decode()

    @staticmethod
    def from_json(text: str) -> Plan:
        return msgspec.json.decode(text, type=Plan)

    @property
    def _planned(self) -> tuple[PlannedCheck, ...]:
        return self.rows + tuple(skipped.check for skipped in self.left_out)


def make_plan(catalogue: Catalogue, selection: Selection, declared: Declared) -> Plan:
    """Plan everything that was selected and can be decided.

    Raises `UsageError` when no check is left to run and `ProviderMisdeclared` for a gap in a
    requirement that nobody knows.
    """
    for id_ in declared.gaps:
        if id_ not in catalogue:
            raise ProviderMisdeclared(
                f"simulator gap in {id_!r}: no area has this requirement{nearest(id_, catalogue)}"
            )
    rows: list[PlannedCheck] = []
    left_out: list[Skipped] = []
    exclusions: list[Exclusion] = []
    for id_ in catalogue.ordered(catalogue):
        requirement = catalogue[id_]
        check = PlannedCheck(requirement, _form(requirement, declared))
        if excluded := _exclusion(check, selection, declared):
            exclusions.append(excluded)
        elif reason := selection.skip_reason(requirement):
            left_out.append(Skipped(check, reason))
        else:
            rows.append(check)
    if not rows:
        raise UsageError(_nothing(selection, exclusions, left_out))
    return Plan(tuple(rows), tuple(left_out), tuple(exclusions), declared.private)


def _form(requirement: Requirement, declared: Declared) -> Form:
    absent = requirement.capability and requirement.capability not in declared.capabilities
    return Form.REFUSAL if absent and requirement.refusable else Form.CHECK


def _exclusion(check: PlannedCheck, selection: Selection, declared: Declared) -> Exclusion | None:
    """The first reason that applies: what cannot be decided at all comes before what was not asked
    for, so that a claim tells the two apart."""
    row = check.requirement
    reasons = {
        "planned": row.planned,
        "subject-not-offered": "" if row.subject in declared.subjects else row.subject.value,
        "capability-absent": _absent(check, declared),
        "version": _version(row, declared.versions),
        "simulator-gap": declared.gaps.get(row.id, ""),
        "need-missing": _names(row.needs - declared.served),
        "fault-missing": _names(row.faults - declared.faults),
        "setting-not-served": "" if row.setting in declared.settings else row.setting.value,
        "not-selected": "" if selection.matches(row) else str(selection),
    }
    reason, detail = next(((why, text) for why, text in reasons.items() if text), ("", ""))
    if not reason:
        return None
    return Exclusion(
        requirement=row.id,
        area=row.area,
        level=row.level.value,
        subject=row.subject.value,
        profiles=list(row.profiles),
        reason=reason,
        detail=detail,
    )


def _absent(check: PlannedCheck, declared: Declared) -> str:
    capability = check.requirement.capability
    if check.form is Form.REFUSAL or capability in {"", *declared.capabilities}:
        return ""
    return capability


def _version(requirement: Requirement, versions: Mapping[str, str]) -> str:
    """Why the versions exclude it. Of a version only the leading numbers count: a pre-release or a
    vendor's build has the features of its minor."""
    for axis, wanted in requirement.versions.items():
        seen = NUMBERS.match(versions.get(axis, ""))
        if seen and not SpecifierSet(wanted).contains(seen[1]):
            return f"{axis} {wanted}, saw {versions[axis]}"
    return ""


def _names(words: Iterable[str]) -> str:
    return ", ".join(sorted(str(word) for word in words))


def _nothing(
    selection: Selection, exclusions: Iterable[Exclusion], left_out: Iterable[Skipped]
) -> str:
    counts = Counter(excluded.reason for excluded in exclusions)
    counts["skipped"] = sum(1 for _ in left_out)
    said = ", ".join(f"{number} {reason}" for reason, number in counts.most_common() if number)
    return f"nothing to run of {selection}: {said}; see `cloud-conformance list`"
