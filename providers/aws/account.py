"""Ground truth and control of the instances in an AWS account, by AWS's own Python SDK."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import boto3

from conformance.api import (
    Address,
    AddressType,
    Instance,
    InstanceShape,
    InstanceState,
    StateExample,
)
from providers.aws.network import Network

ZONE_ID_LABEL = "topology.k8s.aws/zone-id"
"""cloud-provider-aws pkg/providers/v1/well_known_labels.go"""

RUN_TAG = "conformance.cloud-provider/run-id"
"""Tag of everything that a run makes in an account."""

STATES: Mapping[str, InstanceState] = {
    "pending": InstanceState.PENDING,
    "running": InstanceState.RUNNING,
    "stopping": InstanceState.STOPPING,
    "stopped": InstanceState.STOPPED,
    "shutting-down": InstanceState.STOPPING,
    "terminated": InstanceState.TERMINATED,
}

_IP_NAME = re.compile(r"ip-(\d+)-(\d+)-(\d+)-(\d+)\.")


def ec2_client(region: str = "", endpoint: str = "") -> Any:
    """The SDK's client; `endpoint` of a simulator takes any key, without one the user's count."""
    keys = {"aws_access_key_id": "simulator", "aws_secret_access_key": "simulator"}
    return boto3.client(
        "ec2",
        region_name=region or None,
        endpoint_url=endpoint or None,
        **(keys if endpoint else {}),
    )


@dataclass(frozen=True, slots=True)
class Launch:
    """Arguments of `RunInstances` that say what is started; a simulator takes any image."""

    arguments: Mapping[str, Any] = field(
        default_factory=lambda: {"ImageId": "ami-00000000000000000", "InstanceType": "t3.small"}
    )


class AwsAccount:
    """Implements `InstanceView` and `InstanceControl` for the instances of one cluster."""

    def __init__(
        self,
        ec2: Any,
        network: Network,
        run_id: str,
        launch: Launch | None = None,
        states: Sequence[StateExample] = (),
    ) -> None:
        self._ec2 = ec2
        self._network = network
        self._tags = [dict(network.cluster_tag), {"Key": RUN_TAG, "Value": run_id}]
        self._launch = launch or Launch()
        self._states = states
        zones = ec2.describe_availability_zones()["AvailabilityZones"]
        self._zone_ids = {zone["ZoneName"]: zone["ZoneId"] for zone in zones}

    def get(self, instance_id: str) -> Instance | None:
        return next(iter(self._alive("instance-id", instance_id)), None)

    def list(self) -> Sequence[Instance]:
        return tuple(self._alive("tag-key", self._network.cluster_tag["Key"]))

    def create(self, shape: InstanceShape) -> Instance:
        subnets = self._network.public if shape.public else self._network.private
        subnet = subnets[shape.zone % len(subnets)]
        return self._run(subnet, shape, _address_in(shape.node_name))

    def stop(self, instance_id: str) -> Instance:
        self._ec2.stop_instances(InstanceIds=[instance_id])
        return self._once("instance_stopped", instance_id)

    def start(self, instance_id: str) -> Instance:
        self._ec2.start_instances(InstanceIds=[instance_id])
        return self._once("instance_running", instance_id)

    def terminate(self, instance_id: str) -> None:
        self._ec2.terminate_instances(InstanceIds=[instance_id])
        self._ec2.get_waiter("instance_terminated").wait(InstanceIds=[instance_id])
        self._release_addresses(instance_id)

    def replace(self, instance_id: str) -> Instance:
        """The name is the private address: the new instance asks for the old one's."""
        old = self._described(instance_id)
        self.terminate(instance_id)
        shape = InstanceShape(node_name=old["PrivateDnsName"])
        return self._run(old["SubnetId"], shape, old["PrivateIpAddress"])

    def change_addresses(self, instance_id: str) -> Instance:
        """Another public address: an elastic one takes the place of the present one.

        Raises ValueError for an instance without a public address: it would lose none.
        """
        if not self._described(instance_id).get("PublicIpAddress"):
            raise ValueError(
                f"expected {instance_id} to have a public address that can be exchanged, saw none; "
                "create it with InstanceShape(public=True)"
            )
        taken = self._elastic_addresses(instance_id)
        address = self._ec2.allocate_address(
            Domain="vpc", TagSpecifications=[{"ResourceType": "elastic-ip", "Tags": self._tags}]
        )
        self._ec2.associate_address(
            InstanceId=instance_id, AllocationId=address["AllocationId"], AllowReassociation=True
        )
        self._release(taken)
        return self._instance(self._described(instance_id))

    def limit_states(self) -> Sequence[StateExample]:
        """In an AWS account the other states pass by themselves: only a simulator holds them."""
        return self._states

    def _run(self, subnet: str, shape: InstanceShape, private_address: str) -> Instance:
        wanted: dict[str, Any] = {"PrivateIpAddress": private_address} if private_address else {}
        if shape.dual_stack:
            wanted["Ipv6AddressCount"] = 1
        made = self._ec2.run_instances(
            **self._launch.arguments,
            **wanted,
            MinCount=1,
            MaxCount=1,
            SubnetId=subnet,
            TagSpecifications=[{"ResourceType": "instance", "Tags": self._tags}],
        )["Instances"][0]
        if shape.private_addresses > 1:
            self._add_private_addresses(made, shape.private_addresses - 1)
        return self._once("instance_running", made["InstanceId"])

    def _add_private_addresses(self, made: Mapping[str, Any], count: int) -> None:
        self._ec2.assign_private_ip_addresses(
            NetworkInterfaceId=made["NetworkInterfaces"][0]["NetworkInterfaceId"],
            SecondaryPrivateIpAddressCount=count,
        )

    def _once(self, state: str, instance_id: str) -> Instance:
        self._ec2.get_waiter(state).wait(InstanceIds=[instance_id])
        return self._instance(self._described(instance_id))

    def _described(self, instance_id: str) -> Mapping[str, Any]:
        answer = self._ec2.describe_instances(InstanceIds=[instance_id])
        found: Mapping[str, Any] = answer["Reservations"][0]["Instances"][0]
        return found

    def _alive(self, name: str, value: str) -> Iterator[Instance]:
        pages = self._ec2.get_paginator("describe_instances").paginate(
            Filters=[{"Name": name, "Values": [value]}]
        )
        for reservation in (r for page in pages for r in page["Reservations"]):
            for described in reservation["Instances"]:
                if described["State"]["Name"] != "terminated":
                    yield self._instance(described)

    def _instance(self, described: Mapping[str, Any]) -> Instance:
        zone = described["Placement"]["AvailabilityZone"]
        return Instance(
            id=described["InstanceId"],
            provider_id=f"aws:///{zone}/{described['InstanceId']}",
            node_name=described["PrivateDnsName"],
            state=STATES[described["State"]["Name"]],
            type=described["InstanceType"],
            zone=zone,
            region=self._network.region,
            addresses=tuple(_addresses(described)),
            labels={ZONE_ID_LABEL: self._zone_ids[zone]},
        )

    def _elastic_addresses(self, instance_id: str) -> Sequence[Mapping[str, Any]]:
        filters = [{"Name": "instance-id", "Values": [instance_id]}]
        found: Sequence[Mapping[str, Any]] = self._ec2.describe_addresses(Filters=filters)[
            "Addresses"
        ]
        return found

    def _release_addresses(self, instance_id: str) -> None:
        self._release(self._elastic_addresses(instance_id))

    def _release(self, addresses: Sequence[Mapping[str, Any]]) -> None:
        for address in addresses:
            self._ec2.release_address(AllocationId=address["AllocationId"])


