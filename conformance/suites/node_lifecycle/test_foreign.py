"""Nodes that the provider cannot tell for its own: strangers, and those without an id yet."""

from __future__ import annotations

from conformance.checks import (
    SHUTDOWN,
    Case,
    NodeShape,
    ghost,
    gone,
    join,
    keeps,
    kept,
    launch,
    lifecycle_at_work,
    monitored,
    requirement,
    taints,
)

FOREIGN = "another-cloud"


@requirement("life.foreign.provider-id")
def test_another_providers_node_is_left_alone(case: Case) -> None:
    """Refuted if a node is removed or tainted whose id has a scheme of nobody here."""
    unlike, like = ghost(case), ghost(case)
    ids = {
        "other-shape": (unlike, f"{FOREIGN}://region-1/machine-1"),
        "own-shape": (like, FOREIGN + like.provider_id[like.provider_id.index("://") :]),
    }
    for expectation, (instance, provider_id) in ids.items():
        shape = NodeShape(tainted=False, provider_id=provider_id, ready=False)
        node = join(case, instance, shape)
        case.quiet(
            expectation,
            kept(node),
            keeps(node, f"no taint {SHUTDOWN}", lambda seen: not taints(seen, SHUTDOWN)),
            witness=lifecycle_at_work(),
            period=case.timing.node_monitor,
        )


@requirement("life.foreign.unmanaged")
def test_unmanaged_node_is_kept(case: Case) -> None:
    """Refuted if a node goes although its operator marked it as his own."""
    node = join(case, ghost(case), NodeShape(tainted=False, unmanaged=True, ready=False))
    case.quiet("kept", kept(node), witness=lifecycle_at_work(), period=case.timing.node_monitor)


@requirement("life.no-provider-id.exists")
def test_node_without_an_id_is_kept_with_its_instance(case: Case) -> None:
    """Refuted if an empty provider id is taken for an instance that is gone."""
    node = join(case, launch(case), NodeShape(tainted=False, ready=None))
    case.quiet("kept", kept(node), witness=monitored(node), period=case.timing.node_monitor)


@requirement("life.no-provider-id.gone")
def test_node_without_an_id_goes_with_its_instance(case: Case) -> None:
    """Refuted if a node stays because it has no id by which its instance could be missed."""
    node = join(case, ghost(case), NodeShape(tainted=False, ready=None))
    case.expect("removed", gone(node), "node-removal")
