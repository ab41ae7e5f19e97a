"""What a CustomResourceDefinition says about one of its versions, beside names and schema types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

JsonSchema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CustomVersion:
    """`schema` is the `openAPIV3Schema` of this version.

    Objects are stored under `storage_version` of the group, whose schema is `storage_schema`,
    whichever version is asked for. `columns` are `additionalPrinterColumns`, `scale` the paths of
    `subresources.scale`, `selectable` the JSON paths of `selectableFields` (`.spec.color`), all as
    the definition says; `indexed` those of all versions. `terminating`: it is being deleted.
    """

    definition: str
    storage_version: str
    storage_schema: JsonSchema
    schema: JsonSchema
    columns: Sequence[Mapping[str, Any]] = ()
    scale: Mapping[str, str] | None = None
    selectable: tuple[str, ...] = ()
    indexed: tuple[str, ...] = ()
    terminating: bool = False
    deprecation: str = ""
    """What the `Warning` header says to each request of a deprecated version."""
