"""Removes what a run left behind, from its ledger alone, with or without the cluster.

The run's own processes end first, so that nothing new is made meanwhile, then the programs that
they started, then objects on shared clusters, cloud resources of live accounts, and folders. What
was on a private cluster or a simulator is gone with its processes.
"""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psutil

from conformance.clusters.kind import KIND_CLUSTER, KindBackend, write_kind_kubeconfig
from conformance.clusters.kind_program import Kind
from conformance.contracts.kubernetes import NODES, RUN_LABEL, KubeClient, NotFound
from conformance.contracts.providers import CleansAccounts, ProviderOptions
from conformance.errors import LedgerUnreadable
from conformance.kube_http import HttpKubeClient
from conformance.ledger import (
    CLOUD,
    FOLDER,
    OBJECT,
    PROCESS,
    RUNNER,
    WORKER,
    LedgerEntry,
    RunLedger,
    end_process,
    ledger_files,
    living_process,
)
from conformance.registry import chosen_provider
from conformance.request import PROGRAM_ADAPTER

WATCHER_TIMEOUT = 10.0
"""Seconds that the watcher of a program may live on after its owner; it needs milliseconds."""


@dataclass(frozen=True, slots=True)
class Removal:
    """What became of one thing that a run made. `why` it is still there; empty when it is gone."""

    run_id: str
    kind: str
    name: str
    why: str = ""


def clean(folder: Path, run_id: str = "", *, force: bool = False) -> list[Removal]:
    """Remove everything that the ledgers in a folder of results do not strike out.

    `run_id` limits it to one run. A run that is still going on is named and left alone, unless
    `force` ends it. Nothing is raised about a thing that resists: its removal says why, and the
    others go on.
    """
    removals = []
    for run, files in ledger_files(folder).items():
        if run_id not in ("", run):
            continue
        runner = _living_runner(files)
        if runner is None or force:
            removals += clean_run(folder, run)
        else:
            why = f"still going on: pid {runner.pid}; wait for it or end it (--force does)"
            removals.append(Removal(run, "run", run, why))
    return removals


def clean_run(folder: Path, run_id: str) -> list[Removal]:
    """Like `clean`, for one run and whether it is still going on or not.

    Files are read again for each kind, because a worker goes on writing until it was ended.
    """
    removals = []
    for kind in REMOVERS:
        for path in ledger_files(folder).get(run_id, []):
            removals += _remove_kind(path, run_id, kind)
    for path in ledger_files(folder).get(run_id, []):
        removals += _close(path, run_id)
    return removals


def _living_runner(files: Sequence[Path]) -> psutil.Process | None:
    entries = [entry for path in files for entry in _entries(path) if entry.kind == RUNNER]
    return next(filter(None, (living_process(entry.facts) for entry in entries)), None)


def _entries(path: Path) -> list[LedgerEntry]:
    """An unreadable file has none here; `_close` speaks of it."""
    try:
        return RunLedger(path).entries()
    except LedgerUnreadable:
        return []


def _remove_kind(path: Path, run_id: str, kind: str) -> list[Removal]:
    chosen = [entry for entry in _entries(path) if entry.kind == kind]
    if not chosen:
        return []
    with closing(RunLedger(path)) as ledger:
        return [_remove(ledger, run_id, entry) for entry in reversed(chosen)]


def _remove(ledger: RunLedger, run_id: str, entry: LedgerEntry) -> Removal:
    try:
        why = REMOVERS[entry.kind](entry, run_id)
    except Exception as error:  # noqa: BLE001 - one thing that resists must not keep the others
        why = f"{type(error).__name__}: {error}"
    if not why:
        ledger.strike(entry.number)
    return Removal(run_id, entry.kind, entry.name, why)


def _close(path: Path, run_id: str) -> list[Removal]:
    """Remove the ledger file itself when nothing is left in it."""
    try:
        left = RunLedger(path).entries()
    except LedgerUnreadable as error:
        return [Removal(run_id, "ledger", str(path), str(error))]
    if not left:
        path.unlink(missing_ok=True)
    unknown = [entry for entry in left if entry.kind not in REMOVERS]
    why = "nobody knows how to remove this; do it by hand, then remove the ledger"
    return [Removal(run_id, entry.kind, entry.name, why) for entry in unknown]


def _end_process(entry: LedgerEntry, _run_id: str) -> str:
    process = living_process(entry.facts)
    if process is not None and process.pid in _our_own():
        return f"pid {process.pid} is running this very command"
    end_process(entry.facts)
    return ""


