"""An AWS account and a cluster that are the operator's, and what a run may do there.

The controller under judgement already runs in that cluster. The run starts instances of its own
from `launch-template`: they need not run a kubelet, because stand-ins register their nodes. Every
instance and address carries the run's id, and nothing without it is touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from conformance.api import Offer, Parts, ProviderOptions
from fake_cloud.kubelet import KubeletStandIn
from providers.aws.account import RUN_TAG, AwsAccount, Launch, ec2_client
from providers.aws.network import Network

OPTIONS: Mapping[str, str] = {
    "cluster-id": "the id in the tag kubernetes.io/cluster/ID",
    "vpc": "the cluster's VPC",
    "zones": "two zones, with a comma",
    "subnets": "a public subnet in each of them, with a comma",
    "launch-template": "what the run's instances are started from",
}
"""`--provider-option` of a live run. Region and keys are those of the user's AWS configuration."""


@contextmanager
def live_controller(parts: Parts, options: ProviderOptions) -> Iterator[Offer]:
    """Nothing is started but nodes; raises ValueError when an option is missing."""
    ec2 = ec2_client()
    network = network_of(options.values, ec2.meta.region_name)
    launch = Launch({"LaunchTemplate": {"LaunchTemplateId": options.values["launch-template"]}})
    account = AwsAccount(ec2, network, parts.run_id, launch)
    with KubeletStandIn(parts.cluster().kube, renew=True) as kubelet:
        yield Offer(instances=account, control=account, kubelet=kubelet)


def network_of(values: Mapping[str, str], region: str) -> Network:
    """The operator's network; private instances are placed in the same subnets."""
    missing = [name for name in OPTIONS if not values.get(name)]
    if missing:
        raise ValueError(
            f"expected --provider-option {missing[0]}=VALUE ({OPTIONS[missing[0]]}), saw none; "
            f"a live run needs {', '.join(OPTIONS)}"
        )
    subnets = values["subnets"].split(",")
    zones = values["zones"].split(",")
    return Network(region, values["cluster-id"], values["vpc"], zones, subnets, subnets)


def remove_instances(ec2: Any, run_id: str, ids: Sequence[str]) -> None:
    """Terminate the run's instances (only those in `ids`, if any) and free their addresses."""
    mine = [{"Name": f"tag:{RUN_TAG}", "Values": [run_id]}]
    pages = ec2.get_paginator("describe_instances").paginate(Filters=mine)
    found = [
        one["InstanceId"]
        for page in pages
        for reservation in page["Reservations"]
        for one in reservation["Instances"]
    ]
    doomed = [instance for instance in found if not ids or instance in ids]
    if doomed:
        ec2.terminate_instances(InstanceIds=doomed)
        ec2.get_waiter("instance_terminated").wait(InstanceIds=doomed)
    for address in ec2.describe_addresses(Filters=mine)["Addresses"]:
        if address.get("InstanceId") not in set(found) - set(doomed):
            ec2.release_address(AllocationId=address["AllocationId"])
