"""An adapter that does as `--provider-option behave=...` says."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from conformance.api import (
    AdapterDefaults,
    KnownFailure,
    Need,
    Offer,
    Parts,
    ProviderOptions,
    Start,
    Subject,
    Timing,
)

SECRET = "canary-secret-7d1f"  # noqa: S105 - planted, must never show anywhere


class Instances:
    """A view whose content a check may change, so that it can leak."""

    def __init__(self) -> None:
        self.found: dict[str, object] = {}

    def list(self) -> list[object]:
        return list(self.found.values())

    def get(self, instance_id: str) -> object | None:
        return self.found.get(instance_id)


class StubProvider(AdapterDefaults):
    name = "stub"
    capabilities = frozenset({"zones"})
    timing = Timing(node_reaction=0.01, poll=None, budgets={"event": 0.05, "retry": 0.05})
    known_failures = (
        KnownFailure("pipe.fails-known", "planted", "https://example.org/issues/1", "2999-01-01"),
        KnownFailure("pipe.fails-expired", "planted", "https://example.org/issues/2", "2000-01-01"),
        KnownFailure("pipe.passes-listed", "planted", "https://example.org/issues/3", "2999-01-01"),
    )

    def needs(self, options: ProviderOptions) -> frozenset[Need]:
        if options.values.get("behave") == "raises-in-needs":
            raise RuntimeError("planted")
        if options.values.get("behave") == "wrong-needs":
            return ["view"]  # type: ignore[return-value]
        return frozenset({Need.VIEW, Need.INVOKE, Need.PROCESS})

    def subjects(self, options: ProviderOptions) -> Mapping[str, Start]:  # noqa: ARG002
        return {Subject.CREDENTIAL_PLUGIN: start}


@contextmanager
def start(parts: Parts, options: ProviderOptions) -> Iterator[Offer]:
    parts.secret(SECRET)
    behave = options.values.get("behave", "")
    if behave == "raises":
        raise RuntimeError("planted: it did not start")
    if behave == "hangs":
        threading.Event().wait(600)
    if behave == "wrong-type":
        yield {"instances": None}  # type: ignore[misc]
        return
    invoke = None if behave == "missing-need" else object()
    yield Offer(instances=Instances(), invoke=invoke)  # type: ignore[arg-type]
    if behave == "raises-at-its-end":
        raise RuntimeError("planted: it did not end")