def _end_program(entry: LedgerEntry, run_id: str) -> str:
    """Also if its owner died before it could write down the pid: then its watcher ends it."""
    why = _end_process(entry, run_id)
    watchers = _with_argument(str(entry.facts["log"])) if "log" in entry.facts else []
    _, alive = psutil.wait_procs(watchers, timeout=0 if why else WATCHER_TIMEOUT)
    return why or (f"its watcher, pid {alive[0].pid}, does not end" if alive else "")


def _our_own() -> set[int]:
    """Pids of this process and of those that it runs under, and the groups that they are in."""
    family = [psutil.Process(), *psutil.Process().parents()]
    return {process.pid for process in family} | {os.getpgid(process.pid) for process in family}


def _with_argument(text: str) -> list[psutil.Process]:
    processes = psutil.process_iter(["cmdline"])
    return [process for process in processes if text in (process.info["cmdline"] or ())]


def _delete_object(entry: LedgerEntry, run_id: str) -> str:
    if name := str(entry.facts.get("kind_cluster", "")):
        with tempfile.TemporaryDirectory(prefix="cpc-clean-") as folder:
            path = write_kind_kubeconfig(KindBackend().kind(), name, Path(folder))
            return _delete_object_through(path, "", entry.name, run_id)
    kubeconfig = str(entry.facts.get("kubeconfig", ""))
    if not kubeconfig:
        return ""
    context = str(entry.facts.get("context", ""))
    return _delete_object_through(Path(kubeconfig), context, entry.name, run_id)


def _delete_object_through(kubeconfig: Path, context: str, name: str, run_id: str) -> str:
    with closing(HttpKubeClient(kubeconfig, context)) as kube:
        return delete_node(kube, name, run_id)


def _delete_kind_cluster(entry: LedgerEntry, run_id: str) -> str:
    """Only one that is surely ours: by its name, or because its nodes carry the run's id."""
    kind = Kind(Path(str(entry.facts["program"])))
    if entry.name not in kind.clusters():
        return ""
    with tempfile.TemporaryDirectory(prefix="cpc-clean-") as folder:
        path = Path(folder)
        named = entry.name.startswith(f"cpc-{run_id}-")
        if not named and not _carries(kind, entry.name, path, run_id):
            return f"its nodes do not say that it is ours: kind delete cluster --name {entry.name}"
        kind.delete(entry.name, path / "kind.kubeconfig")
    return ""


def _carries(kind: Kind, name: str, folder: Path, run_id: str) -> bool:
    """Whether the cluster has a node with the run's id."""
    with closing(HttpKubeClient(write_kind_kubeconfig(kind, name, folder))) as kube:
        return bool(kube.list(NODES, label_selector=f"{RUN_LABEL}={run_id}")["items"])


def delete_node(kube: KubeClient, name: str, run_id: str) -> str:
    """Delete it only if it carries the run's id; another's of that name means that ours is gone."""
    try:
        found = kube.get(NODES, name)
        if found["metadata"].get("labels", {}).get(RUN_LABEL) != run_id:
            return ""
        kube.patch(NODES, name, {"metadata": {"finalizers": None}})
        kube.delete(NODES, name)
        kube.get(NODES, name)
    except NotFound:
        return ""
    return "it was deleted and is still there; look at its finalizers"


def _delete_cloud_resource(entry: LedgerEntry, run_id: str) -> str:
    if not entry.facts.get("live"):
        return ""
    options = ProviderOptions(live=True, adapter_exec=str(entry.facts.get("adapter_exec", "")))
    adapter = PROGRAM_ADAPTER if options.adapter_exec else str(entry.facts["provider"])
    provider, _ = chosen_provider(adapter, options)
    ids = [str(entry.facts["id"])] if "id" in entry.facts else []
    if not isinstance(provider, CleansAccounts):
        which = ", ".join(ids) or f"what carries {run_id}"
        return f"provider {provider.name} has no clean(); remove {which} by hand"
    provider.clean(options, run_id, ids)
    return ""


def _delete_folder(entry: LedgerEntry, run_id: str) -> str:
    """Only one whose name says that it is ours: nothing that a ledger says makes it another's."""
    folder = Path(entry.name)
    if folder.exists():
        if not folder.name.startswith(f"cpc-{run_id}-"):
            return f"its name does not say that it is ours: rm -r {shlex.quote(entry.name)}"
        shutil.rmtree(folder)
    return ""


REMOVERS: Mapping[str, Callable[[LedgerEntry, str], str]] = {
    RUNNER: _end_process,
    WORKER: _end_process,
    PROCESS: _end_program,
    OBJECT: _delete_object,
    CLOUD: _delete_cloud_resource,
    KIND_CLUSTER: _delete_kind_cluster,
    FOLDER: _delete_folder,
}
"""Kinds in the order in which they are removed; a remover says why a thing is still there."""
