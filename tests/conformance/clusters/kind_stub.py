#!/usr/bin/env python3
"""Stands in for `kind`: clusters are files beside it, and their API server is somebody else's.

`api.kubeconfig` beside it is the kubeconfig that every cluster gets; `fails` has what it says
instead of creating one; with `hangs` it never ends that. What it was asked is in `asked.jsonl`.
"""

from __future__ import annotations

import json
import shutil
import signal
import sys
from itertools import pairwise
from pathlib import Path

HERE = Path(__file__).resolve().parent
CLUSTERS = HERE / "clusters"


def main(*words: str) -> int:
    with (HERE / "asked.jsonl").open("a") as asked:
        asked.write(json.dumps(words) + "\n")
    options = dict(pairwise(words))
    cluster = CLUSTERS / options.get("--name", "kind")
    CLUSTERS.mkdir(exist_ok=True)
    match words[:2]:
        case ("version",):
            sys.stdout.write("kind v0.33.0 go1.26.1 linux/amd64\n")
        case ("get", "clusters"):
            sys.stdout.writelines(f"{path.name}\n" for path in sorted(CLUSTERS.iterdir()))
        case ("create", "cluster"):
            return create(cluster, options)
        case ("delete", "cluster"):
            cluster.unlink(missing_ok=True)
        case ("get", "kubeconfig"):
            sys.stdout.write((HERE / "api.kubeconfig").read_text())
        case ("export", "logs"):
            logs = Path(words[-1]) / f"{cluster.name}-worker"
            logs.mkdir(parents=True)
            (logs / "kubelet.log").write_text("kubelet of the worker\n")
            (logs / "images.log").write_text("nothing of interest\n")
        case _:
            return complain(f"unknown command {words}")
    return 0


def create(cluster: Path, options: dict[str, str]) -> int:
    if (HERE / "hangs").exists():
        cluster.touch()
        signal.pause()
    if (HERE / "fails").exists():
        return complain((HERE / "fails").read_text())
    if cluster.exists():
        return complain(f'node(s) already exist for a cluster with the name "{cluster.name}"')
    shutil.copy(options["--config"], cluster)
    shutil.copy(HERE / "api.kubeconfig", options["--kubeconfig"])
    return 0


def complain(text: str) -> int:
    sys.stderr.write(f'Creating cluster "x" ...\nERROR: {text}\n')
    return 1


sys.exit(main(*sys.argv[1:]))
