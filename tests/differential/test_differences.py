"""The loops in Python do what k8s.io/cloud-provider does, in each of its supported minors.

What is compared: every write to the Kubernetes API (verb, object, body, status) and every call of
the cloud (loop, question, error), in the order of each resource and loop. What is not: how often a
loop comes round, names and times of events, revisions, uids and fields that say nothing. There is
no list of exceptions, because there are none.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from conformance.components.manifest import components
from conformance.contracts.providers import ProviderOptions
from conformance.errors import ProgramMissing
from conformance.programs import find_program_linking
from fake_cloud.blueprint import Blueprint
from fake_cloud.defects import DEFECTS
from providers.fake.reference_controller import PROGRAM
from tests.differential.scenarios import SCENARIOS, Scenario
from tests.differential.stage import Subject, original, ours, staged

pytestmark = pytest.mark.real

LIBRARIES = components()[PROGRAM].versions


def play(scenario: Scenario, subject: Subject, folder: Path, defect: str = "") -> Mapping[str, str]:
    """Everything that the subject did, stream by stream."""
    blueprint = Blueprint(periods=scenario.periods)
    if defect:
        DEFECTS[defect].plant(blueprint)
    with staged(subject, blueprint, folder) as stage:
        scenario.play(stage)
        streams = stage.transcript.streams()
    return {name: "\n".join(lines) for name, lines in streams.items()}


@pytest.fixture(scope="session")
def originals() -> Mapping[str, Path]:
    """The reference controller by the library that it links."""
    try:
        options = ProviderOptions()
        return {one: find_program_linking(PROGRAM, one, options) for one in LIBRARIES}
    except ProgramMissing as missing:
        pytest.skip(str(missing))


@pytest.mark.parametrize("name", SCENARIOS)
def test_ours_do_what_the_originals_do(
    name: str, originals: Mapping[str, Path], tmp_path: Path
) -> None:
    scenario = SCENARIOS[name]
    written = play(scenario, ours, tmp_path / "ours")
    assert written
    for library, program in originals.items():
        assert play(scenario, original(program), tmp_path / library) == written, library


@pytest.mark.parametrize(
    ("name", "defect"),
    [
        ("joins", "labels-in-second-write"),
        ("joins", "says-nothing"),
        ("refresh", "only-adds-addresses"),
        ("shut-down", "overwrites-other-taints"),
        ("deleted-refused", "hides-failed-deletions"),
    ],
)
def test_a_planted_difference_is_seen(name: str, defect: str, tmp_path: Path) -> None:
    scenario = SCENARIOS[name]
    right = play(scenario, ours, tmp_path / "right")
    assert play(scenario, ours, tmp_path / "wrong", defect) != right
