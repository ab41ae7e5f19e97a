"""Validation of the ports of a Service (validateServicePort and the checks for duplicates)."""

from __future__ import annotations

import re
from typing import Any

from fake_cloud.kube_api.names import label_problems, qualified_name_problems
from fake_cloud.kube_api.status_errors import (
    FieldError,
    duplicate,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
)

Body = dict[str, Any]
PROTOCOLS = ("SCTP", "TCP", "UDP")


def port_number_problems(port: int) -> list[str]:
    return [] if 1 <= port <= 65535 else ["must be between 1 and 65535, inclusive"]


def port_name_problems(name: str) -> list[str]:
    """IANA service names: IsValidPortName of apimachinery."""
    problems = []
    if len(name) > 15:
        problems.append("must be no more than 15 characters")
    if not re.fullmatch("[-a-z0-9]+", name):
        problems.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    if not re.search("[a-z]", name):
        problems.append("must contain at least one letter (a-z)")
    if "--" in name:
        problems.append("must not contain consecutive hyphens")
    if name and (name[0] == "-" or name[-1] == "-"):
        problems.append("must not begin or end with a hyphen")
    return problems


def port_errors(spec: Body) -> list[FieldError]:
    ports: list[Body] = spec.get("ports", [])
    errors: list[FieldError] = []
    names: set[str] = set()
    for index, port in enumerate(ports):
        errors += _one_port_errors(port, f"spec.ports[{index}]", names, named=len(ports) > 1)
    return errors


def numbers_errors(spec: Body) -> list[FieldError]:
    """Which numbers of ports do not go with the type or with each other."""
    ports: list[Body] = spec.get("ports", [])
    errors: list[FieldError] = []
    if spec.get("type") == "ClusterIP":
        errors += [
            forbidden_field(
                f"spec.ports[{index}].nodePort", "may not be used when `type` is 'ClusterIP'"
            )
            for index, port in enumerate(ports)
            if port.get("nodePort")
        ]
    return errors + _duplicate_errors(ports)


def _one_port_errors(port: Body, path: str, names: set[str], *, named: bool) -> list[FieldError]:
    errors = _name_errors(port.get("name", ""), f"{path}.name", names, needed=named)
    number, protocol = port["port"], port.get("protocol", "")
    errors += [invalid_value(f"{path}.port", number, p) for p in port_number_problems(number)]
    if protocol not in PROTOCOLS:
        errors.append(not_supported(f"{path}.protocol", protocol, PROTOCOLS))
    target = port["targetPort"]
    find = port_number_problems if isinstance(target, int) else port_name_problems
    errors += [invalid_value(f"{path}.targetPort", target, p) for p in find(target)]
    if "appProtocol" in port:
        name = port["appProtocol"]
        errors += [
            invalid_value(f"{path}.appProtocol", name, p) for p in qualified_name_problems(name)
        ]
    return errors


def _name_errors(name: str, path: str, names: set[str], *, needed: bool) -> list[FieldError]:
    if not name:
        return [required(path)] if needed else []
    errors = [invalid_value(path, name, problem) for problem in label_problems(name)]
    if name in names:
        errors.append(duplicate(path, name))
    names.add(name)
    return errors


def _duplicate_errors(ports: list[Body]) -> list[FieldError]:
    errors, node_ports, numbers = [], set(), set()
    for index, port in enumerate(ports):
        protocol, node_port = port.get("protocol"), port.get("nodePort")
        if node_port and (protocol, node_port) in node_ports:
            errors.append(duplicate(f"spec.ports[{index}].nodePort", node_port))
        node_ports.add((protocol, node_port))
    for index, port in enumerate(ports):
        key = (port.get("protocol"), port["port"])
        if key in numbers:
            errors.append(_duplicate_port(index, *key))
        numbers.add(key)
    return errors


def _duplicate_port(index: int, protocol: str | None, number: int) -> FieldError:
    shown = (
        f'{{"Name":"","Protocol":"{protocol}","AppProtocol":null,"Port":{number},'
        '"TargetPort":0,"NodePort":0}'
    )
    path = f"spec.ports[{index}]"
    return FieldError(path, "FieldValueDuplicate", f"Duplicate value: {shown}")
