from __future__ import annotations

import pytest

from providers.aws.neutral_calls import neutral_call


def test_a_question_for_ids_is_about_these_instances() -> None:
    call = neutral_call(
        {"Action": "DescribeInstances", "InstanceId.1": "i-1", "InstanceId.2": "i-2"}
    )
    assert (call.resource, call.verb, call.mutating) == ("instance", "list", False)
    assert call.about == {"i-1", "i-2"}
    assert call.operation == "DescribeInstances"


def test_a_question_by_private_name_is_about_that_node() -> None:
    call = neutral_call(
        {
            "Action": "DescribeInstances",
            "Filter.1.Name": "private-dns-name",
            "Filter.1.Value.1": "ip-10-0-0-4.ec2.internal",
            "Filter.2.Name": "instance-state-name",
            "Filter.2.Value.1": "running",
        }
    )
    assert call.about == {"ip-10-0-0-4.ec2.internal"}


def test_filters_are_told_apart_by_their_whole_number() -> None:
    call = neutral_call(
        {
            "Action": "DescribeInstances",
            "Filter.1.Name": "private-dns-name",
            "Filter.1.Value.1": "ip-10-0-0-4.ec2.internal",
            "Filter.10.Name": "tag-key",
            "Filter.10.Value.1": "something",
        }
    )
    assert call.about == {"ip-10-0-0-4.ec2.internal"}


def test_a_question_without_names_is_about_everything() -> None:
    assert neutral_call({"Action": "DescribeInstances"}).about == frozenset()


@pytest.mark.parametrize(
    ("action", "resource", "verb", "mutating"),
    [
        ("DescribeAvailabilityZones", "zone", "list", False),
        ("DescribeInstanceTopology", "topology", "list", False),
        ("CreateLoadBalancer", "CreateLoadBalancer", "create", True),
        ("DeleteLoadBalancer", "DeleteLoadBalancer", "delete", True),
        ("ModifyLoadBalancerAttributes", "ModifyLoadBalancerAttributes", "update", True),
        ("", "metadata", "get", False),
    ],
)
def test_words(action: str, resource: str, verb: str, mutating: bool) -> None:
    call = neutral_call({"Action": action})
    assert (call.resource, call.verb, call.mutating) == (resource, verb, mutating)
