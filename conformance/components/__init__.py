"""Real components: programs that are published as Go modules, built with the user's own Go."""

from __future__ import annotations
