"""Faults as the vendor's SDK sees them, the journal, and the wall between two simulators."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
)
from botocore.parsers import ResponseParserError

from conformance.api import Disturbance, Fault, InstanceShape
from fake_cloud.recorder import Recorder
from providers.aws.account import AwsAccount, ec2_client
from providers.aws.ec2_faults import FAULTS
from providers.aws.simulator import aws_simulator

REGION = "us-east-1"


def instances_in(answer: Any) -> list[Any]:
    return [one for found in answer["Reservations"] for one in found["Instances"]]


def test_the_subjects_calls_are_in_the_journal(
    account: AwsAccount, subject: Any, recorder: Recorder
) -> None:
    instance = account.create(InstanceShape())
    subject.describe_instances(InstanceIds=[instance.id])
    (call,) = recorder.calls()
    assert (call.resource, call.verb) == ("instance", "list")
    assert call.about == {instance.id}
    assert call.error == ""


def test_our_own_calls_are_not(account: AwsAccount, recorder: Recorder) -> None:
    account.create(InstanceShape())
    assert recorder.calls() == ()


def test_an_error_of_the_cloud_is_written_down(subject: Any, recorder: Recorder) -> None:
    with pytest.raises(ClientError, match=r"InvalidInstanceID\.NotFound"):
        subject.describe_instances(InstanceIds=["i-0123456789abcdef0"])
    assert recorder.calls()[0].error == "InvalidInstanceID.NotFound"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault.SERVER_ERROR, "InternalError"),
        (Fault.THROTTLED, "RequestLimitExceeded"),
        (Fault.DENIED, "UnauthorizedOperation"),
    ],
)
def test_refusals_have_the_codes_of_ec2(
    subject: Any, recorder: Recorder, fault: Fault, code: str
) -> None:
    with recorder.disturb(Disturbance(fault)), pytest.raises(ClientError) as refused:
        subject.describe_instances()
    assert refused.value.response["Error"]["Code"] == code
    assert (recorder.calls()[0].error, recorder.calls()[0].disturbed) == (code, True)


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        (Fault.MALFORMED, ResponseParserError),
        (Fault.TIMEOUT, ConnectionClosedError),
        (Fault.LOST_ANSWER, ConnectionClosedError),
    ],
)
def test_faults_without_an_answer_to_read(
    subject: Any, recorder: Recorder, fault: Fault, seen: type[Exception]
) -> None:
    with recorder.disturb(Disturbance(fault)), pytest.raises(seen):
        subject.describe_instances()
    assert recorder.calls()[0].disturbed


def test_a_lost_answer_was_carried_out(
    subject: Any, recorder: Recorder, account: AwsAccount
) -> None:
    instance = account.create(InstanceShape())
    with recorder.disturb(Disturbance(Fault.LOST_ANSWER)), pytest.raises(ConnectionClosedError):
        subject.terminate_instances(InstanceIds=[instance.id])
    assert account.get(instance.id) is None


def test_a_call_that_timed_out_was_not(
    subject: Any, recorder: Recorder, account: AwsAccount
) -> None:
    instance = account.create(InstanceShape())
    with recorder.disturb(Disturbance(Fault.TIMEOUT)), pytest.raises(ConnectionClosedError):
        subject.terminate_instances(InstanceIds=[instance.id])
    assert account.get(instance.id) is not None


def test_an_empty_list_has_no_instance(
    account: AwsAccount, subject: Any, recorder: Recorder
) -> None:
    instance = account.create(InstanceShape())
    with recorder.disturb(Disturbance(Fault.EMPTY_LIST)):
        assert instances_in(subject.describe_instances()) == []
        assert instances_in(subject.describe_instances(InstanceIds=[instance.id])) == []
    assert instances_in(subject.describe_instances())


def test_an_instance_without_addresses_keeps_everything_else(
    account: AwsAccount, subject: Any, recorder: Recorder
) -> None:
    shape = InstanceShape(dual_stack=True, private_addresses=2)
    instance = account.create(shape)
    with recorder.disturb(Disturbance(Fault.NO_ADDRESSES)):
        (seen,) = instances_in(subject.describe_instances(InstanceIds=[instance.id]))
    assert not {key for key in seen if "Ip" in key or "Dns" in key} - {"KernelId"}
    assert "NetworkInterfaces" not in seen
    assert (seen["InstanceId"], seen["InstanceType"]) == (instance.id, instance.type)
    assert seen["Placement"]["AvailabilityZone"] == instance.zone


def test_only_calls_about_the_disturbed_instance_fail(
    account: AwsAccount, subject: Any, recorder: Recorder
) -> None:
    one, other = account.create(InstanceShape()), account.create(InstanceShape())
    with recorder.disturb(Disturbance(Fault.SERVER_ERROR, about=one.names)):
        assert instances_in(subject.describe_instances(InstanceIds=[other.id]))
        with pytest.raises(ClientError):
            subject.describe_instances(InstanceIds=[one.id])


def test_ground_truth_is_not_disturbed(account: AwsAccount, recorder: Recorder) -> None:
    instance = account.create(InstanceShape())
    with recorder.disturb(Disturbance(Fault.SERVER_ERROR)):
        assert account.get(instance.id) == instance


def test_power_state_is_not_on_offer() -> None:
    assert Fault.POWER_STATE not in FAULTS


def test_two_simulators_in_one_process_share_nothing(account: AwsAccount) -> None:
    account.create(InstanceShape())
    with aws_simulator(Recorder()) as other:
        ec2 = ec2_client(REGION, other.truth_url)
        assert instances_in(ec2.describe_instances()) == []


def test_nothing_of_an_account_remains(recorder: Recorder) -> None:
    from moto.ec2.models import ec2_backends

    with aws_simulator(recorder) as simulator:
        ec2_client(REGION, simulator.truth_url).describe_instances()
        assert simulator.account_id in ec2_backends
    assert simulator.account_id not in ec2_backends


def test_a_failure_of_moto_has_its_own_name(
    account: AwsAccount, subject: Any, recorder: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    account.create(InstanceShape())
    with pytest.raises(ClientError):
        subject.describe_instances(Filters=[{"Name": "no-such-filter", "Values": ["x"]}])
    assert recorder.calls()[0].error == "SimulatorFailed"
    assert "no verdict" in caplog.text
