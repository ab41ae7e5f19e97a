"""The reference of all requirements as Markdown: one page a requirement, one index an area."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from conformance.catalogue import Catalogue
from conformance.contracts.proof import Defect
from conformance.contracts.requirements import Requirement
from conformance.explain import facts

NOTE = "<!-- Made by `cloud-conformance explain --all`; change the catalogue instead. -->"


def reference(catalogue: Catalogue, defects: Iterable[Defect]) -> Mapping[str, str]:
    """Text by file name: `README.md` and `<requirement id>.md`."""
    planted = list(defects)
    pages = {f"{row.id}.md": _page(row, planted) for row in catalogue.values()}
    return {"README.md": _index(catalogue), **pages}


def _index(catalogue: Catalogue) -> str:
    lines = [NOTE, "", "# Requirements", ""]
    for area in catalogue.areas:
        lines += [f"## {area}", "", "| requirement | level | promise |", "|---|---|---|"]
        rows = [row for row in catalogue.values() if row.area == area]
        lines += [f"| [{row.id}]({row.id}.md) | {row.level} | {row.title} |" for row in rows]
        lines.append("")
    return "\n".join(lines)


def _page(row: Requirement, defects: list[Defect]) -> str:
    lines = [NOTE, "", f"# {row.id}", "", f"**{row.title}**", ""]
    lines += [f"{row.level}, revision {row.revision}; [all requirements](README.md)", ""]
    for name, text in facts(row, defects):
        if name:
            lines += [f"## {name}", ""]
        lines += [text, ""]
    return "\n".join(lines)
