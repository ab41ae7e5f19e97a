"""A program as provider: what it says becomes the plan, and its verdicts are those of the fake."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from conformance.api import AdapterBroken, Need, ProviderOptions, UsageError
from conformance.cleaning import clean
from conformance.ledger import RunLedger, ledger_path
from conformance.registry import chosen_provider
from providers.exec.adapter import ExecAdapter
from providers.exec.message_schema import SCHEMA, schema_text
from reports.comparison import other_verdicts
from reports.model import Run
from reports.reading import read_run
from tests.providers.exec import fake_over_pipes
from tests.providers.exec.programs import program

ROOT = Path(__file__).parents[3]
LIMIT = 180
CLI = (sys.executable, "-c", "from conformance.cli import main; main()")


def executable(folder: Path, transcript: Path | None = None) -> Path:
    """The fake cloud as a program; `transcript` gets every line in both directions."""
    words = f"{sys.executable} -m {fake_over_pipes.__name__}"
    tee = f"tee -a {transcript} | {words} | tee -a {transcript}" if transcript else f"exec {words}"
    path = folder / "fake-over-pipes"
    path.write_text(f"#!/bin/sh\ncd {ROOT}\n{tee}\n")
    path.chmod(0o755)
    return path


def surroundings() -> dict[str, str]:
    """Those of this process, with its import path."""
    paths = (os.environ.get("PYTHONPATH", ""), str(ROOT))
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


def run_of(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    with (folder / "output").open("wb") as output:
        return subprocess.Popen(  # noqa: S603 - our own program
            [*CLI, "run", "--json", *arguments, "--report-dir", str(folder)],
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=surroundings(),
        )


def runs_of(tmp_path: Path, asked: Sequence[Sequence[str]]) -> list[Run]:
    """Run files of runs that go on side by side."""
    folders = [tmp_path / str(number) for number in range(len(asked))]
    for folder in folders:
        folder.mkdir()
    running = [run_of(folder, *words) for folder, words in zip(folders, asked, strict=True)]
    codes = [one.wait(LIMIT) for one in running]
    assert codes == [0] * len(asked), [(folder / "output").read_text() for folder in folders]
    return [read_run(folder / "run.jsonl") for folder in folders]


def test_a_program_comes_to_the_verdicts_of_the_fake(tmp_path: Path) -> None:
    adapter = ("--adapter-exec", str(executable(tmp_path)))
    fake, told = runs_of(tmp_path, [("--provider", "fake"), adapter])
    assert not other_verdicts(fake, told)
    assert told.header.provider == "fake-over-pipes"
    assert told.header.components[-1].version.startswith("sha256:")
    assert len(told.outcomes) > 60


def test_bare_pytest_takes_a_program(tmp_path: Path) -> None:
    some = ("--conformance-focus", "node.init.single-step", "-p", "no:cacheprovider")
    adapter = ("--conformance-adapter-exec", str(executable(tmp_path)))
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "pytest", "--pyargs", "conformance.suites", *adapter, *some],
        capture_output=True,
        text=True,
        timeout=LIMIT,
        cwd=tmp_path,
        env=surroundings(),
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = read_run(tmp_path / "conformance-results" / "run.jsonl")
    assert told.header.provider == "fake-over-pipes"
    assert "--adapter-exec" in told.outcomes[0].reproduce


def test_the_schema_holds_for_every_line_of_a_run(tmp_path: Path) -> None:
    transcript = tmp_path / "transcript"
    adapter = str(executable(tmp_path, transcript))
    runs_of(tmp_path, [("--adapter-exec", adapter, "--focus", "life.shutdown.*")])
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    lines = [json.loads(line) for line in transcript.read_text(encoding="utf-8").splitlines()]
    assert {"describe", "call", "recorded", "stop"} <= {line["kind"] for line in lines}
    for line in lines:
        validator.validate(line)
        with pytest.raises(jsonschema.ValidationError):
            validator.validate({**line, "surprise": 1})


def test_committed_schema_is_that_of_the_messages() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_text()))
    again = "run `python -m providers.exec.message_schema`"
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), again


def described(path: Path) -> Any:
    return ExecAdapter().described(ProviderOptions(adapter_exec=str(path)))


def test_what_it_says_is_what_the_provider_declares(tmp_path: Path) -> None:
    provider = described(
        program(tmp_path, "say(DESCRIPTION, id=read()['id'], capabilities=['zones'], live=True)")
    )
    assert provider.name == "small"
    assert provider.capabilities == {"zones"}
    assert provider.live
    assert provider.needs(ProviderOptions()) == {Need.KUBERNETES, Need.VIEW}
    assert set(provider.subjects(ProviderOptions())) == {"cloud-controller"}


def test_options_reach_the_program(tmp_path: Path) -> None:
    body = """
        line = read()
        say(DESCRIPTION, id=line["id"], identity={"name": json.dumps(line["options"])})
    """
    options = ProviderOptions(
        adapter_exec=str(program(tmp_path, body)),
        live=True,
        values={"zone": "b"},
        programs={"ccm": "/p"},
        bin_dirs=("/bin",),
    )
    told = json.loads(ExecAdapter().described(options).identity(options).name)
    assert told == {
        "live": True,
        "values": {"zone": "b"},
        "programs": {"ccm": "/p"},
        "bin_dirs": ["/bin"],
    }


def test_the_doctor_finds_nothing_wrong_with_it(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        [*CLI, "doctor", "--adapter-exec", str(executable(tmp_path))],
        capture_output=True,
        text=True,
        timeout=LIMIT,
        cwd=tmp_path,
        env=surroundings(),
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_account_is_cleaned_by_the_program_that_made_it(tmp_path: Path) -> None:
    body = """
        say(DESCRIPTION, id=read()["id"], live=True)
        asked = read()
        open(sys.argv[0] + ".asked", "w").write(json.dumps(asked))
        say(kind="done", id=asked["id"])
    """
    path = program(tmp_path, body)
    ledger = RunLedger(ledger_path(tmp_path, "run1", "main"))
    ledger.add("cloud", "instance", provider="small", live=1, adapter_exec=str(path), id="i-1")
    ledger.close()
    assert [removal.why for removal in clean(tmp_path)] == [""]
    asked = json.loads(Path(f"{path}.asked").read_text(encoding="utf-8"))
    assert asked == {"kind": "clean-account", "id": 2, "run_id": "run1", "ids": ["i-1"]}


MISDESCRIBED = {
    "apiVersion": (
        "v0",
        "wanted the protocol conformance.cloud-provider/adapter-exec/v1, saw 'v0'",
    ),
    "name": ("Small Cloud", "wanted a name of lower-case letters.*saw 'Small Cloud'"),
    "needs": (["telepathy"], "Invalid enum value 'telepathy'"),
    "timing": ({"node_monitor": -1}, "timing node_monitor: wanted seconds"),
    "answer_seconds": (0, "answer_seconds"),
}


@pytest.mark.parametrize("field", MISDESCRIBED)
def test_a_wrong_description_is_told(tmp_path: Path, field: str) -> None:
    value, reason = MISDESCRIBED[field]
    body = f"say({{**DESCRIPTION, {field!r}: {value!r}}}, id=read()['id'])"
    with pytest.raises(AdapterBroken, match=reason):
        chosen_provider("exec", ProviderOptions(adapter_exec=str(program(tmp_path, body))))


def test_without_a_program_there_is_nothing_to_ask(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no program")
    for given, reason in (
        ("", "wanted --adapter-exec PATH"),
        (str(tmp_path / "text"), "executable"),
    ):
        with pytest.raises(UsageError, match=reason):
            chosen_provider("exec", ProviderOptions(adapter_exec=given))
