"""What is wrong with containers.

Source: validateContainers and neighbours in pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from fake_cloud.kube_api.names import label_problems, qualified_name_problems
from fake_cloud.kube_api.status_errors import (
    FieldError,
    duplicate,
    forbidden_field,
    invalid_value,
    not_found_value,
    not_supported,
    required,
)
from fake_cloud.kube_api.strategies.services.ports import port_name_problems, port_number_problems
from fake_cloud.kube_api.types.quantity import number

Body = dict[str, Any]

PULL_POLICIES = ("Always", "IfNotPresent", "Never")
MESSAGE_POLICIES = ("File", "FallbackToLogsOnError")
PROTOCOLS = ("SCTP", "TCP", "UDP")
RESOURCES = ("cpu", "memory", "ephemeral-storage")
"""Native resources of containers; besides them huge pages, and names with a domain."""

HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc")


def containers_errors(
    containers: list[Body], volumes: Collection[str], path: str
) -> list[FieldError]:
    if not containers:
        return [required(path)]
    errors: list[FieldError] = []
    names: set[str] = set()
    for index, container in enumerate(containers):
        place = f"{path}[{index}]"
        errors += _one_of_several_errors(container, volumes, names, place)
        for probe in ("livenessProbe", "readinessProbe", "startupProbe"):
            if probe in container:
                errors += _probe_errors(container[probe], f"{place}.{probe}", probe)
    return errors + _host_port_errors(containers, path)


def init_containers_errors(
    containers: list[Body], regular: list[str], volumes: Collection[str], path: str
) -> list[FieldError]:
    errors, names = [], set(regular)
    for index, container in enumerate(containers):
        place = f"{path}[{index}]"
        errors += _one_of_several_errors(container, volumes, names, place)
        if container.get("restartPolicy") == "Always":
            continue
        for field in ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe"):
            if field in container:
                why = "may not be set for init containers without restartPolicy=Always"
                errors.append(forbidden_field(f"{place}.{field}", why))
    return errors


def ephemeral_containers_errors(
    spec: Body, volumes: Collection[str], path: str
) -> list[FieldError]:
    others = [*(spec.get("containers") or ()), *spec.get("initContainers", [])]
    names, errors = {container.get("name", "") for container in others}, []
    taken = set(names)
    for index, container in enumerate(spec.get("ephemeralContainers", [])):
        place = f"{path}[{index}]"
        errors += _one_of_several_errors(container, volumes, taken, place)
        target = container.get("targetContainerName", "")
        if target and target not in names:
            errors.append(not_found_value(f"{place}.targetContainerName", target))
    return errors


def _one_of_several_errors(
    container: Body, volumes: Collection[str], taken: set[str], path: str
) -> list[FieldError]:
    """Takes the container's name, which nobody may have had before."""
    errors, name = _container_errors(container, volumes, path), container.get("name", "")
    if name in taken:
        errors.append(duplicate(f"{path}.name", name))
    taken.add(name)
    return errors


def _container_errors(container: Body, volumes: Collection[str], path: str) -> list[FieldError]:
    name, errors = container.get("name", ""), []
    if not name:
        errors.append(required(f"{path}.name"))
    else:
        errors += [invalid_value(f"{path}.name", name, p) for p in label_problems(name)]
    if not container.get("image"):
        errors.append(required(f"{path}.image"))
    errors += _choice_errors(container, "terminationMessagePolicy", MESSAGE_POLICIES, path)
    errors += _ports_errors(container.get("ports", []), f"{path}.ports")
    errors += _variable_errors(container.get("env", []), f"{path}.env")
    errors += _mount_errors(container.get("volumeMounts", []), volumes, f"{path}.volumeMounts")
    errors += _choice_errors(container, "imagePullPolicy", PULL_POLICIES, path)
    return errors + resource_errors(container.get("resources", {}), f"{path}.resources")


def _choice_errors(body: Body, field: str, choices: tuple[str, ...], path: str) -> list[FieldError]:
    if body.get(field) in choices:
        return []
    return [not_supported(f"{path}.{field}", body.get(field, ""), choices)]


def _ports_errors(ports: list[Body], path: str) -> list[FieldError]:
    errors: list[FieldError] = []
    seen: set[str] = set()
    for index, port in enumerate(ports):
        place, name = f"{path}[{index}]", port.get("name", "")
        problems = port_name_problems(name) if name else []
        errors += [invalid_value(f"{place}.name", name, problem) for problem in problems]
        if name in seen:
            errors.append(duplicate(f"{place}.name", name))
        if name and not problems:
            seen.add(name)
        errors += _port_errors(port, place)
    return errors


def _port_errors(port: Body, path: str) -> list[FieldError]:
    errors, inside, outside = [], port.get("containerPort", 0), port.get("hostPort", 0)
    if not inside:
        errors.append(required(f"{path}.containerPort"))
    else:
        field = f"{path}.containerPort"
        errors += [invalid_value(field, inside, p) for p in port_number_problems(inside)]
    if outside:
        field = f"{path}.hostPort"
        errors += [invalid_value(field, outside, p) for p in port_number_problems(outside)]
    return errors + _choice_errors(port, "protocol", PROTOCOLS, path)


