"""From a name to a package on disk."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from conformance.errors import UsageError

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

FILES = {
    "pyproject.toml": "pyproject.toml.j2",
    "README.md": "README.md.j2",
    "{module}/__init__.py": "__init__.py.j2",
    "{module}/adapter.py": "adapter.py.j2",
    "{module}/capabilities.py": "capabilities.py.j2",
    "tests/test_adapter.py": "test_adapter.py.j2",
    ".github/workflows/conformance.yaml": "github.yaml.j2",
    "prow.yaml": "prow.yaml.j2",
}
"""Files of the package, each with its template."""


def generate_package(name: str, folder: Path) -> list[Path]:
    """Write the package of provider `name` into `folder` and return its files.

    Raises `UsageError` for a name that cannot be one, and for a folder that holds something.
    """
    if not NAME.fullmatch(name):
        raise UsageError(f"new-provider {name!r}: wanted lower case letters, digits and dashes")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} holds something already; give --folder DIR for another place")
    facts = {
        "name": name,
        "title": name.replace("-", " ").title(),
        "type": name.replace("-", " ").title().replace(" ", ""),
        "module": f"{name.replace('-', '_')}_conformance",
    }
    written = []
    for path, text in rendered(facts).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        written.append(target)
    return written


def rendered(facts: dict[str, str]) -> dict[str, str]:
    """Every file of the package: relative path and text."""
    templates = resources.files("conformance.new_provider") / "templates"
    environment = Environment(
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Python and YAML, no HTML
    )
    return {
        path.format(**facts): environment.from_string(
            (templates / template).read_text(encoding="utf-8")
        ).render(facts)
        for path, template in FILES.items()
    }
