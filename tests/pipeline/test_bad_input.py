"""A wrong request or a broken adapter ends with one clear line and the right exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.test_registry import install
from tests.pipeline.conftest import command, finished, run

WRONG_REQUESTS = {
    "unknown provider": (["--provider", "stubb"], "did you mean 'stub'"),
    "unknown cluster": (["--cluster", "embeded"], "did you mean 'embedded'"),
    "unknown area": (["--area", "pipelin"], "did you mean 'pipeline'"),
    "unknown id": (["--focus", "pipe.pases"], "did you mean 'pipe.passes'"),
    "unknown level": (["--level", "requird"], "did you mean 'required'"),
    "unknown profile": (["--profile", "cores"], "did you mean 'core'"),
    "unknown capability": (["--capability", "zone"], "did you mean 'zones'"),
    "nothing selected": (["--focus", "pipe.passes", "--level", "optional"], "nothing"),
    "skip without a reason": (["--skip", "pipe.passes"], "NAME=VALUE"),
    "fewer than no workers": (["-n", "-1"], "-1 is not in the range"),
    "no time for a check": (["--check-timeout", "0"], "wanted a finite number above 0, saw 0"),
    "no number of seconds": (["--start-timeout", "nan"], "wanted a finite number above 0, saw nan"),
    "context of no cluster": (["--context", "c"], "wanted with --cluster kubeconfig only"),
    "two plants": (["--defect", "d", "--variant", "v"], "wanted one of them, saw both"),
    "no UTF-8": (["--skip", "pipe.passes=\udcff"], "--skip: wanted text in UTF-8"),
    "unknown Kubernetes": (["--cluster", "embedded", "--kubernetes", "1.2"], "1.37"),
}


@pytest.mark.parametrize("name", WRONG_REQUESTS)
def test_wrong_requests_end_with_2(tmp_path: Path, name: str) -> None:
    arguments, told = WRONG_REQUESTS[name]
    finished = run(tmp_path, *arguments)
    assert finished.code == 2, finished.output
    assert told in finished.output
    assert "Traceback" not in finished.output
    assert not (tmp_path / "run.jsonl").exists()


def test_an_adapter_that_ends_the_process_is_no_success(tmp_path: Path) -> None:
    install(tmp_path, "acme-exits", "acmeexits", "raise SystemExit(0)\n")
    ran = run(tmp_path, "--provider", "acmeexits")
    listed = finished(tmp_path, command(tmp_path, "providers")[:-2], tmp_path)
    assert ran.code == 3, ran.output
    assert listed.code == 0, listed.output
    for told in (ran.output, listed.output):
        assert "acme-exits could not be imported: SystemExit: 0" in told
        assert "Traceback" not in told
    assert not (tmp_path / "run.jsonl").exists()


BROKEN_ADAPTERS = {
    "raises-in-needs": "needs() raised RuntimeError",
    "wrong-needs": "needs() must return a frozenset",
}


@pytest.mark.parametrize("behave", BROKEN_ADAPTERS)
def test_adapters_that_cannot_be_planned_with_end_with_3(tmp_path: Path, behave: str) -> None:
    finished = run(tmp_path, "--provider-option", f"behave={behave}")
    assert finished.code == 3, finished.output
    assert BROKEN_ADAPTERS[behave] in finished.output
    assert not (tmp_path / "run.jsonl").exists()


BROKEN_STARTS = {
    "raises": "raised RuntimeError: planted",
    "hangs": "did not return within",
    "wrong-type": "must yield an Offer",
    "missing-need": "declares invoke",
}


@pytest.mark.parametrize("behave", BROKEN_STARTS)
def test_adapters_that_do_not_start_are_errors(tmp_path: Path, behave: str) -> None:
    arguments = ["--provider-option", f"behave={behave}", "--start-timeout", "0.5"]
    finished = run(tmp_path, "--focus", "pipe.passes", *arguments)
    assert finished.code == 3, finished.output
    record = finished.records["pipe.passes"]
    assert record["outcome"] == "error"
    assert BROKEN_STARTS[behave] in record["message"]


@pytest.mark.parametrize("workers", ["0", "2"])
def test_an_adapter_that_does_not_end_is_told_and_stops_nothing(
    tmp_path: Path, workers: str
) -> None:
    arguments = ["--provider-option", "behave=raises-at-its-end", "-n", workers]
    finished = run(tmp_path, "--focus", "pipe.errors", "--focus", "pipe.passes", *arguments)
    assert finished.code == 3, finished.output
    assert finished.records["pipe.passes"]["outcome"] == "passed"
    assert "; its environment did not end" in finished.records["pipe.errors"]["message"]
    assert finished.lines[-1]["kind"] == "RunFooter"
    assert not list((tmp_path / "ledger").glob("*"))


@pytest.mark.parametrize("workers", ["0", "2"])
def test_an_adapter_that_raises_at_its_end_costs_no_record_and_is_told(
    tmp_path: Path, workers: str
) -> None:
    arguments = ["--provider-option", "behave=raises-at-its-end", "-n", workers]
    finished = run(tmp_path, "--focus", "pipe.passes", *arguments)
    assert finished.records["pipe.passes"]["outcome"] == "passed"
    assert finished.code == 3, finished.output
    assert "did not end well" in finished.output
    assert "planted: it did not end" in finished.output
    assert "Traceback" not in finished.output
