from __future__ import annotations

from typing import Any

from fake_cloud.kube_api.fidelity.normalise import normalise
from fake_cloud.kube_api.fidelity.scenario import Exchange

UID = "0f6c1f3e-8f0e-4b57-9d5c-3a2f6f0f8a11"
OTHER_UID = "5b0b3c7e-11aa-4c1d-8a58-9f1f7d2b4c22"


def an_object(version: int, uid: str = UID, **metadata: Any) -> dict[str, Any]:
    return {"metadata": {"uid": uid, "resourceVersion": str(version), **metadata}}


def normalised(*bodies: Any) -> list[Any]:
    exchanges = [Exchange("GET /", 200, {}, body) for body in bodies]
    return [exchange.body for exchange in normalise({1: exchanges})[1]]


def test_versions_become_ranks_that_keep_order_and_equality() -> None:
    found = normalised(an_object(310), an_object(207), an_object(310))
    assert [body["metadata"]["resourceVersion"] for body in found] == ["R2", "R1", "R2"]


def test_version_of_a_list_is_the_newest_object_that_it_covers() -> None:
    listing = {"items": [], "metadata": {"resourceVersion": "300"}}
    found = normalised(an_object(207), an_object(310), listing)
    assert found[2]["metadata"]["resourceVersion"] == "R1"


def test_version_that_is_no_number_stays() -> None:
    body = {"metadata": {"uid": UID, "resourceVersion": "..."}}
    assert normalised(body)[0]["metadata"]["resourceVersion"] == "..."


def test_uids_are_numbered_also_within_messages() -> None:
    message = {"message": f"{OTHER_UID} is not {UID}"}
    assert normalised(an_object(1, UID), message)[1]["message"] == "U2 is not U1"


def test_times_of_the_server_go_and_those_of_steps_stay() -> None:
    body = {"a": "2031-05-06T07:08:09Z", "b": "2031-05-06T07:08:09.123456Z"}
    assert normalised(body) == [{"a": "T", "b": "T.micro"}]
    assert normalised({"c": "2020-01-01T00:00:00Z"}) == [{"c": "2020-01-01T00:00:00Z"}]


def test_generated_suffix_goes_where_it_is_one() -> None:
    made = an_object(1, generateName="made-", name="made-x7k2f")
    foreign = an_object(2, generateName="made-", name="made-AEIOU")
    names = [body["metadata"]["name"] for body in normalised(made, foreign)]
    assert names == ["made-G", "made-AEIOU"]


def test_addresses_and_node_ports_are_named_within_their_range() -> None:
    inside = {"clusterIP": "10.96.3.4", "clusterIPs": ["10.96.3.4", "fd00:10:96::7"]}
    ports = {"ports": [{"nodePort": 31000}, {"nodePort": 31001}, {"nodePort": 80}]}
    found = normalised(inside, {"clusterIP": "192.0.2.1"}, ports)
    assert found[0] == {"clusterIP": "IPv4-1", "clusterIPs": ["IPv4-1", "IPv6-1"]}
    assert found[1] == {"clusterIP": "192.0.2.1"}
    assert [port["nodePort"] for port in found[2]["ports"]] == ["NP1", "NP2", 80]


def test_versions_in_messages_about_versions() -> None:
    old = {"message": "the ResourceVersion in the precondition (207) is not 310"}
    ports = {"message": "port 207 is taken"}
    future = {"message": "Too large resource version: 99999999, current: 4711"}
    found = normalised(an_object(207), an_object(310), old, ports, future)
    assert found[2]["message"] == "the ResourceVersion in the precondition (R1) is not R2"
    assert found[3]["message"] == "port 207 is taken"
    assert found[4]["message"] == "Too large resource version: 99999999, current: NOW"


def test_managed_fields_are_sorted_by_their_owners() -> None:
    uid = "11111111-1111-4111-8111-111111111111"
    fields: dict[str, object] = {f'k:{{"uid":"{uid}"}}': {}}
    entries = [
        {"manager": "b", "operation": "Update", "time": "2026-01-01T00:00:00Z"},
        {"manager": "a", "operation": "Update", "time": "2026-01-02T00:00:00Z", "fieldsV1": fields},
    ]
    found = normalised(an_object(1, managedFields=entries))[0]["metadata"]["managedFields"]
    assert [entry["manager"] for entry in found] == ["a", "b"]
    assert found[0]["time"] == "T"
    assert uid not in str(found[0]["fieldsV1"])


def test_tokens_are_opaque() -> None:
    listing = {"items": [], "metadata": {"continue": "eyJ2Ijoi", "resourceVersion": "1"}}
    assert normalised(listing)[0]["metadata"]["continue"] == "CONTINUE"


def test_bookmark_that_is_repeated_is_told_once() -> None:
    mark = {"type": "BOOKMARK", "object": {"metadata": {"resourceVersion": "9"}}}
    added = {"type": "ADDED", "object": an_object(3)}
    exchange = Exchange("read w", events=[added, mark, mark, added, added])
    found = normalise({1: [exchange]})[1][0].events
    assert [event["type"] for event in found or []] == ["ADDED", "BOOKMARK", "ADDED", "ADDED"]
