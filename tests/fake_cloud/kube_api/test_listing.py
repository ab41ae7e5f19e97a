from __future__ import annotations

import pytest

from conformance.contracts.kubernetes import CONFIG_MAPS, NODES, ApiError, Expired, KubeClient
from fake_cloud.kube_api.server import KubeApi
from tests.fake_cloud.kube_api.objects import config_map, node


@pytest.fixture
def nodes(kube: KubeClient) -> KubeClient:
    for number in (3, 1, 2):
        kube.create(NODES, {**node(f"n{number}"), "metadata": {"name": f"n{number}"}})
    return kube


def names(listing: dict[str, object]) -> list[str]:
    items = listing["items"]
    assert isinstance(items, list)
    return [item["metadata"]["name"] for item in items]


def test_lists_are_in_the_order_of_names_and_items_carry_no_kind(nodes: KubeClient) -> None:
    listing = nodes.list(NODES)
    assert listing["kind"] == "NodeList"
    assert names(listing) == ["n1", "n2", "n3"]
    assert "kind" not in listing["items"][0]


def test_selectors_choose(nodes: KubeClient) -> None:
    nodes.patch(NODES, "n2", {"metadata": {"labels": {"a": "b"}}, "spec": {"unschedulable": True}})
    assert names(nodes.list(NODES, label_selector="a=b")) == ["n2"]
    assert names(nodes.list(NODES, field_selector="spec.unschedulable=true")) == ["n2"]


def test_an_unsupported_field_is_a_bad_request(nodes: KubeClient) -> None:
    with pytest.raises(ApiError, match=r"field label not supported: spec\.podCIDR") as error:
        nodes.list(NODES, field_selector="spec.podCIDR=x")
    assert error.value.code == 400


def test_pages_show_the_list_as_it_was(nodes: KubeClient) -> None:
    first = nodes.list(NODES, limit=2)
    assert first["metadata"]["remainingItemCount"] == 1
    nodes.delete(NODES, "n3")
    nodes.create(NODES, node("n4"))
    last = nodes.list(NODES, limit=2, continue_token=first["metadata"]["continue"])
    assert names(first) + names(last) == ["n1", "n2", "n3"]
    assert last["metadata"]["resourceVersion"] == first["metadata"]["resourceVersion"]
    assert "continue" not in last["metadata"]


def test_an_outlived_page_is_expired_and_names_another_way(api: KubeApi, nodes: KubeClient) -> None:
    token = nodes.list(NODES, limit=1)["metadata"]["continue"]
    nodes.create(NODES, node("n4"))
    api.compact()
    with pytest.raises(Expired) as error:
        nodes.list(NODES, limit=1, continue_token=token)
    other = error.value.status["metadata"]["continue"]
    assert names(nodes.list(NODES, continue_token=other)) == ["n2", "n3", "n4"]


def test_a_token_that_nobody_made_is_a_bad_request(nodes: KubeClient) -> None:
    with pytest.raises(ApiError) as error:
        nodes.list(NODES, continue_token="nonsense")  # noqa: S106 - a page, no secret
    assert error.value.code == 400


def test_namespaces_are_listed_apart_and_together(kube: KubeClient) -> None:
    for namespace in ("kube-system", "default"):
        kube.create(CONFIG_MAPS, config_map(), namespace)
    assert len(kube.list(CONFIG_MAPS, "default")["items"]) == 1
    everywhere = kube.list(CONFIG_MAPS)["items"]
    assert [item["metadata"]["namespace"] for item in everywhere] == ["default", "kube-system"]
