"""Programs that are told apart by the version of `k8s.io/cloud-provider` that they link."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from conformance.components.manifest import components, minor_of
from conformance.errors import ProgramMissing
from conformance.programs.build_info import CLOUD_PROVIDER, read_build_info
from conformance.programs.search import Options, find_program, program_candidates, ways_to_get


def find_program_linking(
    name: str, library: str, options: Options, env: Mapping[str, str] = os.environ
) -> Path:
    """The first program of this name that links the minor of `library` (`0.36`, `v0.36.1`).

    Empty: whatever it links. Raises `ProgramMissing` with what was seen instead.
    """
    if not library:
        return find_program(name, options, env)
    wanted = minor_of(library)
    seen = []
    for path in program_candidates(name, options, env):
        linked = linked_library(path)
        if minor_of(linked) == wanted:
            return path
        seen.append(f"{path} links {linked or 'none'}")
    found = f" ({'; '.join(seen)})" if seen else ""
    raise ProgramMissing(f"no {name} with {CLOUD_PROVIDER} {wanted}{found}; {_way(name, wanted)}")


def _way(name: str, wanted: str) -> str:
    """How to get the program with this library; what is pinned where it is no version of those."""
    pinned = components()[name].versions if name in components() else ()
    version = next((one for one in pinned if minor_of(one) == wanted), "")
    if pinned and not version:
        return f"pinned are {', '.join(pinned)}; give another program's folder with --bin-dir DIR"
    return ways_to_get(name, version)


def linked_library(path: Path) -> str:
    """The version of `k8s.io/cloud-provider` in a program's build info; empty without one."""
    info = read_build_info(path)
    return info.modules.get(CLOUD_PROVIDER, "") if info is not None else ""
