"""The authorizers one after another: superusers, nodes, RBAC. Whoever is not allowed is refused."""

from __future__ import annotations

from dataclasses import dataclass

from fake_cloud.kube_api.authentication.user import User
from fake_cloud.kube_api.authorization.attributes import Attributes, attributes_of
from fake_cloud.kube_api.authorization.node import NodeAuthorizer
from fake_cloud.kube_api.authorization.policies import StoredPolicies
from fake_cloud.kube_api.authorization.rules import Rule
from fake_cloud.kube_api.http import Request
from fake_cloud.kube_api.status_errors import About, StatusError
from fake_cloud.kube_api.store import Store

NAMED_SINCE = 37
"""From this minor on reasons begin with the name of the authorizer that gives them."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a request may go on; `reason` says why, or why not, as far as there is one."""

    allowed: bool
    reason: str = ""


class Authorizer:
    """Decides over the roles and bindings of a store."""

    def __init__(self, store: Store, minor: int):
        self.policies = StoredPolicies(store)
        self._node = NodeAuthorizer(store, self.policies)
        self._named = minor >= NAMED_SINCE

    def check(self, request: Request) -> None:
        """Raises a 403 `StatusError`."""
        if not request.user.may_everything:
            self.demand(attributes_of(request))

    def demand(self, wanted: Attributes) -> None:
        """Raises a 403 `StatusError`."""
        decision = self.decide(wanted)
        if not decision.allowed:
            raise forbidden_request(wanted, decision.reason)

    def decide(self, wanted: Attributes) -> Decision:
        if wanted.user.may_everything:
            return Decision(allowed=True)
        allowed, why_not = self._node.decide(wanted)
        if allowed:
            return Decision(allowed=True)
        errors: list[str] = []
        for granted in self.policies.now().granted(wanted.user, wanted.namespace, errors):
            if granted.rule.allows(wanted):
                return Decision(allowed=True, reason=f"RBAC: allowed by {granted.source}")
        reasons = [("node", why_not), ("rbac", f"RBAC: {together(errors)}" if errors else "")]
        shown = [f"{name}: {why}" if self._named else why for name, why in reasons if why]
        return Decision(allowed=False, reason="\n".join(shown))

    def rules_for(self, user: User, namespace: str) -> tuple[list[Rule], list[str]]:
        """Every rule that counts for a user, and what could not be found out."""
        errors: list[str] = []
        granted = self.policies.now().granted(user, namespace, errors)
        return [one.rule for one in granted], errors


def together(errors: list[str]) -> str:
    """As Go's aggregate of errors reads."""
    found = list(dict.fromkeys(errors))
    return found[0] if len(found) == 1 else f"[{', '.join(found)}]"


def forbidden_request(wanted: Attributes, reason: str) -> StatusError:
    """Source: k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/errors.go."""
    name = wanted.user.name
    if wanted.path:
        what = f'User "{name}" cannot {wanted.verb} path "{wanted.path}"'
    else:
        scope = f'in the namespace "{wanted.namespace}"' if wanted.namespace else ""
        what = (
            f'User "{name}" cannot {wanted.verb} resource "{wanted.combined}" in API group '
            f'"{wanted.group}" {scope or "at the cluster scope"}'
        )
    for sign, word in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        what = what.replace(sign, word)
    why = f"{what}: {reason}" if reason else what
    about = About(wanted.group, wanted.resource, "")
    named = f'{about.qualified} "{wanted.name}" is ' if wanted.name else f"{about.qualified} is "
    subject = named if wanted.resource else ""
    message = f"{subject}forbidden: {why}"
    return StatusError(403, "Forbidden", message, about.details(wanted.name))
