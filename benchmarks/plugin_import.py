"""What importing the pytest plugin costs on top of pytest itself."""

from __future__ import annotations

import statistics
import subprocess
import sys
from time import perf_counter

RUNS = 15


def seconds(code: str) -> float:
    """Median wall time of a fresh interpreter that runs `code`."""
    times = []
    for _ in range(RUNS):
        began = perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - our own code
        times.append(perf_counter() - began)
    return statistics.median(times)


def main() -> None:
    bare = seconds("import pytest")
    loaded = seconds("import pytest, conformance.plugin")
    print(f"plugin import: {1000 * (loaded - bare):.1f} ms on top of pytest's {1000 * bare:.0f} ms")  # noqa: T201


if __name__ == "__main__":
    main()
