"""What shows the objects of one resource as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

Columns = Sequence[Mapping[str, Any]]
"""TableColumnDefinitions."""


class Printer(Protocol):
    """The columns of one resource, and an object's cells in their order."""

    @property
    def columns(self) -> Columns: ...

    def cells(self, body: dict[str, Any], /) -> list[Any]: ...

    def conditions(self, body: dict[str, Any], /) -> list[dict[str, Any]]:
        """What the row says about itself; usually nothing."""
        ...
