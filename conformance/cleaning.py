"""Removes what a run left behind, from its ledger alone, with or without the cluster.

Processes end first (the run's own workers among them), then objects on shared clusters, then cloud
resources of live accounts, then folders. What was on a private cluster or a simulator is gone with
its processes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from conformance.contracts.kubernetes import (
    NODES,
    RUN_LABEL,
    ApiError,
    ApiUnreachable,
    NotFound,
)
from conformance.contracts.providers import ProviderOptions
from conformance.errors import ConformanceError
from conformance.kube_http import HttpKubeClient
from conformance.ledger import (
    PROCESS,
    LedgerEntry,
    RunLedger,
    ledger_files,
    living_process,
    open_entries,
)
from conformance.registry import find_provider

ORDER = (PROCESS, "object", "cloud", "folder")
"""Kinds in the order in which they are removed."""

END_TIMEOUT = 10.0
"""Seconds that a process may take to go after SIGKILL."""


@dataclass(frozen=True, slots=True)
class Removal:
    """What became of one ledger entry; `why` is empty when it is gone."""

    run_id: str
    entry: LedgerEntry
    why: str = ""


def clean(folder: Path, run_id: str = "") -> list[Removal]:
    """Remove everything that the ledgers below `folder/ledger` do not strike out.

    `run_id` limits it to one run. Raises `LedgerUnreadable`.
    """
    files = [f for f in ledger_files(folder / "ledger") if not run_id or f.stem.startswith(run_id)]
    open_by_file = {path: open_entries(path) for path in files}
    removals = []
    for kind in ORDER:
        for path, entries in open_by_file.items():
            chosen = [entry for entry in entries if _rank(entry) == kind]
            removals += [_remove(path, entry) for entry in reversed(chosen)]
    for path in files:
        if not open_entries(path):
            path.unlink()
    return removals


def _rank(entry: LedgerEntry) -> str:
    return entry.kind if entry.kind in ORDER else "folder"


def _remove(path: Path, entry: LedgerEntry) -> Removal:
    run_id = path.stem.partition("-")[0]
    removers: dict[str, Callable[[LedgerEntry, str], str]] = {
        PROCESS: _end_process,
        "object": _delete_object,
        "cloud": _delete_cloud_resource,
        "folder": _delete_folder,
    }
    remover = removers.get(entry.kind)
    why = remover(entry, run_id) if remover else f"nobody knows how to remove a {entry.kind}"
    if not why:
        RunLedger(path).strike(entry.number)
    return Removal(run_id, entry, why)


def _end_process(entry: LedgerEntry, _run_id: str) -> str:
    process = living_process(entry)
    if process is None or process.pid == os.getpid():
        return ""
    family = [*process.children(recursive=True), process]
    for member in family:
        _kill(member)
    _, alive = psutil.wait_procs(family, timeout=END_TIMEOUT)
    return f"pid {alive[0].pid} does not end" if alive else ""


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return


def _delete_object(entry: LedgerEntry, run_id: str) -> str:
    """Delete the object only if it carries the run's id."""
    kubeconfig = str(entry.facts.get("kubeconfig", ""))
    if not kubeconfig:
        return ""
    try:
        kube = HttpKubeClient(Path(kubeconfig), str(entry.facts.get("context", "")))
        found = kube.get(NODES, entry.name)
        if found["metadata"].get("labels", {}).get(RUN_LABEL) == run_id:
            kube.patch(NODES, entry.name, {"metadata": {"finalizers": None}})
            kube.delete(NODES, entry.name)
    except NotFound:
        return ""
    except (ApiError, ApiUnreachable, ConformanceError) as error:
        return str(error)
    return ""


def _delete_cloud_resource(entry: LedgerEntry, run_id: str) -> str:
    if not entry.facts.get("live"):
        return ""
    provider, _ = find_provider(str(entry.facts["provider"]))
    remove = getattr(provider, "clean", None)
    ids: Sequence[str] = [str(entry.facts["id"])] if "id" in entry.facts else []
    if remove is None:
        return f"provider {provider.name} has no clean(); remove {entry.name} {ids} by hand"
    try:
        remove(ProviderOptions(live=True), run_id, ids)
    except Exception as error:  # noqa: BLE001 - one resource must not keep the others
        return f"{type(error).__name__}: {error}"
    return ""


def _delete_folder(entry: LedgerEntry, _run_id: str) -> str:
    shutil.rmtree(entry.name, ignore_errors=True)
    return f"{entry.name} is still there" if Path(entry.name).exists() else ""
