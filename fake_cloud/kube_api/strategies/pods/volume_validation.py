"""What is wrong with the volumes of a pod.

Source: ValidateVolumes and validateVolumeSource in pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

from typing import Any

from fake_cloud.kube_api.names import label_problems
from fake_cloud.kube_api.status_errors import (
    FieldError,
    duplicate,
    forbidden_field,
    invalid_value,
    required,
)
from fake_cloud.kube_api.strategies.volumes.sources import source_errors

Body = dict[str, Any]


def pod_volume_errors(volumes: list[Body], path: str) -> tuple[set[str], list[FieldError]]:
    """The names that can be mounted, and the complaints."""
    names: set[str] = set()
    errors: list[FieldError] = []
    for index, volume in enumerate(volumes):
        found = _volume_errors(volume, f"{path}[{index}]")
        name = volume.get("name", "")
        if name in names:
            found.append(duplicate(f"{path}[{index}].name", name))
        if not found:
            names.add(name)
        errors += found
    return names, errors


def _volume_errors(volume: Body, path: str) -> list[FieldError]:
    name, errors = volume.get("name", ""), []
    sources = sorted((f for f in volume if f != "name"), key=lambda field: field != "emptyDir")
    for source in sources[:1]:
        errors += source_errors(source, volume[source], f"{path}.{source}")
    for source in sources[1:]:
        why = "may not specify more than 1 volume type"
        errors.append(forbidden_field(f"{path}.{source}", why))
    if not sources:
        errors.append(required(path, "must specify a volume type"))
    if not name:
        errors.append(required(f"{path}.name"))
    else:
        errors += [invalid_value(f"{path}.name", name, p) for p in label_problems(name)]
    return errors
