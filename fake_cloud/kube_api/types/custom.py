"""What a CustomResourceDefinition says about one of its versions, beside names and schema types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

JsonSchema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CustomVersion:
    """`schema` is the `openAPIV3Schema`, empty where everything goes.

    `storage_version`: under which version of the group the objects are stored, whatever is asked.
    `columns` are `additionalPrinterColumns`, `scale` the paths of `subresources.scale`,
    `selectable` the JSON paths of `selectableFields` (`.spec.color`), all as the definition says.
    """

    definition: str
    storage_version: str
    schema: JsonSchema
    columns: Sequence[Mapping[str, Any]] = ()
    scale: Mapping[str, str] | None = None
    selectable: tuple[str, ...] = ()
    deprecation: str = ""
    """What the `Warning` header says to each request of a deprecated version."""
