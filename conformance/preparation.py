"""Everything that happens before anything is started: names resolved, plan made, header written.

All of it is pure reading (entry points, adapter declarations, `ClusterBackend.probe`), so every
wrong request ends here, with nothing half-done.
"""

from __future__ import annotations

import dataclasses
import importlib.metadata
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from conformance.catalogue import Catalogue, load
from conformance.contracts.clusters import ClusterProbe
from conformance.contracts.journal import Fault
from conformance.contracts.proof import Plants
from conformance.contracts.providers import BUDGETS, Identity, KnownFailure, Provider, Timing
from conformance.contracts.requirements import Area, Need, Setting
from conformance.declarations import check_gaps, check_identity, check_known_failures, words
from conformance.environment import CANARIES
from conformance.errors import AdapterBroken, ConformanceError, UnknownName, UsageError
from conformance.nearest import nearest
from conformance.plan import Declared, Plan, PlannedCheck, make_plan
from conformance.redaction import masked
from conformance.registry import chosen_provider, find_areas, find_cluster
from conformance.request import Request, pairs
from conformance.selection import Selection
from reports.model import API_VERSION, ClusterFacts, Component, Known, RunHeader

DISTRIBUTION = "cloud-provider-conformance"


class Handover(msgspec.Struct, frozen=True):
    """What a worker is given, by value."""

    request: Request
    plan: str
    origin: float


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run that can be started."""

    request: Request
    catalogue: Catalogue
    areas: tuple[Area, ...]
    plan: Plan
    header: RunHeader

    @property
    def folder(self) -> Path:
        return Path(self.request.report_dir)

    @property
    def run_file(self) -> Path:
        return self.folder / "run.jsonl"

    @property
    def packages(self) -> list[str]:
        """Packages that hold the planned checks."""
        wanted = {row.requirement.area for row in self.plan.rows}
        return [area.package for area in self.areas if area.name in wanted]

    def only(self, rows: tuple[PlannedCheck, ...]) -> Prepared:
        """The same run, reduced to these rows (one pass of several)."""
        return dataclasses.replace(self, plan=dataclasses.replace(self.plan, rows=rows))

    def handover(self, origin: float) -> str:
        """The JSON for a worker; `origin` is the run's start on the machine's monotonic clock."""
        packed = Handover(self.request, self.plan.to_json(), origin)
        return msgspec.json.encode(packed).decode()


def prepare(request: Request, command: list[str] | None = None) -> Prepared:
    """Resolve, probe and plan.

    Raises `UsageError` (exit code 2) for a wrong request and other `ConformanceError`s (3) for an
    environment or an adapter that cannot be used.
    """
    areas = tuple(find_areas())
    catalogue = load(areas)
    selection = _selection(request, catalogue)
    known = introduce(request)
    failures = getattr(known.provider, "known_failures", None)
    check_known_failures(known.provider.name, failures, catalogue)
    plan = make_plan(catalogue, selection, known.declared)
    return Prepared(request, catalogue, areas, plan, _header(request, known, plan, command))


@dataclass(frozen=True, slots=True)
class Introduced:
    """Provider and cluster, and what they say of themselves."""

    provider: Provider
    distribution: str
    probe: ClusterProbe
    identity: Identity
    declared: Declared


def introduce(request: Request) -> Introduced:
    """Ask provider and cluster who they are; raises as `prepare`."""
    if not request.adapter:
        raise UsageError(
            "wanted --provider NAME or --adapter-exec PATH, saw neither; "
            "`cloud-conformance providers` lists names"
        )
    provider, distribution = chosen_provider(
        request.adapter, request.provider_options, request.controllers
    )
    _check_planted(request, provider)
    _check_mode(request, provider)
    probe = find_cluster(request.cluster).probe(request.cluster_options)
    _check_cluster(request, provider, probe)
    identity = _pure(provider, "identity", request, Identity)
    check_identity(provider.name, identity)
    declared = _declared(provider, request, probe, identity)
    return Introduced(provider, distribution, probe, identity, declared)


def clear_results(folder: Path) -> None:
    """Remove the results of an earlier run; ledgers stay, `clean` may need them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("evidence", "timeline", "allure-results"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in ("run.jsonl", "index.html", "summary.md", "junit_cloud-conformance_01.xml"):
        (folder / name).unlink(missing_ok=True)


def _selection(request: Request, catalogue: Catalogue) -> Selection:
    return Selection.of(
        catalogue,
        areas=request.area,
        ids=request.focus,
        levels=request.level,
        profiles=request.profile,
        capabilities=request.capability,
        skip=pairs("--skip", request.skip),
    )


def _check_planted(request: Request, provider: Provider) -> None:
    plants = provider if isinstance(provider, Plants) else None
    for kind, id_, known in (
        ("defect", request.defect, plants.defects if plants else {}),
        ("variant", request.variant, plants.variants if plants else {}),
    ):
        if id_ and id_ not in known:
            raise UnknownName(
                f"provider {provider.name} knows no {kind} {id_!r}{nearest(id_, known)}; "
                "`cloud-conformance kill-matrix` runs them all"
            )
    if request.canary not in ("", *CANARIES):
        raise UnknownName(
            f"unknown canary {request.canary!r}{nearest(request.canary, CANARIES)}; "
            f"known: {', '.join(CANARIES)}"
        )


def _check_mode(request: Request, provider: Provider) -> None:
    if request.live and not getattr(provider, "live", False):
        raise UsageError(
            f"provider {provider.name} has no live mode: run it without --live, or let its "
            "adapter set `live = True` and judge a real cloud then"
        )


def _check_cluster(request: Request, provider: Provider, probe: ClusterProbe) -> None:
    if getattr(provider, "private_only", False) and not probe.private:
        raise UsageError(
            f"--cluster {request.cluster}: these controllers act on every node that they see, so "
            "they run on clusters that the run makes; give --cluster embedded or binaries"
        )
    if getattr(provider, "shared_only", False) and probe.private:
        raise UsageError(
            f"--cluster {request.cluster}: provider {provider.name} starts nothing, so its subject "
            "must be at work in a cluster of yours; give --cluster kubeconfig"
        )


def _declared(
    provider: Provider, request: Request, probe: ClusterProbe, identity: Identity
) -> Declared:
    name = provider.name
    versions = {"api-server": probe.version}
    if identity.library:
        versions["controller-library"] = identity.library
    needs = _pure(provider, "needs", request, frozenset)
    faults = _pure(provider, "faults", request, frozenset)
    gaps = _pure(provider, "gaps", request, Mapping)
    check_gaps(name, gaps)
    served = _pure(provider, "settings", request, frozenset)
    return Declared(
        capabilities=frozenset(provider.capabilities),
        needs=words(name, "needs()", needs, Need),
        faults=words(name, "faults()", faults, Fault),
        gaps=gaps,
        subjects=frozenset(_pure(provider, "subjects", request, Mapping)),
        settings=words(name, "settings()", served, Setting) | {Setting.DEFAULT},
        private=probe.private,
        disturbs=probe.disturbs,
        versions=versions,
    )


def _pure(provider: Provider, method: str, request: Request, wanted: type[Any]) -> Any:
    """Call one of the adapter's pure methods; what it raises or returns wrongly is its fault."""
    try:
        value = getattr(provider, method)(request.provider_options)
    except ConformanceError:
        raise
    except Exception as error:
        raise AdapterBroken(
            f"provider {provider.name}: {method}() raised {type(error).__name__}: {error}"
        ) from error
    if not isinstance(value, wanted):
        raise AdapterBroken(
            f"provider {provider.name}: {method}() must return a {wanted.__name__}, "
            f"saw {type(value).__name__}"
        )
    return value


def _header(
    request: Request, known: Introduced, plan: Plan, command: list[str] | None
) -> RunHeader:
    provider, probe, identity = known.provider, known.probe, known.identity
    return RunHeader(
        apiVersion=API_VERSION,
        id=request.run_id,
        started=datetime.now(UTC).isoformat(timespec="milliseconds"),
        suite_version=importlib.metadata.version(DISTRIBUTION),
        provider=provider.name,
        provider_distribution=known.distribution,
        live=request.live,
        simulator=identity.simulator,
        subject=Component(name=identity.name, version=identity.version, digest=identity.digest),
        components=[
            Component(name=name, version=version) for name, version in identity.components.items()
        ],
        cluster=ClusterFacts(
            backend=probe.backend,
            version=probe.version,
            private=probe.private,
            fidelity=probe.facts.get("fidelity", ""),
            facts=dict(probe.facts),
        ),
        controller_library=identity.library,
        capabilities=sorted(provider.capabilities),
        timing=_seconds(provider.timing),
        known=[_known(failure) for failure in provider.known_failures],
        command=masked(command or sys.argv),
        subjects_started=sorted({row.requirement.subject.value for row in plan.rows}),
        planted=request.planted,
        plan=plan.facts(),
    )


def _seconds(timing: Timing) -> dict[str, float]:
    """Periods and budgets by name."""
    periods = {
        "node_monitor": timing.node_monitor,
        "node_addresses": timing.node_addresses,
        "node_reaction": timing.node_reaction,
    }
    return periods | {name: timing.budget(name) for name in BUDGETS}


def _known(failure: KnownFailure) -> Known:
    return Known(
        requirement=failure.requirement,
        expectation=failure.expectation,
        issue=failure.issue,
        expires=failure.expires,
    )
