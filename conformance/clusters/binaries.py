"""Cluster backend `binaries`: a real kube-apiserver on a real etcd, one private set per worker."""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from conformance.clusters.audit_file import AuditFile
from conformance.clusters.certificates import Authority
from conformance.clusters.control_plane import ADMINISTRATORS, ControlPlane, Programs, control_plane
from conformance.clusters.disturbing_proxy import DisturbingProxy, disturbing_proxy
from conformance.clusters.kubeconfig_file import write_kubeconfig
from conformance.components.manifest import kubernetes_minors, minor_of, pinned_minor
from conformance.contracts.clusters import (
    ClusterOptions,
    ClusterParts,
    ClusterProbe,
    KubernetesDisturbance,
)
from conformance.errors import ProgramFailed, ProgramMissing
from conformance.kube_http import HttpKubeClient
from conformance.programs import find_program, program_candidates
from conformance.programs.search import ways_to_get

VERSION_TIME = 30.0
"""Seconds that `--version` may take."""


@dataclass(frozen=True, slots=True)
class BinariesCluster:
    """Implements `Cluster`: ours goes straight, the subject's through the disturbing proxy."""

    version: str
    kube: HttpKubeClient
    subject_kube: HttpKubeClient
    kubeconfig: Path
    subject_kubeconfig: Path
    disturbance: KubernetesDisturbance
    audit: AuditFile
    authority: Authority
    proxy: DisturbingProxy
    parts: ClusterParts

    def kubeconfig_for(self, user: str, groups: Sequence[str] = ()) -> Path:
        """One with a token that the proxy takes for this user."""
        credential = self.authority.client(f"user-{secrets.token_hex(4)}", user, groups)
        token = self.parts.secret(self.proxy.identities.admit(credential))
        path = credential.certificate.with_suffix(".kubeconfig")
        return write_kubeconfig(path, self.proxy.url, self.authority.certificate, token)


class BinariesBackend:
    """Implements `ClusterBackend`.

    `controllers` are names of kube-controller-manager's controllers; without one the manager is not
    started, so that nobody but the subject and the checks acts on the cluster. `apiserver_flags`
    are added to those that kube-apiserver is started with.
    """

    name = "binaries"

    def __init__(
        self,
        controllers: Sequence[str] = (),
        apiserver_flags: Sequence[str] = (),
        env: Mapping[str, str] = os.environ,
    ) -> None:
        self._controllers = tuple(controllers)
        self._apiserver_flags = tuple(apiserver_flags)
        self._env = env

    def probe(self, options: ClusterOptions) -> ClusterProbe:
        """Raises `ProgramMissing`, and `UsageError` for a minor that nobody pinned."""
        programs, version = self._programs(options)
        return ClusterProbe(
            backend=self.name,
            version=version,
            private=True,
            disturbs=True,
            facts={"etcd": _version(programs.etcd), "minors": ", ".join(kubernetes_minors())},
        )

    @contextmanager
    def start(self, options: ClusterOptions, parts: ClusterParts) -> Iterator[BinariesCluster]:
        """Raises `ProgramMissing` and `ProgramFailed`."""
        programs, version = self._programs(options)
        with control_plane(programs, parts) as plane:
            with _for_subject(plane, parts, version) as cluster:
                yield cluster

    def _programs(self, options: ClusterOptions) -> tuple[Programs, str]:
        apiserver, version = self._of_minor("kube-apiserver", options)
        manager = None
        if self._controllers:
            manager, _ = self._of_minor("kube-controller-manager", options)
        etcd = find_program("etcd", options, self._env)
        programs = Programs(etcd, apiserver, manager, self._controllers, self._apiserver_flags)
        return programs, version

    def _of_minor(self, name: str, options: ClusterOptions) -> tuple[Path, str]:
        """The first program of the wanted minor with its version; the first one without a wish."""
        if not options.kubernetes:
            path = find_program(name, options, self._env)
            return path, _version(path)
        wanted = pinned_minor(options.kubernetes)
        seen = []
        for path in program_candidates(name, options, self._env):
            version = _version(path)
            if minor_of(version) == wanted:
                return path, version
            seen.append(f"{path} is {version}")
        found = f" ({'; '.join(seen)})" if seen else ""
        ways = ways_to_get(name, kubernetes_minors()[wanted])
        raise ProgramMissing(f"no {name} of Kubernetes {wanted}{found}; {ways}")


@contextmanager
def _for_subject(
    plane: ControlPlane, parts: ClusterParts, version: str
) -> Iterator[BinariesCluster]:
    """The subject is somebody else than we are, also in audit logs and managed fields."""
    subject = plane.authority.client("subject", "conformance:subject", [ADMINISTRATORS])
    serving, trusted = plane.authority.serving("disturbing-proxy"), plane.authority.certificate
    with disturbing_proxy(plane.server, trusted, subject, serving) as proxy:
        kubeconfig = write_kubeconfig(
            parts.folder / "subject.kubeconfig", proxy.url, trusted, parts.secret(proxy.token)
        )
        subject_kube = HttpKubeClient(kubeconfig)
        yield BinariesCluster(
            version=version,
            kube=plane.kube,
            subject_kube=subject_kube,
            kubeconfig=plane.kubeconfig,
            subject_kubeconfig=kubeconfig,
            disturbance=proxy.disturbance,
            audit=AuditFile(plane.audit_log, plane.kube),
            authority=plane.authority,
            proxy=proxy,
            parts=parts,
        )
        subject_kube.close()


def _version(program: Path) -> str:
    """`v1.37.2` of `Kubernetes v1.37.2` or `etcd Version: 3.7.0`. Raises `ProgramFailed`."""
    try:
        said = subprocess.run(  # noqa: S603 - a program that the operator chose
            (program, "--version"),
            capture_output=True,
            text=True,
            timeout=VERSION_TIME,
            check=False,
        ).stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ProgramFailed(f"{program} --version: {error}") from error
    first = said.partition("\n")[0].split()
    if not first or not first[-1].lstrip("v")[:1].isdigit():
        raise ProgramFailed(f"{program} --version: expected a version, saw {said[:80]!r}")
    return "v" + first[-1].lstrip("v")
