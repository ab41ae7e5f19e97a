"""One object, several answers: as it is stored, as rows of a table, as its metadata alone."""

from __future__ import annotations
