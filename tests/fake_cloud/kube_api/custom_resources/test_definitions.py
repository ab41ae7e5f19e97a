"""Definitions: what they may say, when their kinds are served, how they end."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.contracts.kubernetes import (
    ApiError,
    Invalid,
    KubeClient,
    NotFound,
    PatchType,
    WatchType,
)
from fake_cloud.kube_api.custom_resources.definition_strategy import CLEANUP
from fake_cloud.kube_api.custom_resources.definitions import DEFINITIONS
from fake_cloud.kube_api.http import Reply, Request
from fake_cloud.kube_api.server import KubeApi
from fake_cloud.kube_api.store import decode
from tests.fake_cloud.kube_api.custom_resources.conftest import (
    Define,
    definition,
    version,
    wait_gone,
    widget,
)

NAME = "widgets.example.com"


def discovered(api: KubeApi) -> dict[str, Any]:
    reply = api.handle(Request("GET", "/apis/example.com/v1"))
    assert isinstance(reply, Reply)
    return decode(reply.body) if reply.status == 200 else {}


def test_the_kind_appears_in_discovery(api: KubeApi, define: Define) -> None:
    assert not discovered(api)
    names = {"plural": "widgets", "kind": "Widget", "shortNames": ["wd"], "categories": ["all"]}
    define(version(), names=names)
    (entry,) = discovered(api)["resources"]
    assert (entry["singularName"], entry["shortNames"]) == ("widget", ["wd"])


def test_conditions_and_accepted_names_tell_what_is_served(
    kube: KubeClient, define: Define
) -> None:
    define(version())
    status = kube.get(DEFINITIONS, NAME)["status"]
    assert status["acceptedNames"]["listKind"] == "WidgetList"
    assert status["storedVersions"] == ["v1"]
    assert [(c["type"], c["status"]) for c in status["conditions"]] == [
        ("NamesAccepted", "True"),
        ("Established", "True"),
    ]


def test_a_name_that_is_in_use_is_not_accepted(kube: KubeClient, define: Define) -> None:
    define(version())
    other = definition(version(), names={"plural": "others", "kind": "Widget"})
    other["metadata"]["name"] = "others.example.com"
    with kube.watch(DEFINITIONS, timeout_seconds=10) as watch:
        kube.create(DEFINITIONS, other)
        for event in watch:
            conditions = event.object.get("status", {}).get("conditions")
            if conditions and event.object["metadata"]["name"] == "others.example.com":
                break
    assert conditions[0]["reason"] == "ListKindConflict"
    assert conditions[1]["reason"] == "NotAccepted"


def test_with_a_definition_go_its_objects(api: KubeApi, define: Define) -> None:
    kube = api.client()
    widgets = define(version())
    kube.create(widgets, widget(), "default")
    marked = kube.delete(DEFINITIONS, NAME)
    assert marked["metadata"]["finalizers"] == [CLEANUP]
    wait_gone(kube, DEFINITIONS, NAME)
    with pytest.raises(NotFound):
        kube.get(widgets, "one", "default")
    assert not discovered(api)


def test_an_object_that_holds_on_keeps_its_definition(kube: KubeClient, define: Define) -> None:
    widgets = define(version())
    held = widget()
    held["metadata"]["finalizers"] = ["example.com/hold"]
    kube.create(widgets, held, "default")
    with kube.watch(widgets, "default", timeout_seconds=10) as watch:
        kube.delete(DEFINITIONS, NAME)
        next(event for event in watch if "deletionTimestamp" in event.object["metadata"])
    with pytest.raises(ApiError, match="custom resource definition is terminating"):
        kube.create(widgets, widget("two"), "default")
    drop = {"metadata": {"finalizers": None}}
    kube.patch(widgets, "one", drop, "default", patch_type=PatchType.MERGE)
    wait_gone(kube, DEFINITIONS, NAME)


def test_watches_end_when_the_kind_changes(kube: KubeClient, define: Define) -> None:
    widgets = define(version())
    with kube.watch(widgets, "default", timeout_seconds=10) as watch:
        change = definition(version(), version("v2"))["spec"]
        kube.patch(DEFINITIONS, NAME, {"spec": change}, patch_type=PatchType.MERGE)
        assert [event.type for event in watch] == [WatchType.BOOKMARK]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"group": "example"}, "spec.group"),
        ({"scope": "Everywhere"}, "spec.scope"),
        ({"names": {"plural": "Widgets", "kind": "Widget"}}, "spec.names.plural"),
        ({"names": {"plural": "widgets"}}, "spec.names.kind"),
        ({"versions": [version() | {"storage": False}]}, "spec.versions"),
        ({"versions": [{"name": "v1", "storage": True}]}, "spec.versions[0].schema"),
        ({"preserveUnknownFields": True}, "spec.preserveUnknownFields"),
    ],
)
def test_a_bad_spec_is_refused(kube: KubeClient, change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        kube.create(DEFINITIONS, definition(version(), **change))
    causes = refused.value.status["details"]["causes"]
    assert any(cause["field"].startswith(field) for cause in causes)


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ({"properties": {"size": {}}}, "must not be empty for specified object fields"),
        ({"properties": {"list": {"type": "array"}}}, "items: Required value: must be specified"),
        ({"allOf": [{"type": "object"}]}, "must be empty to be structural"),
        ({"properties": {"size": {"type": "integer", "default": "x"}}}, "must be of type integer"),
        ({"properties": {"size": {"type": "whole"}}}, "Unsupported value"),
    ],
)
def test_a_schema_that_is_not_structural_is_refused(
    kube: KubeClient, schema: dict[str, Any], message: str
) -> None:
    with pytest.raises(Invalid, match=message):
        kube.create(DEFINITIONS, definition(version(**schema)))


def test_group_and_stored_versions_stay(kube: KubeClient, define: Define) -> None:
    define(version())
    changed = kube.get(DEFINITIONS, NAME)
    changed["spec"]["versions"] = definition(version("v2"))["spec"]["versions"]
    with pytest.raises(Invalid, match="v1 was previously a storage version"):
        kube.replace(DEFINITIONS, NAME, changed)
