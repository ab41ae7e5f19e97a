"""One worker's private world for one setting: cluster, subjects, Timeline; lazy by part.

A subject is started when a check of it is about to run, a cluster when something asks for it. The
environment is replaced when a check left it dirty. It lends itself to adapters as `Parts`.
"""

from __future__ import annotations

import secrets
import shutil
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from conformance.contracts.clusters import (
    Cluster,
    ClusterBackend,
    ClusterOptions,
    KeepsLogs,
    Ledger,
)
from conformance.contracts.kubernetes import EVENTS, NODES
from conformance.contracts.providers import (
    Offer,
    Program,
    Provider,
    ProviderOptions,
    Timing,
)
from conformance.contracts.requirements import Setting
from conformance.errors import AdapterBroken, ConformanceError
from conformance.feed import feeds
from conformance.programs import supervise
from conformance.redaction import Redactor
from conformance.timeline import Entry, Timeline

Result = TypeVar("Result")

DEAD_SUBJECT = "dead-subject"
KILLED_AT_QUIET = "killed-at-quiet"
CANARIES = {
    DEAD_SUBJECT: "with the subject never at work, nothing of its passes",
    KILLED_AT_QUIET: "with the subject killed when a quiet window opens, no quiet row passes",
}
"""Ways to run against a subject that cannot do anything, so that no verdict may be good."""

CANARY_HURRY = 0.1

WATCHED = (NODES, EVENTS)
"""Resource types that every Timeline follows."""


@dataclass(frozen=True, slots=True)
class World:
    """What a worker builds environments from; the same for every environment of a run.

    `folder` is in the ledger already: environments make and remove folders of their own in it.
    """

    provider: Provider
    options: ProviderOptions
    backend: ClusterBackend
    cluster_options: ClusterOptions
    run_id: str
    folder: Path
    ledger: Ledger
    private: bool = True
    start_timeout: float = 120.0
    canary: str = ""
    redactor: Redactor = field(default_factory=Redactor)

    @property
    def timing(self) -> Timing:
        """The provider's; with a canary nothing is going to happen, so nobody waits long for it."""
        timing = self.provider.timing
        return timing.hurried(CANARY_HURRY) if self.canary else timing


class Corpse:
    """The process of the dead-subject canary: nothing brings it back."""

    alive = False

    def stop(self) -> None:
        """It is gone already."""

    def kill(self) -> None:
        """It is gone already."""

    def start(self) -> None:
        """It stays gone."""


