"""The AWS cloud controller: unmodified, against moto in process or against an AWS account.

Local (the default): the run starts moto, an account with one VPC, and the controller. Live
(`--live`, see `live.py`): controller, cluster and VPC are the operator's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.metadata import PackageNotFoundError, version

from conformance.api import (
    AdapterDefaults,
    Fault,
    Identity,
    KnownFailure,
    Need,
    Offer,
    Parts,
    ProviderOptions,
    Setting,
    Start,
    StateExample,
    Subject,
    Timing,
    find_program,
    program_facts,
)
from fake_cloud.kubelet import KubeletStandIn
from fake_cloud.recorder import Recorder
from providers.aws.capabilities import CAPABILITIES, GAPS, KNOWN_FAILURES, MOTO_PATCHES
from providers.aws.cloud_controller import (
    NODE_ADDRESSES,
    NODE_MONITOR,
    PROGRAM,
    Controller,
    running_controller,
)
from providers.aws.ec2_faults import FAULTS
from providers.aws.network import lay_network

REGION = "us-east-1"

BUDGETS = dict.fromkeys(("node-init", "node-addresses", "node-labels", "node-taint"), 30.0)
"""Seconds. Nearly all of it takes one or two; the rest is for the SDK's back-off after errors and
the controller's own after throttling (8-12 s a call were seen). Removal keeps its default: a round
of the lifecycle loop that meets an error lasts up to 12 s."""

ATTEMPTS = 6
"""The SDK's three for a batch of instances, and three for each of them when the batch has failed
(cloud-provider-aws pkg/providers/v1 describe_instance_batcher; seen in the journal)."""

LOCAL_NEEDS = frozenset(
    {Need.KUBERNETES, Need.VIEW, Need.JOURNAL, Need.CONTROL, Need.DISTURB, Need.PROCESS}
)
LIVE_NEEDS = frozenset({Need.KUBERNETES, Need.VIEW, Need.CONTROL})

LOCAL_SETTINGS = frozenset({Setting.DEFAULT, Setting.ADDRESS_PERIOD_LONG})
LIVE_SETTINGS = frozenset({Setting.DEFAULT})


class AwsProvider(AdapterDefaults):
    """Judges `aws-cloud-controller-manager`."""

    name = "aws"
    capabilities = CAPABILITIES
    known_failures: Sequence[KnownFailure] = KNOWN_FAILURES
    live = True
    timing = Timing(
        node_monitor=NODE_MONITOR,
        node_addresses=NODE_ADDRESSES,
        node_reaction=2.0,
        attempts=ATTEMPTS,
        budgets=BUDGETS,
    )

    def needs(self, options: ProviderOptions) -> frozenset[Need]:
        return LIVE_NEEDS if options.live else LOCAL_NEEDS

    def faults(self, options: ProviderOptions) -> frozenset[Fault]:
        return frozenset() if options.live else FAULTS

    def settings(self, options: ProviderOptions) -> frozenset[Setting]:
        """The flags of a live controller are the operator's."""
        return LIVE_SETTINGS if options.live else LOCAL_SETTINGS

    def gaps(self, options: ProviderOptions) -> Mapping[str, str]:
        return {} if options.live else GAPS

    def subjects(self, options: ProviderOptions) -> Mapping[str, Start]:
        return {Subject.CLOUD_CONTROLLER: live_controller if options.live else local_controller}

    def identity(self, options: ProviderOptions) -> Identity:
        """A live controller is the operator's: what it is stands in his own cluster alone."""
        if options.live:
            return Identity(PROGRAM)
        facts = program_facts(find_program(PROGRAM, options))
        return Identity(
            PROGRAM,
            version=facts.get("version", ""),
            digest=facts["sha256"],
            library=facts.get("cloud-provider", ""),
            simulator=f"moto {moto_version()} + {len(MOTO_PATCHES)} patches",
        )

    def clean(self, options: ProviderOptions, run_id: str, ids: Sequence[str]) -> None:
        """Remove what a live run left; a simulator's instances end with its process."""
        from providers.aws.account import ec2_client
        from providers.aws.live import remove_instances

        if options.live:
            remove_instances(ec2_client(), run_id, ids)


def moto_version() -> str:
    """Raises RuntimeError where the extra `aws` is not installed."""
    try:
        return version("moto")
    except PackageNotFoundError:
        raise RuntimeError(
            "expected moto for the local mode, saw none; "
            "python3 -m pip install 'cloud-provider-conformance[aws]'"
        ) from None


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
        account = AwsAccount(ec2, network, parts.run_id, states=states)
        controller = Controller(cluster, network, parts.setting, simulator.subject_url)
        with running_controller(parts, program, controller) as process:
            yield Offer(
                instances=account,
                control=account,
                kubelet=kubelet,
                journal=recorder,
                disturb=recorder,
                process=process,
                logs=(process.log,),
            )


@contextmanager
def live_controller(parts: Parts, options: ProviderOptions) -> Iterator[Offer]:
    """The operator's own controller, cluster and account."""
    from providers.aws import live

    with live.live_controller(parts, options) as offer:
        yield offer
