from __future__ import annotations

import re

import pytest

from conformance.contracts.kubernetes import (
    CONFIG_MAPS,
    LEASES,
    NODES,
    AlreadyExists,
    ApiError,
    Conflict,
    Invalid,
    KubeClient,
    NotFound,
    PatchType,
)
from tests.fake_cloud.kube_api.objects import config_map, node


def test_a_created_object_has_system_fields_and_reads_back_equal(kube: KubeClient) -> None:
    created = kube.create(CONFIG_MAPS, config_map(), "default")
    metadata = created["metadata"]
    assert metadata["namespace"] == "default"
    assert metadata["uid"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", metadata["creationTimestamp"])
    assert kube.get(CONFIG_MAPS, "one", "default") == created


def test_objects_that_come_out_are_copies(kube: KubeClient) -> None:
    kube.create(CONFIG_MAPS, config_map(), "default")["data"]["key"] = "changed"
    assert kube.get(CONFIG_MAPS, "one", "default")["data"] == {"key": "value"}


def test_a_second_object_of_the_name_is_refused(kube: KubeClient) -> None:
    kube.create(NODES, node())
    with pytest.raises(AlreadyExists) as error:
        kube.create(NODES, node())
    assert error.value.status["details"] == {"name": "one", "kind": "nodes"}


def test_names_are_generated_from_a_prefix(kube: KubeClient) -> None:
    created = kube.create(CONFIG_MAPS, {"metadata": {"generateName": "job-"}}, "default")
    assert re.fullmatch(r"job-[bcdfghjklmnpqrstvwxz2456789]{5}", created["metadata"]["name"])


def test_creating_in_a_missing_namespace_is_a_404_about_the_namespace(kube: KubeClient) -> None:
    with pytest.raises(NotFound, match='namespaces "nowhere" not found'):
        kube.create(CONFIG_MAPS, config_map(), "nowhere")


def test_a_stale_replace_is_a_conflict(kube: KubeClient) -> None:
    first = kube.create(CONFIG_MAPS, config_map(), "default")
    kube.replace(CONFIG_MAPS, "one", {**first, "data": {"key": "second"}}, "default")
    with pytest.raises(Conflict) as error:
        kube.replace(CONFIG_MAPS, "one", first, "default")
    assert error.value.reason == "Conflict"


def test_a_replace_without_a_version_is_unconditional(kube: KubeClient) -> None:
    kube.create(CONFIG_MAPS, config_map(), "default")
    replaced = kube.replace(CONFIG_MAPS, "one", {"metadata": {"name": "one"}}, "default")
    assert "data" not in replaced


def test_a_stale_version_inside_a_patch_is_a_conflict(kube: KubeClient) -> None:
    version = kube.create(NODES, node())["metadata"]["resourceVersion"]
    kube.patch(NODES, "one", {"metadata": {"labels": {"a": "b"}}})
    with pytest.raises(Conflict):
        kube.patch(NODES, "one", {"metadata": {"resourceVersion": version}, "spec": {}})


@pytest.mark.parametrize("patch_type", [PatchType.STRATEGIC, PatchType.MERGE])
def test_a_write_that_changes_nothing_keeps_the_version(
    kube: KubeClient, patch_type: PatchType
) -> None:
    created = kube.create(NODES, {**node(), "metadata": {"name": "one", "labels": {"a": "b"}}})
    patch = {"metadata": {"labels": {"a": "b"}}}
    assert kube.patch(NODES, "one", patch, patch_type=patch_type) == created
    assert kube.replace(NODES, "one", created) == created


def test_leases_are_created_by_a_put_and_need_a_version_afterwards(kube: KubeClient) -> None:
    lease = {"metadata": {"name": "leader"}, "spec": {"holderIdentity": "me"}}
    created = kube.replace(LEASES, "leader", lease, "default")
    with pytest.raises(Invalid, match="must be specified for an update"):
        kube.replace(LEASES, "leader", lease, "default")
    created["spec"]["holderIdentity"] = "you"
    assert kube.replace(LEASES, "leader", created, "default")["spec"]["holderIdentity"] == "you"


def test_a_put_of_a_missing_config_map_is_a_404(kube: KubeClient) -> None:
    with pytest.raises(NotFound):
        kube.replace(CONFIG_MAPS, "one", config_map(), "default")


def test_finalizers_keep_a_deleted_object_until_they_are_gone(kube: KubeClient) -> None:
    kube.create(CONFIG_MAPS, config_map(finalizers=["example.com/a"]), "default")
    marked = kube.delete(CONFIG_MAPS, "one", "default")
    assert marked["metadata"]["deletionGracePeriodSeconds"] == 0
    more = {"metadata": {"finalizers": ["example.com/b"]}}
    with pytest.raises(Invalid, match="no new finalizers can be added"):
        kube.patch(CONFIG_MAPS, "one", more, "default")
    kube.patch(
        CONFIG_MAPS,
        "one",
        {"metadata": {"finalizers": None}},
        "default",
        patch_type=PatchType.MERGE,
    )
    with pytest.raises(NotFound):
        kube.get(CONFIG_MAPS, "one", "default")


def test_deleting_answers_with_a_status_that_names_the_object(kube: KubeClient) -> None:
    uid = kube.create(NODES, node())["metadata"]["uid"]
    answer = kube.delete(NODES, "one")
    assert answer["status"] == "Success"
    assert answer["details"] == {"name": "one", "kind": "nodes", "uid": uid}


def test_preconditions_of_a_delete_are_checked(kube: KubeClient) -> None:
    kube.create(NODES, node())
    with pytest.raises(Conflict, match="UID in the precondition"):
        kube.delete(NODES, "one", options={"preconditions": {"uid": "other"}})


def test_a_wrong_type_in_the_body_is_a_bad_request(kube: KubeClient) -> None:
    with pytest.raises(ApiError, match="cannot unmarshal bool") as error:
        kube.create(NODES, {"metadata": {"name": "one", "labels": {"a": True}}})
    assert error.value.code == 400


def test_immutable_config_maps_stay(kube: KubeClient) -> None:
    kube.create(CONFIG_MAPS, {**config_map(), "immutable": True}, "default")
    with pytest.raises(Invalid, match="field is immutable when `immutable` is set"):
        kube.patch(CONFIG_MAPS, "one", {"data": {"key": "other"}}, "default")


def test_validation_errors_carry_causes(kube: KubeClient) -> None:
    with pytest.raises(Invalid) as error:
        kube.create(NODES, {"metadata": {"name": "Upper", "labels": {"-bad": "ok"}}})
    causes = error.value.status["details"]["causes"]
    assert [cause["field"] for cause in causes] == ["metadata.name", "metadata.labels"]
