"""The built-in catalogue is whole; a third party's is refused with file and id when it breaks."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.capabilities import known
from conformance.catalogue import Catalogue, load
from conformance.contracts.requirements import Area, Level, Need, Requirement, Setting
from conformance.errors import CatalogueInvalid, UnknownName

OURS = (
    Area("node-initialization", package="conformance.suites.node_initialization"),
    Area("node-lifecycle", package="conformance.suites.node_lifecycle"),
)

ROW = """
  - id: acme.disk.kept
    title: The disk is kept.
    level: required
    needs: [invoke]
    decided_by: By looking.
    sources: [the manual]
"""

Load = Callable[..., Catalogue]


@pytest.fixture(scope="module")
def ours() -> Catalogue:
    return load(OURS)


@pytest.fixture
def load_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Load a third party's area `acme` whose file has these rows."""

    def loaded(rows: str, head: str = "area: acme\nsubject: csi-driver") -> Catalogue:
        package = f"acme_{uuid.uuid4().hex}"
        folder = tmp_path / package
        folder.mkdir()
        (folder / "__init__.py").touch()
        (folder / "acme.yaml").write_text(f"{head}\nrequirements:\n{rows}", encoding="utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        return load([*OURS, Area("acme", package, catalogue="acme.yaml")])

    return loaded


def test_every_row_of_the_node_areas_is_there(ours: Catalogue) -> None:
    counts = {area: sum(row.area == area for row in ours.values()) for area in ours.areas}
    assert counts == {"node-initialization": 27 + 14 + 5, "node-lifecycle": 24}


def test_every_row_says_what_people_ask(ours: Catalogue) -> None:
    mute = [
        row.id
        for row in ours.values()
        if not (row.title and row.story and row.decided_by and row.deadline and row.sources)
    ]
    assert mute == []


def test_a_row_that_watches_calls_of_the_subject_needs_the_journal(ours: Catalogue) -> None:
    broken = [
        row.id
        for row in ours.values()
        if row.witness.startswith("journal:") and Need.JOURNAL not in row.needs
    ]
    assert broken == []


def test_a_witness_is_of_a_known_kind(ours: Catalogue) -> None:
    kinds = {row.witness.partition(":")[0] for row in ours.values() if row.witness}
    assert kinds == {"journal", "sentinel", "effect"}


def test_a_required_row_may_hang_on_a_capability_that_is_a_must(ours: Catalogue) -> None:
    row = ours["life.shutdown.tainted"]
    assert (row.level, row.capability) == (Level.REQUIRED, "instanceStop")
    assert known()[row.capability].level is Level.REQUIRED


def test_rows_are_immutable_values(ours: Catalogue) -> None:
    row = ours["life.error.not-deleted"]
    assert row.setting is Setting.ADDRESS_PERIOD_LONG
    assert row.needs == {Need.KUBERNETES, Need.VIEW, Need.CONTROL, Need.JOURNAL, Need.DISTURB}
    with pytest.raises(TypeError):
        ours["life.error.not-deleted"] = row  # type: ignore[index]


def test_premises_come_first_whatever_was_asked(ours: Catalogue) -> None:
    asked = ["life.shutdown.kept", "life.shutdown.tainted", "node.init.taint-removed"]
    assert ours.ordered(asked) == (
        "node.init.taint-removed",
        "life.shutdown.tainted",
        "life.shutdown.kept",
    )


def test_every_premise_stands_before_what_rests_on_it(ours: Catalogue) -> None:
    order = {id_: place for place, id_ in enumerate(ours.ordered(ours))}
    assert len(order) == len(ours)
    assert all(order[base] < order[row.id] for row in ours.values() for base in row.rests_on)


def test_an_unknown_id_names_the_nearest(ours: Catalogue) -> None:
    with pytest.raises(UnknownName, match=r"did you mean 'node\.init\.taint-removed'"):
        ours.find("node.init.taint-remove")


def test_a_third_party_adds_an_area_that_rests_on_ours(load_rows: Load) -> None:
    catalogue = load_rows(ROW + "    rests_on: [node.init.taint-removed]\n")
    assert catalogue["acme.disk.kept"].area == "acme"
    assert catalogue.areas[-1] == "acme"


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        (ROW + "    neds: [view]\n", r"acme.disk.kept\): unknown field 'neds'; did you mean"),
        (ROW.replace("[invoke]", "[invok]"), r"acme.disk.kept\): .*'invok'"),
        (ROW.replace("required", "mandatory"), r"acme.disk.kept\): .*'mandatory'"),
        (ROW.replace("    title: The disk is kept.\n", ""), r"acme.disk.kept\): .*`title`"),
        (ROW + ROW, r"acme.disk.kept: this id is also in .*acme.yaml"),
        (ROW.replace("acme.disk.kept", "life.deleted.removed"), r"also in .*node-lifecycle.yaml"),
        (ROW.replace("acme.disk.kept", "Disk"), "lower-case words with dots"),
        (ROW + "    rests_on: [life.deleted.remove]\n", "did you mean 'life.deleted.removed'"),
        (ROW + "    rests_on: [acme.disk.kept]\n", "circle: acme.disk.kept -> acme.disk.kept"),
        (ROW + "    capability: zone\n", "unknown capability 'zone'; did you mean 'zones'"),
        (ROW + "    deadline: node-initt\n", "unknown deadline 'node-initt'; did you mean"),
        (ROW.replace("required", "optional"), "optional requirement needs a capability"),
        (ROW + "    refusable: true\n", "only a requirement with a capability"),
        (ROW + "    faults: [server-eror]\n", "unknown fault 'server-eror'; did you mean"),
        (ROW + "    faults: [timeout]\n", "faults and the need `disturb` go together"),
        (ROW + "    title: Twice.\n", "key 'title' stands twice"),
        ("  - just words\n", "wanted a mapping, saw str"),
        ("  - [\n", "unreadable"),
    ],
)  # fmt: skip
def test_a_broken_row_is_refused(load_rows: Load, rows: str, complaint: str) -> None:
    with pytest.raises(CatalogueInvalid, match=complaint) as refused:
        load_rows(rows)
    assert "acme" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_for_another_area_is_refused(load_rows: Load) -> None:
    with pytest.raises(CatalogueInvalid, match="wanted area 'acme', saw 'other'"):
        load_rows(ROW, head="area: other\nsubject: csi-driver")


def test_a_file_without_a_subject_is_refused(load_rows: Load) -> None:
    with pytest.raises(CatalogueInvalid, match="subject"):
        load_rows(ROW, head="area: acme")


def test_an_area_without_a_file_is_refused() -> None:
    with pytest.raises(CatalogueInvalid, match="catalogue of area nowhere unreadable"):
        load([Area("nowhere", package="conformance")])


def test_an_area_in_a_package_that_is_not_there_is_refused() -> None:
    with pytest.raises(CatalogueInvalid, match="package 'no_such_package' cannot be imported"):
        load([Area("nowhere", package="no_such_package", catalogue="rows.yaml")])


def test_a_long_circle_is_told_in_full() -> None:
    def row(id_: str, *rests_on: str) -> Requirement:
        template = load(OURS)["life.deleted.removed"]
        return Requirement(
            id_, "t", "a", template.subject, template.level, template.needs, "d", (),
            rests_on=rests_on,
        )  # fmt: skip

    with pytest.raises(CatalogueInvalid, match=r"a\.x -> a\.y -> a\.z -> a\.x"):
        Catalogue([row("a.x", "a.y"), row("a.y", "a.z"), row("a.z", "a.x")])
