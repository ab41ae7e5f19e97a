from __future__ import annotations

import pytest

from conformance.contracts.kubernetes import ApiError, Invalid, KubeClient, Resource
from tests.fake_cloud.kube_api.kinds import PODS, Body, pod

CLASSES = Resource("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", namespaced=False)


def priority_class(name: str = "one", **fields: object) -> Body:
    return {"metadata": {"name": name}, "value": 7, **fields}


def test_the_default_class_gives_its_priority_to_pods(kube: KubeClient) -> None:
    kube.create(CLASSES, priority_class(globalDefault=True))
    spec = kube.create(PODS, pod(), "default")["spec"]
    assert (spec["priorityClassName"], spec["priority"]) == ("one", 7)
    with pytest.raises(ApiError, match="Only one default can exist"):
        kube.create(CLASSES, priority_class("two", globalDefault=True))


def test_the_number_of_a_class_stays(kube: KubeClient) -> None:
    kube.create(CLASSES, priority_class())
    with pytest.raises(Invalid, match="value: Forbidden: may not be changed in an update"):
        kube.patch(CLASSES, "one", {"value": 8})


def test_high_numbers_and_some_names_belong_to_the_system(kube: KubeClient) -> None:
    with pytest.raises(Invalid, match="maximum allowed value of a user defined priority"):
        kube.create(CLASSES, priority_class(value=2_000_000_000))
    with pytest.raises(Invalid, match="is not a known system priority class"):
        kube.create(CLASSES, priority_class("system-one"))