def _host_port_errors(containers: list[Body], path: str) -> list[FieldError]:
    """Two containers cannot have the same port of the host."""
    errors, seen = [], set()
    for index, container in enumerate(containers):
        for at, port in enumerate(container.get("ports", [])):
            if not port.get("hostPort"):
                continue
            taken = (port.get("hostIP", ""), port["hostPort"], port.get("protocol", ""))
            if taken in seen:
                shown = (
                    f"{taken[0]}/{taken[1]}/{taken[2]}"
                    if taken[0]
                    else f"{taken[2]}/{taken[0]}/{taken[1]}"
                )
                errors.append(duplicate(f"{path}[{index}].ports[{at}].hostPort", shown))
            seen.add(taken)
    return errors


def _variable_errors(variables: list[Body], path: str) -> list[FieldError]:
    errors = []
    for index, variable in enumerate(variables):
        place = f"{path}[{index}]"
        if not variable.get("name"):
            errors.append(required(f"{place}.name"))
        elif "=" in variable["name"]:
            why = (
                "a valid environment variable name must consist only of printable ASCII characters "
                "other than '='"
            )
            errors.append(invalid_value(f"{place}.name", variable["name"], why))
        source = variable.get("valueFrom")
        if source is not None and not source:
            why = (
                "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, "
                "`secretKeyRef` or `fileKeyRef`"
            )
            errors.append(invalid_value(f"{place}.valueFrom", "", why))
        elif source and variable.get("value"):
            why = "may not be specified when `value` is not empty"
            errors.append(invalid_value(f"{place}.valueFrom", "", why))
    return errors


def _mount_errors(mounts: list[Body], volumes: Collection[str], path: str) -> list[FieldError]:
    errors, places = [], set()
    for index, mount in enumerate(mounts):
        place = f"{path}[{index}]"
        name, where = mount.get("name", ""), mount.get("mountPath", "")
        if not name:
            errors.append(required(f"{place}.name"))
        if name not in volumes:
            errors.append(not_found_value(f"{place}.name", name))
        if not where:
            errors.append(required(f"{place}.mountPath"))
        if where in places:
            errors.append(invalid_value(f"{place}.mountPath", where, "must be unique"))
        places.add(where)
    return errors


def resource_errors(resources: Body, path: str) -> list[FieldError]:
    """Quantities that are not negative, requests within limits."""
    limits: Mapping[str, str] = resources.get("limits", {})
    requests: Mapping[str, str] = resources.get("requests", {})
    errors = []
    for name, quantity in limits.items():
        errors += _quantity_errors(name, quantity, f"{path}.limits[{name}]")
    for name, quantity in requests.items():
        errors += _quantity_errors(name, quantity, f"{path}.requests[{name}]")
        errors += _limit_errors(name, quantity, limits.get(name), path)
    return errors


def _limit_errors(name: str, quantity: str, limit: str | None, path: str) -> list[FieldError]:
    """What is not native is not overcommitted: request and limit are the same."""
    foreign = "/" in name and "kubernetes.io/" not in name
    exact = foreign or name.startswith("hugepages-")
    if limit is None:
        why = "Limit must be set for non overcommitable resources"
        return [required(f"{path}.limits", why)] if exact else []
    wanted, allowed = number(quantity), number(limit)
    if exact and wanted != allowed:
        why = f"must be equal to {name} limit of {limit}"
    elif wanted > allowed:
        why = f"must be less than or equal to {name} limit of {limit}"
    else:
        return []
    return [invalid_value(f"{path}.requests", quantity, why)]


def _quantity_errors(name: str, quantity: str, path: str) -> list[FieldError]:
    errors = [invalid_value(path, name, problem) for problem in qualified_name_problems(name)]
    if (
        not errors
        and "/" not in name
        and name not in RESOURCES
        and not name.startswith("hugepages-")
    ):
        why = "must be a standard resource type or fully qualified"
        errors.append(invalid_value(path, name, why))
        errors.append(invalid_value(path, name, "must be a standard resource for containers"))
    if number(quantity) < 0:
        errors.append(invalid_value(path, quantity, "must be greater than or equal to 0"))
    return errors


def _probe_errors(probe: Body, path: str, kind: str) -> list[FieldError]:
    errors = []
    handlers = [handler for handler in HANDLERS if handler in probe]
    if not handlers:
        errors.append(required(path, "must specify a handler type"))
    for handler in handlers[1:]:
        why = "may not specify more than 1 handler type"
        errors.append(forbidden_field(f"{path}.{handler}", why))
    counts = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds")
    for field in (*counts, "successThreshold", "failureThreshold"):
        value = probe.get(field, 0)
        if value < 0:
            why = "must be greater than or equal to 0"
            errors.append(invalid_value(f"{path}.{field}", value, why))
    if kind != "readinessProbe" and probe.get("successThreshold", 1) != 1:
        errors.append(
            invalid_value(f"{path}.successThreshold", probe["successThreshold"], "must be 1")
        )
    return errors
