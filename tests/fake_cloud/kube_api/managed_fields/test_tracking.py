from __future__ import annotations

import pytest

from fake_cloud.kube_api.managed_fields import tracking
from fake_cloud.kube_api.managed_fields.field_sets import field_set
from fake_cloud.kube_api.managed_fields.tracking import Scope, keep_times, track
from tests.fake_cloud.kube_api.managed_fields.shaped import Body, owners, scope, thing


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The time is the last of these."""
    times = ["2020-01-01T00:00:01Z"]
    monkeypatch.setattr(tracking, "now", lambda: times[-1])
    return times


def written(live: Body, new: Body, name: str, where: Scope | None = None) -> Body:
    track(where or scope(), live, new, name)
    return new


def test_who_creates_owns_all_that_can_be_owned(clock: list[str]) -> None:
    body = written({}, thing(name="x", labels={"a": "1"}), "me")
    assert body["metadata"]["managedFields"] == [
        {
            "manager": "me",
            "operation": "Update",
            "apiVersion": "v1",
            "time": clock[-1],
            "fieldsType": "FieldsV1",
            "fieldsV1": {"f:labels": {".": {}, "f:a": {}}, "f:name": {}},
        }
    ]


def test_who_changes_a_field_takes_it(clock: list[str]) -> None:
    first = written({}, thing(name="x", labels={"a": "1"}), "me")
    clock.append("2020-01-01T00:00:02Z")
    second = written(first, thing(name="y", labels={"a": "1"}), "you")
    assert owners(second) == {"me": {"f:labels": {".": {}, "f:a": {}}}, "you": {"f:name": {}}}
    assert [entry["time"] for entry in second["metadata"]["managedFields"]] == clock


def test_what_is_removed_has_no_owner() -> None:
    first = written({}, thing(name="x", labels={"a": "1", "b": "1"}), "me")
    second = written(first, thing(labels={"b": "1"}), "you")
    assert owners(second) == {"me": {"f:labels": {".": {}, "f:b": {}}}}
    assert owners(written(second, thing(), "you")) == {}


def test_time_stays_where_nothing_changes(clock: list[str]) -> None:
    first = written({}, thing(name="x"), "me")
    clock.append("2020-01-01T00:00:02Z")
    second = written(first, thing(name="x"), "you")
    assert second["metadata"]["managedFields"] == first["metadata"]["managedFields"]


def test_fields_that_a_scope_resets_get_no_owner() -> None:
    where = scope("status", field_set("labels"))
    body = written(written({}, thing(), "me"), thing(labels={"a": "1"}, name="x"), "me", where)
    assert owners(body) == {}  # nobody was tracked before
    body = written({}, thing(labels={"a": "1"}, name="x"), "me", where)
    assert owners(body) == {"me": {"f:name": {}}}
    assert body["metadata"]["managedFields"][0]["subresource"] == "status"


def test_an_object_without_owners_stays_so() -> None:
    live = thing(name="x", metadata={"uid": "1"})
    assert owners(written(live, thing(name="y"), "me")) == {}


@pytest.mark.parametrize("sent", [[], [{}]])
def test_owners_can_be_reset(sent: list[Body]) -> None:
    first = written({}, thing(name="x"), "me")
    assert owners(written(first, thing(name="y", metadata={"managedFields": sent}), "me")) == {}


def test_owners_can_be_replaced_but_not_by_a_subresource() -> None:
    first = written({}, thing(name="x"), "me")
    entry = {**first["metadata"]["managedFields"][0], "manager": "other"}

    def sent() -> Body:
        return thing(name="x", metadata={"managedFields": [entry]})

    assert owners(written(first, sent(), "me")) == {"other": {"f:name": {}}}
    assert owners(written(first, sent(), "me", scope("status"))) == {"me": {"f:name": {}}}


@pytest.mark.parametrize(
    "wrong", [{"operation": "Own"}, {"apiVersion": ""}, {"fieldsType": ""}, {"fieldsV1": {"x": 1}}]
)
def test_owners_that_make_no_sense_are_not_taken(wrong: Body) -> None:
    first = written({}, thing(name="x"), "me")
    entry = {**first["metadata"]["managedFields"][0], "manager": "other", **wrong}
    body = written(first, thing(name="x", metadata={"managedFields": [entry]}), "me")
    assert owners(body) == {"me": {"f:name": {}}}


def test_owners_of_another_version_are_compared_in_it() -> None:
    first = written({}, thing(name="x", labels={"a": "1"}), "me")
    entry = {**first["metadata"]["managedFields"][0], "manager": "old", "apiVersion": "v2"}
    live = thing(name="x", labels={"a": "1"}, metadata={"managedFields": [entry]})
    changed = written(live, thing(name="y", labels={"a": "1"}), "me")
    assert owners(changed) == {"old": {"f:labels": {".": {}, "f:a": {}}}, "me": {"f:name": {}}}
    forgotten = written(live, thing(name="y", labels={"a": "1"}), "me", scope(served="v1"))
    assert owners(forgotten) == {"me": {"f:name": {}}}


def test_the_oldest_of_too_many_become_one(clock: list[str]) -> None:
    body = written({}, thing(labels={"0": "1"}), "m00")
    for number in range(1, 12):
        clock.append(f"2020-01-01T00:01:{number:02}Z")
        labels = {str(n): "1" for n in range(number + 1)}
        body = written(body, thing(labels=labels), f"m{number:02}")
    names = list(owners(body))
    assert names == ["ancient-changes", *(f"m{number:02}" for number in range(3, 12))]
    assert owners(body)["ancient-changes"] == {
        "f:labels": {".": {}, "f:0": {}, "f:1": {}, "f:2": {}}
    }


def test_a_write_that_changes_times_alone_changes_nothing() -> None:
    old = written({}, thing(name="x"), "me")
    entries = [{**old["metadata"]["managedFields"][0], "time": "2020-01-01T00:00:09Z"}]
    same = thing(name="x", metadata={"managedFields": entries})
    keep_times(same, old)
    assert same == old
    other = thing(name="y", metadata={"managedFields": entries})
    keep_times(other, old)
    assert other["metadata"]["managedFields"] == entries
