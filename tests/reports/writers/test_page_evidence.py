from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from reports.model import EvidenceFile
from reports.writers.page_evidence import LOG_CHARACTERS, page_evidence
from tests.reports.sample import HOSTILE, node, recorded, run_of, with_evidence


def shown(folder: Path, *files: EvidenceFile, room: int = 100_000) -> Any:
    return page_evidence(run_of(recorded("a.one", evidence=list(files))), folder, room)["a.one"]


def written(
    folder: Path, name: str, text: str, media_type: str = "application/json"
) -> EvidenceFile:
    path = folder / "evidence" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return EvidenceFile(path=f"evidence/{name}", sha256=digest, media_type=media_type)


def test_entries_stand_in_the_order_of_time(tmp_path: Path) -> None:
    entries = shown(tmp_path, with_evidence(tmp_path, "a.one"))["entries"]
    assert [entry["at"] for entry in entries] == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]


def test_a_change_is_told_by_its_fields_and_only_the_last_state_is_whole(tmp_path: Path) -> None:
    evidence = shown(tmp_path, with_evidence(tmp_path, "a.one"))
    seen = [entry for entry in evidence["entries"] if entry["lane"] == "kubernetes"]
    assert [entry.get("detail") for entry in seen] == [None, {"changed": ["metadata.labels"]}]
    assert [one["object"] for one in evidence["objects"]] == [node(HOSTILE)]
    assert evidence["notes"] == ["3 earlier entries were cut"]


def test_a_file_that_was_edited_or_lost_is_not_shown(tmp_path: Path) -> None:
    edited, lost = written(tmp_path, "a.json", "{}"), written(tmp_path, "b.json", "{}")
    (tmp_path / edited.path).write_text('{"notes": ["all is well"]}')
    (tmp_path / lost.path).unlink()
    assert shown(tmp_path, edited, lost) == {
        "notes": [
            "evidence/a.json was changed after the run, so it is not shown.",
            "evidence/b.json is not there, so it is not shown.",
        ]
    }


def test_something_else_is_named_and_not_shown(tmp_path: Path) -> None:
    for text in ("[]", "nonsense", '{"entries": [{"at": "noon"}]}'):
        told = shown(tmp_path, written(tmp_path, "a.json", text))
        assert told == {"notes": ["evidence/a.json is not evidence that this page can show."]}


def test_a_log_is_shown_by_its_end(tmp_path: Path) -> None:
    log = written(tmp_path, "a.one.controller.log", "x" * LOG_CHARACTERS + "the end", "text/plain")
    text = shown(tmp_path, with_evidence(tmp_path, "a.one"), log)["logs"]["a.one.controller.log"]
    assert len(text) == LOG_CHARACTERS
    assert text.endswith("the end")


def test_the_worst_outcomes_get_the_room(tmp_path: Path) -> None:
    good = recorded("a.good", evidence=[with_evidence(tmp_path, "a.good")])
    bad = recorded("a.bad", "failed", evidence=[with_evidence(tmp_path, "a.bad")])
    room = len(json.dumps(page_evidence(run_of(bad), tmp_path)["a.bad"]))
    found = page_evidence(run_of(good, bad), tmp_path, room)
    assert "entries" in found["a.bad"]
    assert found["a.good"] == {"notes": ["The page is full; the files hold the evidence."]}
