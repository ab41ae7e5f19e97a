"""The fake cloud under the real controllers: `--provider fake --controllers go`.

Cloud, kubelets and everything that a check can do are those of `adapter.py`; the subject is a
program that links k8s.io/cloud-provider. So a check that fails here is wrong, or the cloud is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields

from conformance.api import (
    AdapterDefaults,
    Fault,
    Identity,
    Need,
    Offer,
    Parts,
    ProviderOptions,
    Setting,
    Start,
    Subject,
    Timing,
    program_facts,
)
from fake_cloud.blueprint import BRISK, Blueprint
from fake_cloud.defects import DEFECTS
from fake_cloud.planting import Planted
from fake_cloud.variants import VARIANTS
from providers.fake.capabilities import BUDGETS, CAPABILITIES, NEEDS, SETTINGS
from providers.fake.cloud_controller import blueprint_for
from providers.fake.reference_controller import PROGRAM, find_controller, running_reference
from providers.fake.simulator import simulate, stand_in

SHARED = frozenset({"settings", "account", "owner", "instance_api", "kubelet", "instances"})
"""Parts of the blueprint that the program in Go uses too; the others are loops in Python."""


class ReferenceProvider(AdapterDefaults):
    """The judge of our loops and checks; it sees every node, so its cluster must be the run's."""

    name = "fake"
    capabilities = CAPABILITIES
    private_only = True
    canary = "name-for-id"
    timing = Timing(
        node_monitor=BRISK.monitor,
        node_addresses=BRISK.addresses,
        node_reaction=0.2,
        poll=None,
        budgets={name: 3 * seconds for name, seconds in BUDGETS.items()},
    )

    @property
    def defects(self) -> Mapping[str, Planted]:
        return plantable(DEFECTS)

    @property
    def variants(self) -> Mapping[str, Planted]:
        return plantable(VARIANTS)

    def needs(self, options: ProviderOptions) -> frozenset[Need]:  # noqa: ARG002 - always the same
        return NEEDS

    def faults(self, options: ProviderOptions) -> frozenset[Fault]:  # noqa: ARG002
        return frozenset(Fault)

    def settings(self, options: ProviderOptions) -> frozenset[Setting]:  # noqa: ARG002
        return SETTINGS

    def identity(self, options: ProviderOptions) -> Identity:
        facts = program_facts(find_controller(options))
        library = facts.get("cloud-provider", "")
        return Identity(PROGRAM, library, facts["sha256"], library, simulator="fake cloud")

    def subjects(self, options: ProviderOptions) -> Mapping[str, Start]:  # noqa: ARG002
        return {Subject.CLOUD_CONTROLLER: start_reference_controller}


def plantable(known: Mapping[str, Planted]) -> Mapping[str, Planted]:
    """Those that change nothing but `SHARED`: a loop in Go is as its authors wrote it."""
    return {id_: one for id_, one in known.items() if _places(one) <= SHARED}


def _places(planted: Planted) -> set[str]:
    plain, changed = Blueprint(), Blueprint()
    planted.plant(changed)
    names = (place.name for place in fields(Blueprint))
    return {name for name in names if getattr(plain, name) != getattr(changed, name)}


@contextmanager
def start_reference_controller(parts: Parts, options: ProviderOptions) -> Iterator[Offer]:
    """Cluster, cloud, kubelets, program; gone again on exit, in reverse order."""
    program = find_controller(options)
    blueprint = blueprint_for(parts.setting, options)
    cluster = parts.cluster()
    cloud = simulate(blueprint, cluster, parts.run_id)
    with (
        stand_in(blueprint, cluster) as kubelet,
        running_reference(blueprint, cluster, cloud.api, parts, program) as process,
    ):
        yield Offer(
            instances=cloud.owner,
            control=cloud.owner,
            kubelet=kubelet,
            journal=cloud.recorder,
            disturb=cloud.recorder,
            process=process,
            logs=(process.log,),
        )
