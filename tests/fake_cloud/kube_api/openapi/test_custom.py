from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec

from fake_cloud.kube_api.openapi.custom import document
from fake_cloud.kube_api.types.custom import CustomVersion
from fake_cloud.kube_api.types.table import ResourceType, load_table

SCHEMA = {"description": "A widget.", "properties": {"spec": {"type": "object"}}}


def widgets() -> ResourceType:
    leases = load_table("1.37").resources["coordination.k8s.io", "v1", "leases"]
    return replace(
        leases,
        group="example.com",
        plural="widgets",
        kind="Widget",
        list_kind="WidgetList",
        announced=(),
        custom=CustomVersion("widgets.example.com", "v1", SCHEMA, SCHEMA),
    )


def made() -> Any:
    return msgspec.json.decode(document({"title": "Kubernetes", "version": "1.37"}, [widgets()]))


def test_a_custom_kind_is_described_by_its_definition() -> None:
    widget = made()["components"]["schemas"]["com.example.v1.Widget"]
    assert widget["description"] == "A widget."
    assert widget["properties"].keys() == {"apiVersion", "kind", "metadata", "spec"}
    assert widget["x-kubernetes-group-version-kind"] == [
        {"group": "example.com", "version": "v1", "kind": "Widget"}
    ]


def test_its_patch_takes_the_options_that_kubectl_looks_for() -> None:
    one = made()["paths"]["/apis/example.com/v1/namespaces/{namespace}/widgets/{name}"]
    assert {"fieldValidation", "dryRun"} <= {p["name"] for p in one["patch"]["parameters"]}
    assert "application/apply-patch+yaml" in one["patch"]["requestBody"]["content"]


def test_every_reference_leads_somewhere() -> None:
    found = made()
    text = msgspec.json.encode(found).decode()
    names = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert names <= found["components"]["schemas"].keys()