class Environment:
    """Implements `Parts` for adapters and `ClusterParts` for backends."""

    def __init__(
        self, world: World, setting: Setting, on_entry: Callable[[Entry], None] | None = None
    ) -> None:
        self.world = world
        self.setting = setting
        self.timeline = Timeline(on_entry)
        self.dirty = ""
        self.folder = world.folder / f"{setting.value}-{secrets.token_hex(3)}"
        self._stack = ExitStack()
        self._offers: dict[str, Offer] = {}
        self._cluster: Cluster | None = None
        self._cluster_lock = threading.RLock()
        self.folder.mkdir(parents=True)
        self._stack.callback(shutil.rmtree, self.folder, ignore_errors=True)

    @property
    def run_id(self) -> str:
        return self.world.run_id

    @property
    def ledger(self) -> Ledger:
        return self.world.ledger

    @property
    def object_facts(self) -> dict[str, str]:
        """What `clean` needs to find an object again; nothing on a cluster that ends with us."""
        options = self.world.cluster_options
        if self.world.private:
            return {}
        if options.kind_name:
            return {"kind_cluster": options.kind_name}
        kubeconfig = str(Path(options.kubeconfig).absolute())
        return {"kubeconfig": kubeconfig, "context": options.context or options.adopt}

    @property
    def cloud_facts(self) -> dict[str, str | int]:
        """What `clean` needs to find a cloud resource again."""
        options = self.world.options
        facts: dict[str, str | int] = {"provider": self.world.provider.name}
        facts["live"] = int(options.live)
        if options.adapter_exec:
            facts["adapter_exec"] = str(Path(options.adapter_exec).absolute())
        return facts

    @property
    def started(self) -> tuple[str, ...]:
        """Subjects that run here."""
        return tuple(self._offers)

    def secret(self, value: str) -> str:
        return self.world.redactor.add(value)

    def cluster(self) -> Cluster:
        with self._cluster_lock:
            if self._cluster is None:
                self._cluster = self._start_cluster()
            return self._cluster

    def logs(self) -> Sequence[Path]:
        """Logs of the cluster's own programs, where it keeps some."""
        cluster = self._cluster
        return cluster.logs() if isinstance(cluster, KeepsLogs) else ()

    def program(
        self,
        path: Path,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        name: str = "",
    ) -> AbstractContextManager[Program]:
        label = name or path.name
        log = self.folder / f"{label}.log"
        return supervise(path, arguments, env or {}, log, self.ledger, label)

    def offer(self, subject: str) -> Offer:
        """What the started subject offers; starts it on first call.

        Raises `AdapterBroken` when the adapter raises, hangs or yields something else.
        """
        if subject not in self._offers:
            self._offers[subject] = self._start_subject(subject)
        return self._offers[subject]

    def soil(self, reason: str) -> None:
        """Say that this environment must be replaced; the first reason is kept."""
        self.dirty = self.dirty or reason

    def close(self) -> None:
        """End everything in reverse order; safe to call twice."""
        self._offers.clear()
        self._stack.close()

    def _start_cluster(self) -> Cluster:
        start = self.world.backend.start(self.world.cluster_options, self)
        cluster = self._stack.enter_context(start)
        for feed in feeds(cluster.kube, WATCHED, self.timeline):
            self._stack.enter_context(feed)
        if cluster.disturbance is not None:
            self._stack.callback(cluster.disturbance.subscribe(self.timeline.append))
        return cluster

    def _start_subject(self, subject: str) -> Offer:
        name = self.world.provider.name
        starts = self.world.provider.subjects(self.world.options)
        if subject not in starts:
            raise AdapterBroken(
                f"provider {name}: its subjects() name no way to start {subject}, although the "
                "plan read one from them; they must answer the same each time"
            )
        context = _guarded(name, lambda: starts[subject](self, self.world.options))
        offer = self._within_time(f"provider {name}: start of {subject}", context.__enter__)
        self._stack.push(context.__exit__)
        if not isinstance(offer, Offer):
            raise AdapterBroken(
                f"provider {name}: start of {subject} must yield an Offer, "
                f"saw {type(offer).__name__}; see conformance.api.Offer"
            )
        if offer.journal is not None:
            self._stack.callback(offer.journal.subscribe(self.timeline.append))
        if self.world.canary == DEAD_SUBJECT and offer.process is not None:
            offer.process.kill()
            return replace(offer, process=Corpse())
        return offer

    def _within_time(self, what: str, call: Callable[[], Result]) -> Result:
        """Run `call` on a thread that may be abandoned, so that a hanging adapter ends a check."""
        outcome: list[Result] = []
        failure: list[BaseException] = []

        def run() -> None:
            try:
                outcome.append(call())
            except BaseException as error:  # noqa: BLE001 - handed to the caller below
                failure.append(error)

        thread = threading.Thread(target=run, name=what, daemon=True)
        thread.start()
        thread.join(self.world.start_timeout)
        if thread.is_alive():
            raise AdapterBroken(
                f"{what} did not return within {self.world.start_timeout:.0f} s; if it is only "
                "slow, give --start-timeout SECONDS"
            )
        if failure:
            raise _broken(what, failure[0])
        return outcome[0]


def _guarded(name: str, call: Callable[[], Result]) -> Result:
    try:
        return call()
    except Exception as error:
        raise _broken(f"provider {name}", error) from error


def _broken(what: str, error: BaseException) -> BaseException:
    if isinstance(error, ConformanceError):
        return error
    broken = AdapterBroken(f"{what} raised {type(error).__name__}: {error}")
    broken.__cause__ = error
    return broken
