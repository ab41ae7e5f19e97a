"""Objects of a defined kind, as a client meets them."""

from __future__ import annotations

import pytest

from conformance.contracts.kubernetes import (
    ApiError,
    Invalid,
    KubeClient,
    NotFound,
    PatchType,
    Resource,
)
from fake_cloud.kube_api.custom_resources.definitions import DEFINITIONS
from fake_cloud.kube_api.http import Request
from fake_cloud.kube_api.server import KubeApi
from fake_cloud.kube_api.store import encode
from tests.fake_cloud.kube_api.custom_resources.conftest import (
    Define,
    definition,
    version,
    widget,
)

MERGE = PatchType.MERGE
SIZE = {"type": "integer", "minimum": 1}
SIZED = {"properties": {"size": SIZE}}


def test_a_value_against_the_schema_is_refused(kube: KubeClient, define: Define) -> None:
    widgets = define(version(**SIZED, required=["size"]))
    with pytest.raises(Invalid, match=r"spec.size in body should be greater than or equal to 1"):
        kube.create(widgets, widget(size=0), "default")
    with pytest.raises(Invalid, match=r"spec.size: Required value"):
        kube.create(widgets, widget(), "default")


def test_what_an_update_leaves_as_it_was_is_not_looked_at(kube: KubeClient, define: Define) -> None:
    widgets = define(version(properties={"size": {"type": "integer"}, "color": {"type": "string"}}))
    kube.create(widgets, widget(size=0), "default")
    narrow = definition(version(properties={"size": SIZE, "color": {"type": "string"}}))
    with kube.watch(widgets, "default", timeout_seconds=10) as watch:
        kube.patch(DEFINITIONS, "widgets.example.com", {"spec": narrow["spec"]}, patch_type=MERGE)
        list(watch)  # it ends when the new schema is in force
    with pytest.raises(Invalid):
        kube.create(widgets, widget("two", size=0), "default")
    changed = kube.patch(widgets, "one", {"spec": {"color": "red"}}, "default", patch_type=MERGE)
    assert changed["spec"] == {"size": 0, "color": "red"}


def test_unknown_fields_are_pruned_and_defaults_filled_in(kube: KubeClient, define: Define) -> None:
    color = {"type": "string", "default": "red"}
    inner = {"type": "object", "default": {}, "properties": {"color": color}}
    widgets = define(version(properties={"inner": inner}))
    made = kube.create(widgets, widget(unknown=1), "default")
    assert made["spec"] == {"inner": {"color": "red"}}


def test_status_and_the_rest_are_written_apart(kube: KubeClient, define: Define) -> None:
    with_status = version(**SIZED) | {"subresources": {"status": {}}}
    properties = with_status["schema"]["openAPIV3Schema"]["properties"]
    properties["status"] = {"type": "object", "properties": {"phase": {"type": "string"}}}
    widgets = define(with_status)
    made = kube.create(widgets, widget(size=1) | {"status": {"phase": "Lost"}}, "default")
    assert "status" not in made
    patch = {"metadata": {"labels": {"a": "b"}}, "spec": {"size": 2}, "status": {"phase": "Ready"}}
    reported = kube.patch(widgets, "one", patch, "default", patch_type=MERGE, subresource="status")
    assert reported["status"] == {"phase": "Ready"}
    assert reported["spec"] == {"size": 1}
    assert "labels" not in reported["metadata"]
    assert reported["metadata"]["generation"] == 1
    changed = kube.patch(widgets, "one", patch, "default", patch_type=MERGE)
    assert changed["metadata"]["generation"] == 2


def test_a_strategic_patch_is_not_taken(kube: KubeClient, define: Define) -> None:
    widgets = define(version(**SIZED))
    kube.create(widgets, widget(size=1), "default")
    with pytest.raises(ApiError) as refused:
        kube.patch(widgets, "one", {"spec": {"size": 2}}, "default")
    assert refused.value.code == 415


def test_every_served_version_shows_the_same_objects(kube: KubeClient, define: Define) -> None:
    later = Resource("example.com", "v2", "widgets", "Widget", namespaced=True)
    widgets = define(
        version(**SIZED),
        version("v2", properties={"color": {"type": "string"}, "size": {"type": "integer"}}),
        version("v3", **SIZED) | {"served": False},
    )
    kube.create(later, widget(api_version="example.com/v2", size=1, color="red"), "default")
    assert kube.get(widgets, "one", "default")["spec"] == {"size": 1}
    found = kube.get(later, "one", "default")
    assert found["apiVersion"] == "example.com/v2"
    with pytest.raises(NotFound):
        kube.list(Resource("example.com", "v3", "widgets", "Widget", namespaced=True), "default")


