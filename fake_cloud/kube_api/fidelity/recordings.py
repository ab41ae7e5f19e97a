"""Recordings on disk: `recordings/MINOR/FILE.json`, one a topic, readable and stable."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from fake_cloud.kube_api.fidelity.scenario import Exchange
from fake_cloud.kube_api.fidelity.steps import Topic

FOLDER = Path(__file__).parent / "recordings"


class Recorded(msgspec.Struct, frozen=True):
    """One step as a real API server answered it."""

    step: int
    says: str
    exchanges: list[Exchange]


class NotRecorded(Exception):  # noqa: N818 - a state of the topic
    """There is no recording of this topic for this minor."""


def write(
    topic: Topic, minor: str, steps: dict[int, list[Exchange]], folder: Path = FOLDER
) -> Path:
    """Write the normalised exchanges of a topic."""
    recorded = [Recorded(step.step, step.says, steps[step.step]) for step in topic.steps]
    path = _path(topic, minor, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    encoded = msgspec.json.encode(recorded, order="sorted")
    path.write_bytes(msgspec.json.format(encoded, indent=2) + b"\n")
    return path


def read(topic: Topic, minor: str, folder: Path = FOLDER) -> dict[int, list[Exchange]]:
    """The exchanges of each step, by number. Raises `NotRecorded`."""
    path = _path(topic, minor, folder)
    if not path.is_file():
        raise NotRecorded(f"{path} is missing: record topic {topic.topic} on a real API server")
    recorded = msgspec.json.decode(path.read_bytes(), type=list[Recorded])
    return {entry.step: entry.exchanges for entry in recorded}


def _path(topic: Topic, minor: str, folder: Path) -> Path:
    return folder / minor / f"{topic.file}.json"


def plain(exchange: Exchange) -> Any:
    """The exchange as plain data, to compare."""
    return msgspec.to_builtins(exchange)
