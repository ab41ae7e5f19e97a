"""etcd and kube-apiserver (and kube-controller-manager on request) as supervised children.

etcd listens on a Unix socket in the cluster's own folder, so that nobody else can reach it. The API
server's port is held by a bound socket that it shares (SO_REUSEPORT), so that nobody can take it
between our choice and its start. Flags: kube-apiserver's and etcd's reference pages.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from conformance.clusters.audit_file import write_policy
from conformance.clusters.certificates import Authority, write_private_key
from conformance.clusters.kubeconfig_file import write_kubeconfig
from conformance.clusters.loopback_port import LOOPBACK, reserved_port
from conformance.contracts.clusters import ClusterParts
from conformance.contracts.kubernetes import NAMESPACES, ApiError, ApiUnreachable
from conformance.errors import ProgramFailed
from conformance.kube_http import HttpKubeClient
from conformance.programs import SupervisedProgram, supervise

READY_TIME = 90.0
"""Seconds until a server must be ready; 2 s on an idle machine."""

LOOK = 0.02
"""Seconds between two looks at a server that is starting."""

ADMINISTRATORS = "system:masters"
"""The group that may do everything, past RBAC (pkg/apis/authentication/user)."""

SERVICE_RANGE = "10.96.0.0/16"

ETCD_SOCKET = "etcd.sock"
"""Relative to the working folder of both programs: a socket's path is at most 108 bytes long."""

ETCD_FLAGS = (
    "--data-dir=etcd",
    f"--listen-client-urls=unix://{ETCD_SOCKET}",
    f"--advertise-client-urls=unix://{ETCD_SOCKET}",
    "--listen-peer-urls=unix://etcd-peer.sock",
    "--unsafe-no-fsync",  # what a dead run leaves is thrown away
    "--log-level=warn",
)

AUDIT_LOG = "audit.log"

SYSTEM_NAMESPACES = ("default", "kube-system")
"""Made by the API server itself, a moment after it serves."""


@dataclass(frozen=True, slots=True)
class Programs:
    """Paths of the programs; `controller_manager` None: it is not started.

    `apiserver_flags` come after ours, so that they win.
    """

    etcd: Path
    apiserver: Path
    controller_manager: Path | None = None
    controllers: Sequence[str] = ()
    apiserver_flags: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ControlPlane:
    """A ready API server; `kubeconfig` is the administrator's."""

    server: str
    authority: Authority
    kubeconfig: Path
    kube: HttpKubeClient
    audit_log: Path


@contextmanager
def control_plane(programs: Programs, parts: ClusterParts) -> Iterator[ControlPlane]:
    """Start the programs in `parts.folder`, yield when they are ready, kill them on exit.

    Raises `ProgramFailed` with the end of the log of the one that is not.
    """
    folder = parts.folder
    with ExitStack() as stack:
        authority = Authority(folder)
        run = _runner(parts, stack)
        etcd = run(programs.etcd, ETCD_FLAGS)
        _until(etcd, (folder / ETCD_SOCKET).exists)
        port = stack.enter_context(reserved_port())
        flags = _apiserver_flags(folder, authority, port)
        apiserver = run(programs.apiserver, (*flags, *programs.apiserver_flags))
        administrator = authority.client("admin", "conformance", [ADMINISTRATORS])
        server = f"https://{LOOPBACK}:{port}"
        kubeconfig = write_kubeconfig(
            folder / "admin.kubeconfig", server, authority.certificate, administrator
        )
        kube = stack.enter_context(_closing(HttpKubeClient(kubeconfig)))
        _until(apiserver, lambda: _serves(kube))
        if programs.controller_manager is not None:
            manager_flags = _controller_manager_flags(folder, kubeconfig, programs.controllers)
            run(programs.controller_manager, manager_flags)
        yield ControlPlane(server, authority, kubeconfig, kube, folder / AUDIT_LOG)


Run = Callable[[Path, Sequence[str]], SupervisedProgram]


def _runner(parts: ClusterParts, stack: ExitStack) -> Run:
    """Start programs one after another; killed in reverse order, their data is thrown away."""

    def run(path: Path, flags: Sequence[str]) -> SupervisedProgram:
        log = parts.folder / f"{path.name}.log"
        program = supervise(path, flags, {}, log, parts.ledger, path.name)
        started = stack.enter_context(program)
        stack.callback(started.kill)
        return started

    return run


@contextmanager
def _closing(kube: HttpKubeClient) -> Iterator[HttpKubeClient]:
    yield kube
    kube.close()


def _until(program: SupervisedProgram, ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + READY_TIME
    while not ready():
        if not program.alive:
            program.kill()
            raise ProgramFailed(
                f"{program.name} ended with {program.exit_status} before it was ready; "
                f"{program.path} said:\n{program.last_lines()}"
            )
        if time.monotonic() > deadline:
            raise ProgramFailed(
                f"{program.name} was not ready within {READY_TIME:.0f} s; "
                f"{program.path} said:\n{program.last_lines()}"
            )
        time.sleep(LOOK)


def _serves(kube: HttpKubeClient) -> bool:
    """Whether /readyz is ok and the namespaces that everybody expects are there."""
    try:
        if not kube.ready():
            return False
        for namespace in SYSTEM_NAMESPACES:
            kube.get(NAMESPACES, namespace)
    except (ApiError, ApiUnreachable):
        return False
    return True


def _apiserver_flags(folder: Path, authority: Authority, port: int) -> tuple[str, ...]:
    serving = authority.server("kube-apiserver")
    service_accounts = write_private_key(folder / "service-account.key")
    return (
        f"--etcd-servers=unix://{ETCD_SOCKET}",
        f"--bind-address={LOOPBACK}",
        f"--advertise-address={LOOPBACK}",
        "--endpoint-reconciler-type=none",  # refuses a loopback address
        f"--secure-port={port}",
        "--permit-port-sharing=true",
        f"--cert-dir={folder}",
        f"--tls-cert-file={serving.certificate}",
        f"--tls-private-key-file={serving.key}",
        f"--client-ca-file={authority.certificate}",
        "--authorization-mode=Node,RBAC",
        "--disable-admission-plugins=ServiceAccount",  # nobody makes the default accounts
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={service_accounts}",
        f"--service-account-signing-key-file={service_accounts}",
        f"--service-cluster-ip-range={SERVICE_RANGE}",
        f"--audit-policy-file={write_policy(folder / 'audit-policy.yaml')}",
        f"--audit-log-path={folder / AUDIT_LOG}",
        "--profiling=false",
    )


def _controller_manager_flags(
    folder: Path, kubeconfig: Path, controllers: Sequence[str]
) -> tuple[str, ...]:
    return (
        f"--kubeconfig={kubeconfig}",
        f"--controllers={','.join(controllers)}",
        f"--service-account-private-key-file={folder / 'service-account.key'}",
        f"--root-ca-file={folder / 'ca.crt'}",
        "--leader-elect=false",
        "--use-service-account-credentials=false",
        "--secure-port=0",
    )
