"""The page of a kill matrix: what the suite noticed, what it missed, whom it accused."""

from __future__ import annotations

import json
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined


def write_page(matrix: bytes, path: Path) -> None:
    """Render the JSON of a kill matrix as one self-contained HTML file."""
    environment = Environment(
        loader=PackageLoader("reports"), autoescape=True, undefined=StrictUndefined
    )
    facts = json.loads(matrix)
    alive = [row for row in facts["rows"] if row["verdict"] != "killed"]
    page = environment.get_template("kill-matrix.html.j2").render(
        matrix=facts,
        alive=alive,
        rows=alive + [row for row in facts["rows"] if row["verdict"] == "killed"],
        holds=not (alive or facts["void"] or facts["unproven"]),
    )
    path.write_text(page, encoding="utf-8")