def test_lists_name_the_kind_of_each_object(kube: KubeClient, define: Define) -> None:
    widgets = define(version(**SIZED))
    kube.create(widgets, widget(size=1), "default")
    found = kube.list(widgets, "default")
    assert found["kind"] == "WidgetList"
    assert found["items"][0]["kind"] == "Widget"


def test_selectable_fields_select(kube: KubeClient, define: Define) -> None:
    widgets = define(version(**SIZED) | {"selectableFields": [{"jsonPath": ".spec.size"}]})
    for size in (1, 2):
        kube.create(widgets, widget(f"w{size}", size=size), "default")
    found = kube.list(widgets, "default", field_selector="spec.size=2")["items"]
    assert [one["metadata"]["name"] for one in found] == ["w2"]
    with pytest.raises(ApiError, match=r"field label not supported: spec.color"):
        kube.list(widgets, "default", field_selector="spec.color=red")


def test_a_list_that_is_a_map_holds_each_key_once(kube: KubeClient, define: Define) -> None:
    ports = {
        "type": "array",
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["port"],
        "items": {
            "type": "object",
            "required": ["port"],
            "properties": {"port": {"type": "integer"}},
        },
    }
    widgets = define(version(properties={"ports": ports}))
    with pytest.raises(Invalid) as refused:
        kube.create(widgets, widget(ports=[{"port": 1}, {"port": 1}]), "default")
    causes = refused.value.status["details"]["causes"]
    assert [cause["field"] for cause in causes] == ["spec.ports[1]"]


SCALED = {
    "subresources": {
        "status": {},
        "scale": {
            "specReplicasPath": ".spec.replicas",
            "statusReplicasPath": ".status.replicas",
            "labelSelectorPath": ".status.selector",
        },
    }
}


def test_replicas_are_read_and_written_as_a_scale(kube: KubeClient, define: Define) -> None:
    widgets = define(version(properties={"replicas": {"type": "integer"}}) | SCALED)
    kube.create(widgets, widget(replicas=2), "default")
    change = {"spec": {"replicas": 3}}
    scale = kube.patch(widgets, "one", change, "default", patch_type=MERGE, subresource="scale")
    assert (scale["kind"], scale["spec"], scale["status"]) == (
        "Scale",
        {"replicas": 3},
        {"replicas": 0},
    )
    assert kube.get(widgets, "one", "default")["spec"] == {"replicas": 3}


def test_objects_without_replicas_have_no_scale(kube: KubeClient, define: Define) -> None:
    widgets = define(version(properties={"replicas": {"type": "integer"}}) | SCALED)
    kube.create(widgets, widget(), "default")
    with pytest.raises(ApiError, match=r"the spec replicas field .* cannot be empty"):
        kube.patch(widgets, "one", {}, "default", patch_type=MERGE, subresource="scale")


def test_what_is_written_through_a_version_loses_what_that_version_does_not_know(
    kube: KubeClient, define: Define
) -> None:
    later = Resource("example.com", "v2", "widgets", "Widget", namespaced=True)
    widgets = define(
        version(properties={"size": SIZE, "color": {"type": "string"}}), version("v2", **SIZED)
    )
    kube.create(widgets, widget(size=1, color="red"), "default")
    kube.patch(later, "one", {"spec": {"size": 2}}, "default", patch_type=MERGE)
    assert kube.get(widgets, "one", "default")["spec"] == {"size": 2}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": ""}, "Object 'Kind' is missing"),
        ({"apiVersion": ""}, "the API version in the data () does not match"),
        ({"apiVersion": "example.com/v9"}, "the API version in the data (example.com/v9)"),
        ({"kind": "Gadget"}, "must be Widget"),
    ],
)
def test_an_object_says_what_it_is(
    kube: KubeClient, define: Define, change: dict[str, str], message: str
) -> None:
    widgets = define(version())
    with pytest.raises(ApiError) as refused:
        kube.create(widgets, widget() | change, "default")
    assert message in refused.value.message


def test_only_new_finalizers_are_warned_about(api: KubeApi, define: Define) -> None:
    widgets, headers = define(version()), {"content-type": str(MERGE)}
    held = widget()
    held["metadata"]["finalizers"] = ["plain"]
    path = widgets.path("one", "default")
    made = api.handle(Request("POST", widgets.path(namespace="default"), body=encode(held)))
    assert "prefer a domain-qualified finalizer name" in made.headers["Warning"]
    patch = encode({"metadata": {"labels": {"a": "b"}}})
    assert "Warning" not in api.handle(Request("PATCH", path, {}, headers, patch)).headers


def test_a_deprecated_version_warns(api: KubeApi, define: Define) -> None:
    define(version("v1beta1") | {"deprecated": True}, version())
    reply = api.handle(Request("GET", "/apis/example.com/v1beta1/widgets"))
    said = "example.com/v1beta1 Widget is deprecated; use example.com/v1 Widget"
    assert reply.headers["Warning"] == f'299 - "{said}"'
