"""The subject in Go: the shared controllers of k8s.io/cloud-provider over the fake cloud."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conformance.api import Cluster, Parts, Program, ProviderOptions, Setting, find_program_linking
from fake_cloud.blueprint import BRISK
from fake_cloud.cloud_interface import CloudInterface, Endpoint, serve

PROGRAM = "reference-controller"

LIBRARY = "library"
"""The `--provider-option` that chooses the minor of k8s.io/cloud-provider (`library=0.36`)."""

LONG_ADDRESS_PERIOD = 3600.0

START_SECONDS = 30.0

REQUESTS_PER_SECOND = 1000
"""High enough that no check waits for the client's own throttling (its default is 20)."""


def find_controller(options: ProviderOptions) -> Path:
    """Raises `ProgramMissing` with the ways to get it, and ValueError for another option."""
    unknown = sorted(set(options.values) - {LIBRARY})
    if unknown:
        raise ValueError(f"no option {unknown[0]!r}; known: {LIBRARY}")
    return find_program_linking(PROGRAM, options.values.get(LIBRARY, ""), options)


def flags(cluster: Cluster, setting: Setting) -> tuple[str, ...]:
    """Brisk periods; nothing listens (`--secure-port=0`)."""
    long = setting is Setting.ADDRESS_PERIOD_LONG
    return (
        f"--kubeconfig={cluster.subject_kubeconfig}",
        "--cloud-provider=fake",
        "--leader-elect=false",
        "--use-service-account-credentials=false",
        "--configure-cloud-routes=false",
        "--authentication-skip-lookup=true",
        "--secure-port=0",
        f"--kube-api-qps={REQUESTS_PER_SECOND}",
        f"--kube-api-burst={REQUESTS_PER_SECOND}",
        f"--node-monitor-period={BRISK.monitor:g}s",
        f"--node-status-update-frequency={LONG_ADDRESS_PERIOD if long else BRISK.addresses:g}s",
        "--v=2",
        *_content_type(cluster.version),
    )


def _content_type(server_version: str) -> tuple[str, ...]:
    """The embedded API reads JSON alone; a real one is spoken to as the program does by itself."""
    if server_version.endswith("+embedded"):
        return ("--kube-api-content-type=application/json",)
    return ()


@contextmanager
def running_reference(
    cloud: CloudInterface, cluster: Cluster, parts: Parts, path: Path
) -> Iterator[Program]:
    """The program, connected to `cloud`; RuntimeError when it ends or hangs before that."""
    with serve(cloud, parts.secret(secrets.token_urlsafe(32))) as endpoint:
        surroundings = {
            "REFERENCE_CONTROLLER_CLOUD": endpoint.url,
            "REFERENCE_CONTROLLER_TOKEN": endpoint.token,
        }
        arguments = flags(cluster, parts.setting)
        with parts.program(path, *arguments, env=surroundings, name=PROGRAM) as program:
            _await_connection(endpoint, program)
            yield program


def _await_connection(endpoint: Endpoint, program: Program) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not endpoint.connected.wait(0.05):
        if not program.alive or time.monotonic() > deadline:
            last = " | ".join(program.log.read_text(errors="replace").splitlines()[-3:])
            raise RuntimeError(f"{PROGRAM}: expected it to connect, saw: {last or 'no log'}")
