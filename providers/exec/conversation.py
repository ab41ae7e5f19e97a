"""One process of an adapter program, and the questions that it is asked.

Whatever the program does wrong (it ends, hangs, says what nobody asked, says too much) ends the
conversation: every question, the waiting ones included, raises `AdapterBroken` with the reason.
"""

from __future__ import annotations

import os
import select
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from conformance.api import AdapterBroken, Ledger, TalkingProgram, talking
from providers.exec.answers import Answer, Error, FromProgram, Remark
from providers.exec.lines import Line
from providers.exec.questions import ToProgram

Wanted = TypeVar("Wanted", bound=Line)

LONGEST_LINE = 4 * 1024 * 1024
"""Bytes. The inventory of a large account fits; output without line ends does not fill memory."""

CHUNK = 65536
QUOTED = 300
"""Characters of a wrong line that a message quotes."""

STOP_SECONDS = 20.0
"""How long a program may take to end its subject."""


LAST_WORDS = 1.0
"""Seconds until what a program wrote before its end stands in its log."""


class Refused(RuntimeError):
    """The program answered that it could not do it."""


class Broken(Exception):
    """Why a line or the lack of one ends the conversation."""


@dataclass(slots=True)
class Waiting:
    """A question that is not answered yet."""

    answered: threading.Event = field(default_factory=threading.Event)
    answer: Answer | Error | None = None


class Conversation:
    """Questions may be asked by several threads at once; remarks are handed over one by one."""

    def __init__(self, talker: TalkingProgram, on_remark: Callable[[Remark], None]) -> None:
        self._talker = talker
        self._on_remark = on_remark
        self._numbers = count(1)
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._waiting: dict[int, Waiting] = {}
        self._broken = ""
        os.set_blocking(talker.asks, False)
        self._reader = threading.Thread(target=self._read, name="adapter program", daemon=True)
        self._reader.start()

    @property
    def log(self) -> Path:
        """What the program wrote to its standard error."""
        return self._talker.program.log

    @property
    def broken(self) -> bool:
        return bool(self._broken)

    def ask(
        self, question: Callable[[int], ToProgram], wanted: type[Wanted], limit: float
    ) -> Wanted:
        """The answer to what `question` makes of its number.

        Raises `Refused` when the program says that it could not, and `AdapterBroken`.
        """
        waiting = Waiting()
        with self._lock:
            number = next(self._numbers)
            self._waiting[number] = waiting
        asked = question(number)
        self.tell(asked, limit)
        if not waiting.answered.wait(limit):
            self.end(f"wanted an answer to {_name(asked)} within {limit:g} s, saw none")
        return self._checked(waiting.answer, wanted, asked)

    def tell(self, line: ToProgram, limit: float) -> None:
        """Write a line; a program that does not read for `limit` seconds ends the conversation."""
        self._raise_if_broken()
        data = memoryview(msgspec.json.encode(line) + b"\n")
        deadline = time.monotonic() + limit
        try:
            with self._writing:
                while data:
                    data = data[self._write(data, deadline) :]
        except (Broken, OSError) as error:
            self.end(f"wanted it to read {_name(line)}, saw {error}")
            self._raise_if_broken()

    def end(self, why: str) -> None:
        """The first reason stays, with the program's last words."""
        with self._lock:
            if not self._broken:
                program = self._talker.program
                last = " | ".join(program.last_lines(3).splitlines())
                self._broken = f"adapter program {program.name}: {why}"
                self._broken += f"; its log ends: {last}" if last else "; its log is empty"
            waiting = list(self._waiting.values())
            self._waiting.clear()
        for one in waiting:
            one.answered.set()

    def _write(self, data: memoryview, deadline: float) -> int:
        ready = select.poll()
        ready.register(self._talker.asks, select.POLLOUT)
        if not ready.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise Broken("a full pipe")
        return os.write(self._talker.asks, data[:CHUNK])

    def _checked(self, answer: Answer | Error | None, wanted: type[Wanted], asked: Any) -> Wanted:
        if answer is None:
            self._raise_if_broken()
        if isinstance(answer, Error):
            raise Refused(answer.message)
        if not isinstance(answer, wanted):
            self.end(f"wanted {_kind(wanted)} as answer to {_name(asked)}, saw {_text(answer)}")
            self._raise_if_broken()
        assert isinstance(answer, wanted)
        return answer

    def _raise_if_broken(self) -> None:
        if self._broken:
            raise AdapterBroken(self._broken)

    def _read(self) -> None:
        try:
            for line in lines(self._talker.answers):
                self._take(line)
            if not self.broken and self._talker.program.ended_within(LAST_WORDS):
                self.end("it ended")
            self.end("it closed its output")
        except Broken as error:
            self.end(str(error))
        except Exception as error:  # noqa: BLE001 - nobody may wait for a reader that is gone
            self.end(f"its output cannot be read: {error!r}")

    def _take(self, raw: bytes) -> None:
        try:
            said = msgspec.json.decode(raw, type=FromProgram)
        except msgspec.MsgspecError as error:
            raise Broken(f"wanted a line of the protocol, saw {_quoted(raw)}: {error}") from error
        if isinstance(said, Answer | Error):
            with self._lock:
                waiting = self._waiting.pop(said.id, None)
            if waiting is None:
                raise Broken(f"nobody asked for {_quoted(raw)}")
            waiting.answer = said
            waiting.answered.set()
            return
        try:
            self._on_remark(said)
        except ValueError as error:
            raise Broken(str(error)) from error


@contextmanager
def conversation(
    path: Path, log: Path, on_remark: Callable[[Remark], None], ledger: Ledger | None = None
) -> Iterator[Conversation]:
    """A process of the program while the context is open; supervised, gone at the end."""
    with talking(path, log, ledger) as talker:
        talk = Conversation(talker, on_remark)
        try:
            yield talk
        finally:
            if talk.broken:
                talker.program.kill()
            talk.end("the run has ended it")


def lines(descriptor: int) -> Iterator[bytes]:
    """Lines as they come. Raises `Broken` for one that is longer than `LONGEST_LINE`."""
    rest = bytearray()
    while data := os.read(descriptor, CHUNK):
        *whole, tail = data.split(b"\n")
        for end in whole:
            yield bytes(rest + end)
            rest.clear()
        rest += tail
        if len(rest) > LONGEST_LINE:
            raise Broken(f"wanted lines of at most {LONGEST_LINE} bytes, saw {_quoted(rest)}...")
    if rest:
        raise Broken(f"its output ends within a line: {_quoted(rest)}")


def _quoted(raw: bytes | bytearray) -> str:
    return repr(bytes(raw[:QUOTED]).decode(errors="replace"))


def _text(line: object) -> str:
    return _quoted(msgspec.json.encode(line))


def _name(line: ToProgram) -> str:
    """Not what is in it: options may hold secrets."""
    return f"{_kind(type(line))} {line.id}"


def _kind(wanted: type[Line]) -> str:
    return str(wanted.__struct_config__.tag)
