"""The adapter of the fake cloud: everything a provider says and starts, in one short file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from conformance.api import (
    AdapterDefaults,
    Fault,
    Identity,
    Need,
    Offer,
    Parts,
    Provider,
    ProviderOptions,
    Setting,
    Start,
    Subject,
    Timing,
)
from fake_cloud.blueprint import BRISK
from fake_cloud.defects import DEFECTS
from fake_cloud.variants import VARIANTS
from providers.fake.capabilities import BUDGETS, CAPABILITIES, NEEDS, SETTINGS
from providers.fake.cloud_controller import blueprint_for, log_of, running_controller
from providers.fake.real_nodes import register_nodes
from providers.fake.reference_adapter import ReferenceProvider
from providers.fake.simulator import simulate, stand_in


class FakeProvider(AdapterDefaults):
    """A cloud in this process, with a controller in Python: no account, no program, no waiting."""

    name = "fake"
    capabilities = CAPABILITIES
    defects = DEFECTS
    variants = VARIANTS
    canary = "never-untaints"
    timing = Timing(
        node_monitor=BRISK.monitor,
        node_addresses=BRISK.addresses,
        node_reaction=0.1,
        poll=None,  # every change shows on the journal or on a watch
        budgets=BUDGETS,
    )

    @property
    def controllers(self) -> Mapping[str, Provider]:
        """What `--controllers` chooses from: our loops, or the originals (needs a program)."""
        return {"python": self, "go": ReferenceProvider()}

    def needs(self, options: ProviderOptions) -> frozenset[Need]:  # noqa: ARG002 - always the same
        """What this adapter can do for a check. Pure: the plan asks before anything runs."""
        return NEEDS

    def faults(self, options: ProviderOptions) -> frozenset[Fault]:  # noqa: ARG002 - always the same
        return frozenset(Fault)

    def settings(self, options: ProviderOptions) -> frozenset[Setting]:  # noqa: ARG002
        return SETTINGS

    def identity(self, options: ProviderOptions) -> Identity:  # noqa: ARG002
        return Identity(self.name, simulator="fake cloud")

    def subjects(self, options: ProviderOptions) -> Mapping[str, Start]:  # noqa: ARG002
        """Whose promises can be judged here, and how to start each."""
        return {Subject.CLOUD_CONTROLLER: start_cloud_controller}


@contextmanager
def start_cloud_controller(parts: Parts, options: ProviderOptions) -> Iterator[Offer]:
    """Cluster, cloud, kubelets, controller; gone again on exit, in reverse order."""
    blueprint = blueprint_for(parts.setting, options)
    cluster = parts.cluster()
    cloud = simulate(blueprint, cluster, parts.run_id)
    register_nodes(cloud.owner, cluster.kube, parts.run_id)
    with (
        stand_in(blueprint, cluster) as kubelet,
        running_controller(blueprint, cluster, cloud.api, parts) as controller,
    ):
        yield Offer(
            instances=cloud.owner,  # the truth, read past every disturbance
            control=cloud.owner,
            kubelet=kubelet,
            journal=cloud.recorder,
            disturb=cloud.recorder,
            process=controller,
            logs=(log_of(parts),),
        )
