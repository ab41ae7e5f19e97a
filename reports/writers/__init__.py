"""One file a format; every format is made from the run file alone."""

from __future__ import annotations
