"""A definition's spec, beside its schemas.

Follows k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fake_cloud.kube_api.custom_resources.schema_validation import root_schema_errors
from fake_cloud.kube_api.custom_resources.selectable_fields import selectable_errors
from fake_cloud.kube_api.metadata import IMMUTABLE
from fake_cloud.kube_api.names import label_1035_problems, subdomain_problems
from fake_cloud.kube_api.status_errors import (
    FieldError,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
)

Body = dict[str, Any]

COLUMN_TYPES = ("boolean", "date", "integer", "number", "string")
COLUMN_FORMATS = ("byte", "date", "date-time", "double", "float", "int32", "int64", "password")
MIXED_CASE = "may have mixed case, but should otherwise match: "
STORED = (
    "missing from spec.versions; {0} was previously a storage version, and must remain in "
    "spec.versions until a storage migration ensures no data remains persisted in {0} and "
    "removes {0} from status.storedVersions"
)
UNAPPROVED = (
    'protected groups must have approval annotation "api-approved.kubernetes.io", '
    "see https://github.com/kubernetes/enhancements/pull/1111"
)
PRESERVE_ALL = (
    "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in "
    "spec.versions[*].schema instead"
)


def spec_errors(spec: Body) -> Iterator[FieldError]:
    """Everything that is wrong with a new spec."""
    yield from _group_errors(spec.get("group", ""))
    yield from _scope_errors(spec.get("scope", ""))
    versions = spec.get("versions") or []
    shared = [part for part in PARTS if _is_shared(versions, part)]
    for index, version in enumerate(versions):
        if (version.get("schema") or {}).get("openAPIV3Schema") is None:
            yield required(f"spec.versions[{index}].schema.openAPIV3Schema")
    for index, version in enumerate(versions):
        yield from _version_errors(version, f"spec.versions[{index}]", shared)
    yield from _versions_errors(spec.get("versions"))
    yield from _required_names(spec["names"])
    yield from names_errors(spec["names"], "spec.names")
    for part in shared:
        yield from _part_errors(versions[0], part, f"spec.{SHARED_NAMES.get(part, part)}")
    yield from _conversion_errors(spec.get("conversion"))
    if spec.get("preserveUnknownFields"):
        yield invalid_value("spec.preserveUnknownFields", True, PRESERVE_ALL)


PARTS = ("schema", "subresources", "additionalPrinterColumns", "selectableFields")
SHARED_NAMES = {"schema": "validation"}
"""What all versions have alike stands once in the internal form, and errors speak of it there."""


def _is_shared(versions: list[Body], part: str) -> bool:
    found = [version.get(part) for version in versions]
    return bool(found) and found[0] not in (None, []) and all(one == found[0] for one in found)


def _group_errors(group: str) -> Iterator[FieldError]:
    if not group:
        yield required("spec.group")
    elif problems := subdomain_problems(group):
        yield invalid_value("spec.group", group, ",".join(problems))
    elif "." not in group:
        yield invalid_value("spec.group", group, "should be a domain with at least one dot")


def _scope_errors(scope: str) -> Iterator[FieldError]:
    if not scope:
        yield required("spec.scope")
    elif scope not in ("Cluster", "Namespaced"):
        yield not_supported("spec.scope", scope, ("Cluster", "Namespaced"))


def _versions_errors(given: list[Body] | None) -> Iterator[FieldError]:
    versions = given or []
    names = [version.get("name", "") for version in versions]
    if len(set(names)) < len(names):
        yield invalid_value("spec.versions", given, "must contain unique version names")
    if sum(bool(version.get("storage")) for version in versions) != 1:
        why = "must have exactly one version marked as storage version"
        yield invalid_value("spec.versions", given, why)
    if versions and (problems := label_1035_problems(names[0])):
        yield invalid_value("spec.version", names[0], ",".join(problems))


def _version_errors(version: Body, path: str, shared: list[str]) -> Iterator[FieldError]:
    name = version.get("name", "")
    if problems := label_1035_problems(name):
        yield invalid_value(f"{path}.name", name, ",".join(problems))
    warning = version.get("deprecationWarning")
    if warning is not None and not version.get("deprecated"):
        why = "can only be set for deprecated versions"
        yield invalid_value(f"{path}.deprecationWarning", warning, why)
    for part in PARTS:
        if part not in shared:
            yield from _part_errors(version, part, f"{path}.{part}")


def _part_errors(version: Body, part: str, path: str) -> Iterator[FieldError]:
    """Of what may differ from version to version."""
    below = version.get("subresources") or {}
    schema = (version.get("schema") or {}).get("openAPIV3Schema")
    if part == "schema" and schema is not None:
        has_status = below.get("status") is not None
        yield from root_schema_errors(schema, f"{path}.openAPIV3Schema", has_status)
    elif part == "subresources" and below.get("scale") is not None:
        yield from _scale_errors(below["scale"], f"{path}.scale")
    elif part == "additionalPrinterColumns":
        for index, column in enumerate(version.get(part) or ()):
            yield from _column_errors(column, f"{path}[{index}]")
    elif part == "selectableFields":
        places = [field.get("jsonPath", "") for field in version.get(part) or ()]
        yield from selectable_errors(places, schema or {}, path)


def _scale_errors(scale: Body, path: str) -> Iterator[FieldError]:
    for field, part in (("specReplicasPath", "spec"), ("statusReplicasPath", "status")):
        given, where = scale.get(field, ""), f"{path}.{field}"
        if not given:
            yield required(where)
        elif not given.startswith("."):
            yield invalid_value(where, given, "must be a simple json path starting with .")
        elif not given.startswith(f".{part}."):
            yield invalid_value(where, given, f"should be a json path under .{part}")
    selector = scale.get("labelSelectorPath")
    if selector and not selector.startswith((".spec.", ".status.")):
        why = "should be a json path under either .spec or .status"
        yield invalid_value(f"{path}.labelSelectorPath", selector, why)


def _column_errors(column: Body, path: str) -> Iterator[FieldError]:
    kind, form, place = (column.get(key, "") for key in ("type", "format", "jsonPath"))
    if not column.get("name"):
        yield required(f"{path}.name")
    if not kind:
        yield required(f"{path}.type", f"must be one of {','.join(COLUMN_TYPES)}")
    elif kind not in COLUMN_TYPES:
        yield invalid_value(f"{path}.type", kind, f"must be one of {','.join(COLUMN_TYPES)}")
    if form and form not in COLUMN_FORMATS:
        yield invalid_value(f"{path}.format", form, f"must be one of {','.join(COLUMN_FORMATS)}")
    if not place:
        yield required(f"{path}.JSONPath")
    elif not place.startswith("."):
        yield invalid_value(f"{path}.JSONPath", place, "must be a simple json path starting with .")


def _required_names(names: Body) -> Iterator[FieldError]:
    for field in ("plural", "singular", "kind", "listKind"):
        if not names.get(field):
            yield required(f"spec.names.{field}")


def names_errors(names: Body, path: str) -> Iterator[FieldError]:
    """Of requested or accepted names, as far as they are given."""
    for field in ("plural", "singular"):
        if (given := names.get(field)) and (problems := label_1035_problems(given)):
            yield invalid_value(f"{path}.{field}", given, ",".join(problems))
    for field in ("kind", "listKind"):
        if (given := names.get(field)) and (problems := label_1035_problems(given.lower())):
            yield invalid_value(f"{path}.{field}", given, MIXED_CASE + ",".join(problems))
    for index, given in enumerate(names.get("shortNames") or ()):
        if problems := label_1035_problems(given):
            yield invalid_value(f"{path}.shortNames[{index}]", given, ",".join(problems))
    if names.get("kind") and names["kind"] == names.get("listKind"):
        why = "kind and listKind may not be the same"
        yield invalid_value(f"{path}.listKind", names["kind"], why)
    for index, given in enumerate(names.get("categories") or ()):
        if problems := label_1035_problems(given):
            yield invalid_value(f"{path}.categories[{index}]", given, ",".join(problems))


def _conversion_errors(conversion: Body | None) -> Iterator[FieldError]:
    """Webhooks are taken, though nobody calls them here."""
    strategy, path = (conversion or {}).get("strategy", ""), "spec.conversion"
    if conversion is None:
        return
    if not strategy:
        yield required(f"{path}.strategy")
    elif strategy not in ("None", "Webhook"):
        yield not_supported(f"{path}.strategy", strategy, ("None", "Webhook"))
    if strategy == "Webhook" and not conversion.get("webhook"):
        why = "required when strategy is set to Webhook"
        yield required(f"{path}.webhookClientConfig", why)
        yield required(f"{path}.conversionReviewVersions")
    if strategy != "Webhook" and conversion.get("webhook"):
        why = "should not be set when strategy is not set to Webhook"
        yield forbidden_field(f"{path}.webhookClientConfig", why)


def stored_version_errors(definition: Body) -> Iterator[FieldError]:
    """A version under which objects may be stored cannot go."""
    given, path = definition["status"].get("storedVersions"), "status.storedVersions"
    versions, stored = definition["spec"].get("versions") or (), set(given or ())
    if not given:
        yield invalid_value(path, given, "must have at least one stored version")
        return
    for version in versions:
        if version["storage"] and version["name"] not in stored:
            yield invalid_value(path, given, f"must have the storage version {version['name']}")
        stored.discard(version["name"])
    for index, name in enumerate(given):
        if name in stored:
            yield invalid_value(f"{path}[{index}]", name, STORED.format(name))


def approval_errors(definition: Body) -> Iterator[FieldError]:
    """Groups of the Kubernetes community want a review: pkg/apihelpers of apiextensions."""
    group, key = definition["spec"].get("group", ""), "api-approved.kubernetes.io"
    protected = f".{group}".endswith((".k8s.io", ".kubernetes.io"))
    if protected and not (definition["metadata"].get("annotations") or {}).get(key):
        yield required(f"metadata.annotations[{key}]", UNAPPROVED)


def immutable_errors(spec: Body, old: Body, *, established: bool) -> list[FieldError]:
    """What decides under which path objects are stored stays."""
    names, before = spec["names"], old["names"]
    places = [("group", spec.get("group"), old["group"])]
    places.append(("names.plural", names.get("plural"), before["plural"]))
    if established:
        places.append(("scope", spec.get("scope"), old["scope"]))
        places.append(("names.kind", names.get("kind"), before["kind"]))
    return [
        invalid_value(f"spec.{place}", given, IMMUTABLE)
        for place, given, known in places
        if given != known
    ]
