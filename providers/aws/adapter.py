"""The AWS cloud controller: unmodified, against moto in process or against an AWS account.

Local (the default): the run starts moto, an account with one VPC, and the controller; kubelets are
stand-ins. Live (`--live`): the controller, the nodes and the VPC are the operator's. Options there:
`region`, `cluster-id`, `vpc`, `zones` and `subnets` (comma lists of one length), `launch-template`
(an instance from it must join the cluster by itself).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

from conformance.api import (
    AdapterDefaults,
    Fault,
    KnownFailure,
    Need,
    Offer,
    Parts,
    ProviderOptions,
    Start,
    StateExample,
    Subject,
    Timing,
    find_program,
)
from fake_cloud.kubelet import KubeletStandIn
from fake_cloud.recorder import Recorder
from providers.aws.capabilities import CAPABILITIES, GAPS, KNOWN_FAILURES
from providers.aws.cloud_controller import (
    NODE_ADDRESSES,
    NODE_MONITOR,
    PROGRAM,
    Controller,
    running_controller,
)
from providers.aws.ec2_faults import FAULTS
from providers.aws.network import Network, lay_network

REGION = "us-east-1"

LOCAL_NEEDS = frozenset(
    {Need.KUBERNETES, Need.VIEW, Need.JOURNAL, Need.CONTROL, Need.DISTURB, Need.PROCESS}
)
LIVE_NEEDS = frozenset({Need.KUBERNETES, Need.VIEW, Need.CONTROL})


class AwsProvider(AdapterDefaults):
    """Judges `aws-cloud-controller-manager`."""

    name = "aws"
    capabilities = CAPABILITIES
    known_failures: Sequence[KnownFailure] = KNOWN_FAILURES
    timing = Timing(node_monitor=NODE_MONITOR, node_addresses=NODE_ADDRESSES, node_reaction=2.0)

    def needs(self, options: ProviderOptions) -> frozenset[Need]:
        return LIVE_NEEDS if options.live else LOCAL_NEEDS

    def faults(self, options: ProviderOptions) -> frozenset[Fault]:
        return frozenset() if options.live else FAULTS

    def gaps(self, options: ProviderOptions) -> Mapping[str, str]:
        return {} if options.live else GAPS

    def subjects(self, options: ProviderOptions) -> Mapping[str, Start]:
        return {Subject.CLOUD_CONTROLLER: live_controller if options.live else local_controller}


@contextmanager
def local_controller(parts: Parts, options: ProviderOptions) -> Iterator[Offer]:
    """moto, one VPC in it, stand-ins for kubelets, and the real program."""
    from providers.aws.account import AwsAccount, ec2_client
    from providers.aws.moto_patches import PASSING_STATES
    from providers.aws.simulator import aws_simulator

    program = find_program(PROGRAM, options)
    cluster = parts.cluster()
    recorder = Recorder(faults=FAULTS)
    with aws_simulator(recorder) as simulator, KubeletStandIn(cluster.kube) as kubelet:
        ec2 = ec2_client(REGION, simulator.truth_url)
        network = lay_network(ec2, REGION, parts.run_id)
        states = [
            StateExample(state, True, partial(simulator.hold_state, REGION, state))
            for state in PASSING_STATES
        ]
        account = AwsAccount(ec2, network, states=states)
        controller = Controller(cluster, network, parts.setting, simulator.subject_url)
        with running_controller(parts, program, controller) as process:
            yield Offer(
                instances=account,
                control=account,
                kubelet=kubelet,
                journal=recorder,
                disturb=recorder,
                process=process,
                facts={**process.facts, "simulator": simulator.version},
                logs=(process.log,),
            )


@contextmanager
def live_controller(parts: Parts, options: ProviderOptions) -> Iterator[Offer]:
    """Nothing is started: the cluster, its controller and its account are the operator's."""
    from providers.aws.account import AwsAccount, Launch, ec2_client

    said = _said(options.values)
    subnets = said["subnets"].split(",")
    network = Network(
        region=said["region"],
        cluster_id=said["cluster-id"],
        vpc=said["vpc"],
        zones=said["zones"].split(","),
        public=subnets,
        private=subnets,
    )
    parts.cluster()
    account = AwsAccount(ec2_client(network.region), network, Launch(said["launch-template"]))
    yield Offer(instances=account, control=account)


LIVE_OPTIONS = ("region", "cluster-id", "vpc", "zones", "subnets", "launch-template")


def _said(values: Mapping[str, str]) -> Mapping[str, str]:
    missing = [name for name in LIVE_OPTIONS if not values.get(name)]
    if missing:
        raise ValueError(
            f"expected --provider-option {missing[0]}=VALUE, saw none; a live run needs "
            f"{', '.join(LIVE_OPTIONS)}"
        )
    return values
