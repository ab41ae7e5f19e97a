"""The Go program stays small, formatted, and tidy for every library that it is built with."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from conformance.components.manifest import components
from conformance.components.sources import DISTRIBUTION, lay_sources

COMPONENT = components()["reference-controller"]

SOURCES = sorted((DISTRIBUTION / COMPONENT.source).glob("*.go"))

MOST_LINES = 400


def test_it_is_small() -> None:
    assert sum(len(path.read_text().splitlines()) for path in SOURCES) <= MOST_LINES


def test_every_pinned_library_has_its_modules(tmp_path: Path) -> None:
    for version in COMPONENT.versions:
        folder = tmp_path / version
        folder.mkdir()
        lay_sources(COMPONENT, version, folder)
        assert f"{COMPONENT.module} {version}" in (folder / "go.mod").read_text()


@pytest.mark.real
def test_it_is_formatted() -> None:
    if (gofmt := shutil.which("gofmt")) is None:
        pytest.skip("gofmt, which comes with Go, is not on PATH")
    said = subprocess.check_output([gofmt, "-l", *SOURCES], text=True)  # noqa: S603 - our files
    assert said == ""
