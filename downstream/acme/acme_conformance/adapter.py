"""How Acme is started and judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from conformance.api import (
    RUN_LABEL,
    AdapterDefaults,
    Need,
    Offer,
    Parts,
    ProviderOptions,
    Start,
    Subject,
    Timing,
)
from fake_cloud.blueprint import BRISK, Blueprint
from fake_cloud.cloud import Account, AccountSettings, InstanceApi, Owner
from fake_cloud.kubelet import KubeletStandIn
from fake_cloud.loops.cloud_controller import CloudController
from fake_cloud.recorder import Recorder
from acme_conformance.capabilities import CAPABILITIES


class AcmeProvider(AdapterDefaults):
    """What Acme promises, what its adapter can do for a check, and how to start it."""

    name = "acme"
    capabilities = CAPABILITIES
    timing = Timing(BRISK.monitor, BRISK.addresses, node_reaction=0.1, poll=None)

    def needs(self, options: ProviderOptions) -> frozenset[Need]:
        return frozenset({Need.KUBERNETES, Need.VIEW, Need.JOURNAL, Need.CONTROL})

    def subjects(self, options: ProviderOptions) -> Mapping[str, Start]:
        return {Subject.CLOUD_CONTROLLER: start_controller}


@contextmanager
def start_controller(parts: Parts, options: ProviderOptions) -> Iterator[Offer]:
    cluster = parts.cluster()
    account = Account(AccountSettings(name_prefix=parts.run_id))
    recorder = Recorder()
    controller = CloudController(
        Blueprint(),
        cluster.subject_kube,
        InstanceApi(account, recorder),
        label_selector=f"{RUN_LABEL}={parts.run_id}",
    )
    with KubeletStandIn(cluster.kube) as kubelet:
        controller.start()
        owner = Owner(account)
        try:
            yield Offer(instances=owner, control=owner, kubelet=kubelet, journal=recorder)
        finally:
            controller.kill()
