"""What an adapter offers to plant."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.contracts.proof import Defect, Plants, Variant
from conformance.errors import UsageError
from conformance.registry import find_provider


def planted_by(provider_name: str) -> tuple[Mapping[str, Defect], Mapping[str, Variant]]:
    """Defects and variants by id; raises `UsageError` for an adapter that has none."""
    provider, _ = find_provider(provider_name)
    if not isinstance(provider, Plants):
        raise UsageError(
            f"provider {provider_name} has nothing to plant; only an adapter with `defects` and "
            "`variants` (such as `fake`) has a kill matrix"
        )
    return provider.defects, provider.variants
