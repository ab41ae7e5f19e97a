"""What a program tells as a secret or is given, and what opens its cluster: written nowhere."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.providers.exec.programs import program
from tests.providers.exec.test_adapter import CLI, LIMIT, surroundings

TOLD, GIVEN = "canary-told-4e1a", "canary-given-93b0"

LEAKY = f"""
import re

DESCRIPTION["needs"] = ["kubernetes", "view", "control", "journal"]
DESCRIPTION["subjects"] = {{"cloud-controller": {{}}}}

while line := read():
    if line["kind"] == "describe":
        say(DESCRIPTION, id=line["id"])
    elif line["kind"] == "start":
        with open(line["cluster"]["kubeconfig"]) as file:
            token = re.search(r"token: (\\S+)", file.read())[1]
        with open(os.path.join(os.path.dirname(__file__), "token"), "w") as file:
            file.write(token)
        say(kind="secret", value="{TOLD}")
        print("{TOLD}", token, file=sys.stderr, flush=True)
        say(kind="started", id=line["id"])
    elif line["kind"] == "stop":
        say(kind="done", id=line["id"])
    else:
        say(kind="call", id=line["id"], resource="instance", verb="create",
            detail={{"said": f"{TOLD} {{token}}"}})
        read()
        say(kind="called", id=line["id"], error=f"{TOLD} {{token}}")
        say(kind="error", id=line["id"], message=f"no instance for {TOLD} {{token}}")
"""


def test_the_doctor_does_not_tell_them(tmp_path: Path) -> None:
    adapter = ("--adapter-exec", str(program(tmp_path, LEAKY)))
    done = subprocess.run(  # noqa: S603 - our own program
        [*CLI, "doctor", *adapter, "--report-dir", str(tmp_path / "results")],
        capture_output=True,
        timeout=LIMIT,
        cwd=tmp_path,
        env=surroundings(),
        check=False,
    )
    assert b"no instance for [redacted] [redacted]" in done.stdout
    for secret in (TOLD, (tmp_path / "token").read_text()):
        assert secret.encode() not in done.stdout + done.stderr


def test_secrets_are_nowhere(tmp_path: Path) -> None:
    results = tmp_path / "results"
    adapter = ("--adapter-exec", str(program(tmp_path, LEAKY)))
    words = ("--provider-option", f"token={GIVEN}", "--focus", "node.init.taint-removed")
    done = subprocess.run(  # noqa: S603 - our own program
        [*CLI, "run", *adapter, *words, "--report-dir", str(results)],
        capture_output=True,
        timeout=LIMIT,
        cwd=tmp_path,
        env=surroundings(),
        check=False,
    )
    written = {path: path.read_bytes() for path in results.rglob("*") if path.is_file()}
    record = next(path for path in written if path.name == "run.jsonl")
    masked = [one for one in map(json.loads, record.open()) if "no instance for" in str(one)]
    assert masked, (done.stdout, done.stderr)
    for secret in (TOLD, GIVEN, (tmp_path / "token").read_text()):
        assert [p for p, data in written.items() if secret.encode() in data] == []
        assert secret.encode() not in done.stdout + done.stderr
