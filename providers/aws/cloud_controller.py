"""How `aws-cloud-controller-manager` is started: flags, vendor configuration, surroundings."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from conformance.api import Cluster, Parts, Program, Setting
from providers.aws.network import Network

PROGRAM = "aws-cloud-controller-manager"

NODE_MONITOR = 1.0
"""Seconds between two rounds of the lifecycle loop (default of the program: 5)."""

NODE_ADDRESSES = 1.0
"""Seconds between two address refreshes (default of the program: 300)."""

LONG_ADDRESS_PERIOD = 3600.0
"""Longer than any window: with it every later question about an instance is the lifecycle's."""

START_SECONDS = 30.0
STARTED = 'Started "cloud-node-lifecycle-controller"'
"""Line of the log that ends the start (k8s.io/cloud-provider app/controllermanager.go)."""


@dataclass(frozen=True, slots=True)
class Controller:
    """One controller for one cluster and one network."""

    cluster: Cluster
    network: Network
    setting: Setting
    endpoint: str

    def flags(self, config: Path) -> tuple[str, ...]:
        """Periods are short and nothing listens (`--secure-port=0`); leader election and the way to
        speak to the API server are the program's own."""
        long = self.setting is Setting.ADDRESS_PERIOD_LONG
        return (
            f"--kubeconfig={self.cluster.subject_kubeconfig}",
            "--cloud-provider=aws",
            f"--cloud-config={config}",
            f"--cluster-name={self.network.cluster_id}",
            "--use-service-account-credentials=false",
            "--configure-cloud-routes=false",
            "--authentication-skip-lookup=true",
            "--secure-port=0",
            f"--node-monitor-period={NODE_MONITOR:g}s",
            f"--node-status-update-frequency={LONG_ADDRESS_PERIOD if long else NODE_ADDRESSES:g}s",
            "--v=4",
        )

    def configuration(self) -> str:
        """`VPC`, `SubnetID` and a cluster id together keep the program off the metadata service
        (cloud-provider-aws pkg/providers/v1/aws.go, newAWSCloud2)."""
        return "\n".join(
            (
                "[Global]",
                f"Zone = {self.network.zones[0]}",
                f"Region = {self.network.region}",
                f"VPC = {self.network.vpc}",
                f"SubnetID = {self.network.public[0]}",
                f"KubernetesClusterID = {self.network.cluster_id}",
                "NodeIPFamilies = ipv4",
                "NodeIPFamilies = ipv6",
                "",
            )
        )

    def surroundings(self) -> Mapping[str, str]:
        """Only the simulator can be reached: stray calls (metadata, other hosts) land there too.

        Go's proxy rules leave loopback addresses alone, so the API server is reached directly.
        """
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "simulator",
            "AWS_SECRET_ACCESS_KEY": "simulator",
            "AWS_REGION": self.network.region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "HTTP_PROXY": self.endpoint,
            "HTTPS_PROXY": self.endpoint,
        }


@contextmanager
def running_controller(parts: Parts, path: Path, controller: Controller) -> Iterator[Program]:
    """The program with its loops started; raises RuntimeError when it ends or hangs before that."""
    config = parts.folder / "aws.conf"
    config.write_text(controller.configuration())
    flags = controller.flags(config)
    with parts.program(path, *flags, env=controller.surroundings(), name=PROGRAM) as program:
        await_loops(program)
        yield program


def await_loops(program: Program) -> None:
    """Return when the log says that the loops run; RuntimeError with its last words otherwise."""
    deadline = time.monotonic() + START_SECONDS
    while STARTED not in _log(program):
        if not program.alive or time.monotonic() > deadline:
            last = " | ".join(_log(program).splitlines()[-3:])
            raise RuntimeError(f"{PROGRAM}: expected its loops to start, saw: {last or 'no log'}")
        time.sleep(0.02)


def _log(program: Program) -> str:
    return program.log.read_text(errors="replace") if program.log.exists() else ""
