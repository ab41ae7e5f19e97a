"""Nobody hands on rights that he does not have: the check on roles and bindings that are written.

Source: pkg/registry/rbac/escalation_check.go, {role,rolebinding}/policybased and
validation/rule.go of k8s.io/kubernetes.
"""

from __future__ import annotations

import msgspec

from fake_cloud.kube_api.authorization.attributes import Attributes
from fake_cloud.kube_api.authorization.authorizer import Authorizer, together
from fake_cloud.kube_api.authorization.policies import GROUP, NoSuchRole, RoleReference
from fake_cloud.kube_api.authorization.rules import EVERYTHING, Rule, missing, quoted
from fake_cloud.kube_api.http import Request
from fake_cloud.kube_api.requests import Target
from fake_cloud.kube_api.status_errors import forbidden, not_found
from fake_cloud.kube_api.store import Store, decode
from fake_cloud.kube_api.strategies.generic import Body

ROLES, BINDINGS = ("roles", "clusterroles"), ("rolebindings", "clusterrolebindings")
COLLECTED = ("finalizers", "ownerReferences", "managedFields")
"""Fields of `metadata` that the garbage collector changes, for which it needs no rights."""


class EscalationGuard:
    """Looks at every role and binding before it is written."""

    def __init__(self, store: Store, authorizer: Authorizer):
        self._store, self._authorizer = store, authorizer

    def check(self, request: Request, target: Target, body: Body) -> None:
        """Raises 403 and 404 `StatusError`."""
        if target.resource.group != GROUP or request.user.may_everything:
            return
        if self._only_collected(target, body):
            return
        if target.resource.plural in ROLES:
            self._check_role(request, target, body)
        elif target.resource.plural in BINDINGS:
            self._check_binding(request, target, body)

    def _only_collected(self, target: Target, body: Body) -> bool:
        """Whether nothing changes but what the garbage collector needs."""
        stored = self._stored(target)
        return stored is not None and _substance(stored) == _substance(body)

    def _stored(self, target: Target) -> Body | None:
        items = self._store.collection(GROUP, target.resource.plural).items
        entry = items.get((target.namespace, target.name))
        return None if entry is None else decode(entry.data)

    def _check_role(self, request: Request, target: Target, body: Body) -> None:
        escalate = self._right(request, "escalate", target, target.resource.plural, target.name)
        if self._authorizer.decide(escalate).allowed:
            return
        rules = [_rule(rule) for rule in body.get("rules") or []]
        self._confirm(request, target, body, rules)
        if self._aggregates(target, body):
            held, _ = self._authorizer.rules_for(request.user, target.namespace)
            if missing(held, EVERYTHING):
                why = "must have cluster-admin privileges to use the aggregationRule"
                raise forbidden(target.about, body["metadata"].get("name", ""), why)

    def _aggregates(self, target: Target, body: Body) -> bool:
        """Whether it gathers the rules of others, or did so until now."""
        return any(
            (role.get("aggregationRule") or {}).get("clusterRoleSelectors")
            for role in (body, self._stored(target) or {})
        )

    def _check_binding(self, request: Request, target: Target, body: Body) -> None:
        reference = msgspec.convert(body.get("roleRef") or {}, RoleReference)
        plural = f"{reference.kind.lower()}s"
        bind = self._right(request, "bind", target, plural, reference.name)
        if self._authorizer.decide(bind).allowed:
            return
        try:
            rules = self._authorizer.policies.now().rules_of(reference, target.namespace)
        except NoSuchRole:
            raise not_found(target.about, reference.name) from None
        self._confirm(request, target, body, list(rules))

    def _right(
        self, request: Request, verb: str, target: Target, plural: str, name: str
    ) -> Attributes:
        return Attributes(
            request.user,
            verb,
            group=GROUP,
            resource=plural,
            namespace=target.namespace,
            name=name,
        )

    def _confirm(self, request: Request, target: Target, body: Body, rules: list[Rule]) -> None:
        user = request.user
        held, errors = self._authorizer.rules_for(user, target.namespace)
        lacking = missing(held, rules)
        if not lacking:
            return
        shown = "\n".join(sorted({str(rule) for rule in lacking}))
        why = (
            f'user "{user.name}" (groups={quoted(user.groups)}) is attempting to grant RBAC '
            f"permissions not currently held:\n{shown}"
        )
        if errors:
            why += f"; resolution errors: [{together(errors)}]"
        raise forbidden(target.about, body["metadata"].get("name", ""), why)


def _rule(rule: Body) -> Rule:
    """It is not validated yet, and may lack anything."""
    return msgspec.convert({key: value for key, value in rule.items() if value}, Rule)


def _substance(body: Body) -> Body:
    metadata = {key: value for key, value in body["metadata"].items() if key not in COLLECTED}
    return {**body, "metadata": metadata}
