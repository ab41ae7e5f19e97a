"""Words of one kind widen, kinds narrow, and every word must be known."""

from __future__ import annotations

import pytest

from conformance.catalogue import Catalogue, load
from conformance.contracts.requirements import Area
from conformance.errors import UnknownName, UsageError
from conformance.selection import Selection


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load([Area(name, "conformance") for name in ("node-initialization", "node-lifecycle")])


def chosen(catalogue: Catalogue, **words: list[str]) -> set[str]:
    selection = Selection.of(catalogue, **words)  # type: ignore[arg-type]
    return {row.id for row in catalogue.values() if selection.matches(row)}


def test_nothing_said_selects_everything(catalogue: Catalogue) -> None:
    assert chosen(catalogue) == set(catalogue)


def test_one_area(catalogue: Catalogue) -> None:
    ids = chosen(catalogue, areas=["node-lifecycle"])
    assert ids == {id_ for id_ in catalogue if id_.startswith("life.")}


def test_words_of_one_kind_widen(catalogue: Catalogue) -> None:
    ids = chosen(catalogue, ids=["life.deleted.removed", "node.label.beta*"])
    assert ids == {"life.deleted.removed", "node.label.beta-to-ga"}


def test_kinds_narrow(catalogue: Catalogue) -> None:
    ids = chosen(catalogue, areas=["node-lifecycle"], levels=["recommended"], profiles=["core"])
    assert ids == {"life.deleted.event", "life.foreign.provider-id"}


def test_a_capability_selects_its_rows(catalogue: Catalogue) -> None:
    assert chosen(catalogue, capabilities=["zones"]) == {
        "node.init.zone-labels",
        "node.init.zone-is-the-instances",
        "node.label.zone-pair",
    }


def test_a_skipped_row_is_still_selected(catalogue: Catalogue) -> None:
    selection = Selection.of(catalogue, skip={"life.shutdown.*": "no power today"})
    row = catalogue["life.shutdown.kept"]
    assert selection.matches(row)
    assert selection.skip_reason(row) == "no power today"
    assert selection.skip_reason(catalogue["life.deleted.removed"]) == ""


@pytest.mark.parametrize(
    ("kind", "word", "hint"),
    [
        ("areas", "node-lifecyle", "node-lifecycle"),
        ("ids", "life.deleted.remove", "life.deleted.removed"),
        ("levels", "require", "required"),
        ("profiles", "cor", "core"),
        ("capabilities", "zone", "zones"),
    ],
)
def test_an_unknown_word_is_refused_with_the_nearest(
    catalogue: Catalogue, kind: str, word: str, hint: str
) -> None:
    with pytest.raises(UnknownName, match=f"{word}.*did you mean '{hint}'"):
        chosen(catalogue, **{kind: [word]})


def test_a_skip_that_matches_nothing_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownName, match="no requirement matches 'svc"):
        Selection.of(catalogue, skip={"svc.*": "later"})


def test_a_skip_without_a_reason_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError, match="a reason is wanted"):
        Selection.of(catalogue, skip={"life.*": " "})


def test_zero_selected_is_a_usage_error(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError, match=r"nothing selected: .*area node-lifecycle and id node"):
        Selection.of(catalogue, areas=["node-lifecycle"], ids=["node.*"])
