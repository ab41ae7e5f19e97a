"""The second run is a real one: the shared controllers, and whatever is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.cli.subtraction import subtract
from conformance.contracts.providers import ProviderOptions
from conformance.errors import ProgramMissing
from conformance.programs import find_program_linking
from conformance.request import request
from fake_cloud.loops.cloud_instances import CloudInstances
from reports.reading import read_run
from tests.reports.sample import headed, planned, recorded, written

pytestmark = pytest.mark.real

ID, EXPECTATION = "node.init.provider-id-format", "has-shape"


def run_file(folder: Path) -> Path:
    header = headed([planned(ID)], controller_library="v0.36.0")
    return written(folder / "run.jsonl", header, [recorded(ID, "failed", expectation=EXPECTATION)])


@pytest.mark.parametrize("fails_too", [False, True])
def test_the_reference_controller_is_asked(
    fails_too: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is planted here is in this process, so it stands for a bug of the library."""
    try:
        find_program_linking("reference-controller", "0.36", ProviderOptions())
    except ProgramMissing as missing:
        pytest.skip(str(missing))
    if fails_too:
        monkeypatch.setattr(CloudInstances, "provider_id", lambda _, machine: machine.id)
    path = run_file(tmp_path)

    told = subtract(path, request({"provider": "acme", "report_dir": str(tmp_path)}))

    assert f"{int(fails_too)} of 1 failures are also those of k8s.io/cloud-provider v0.36.3" in told
    (outcome,) = read_run(path).outcomes
    assert outcome.origin == ("shared-library" if fails_too else "")
