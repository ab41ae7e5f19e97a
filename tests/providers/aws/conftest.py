"""A simulator for each test, seen from the subject's side and from ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from fake_cloud.recorder import Recorder
from providers.aws.account import AwsAccount, ec2_client
from providers.aws.network import Network, lay_network
from providers.aws.simulator import AwsSimulator, aws_simulator

REGION = "us-east-1"


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def simulator(recorder: Recorder) -> Iterator[AwsSimulator]:
    with aws_simulator(recorder, hold=0.0) as running:
        yield running


@pytest.fixture
def ec2(simulator: AwsSimulator) -> Any:
    """Ground truth's client."""
    return ec2_client(REGION, simulator.truth_url)


@pytest.fixture
def network(ec2: Any) -> Network:
    return lay_network(ec2, REGION, "cluster-1")


@pytest.fixture
def account(ec2: Any, network: Network) -> AwsAccount:
    return AwsAccount(ec2, network, "run-1")


@pytest.fixture
def subject(simulator: AwsSimulator) -> Any:
    """The subject's client: the vendor's SDK, which does not try again here."""
    return boto3.client(
        "ec2",
        region_name=REGION,
        endpoint_url=simulator.subject_url,
        aws_access_key_id="any",
        aws_secret_access_key="any",  # noqa: S106 - a simulator takes any key
        config=Config(retries={"total_max_attempts": 1}),
    )
