"""From the growth of a Timeline to the wake of a wait on it."""

from __future__ import annotations

import statistics
import threading
from time import perf_counter

from conformance.checks.waiting import wait_until
from conformance.timeline import Timeline

RUNS = 300


def wake() -> float:
    """Seconds from an append on one thread to the return of a wait on another."""
    timeline = Timeline()
    grown: list[float] = []
    waiting = threading.Event()

    def grow() -> None:
        waiting.wait()
        grown.append(perf_counter())
        timeline.mark("step", "now")

    thread = threading.Thread(target=grow)
    thread.start()

    def holds() -> bool:
        waiting.set()
        return bool(timeline.position)

    wait_until(timeline, holds, 5.0)
    woken = perf_counter()
    thread.join()
    return woken - grown[0]


def main() -> None:
    times = sorted(wake() for _ in range(RUNS))
    p99 = times[int(0.99 * RUNS)]
    print(f"event to wake: p50 {1000 * statistics.median(times):.2f} ms, p99 {1000 * p99:.2f} ms")  # noqa: T201


if __name__ == "__main__":
    main()
