"""Builds one component with the user's own Go, in a module made for it.

`go install package@version` refuses modules with replace lines, so the component's module is
required from a module of ours that repeats them. Lines that point into the source tree (staging
modules of Kubernetes, siblings in etcd's repository) become the versions under which those modules
are published. A program of our own has its go.mod already.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec

from conformance.components.manifest import Component
from conformance.components.sources import lay_sources
from conformance.errors import ComponentBuildFailed

Report = Callable[[str], object]

PLACEHOLDER = "v0.0.0"
"""The version that Kubernetes requires its staging modules in; they are published as v0.X.Y."""

VERSION_VARIABLE = "k8s.io/component-base/version.gitVersion"
"""What programs of the Kubernetes family print as their version; unstamped it is v0.0.0-master."""

QUOTED_LINES = 12


class Module(msgspec.Struct, rename="pascal"):
    """A module in `go mod edit -json`; a path in the file system has no version."""

    path: str
    version: str = ""


class Replace(msgspec.Struct, rename="pascal"):
    old: Module
    new: Module


class GoMod(msgspec.Struct, rename="pascal"):
    """What `go mod edit -json` says about a go.mod."""

    go: str = ""
    require: list[Module] | None = None
    replace: list[Replace] | None = None


class Download(msgspec.Struct, rename="pascal"):
    """What `go mod download -json` says about a module."""

    go_mod: str = ""
    error: str = ""


class Go:
    """The user's tool-chain; raises `ComponentBuildFailed` when it is missing or refuses."""

    def __init__(self, name: str, env: Mapping[str, str]) -> None:
        found = shutil.which("go", path=env.get("PATH", ""))
        if found is None:
            raise ComponentBuildFailed(
                f"{name}: Go was not found on PATH; install Go, or give the built program's folder "
                "with --bin-dir"
            )
        self._name = name
        self._program = found
        self._env = {**env, "GOWORK": "off"}

    def run(self, folder: Path, *arguments: str) -> str:
        """Standard output of `go ARGUMENTS` in `folder`."""
        ended = subprocess.run(  # noqa: S603 - no shell, arguments stay arguments
            (self._program, *arguments),
            cwd=folder,
            env=self._env,
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode:
            said = (ended.stderr or ended.stdout).strip().splitlines()[-QUOTED_LINES:]
            raise ComponentBuildFailed(
                f"{self._name}: `go {' '.join(arguments[:2])}` ended with {ended.returncode}:\n"
                + "\n".join(said)
            )
        return ended.stdout


def build(
    component: Component,
    version: str,
    target: Path,
    report: Report,
    env: Mapping[str, str] = os.environ,
) -> str:
    """Build the program to `target` and return the version of Go that was used."""
    go = Go(component.name, env)
    with tempfile.TemporaryDirectory(prefix="cpc-build-") as place:
        folder = Path(place)
        if component.source:
            lay_sources(component, version, folder)
            kept = "-mod=readonly"
        else:
            _lay_module(go, folder, component, version, report)
            kept = "-mod=mod"
        what = component.source or component.package
        report(f"{component.name}: building {what} (minutes for the first time)")
        stamp = f"-s -w -X {VERSION_VARIABLE}={version}"
        flags = (kept, "-trimpath", "-ldflags", stamp, "-o", str(target))
        go.run(folder, "build", *flags, component.package)
        return go.run(folder, "env", "GOVERSION").strip()


def _lay_module(go: Go, folder: Path, component: Component, version: str, report: Report) -> None:
    wanted = f"{component.module}@{version}"
    report(f"{component.name}: reading module {wanted}")
    upstream = _read_module(go, folder, wanted)
    (folder / "go.mod").write_text("\n".join(_go_mod(component, version, upstream)) + "\n")


def _read_module(go: Go, folder: Path, wanted: str) -> GoMod:
    said = go.run(folder, "mod", "download", "-json", wanted)
    path = msgspec.json.decode(said, type=Download).go_mod
    return msgspec.json.decode(go.run(folder, "mod", "edit", "-json", path), type=GoMod)


def _go_mod(component: Component, version: str, upstream: GoMod) -> Iterator[str]:
    """Lines of our go.mod."""
    yield "module conformance.invalid/build"
    yield f"go {upstream.go}"
    yield f"require {component.module} {version}"
    required = {module.path: module.version for module in upstream.require or []}
    for replace in upstream.replace or []:
        old = f"{replace.old.path} {replace.old.version}".strip()
        if replace.new.version:
            yield f"replace {old} => {replace.new.path} {replace.new.version}"
        elif required.get(replace.old.path, PLACEHOLDER) == PLACEHOLDER:
            yield f"replace {old} => {replace.old.path} {_staging_version(version)}"


def _staging_version(version: str) -> str:
    """`v0.37.2` of `v1.37.2` (Kubernetes publishes its staging modules so)."""
    return "v0." + version.split(".", 1)[1]
