"""Makes the kill matrix: which trials to run, and what their results say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from conformance.catalogue import Catalogue, load
from conformance.contracts.proof import Defect, Plants, Variant
from conformance.environment import CANARIES, DEAD_SUBJECT, KILLED_AT_QUIET
from conformance.errors import UnknownName
from conformance.nearest import nearest
from conformance.proof.matrix import Accusation, Matrix, Row, Trust, void_reasons
from conformance.proof.planted import planted_by
from conformance.proof.trials import Result, Trial, run_trials
from conformance.registry import find_areas

KILLS = ("failed", "silently-ignored")


def kill_matrix(
    options: Mapping[str, Any],
    workers: int,
    report: Callable[[str], None],
    *,
    only: Sequence[str] = (),
    full: bool = False,
) -> Matrix:
    """Run every trial for the provider in `options`.

    Each defect runs its declared killers and what they rest on is left out, so that a premise
    cannot hide a kill; `full` runs the whole suite on each defect. With `only`, these defects alone
    are tried, and nothing is said about trust. Raises `UnknownName` for one that nobody wrote.
    """
    plants = planted_by(str(options["provider"]), str(options.get("controllers") or ""))
    for id_ in only:
        if id_ not in plants.defects:
            raise UnknownName(f"unknown defect {id_!r}{nearest(id_, plants.defects)}")
    chosen = {id_: defect for id_, defect in plants.defects.items() if not only or id_ in only}
    catalogue = load(find_areas())
    trials = _defect_trials(chosen, options, full=full)
    if not only:
        trials = [*_trust_trials(plants.variants, catalogue, options), *trials]
    results = list(run_trials(trials, workers, lambda result: report(_line(result))))
    return _matrix(results, plants, catalogue, options)


def _trust_trials(
    variants: Mapping[str, Variant], catalogue: Catalogue, options: Mapping[str, Any]
) -> list[Trial]:
    quiet = tuple(id_ for id_, row in catalogue.items() if row.witness)
    return [
        Trial("canary", DEAD_SUBJECT, options=options),
        *(Trial("variant", id_, options=options) for id_ in variants),
        Trial("canary", KILLED_AT_QUIET, quiet, options),
        Trial("", options=options),
    ]


def _defect_trials(
    defects: Mapping[str, Defect], options: Mapping[str, Any], *, full: bool
) -> list[Trial]:
    return [
        Trial("defect", id_, () if full else tuple(defect.killers), options)
        for id_, defect in defects.items()
    ]


def _matrix(
    results: Sequence[Result],
    plants: Plants,
    catalogue: Catalogue,
    options: Mapping[str, Any],
) -> Matrix:
    done = {(result.trial.kind, result.trial.planted): result for result in results}
    rows = [
        _row(done["defect", id_], defect)
        for id_, defect in plants.defects.items()
        if ("defect", id_) in done
    ]
    stories = {"": "nothing planted"} | {id_: v.story for id_, v in plants.variants.items()}
    passing = [
        _trust(result, planted or "baseline", stories[planted], lawful=True)
        for (kind, planted), result in done.items()
        if kind in ("", "variant")
    ]
    canaries = [
        _trust(result, planted, CANARIES[planted], lawful=False)
        for (kind, planted), result in done.items()
        if kind == "canary"
    ]
    proven = {killer for row in rows for killer in row.observed}
    proven |= proven_elsewhere(plants, str(options["provider"]))
    planned = done["", ""].outcomes if ("", "") in done else {}
    return Matrix(
        provider=str(options["provider"]),
        cluster=str(options.get("cluster") or "embedded"),
        rows=rows,
        trusts=[*passing, *canaries],
        unproven=[id_ for id_ in planned if id_ in catalogue and id_ not in proven],
        void=void_reasons(rows, [*passing, *canaries], plants.canary) if planned else [],
    )


def proven_elsewhere(plants: Plants, provider: str) -> set[str]:
    """Killers of defects that only other controllers of this adapter can have."""
    every = planted_by(provider).defects
    return {
        killer
        for id_, defect in every.items()
        if id_ not in plants.defects
        for killer in defect.killers
    }


def _row(result: Result, defect: Defect) -> Row:
    declared = list(defect.killers)
    kills = {id_: o.expectation for id_, o in result.outcomes.items() if o.outcome in KILLS}
    observed = {id_: kills[id_] for id_ in declared if id_ in kills}
    missed = [id_ for id_ in declared if id_ not in kills]
    others = {
        id_: str(outcome.outcome)
        for id_, outcome in result.outcomes.items()
        if outcome.outcome != "passed" and id_ not in observed
    }
    return Row(
        defect=result.trial.planted,
        story=defect.story,
        declared=declared,
        observed=observed,
        others=others,
        verdict="killed" if not missed else "partly" if observed else "survived",
    )


def _trust(result: Result, planted: str, story: str, *, lawful: bool) -> Trust:
    """Lawful: everything must pass. Otherwise nothing may."""
    return Trust(
        planted=planted,
        story=story,
        passed=sum(o.outcome == "passed" for o in result.outcomes.values()),
        accusations=[
            Accusation(
                requirement=outcome.requirement, outcome=outcome.outcome, message=outcome.message
            )
            for outcome in result.outcomes.values()
            if (outcome.outcome == "passed") != lawful
        ],
    )


def _line(result: Result) -> str:
    counts: dict[str, int] = {}
    for outcome in result.outcomes.values():
        counts[outcome.outcome] = counts.get(outcome.outcome, 0) + 1
    told = ", ".join(f"{count} {word}" for word, count in sorted(counts.items()))
    return f"{result.trial.kind or 'baseline'} {result.trial.planted}: {told}"
