"""`clean` removes what the ledger says, nothing else, and never what it runs under."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from conformance import cleaning
from conformance.cleaning import clean, clean_run, delete_node
from conformance.clusters.embedded import serve_embedded
from conformance.contracts.kubernetes import NODES, RUN_LABEL, KubeClient, NotFound
from conformance.contracts.providers import ProviderOptions
from conformance.ledger import Fact, RunLedger, ledger_files, ledger_path, process_facts
from fake_cloud.kube_api.server import KubeApi

RUN = "feed1234"
WAITING = (sys.executable, "-I", "-S", "-c", "import signal; signal.pause()")

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def ledger(tmp_path: Path) -> RunLedger:
    return RunLedger(ledger_path(tmp_path, RUN, "gw0"))


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a process that waits, with any arguments, in a group of its own."""
    started: list[subprocess.Popen[bytes]] = []

    def run(*arguments: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen((*WAITING, *arguments), start_new_session=True)  # noqa: S603
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def api() -> Iterator[KubeApi]:
    with closing(KubeApi()) as api:
        yield api


def reasons(folder: Path) -> dict[str, str]:
    return {removal.name: removal.why for removal in clean(folder)}


def node(name: str, **labels: str) -> dict[str, object]:
    return {"metadata": {"name": name, "labels": labels, "finalizers": ["example.org/hold"]}}


def is_there(kube: KubeClient, name: str) -> bool:
    try:
        kube.get(NODES, name)
    except NotFound:
        return False
    return True


def test_processes_folders_and_the_ledger_itself_go(
    tmp_path: Path, ledger: RunLedger, start: Start
) -> None:
    process = start()
    ledger.add("process", "etcd", **process_facts(process.pid), group=1)
    world = tmp_path / f"cpc-{RUN}-gw0"
    (world / "default").mkdir(parents=True)
    ledger.add("folder", str(world))

    assert reasons(tmp_path) == {"etcd": "", str(world): ""}
    assert process.poll() is not None
    assert not world.exists()
    assert ledger_files(tmp_path) == {}


def test_cleaning_twice_is_harmless(tmp_path: Path, ledger: RunLedger) -> None:
    ledger.add("folder", str(tmp_path / "never-made"))

    assert len(clean(tmp_path)) == 1
    assert clean(tmp_path) == []


def test_another_process_with_a_recycled_pid_lives(
    tmp_path: Path, ledger: RunLedger, start: Start
) -> None:
    process = start()
    ledger.add("worker", "gw0", pid=process.pid, created=1.0)

    assert reasons(tmp_path) == {"gw0": ""}
    assert process.poll() is None


@pytest.mark.parametrize("pid_of", [os.getpid, os.getppid], ids=["itself", "its-parent"])
@pytest.mark.parametrize("kind", ["worker", "process"])
def test_it_never_ends_what_it_runs_under(
    tmp_path: Path,
    ledger: RunLedger,
    kind: str,
    pid_of: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ended: list[object] = []
    monkeypatch.setattr(cleaning, "end_process", ended.append)
    ledger.add(kind, "ourselves", **process_facts(pid_of()), group=1)

    assert "running this very command" in reasons(tmp_path)["ourselves"]
    assert ended == []


def test_the_watcher_of_a_program_whose_pid_was_never_written_down_is_awaited(
    tmp_path: Path, ledger: RunLedger, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cleaning, "WATCHER_TIMEOUT", 0.01)
    log = str(tmp_path / "etcd.log")
    watcher = start(log)
    ledger.add("process", "etcd", log=log)

    assert reasons(tmp_path) == {"etcd": f"its watcher, pid {watcher.pid}, does not end"}
    watcher.kill()
    watcher.wait()
    assert reasons(tmp_path) == {"etcd": ""}


@pytest.fixture
def runner(tmp_path: Path, start: Start) -> subprocess.Popen[bytes]:
    """The runner of a run that is still going on."""
    process = start()
    own = RunLedger(ledger_path(tmp_path, RUN, "runner"))
    own.add("runner", "runner", **process_facts(process.pid))
    return process


def test_a_run_that_is_still_going_on_is_named_and_left_alone(
    tmp_path: Path, ledger: RunLedger, runner: subprocess.Popen[bytes]
) -> None:
    world = tmp_path / f"cpc-{RUN}-gw0"
    world.mkdir()
    ledger.add("folder", str(world))

    (removal,) = clean(tmp_path)
    assert (removal.run_id, removal.kind) == (RUN, "run")
    assert f"still going on: pid {runner.pid}" in removal.why
    assert world.exists()
    assert runner.poll() is None


def test_force_ends_a_run_that_is_still_going_on(
    tmp_path: Path, ledger: RunLedger, runner: subprocess.Popen[bytes]
) -> None:
    ledger.add("folder", str(tmp_path / f"cpc-{RUN}-gw0"))

    assert [removal.kind for removal in clean(tmp_path, force=True)] == ["runner", "folder"]
    assert runner.poll() is not None
    assert ledger_files(tmp_path) == {}


def test_the_runner_itself_cleans_its_run(tmp_path: Path, ledger: RunLedger) -> None:
    own = RunLedger(ledger_path(tmp_path, RUN, "runner"))
    own.strike(own.add("runner", "runner", **process_facts(os.getpid())))
    ledger.add("folder", str(tmp_path / f"cpc-{RUN}-gw0"))

    assert [removal.why for removal in clean_run(tmp_path, RUN)] == [""]
    assert ledger_files(tmp_path) == {}


def test_only_the_named_run_is_cleaned(tmp_path: Path, ledger: RunLedger) -> None:
    ledger.add("folder", "/nowhere/ours")
    RunLedger(ledger_path(tmp_path, "feed12345", "gw0")).add("folder", "/nowhere/theirs")

    assert [removal.name for removal in clean(tmp_path, RUN)] == ["/nowhere/ours"]
    assert list(ledger_files(tmp_path)) == ["feed12345"]


@pytest.mark.parametrize(("label", "gone"), [(RUN, True), ("another", False), (None, False)])
def test_a_node_goes_only_with_the_label_of_the_run(
    api: KubeApi, label: str | None, gone: bool
) -> None:
    kube = api.client()
    kube.create(NODES, node("ours", **({RUN_LABEL: label} if label else {})))

    assert delete_node(kube, "ours", RUN) == ""
    assert is_there(kube, "ours") is not gone
    assert delete_node(kube, "never-made", RUN) == ""


def test_objects_on_a_shared_cluster_are_deleted_over_its_kubeconfig(
    tmp_path: Path, ledger: RunLedger, api: KubeApi
) -> None:
    kube = api.client()
    kube.create(NODES, node("ours", **{RUN_LABEL: RUN}))
    kube.create(NODES, node("theirs"))
    with serve_embedded(api, tmp_path) as served:
        for name in ("ours", "theirs"):
            ledger.add("object", name, resource="nodes", kubeconfig=str(served.kubeconfig))
        assert reasons(tmp_path) == {"ours": "", "theirs": ""}

    assert [item["metadata"]["name"] for item in kube.list(NODES)["items"]] == ["theirs"]


def test_what_was_on_a_private_cluster_or_a_simulator_is_gone_with_it(
    tmp_path: Path, ledger: RunLedger
) -> None:
    ledger.add("object", "node-a", resource="nodes")
    ledger.add("cloud", "instance", provider="nobody-knows-it", live=0)

    assert reasons(tmp_path) == {"node-a": "", "instance": ""}


class Careful:
    """A provider that can clean; it notes what it is asked for."""

    name = "careful"

    def __init__(self) -> None:
        self.asked: list[tuple[bool, str, list[str]]] = []

    def clean(self, options: ProviderOptions, run_id: str, ids: Sequence[str]) -> None:
        self.asked.append((options.live, run_id, list(ids)))


class Careless:
    """A provider without `clean`."""

    name = "careless"


class Failing(Careful):
    def clean(self, *_: object) -> None:
        raise RuntimeError("no credentials")


@pytest.fixture
def live(ledger: RunLedger, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Enters a live instance of this provider."""

    def enter(provider: object, **facts: Fact) -> None:
        monkeypatch.setattr(cleaning, "chosen_provider", lambda *_: (provider, "tests"))
        ledger.add("cloud", "instance", provider="it", live=1, **facts)

    return enter


def test_a_live_resource_is_removed_by_its_provider(
    tmp_path: Path, live: Callable[..., None]
) -> None:
    provider = Careful()
    live(provider, id="i-1")
    live(provider)

    assert [removal.why for removal in clean(tmp_path)] == ["", ""]
    assert provider.asked == [(True, RUN, []), (True, RUN, ["i-1"])]


def test_a_live_resource_of_a_provider_that_cannot_clean_is_named(
    tmp_path: Path, live: Callable[..., None]
) -> None:
    live(Careless(), id="i-1")

    assert "no clean(); remove i-1 by hand" in reasons(tmp_path)["instance"]
    assert RUN in ledger_files(tmp_path)


def test_one_thing_that_resists_keeps_nothing_else(
    tmp_path: Path, ledger: RunLedger, live: Callable[..., None]
) -> None:
    missing = str(tmp_path / "no.kubeconfig")
    ledger.add("object", "node-a", resource="nodes", kubeconfig=missing)
    ledger.add("container", "c-1")
    ledger.add("folder", "/nowhere/ours")
    live(Failing())

    found = reasons(tmp_path)
    assert missing in found["node-a"]
    assert found["instance"] == "RuntimeError: no credentials"
    assert "by hand" in found["c-1"]
    assert found["/nowhere/ours"] == ""
    assert len(ledger.entries()) == 3


def test_an_unreadable_ledger_is_named_and_the_others_are_cleaned(
    tmp_path: Path, ledger: RunLedger
) -> None:
    ledger.add("folder", "/nowhere/ours")
    broken = ledger_path(tmp_path, RUN, "gw1")
    broken.write_text("not a ledger\n")

    found = reasons(tmp_path)
    assert found["/nowhere/ours"] == ""
    assert "line 1" in found[str(broken)]
    assert ledger_files(tmp_path) == {RUN: [broken]}


def test_a_folder_that_is_not_named_after_the_run_stays(tmp_path: Path, ledger: RunLedger) -> None:
    for name in ("home", "cpc-0badcafe-gw0", f"cpc-{RUN}-gw0/../home"):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
        ledger.add("folder", str(tmp_path / name))
    ledger.add("folder", str(tmp_path / f"cpc-{RUN}-gw0" / ".."))

    assert all("rm -r" in why for why in reasons(tmp_path).values())
    assert (tmp_path / "home").is_dir()


def test_a_ledger_of_somebody_else_is_left_to_him(
    tmp_path: Path, ledger: RunLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / f"cpc-{RUN}-gw0"
    folder.mkdir()
    ledger.add("folder", str(folder))
    monkeypatch.setattr(os, "geteuid", lambda: 1 + os.getuid())

    assert "let that user clean" in reasons(tmp_path)[str(ledger.path)]
    assert folder.is_dir()
