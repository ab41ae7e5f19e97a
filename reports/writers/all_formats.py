"""Every format of one run, from its run file."""

from __future__ import annotations

import os
from pathlib import Path

from reports.reading import read_run
from reports.writers.allure import write_allure
from reports.writers.junit import FILE, write_junit
from reports.writers.markdown import markdown, write_markdown
from reports.writers.page import write_page


def write_reports(run_file: Path, folder: Path, *, partial: bool = False) -> list[Path]:
    """Write JUnit, Allure results, Markdown and the page into `folder`; returns their paths.

    Evidence is read where the run file is. Raises `RunFileRefused`. In a GitHub step the summary is
    appended to it as well.
    """
    run = read_run(run_file, partial=partial)
    folder.mkdir(parents=True, exist_ok=True)
    junit, allure = folder / FILE, folder / "allure-results"
    summary, page = folder / "summary.md", folder / "index.html"
    write_junit(run, junit)
    write_allure(run, run_file.parent, allure)
    write_markdown(run, summary)
    write_page(run, run_file.parent, page)
    if step := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(step).open("a", encoding="utf-8") as stream:
            stream.write(markdown(run))
    return [junit, allure, summary, page]
