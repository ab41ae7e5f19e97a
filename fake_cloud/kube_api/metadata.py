"""Rules for `metadata` that hold for every kind.

Source: k8s.io/apimachinery/pkg/api/validation/objectmeta.go.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fake_cloud.kube_api.names import (
    NameRule,
    label_problems,
    label_value_problems,
    qualified_name_problems,
)
from fake_cloud.kube_api.status_errors import (
    FieldError,
    forbidden_field,
    invalid_value,
    required,
    too_long,
)

Body = dict[str, Any]

ORPHAN = "orphan"
FOREGROUND = "foregroundDeletion"
STANDARD_FINALIZERS = ("kubernetes", ORPHAN, FOREGROUND)
NOT_STANDARD = "name is neither a standard finalizer name nor is it fully qualified"
ANNOTATION_BYTES = 256 * 1024
IMMUTABLE = "field is immutable"


def generate_problems(rule: NameRule, prefix: str) -> list[str]:
    """A prefix is checked as if its last dash were a letter (MaskTrailingDash)."""
    masked = prefix[:-1] + "a" if prefix.endswith("-") and len(prefix) > 1 else prefix
    return rule(masked)


def metadata_errors(
    metadata: Body, rule: NameRule, minor: int, *, namespaced: bool, core: bool = True
) -> list[FieldError]:
    """Everything that is wrong with the metadata of a new object.

    `core`: of a kind of k8s.io/kubernetes, where finalizers must be qualified or well known.
    """
    prefix, name = metadata.get("generateName", ""), metadata.get("name", "")
    errors = [
        invalid_value("metadata.generateName", prefix, problem)
        for problem in (generate_problems(rule, prefix) if prefix else [])
    ]
    if not name:
        errors.append(required("metadata.name", "name or generateName is required"))
    else:
        errors.extend(invalid_value("metadata.name", name, problem) for problem in rule(name))
    errors += _namespace_errors(metadata, namespaced)
    return errors + common_errors(metadata, minor, core=core)


def _namespace_errors(metadata: Body, namespaced: bool) -> list[FieldError]:
    namespace = metadata.get("namespace", "")
    if not namespaced:
        return (
            [forbidden_field("metadata.namespace", "not allowed on this type")] if namespace else []
        )
    if not namespace:
        return [required("metadata.namespace")]
    return [
        invalid_value("metadata.namespace", namespace, problem)
        for problem in label_problems(namespace)
    ]


def common_errors(metadata: Body, minor: int, *, core: bool = True) -> list[FieldError]:
    """Labels, annotations, owner references and finalizers."""
    errors = _loose_errors(metadata, minor)
    if "finalizers" in metadata:
        errors += _finalizer_errors(metadata["finalizers"], core)
    return errors


def _loose_errors(metadata: Body, minor: int) -> list[FieldError]:
    """Labels, annotations and owner references."""
    errors = []
    if "labels" in metadata:
        errors += label_errors(metadata["labels"], "metadata.labels")
    if "annotations" in metadata:
        errors += _annotation_errors(metadata["annotations"])
    if "ownerReferences" in metadata:
        owners = metadata["ownerReferences"]
        errors += _owner_errors(owners) if minor >= VALIDATED_ONCE else _old_owner_errors(owners)
    return errors


def label_errors(labels: dict[str, str], path: str) -> list[FieldError]:
    errors = []
    for key, value in labels.items():
        errors += [invalid_value(path, key, p) for p in qualified_name_problems(key)]
        errors += [invalid_value(path, value, p) for p in label_value_problems(value)]
    return errors


def _annotation_errors(annotations: dict[str, str]) -> list[FieldError]:
    path = "metadata.annotations"
    errors = [
        invalid_value(path, key, problem)
        for key in annotations
        for problem in qualified_name_problems(key.lower())
    ]
    size = sum(len(key.encode()) + len(value.encode()) for key, value in annotations.items())
    return errors + ([too_long(path, ANNOTATION_BYTES)] if size > ANNOTATION_BYTES else [])


def _owner_errors(references: list[Body]) -> list[FieldError]:
    errors = []
    for index, reference in enumerate(references):
        path = f"metadata.ownerReferences[{index}]"
        errors += [
            required(f"{path}.{field}", "must not be empty")
            for field in ("apiVersion", "kind", "name", "uid")
            if not reference.get(field)
        ]
        errors += _event_errors(path, reference)
    return errors + _controller_errors(references)


def _old_owner_errors(references: list[Body]) -> list[FieldError]:
    path, errors = "metadata.ownerReferences", []
    for reference in references:
        for field in ("apiVersion", "kind", "name", "uid"):
            if not reference.get(field):
                what = "version must not be empty" if field == "apiVersion" else "must not be empty"
                errors.append(invalid_value(f"{path}.{field}", "", what))
        errors += _event_errors(path, reference)
    return errors + _controller_errors(references)


def _event_errors(path: str, reference: Body) -> list[FieldError]:
    if reference.get("apiVersion") != "v1" or reference.get("kind") != "Event":
        return []
    return [invalid_value(path, reference, "/v1, Kind=Event is disallowed from being an owner")]


def _controller_errors(references: list[Body]) -> list[FieldError]:
    controllers = [f"{r['kind']}/{r['name']}" for r in references if r.get("controller")]
    return [
        invalid_value(
            "metadata.ownerReferences",
            references,
            'Only one reference can have Controller set to true. Found "true" in references for '
            f"{controllers[0]} and {other}",
        )
        for other in controllers[1:]
    ]


def _finalizer_errors(finalizers: list[str], core: bool) -> list[FieldError]:
    path, errors = "metadata.finalizers", []
    for index, finalizer in enumerate(finalizers):
        problems = qualified_name_problems(finalizer)
        errors += [invalid_value(path, finalizer, problem) for problem in problems]
        known = "/" in finalizer or finalizer in STANDARD_FINALIZERS
        if core and not problems and not known:
            errors.append(invalid_value(f"{path}[{index}]", finalizer, NOT_STANDARD))
    if ORPHAN in finalizers and FOREGROUND in finalizers:
        why = f"finalizer {FOREGROUND} and {ORPHAN} cannot be both set"
        errors.append(invalid_value(path, finalizers, why))
    return errors


NAMES = ("name", "namespace")
DECLARED = ("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds")
"""What may not change; where rules are declared these are looked at after the others."""


VALIDATED_ONCE = 37
"""From this minor on rules are declared, and errors that say the same are told once.

