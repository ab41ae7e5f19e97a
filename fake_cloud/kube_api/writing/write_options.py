"""Parameters of a write that say who writes: `fieldManager` and `force`.

Follows k8s.io/apimachinery/pkg/apis/meta/v1/validation and managerOrUserAgent in
k8s.io/apiserver/pkg/endpoints/handlers/create.go.
"""

from __future__ import annotations

from fake_cloud.kube_api.http import Request
from fake_cloud.kube_api.requests import switched_on
from fake_cloud.kube_api.status_errors import (
    About,
    FieldError,
    forbidden_field,
    invalid,
    invalid_value,
    required,
    too_long,
)

LONGEST_NAME = 128


def writer_name(request: Request, options_kind: str, *, applying: bool = False) -> str:
    """Who is to own what this request writes: `fieldManager`, else the client's program.

    Raises 422 for a name that cannot be one, and for `force` outside of apply patches.
    """
    given = request.query.get("fieldManager", "")
    errors: list[FieldError] = []
    if applying and not given:
        errors.append(required("fieldManager", "is required for apply patch"))
    if not applying and options_kind == "PatchOptions" and "force" in request.query:
        errors.append(forbidden_field("force", "may not be specified for non-apply patch"))
    errors += _name_errors(given)
    if errors:
        raise invalid(About("meta.k8s.io", "", options_kind), "", errors)
    return given or program(request.headers.get("user-agent", ""))


def forced(request: Request) -> bool:
    return switched_on(request.query, "force")


def _name_errors(name: str) -> list[FieldError]:
    if name.isprintable() and len(name) <= LONGEST_NAME:
        return []
    errors = [too_long("fieldManager", LONGEST_NAME)] if len(name.encode()) > LONGEST_NAME else []
    for character in name:
        if not character.isprintable():
            position = len(name[: name.index(character)].encode())
            why = f"invalid character U+{ord(character):04X} (at position {position})"
            errors.append(invalid_value("fieldManager", name, why))
    return errors


def program(user_agent: str) -> str:
    """`kubectl` of `kubectl/v1.37.0 (linux/amd64)`, as far as it is printable and short enough."""
    name = "".join(c for c in user_agent.split("/")[0] if c.isprintable())
    return name.encode()[:LONGEST_NAME].decode(errors="ignore")
