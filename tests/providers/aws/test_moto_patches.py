"""Each patch makes moto answer as AWS does; without it moto still does not.

When the second half fails, a release of moto has made that patch superfluous: take it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from fake_cloud.recorder import Recorder
from providers.aws.capabilities import MOTO_PATCHES
from providers.aws.moto_patches import forget_account
from providers.aws.network import lay_network
from providers.aws.simulator import aws_simulator, served, within_account

REGION = "us-east-1"
UNPATCHED_ACCOUNT = "999999999999"

Client = Callable[[str], Any]


def clients(url: str) -> Client:
    def client(service: str) -> Any:
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=url,
            aws_access_key_id="any",
            aws_secret_access_key="any",  # noqa: S106 - a simulator takes any key
            config=Config(retries={"total_max_attempts": 1}),
        )

    return client


@pytest.fixture
def patched() -> Iterator[Client]:
    with aws_simulator(Recorder()) as simulator:
        yield clients(simulator.truth_url)


@pytest.fixture
def plain() -> Iterator[Client]:
    app = DomainDispatcherApplication(create_backend_app)
    with served(within_account(app, UNPATCHED_ACCOUNT)) as url:
        yield clients(url)
    forget_account(UNPATCHED_ACCOUNT)


def launched(client: Client, **wanted: Any) -> str:
    ec2 = client("ec2")
    wanted = wanted or {"SubnetId": lay_network(ec2, REGION, "cluster-1").public[0]}
    made = ec2.run_instances(ImageId="ami-1", MinCount=1, MaxCount=1, **wanted)
    return str(made["Instances"][0]["InstanceId"])


def topology_is_answered(client: Client) -> bool:
    ordinary = client("ec2").describe_instance_topology(InstanceIds=[launched(client)])
    return not ordinary["Instances"]


def repeated_ids_are_one(client: Client) -> bool:
    instance = launched(client)
    answer = client("ec2").describe_instances(InstanceIds=[instance, instance])
    return len(answer["Reservations"]) == 1


def terminated_instances_free_their_address(client: Client) -> bool:
    subnet = lay_network(client("ec2"), REGION, "cluster-1").public[0]
    place = {"SubnetId": subnet, "PrivateIpAddress": "10.0.0.9"}
    client("ec2").terminate_instances(InstanceIds=[launched(client, **place)])
    launched(client, **place)
    return True


def classic_load_balancers_have_a_health_check(client: Client) -> bool:
    port = {"Protocol": "TCP", "LoadBalancerPort": 80, "InstancePort": 30080}
    elb = client("elb")
    elb.create_load_balancer(
        LoadBalancerName="one", Listeners=[port], AvailabilityZones=[f"{REGION}a"]
    )
    described = elb.describe_load_balancers()["LoadBalancerDescriptions"][0]
    return bool("TCP:30080" in described.get("HealthCheck", {}).values())


def target_groups_report_both_attributes(client: Client) -> bool:
    vpc = client("ec2").create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    elb = client("elbv2")
    group = elb.create_target_group(Name="one", Protocol="TCP", Port=80, VpcId=vpc)
    arn = group["TargetGroups"][0]["TargetGroupArn"]
    answer = elb.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
    return {"preserve_client_ip.enabled", "proxy_protocol_v2.enabled"} <= {a["Key"] for a in answer}


PROBES = (
    topology_is_answered,
    repeated_ids_are_one,
    terminated_instances_free_their_address,
    classic_load_balancers_have_a_health_check,
    target_groups_report_both_attributes,
)


@pytest.mark.parametrize("probe", PROBES)
def test_patched_moto_answers_as_aws(patched: Client, probe: Callable[[Client], bool]) -> None:
    assert probe(patched)


@pytest.mark.parametrize("probe", PROBES)
def test_plain_moto_does_not(plain: Client, probe: Callable[[Client], bool]) -> None:
    try:
        answered = probe(plain)
    except (ClientError, ResponseParserError):
        answered = False
    assert not answered


def test_every_patch_has_its_probe() -> None:
    assert len(PROBES) == len(MOTO_PATCHES)


def test_instances_of_large_machine_types_have_three_network_layers(patched: Client) -> None:
    subnet = lay_network(patched("ec2"), REGION, "cluster-1").public[0]
    instance = launched(patched, SubnetId=subnet, InstanceType="p4d.24xlarge")
    (topology,) = patched("ec2").describe_instance_topology(InstanceIds=[instance])["Instances"]
    assert topology["InstanceId"] == instance
    assert len(topology["NetworkNodes"]) == 3


def test_a_freed_address_is_not_the_next_to_be_given_out(patched: Client) -> None:
    subnet = lay_network(patched("ec2"), REGION, "cluster-1").public[0]
    ec2 = patched("ec2")
    old = launched(patched, SubnetId=subnet)
    ec2.terminate_instances(InstanceIds=[old])
    new = launched(patched, SubnetId=subnet)
    names = {
        one["PrivateDnsName"]
        for reservation in ec2.describe_instances(InstanceIds=[old, new])["Reservations"]
        for one in reservation["Instances"]
    }
    assert len(names) == 2
