"""One runner at a time writes into a folder of results."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import TextIO

from conformance.errors import ConformanceError, UsageError

LOCK = ".lock"


def occupy(folder: Path, run_id: str) -> TextIO:
    """Make the folder if need be, and hold it until the returned file is closed.

    The kernel lets go of it when this process ends, however it ends. Raises `UsageError` when
    another run holds it, and `ConformanceError` when it is no folder that can be written into.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / LOCK).open("a+", encoding="utf-8")
    except OSError as error:
        raise _useless(folder, error) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        lock.truncate(0)
        lock.write(f"run {run_id} (pid {os.getpid()})")
        lock.flush()
    except BlockingIOError:
        with lock:
            lock.seek(0)
            holder = lock.read() or "another run"
        raise UsageError(
            f"{holder} is writing into {folder}; wait for it or choose another --report-dir"
        ) from None
    except OSError as error:
        raise _useless(folder, error) from error
    return lock


def _useless(folder: Path, error: OSError) -> ConformanceError:
    return ConformanceError(
        f"--report-dir {folder}: wanted a folder that results can be written into, "
        f"saw: {error.strerror}; choose another"
    )
