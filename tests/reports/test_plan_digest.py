from __future__ import annotations

import hashlib
import json

import msgspec

from reports.plan_digest import plan_digest
from tests.reports.sample import LEFT_OUT, ROWS, planned


def test_anybody_can_compute_it_again() -> None:
    rows = [*ROWS, planned("node.umlaut", title="Größe")]
    parts = msgspec.to_builtins([rows, LEFT_OUT])
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert plan_digest(rows, LEFT_OUT) == hashlib.sha256(text.encode()).hexdigest()


def test_order_matters() -> None:
    assert plan_digest(ROWS, []) != plan_digest(ROWS[::-1], [])
