"""The Go modules that Kubernetes publishes its messages in."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Module = Callable[[str, str], Path]
DOWNLOAD_TIME = 300.0


@pytest.fixture(scope="session")
def go_module(tmp_path_factory: pytest.TempPathFactory) -> Module:
    """The folder of a module such as `k8s.io/api` for a release of Kubernetes."""
    go = shutil.which("go")
    if go is None:
        pytest.skip("Go is not on PATH, so published modules cannot be read")
    folder = tmp_path_factory.mktemp("go")

    def module(name: str, release: str) -> Path:
        wanted = f"{name}@v0.{release.partition('.')[2]}"
        said = subprocess.run(  # noqa: S603 - Go, asked for a module by name
            (go, "mod", "download", "-json", wanted),
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=DOWNLOAD_TIME,
            check=True,
        )
        return Path(json.loads(said.stdout)["Dir"])

    return module
