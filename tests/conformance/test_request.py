from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from conformance.errors import UsageError
from conformance.redaction import MASK, masked
from conformance.request import pairs, request


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


CONTRADICTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "no time": ({"check_timeout": 0.0}, "--check-timeout: wanted a finite number above 0, saw 0"),
    "negative": ({"start_timeout": -1.0}, "--start-timeout: .* saw -1"),
    "endless": ({"check_timeout": float("inf")}, "--check-timeout: .* saw inf"),
    "no number": ({"start_timeout": float("nan")}, "--start-timeout: .* saw nan"),
    "more than a clock holds": ({"check_timeout": 1e300}, "--check-timeout: .* saw 1e"),
    "no UTF-8": ({"report_dir": "/r/\udcff"}, "--report-dir: wanted text in UTF-8"),
    "no UTF-8 in a list": ({"focus": ["\udcff"]}, "--focus: wanted text in UTF-8"),
    "context of nothing": ({"context": "c"}, "--context: .* saw --cluster embedded"),
    "kubeconfig elsewhere": (
        {"kubeconfig": "k", "adopt_cluster": "c", "cluster": "binaries"},
        "--kubeconfig: wanted with --cluster kubeconfig only",
    ),
    "two adapters": ({"adapter_exec": "a"}, "--provider, --adapter-exec: wanted one of them"),
    "promises of nobody": ({"features": "f"}, "--features: wanted with --provider generic only"),
    "two plants": ({"defect": "d", "variant": "v"}, "--defect, --variant: wanted one of them"),
}


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_what_cannot_be_meant_is_a_usage_error(case: str) -> None:
    values, told = CONTRADICTIONS[case]
    with pytest.raises(UsageError, match=told):
        request({"provider": "x", **values}, {})


def test_what_is_planted_is_said() -> None:
    assert request({"provider": "x", "defect": "d"}, {}).planted == "defect d"
    assert request({"provider": "x"}, {}).planted == ""


def test_one_requirement_is_run_again_under_the_same_conditions() -> None:
    said = {
        "provider": "aws",
        "live": True,
        "program": ["ccm=/bin/ccm", "x=/y z"],
        "cluster": "kubeconfig",
        "kubeconfig": "k",
        "check_timeout": 9.5,
        "area": ["node-lifecycle"],
        "report_dir": "/r",
    }
    assert request(said, {}).again("a.b") == (
        "cloud-conformance run --provider aws --live --program ccm=/bin/ccm --program 'x=/y z' "
        "--cluster kubeconfig --kubeconfig k --check-timeout 9.5 --focus a.b"
    )


def test_values_for_the_adapter_stay_out_of_the_header() -> None:
    command = [
        "run",
        "--provider-option",
        "token=s3cret",
        "--conformance-provider-option=key=s3cret",
    ]
    assert masked([*command, "-n", "2"]) == [
        "run",
        "--provider-option",
        f"token={MASK}",
        f"--conformance-provider-option=key={MASK}",
        "-n",
        "2",
    ]


def test_values_for_the_adapter_stay_out_of_the_command_for_one_requirement() -> None:
    again = request({"provider": "x", "provider_option": ["token=s3cret"]}, {}).again("a.b")
    assert (
        again == f"cloud-conformance run --provider x --provider-option 'token={MASK}' --focus a.b"
    )