Before it, the core checks the new object and the change, and most kinds do it all again.
"""


def metadata_update_errors(
    metadata: Body, old: Body, minor: int, *, core: bool = True
) -> list[FieldError]:
    """What an update may not do to metadata."""
    if minor >= VALIDATED_ONCE:
        declared = _fixed_errors(metadata, old, DECLARED)
        names = _change_errors(metadata, old, NAMES)
        finalizers = _finalizer_errors(metadata.get("finalizers") or [], core)
        return [*names, *_loose_errors(metadata, minor), *declared, *finalizers]
    now = common_errors(metadata, minor, core=core)
    change = _change_errors(metadata, old, (*NAMES, *DECLARED))
    change += _loose_errors(metadata, minor)
    return [*now, *change, *change, *now]


def _change_errors(metadata: Body, old: Body, fixed: Iterable[str]) -> list[FieldError]:
    errors = []
    if old.get("deletionTimestamp"):
        extra = sorted(set(metadata.get("finalizers") or ()) - set(old.get("finalizers") or ()))
        if extra:
            errors.append(forbidden_field("metadata.finalizers", _no_new_finalizers(extra)))
    return errors + _fixed_errors(metadata, old, fixed)


def _fixed_errors(metadata: Body, old: Body, fixed: Iterable[str]) -> list[FieldError]:
    return [
        invalid_value(f"metadata.{field}", metadata.get(field), IMMUTABLE)
        for field in fixed
        if metadata.get(field) != old.get(field)
    ]


def _no_new_finalizers(extra: Iterable[str]) -> str:
    shown = ", ".join(f'"{finalizer}"' for finalizer in extra)
    return (
        "no new finalizers can be added if the object is being deleted, "
        f"found new finalizers []string{{{shown}}}"
    )
