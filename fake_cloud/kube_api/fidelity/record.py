"""Recording the steps on a real API server: `cloud-conformance fidelity --record`.

The server must be new, since names are fixed. Beside it runs kube-controller-manager with the
garbage collector, the namespace controller and the service account controller alone: others would
write into the objects that steps look at.
"""

from __future__ import annotations

from fake_cloud.kube_api.fidelity.normalise import SERVICE_RANGES, normalise
from fake_cloud.kube_api.fidelity.scenario import Exchange, run
from fake_cloud.kube_api.fidelity.servers import Server
from fake_cloud.kube_api.fidelity.steps import Scenario, Topic

APISERVER_FLAGS = (
    f"--service-cluster-ip-range={','.join(SERVICE_RANGES)}",
    "--etcd-compaction-interval=4s",  # steps wait until history is gone
)
"""What kube-apiserver is started with besides the flags of the `binaries` backend."""


class NotAnswered(Exception):
    """A step got no answer that could be recorded."""


def record(topic: Topic, server: Server) -> dict[int, list[Exchange]]:
    """The normalised exchanges of each step. Raises `NotAnswered` and `SetupFailed`."""
    recorded: dict[int, list[Exchange]] = {}
    for scenario in topic.scenarios:
        steps = run(scenario, server)
        for number, exchanges in steps.items():
            _refuse_trouble(scenario, number, exchanges)
        recorded |= normalise(steps)
    return recorded


def _refuse_trouble(scenario: Scenario, number: int, exchanges: list[Exchange]) -> None:
    for exchange in exchanges:
        if exchange.trouble:
            needs = f"; is {scenario.needs} running?" if scenario.needs else ""
            seen = f" {exchange.events}" if exchange.events else ""
            where = f"step {number}, {exchange.request}"
            raise NotAnswered(f"{where}: {exchange.trouble}{seen}{needs}")
