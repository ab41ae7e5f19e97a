"""What importing the pytest plugin costs on top of pytest itself."""

from __future__ import annotations

import statistics
import subprocess
import sys
from time import perf_counter

RUNS = 20

BARE, LOADED = "import pytest", "import pytest, conformance.plugin"


def seconds(code: str) -> float:
    """Wall time of a fresh interpreter that runs `code`."""
    began = perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 - our own code
    return perf_counter() - began


def main() -> None:
    """The two take turns, so that a drift of the machine's speed touches both alike."""
    pairs = [(seconds(BARE), seconds(LOADED)) for _ in range(RUNS)]
    more = statistics.median(loaded - bare for bare, loaded in pairs)
    alone = statistics.median(bare for bare, _ in pairs)
    print(f"plugin import: {1000 * more:.1f} ms on top of pytest's {1000 * alone:.0f} ms")  # noqa: T201


if __name__ == "__main__":
    main()
