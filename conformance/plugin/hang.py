"""A hard limit for one check: a hang of ours or of an adapter ends as `CheckHung`."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from conformance.checks.verdicts import CheckHung


@contextmanager
def ends_within(seconds: float) -> Iterator[None]:
    """Raise `CheckHung` in this thread after `seconds`.

    Works where SIGALRM does (main thread, POSIX); elsewhere the checks' own budgets are the limit.
    """
    main = threading.current_thread() is threading.main_thread()
    if not main or not hasattr(signal, "setitimer"):
        yield
        return

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise CheckHung(f"the check did not end within {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
