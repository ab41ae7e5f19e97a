"""A small process between us and a program: it starts the program and never outlives its owner.

Run as `python -I -S watcher.py LOG LIMIT TALK PROGRAM [ARGUMENT...]`. It imports none of ours. The
owner holds the other end of its standard input: `T` ends the program (SIGTERM), `K` kills its whole
process group, and a closed pipe means that the owner is gone, however it went. It is the program's
parent, so no pid that it signals can be another's. Its exit status is the program's (128 + N for
signal N). Output goes to LOG; beyond LIMIT bytes the log moves to LOG.old and begins anew. TALK
`IN,OUT` names descriptors that become the program's standard input and output, so that the log gets
its standard error alone; it is empty for a program that nobody talks to.
"""

from __future__ import annotations

import os
import select
import signal
import sys

CHUNK = 65536


class Log:
    """A file that holds the newest output; what cannot be written is dropped, never waited for."""

    def __init__(self, path: str, limit: int) -> None:
        self._path = path
        self._limit = limit
        self._file = self._open(os.O_APPEND)

    def write(self, data: bytes) -> None:
        try:
            if os.fstat(self._file).st_size + len(data) > self._limit:
                os.replace(self._path, self._path + ".old")  # noqa: PTH105 - pathlib starts slowly
                os.close(self._file)
                self._file = self._open(os.O_TRUNC)
            os.write(self._file, data)
        except OSError:
            return

    def _open(self, mode: int) -> int:
        return os.open(self._path, os.O_WRONLY | os.O_CREAT | mode, 0o600)


class Child:
    """The program, in a process group of its own."""

    def __init__(self, arguments: list[str], talk: list[int]) -> None:
        self.output, sink = os.pipe()
        os.set_blocking(self.output, False)
        self.pid = os.posix_spawn(
            arguments[0],
            arguments,
            os.environ,
            file_actions=[*streams(talk, sink), (os.POSIX_SPAWN_DUP2, sink, 2)],
            setpgroup=0,
            setsigdef=[signal.SIGPIPE, signal.SIGXFSZ],
        )
        for unused in (sink, *talk):
            os.close(unused)

    def ended(self) -> bool:
        """Whether it ended; it is not reaped yet, so that its pid stays its own."""
        how = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self.pid, how) is not None

    def end(self) -> None:
        os.kill(self.pid, signal.SIGTERM)

    def kill_group(self) -> None:
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except OSError:  # macOS: nobody but a zombie is left in it
            return

    def reap(self) -> int:
        _, status = os.waitpid(self.pid, 0)
        code = os.waitstatus_to_exitcode(status)
        return code if code >= 0 else 128 - code


def streams(talk: list[int], sink: int) -> list[tuple[int, ...]]:
    """File actions for standard input and output."""
    if not talk:
        nothing = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
        return [nothing, (os.POSIX_SPAWN_DUP2, sink, 1)]  # type: ignore[list-item]  # a path
    moved = [(os.POSIX_SPAWN_DUP2, given, number) for number, given in enumerate(talk)]
    return [*moved, *((os.POSIX_SPAWN_CLOSE, given) for given in talk)]


def copy_output(child: Child, log: Log) -> bool:
    """Move what is there into the log; False at the end of the output."""
    while True:
        try:
            data = os.read(child.output, CHUNK)
        except BlockingIOError:
            return True
        if not data:
            return False
        log.write(data)


def obey(child: Child) -> bool:
    """Do what the owner says; False when the owner is gone and the program with it."""
    commands = os.read(0, 16)
    if not commands or b"K" in commands:
        child.kill_group()
    elif b"T" in commands:
        child.end()
    return bool(commands)


def watch(child: Child, log: Log, signals: int) -> int:
    """Serve owner and program until the program has ended."""
    poll = select.poll()
    for source in (0, child.output, signals):
        poll.register(source, select.POLLIN)
    while True:
        ready = {source for source, _ in poll.poll()}
        if child.output in ready and not copy_output(child, log):
            poll.unregister(child.output)
        if signals in ready and signal.SIGTERM in os.read(signals, 64):
            child.kill_group()
        if child.ended():
            child.kill_group()
            copy_output(child, log)
            return child.reap()
        if 0 in ready and not obey(child):
            poll.unregister(0)


def signal_pipe() -> int:
    """A descriptor that becomes readable when the program ends or we are told to end."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    return reading


def say(line: str) -> None:
    """Tell the owner; one that is gone meanwhile is not missed here, `watch` sees it too."""
    try:
        os.write(1, f"{line}\n".encode())
    except BrokenPipeError:
        return


def main(log_path: str, limit: str, talk: str, *arguments: str) -> int:
    signals = signal_pipe()
    log = Log(log_path, int(limit))
    try:
        child = Child(list(arguments), [int(number) for number in talk.split(",") if number])
    except OSError as error:
        say(f"failed {error.strerror}")
        return 127
    say(f"pid {child.pid}")
    return watch(child, log, signals)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
