from __future__ import annotations

from typing import Any

import msgspec
import pytest

from fake_cloud.kube_api.managed_fields.applying import ApplyConflict, apply
from fake_cloud.kube_api.managed_fields.field_sets import FieldSet, paths, shown_path
from fake_cloud.kube_api.managed_fields.last_applied import ANNOTATION, apply_as
from fake_cloud.kube_api.managed_fields.tracking import track
from tests.fake_cloud.kube_api.managed_fields.shaped import Body, owners, scope, thing


def applied(live: Body, config: Body, name: str, *, force: bool = False) -> Body:
    found = apply_as(scope(), live, config, name, force=force)
    found.body["metadata"]["managedFields"] = found.entries
    return found.body


def conflicts(refused: pytest.ExceptionInfo[ApplyConflict]) -> dict[str, list[str]]:
    fields: dict[Any, FieldSet] = refused.value.fields
    return {owner.name: [shown_path(path) for path in paths(of)] for owner, of in fields.items()}


def test_what_is_missing_is_created() -> None:
    body = applied({}, thing(name="x", labels={"a": "1"}), "me")
    assert body["name"] == "x"
    assert owners(body) == {"me": {"f:labels": {"f:a": {}}, "f:name": {}}}
    assert body["metadata"]["managedFields"][0]["operation"] == "Apply"


def test_others_fields_are_a_conflict_unless_forced() -> None:
    live = applied({}, thing(name="x", labels={"a": "1"}), "me")
    with pytest.raises(ApplyConflict) as refused:
        applied(live, thing(name="y", labels={"a": "1"}), "you")
    assert conflicts(refused) == {"me": [".name"]}
    body = applied(live, thing(name="y", labels={"a": "1"}), "you", force=True)
    assert owners(body) == {
        "me": {"f:labels": {"f:a": {}}},
        "you": {"f:labels": {"f:a": {}}, "f:name": {}},
    }


def test_what_nobody_applies_any_more_is_removed() -> None:
    live = applied({}, thing(name="x", labels={"a": "1"}, set=["a", "b"]), "me")
    live = applied(live, thing(set=["b", "c"]), "you")
    body = applied(live, thing(name="x"), "me")
    assert body["set"] == ["b", "c"]
    assert not body.get("labels")
    assert owners(body) == {"me": {"f:name": {}}, "you": {"f:set": {'v:"b"': {}, 'v:"c"': {}}}}


def test_fields_without_an_owner_stay() -> None:
    live = applied({}, thing(labels={"a": "1"}), "me")
    live["name"] = "given by the server"
    assert applied(live, thing(), "me")["name"] == "given by the server"


def test_who_applied_nothing_owns_nothing() -> None:
    live = applied({}, thing(name="x"), "me")
    assert owners(applied(live, thing(), "me")) == {}


def test_the_same_again_changes_nothing() -> None:
    config = thing(name="x", ports=[{"port": 80}])
    live = applied({}, config, "me")
    before = live["metadata"]["managedFields"]
    assert applied(live, config, "me")["metadata"]["managedFields"] == before


def test_what_was_there_before_has_an_owner_of_its_own() -> None:
    live = thing(name="x", labels={"a": "1"}, metadata={"uid": "1"})
    with pytest.raises(ApplyConflict) as refused:
        applied(live, thing(name="y"), "me")
    assert conflicts(refused) == {"before-first-apply": [".name"]}


def test_an_updater_takes_fields_from_an_applier() -> None:
    live = applied({}, thing(name="x", labels={"a": "1"}), "me")
    new = thing(name="y", labels={"a": "1"})
    track(scope(), live, new, "you")
    assert owners(new) == {"me": {"f:labels": {"f:a": {}}}, "you": {"f:name": {}}}
    with pytest.raises(ApplyConflict):
        applied(new, thing(name="x", labels={"a": "1"}), "me")


def test_last_applied_in_another_version_is_given_up_in_it() -> None:
    live = applied({}, thing(name="x", labels={"a": "1"}), "me")
    for entry in live["metadata"]["managedFields"]:
        entry["apiVersion"] = "v2"
    body = apply(scope(), live, thing(name="x"), "me", force=False).body
    assert not body.get("labels")


def client_side(**parts: Any) -> Body:
    """As `kubectl apply` of the client's side leaves an object."""
    text = msgspec.json.encode(thing(**parts)).decode()
    body = thing(**parts, metadata={"annotations": {ANNOTATION: text}})
    track(scope(), {}, body, "kubectl-client-side-apply")
    return body


def test_kubectl_takes_over_what_its_annotation_says() -> None:
    live = client_side(name="x", labels={"a": "1"})
    with pytest.raises(ApplyConflict):
        applied(live, thing(name="y"), "other")
    body = applied(live, thing(name="y"), "kubectl")
    assert body["name"] == "y"
    assert '"name":"y"' in body["metadata"]["annotations"][ANNOTATION]


def test_kubectl_does_not_take_what_was_changed_since() -> None:
    live = client_side(name="x", labels={"a": "1"})
    metadata = {"annotations": live["metadata"]["annotations"]}
    new = thing(name="changed", labels={"a": "1"}, metadata=metadata)
    track(scope(), live, new, "other")
    with pytest.raises(ApplyConflict) as refused:
        applied(new, thing(name="y", labels={"a": "2"}), "kubectl")
    assert conflicts(refused) == {"other": [".name"]}


def test_an_annotation_that_says_nothing_helps_nobody() -> None:
    live = client_side(name="x")
    live["metadata"]["annotations"][ANNOTATION] = "{"
    with pytest.raises(ApplyConflict):
        applied(live, thing(name="y"), "kubectl")
