"""Steps as data: numbered requests, grouped into scenarios, one YAML file a topic in `steps/`.

A scenario is alone with its own namespace and object names. Its `setup` must succeed and is not
compared. `${name}` in a request stands for a value that an earlier `save` took from an answer.
Timestamps that a step sends are of the year 2020: all others are taken for the server's own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import yaml

FOLDER = Path(__file__).parent / "steps"


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data that a typing error makes unreadable."""


class Identity(Strict, frozen=True, kw_only=True):
    """Who asks: the `user` of a client certificate, the bearer of a `token`, or else nobody."""

    user: str = ""
    groups: tuple[str, ...] = ()
    token: str = ""


class Send(Strict, frozen=True, kw_only=True, tag_field="do", tag="send", rename={"by": "as"}):
    """One request: `send` is `METHOD /path`.

    `body` is sent as JSON, `raw` as it stands, `raw64` is the base64 of bytes. `save` maps a name
    to a dotted path into the answer (`.` is all of it), `save_head` to a header. `until` repeats
    the request until it is answered with this status, or has a value at this dotted path. `watch`
    keeps the answer open under this name. `compact` makes the server forget its history first,
    where it can be told to; elsewhere `until` waits for it.
    `as` says who asks, if that is not the administrator.
    """

    send: str
    query: dict[str, str] = {}
    headers: dict[str, str] = {}
    body: Any = msgspec.UNSET
    raw: str | None = None
    raw64: str | msgspec.UnsetType = msgspec.UNSET
    save: dict[str, str] = {}
    save_head: dict[str, str] | msgspec.UnsetType = msgspec.UNSET
    until: int | str = 0
    watch: str = ""
    compact: bool = False
    by: Identity | msgspec.UnsetType = msgspec.UNSET


class Read(Strict, frozen=True, kw_only=True, tag_field="do", tag="read"):
    """Take events from the open watch `read`: `count` of them, or up to one of type `upto`.

    `upto` may also name the object that the last event is about. `upto: end` reads until the server
    ends the stream. `close` ends it from our side afterwards.
    """

    read: str
    count: int = 0
    upto: str = ""
    save: dict[str, str] = {}
    close: bool = False


class Step(Strict, frozen=True, kw_only=True):
    """One numbered promise. `later` says why the embedded API may still differ."""

    step: int
    says: str
    requests: tuple[Send | Read, ...]
    later: str = ""


class Scenario(Strict, frozen=True, kw_only=True):
    """Steps that build on each other. `needs`: a program that must run beside the server."""

    name: str
    steps: tuple[Step, ...]
    setup: tuple[Send, ...] = ()
    needs: str = ""


class Topic(Strict, frozen=True, kw_only=True):
    """One file of steps; `file` is its name without the ending."""

    topic: str
    title: str
    scenarios: tuple[Scenario, ...]
    file: str = ""
    objects: Any = None  # where a file keeps the anchors that its requests share

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(step for scenario in self.scenarios for step in scenario.steps)


def load_topics(folder: Path = FOLDER) -> tuple[Topic, ...]:
    """All topics by letter. Raises `msgspec.ValidationError` for what is not a step."""
    topics = [_load(path) for path in sorted(folder.glob("*.yaml"))]
    return tuple(sorted(topics, key=lambda topic: topic.topic))


def _load(path: Path) -> Topic:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    for scenario in content["scenarios"]:
        for step in scenario["steps"]:
            step["requests"] = [
                {"do": "read" if "read" in request else "send", **request}
                for request in step["requests"]
            ]
    try:
        return msgspec.convert({**content, "file": path.stem}, Topic)
    except msgspec.ValidationError as error:
        raise msgspec.ValidationError(f"{path.name}: {error}") from error
