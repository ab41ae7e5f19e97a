"""What an adapter offers to plant."""

from __future__ import annotations

from conformance.contracts.proof import Plants
from conformance.errors import UsageError
from conformance.registry import find_provider, provider_names


def planted_by(provider_name: str, controllers: str = "") -> Plants:
    """What this adapter can plant; raises `UsageError` for one that has nothing."""
    provider, _ = find_provider(provider_name, controllers)
    if not isinstance(provider, Plants):
        raise UsageError(
            f"provider {provider_name} has nothing to plant; only an adapter with `defects` and "
            "`variants` (such as `fake`) has a kill matrix"
        )
    return provider


def planted_by_anybody() -> list[Plants]:
    """Every installed adapter that has something to plant."""
    providers = [find_provider(name)[0] for name in provider_names()]
    return [provider for provider in providers if isinstance(provider, Plants)]
