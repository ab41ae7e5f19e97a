"""The embedded Kubernetes API in a process of its own, until standard input ends.

Run as `python -m benchmarks.embedded_server FOLDER`; prints `ready` when it serves, with its
kubeconfig as `FOLDER/kubeconfig`.
"""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

from conformance.clusters.embedded import serve_embedded
from fake_cloud.kube_api.server import KubeApi


def main(folder: Path) -> None:
    with closing(KubeApi()) as api, serve_embedded(api, folder):
        print("ready", flush=True)  # noqa: T201
        sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
