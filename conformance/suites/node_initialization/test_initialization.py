"""The uninitialized taint, the provider id and the order of the two."""

from __future__ import annotations

from conformance.checks import (
    UNINITIALIZED,
    Case,
    Consulted,
    Loop,
    ghost,
    initialized,
    is_initialized,
    join,
    keeps,
    kept,
    provider_id,
    requirement,
    taints,
    touch,
)


@requirement("node.init.taint-removed")
def test_uninitialized_taint_is_removed(case: Case) -> None:
    """Refuted if the taint stays in any form, whatever its effect and value."""
    node = join(case)
    case.expect("taint-removed", initialized(node), "node-init")
    case.expect("instance-exists", case.cloud.get(node.backing.id) is not None)


@requirement("node.init.provider-id-before-untaint")
def test_provider_id_is_never_missing_without_the_taint(case: Case) -> None:
    """Refuted by any state of the watch that shows neither the taint nor a provider id."""
    node = join(case)
    case.given("node.init.taint-removed", initialized(node), "node-init")
    bare = [seen for seen in node.versions() if is_initialized(seen) and not provider_id(seen)]
    case.expect("never-bare", not bare)


@requirement("node.init.missing-instance-keeps-taint")
def test_node_without_instance_keeps_its_taint(case: Case) -> None:
    """Refuted if the taint goes or a provider id appears although no instance stands behind it."""
    node = join(case, ghost(case))
    case.quiet(
        "taint-kept",
        kept(node),
        keeps(node, f"taint {UNINITIALIZED}", lambda seen: bool(taints(seen, UNINITIALIZED))),
        keeps(node, "no provider id", lambda seen: not provider_id(seen)),
        witness=Consulted(
            node.backing.names, Loop.NODE_INITIALIZATION, "retry", lambda: touch(case, node)
        ),
        period=case.timing.node_reaction,
    )
