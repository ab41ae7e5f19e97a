"""What a node may do: read what its pods use, and write what is its own.

Source: plugin/pkg/auth/authorizer/node of k8s.io/kubernetes. Which writes of pods and nodes are its
own is left to the admission plugin NodeRestriction, which is off unless it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from fake_cloud.kube_api.authentication.user import User
from fake_cloud.kube_api.authorization.attributes import Attributes
from fake_cloud.kube_api.authorization.pod_references import used_by_pods_on
from fake_cloud.kube_api.authorization.policies import StoredPolicies
from fake_cloud.kube_api.store import Store

NODES_GROUP = "system:nodes"
USER_PREFIX = "system:node:"
LEASES = "kube-node-lease"
OWN_VERBS = ("get", "create", "update", "patch", "delete")
READS = ("get", "list", "watch")
WRITES = ("update", "patch")
NODE_ROLE = "system:node"
"""Its rules hold for what is not divided up among nodes."""

Verdict = tuple[bool, str]
NO_OPINION: Verdict = (False, "")
ALLOWED: Verdict = (True, "")


class NodeAuthorizer:
    """Allows, or says why not; the other authorizers are asked then."""

    def __init__(self, store: Store, policies: StoredPolicies):
        self._store, self._policies = store, policies
        self._divided: dict[tuple[str, str], Callable[[str, Attributes], Verdict]] = {
            ("", "secrets"): self._read,
            ("", "configmaps"): self._read,
            ("", "persistentvolumeclaims"): self._claim,
            ("", "persistentvolumes"): self._get,
            ("resource.k8s.io", "resourceclaims"): self._get,
            ("storage.k8s.io", "volumeattachments"): self._get,
            ("", "serviceaccounts"): self._service_account,
            ("coordination.k8s.io", "leases"): self._lease,
            ("storage.k8s.io", "csinodes"): self._csi_node,
            ("", "nodes"): self._node,
            ("", "pods"): self._pod,
        }

    def decide(self, wanted: Attributes) -> Verdict:
        node = node_of(wanted.user)
        if node is None:
            return NO_OPINION
        if not node:
            return False, f'unknown node for user "{wanted.user.name}"'
        divided = self._divided.get((wanted.group, wanted.resource))
        if divided is not None:
            return divided(node, wanted)
        role = self._policies.now().roles.get(("", NODE_ROLE))
        rules = (role.rules if role else None) or ()
        return ALLOWED if any(rule.allows(wanted) for rule in rules) else NO_OPINION

    # -- what is divided up

    def _read(self, node: str, wanted: Attributes) -> Verdict:
        if wanted.verb not in READS:
            return False, "can only read resources of this type"
        if wanted.subresource:
            return False, "cannot read subresource"
        if not wanted.namespace:
            return False, "can only read namespaced object of this type"
        return self._related(node, wanted)

    def _get(self, node: str, wanted: Attributes) -> Verdict:
        if wanted.verb != "get":
            return False, "can only get individual resources of this type"
        if wanted.subresource:
            return False, "cannot get subresource"
        return self._related(node, wanted)

    def _claim(self, node: str, wanted: Attributes) -> Verdict:
        if wanted.subresource != "status":
            return self._get(node, wanted)
        if wanted.verb not in WRITES:
            return False, "can only get/update/patch this type"
        return self._related(node, wanted)

    def _related(self, node: str, wanted: Attributes) -> Verdict:
        """Whether a pod on the node uses the object."""
        if not wanted.name:
            return False, "No Object name found"
        thing = (wanted.resource, wanted.namespace, wanted.name)
        known = ("", node) in self._store.collection("", "nodes").items
        if known and thing in used_by_pods_on(self._store, node):
            return ALLOWED
        return False, f"no relationship found between node '{node}' and this object"

    def _service_account(self, node: str, wanted: Attributes) -> Verdict:
        if wanted.verb == "get" and not wanted.subresource:
            return self._read(node, wanted)
        if wanted.verb != "create" or not wanted.name:
            return False, "can only create tokens for individual service accounts"
        if wanted.subresource != "token":
            return False, "can only create token subresource of serviceaccount"
        return self._related(node, wanted)

    def _lease(self, node: str, wanted: Attributes) -> Verdict:
        if wanted.verb not in OWN_VERBS:
            return False, "can only get, create, update, patch, or delete a node lease"
        if wanted.namespace != LEASES:
            return False, f'can only access leases in the "{LEASES}" system namespace'
        if wanted.verb != "create" and wanted.name != node:
            return False, "can only access node lease with the same name as the requesting node"
        return ALLOWED

    def _csi_node(self, node: str, wanted: Attributes) -> Verdict:
        if wanted.subresource:
            return False, "cannot authorize CSINode subresources"
        if wanted.verb not in OWN_VERBS:
            return False, "can only get, create, update, patch, or delete a CSINode"
        if wanted.verb != "create" and wanted.name != node:
            return False, "can only access CSINode with the same name as the requesting node"
        return ALLOWED

    def _node(self, node: str, wanted: Attributes) -> Verdict:
        if wanted.subresource or wanted.verb not in READS:
            return _listed(wanted, {"": ("create", *WRITES), "status": WRITES})
        if wanted.name == node:
            return ALLOWED
        what = f"'{wanted.name}'" if wanted.name else "all nodes"
        return False, f"node '{node}' cannot read {what}, only its own Node object"

    def _pod(self, node: str, wanted: Attributes) -> Verdict:
        writes = {"": ("create", "delete"), "status": WRITES, "eviction": ("create",)}
        if wanted.subresource or wanted.verb not in READS:
            return _listed(wanted, writes)
        if wanted.verb == "get":
            return self._get(node, wanted)
        if wanted.node_name == node:
            return ALLOWED
        if wanted.name:
            return self._related(node, wanted)
        return False, "can only list/watch pods with spec.nodeName field selector"


def _listed(wanted: Attributes, verbs: Mapping[str, Sequence[str]]) -> Verdict:
    """Verbs by subresource."""
    return ALLOWED if wanted.verb in verbs.get(wanted.subresource, ()) else NO_OPINION


def node_of(user: User) -> str | None:
    """The name of the node that the user is; None for who is none, empty for an unknown one."""
    if NODES_GROUP not in user.groups or not user.name.startswith(USER_PREFIX):
        return None
    return user.name.removeprefix(USER_PREFIX)
