"""A program that breaks in the middle of a run: its checks are errors that say why, in time."""

from __future__ import annotations

import re
from pathlib import Path

from conformance.redaction import MASK
from reports.model import Outcome
from reports.reading import read_run
from tests.providers.exec.programs import program
from tests.providers.exec.test_adapter import LIMIT, run_of

DESCRIBED = """
    DESCRIPTION["needs"] = ["kubernetes", "view", "control"]
    DESCRIPTION["subjects"] = {"cloud-controller": {"cluster": True}}
    say(DESCRIPTION, id=read()["id"])
"""


def judged(folder: Path, body: str) -> list[Outcome]:
    adapter = program(folder, DESCRIBED + body)
    some = (
        "--focus",
        "node.init.event",
        "--focus",
        "node.init.single-step",
        "--start-timeout",
        "4",
    )
    assert run_of(folder, "--adapter-exec", str(adapter), *some).wait(LIMIT) == 3
    outcomes = read_run(folder / "run.jsonl").outcomes
    assert {one.outcome for one in outcomes} == {"error"}
    return outcomes


def test_a_start_that_hangs_is_given_up(tmp_path: Path) -> None:
    outcomes = judged(tmp_path, "    read(); print('connecting', file=sys.stderr); time.sleep(600)")
    assert re.search(r"wanted an answer to start 2 within [\d.]+ s, saw none", outcomes[0].message)
    assert "its log ends: connecting" in outcomes[0].message


def test_a_program_that_dies_takes_its_checks_along_and_no_secret_out(tmp_path: Path) -> None:
    dying = """
    say(kind="secret", value="swordfish-2000")
    say(kind="started", id=read()["id"])
    say(kind="instances", id=read()["id"], instances=[])
    read()
    print("panic: no route to swordfish-2000", file=sys.stderr)
    os._exit(2)
    """
    outcomes = judged(tmp_path, dying)
    assert all("it ended; its log ends: panic: no route to" in one.message for one in outcomes)
    written = [
        path.read_text() for path in tmp_path.rglob("*") if path.suffix in (".log", ".jsonl")
    ]
    assert any(MASK in text for text in written)
    assert not any("swordfish" in text for text in written)
    assert [file for file in outcomes[0].evidence if file.path.endswith(".log")]


def test_another_description_than_planned_is_refused(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    fickle = f"""
    DESCRIPTION["live"] = os.path.exists({str(mark)!r})
    open({str(mark)!r}, "w").close()
    """
    adapter = program(tmp_path, fickle + DESCRIBED + "    read()")
    run = run_of(tmp_path, "--adapter-exec", str(adapter), "--focus", "node.init.single-step")
    assert run.wait(LIMIT) == 3
    (outcome,) = read_run(tmp_path / "run.jsonl").outcomes
    assert "wanted the same description each time, saw another live" in outcome.message
