"""`pods/resize`: other resources for a pod that runs.

Source: dropNonResizeUpdates in pkg/registry/core/pod/strategy.go, ValidatePodResize.
"""

from __future__ import annotations

from typing import Any

from fake_cloud.kube_api.status_errors import FieldError, forbidden_field, invalid_value
from fake_cloud.kube_api.strategies.pods.quality import COUNTED, quality_of_service

Body = dict[str, Any]

RESIZED = ("resources", "resizePolicy")


def keep_but_resources(spec: Body, old: Body) -> Body:
    """The old spec with the resources of the new one; whole where containers differ."""
    kept = dict(old)
    for part in ("containers", "initContainers"):
        new, had = spec.get(part) or [], old.get(part, [])
        if len(new) != len(had):
            return spec
        if had:
            kept[part] = [_resized(*pair) for pair in zip(new, had, strict=True)]
    if "resources" in spec:
        kept["resources"] = spec["resources"]
    return kept


def _resized(new: Body, old: Body) -> Body:
    if new["name"] != old["name"]:
        return new
    rest = {field: value for field, value in old.items() if field not in RESIZED}
    order = list(dict.fromkeys([*old, *RESIZED]))
    resized = rest | {field: new[field] for field in RESIZED if field in new}
    return {field: resized[field] for field in order if field in resized}


def resize_errors(spec: Body, old: Body) -> list[FieldError]:
    """What a resize may not do."""
    errors, quality = [], old["status"].get("qosClass", "")
    if quality_of_service(spec) != quality:
        why = "Pod QOS Class may not change as a result of resizing"
        errors.append(invalid_value("spec", quality, why))
    order = _order_errors(spec, old["spec"])
    if order:
        return errors + order
    pairs = list(zip(spec["containers"], old["spec"]["containers"], strict=True))
    for index, (new, had) in enumerate(pairs):
        path = f"spec.containers[{index}].resources"
        errors += _removal_errors(new.get("resources", {}), had.get("resources", {}), path)
    if any(_other_resources(new) != _other_resources(had) for new, had in pairs):
        errors.append(forbidden_field("spec", "only cpu and memory resources are mutable"))
    return errors


def _order_errors(spec: Body, old: Body) -> list[FieldError]:
    errors = []
    for part in ("containers", "initContainers"):
        new, had = ([c["name"] for c in s.get(part) or []] for s in (spec, old))
        if len(new) != len(had):
            why = f"{part} may not be added or removed on resize"
            errors.append(forbidden_field(f"spec.{part}", why))
            continue
        why = f"{part} may not be renamed or reordered on resize"
        errors += [
            forbidden_field(f"spec.{part}[{index}].name", why)
            for index, name in enumerate(had)
            if new[index] != name
        ]
    return errors


def _removal_errors(new: Body, old: Body, path: str) -> list[FieldError]:
    return [
        forbidden_field(f"{path}.{part}", f"resource {part} cannot be removed")
        for part in ("limits", "requests")
        if set(old.get(part, {})) - set(new.get(part, {}))
    ]


def _other_resources(container: Body) -> Body:
    resources = container.get("resources", {})
    return {
        part: {
            name: value for name, value in resources.get(part, {}).items() if name not in COUNTED
        }
        for part in ("limits", "requests")
    }
