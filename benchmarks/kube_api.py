"""The embedded API against kube-apiserver (with its etcd), over TLS, with one and the same client.

For throughput each server runs on one core and the client on another; both are up at the same time
and take turns, so that whatever else the machine does falls on both.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import psutil

from benchmarks.kube_client import KubeConnection
from conformance.clusters.binaries import BinariesBackend
from conformance.clusters.embedded import EmbeddedBackend
from conformance.contracts.clusters import ClusterBackend, ClusterOptions
from conformance.ledger import RunLedger
from conformance.standing import Standing

SERVERS = ("embedded", "kube-apiserver")
NODES = "/api/v1/nodes"
COUNT = 1000
"""Nodes in a list."""

ROUNDS = 5
GETS, PATCHES, LISTS, EVENTS, WATCHERS = 500, 300, 5, 200, 10
STARTS = 5


def node(number: int) -> dict[str, Any]:
    """A node as a kubelet of a cloud writes it: about 3 KB."""
    labels = {f"example.org/label-{index}": f"value-{number}-{index}" for index in range(12)}
    kinds = ("MemoryPressure", "DiskPressure", "PIDPressure", "Ready")
    conditions = [
        {
            "type": kind,
            "status": "True" if kind == "Ready" else "False",
            "reason": f"KubeletHas{kind}",
            "message": "kubelet is posting its status and everything is as it should be",
            "lastHeartbeatTime": "2026-01-01T00:00:00Z",
            "lastTransitionTime": "2026-01-01T00:00:00Z",
        }
        for kind in kinds
    ]
    images = [
        {"names": [f"registry.example.org/image-{i}@sha256:{i:064x}"], "sizeBytes": 1000000 + i}
        for i in range(10)
    ]
    capacity = {"cpu": "4", "memory": "16Gi", "pods": "110"}
    status = {"conditions": conditions, "images": images, "capacity": capacity}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": f"node-{number:04}", "labels": labels},
        "spec": {"providerID": f"example://zone/{number}"},
        "status": status,
    }


@dataclass(slots=True)
class Server:
    """A server that is up, and what was measured on it."""

    name: str
    kubeconfig: Path
    client: KubeConnection
    rates: dict[str, list[float]] = field(default_factory=dict)

    def measure(self, what: str, count: int, work: Callable[[], object]) -> None:
        """Note how many of `count` things a second `work` did."""
        began = perf_counter()
        work()
        self.rates.setdefault(what, []).append(count / (perf_counter() - began))


def create(server: Server, numbers: Sequence[int]) -> None:
    for number in numbers:
        server.client.call("POST", NODES, node(number))


def get(server: Server) -> None:
    for number in range(GETS):
        server.client.call("GET", f"{NODES}/node-{number:04}")


def patch(server: Server, count: int = PATCHES) -> None:
    for number in range(count):
        stamp = {"metadata": {"annotations": {"example.org/stamp": str(perf_counter())}}}
        path = f"{NODES}/node-{number:04}"
        server.client.call("PATCH", path, stamp, "strategic-merge-patch+json")


def list_all(server: Server) -> None:
    for _ in range(LISTS):
        server.client.call("GET", NODES)


def fan_out(server: Server, threads: list[threading.Thread]) -> None:
    patch(server, EVENTS)
    for thread in threads:
        thread.join()


@contextmanager
def watching(server: Server) -> Iterator[list[threading.Thread]]:
    """Watchers that end when each has seen every event; all of them are ready on entry."""
    seen = json.loads(server.client.call("GET", f"{NODES}?limit=1"))["metadata"]["resourceVersion"]
    ready = threading.Barrier(WATCHERS + 1)

    def watch() -> None:
        with closing(KubeConnection(server.kubeconfig)) as connection:
            stream = connection.stream(f"{NODES}?watch=1&resourceVersion={seen}")
            ready.wait()
            left = EVENTS
            while left > 0:
                left -= stream.read1(65536).count(b"\n")

    threads = [threading.Thread(target=watch, daemon=True) for _ in range(WATCHERS)]
    for thread in threads:
        thread.start()
    ready.wait()
    yield threads


def throughput(servers: Sequence[Server]) -> None:
    """All measurements, the servers in turn."""
    step = COUNT // ROUNDS
    for begin in range(0, COUNT, step):
        for server in servers:
            server.measure("CREATE", step, partial(create, server, range(begin, begin + step)))
    for _ in range(ROUNDS):
        for server in servers:
            server.measure("GET", GETS, partial(get, server))
            server.measure("PATCH", PATCHES, partial(patch, server))
            server.measure(f"LIST of {COUNT}", LISTS, partial(list_all, server))
            with watching(server) as threads:
                events = EVENTS * WATCHERS
                server.measure(
                    f"events to {WATCHERS} watchers", events, partial(fan_out, server, threads)
                )


def seconds_to_ready(backend: ClusterBackend, options: ClusterOptions) -> list[float]:
    """From the call to the first answer over TLS, for some starts in this process."""
    times = []
    for _ in range(STARTS):
        with tempfile.TemporaryDirectory() as folder:
            began = perf_counter()
            with backend.start(options, standing(Path(folder))) as cluster:
                with closing(KubeConnection(cluster.kubeconfig)) as client:
                    client.call("GET", f"{NODES}?limit=1")
                    times.append(perf_counter() - began)
    return times


def standing(folder: Path) -> Standing:
    return Standing(folder, "benchmark", RunLedger(folder / "ledger.jsonl"))


@contextmanager
def embedded_process(folder: Path) -> Iterator[Path]:
    """The embedded API in a process of its own, so that it shares no lock with the client."""
    command = (sys.executable, "-m", "benchmarks.embedded_server", str(folder))
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as process:  # noqa: S603 - ours
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        yield folder / "kubeconfig"
        process.stdin.close()


@contextmanager
def both(options: ClusterOptions) -> Iterator[list[Server]]:
    """Both servers on the first core of ours, and this process on the last."""
    cores = sorted(os.sched_getaffinity(0))
    with ExitStack() as stack:
        folders = [Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in SERVERS]
        os.sched_setaffinity(0, cores[:1])  # children inherit it
        embedded = stack.enter_context(embedded_process(folders[0]))
        real = stack.enter_context(BinariesBackend().start(options, standing(folders[1])))
        os.sched_setaffinity(0, cores[-1:])
        stack.callback(os.sched_setaffinity, 0, cores)
        files = (embedded, real.kubeconfig)
        clients = [stack.enter_context(closing(KubeConnection(file))) for file in files]
        yield [Server(*one) for one in zip(SERVERS, files, clients, strict=True)]


PROGRAMS = (("benchmarks.embedded_server",), ("kube-apiserver", "etcd"))
"""What each server is made of, by a word of its command line."""


def megabytes(words: Sequence[str]) -> float:
    """Resident memory of our descendants with one of these words in their command."""
    found = {
        process.pid: process.memory_info().rss
        for process in psutil.Process().children(recursive=True)
        if any(Path(part).name in words for part in process.cmdline()[:3])
    }
    return sum(found.values()) / 1e6


def show(what: str, unit: str, embedded: float, real: float, ratio: float) -> None:
    print(f"{what:24} {embedded:12.3f} {real:15.3f} {unit:8} {ratio:8.2f}x")  # noqa: T201


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin-dir", action="append", default=[], help="etcd and kube-apiserver")
    options = ClusterOptions(bin_dirs=tuple(parser.parse_args().bin_dir))
    print(f"{'':24} {SERVERS[0]:>12} {SERVERS[1]:>15} {'':8} embedded is better by")  # noqa: T201
    first, *embedded = seconds_to_ready(EmbeddedBackend(), options)
    real = statistics.median(seconds_to_ready(BinariesBackend(), options))
    again = statistics.median(embedded)
    show("ready, first in process", "s", first, real, real / first)
    show("ready", "s", again, real, real / again)
    with both(options) as servers:
        throughput(servers)
        memory = [megabytes(words) for words in PROGRAMS]
    for what in servers[0].rates:
        ours, theirs = (statistics.median(server.rates[what]) for server in servers)
        show(what, "a second", ours, theirs, ours / theirs)
    show(f"memory, {COUNT} nodes", "MB", memory[0], memory[1], memory[1] / memory[0])


if __name__ == "__main__":
    main()
