"""Roles and bindings. Source: pkg/apis/rbac/{v1,validation} of k8s.io/kubernetes."""

from __future__ import annotations

from collections.abc import Iterator

from fake_cloud.kube_api.names import path_segment_problems
from fake_cloud.kube_api.status_errors import (
    FieldError,
    invalid_value,
    not_supported,
    required,
)
from fake_cloud.kube_api.strategies.generic import Body, Strategy
from fake_cloud.kube_api.types.table import ResourceType

GROUP = "rbac.authorization.k8s.io"
SUBJECTS = ("ServiceAccount", "User", "Group")

COMMON_WORDS_SINCE = 37
"""From this minor on a changed reference is refused like any other immutable field."""


class RbacStrategy(Strategy):
    """Names of RBAC objects only have to fit into a path."""

    create_on_update = True

    def __init__(self, resource: ResourceType, minor: int):
        super().__init__(resource, minor)
        self.name_rule = path_segment_problems


class RoleStrategy(RbacStrategy):
    """Role and ClusterRole."""

    def validate(self, body: Body) -> list[FieldError]:
        rules = enumerate(body.get("rules") or [])
        errors = [
            error for index, rule in rules for error in self._of_rule(rule, f"rules[{index}]")
        ]
        aggregation = body.get("aggregationRule")
        if aggregation is not None and not aggregation.get("clusterRoleSelectors"):
            why = "at least one clusterRoleSelector required if aggregationRule is non-nil"
            errors.append(required("aggregationRule.clusterRoleSelectors", why))
        return errors

    def _of_rule(self, rule: Body, path: str) -> Iterator[FieldError]:
        if not rule.get("verbs"):
            yield required(f"{path}.verbs", "verbs must contain at least one value")
        groups, resources = rule.get("apiGroups"), rule.get("resources")
        if urls := rule.get("nonResourceURLs"):
            if self.resource.namespaced:
                why = "namespaced rules cannot apply to non-resource URLs"
                yield invalid_value(f"{path}.nonResourceURLs", urls, why)
            if groups or resources or rule.get("resourceNames"):
                why = "rules cannot apply to both regular resources and non-resource URLs"
                yield invalid_value(f"{path}.nonResourceURLs", urls, why)
            return
        if not groups:
            why = "resource rules must supply at least one api group"
            yield required(f"{path}.apiGroups", why)
        if not resources:
            yield required(f"{path}.resources", "resource rules must supply at least one resource")


class BindingStrategy(RbacStrategy):
    """RoleBinding and ClusterRoleBinding."""

    def default(self, body: Body) -> None:
        reference = body.setdefault("roleRef", {})
        reference["apiGroup"] = reference.get("apiGroup") or GROUP
        for subject in body.get("subjects") or []:
            if subject.get("kind") in ("User", "Group") and not subject.get("apiGroup"):
                subject["apiGroup"] = GROUP

    def validate(self, body: Body) -> list[FieldError]:
        subjects = enumerate(body.get("subjects") or [])
        return [
            *self._of_reference(body["roleRef"]),
            *(e for index, one in subjects for e in self._of_subject(one, f"subjects[{index}]")),
        ]

    def validate_update(self, body: Body, old: Body) -> list[FieldError]:
        new = body["roleRef"]
        if new == old["roleRef"]:
            return []
        why = "field is immutable" if self.minor >= COMMON_WORDS_SINCE else "cannot change roleRef"
        shown = {go: new.get(go[:1].lower() + go[1:], "") for go in ("Kind", "Name")}
        return [invalid_value("roleRef", {"APIGroup": new["apiGroup"], **shown}, why)]

    def _of_reference(self, reference: Body) -> Iterator[FieldError]:
        if reference["apiGroup"] != GROUP:
            yield not_supported("roleRef.apiGroup", reference["apiGroup"], [GROUP])
        kinds = ["Role", "ClusterRole"] if self.resource.namespaced else ["ClusterRole"]
        if reference.get("kind", "") not in kinds:
            yield not_supported("roleRef.kind", reference.get("kind", ""), kinds)
        name = reference.get("name", "")
        if not name:
            yield required("roleRef.name")
        for problem in path_segment_problems(name) if name else ():
            yield invalid_value("roleRef.name", name, problem)

    def _of_subject(self, subject: Body, path: str) -> Iterator[FieldError]:
        if not subject.get("name"):
            yield required(f"{path}.name")
        kind, group = subject.get("kind", ""), subject.get("apiGroup", "")
        if kind not in SUBJECTS:
            yield not_supported(f"{path}.kind", kind, SUBJECTS)
            return
        wanted = "" if kind == "ServiceAccount" else GROUP
        if group != wanted:
            yield not_supported(f"{path}.apiGroup", group, [wanted])
        of_cluster = not self.resource.namespaced
        if kind == "ServiceAccount" and of_cluster and not subject.get("namespace"):
            yield required(f"{path}.namespace")
