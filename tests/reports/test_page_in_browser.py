"""The page as a reader's browser shows it; skipped where no Chromium is on PATH."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from reports.writers.page import write_page
from tests.reports.sample import HOSTILE, SOURCE, every_kind_read

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
BROWSER = next(filter(None, map(shutil.which, NAMES)), None)

pytestmark = pytest.mark.skipif(BROWSER is None, reason=f"none of {', '.join(NAMES)} is on PATH")

LIMIT = 120
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--enable-logging=stderr",
    "--virtual-time-budget=3000",
)

Show = Callable[[str], str]


class Complaint(Exception):
    """The browser's console said something."""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "index.html"
    write_page(every_kind_read(tmp_path), tmp_path, path)
    return path


@pytest.fixture
def show(page: Path, tmp_path: Path) -> Show:
    """The page's DOM after its script ran, for what stands behind `#`; no script may complain."""

    def dom(behind: str) -> str:
        done = subprocess.run(  # noqa: S603 - the browser that the machine has
            [
                str(BROWSER),
                *QUIET,
                f"--user-data-dir={tmp_path / 'profile'}",
                "--dump-dom",
                f"{page.as_uri()}{behind}",
            ],
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=True,
        )
        if complaints := [line for line in done.stderr.splitlines() if "CONSOLE" in line]:
            raise Complaint("\n".join(complaints))
        return done.stdout

    return dom


def visible(dom: str) -> list[str]:
    """Ids of the rows that are not filtered away."""
    rows = re.findall(r'<details class="row"[^>]*>', dom)
    shown = [row for row in rows if ' hidden=""' not in row]
    return [match[1] for row in shown if (match := re.search(r'id="([^"]+)"', row))]


def test_everything_is_shown_at_first(show: Show) -> None:
    dom = show("")
    assert len(visible(dom)) == 14
    assert "14 of 14 shown" in dom
    assert "<form" in dom
    assert not re.search(r"<form[^>]* hidden", dom)


@pytest.mark.parametrize(
    ("behind", "wanted"),
    [
        ("#?level=recommended", ["node.wished"]),
        ("#?q=node.flaky", ["node.flaky"]),
        ("#?q=worker+died", ["node.unseen"]),
        ("#?level=optional&without=unsupported", ["node.ignores"]),
        ("#?q=nothing-has-this", []),
    ],
)
def test_filters_come_from_the_address(show: Show, behind: str, wanted: list[str]) -> None:
    dom = show(behind)
    assert visible(dom) == wanted
    assert f"{len(wanted)} of 14 shown" in dom


def test_profile_filter(show: Show) -> None:
    assert "node.leaks" not in visible(show("#?profile=core"))


def test_an_address_of_a_row_opens_its_evidence(show: Show) -> None:
    dom = show("#node.fails")
    row = dom.split('id="node.fails"', 1)[1].split('<details class="row"', 1)[0]
    assert "open" in row.split(">", 1)[0]
    assert "<svg" in row
    assert row.count('class="mark') == 6
    assert "cloud node-lifecycle" in row
    assert "Node worker-7 as last seen" in row
    assert "3 earlier entries were cut" in row


def test_hostile_text_stays_text_in_page_and_evidence(show: Show) -> None:
    dom = show("#node.fails")
    assert "<b>bold</b>" not in re.sub(r"<script.*?</script>", "", dom, flags=re.S)
    assert "<script>window.broken" not in dom
    assert "&lt;script&gt;window.broken = 1" in dom
    assert HOSTILE not in dom


@pytest.mark.parametrize(
    "foreign",
    [
        '<img src="http://example.org/x.png">',
        '<link rel="stylesheet" href="https://example.org/x.css">',
        "<script>window.broken = 1</script>",
    ],
)
def test_browser_refuses_what_is_not_of_the_page(page: Path, show: Show, foreign: str) -> None:
    """So the silence of the console in every other test means that nothing was asked for."""
    whole = page.read_text(encoding="utf-8")
    page.write_text(whole.replace("</body>", f"{foreign}</body>"), encoding="utf-8")
    with pytest.raises(Complaint, match="Content Security Policy"):
        show("")


def test_page_names_no_foreign_source(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.findall(r"<(?:link|img|iframe|object|embed|base)\b", text)
    assert not re.findall(r"\bsrc\s*=", text)
    assert not re.findall(r"@import|url\(|\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon", text)
    foreign = re.findall(r'<[^>]*href="(?:\w+:)?//[^>]*>', text)
    assert foreign == [f'<a rel="noreferrer" href="{SOURCE}">']
    assert "javascript:alert(1)" not in re.findall(r'href="([^"]*)"', text)
