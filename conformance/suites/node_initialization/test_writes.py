"""How initialization is written: in one step, promptly, again after a conflict, for a backlog."""

from __future__ import annotations

from conformance.checks import (
    INSTANCE_TYPE,
    NODES,
    REGION,
    ZONE,
    Case,
    JsonObject,
    answered,
    compared,
    first_write_held,
    initialized,
    is_initialized,
    join,
    joined,
    launch,
    provider_id,
    requirement,
    shows,
    topology_labels,
)

NOTE = {"example.org/note": "written by somebody else meanwhile"}


def notes(node: JsonObject) -> JsonObject:
    """Annotations of a node."""
    return dict(node["metadata"].get("annotations") or {})


@requirement("node.init.single-step")
def test_initialization_is_one_write(case: Case) -> None:
    """Refuted if id or labels show before the taint goes, or are missing when it is gone."""
    node = joined(case)
    seen = node.versions()
    first_released = next(state for state in seen if is_initialized(state))
    before = [state for state in seen if not is_initialized(state)]
    early = [provider_id(state) for state in before if provider_id(state)]
    case.expect("nothing-before", compared("ids beside the taint", [], early))
    has_id = bool(provider_id(first_released))
    case.expect("id-at-once", compared("an id without the taint", True, has_id))
    promised = {
        **dict.fromkeys(INSTANCE_TYPE, node.backing.type),
        **dict.fromkeys(ZONE, node.backing.zone),
        **dict.fromkeys(REGION, node.backing.region),
    }
    wanted = {key: value for key, value in promised.items() if value}
    found = topology_labels(first_released)
    case.expect("labels-at-once", compared("labels without the taint", wanted, found))


@requirement("node.init.addresses-prompt")
def test_addresses_come_with_initialization(case: Case) -> None:
    """Refuted if an initialized node waits for the periodic refresh to get its addresses."""
    node = joined(case)
    wanted = {a.address for a in node.backing.addresses}
    case.expect("addresses-present", shows(node, wanted), "node-addresses")


@requirement("node.init.conflict-retry")
def test_a_conflict_loses_nothing(case: Case) -> None:
    """Refuted if a concurrent change is lost, or the node stays tainted after a 409."""
    instance = launch(case)
    with first_write_held(case, "nodes", instance.node_name) as held:
        node = join(case, instance)
        held.wait("node-init")
        case.kube.patch(NODES, node.name, {"metadata": {"annotations": NOTE}})
        held.release()
        case.expect("initialized", initialized(node), "retry")
    noted = [NOTE.items() <= notes(seen).items() for seen in node.versions()]
    since = noted[noted.index(True) :] if True in noted else [False]
    case.expect("change-kept", compared("states that lack the change", 0, since.count(False)))
    case.observed(answered(case, 409, node.name))


@requirement("node.init.backlog")
def test_a_backlog_is_initialized_at_start(case: Case) -> None:
    """Refuted if nodes that joined while the subject was down stay tainted after its start."""
    case.process.stop()
    nodes = [join(case) for _ in range(3)]
    case.process.start()
    for node in nodes:
        case.expect("initialized", initialized(node), "restart")
