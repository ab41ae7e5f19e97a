"""The network that nodes live in: what a cluster installer would have made in an AWS account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from itertools import islice
from typing import Any

CIDR = IPv4Network("10.0.0.0/16")
ZONES = ("a", "b")


@dataclass(frozen=True, slots=True)
class Network:
    """One VPC of a cluster.

    `public` and `private` are subnet ids in the order of `zones`; instances in public ones get a
    public address at launch.
    """

    region: str
    cluster_id: str
    vpc: str
    zones: Sequence[str]
    public: Sequence[str]
    private: Sequence[str]

    @property
    def cluster_tag(self) -> Mapping[str, str]:
        return {"Key": f"kubernetes.io/cluster/{self.cluster_id}", "Value": "owned"}


def lay_network(ec2: Any, region: str, cluster_id: str) -> Network:
    """Make a VPC of two zones, a public and a private subnet in each, both address families."""
    vpc = ec2.create_vpc(CidrBlock=str(CIDR), AmazonProvidedIpv6CidrBlock=True)["Vpc"]
    zones = [f"{region}{letter}" for letter in ZONES]
    ipv4 = islice(CIDR.subnets(new_prefix=20), 2 * len(zones))
    ipv6 = _ipv6_range(vpc).subnets(new_prefix=64)
    subnets = [
        _subnet(ec2, vpc["VpcId"], zone, four, six)
        for zone, four, six in zip(zones * 2, ipv4, ipv6, strict=False)
    ]
    network = Network(region, cluster_id, vpc["VpcId"], zones, subnets[:2], subnets[2:])
    for subnet in network.public:
        ec2.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": True})
    table = _route_to_internet(ec2, network)
    ec2.create_tags(Resources=[network.vpc, table, *subnets], Tags=[network.cluster_tag])
    return network


def _ipv6_range(vpc: Mapping[str, Any]) -> IPv6Network:
    return IPv6Network(vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"])


def _subnet(ec2: Any, vpc: str, zone: str, ipv4: IPv4Network, ipv6: IPv6Network) -> str:
    made = ec2.create_subnet(
        VpcId=vpc, AvailabilityZone=zone, CidrBlock=str(ipv4), Ipv6CidrBlock=str(ipv6)
    )
    return str(made["Subnet"]["SubnetId"])


def _route_to_internet(ec2: Any, network: Network) -> str:
    """Without a default route to an internet gateway a subnet does not count as public."""
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=network.vpc)
    table = ec2.create_route_table(VpcId=network.vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    for subnet in network.public:
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    return str(table)