def _addresses(described: Mapping[str, Any]) -> Iterator[Address]:
    """In the order in which the AWS controller prefers them: IPv4 and names, then IPv6."""
    interfaces = described["NetworkInterfaces"]
    for interface in interfaces:
        for private in interface["PrivateIpAddresses"]:
            yield Address(AddressType.INTERNAL_IP, private["PrivateIpAddress"])
    named = (
        (AddressType.EXTERNAL_IP, "PublicIpAddress"),
        (AddressType.INTERNAL_DNS, "PrivateDnsName"),
        (AddressType.HOSTNAME, "PrivateDnsName"),
        (AddressType.EXTERNAL_DNS, "PublicDnsName"),
    )
    for type_, key in named:
        if described.get(key):
            yield Address(type_, described[key])
    for interface in interfaces:
        for ipv6 in interface.get("Ipv6Addresses", [])[:1]:
            yield Address(AddressType.INTERNAL_IP, ipv6["Ipv6Address"])


def _address_in(node_name: str) -> str:
    """The private address that a node name stands for; empty for an empty name."""
    if not node_name:
        return ""
    found = _IP_NAME.match(node_name)
    if found is None:
        raise ValueError(
            f"expected a node name that AWS can give (ip-10-0-0-9.ec2.internal), saw {node_name!r};"
            " leave InstanceShape.node_name empty"
        )
    return ".".join(found.groups())
