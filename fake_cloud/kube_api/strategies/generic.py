"""What holds for every kind unless its own strategy says otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fake_cloud.kube_api.managed_fields.field_sets import FieldSet, field_set
from fake_cloud.kube_api.metadata import (
    VALIDATED_ONCE,
    metadata_errors,
    metadata_update_errors,
)
from fake_cloud.kube_api.names import NameRule, subdomain_problems
from fake_cloud.kube_api.status_errors import FieldError
from fake_cloud.kube_api.types.table import ResourceType

Body = dict[str, Any]
Undo = Callable[[], None]


def nothing() -> None:
    """For steps that took nothing."""


class Strategy:
    """One per resource type. Bodies are decoded, canonical and belong to the strategy."""

    # ruff: noqa: ARG002 - what a kind does not need it ignores

    create_on_update = False
    create_on_status = False
    unconditional_update = True
    has_generation = False
    keeps_status_on_create = False
    garbage_collected = True
    removed_by_controller = False
    core = True
    whole_first = False
    """On updates complaints about the whole object come before those about what changed."""

    def __init__(self, resource: ResourceType, minor: int):
        """`minor` is the number after `1.` of the Kubernetes version."""
        self.resource, self.minor = resource, minor
        self.name_rule: NameRule = subdomain_problems
        self.has_status = "status" in resource.subresources

    def default(self, body: Body) -> None:
        """What the Go defaulting functions add, also to patched objects."""

    def admit(self, body: Body, old: Body | None) -> None:
        """What admission plugins that run by default add."""

    def prepare_create(self, body: Body) -> None:
        """Clear what the creator may not say."""
        if self.has_status and not self.keeps_status_on_create:
            self._reset(body, "status")
        if self.has_generation:
            body["metadata"]["generation"] = 1

    def prepare_update(self, body: Body, old: Body) -> None:
        """Clear what an update of the main resource may not change."""
        if self.has_status:
            restore(body, old, "status")
        if self.has_generation and body.get("spec") != old.get("spec"):
            body["metadata"]["generation"] = old["metadata"].get("generation", 0) + 1

    def prepare_subresource(self, name: str, body: Body, old: Body) -> None:
        """Clear what an update of `/status` may not change; metadata is kept for core types."""
        restore(body, old, "spec")

    def reset_fields(self, subresource: str) -> FieldSet:
        """What the writer of this subresource (empty: the main resource) cannot change.

        Nobody becomes an owner of it that way: GetResetFields of the Go strategies.
        """
        if subresource == "status":
            return field_set("spec")
        return field_set("status") if self.has_status and not subresource else {}

    def allocate(self, body: Body, old: Body | None) -> Undo:
        """Take what the object needs from shared ranges; the result gives it back."""
        return nothing

    def release(self, old: Body, body: Body | None) -> None:
        """Give back what `old` had and `body` (None: deleted) has no more."""

    def validate(self, body: Body) -> list[FieldError]:
        """Of a new object, and of the result of an update of the main resource."""
        return []

    def validate_update(self, body: Body, old: Body) -> list[FieldError]:
        """Of an update of the main resource, besides `validate`."""
        return []

    def validate_status(self, body: Body, old: Body) -> list[FieldError]:
        """Of an update of `/status`."""
        return []

    def create_errors(self, body: Body) -> list[FieldError]:
        found = metadata_errors(
            body["metadata"],
            self.name_rule,
            self.minor,
            namespaced=self.resource.namespaced,
            core=self.core,
        )
        return found + self.validate(body)

    def update_errors(self, body: Body, old: Body) -> list[FieldError]:
        whole, changed = self.validate(body), self.validate_update(body, old)
        errors = [*whole, *changed] if self.whole_first else [*changed, *whole]
        return self._told([*self.metadata_update_errors(body, old), *errors])

    def metadata_update_errors(self, body: Body, old: Body) -> list[FieldError]:
        metadata = body["metadata"]
        return metadata_update_errors(metadata, old["metadata"], self.minor, core=self.core)

    def subresource_errors(self, name: str, body: Body, old: Body) -> list[FieldError]:
        errors = [*self.metadata_update_errors(body, old), *self.validate_status(body, old)]
        return self._told(errors)

    def _told(self, errors: list[FieldError]) -> list[FieldError]:
        """Newer minors say the same thing once."""
        return list(dict.fromkeys(errors)) if self.minor >= VALIDATED_ONCE else errors

    def refuse(self, body: Body, old: Body | None) -> None:
        """What validating admission plugins object to. Raises a 403 `StatusError`."""

    def warnings(self, body: Body) -> list[str]:
        """What the writer of the main resource is told in `Warning` headers."""
        return []

    def update_warnings(self, body: Body, old: Body) -> list[str]:
        """The same after an update."""
        return self.warnings(body)

    def condemn(self, body: Body) -> None:
        """What the first delete changes, for kinds that are `removed_by_controller`."""

    def grace_period(self, body: Body, asked: int | None) -> int | None:
        """Seconds that a deleted object may live on; None: the kind is not deleted gracefully."""
        return None

    def finished(self, body: Body) -> bool:
        """Whether an object that is being deleted may go now."""
        return not body["metadata"].get("finalizers")

    def fields(self, body: Body) -> Mapping[str, str]:
        """What field selectors may ask about this object."""
        metadata = body["metadata"]
        found = {"metadata.name": metadata["name"]}
        if self.resource.namespaced:
            found["metadata.namespace"] = metadata.get("namespace", "")
        return found

    def field_labels(self) -> frozenset[str]:
        """The names that `fields` uses."""
        empty: Body = {"metadata": {"name": ""}, "spec": {}, "status": {}}
        return frozenset(self.fields(empty))

    def _reset(self, body: Body, part: str) -> None:
        known = self.resource.struct.fields[part]
        body.pop(part, None)
        if known.empty == "fill":
            body[part] = known.schema.zero()


def restore(body: Body, old: Body, part: str) -> None:
    if part in old:
        body[part] = old[part]
    else:
        body.pop(part, None)
