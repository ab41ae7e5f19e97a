"""The blueprint and what is planted in it."""

from __future__ import annotations

import types

import pytest

from conformance.contracts.proof import Defect, Variant
from fake_cloud.blueprint import Blueprint
from fake_cloud.defects import DEFECTS
from fake_cloud.loops.cloud_instances import CloudInstances
from fake_cloud.planting import Planted, defect, registry, variant
from fake_cloud.variants import VARIANTS


def test_a_part_takes_the_place_of_what_it_derives_from() -> None:
    class Better(CloudInstances):
        pass

    blueprint = Blueprint()
    blueprint.use(Better)
    assert blueprint.instances is Better
    assert Blueprint().instances is CloudInstances


def test_what_derives_from_no_part_is_refused() -> None:
    with pytest.raises(TypeError, match="int derives from no part"):
        Blueprint().use(int)


def test_a_plan_gets_its_id_and_story_from_its_name_and_docstring() -> None:
    @defect("life.shutdown.kept", "life.shutdown.tainted")
    class ForgetsZones2(CloudInstances):
        """Zones
        are forgotten."""

    @variant
    def slow_rounds(blueprint: Blueprint) -> None:
        """Every period is long."""

    module = types.ModuleType(__name__)
    vars(module).update(one=ForgetsZones2, two=slow_rounds)
    planted = registry([module])
    assert set(planted) == {"forgets-zones2", "slow-rounds"}
    assert planted["forgets-zones2"].story == "Zones are forgotten."
    assert planted["forgets-zones2"].killers == ("life.shutdown.kept", "life.shutdown.tainted")
    assert planted["slow-rounds"].killers == ()


def test_a_function_may_change_the_blueprint_itself() -> None:
    @variant
    def no_quota(blueprint: Blueprint) -> None:
        """The account is as large as one likes."""
        blueprint.settings = blueprint.settings.__class__(quota=10**9)

    module = types.ModuleType(__name__)
    vars(module)["plan"] = no_quota
    blueprint = Blueprint()
    registry([module])["no-quota"].plant(blueprint)
    assert blueprint.settings.quota == 10**9


def test_incomplete_plans_are_refused() -> None:
    with pytest.raises(ValueError, match="name its killers"):
        defect()
    with pytest.raises(ValueError, match="has no story"):
        variant(type("Mute", (CloudInstances,), {}))
    with pytest.raises(TypeError, match="plant needs a Blueprint, not dict"):
        next(iter(DEFECTS.values())).plant({})


def test_two_of_one_name_are_refused() -> None:
    @variant
    class Twin(CloudInstances):
        """One of two."""

    one, two = types.ModuleType(__name__), types.ModuleType(__name__)
    vars(one)["twin"] = vars(two)["twin"] = Twin
    with pytest.raises(ValueError, match="two plans are named 'twin'"):
        registry([one, two])


@pytest.mark.parametrize("planted", [*DEFECTS.values(), *VARIANTS.values()], ids=lambda p: p.id)
def test_everything_planted_fits_the_blueprint(planted: Planted) -> None:
    blueprint = Blueprint()
    planted.plant(blueprint)
    assert blueprint != Blueprint()


def test_both_registries_serve_the_contract() -> None:
    defects: list[Defect] = list(DEFECTS.values())
    variants: list[Variant] = list(VARIANTS.values())
    assert all(one.killers for one in defects)
    assert all(one.story for one in variants)
