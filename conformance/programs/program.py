"""A supervised child: in the ledger before it runs, no shell, and gone with its owner."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from conformance.contracts.clusters import Ledger
from conformance.errors import ProgramFailed
from conformance.ledger import KILL_TIME, PROCESS, Fact, end_process, process_facts
from conformance.programs import watcher

INHERITED = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "TZ")
"""All that a program gets of our environment: a verdict must not depend on somebody's shell."""

LOG_LIMIT = 64 * 1024 * 1024
"""Bytes of output that are kept at least; twice as many at most."""

GRACE = 10.0
"""Seconds between SIGTERM and SIGKILL."""


@contextmanager
def supervise(
    path: Path,
    arguments: Sequence[str],
    env: Mapping[str, str],
    log: Path,
    ledger: Ledger,
    name: str,
) -> Iterator[SupervisedProgram]:
    """A program that runs while the context is open.

    `env` is added to the variables in `INHERITED`. Its working folder is the log's. Its whole
    process group ends with the context and with this process, also after SIGKILL. Raises
    `ProgramFailed` when it cannot be executed.
    """
    program = SupervisedProgram(path, arguments, env, log, ledger, name)
    program.start()
    try:
        yield program
    finally:
        program.stop()


class SupervisedProgram:
    """Implements `Program`. Calls from several threads are done one after another."""

    def __init__(
        self,
        path: Path,
        arguments: Sequence[str],
        env: Mapping[str, str],
        log: Path,
        ledger: Ledger,
        name: str,
        talk: tuple[int, int] | None = None,
    ) -> None:
        """`talk`: descriptors for its standard input and output; without them it reads nothing, and
        its log holds all that it writes."""
        self.path = path.absolute()
        self.name = name
        self.log = log
        self.exit_status: int | None = None
        """How it ended last: its status, or 128 + N for signal N; None before."""
        self._arguments = tuple(arguments)
        self._env = {key: os.environ[key] for key in INHERITED if key in os.environ} | dict(env)
        self._ledger = ledger
        self._talk = talk or ()
        self._lock = threading.RLock()
        self._watcher: subprocess.Popen[bytes] | None = None
        self._number = 0
        self._process: Mapping[str, Fact] = {}

    @property
    def alive(self) -> bool:
        watching = self._watcher
        return watching is not None and watching.poll() is None

    def start(self) -> None:
        """Start it, again if it has ended. Raises `ProgramFailed` when it cannot be executed."""
        with self._lock:
            if self.alive:
                return
            self._settle()
            facts = {"path": str(self.path), "log": str(self.log.absolute())}
            self._number = self._ledger.add(PROCESS, self.name, **facts)
            self._watcher = self._spawn()
            answer, _, detail = self._first_line(self._watcher).partition(" ")
            if answer != "pid":
                self._settle()
                raise ProgramFailed(
                    f"{self.name}: {self.path} was not executed: {detail or self.last_lines()}"
                )
            self._process = {**process_facts(int(detail)), "group": 1}
            self._ledger.update(self._number, **self._process)

    def stop(self) -> None:
        with self._lock:
            self._tell(b"T")
            if not self.ended_within(GRACE):
                self._tell(b"K")
            self._settle()

    def kill(self) -> None:
        with self._lock:
            self._tell(b"K")
            self._settle()

    def last_lines(self, count: int = 12) -> str:
        """The end of its output, for messages."""
        try:
            text = self.log.read_bytes()[-8192:].decode(errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-count:])

    def _spawn(self) -> subprocess.Popen[bytes]:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        program = (str(self.path), *self._arguments)
        command = (sys.executable, "-I", "-S", watcher.__file__, str(self.log.absolute()))
        with self.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - no shell, arguments stay arguments
                (*command, str(LOG_LIMIT), ",".join(map(str, self._talk)), *program),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                pass_fds=self._talk,
                env=self._env,
                cwd=self.log.parent,
                start_new_session=True,
                bufsize=0,
            )

    def _first_line(self, watching: subprocess.Popen[bytes]) -> str:
        assert watching.stdout is not None
        return watching.stdout.readline().decode().strip()

    def _tell(self, command: bytes) -> None:
        if self._watcher is None or self._watcher.stdin is None:
            return
        try:
            self._watcher.stdin.write(command)
        except BrokenPipeError:
            return

    def ended_within(self, seconds: float) -> bool:
        """Whether it ends in this time; then its log is complete."""
        if self._watcher is None or self._watcher.stdout is None:
            return True
        closed = select.poll()
        closed.register(self._watcher.stdout, 0)
        return bool(closed.poll(seconds * 1000))

    def _settle(self) -> None:
        """Wait until it is gone, then strike it out; nothing to do when that is done."""
        if self._watcher is None:
            return
        if not self.ended_within(KILL_TIME):
            raise ProgramFailed(
                f"{self.name}: pid {self._process.get('pid')} is still there "
                f"{KILL_TIME:.0f} s after it was killed; end it by hand"
            )
        self.exit_status = self._watcher.wait()
        end_process(self._process)
        for pipe in (self._watcher.stdin, self._watcher.stdout):
            if pipe is not None:
                pipe.close()
        self._watcher = None
        self._ledger.strike(self._number)
