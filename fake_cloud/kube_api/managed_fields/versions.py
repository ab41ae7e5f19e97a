"""Objects in the versions that owners named their fields in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fake_cloud.kube_api.managed_fields.shapes import Shape

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Version:
    """One served version of a kind, and how objects come from the stored form and go back.

    `zero` is what an object of this version has before anybody sets a field.
    """

    api_version: str
    kind: str
    shape: Shape
    zero: Callable[[], Body]
    from_storage: Callable[[Body], Body]
    to_storage: Callable[[Body], Body]


FindVersion = Callable[[str], Version | None]
"""By apiVersion; None for one that is not served, whose owners are forgotten."""


def in_version(body: Body, now: Version, wanted: Version) -> Body:
    """An object of the version `now` in another one."""
    if wanted.api_version == now.api_version:
        return body
    return wanted.from_storage(now.to_storage(body))
