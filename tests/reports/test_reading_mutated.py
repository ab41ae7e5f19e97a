"""Ten thousand damaged run files: each is refused, or says what the whole one said."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from reports.claims import claims, exit_code
from reports.model import Run
from reports.reading import RunFileRefused, read_run
from tests.reports.sample import every_kind, headed, planned, recorded, written

SEEDS = 20
EACH = 500

Mutation = Callable[[random.Random, bytes, bytes], bytes]
"""A damaged copy of the first file; the second is another whole one, to take pieces from."""


def flip_a_bit(chance: random.Random, raw: bytes, _: bytes) -> bytes:
    at = chance.randrange(len(raw))
    return raw[:at] + bytes([raw[at] ^ 1 << chance.randrange(8)]) + raw[at + 1 :]


def put_a_byte(chance: random.Random, raw: bytes, _: bytes) -> bytes:
    at = chance.randrange(len(raw))
    return raw[:at] + bytes([chance.randrange(256)]) + raw[at:]


def cut_a_piece(chance: random.Random, raw: bytes, _: bytes) -> bytes:
    start = chance.randrange(len(raw))
    return raw[:start] + raw[start + chance.randint(1, 200) :]


def exchange_a_word(chance: random.Random, raw: bytes, _: bytes) -> bytes:
    """A word of the format for another, as somebody would who wants a better verdict."""
    words = [b"failed", b"passed", b"error", b"skipped", b"required", b"recommended", b"true"]
    words += [b"false", b'"known":"', b'"stale":"', b'"attempts":3', b'"attempts":1']
    here = [word for word in words if word in raw]
    word, other = chance.choice(here), chance.choice(words)
    places = [at for at in range(len(raw)) if raw.startswith(word, at)]
    at = chance.choice(places)
    return raw[:at] + other + raw[at + len(word) :]


def shuffle_lines(chance: random.Random, raw: bytes, _: bytes) -> bytes:
    lines = raw.splitlines(keepends=True)
    a, b = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]
    return b"".join(lines)


def drop_a_line(chance: random.Random, raw: bytes, _: bytes) -> bytes:
    lines = raw.splitlines(keepends=True)
    del lines[chance.randrange(len(lines))]
    return b"".join(lines)


def repeat_a_line(chance: random.Random, raw: bytes, _: bytes) -> bytes:
    lines = raw.splitlines(keepends=True)
    lines.insert(chance.randrange(len(lines) + 1), chance.choice(lines))
    return b"".join(lines)


def take_a_line_of_another(chance: random.Random, raw: bytes, other: bytes) -> bytes:
    lines, others = raw.splitlines(keepends=True), other.splitlines(keepends=True)
    at = chance.randrange(len(lines))
    kind = 0 if at == 0 else -1 if at == len(lines) - 1 else chance.randrange(1, len(others) - 1)
    lines[at] = others[kind]
    return b"".join(lines)


MUTATIONS: list[Mutation] = [
    flip_a_bit,
    put_a_byte,
    cut_a_piece,
    exchange_a_word,
    shuffle_lines,
    drop_a_line,
    repeat_a_line,
    take_a_line_of_another,
]


def verdict(run: Run) -> object:
    """Everything that somebody decides by."""
    judged = [
        (o.requirement, o.outcome, o.known, o.stale, o.attempts, o.origin, o.blocked_by, o.leaks)
        for o in run.outcomes
    ]
    return judged, [str(claim) for claim in claims(run)], exit_code(run), run.header, run.footer


def a_better_run(folder: Path) -> Path:
    """The same plan as `every_kind` has, and everything passed."""
    rows = [planned(row.requirement) for row in read_run(every_kind(folder)).header.plan.rows]
    return written(
        folder / "better.jsonl", headed(rows), [recorded(row.requirement) for row in rows]
    )


@pytest.mark.parametrize("seed", range(SEEDS))
def test_no_damage_changes_a_verdict(tmp_path: Path, seed: int) -> None:
    path, other = every_kind(tmp_path), a_better_run(tmp_path).read_bytes()
    raw, wanted = path.read_bytes(), verdict(read_run(path))
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    damaged = tmp_path / "damaged.jsonl"
    refused = 0
    for number in range(EACH):
        mutation = MUTATIONS[number % len(MUTATIONS)]
        damaged.write_bytes(mutation(chance, raw, other))
        try:
            seen = verdict(read_run(damaged))
        except RunFileRefused:
            refused += 1
        else:
            assert seen == wanted, f"{mutation.__name__} of seed {seed}"
    assert refused > EACH / 2, "the mutations hardly damage anything"
