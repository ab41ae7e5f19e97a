"""`--provider generic --features FILE`: nothing is started and nothing is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import msgspec

from conformance.api import (
    AdapterDefaults,
    Identity,
    KnownFailure,
    Need,
    Offer,
    Parts,
    ProviderOptions,
    Start,
    Subject,
    Timing,
    UsageError,
)
from providers.generic.features import Features, read_features


class GenericAdapter(AdapterDefaults):
    """What is registered; the features file makes a provider of it."""

    name = "generic"

    def described(self, options: ProviderOptions) -> GenericProvider:
        """Raises `UsageError` without a file, and for a wrong one."""
        if not options.features:
            raise UsageError("provider generic: wanted --features FILE, saw none")
        return GenericProvider(read_features(Path(options.features)))

    def needs(self, options: ProviderOptions) -> frozenset[Need]:
        return self.described(options).needs(options)

    def subjects(self, options: ProviderOptions) -> Mapping[str, Start]:
        return self.described(options).subjects(options)


class GenericProvider(AdapterDefaults):
    """A cloud controller that works in somebody's cluster, judged by what that shows."""

    shared_only = True

    def __init__(self, features: Features) -> None:
        self._features = features
        self.name = features.name
        self.capabilities = frozenset(features.capabilities)
        self.timing = Timing(**msgspec.to_builtins(features.timing))
        self.known_failures = [
            msgspec.convert(known, KnownFailure, from_attributes=True)
            for known in features.known_failures
        ]

    def needs(self, options: ProviderOptions) -> frozenset[Need]:  # noqa: ARG002
        return frozenset({Need.KUBERNETES})

    def identity(self, options: ProviderOptions) -> Identity:  # noqa: ARG002
        said = self._features
        return Identity(said.name, version=said.version, library=said.library)

    def subjects(self, options: ProviderOptions) -> Mapping[str, Start]:  # noqa: ARG002
        return {Subject.CLOUD_CONTROLLER: partial(looked_at, self._features.nodes)}


@contextmanager
def looked_at(nodes: str, parts: Parts, options: ProviderOptions) -> Iterator[Offer]:  # noqa: ARG001
    """The nodes that are there."""
    yield Offer(standing=nodes)
