from __future__ import annotations

from pathlib import Path

import pytest

from conformance.errors import UsageError
from conformance.request import pairs, request


def test_a_temperament_may_stand_behind_the_provider() -> None:
    asked = request({"provider": "fake:slow"}, env={})
    assert (asked.provider, asked.temperament) == ("fake", "slow")


def test_results_go_to_the_first_place_that_is_named() -> None:
    env = {"ARTIFACTS": "/a", "SONOBUOY_RESULTS_DIR": "/s"}
    assert request({"provider": "x", "report_dir": "/r"}, env).report_dir == "/r"
    assert request({"provider": "x"}, env).report_dir == "/a"
    assert request({"provider": "x"}, {"SONOBUOY_RESULTS_DIR": "/s"}).report_dir == "/s"
    here = request({"provider": "x"}, {}).report_dir
    assert here == str(Path("conformance-results").absolute())


def test_run_ids_differ() -> None:
    assert request({"provider": "x"}, {}).run_id != request({"provider": "x"}, {}).run_id


@pytest.mark.parametrize("text", ["aws", "=path", "aws="])
def test_a_malformed_pair_is_a_usage_error(text: str) -> None:
    with pytest.raises(UsageError, match="--program"):
        pairs("--program", [text])


def test_what_is_planted_is_said() -> None:
    assert request({"provider": "x", "defect": "d"}, {}).planted == "defect d"
    assert request({"provider": "x"}, {}).planted == ""
