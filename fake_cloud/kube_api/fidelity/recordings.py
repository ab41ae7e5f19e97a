"""Recordings on disk: `recordings/MINOR/FILE.json`, one a topic, readable and stable."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from fake_cloud.kube_api.fidelity.scenario import Exchange
from fake_cloud.kube_api.fidelity.steps import Step, Topic

FOLDER = Path(__file__).parent / "recordings"


class Recorded(msgspec.Struct, frozen=True):
    """One step as a real API server answered it; `asked` is the digest of its requests."""

    step: int
    says: str
    asked: str
    exchanges: list[Exchange]


class NotRecorded(Exception):
    """There is no recording of these steps for this minor."""


def write(
    topic: Topic, minor: str, steps: dict[int, list[Exchange]], folder: Path = FOLDER
) -> Path:
    """Write the normalised exchanges of a topic."""
    recorded = [
        Recorded(step.step, step.says, _digest(step), steps[step.step]) for step in topic.steps
    ]
    path = folder / minor / f"{topic.file}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    encoded = msgspec.json.encode(recorded, order="sorted")
    path.write_bytes(msgspec.json.format(encoded, indent=2) + b"\n")
    return path


def read(topic: Topic, minor: str, folder: Path = FOLDER) -> dict[int, list[Exchange]]:
    """The exchanges of each step, by number. Raises `NotRecorded`."""
    path = folder / minor / f"{topic.file}.json"
    if not path.is_file():
        raise NotRecorded(f"{path} is missing: record topic {topic.topic} on a real API server")
    recorded = msgspec.json.decode(path.read_bytes(), type=list[Recorded])
    asked = {entry.step: entry.asked for entry in recorded}
    changed = [step.step for step in topic.steps if asked.get(step.step) != _digest(step)]
    if changed:
        raise NotRecorded(
            f"{path} has other requests for steps {changed}: record topic {topic.topic} again"
        )
    return {entry.step: entry.exchanges for entry in recorded}


def recorded_minors(folder: Path = FOLDER) -> list[str]:
    """Newest first."""
    found = [place.name for place in folder.iterdir() if place.is_dir()]
    return sorted(found, key=lambda minor: [int(part) for part in minor.split(".")], reverse=True)


def _digest(step: Step) -> str:
    return hashlib.sha256(msgspec.json.encode(step.requests)).hexdigest()[:12]
