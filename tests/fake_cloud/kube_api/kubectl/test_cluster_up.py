"""A cluster that was started by hand."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fake_cloud.kube_api.kubectl.program import Kubectl

START = "from conformance.cli import main; main()"


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Kubectl]:
    """Ends with Ctrl-C, as its user ends it."""
    process = subprocess.Popen(  # noqa: S603 - our own command line
        (sys.executable, "-u", "-c", START, "cluster", "up"),
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        ready, export = process.stdout.readline(), process.stdout.readline()
        assert "is ready" in ready
        yield Kubectl(Path(export.strip().partition("=")[2]), tmp_path, "default")
    finally:
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    assert (process.returncode, said) == (0, "ended\n")


def test_kubectl_works_on_it(started: Kubectl) -> None:
    started("create", "configmap", "one")
    assert "configmap/one" in started("get", "cm", "-o", "name")
