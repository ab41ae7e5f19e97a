from __future__ import annotations

import pytest

from conformance.contracts.clusters import ApiRequest
from conformance.evidence import entry_as_json


@pytest.mark.parametrize(
    ("status", "reason", "error"),
    [
        (200, "", ""),
        (0, "", "0"),
        (500, "", "500"),
        (422, "Invalid: spec.taints: Duplicate", "422 Invalid: spec.taints: Duplicate"),
    ],
)
def test_a_refused_request_says_why(status: int, reason: str, error: str) -> None:
    request = ApiRequest("patch", "nodes", "a", "status", status, at=3.0, reason=reason)
    told = entry_as_json(request, origin=1.0)
    assert told["title"] == "patch nodes/a/status"
    assert (told["at"], told["error"]) == (2.0, error)
