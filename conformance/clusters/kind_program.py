"""The `kind` on PATH: one method a command, and each of its failures in one line."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from conformance.contracts.clusters import ClusterParts
from conformance.errors import ClusterUnreachable
from conformance.programs import supervise

SHORT = 60.0
"""Seconds for a command that only asks; docker answers in milliseconds when it works."""

LONG = 600.0
"""Seconds for a cluster to come up, a cold image included."""

ADVICE: Mapping[str, str] = {
    "Cannot connect to the Docker daemon": "start docker (or podman), or take another --cluster",
    "permission denied": "may this user talk to docker?",
    "No such image": "is the image of --kind-image there? `docker pull` it",
    "pull access denied": "is the image of --kind-image spelled right? `docker pull` it",
    "failed to pull image": "is the image of --kind-image there? `docker pull` it",
    "manifest unknown": "no such tag; see the release notes of this kind for its node images",
    "already exist": "that name is taken; leave --kind-name away, or give --adopt-cluster",
    "cgroup": "this kubelet wants another cgroup version than this machine has",
}
"""What to do next, by what kind or docker says."""


class ClusterUnfinished(ClusterUnreachable):
    """It was ended while it made a cluster, and cannot have removed what was there by then."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Every method raises `ClusterUnreachable` when the command fails or takes too long."""

    program: Path
    patience: float = LONG

    def version(self) -> str:
        """`v0.33.0` of `kind v0.33.0 go1.26 linux/amd64`."""
        words = self._run("version").split()
        return words[1] if len(words) > 1 else "unknown"

    def clusters(self) -> list[str]:
        """Their names; kind says `No kind clusters found.` on standard error."""
        return self._run("get", "clusters").split()

    def create(self, name: str, config: Path, image: str, parts: ClusterParts) -> Path:
        """The new cluster's kubeconfig. It ends with us, however we end: then nothing is made that
        nobody would delete. Raises `ClusterUnfinished` when it takes too long.
        """
        kubeconfig, log = parts.folder / "kind.kubeconfig", parts.folder / "kind.log"
        chosen = ("--image", image) if image else ()
        names = ("--name", name, "--kubeconfig", str(kubeconfig), "--config", str(config))
        words = ("create", "cluster", *names, *chosen)
        with supervise(self.program, words, os.environ, log, parts.ledger, "kind") as kind:
            if not kind.ended_within(self.patience):
                raise ClusterUnfinished(f"kind create cluster: not ready in {self.patience:g} s")
        if kind.exit_status:
            raise ClusterUnreachable(f"kind create cluster: {_complaint(_text(log))}")
        return kubeconfig

    def delete(self, name: str, kubeconfig: Path) -> None:
        """Also a cluster that is gone already, or was made by halves."""
        self._run("delete", "cluster", "--name", name, "--kubeconfig", str(kubeconfig))

    def kubeconfig(self, name: str) -> str:
        return self._run("get", "kubeconfig", "--name", name)

    def export_logs(self, name: str, folder: Path) -> None:
        self._run("export", "logs", "--name", name, str(folder))

    def _run(self, *arguments: str) -> str:
        command = f"kind {' '.join(arguments[:2])}"
        try:
            ended = subprocess.run(  # noqa: S603 - no shell, arguments stay arguments
                (str(self.program), *arguments),
                capture_output=True,
                text=True,
                errors="replace",
                timeout=SHORT,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ClusterUnreachable(f"{command}: {error}") from error
        if ended.returncode:
            raise ClusterUnreachable(f"{command}: {_complaint(ended.stderr or ended.stdout)}")
        return ended.stdout


def _text(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")


def _complaint(said: str) -> str:
    """The line that tells most, and what to do about it."""
    lines = [" ".join(line.split()) for line in said.splitlines() if line.strip()]
    for sign, advice in ADVICE.items():
        for line in lines:
            if sign.lower() in line.lower():
                return f"{line[:300]}; {advice}"
    errors = [line for line in lines if line.startswith("ERROR")]
    return (errors or lines or ["it failed and said nothing"])[-1][:300]
