"""Cluster backend `kind`: real kubelets in containers, made by the run or taken over by name."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from conformance.clusters.kind_config import kind_config
from conformance.clusters.kind_program import ClusterUnfinished, Kind
from conformance.clusters.kubeconfig import KubeconfigBackend, SharedCluster, server_version
from conformance.clusters.kubeconfig_file import keep_secret
from conformance.contracts.clusters import ClusterOptions, ClusterParts, ClusterProbe
from conformance.errors import ClusterNotOurs, ClusterUnreachable, ProgramMissing
from conformance.kube_http import HttpKubeClient

KIND_CLUSTER = "kind-cluster"
"""Ledger kind of a cluster that the run made."""

LOGS = ("kubelet.log", "kube-apiserver", "kube-controller-manager")
"""What of `kind export logs` tells about nodes, by the beginning of its name."""


@dataclass(frozen=True, slots=True)
class KindCluster(SharedCluster):
    """A `Cluster` whose programs' logs can be fetched."""

    kind: Kind | None = None
    name: str = ""
    folder: Path = Path()

    def logs(self) -> Sequence[Path]:
        """Fetched anew for each call; empty when kind refuses, which is no verdict."""
        if self.kind is None:
            return ()
        target = Path(tempfile.mkdtemp(prefix="logs-", dir=self.folder))
        try:
            self.kind.export_logs(self.name, target)
        except ClusterUnreachable:
            return ()
        found = (path for path in sorted(target.rglob("*.log")) if path.name.startswith(LOGS))
        return [_flat(target, path) for path in found]


def _flat(folder: Path, path: Path) -> Path:
    """The same log under a name that says which node it is of."""
    flat = folder / "-".join(path.relative_to(folder).parts)
    return path.rename(flat)


class KindBackend:
    """Implements `ClusterBackend`.

    Without `--kind-name`, or with a name that is free, each environment makes a cluster and deletes
    it. A cluster that is there already is shared, and must be given with
    `--adopt-cluster kind-NAME`.
    """

    name = "kind"

    def __init__(self, env: Mapping[str, str] = os.environ) -> None:
        self._env = env

    def probe(self, options: ClusterOptions) -> ClusterProbe:
        """Raises `ProgramMissing`, `ClusterUnreachable`, `ClusterNotOurs` and `UsageError`."""
        kind = self.kind(options.bin_dirs)
        facts = {"kind": kind.version()}
        if _existing(kind, options):
            with _lent(kind, options) as (_, given):
                shared = KubeconfigBackend().probe(given)
            return replace(shared, backend=self.name, facts={**shared.facts, **facts})
        kind_config(options.kind_config, "probe")
        image = options.kind_image
        version = image.partition("@")[0].rpartition(":")[2] if ":" in image else ""
        facts |= {"image": image} if image else {}
        return ClusterProbe(self.name, version, private=True, disturbs=False, facts=facts)

    @contextmanager
    def start(self, options: ClusterOptions, parts: ClusterParts) -> Iterator[KindCluster]:
        """Raises as `probe`."""
        kind = self.kind(options.bin_dirs)
        with ExitStack() as stack:
            if _existing(kind, options):
                folder, given = stack.enter_context(_lent(kind, options))
                cluster = stack.enter_context(KubeconfigBackend().start(given, parts))
                name = options.kind_name
            else:
                name = options.kind_name or f"cpc-{parts.run_id}-{secrets.token_hex(2)}"
                kubeconfig = stack.enter_context(_made(kind, name, options, parts))
                cluster, folder = stack.enter_context(_ours(kubeconfig)), parts.folder
            yield KindCluster(
                cluster.version,
                cluster.kube,
                cluster.subject_kube,
                cluster.kubeconfig,
                cluster.subject_kubeconfig,
                kind=kind,
                name=name,
                folder=folder,
            )

    def kind(self, bin_dirs: Sequence[str] = ()) -> Kind:
        path = os.pathsep.join((*bin_dirs, self._env.get("PATH", "")))
        found = shutil.which("kind", path=path)
        if found is None:
            raise ProgramMissing(
                "program kind was not found; put it on PATH or give --bin-dir DIR "
                "(https://kind.sigs.k8s.io), or take --cluster embedded, which needs nothing"
            )
        return Kind(Path(found))


def _existing(kind: Kind, options: ClusterOptions) -> bool:
    """Whether a cluster that is there already is meant."""
    there = options.kind_name in kind.clusters()
    context = f"kind-{options.kind_name}"
    if there and options.adopt != context:
        raise ClusterNotOurs(
            f"a kind cluster named {options.kind_name!r} exists and this run did not make it; "
            f"give --adopt-cluster {context} to let it make and delete objects of its own there, "
            "or another --kind-name"
        )
    if options.adopt and not there:
        wanted = options.kind_name or "none given"
        raise ClusterUnreachable(
            f"--adopt-cluster {options.adopt}: wanted the kind cluster of --kind-name ({wanted}), "
            f"saw: {', '.join(kind.clusters()) or 'none'}"
        )
    return there


@contextmanager
def _lent(kind: Kind, options: ClusterOptions) -> Iterator[tuple[Path, ClusterOptions]]:
    """An existing cluster as the backend `kubeconfig` takes it, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="cpc-kind-") as folder:
        kubeconfig = write_kind_kubeconfig(kind, options.kind_name, Path(folder))
        yield Path(folder), replace(options, kubeconfig=str(kubeconfig), context=options.adopt)


def write_kind_kubeconfig(kind: Kind, name: str, folder: Path) -> Path:
    """The administrator's kubeconfig, readable by its owner alone."""
    path = folder / "kind.kubeconfig"
    path.touch(mode=0o600)
    path.write_text(kind.kubeconfig(name), encoding="utf-8")
    return path


@contextmanager
def _made(kind: Kind, name: str, options: ClusterOptions, parts: ClusterParts) -> Iterator[Path]:
    """A new cluster, in the ledger before it is made, deleted on exit.

    kind itself removes what it could not finish; a name that it refuses may be somebody else's.
    """
    config = parts.folder / "kind-config.yaml"
    config.write_text(kind_config(options.kind_config, parts.run_id), encoding="utf-8")
    number = parts.ledger.add(KIND_CLUSTER, name, program=str(kind.program))
    try:
        kubeconfig = kind.create(name, config, options.kind_image, parts)
    except ClusterUnfinished:
        raise  # what it left is deleted by the ledger
    except ClusterUnreachable:
        parts.ledger.strike(number)
        raise
    try:
        keep_secret(kubeconfig, parts)
        yield kubeconfig
    finally:
        kind.delete(name, kubeconfig)
        parts.ledger.strike(number)


@contextmanager
def _ours(kubeconfig: Path) -> Iterator[SharedCluster]:
    with closing(HttpKubeClient(kubeconfig)) as kube, closing(HttpKubeClient(kubeconfig)) as theirs:
        yield SharedCluster(server_version(kube), kube, theirs, kubeconfig, kubeconfig)
