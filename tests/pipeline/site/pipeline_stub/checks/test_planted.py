"""Each function is one fault of the pipeline; together they must come out right everywhere."""

from __future__ import annotations

import os
import threading

from conformance.checks import Case, Condition, Consulted, Loop, refusal, requirement
from conformance.checks.clean_up import Made
from conformance.checks.conditions import Invariant
from conformance.contracts.kubernetes import NODES
from conformance.timeline import ObjectKey

NEVER = Condition("what never happens", lambda: False, lambda: "nothing")
ALWAYS = Condition("what is so", lambda: True, lambda: "so")


@requirement("pipe.passes")
def test_planted_pass(case: Case) -> None:
    case.expect("planted", condition=True)


@requirement("pipe.fails")
def test_planted_failure(case: Case) -> None:
    case.expect("planted", NEVER, "event")


@requirement("pipe.fails-known")
def test_planted_known_failure(case: Case) -> None:
    case.expect("planted", condition=False)


@requirement("pipe.fails-expired")
def test_planted_expired_failure(case: Case) -> None:
    case.expect("planted", condition=False)


@requirement("pipe.passes-listed")
def test_planted_stale_listing(case: Case) -> None:
    case.expect("planted", condition=True)


@requirement("pipe.recommended-fails")
def test_planted_recommended_failure(case: Case) -> None:
    case.expect("planted", condition=False)


@requirement("pipe.errors")
def test_planted_error(case: Case) -> None:  # noqa: ARG001
    raise ZeroDivisionError("planted")


@requirement("pipe.decides-nothing")
def test_planted_indecision(case: Case) -> None:
    case.step("looks busy")


@requirement("pipe.kills-its-worker")
def test_planted_death_of_the_worker(case: Case) -> None:
    case.step("about to die")
    os._exit(1)


@requirement("pipe.leaves-our-leak")
def test_planted_leak_of_ours(case: Case) -> None:
    case.clean_up.register(Made("planted thing", lambda: None, lambda: False, lambda: None))
    case.expect("planted", condition=True)


@requirement("pipe.leaves-the-subjects-leak")
def test_planted_leak_of_the_subject(case: Case) -> None:
    class Stray:
        id = "i-stray"

    case.offer.instances.found["i-stray"] = Stray()  # type: ignore[union-attr]
    case.expect("planted", condition=True)


@requirement("pipe.fails-in-clean-up")
def test_planted_failure_in_clean_up(case: Case) -> None:
    def undo() -> None:
        raise RuntimeError("planted in clean-up")

    case.clean_up.register(Made("planted thing", undo, lambda: True, lambda: None))
    case.expect("planted", condition=True)


@requirement("pipe.blocked")
def test_planted_block(case: Case) -> None:
    case.given("pipe.fails", NEVER, "event")


@requirement("pipe.blocked-by-passed")
def test_planted_block_by_a_pass(case: Case) -> None:
    case.given("pipe.passes", NEVER, "event")


@requirement("pipe.silent-witness")
def test_planted_silence_without_witness(case: Case) -> None:
    case.quiet(
        "planted",
        Invariant("anything", ObjectKey(NODES, "none"), lambda _: True),
        witness=Consulted(frozenset({"nobody"}), Loop.UNKNOWN, "event"),
        period=0.01,
    )


@requirement("pipe.hangs")
def test_planted_hang(case: Case) -> None:
    case.step("hangs")
    threading.Event().wait(600)


@requirement("pipe.tells-a-secret")
def test_planted_secret(case: Case) -> None:
    secret = "-".join(["canary", "secret", "7d1f"])
    case.step(f"found {secret}", value=secret)
    case.expect("planted", Condition(f"no {secret}", lambda: False, lambda: secret))


@refusal("pipe.refused")
def test_planted_refusal(case: Case) -> None:
    case.refusal("planted", refused=ALWAYS, works=NEVER, budget="event")


@refusal("pipe.ignored")
def test_planted_silence(case: Case) -> None:
    case.refusal("planted", refused=NEVER, works=NEVER, budget="event")


@refusal("pipe.works-after-all")
def test_planted_stale_declaration(case: Case) -> None:
    case.refusal("planted", refused=NEVER, works=ALWAYS, budget="event")
