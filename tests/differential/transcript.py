"""What a controller did, in words that are the same for two runs of the same scenario."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Mapping
from typing import Any

from conformance.contracts.journal import CloudCall
from fake_cloud.kube_api.disturbances import Disturbances, Handle, intent_of
from fake_cloud.kube_api.http import Reply, Request, Streaming

WRITES = frozenset({"create", "update", "patch", "delete"})

QUIET = 0.5
"""Seconds without anything new after which a controller has said all that it has to say."""

LONGEST = 20.0

VOLATILE = frozenset({"resourceVersion", "uid", "creationTimestamp", "deletionTimestamp"})
TIMES = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
EVENT_NAME = re.compile(r"^(.*)\.[0-9a-f]+$")


class Transcript:
    """Streams of lines: writes of each resource, and calls of each loop, step by step.

    How often a loop comes round is not its content: a call or an event is told once a step, another
    write once in a row.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._streams: dict[str, list[str]] = {}
        self._step = "start"

    def write(self, request: Request, status: int) -> None:
        intent = intent_of(request)
        if intent.verb in WRITES:
            place = "/".join(filter(None, (intent.name, intent.subresource)))
            body = json.loads(request.body) if request.body else {}
            if intent.verb == "delete" and set(body) == {"kind", "apiVersion"}:
                body = {}  # options that say nothing
            said = json.dumps(normalised(body, intent.resource), sort_keys=True)
            line = f"{intent.verb} {stable_name(place)} {said} -> {status}"
            memory = 0 if intent.resource == "events" else 1
            self._add(f"writes of {intent.resource}", line, memory)

    def call(self, call: CloudCall) -> None:
        about = " ".join(sorted(call.about))
        ended = f" -> {call.error}" if call.error else ""
        self._add(f"calls of {call.caller}", f"{call.verb} {about}{ended}")

    def begin(self, step: str) -> None:
        """What comes from now on belongs to this step of the scenario."""
        with self._changed:
            self._step = step

    def settle(self) -> None:
        """Wait until nothing new has come for `QUIET` seconds."""
        deadline = time.monotonic() + LONGEST
        with self._changed:
            while self._changed.wait(QUIET):
                assert time.monotonic() < deadline, f"{self._step}: it never came to rest"

    def streams(self) -> Mapping[str, list[str]]:
        with self._changed:
            return {name: list(lines) for name, lines in sorted(self._streams.items())}

    def _add(self, stream: str, line: str, memory: int = 0) -> None:
        """Unless it is among the last `memory` lines of the stream (0: all of them)."""
        with self._changed:
            told = f"{self._step}: {line}"
            lines = self._streams.setdefault(stream, [])
            if told not in lines[-memory:]:
                lines.append(told)
                self._changed.notify_all()


def stable_name(place: str) -> str:
    """Names of events end in the time of their writing."""
    name, _, rest = place.partition("/")
    return "/".join(filter(None, (EVENT_NAME.sub(r"\1.<time>", name), rest)))


def normalised(value: Any, resource: str) -> Any:
    """Without what differs between two runs, and without fields that say nothing."""
    if isinstance(value, dict):
        kept = {}
        for key, one in value.items():
            told = normalised(one, resource)
            if key in VOLATILE and told:
                told = f"<{key}>"
            if key == "name" and resource == "events":
                told = stable_name(str(told))
            if key == "count" and told != 1:
                told = "<count>"
            if told not in ({}, [], "", None):
                kept[key] = told
        return kept
    if isinstance(value, list):
        return [normalised(one, resource) for one in value]
    return TIMES.sub("<time>", value) if isinstance(value, str) else value


class Overheard(Disturbances):
    """The door for the subject, with somebody who listens."""

    def __init__(self, handle: Handle, transcript: Transcript) -> None:
        super().__init__(handle)
        self._transcript = transcript
        self.watched = threading.Event()
        """Set as soon as the subject follows anything."""

    def answer(self, request: Request) -> Reply | Streaming:
        answer = super().answer(request)
        if isinstance(answer, Streaming):
            self.watched.set()
        self._transcript.write(request, answer.status)
        return answer
