"""Real components: programs that are published as Go modules, built with the user's own Go."""

from __future__ import annotations

from conformance.components.install import (
    Installed,
    Listed,
    install_components,
    list_components,
)

__all__ = ["Installed", "Listed", "install_components", "list_components"]
