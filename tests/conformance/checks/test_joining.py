"""Nodes that a check makes are its own, whatever an adapter calls them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conformance.checks import Case
from conformance.checks.joining import remove
from conformance.contracts.kubernetes import NODES, RUN_LABEL, NotFound
from conformance.environment import Environment


def test_a_node_of_a_shared_cluster_goes_only_with_the_label_of_the_run(
    environment: Environment, case: Case
) -> None:
    environment.world = replace(environment.world, private=False)
    case.offer  # noqa: B018 - starts what registers nodes
    case.kube.create(NODES, {"metadata": {"name": "theirs"}})
    case.kube.create(NODES, {"metadata": {"name": "ours", "labels": {RUN_LABEL: case.run_id}}})

    for name in ("theirs", "ours", "never-made"):
        remove(case, name)

    assert case.kube.get(NODES, "theirs")
    with pytest.raises(NotFound):
        case.kube.get(NODES, "ours")
