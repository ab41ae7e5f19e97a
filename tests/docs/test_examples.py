"""What documents say about commands is true: each block marked `console exits=N` is run.

Every line that starts with `$ cloud-conformance` must end with exit code N. Lines that start with
another command are left to the reader.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ACME = ROOT / "downstream" / "acme"
TUTORIAL = ROOT / "docs" / "tutorial" / "first-adapter.md"
BLOCK = re.compile(r"^```console exits=(\d)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
LIMIT = 180


@dataclass(frozen=True, slots=True)
class Example:
    document: str
    command: str
    code: int


def documents() -> list[Path]:
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def examples() -> Iterator[Example]:
    for path in documents():
        for code, block in BLOCK.findall(path.read_text(encoding="utf-8")):
            for line in block.splitlines():
                if line.startswith("$ cloud-conformance "):
                    command = line.removeprefix("$ cloud-conformance ")
                    yield Example(str(path.relative_to(ROOT)), command, int(code))


@pytest.fixture(scope="module")
def installed_acme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that makes Acme's package look installed, with the entry points it declares."""
    site = tmp_path_factory.mktemp("site")
    project = tomllib.loads((ACME / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = site / "acme_conformance-0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: 0\n")
    groups = [
        "\n".join([f"[{group}]", *(f"{name} = {value}" for name, value in points.items())])
        for group, points in project["entry-points"].items()
    ]
    (info / "entry_points.txt").write_text("\n".join(groups))
    return site


@pytest.mark.parametrize("example", list(examples()), ids=lambda e: f"{e.document}: {e.command}")
def test_command_ends_as_said(example: Example, tmp_path: Path, installed_acme: Path) -> None:
    paths = (str(installed_acme), str(ACME), os.environ.get("PYTHONPATH", ""))
    done = subprocess.run(  # noqa: S603 - our own program
        [
            *(sys.executable, "-c", "from conformance.cli import main; main()"),
            *shlex.split(example.command, comments=True),
        ],
        capture_output=True,
        text=True,
        timeout=LIMIT,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        check=False,
    )
    assert done.returncode == example.code, done.stdout + done.stderr


def test_the_tutorial_shows_the_package_as_it_is() -> None:
    text = TUTORIAL.read_text(encoding="utf-8")
    adapter = (ACME / "acme_conformance" / "adapter.py").read_text(encoding="utf-8")
    project = (ACME / "pyproject.toml").read_text(encoding="utf-8")
    assert f"```python\n{adapter}```" in text
    assert f"```toml\n{project}```" in text
    assert len(adapter.splitlines()) <= 60


@pytest.mark.parametrize(
    "document", documents(), ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_links_lead_somewhere(document: Path) -> None:
    links = LINK.findall(document.read_text(encoding="utf-8"))
    assert not [link for link in links if not (document.parent / link).exists()]
