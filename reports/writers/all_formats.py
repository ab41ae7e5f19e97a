"""Every format of one run, from its run file."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from reports.reading import read_run
from reports.writers.allure import write_allure
from reports.writers.junit import FILE, write_junit
from reports.writers.markdown import markdown, write_markdown
from reports.writers.page import write_page


class ReportsMissing(Exception):
    """Some formats could not be written, all others were; `troubles` has a line for each."""

    def __init__(self, troubles: Sequence[str]) -> None:
        super().__init__("; ".join(troubles))
        self.troubles = tuple(troubles)


def write_reports(run_file: Path, folder: Path, *, partial: bool = False) -> list[Path]:
    """Write JUnit, Allure results, Markdown and the page into `folder`; returns their paths.

    Evidence is read where the run file is. Raises `RunFileRefused`, and `ReportsMissing` after
    every other format was written. In a GitHub step the summary is appended to it as well.
    """
    run = read_run(run_file, partial=partial)
    folder.mkdir(parents=True, exist_ok=True)
    junit, allure = folder / FILE, folder / "allure-results"
    summary, page = folder / "summary.md", folder / "index.html"
    writers: dict[Path, Callable[[], object]] = {
        junit: lambda: write_junit(run, junit),
        allure: lambda: write_allure(run, run_file.parent, allure),
        summary: lambda: write_markdown(run, summary),
        page: lambda: write_page(run, run_file.parent, page),
    }
    paths = list(writers)
    if step := os.environ.get("GITHUB_STEP_SUMMARY"):
        writers[Path(step)] = lambda: _append(Path(step), markdown(run))
    if troubles := [told for path, write in writers.items() if (told := _trouble(path, write))]:
        raise ReportsMissing(troubles)
    return paths


def _trouble(path: Path, write: Callable[[], object]) -> str:
    """Why this format is missing; empty when it was written."""
    try:
        write()
    except Exception as error:  # noqa: BLE001 - one format must not cost the others
        return f"{path}: could not be written: {type(error).__name__}: {error}"
    return ""


def _append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as stream:
        stream.write(text)
