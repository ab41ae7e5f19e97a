"""The first write of an object is held, whichever verb it is written with."""

from __future__ import annotations

import dataclasses
from threading import Thread

import pytest

from conformance.checks import NODES, Case, first_write_held, join
from conformance.checks.held_writes import WRITES
from conformance.checks.verdicts import Undecidable

LABELLED = {"metadata": {"labels": {"example.org/written": "yes"}}}


@pytest.mark.parametrize("verb", WRITES)
def test_a_write_waits_until_it_is_released(case: Case, verb: str) -> None:
    node = join(case)
    case.process.kill()
    subject = case.environment.cluster().subject_kube

    def write() -> None:
        if verb == "patch":
            subject.patch(NODES, node.name, LABELLED)
        else:
            found = subject.get(NODES, node.name)
            found["metadata"]["labels"] |= LABELLED["metadata"]["labels"]
            subject.replace(NODES, node.name, found)

    with first_write_held(case, "nodes", node.name) as held:
        writer = Thread(target=write)
        writer.start()
        held.wait("event")
        assert not is_labelled(case, node.name)
        held.release()
        writer.join()
    assert is_labelled(case, node.name)


def test_nothing_to_hold_is_no_verdict(case: Case) -> None:
    case.timing = dataclasses.replace(case.timing, budgets={"event": 0.01})
    with (
        first_write_held(case, "nodes", "nobody") as held,
        pytest.raises(Undecidable, match="did not write nobody"),
    ):
        held.wait("event")


def is_labelled(case: Case, name: str) -> bool:
    labels = case.kube.get(NODES, name)["metadata"]["labels"]
    return bool(LABELLED["metadata"]["labels"].items() <= labels.items())
