"""Wall time of the whole fake run, and how much of it its quiet windows must take."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter


def main() -> None:
    for workers in ("0", "2"):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-c", "from conformance.cli import main; main()", "run"]
            command += ["--provider", "fake", "-n", workers, "--report-dir", folder]
            began = perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - ours
            wall = perf_counter() - began
            text = (Path(folder) / "run.jsonl").read_text(encoding="utf-8")
            lines = [json.loads(line) for line in text.splitlines()]
        waits = [w for line in lines if line["kind"] == "Outcome" for w in line["waits"]]
        quiet = sum(wait["observed"] for wait in waits if wait["kind"] == "quiet")
        print(f"-n {workers}: {wall:.2f} s wall, {quiet:.2f} s of it in quiet windows (summed)")  # noqa: T201


if __name__ == "__main__":
    main()
