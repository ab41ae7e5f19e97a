from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from conformance.errors import UnknownName, UsageError
from conformance.proof import planted_by
from conformance.proof.kill_matrix import kill_matrix, proven_elsewhere
from conformance.proof.matrix import Accusation, Matrix, Row, Trust, void_reasons
from reports.writers.kill_matrix import write_page

CANARY = "never-untaints"


def row(defect: str, verdict: str = "killed") -> Row:
    return Row(
        defect=defect,
        story="<b>a story</b>",
        declared=["some.requirement"],
        observed={"some.requirement": "kept"} if verdict == "killed" else {},
        others={},
        verdict="killed" if verdict == "killed" else "survived",
    )


def trust(planted: str, accused: bool = False) -> Trust:
    accusation = Accusation(requirement="some.requirement", outcome="failed", message="m")
    return Trust(planted=planted, story="s", passed=3, accusations=[accusation] * accused)


def matrix(rows: list[Row], trusts: list[Trust], unproven: list[str] | None = None) -> Matrix:
    return Matrix(
        provider="fake",
        cluster="embedded",
        rows=rows,
        trusts=trusts,
        unproven=unproven or [],
        void=void_reasons(rows, trusts, CANARY),
    )


def test_a_matrix_holds_when_everything_is_as_it_must_be() -> None:
    assert matrix([row(CANARY)], [trust("baseline")]).holds


@pytest.mark.parametrize(
    "broken",
    [
        matrix([row(CANARY, "survived")], []),
        matrix([row("another")], []),
        matrix([row(CANARY)], [trust("baseline", accused=True)]),
        matrix([row(CANARY), row("another", "survived")], []),
        matrix([row(CANARY)], [], unproven=["some.requirement"]),
    ],
    ids=["canary alive", "no canary", "accusation", "survivor", "unproven check"],
)
def test_anything_else_is_not_believed(broken: Matrix) -> None:
    assert not broken.holds


def test_the_page_shows_survivors_first_and_escapes(tmp_path: Path) -> None:
    page = tmp_path / "matrix.html"
    made = matrix([row(CANARY), row("survivor", "survived")], [trust("baseline")])
    write_page(msgspec.json.encode(made), page)
    text = page.read_text(encoding="utf-8")
    assert text.index("survivor") < text.index(CANARY)
    assert "<b>a story</b>" not in text
    assert "http" not in text


def test_a_provider_without_defects_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="nothing to plant"):
        planted_by("aws")


def test_a_defect_that_nobody_wrote_is_no_success() -> None:
    with pytest.raises(UnknownName, match="did you mean 'never-untaints'"):
        kill_matrix({"provider": "fake"}, 1, print, only=("never-untaint",))


def test_a_real_trial_kills_the_canary_and_nothing_else_counts() -> None:
    said: list[str] = []
    made = kill_matrix({"provider": "fake"}, 1, said.append, only=(CANARY,))
    assert [(r.defect, r.verdict) for r in made.rows] == [(CANARY, "killed")]
    assert made.rows[0].observed == {"node.init.taint-removed": "taint-removed"}
    assert said == [f"defect {CANARY}: 1 failed"]


def test_what_other_controllers_prove_is_proven() -> None:
    ours, originals = planted_by("fake"), planted_by("fake", "go")
    assert proven_elsewhere(ours, "fake") == set()
    elsewhere = proven_elsewhere(originals, "fake")
    assert "node.init.taint-removed" in elsewhere
    assert "node.init.provider-id-format" not in elsewhere
