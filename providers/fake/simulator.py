"""The cloud: one account for each environment, and the recorder in front of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from conformance.api import NODES, Cluster
from fake_cloud.blueprint import Blueprint
from fake_cloud.cloud import InstanceApi, Owner
from fake_cloud.kubelet import KubeletStandIn
from fake_cloud.loops.cloud_instances import UNMANAGED_LABEL, UNMANAGED_VALUE
from fake_cloud.recorder import Recorder, stamp_from

LIST_LAG = 0.5
"""Seconds for which lists do not show a new machine, so that whoever trusts lists is found out."""


@dataclass(frozen=True, slots=True)
class Simulator:
    """`owner` sees and changes the account directly; `api` goes through the recorder."""

    owner: Owner
    api: InstanceApi
    recorder: Recorder


def simulate(blueprint: Blueprint, cluster: Cluster, run_id: str) -> Simulator:
    """A new account; its machines' names carry the run id."""
    recorder = Recorder(stamp_from(cluster.kube, NODES))
    settings = replace(blueprint.settings, list_lag=LIST_LAG, name_prefix=run_id)
    account = blueprint.account(settings)
    return Simulator(blueprint.owner(account), blueprint.instance_api(account, recorder), recorder)


def stand_in(blueprint: Blueprint, cluster: Cluster) -> KubeletStandIn:
    """Makes machines join as nodes; to be entered, and its heartbeats end on exit."""
    return blueprint.kubelet(
        cluster.kube,
        unmanaged_labels={UNMANAGED_LABEL: UNMANAGED_VALUE},
        version=cluster.version,
    )
