"""Differences that are known and have a reason: `listed.yaml`, and `later` in the steps."""

from __future__ import annotations

from pathlib import Path

import msgspec
import yaml

from fake_cloud.kube_api.fidelity.steps import Strict

FILE = Path(__file__).parent / "listed.yaml"


class Listed(Strict, frozen=True, kw_only=True):
    """Why a step may differ. `words`: only in the words of a Status; `minors`: only on these."""

    step: int
    reason: str
    words: bool = False
    minors: tuple[str, ...] = ()


def load_listed(minor: str, path: Path = FILE) -> dict[int, Listed]:
    """The listed differences of a minor by step. Raises `ValueError` for a step listed twice."""
    entries = msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), list[Listed])
    here = [entry for entry in entries if not entry.minors or minor in entry.minors]
    listed = {entry.step: entry for entry in here}
    if len(listed) != len(here):
        raise ValueError(f"{path.name}: a step is listed twice")
    return listed
