"""Every pair of text and ground on the page is readable in both colour schemes (WCAG 2.2, AA)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import reports

CSS = (Path(reports.__file__).parent / "static" / "run.css").read_text(encoding="utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
    for block in re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
)
WORDS = ("passed", "failed", "ignored", "error", "grey", "blue")
PAIRS = [
    *((word, f"{word}-bg") for word in WORDS),
    *((text, ground) for text in ("ink", "soft", *WORDS) for ground in ("paper", "card")),
    *((text, "blue-bg") for text in ("ink", "soft", "failed")),  # a picked entry
]
TEXT, CONTROLS = 4.5, 3.0
"""Least contrast by success criteria 1.4.3 and 1.4.11."""


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_is_readable(scheme: dict[str, str], text: str, ground: str) -> None:
    assert contrast(scheme[text], scheme[ground]) >= TEXT


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("edge", ["focus", "soft"])
def test_controls_and_focus_can_be_seen(scheme: dict[str, str], edge: str) -> None:
    assert all(contrast(scheme[edge], scheme[ground]) >= CONTROLS for ground in ("paper", "card"))
