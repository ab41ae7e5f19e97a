"""A case on the fake cloud and the embedded API: what checks are written against."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.checks import Case
from conformance.clusters.embedded import EmbeddedBackend
from conformance.contracts.clusters import ClusterOptions
from conformance.contracts.providers import ProviderOptions
from conformance.contracts.requirements import Level, Need, Requirement, Setting, Subject
from conformance.environment import Environment, World
from conformance.ledger import RunLedger
from providers.fake.adapter import FakeProvider

REQUIREMENT = Requirement(
    id="test.requirement",
    title="A requirement of these tests.",
    area="tests",
    subject=Subject.CLOUD_CONTROLLER,
    level=Level.REQUIRED,
    needs=frozenset({Need.KUBERNETES, Need.VIEW, Need.CONTROL}),
    decided_by="These tests.",
    sources=("tests",),
)


def world(tmp_path: Path, canary: str = "") -> World:
    return World(
        provider=FakeProvider(),
        options=ProviderOptions(),
        backend=EmbeddedBackend(),
        cluster_options=ClusterOptions(),
        run_id="feed1234",
        folder=tmp_path / "environments",
        ledger=RunLedger(tmp_path / "ledger" / "feed1234-main.jsonl"),
        canary=canary,
    )


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[Environment]:
    environment = Environment(world(tmp_path), Setting.DEFAULT)
    yield environment
    environment.close()


@pytest.fixture
def case(environment: Environment) -> Iterator[Case]:
    case = Case(REQUIREMENT, environment)
    yield case
    assert not case.close()
