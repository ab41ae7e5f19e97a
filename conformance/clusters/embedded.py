"""Cluster backend `embedded`: the Kubernetes API of the fake cloud, in the worker's own process."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.clusters.certificates import Authority, Credential
from conformance.clusters.kubeconfig_file import keep_secret, write_kubeconfig
from conformance.components.manifest import kubernetes_minors, pinned_minor
from conformance.contracts.audit import AuditReader
from conformance.contracts.clusters import (
    ClusterOptions,
    ClusterParts,
    ClusterProbe,
    KubernetesDisturbance,
)
from conformance.contracts.kubernetes import KubeClient

if TYPE_CHECKING:
    from fake_cloud.kube_api.server import KubeApi
    from fake_cloud.kube_api.serving import Served


FIDELITY = "fidelity"
"""Fact under which the run file finds how true this API is to kube-apiserver."""


def fidelity(minor: str) -> str:
    """How many steps recorded on a real kube-apiserver of this minor it answers alike, in all and
    by topic."""
    from fake_cloud.kube_api.fidelity.scores import read_scores

    scores = read_scores(minor)
    if not scores:
        return f"not measured against {minor}"
    matched, total = sum(s.matched for s in scores), sum(s.total for s in scores)
    topics = ", ".join(f"{s.topic} {s.matched}/{s.total}" for s in scores)
    return f"{matched} of {total} steps recorded on kube-apiserver {minor} ({topics})"


class ServedKubeconfigs:
    """Kubeconfigs for a served API; all of them in one folder, readable by their owner alone."""

    def __init__(self, served: Served, authority: Authority, folder: Path) -> None:
        self._served, self._authority, self._folder = served, authority, folder
        self._numbers = count(1)
        self.kubeconfig = self._write("kubeconfig", served.own.url, served.own.token)
        subject = served.subject
        self.subject_kubeconfig = self._write("subject.kubeconfig", subject.url, subject.token)

    def kubeconfig_for(self, user: str, groups: Sequence[str] = ()) -> Path:
        """One with a client certificate, at the subject's door."""
        name = f"user-{next(self._numbers)}"
        credential = self._authority.client(name, user, groups)
        return self._write(f"{name}.kubeconfig", self._served.subject.url, credential)

    def _write(self, name: str, url: str, user: Credential | str) -> Path:
        return write_kubeconfig(self._folder / name, url, self._authority.certificate, user)


@contextmanager
def serve_embedded(api: KubeApi, folder: Path) -> Iterator[ServedKubeconfigs]:
    """Serve an API on loopback ports until the context ends."""
    authority = Authority(folder)
    with api.serve(authority.serving("apiserver")) as served:
        yield ServedKubeconfigs(served, authority, folder)


class EmbeddedCluster:
    """Implements `Cluster`. A port is opened only when somebody asks for a kubeconfig."""

    def __init__(self, api: KubeApi, parts: ClusterParts, stack: ExitStack) -> None:
        self._api = api
        self._parts = parts
        self._stack = stack
        self._lock = threading.Lock()
        self._served: ServedKubeconfigs | None = None
        self.kube: KubeClient = api.client()
        self.subject_kube: KubeClient = api.subject_client()

    @property
    def version(self) -> str:
        return self._api.version

    @property
    def kubeconfig(self) -> Path:
        return self._serve().kubeconfig

    @property
    def subject_kubeconfig(self) -> Path:
        return self._serve().subject_kubeconfig

    @property
    def disturbance(self) -> KubernetesDisturbance:
        return self._api.disturbance

    @property
    def audit(self) -> AuditReader:
        return self._api.audit

    def kubeconfig_for(self, user: str, groups: Sequence[str] = ()) -> Path:
        return self._serve().kubeconfig_for(user, groups)

    def _serve(self) -> ServedKubeconfigs:
        with self._lock:
            if self._served is None:
                serving = serve_embedded(self._api, self._parts.folder)
                self._served = self._stack.enter_context(serving)
                keep_secret(self._served.kubeconfig, self._parts)
                keep_secret(self._served.subject_kubeconfig, self._parts)
            return self._served


class EmbeddedBackend:
    """Implements `ClusterBackend`; serves the same choice of minors as `binaries`."""

    name = "embedded"

    def probe(self, options: ClusterOptions) -> ClusterProbe:
        """Raises `UsageError` for a minor that nobody pinned."""
        minor = pinned_minor(options.kubernetes)
        version = f"{kubernetes_minors()[minor]}+embedded"
        facts = {FIDELITY: fidelity(minor)}
        return ClusterProbe(self.name, version, private=True, disturbs=True, facts=facts)

    @contextmanager
    def start(self, options: ClusterOptions, parts: ClusterParts) -> Iterator[EmbeddedCluster]:
        from fake_cloud.kube_api.server import KubeApi

        with ExitStack() as stack:
            api = stack.enter_context(closing(KubeApi(pinned_minor(options.kubernetes))))
            yield EmbeddedCluster(api, parts, stack)
