"""Where two runs came to other verdicts about the same promises."""

from __future__ import annotations

from dataclasses import dataclass

from reports.model import Run


@dataclass(frozen=True, slots=True)
class OtherVerdict:
    """One requirement and the verdict of each run."""

    requirement: str
    first: str
    second: str

    def __str__(self) -> str:
        return f"{self.requirement}: {self.first} | {self.second}"


def other_verdicts(first: Run, second: Run) -> list[OtherVerdict]:
    """In the order of the first run; empty when every verdict is the same.

    A verdict is the outcome with what was refuted or did not hold, or the reason of an exclusion.
    Durations, messages, leaks and evidence are each run's own.
    """
    before, after = _verdicts(first), _verdicts(second)
    return [
        OtherVerdict(id_, before.get(id_, "not in the plan"), after.get(id_, "not in the plan"))
        for id_ in {**before, **after}
        if before.get(id_) != after.get(id_)
    ]


def _verdicts(run: Run) -> dict[str, str]:
    """A planned row without a record has no verdict."""
    verdicts = {row.requirement: "no record" for row in run.header.plan.rows}
    for one in run.outcomes:
        details = (one.expectation, one.blocked_by)
        verdicts[one.requirement] = " ".join([one.outcome, *filter(None, details)])
    excluded = {out.requirement: f"excluded {out.reason}" for out in run.header.plan.exclusions}
    return verdicts | excluded
