"""Guards our import names: short words that another distribution or a folder may have, too."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from conformance.errors import UsageError

PACKAGES = ("conformance", "providers", "fake_cloud", "reports")


def guard_import_names() -> None:
    """Raise `UsageError` when one of our import names comes from another distribution.

    To be called before anything is imported by these names; runs no code of theirs.
    """
    homes = {name: _home(name) for name in PACKAGES}
    ours = homes["conformance"]
    for name, home in homes.items():
        if home != ours:
            raise UsageError(
                f"the package `{name}` comes from {home}, the others from {ours}: another "
                "distribution or a folder of that name shadows it; remove it or move away"
            )


def _home(name: str) -> Path | None:
    spec = find_spec(name)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    return Path(folders[0]).parent if folders else None
