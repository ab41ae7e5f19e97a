"""What the adapter with controllers in Go declares, without the program."""

from __future__ import annotations

import pytest

from conformance.contracts.providers import ProviderOptions
from conformance.errors import ProgramMissing, UnknownName
from conformance.registry import find_provider
from fake_cloud.defects import DEFECTS
from fake_cloud.variants import VARIANTS
from providers.fake.reference_adapter import ReferenceProvider, plantable
from providers.fake.reference_controller import find_controller


def test_the_option_chooses_the_adapter() -> None:
    assert isinstance(find_provider("fake", "go")[0], ReferenceProvider)
    assert type(find_provider("fake", "python")[0]) is type(find_provider("fake")[0])


@pytest.mark.parametrize("provider", ["fake", "aws"])
def test_unknown_controllers_are_a_usage_error(provider: str) -> None:
    with pytest.raises(UnknownName, match="--controllers rust") as raised:
        find_provider(provider, "rust")
    assert raised.value.exit_code == 2


def test_only_wrong_answers_are_planted_under_the_originals() -> None:
    defects = plantable(DEFECTS)
    assert ReferenceProvider.canary in defects
    assert "never-untaints" not in defects
    assert {"slow-cloud", "finds-by-listing"} <= set(plantable(VARIANTS))
    assert "talks-more" not in plantable(VARIANTS)


def test_a_library_that_is_not_there_is_named_with_a_way_to_get_it() -> None:
    options = ProviderOptions(values={"library": "0.12"})
    with pytest.raises(ProgramMissing, match=r"k8s\.io/cloud-provider 0\.12"):
        find_controller(options)


def test_another_option_is_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        find_controller(ProviderOptions(values={"colour": "red"}))
