from __future__ import annotations

from typing import Any

from fake_cloud.kube_api.fidelity.compare import compare
from fake_cloud.kube_api.fidelity.listed import Listed
from fake_cloud.kube_api.fidelity.replay import Outcome, judge
from fake_cloud.kube_api.fidelity.scenario import Exchange
from fake_cloud.kube_api.fidelity.steps import Send, Step


def answer(status: int = 200, **body: Any) -> list[Exchange]:
    return [Exchange("GET /one", status, {}, body)]


def refusal(message: str, reason: str = "Invalid") -> list[Exchange]:
    causes = [{"field": "spec.a", "reason": "FieldValueInvalid", "message": message}]
    details = {"causes": causes}
    return answer(422, kind="Status", reason=reason, message=message, details=details)


def a_step(later: str = "") -> Step:
    return Step(step=7, says="it answers", requests=(Send(send="GET /one"),), later=later)


def test_equal_answers_do_not_differ() -> None:
    assert compare(answer(a=[1, {"b": 2}]), answer(a=[1, {"b": 2}])) == []


def test_each_place_that_differs_has_a_line() -> None:
    found = compare(answer(a=[1, 2], b="x"), answer(201, a=[1], c="y"))
    assert [str(difference) for difference in found] == [
        "GET /one: body.a.1: wanted 2, saw nothing",
        'GET /one: body.b: wanted "x", saw nothing',
        'GET /one: body.c: wanted nothing, saw "y"',
        "GET /one: status: wanted 200, saw 201",
    ]


def test_number_is_not_a_boolean() -> None:
    assert compare(answer(a=1), answer(a=True))


def test_other_words_of_the_same_refusal_are_told_apart() -> None:
    words = compare(refusal("must be short"), refusal("should be short"))
    assert words
    assert all(difference.words_only for difference in words)
    reasons = compare(refusal("must be short"), refusal("must be short", "BadRequest"))
    assert not any(difference.words_only for difference in reasons)


def test_step_that_is_not_answered_differs() -> None:
    silent = [Exchange("GET /one", trouble="KeyError: 'spec'")]
    assert "trouble" in {difference.path for difference in compare(answer(), silent)}


def test_verdicts() -> None:
    same, other = answer(a=1), answer(a=2)
    listed = {7: Listed(step=7, reason="known")}
    assert judge(a_step(), same, same, {}).outcome is Outcome.MATCH
    assert judge(a_step(), same, other, {}).outcome is Outcome.DIFFERS
    assert judge(a_step(), same, other, listed).outcome is Outcome.LATER
    assert judge(a_step(later="not served"), same, other, {}).outcome is Outcome.LATER
    assert judge(a_step(), same, same, listed).outcome is Outcome.STALE


def test_listed_words_excuse_words_alone() -> None:
    listed = {7: Listed(step=7, reason="another parser", words=True)}
    wanted = refusal("must be short")
    assert judge(a_step(), wanted, refusal("is long"), listed).outcome is Outcome.LATER
    assert judge(a_step(), wanted, answer(200), listed).outcome is Outcome.DIFFERS
