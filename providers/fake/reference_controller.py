"""The subject in Go: the shared controllers of k8s.io/cloud-provider over the fake cloud."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from conformance.api import Cluster, Parts, Program, ProviderOptions, find_program_linking
from fake_cloud.blueprint import Blueprint
from fake_cloud.cloud import InstanceApi
from fake_cloud.cloud_interface import CloudInterface, Endpoint, serve
from fake_cloud.loops.periods import Periods

PROGRAM = "reference-controller"

LIBRARY = "library"
"""The `--provider-option` that chooses the minor of k8s.io/cloud-provider (`library=0.36`)."""

START_SECONDS = 30.0

REQUESTS_PER_SECOND = 1000
"""High enough that no check waits for the client's own throttling (its default is 20)."""


def find_controller(options: ProviderOptions) -> Path:
    """Raises `ProgramMissing` with the ways to get it, and ValueError for another option."""
    unknown = sorted(set(options.values) - {LIBRARY})
    if unknown:
        raise ValueError(f"no option {unknown[0]!r}; known: {LIBRARY}")
    return find_program_linking(PROGRAM, options.values.get(LIBRARY, ""), options)


def flags(kubeconfig: Path, periods: Periods) -> tuple[str, ...]:
    """The periods that can be said in flags; nothing listens (`--secure-port=0`)."""
    return (
        f"--kubeconfig={kubeconfig}",
        "--cloud-provider=fake",
        "--leader-elect=false",
        "--use-service-account-credentials=false",
        "--configure-cloud-routes=false",
        "--authentication-skip-lookup=true",
        "--secure-port=0",
        f"--kube-api-qps={REQUESTS_PER_SECOND}",
        f"--kube-api-burst={REQUESTS_PER_SECOND}",
        f"--node-monitor-period={periods.monitor:g}s",
        f"--node-status-update-frequency={periods.addresses:g}s",
        "--v=2",
    )


@contextmanager
def running_reference(
    blueprint: Blueprint, cluster: Cluster, api: InstanceApi, parts: Parts, path: Path
) -> Iterator[Program]:
    """The program, connected to the cloud; RuntimeError when it ends or hangs before that."""
    cloud = CloudInterface(blueprint, api)
    with serve(cloud, parts.secret(secrets.token_urlsafe(32))) as endpoint:
        arguments = flags(cluster.subject_kubeconfig, blueprint.periods)
        env = surroundings(endpoint)
        with parts.program(path, *arguments, env=env, name=PROGRAM) as program:
            await_connection(endpoint, program)
            yield program


def surroundings(endpoint: Endpoint) -> Mapping[str, str]:
    """Where the cloud is, and the token: nobody else reads a program's environment."""
    return {
        "REFERENCE_CONTROLLER_CLOUD": endpoint.url,
        "REFERENCE_CONTROLLER_TOKEN": endpoint.token,
    }


def await_connection(endpoint: Endpoint, program: Program) -> None:
    """Return when it has introduced itself; RuntimeError with its last words otherwise."""
    deadline = time.monotonic() + START_SECONDS
    while not endpoint.connected.wait(0.05):
        if not program.alive or time.monotonic() > deadline:
            last = " | ".join(program.log.read_text(errors="replace").splitlines()[-3:])
            raise RuntimeError(f"{PROGRAM}: expected it to connect, saw: {last or 'no log'}")
