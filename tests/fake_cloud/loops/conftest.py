"""The world that tests of loops live in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fake_cloud.loops.world import World


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    yield world
    world.controller.kill()
    world.kube.close()
