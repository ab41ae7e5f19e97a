"""Where a program may lie: what the operator said first, then folders, cache and PATH."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from conformance.components.cache import cache_folder, cached_programs
from conformance.components.manifest import components
from conformance.contracts.clusters import ClusterOptions
from conformance.contracts.providers import ProviderOptions
from conformance.errors import ProgramMissing

BIN_VARIABLE = "CLOUD_CONFORMANCE_BIN"
"""Folders (separated as in PATH) that are searched after `--bin-dir`."""

ENVTEST_VARIABLE = "KUBEBUILDER_ASSETS"
"""Where controller-runtime's envtest keeps `etcd` and `kube-apiserver`."""

ENVTEST_PROGRAMS = frozenset({"etcd", "kube-apiserver"})

Options = ProviderOptions | ClusterOptions


def find_program(name: str, options: Options, env: Mapping[str, str] = os.environ) -> Path:
    """The first executable file of this name.

    Order: `--program NAME=PATH`, `--bin-dir`, `CLOUD_CONFORMANCE_BIN`, `KUBEBUILDER_ASSETS` (etcd
    and kube-apiserver), the components cache, `PATH`. Raises `ProgramMissing` with the ways to get
    it.
    """
    for path in program_candidates(name, options, env):
        return path
    raise ProgramMissing(f"program {name} was not found; {ways_to_get(name)}")


def program_candidates(
    name: str, options: Options, env: Mapping[str, str] = os.environ
) -> Iterator[Path]:
    """Every executable file of this name in the order of `find_program`.

    A path given by the operator is the only candidate; raises `ProgramMissing` if it is not one.
    """
    given = options.programs.get(name) if isinstance(options, ProviderOptions) else None
    if given is not None:
        if not _is_program(Path(given)):
            raise ProgramMissing(f"program {name}: {given} is not an executable file")
        yield Path(given).absolute()
        return
    for folder in _folders(name, options, env):
        if _is_program(folder / name):
            yield (folder / name).absolute()
    if name in components():
        yield from cached_programs(cache_folder(env), components()[name])
    if found := shutil.which(name, path=env.get("PATH", "")):
        yield Path(found).absolute()


def ways_to_get(name: str, version: str = "") -> str:
    """What to do about a missing program, in one line."""
    ways = [f"give --bin-dir DIR or set {BIN_VARIABLE}", "put it on PATH"]
    if name in ENVTEST_PROGRAMS:
        ways.append(f"set {ENVTEST_VARIABLE}")
    if name in components():
        wanted = f"{name}@{version}" if version else name
        ways.append(f"run `cloud-conformance components install {wanted}` (needs Go)")
    return ", or ".join(ways)


def _folders(name: str, options: Options, env: Mapping[str, str]) -> Iterator[Path]:
    yield from map(Path, options.bin_dirs)
    yield from map(Path, filter(None, env.get(BIN_VARIABLE, "").split(os.pathsep)))
    if name in ENVTEST_PROGRAMS and env.get(ENVTEST_VARIABLE):
        yield Path(env[ENVTEST_VARIABLE])


def _is_program(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)
