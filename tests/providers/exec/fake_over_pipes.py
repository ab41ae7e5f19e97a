"""The fake cloud as an adapter program: what `providers.fake` offers, said in lines of JSON.

It knows the protocol as any author does: from the documented lines, not from our own structs.
"""

from __future__ import annotations

import json
import queue
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from itertools import count
from pathlib import Path
from typing import Any

from conformance.contracts.instances import InstanceShape
from conformance.contracts.journal import Fault, Loop
from conformance.contracts.kubernetes import RUN_LABEL
from conformance.kube_http import HttpKubeClient
from fake_cloud.blueprint import BRISK, Blueprint
from fake_cloud.cloud import Owner
from fake_cloud.loops.cloud_controller import CloudController
from fake_cloud.loops.cloud_instances import UNMANAGED_LABEL, UNMANAGED_VALUE
from fake_cloud.recorder import LiveCall
from providers.fake.capabilities import BUDGETS, CAPABILITIES
from providers.fake.cloud_controller import LONG

Answer = dict[str, Any]

DESCRIPTION: Answer = {
    "kind": "described",
    "apiVersion": "conformance.cloud-provider/adapter-exec/v1",
    "name": "fake-over-pipes",
    "needs": ["kubernetes", "view", "journal", "control", "disturb", "process"],
    "subjects": {"cloud-controller": {"cluster": True}},
    "identity": {"name": "fake-over-pipes", "simulator": "fake cloud"},
    "capabilities": sorted(CAPABILITIES),
    "timing": {
        "node_monitor": BRISK.monitor,
        "node_addresses": BRISK.addresses,
        "node_reaction": 0.1,
        "poll": None,
        "budgets": BUDGETS,
    },
    "faults": [fault.value for fault in Fault],
    "settings": ["default", "address-period-long"],
    "unmanaged_labels": {UNMANAGED_LABEL: UNMANAGED_VALUE},
}


class Lines:
    """Standard output, and the answers to the calls that we told."""

    def __init__(self) -> None:
        self._writing = threading.Lock()
        self._numbers = count(1)
        self._recorded: dict[int, queue.Queue[Answer]] = {}

    def say(self, line: Answer) -> None:
        with self._writing:
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()

    def call(self, words: Answer) -> tuple[int, Answer]:
        number = next(self._numbers)
        answered: queue.Queue[Answer] = queue.Queue()
        self._recorded[number] = answered
        self.say({"kind": "call", "id": number, **words})
        return number, answered.get()

    def recorded(self, line: Answer) -> None:
        self._recorded.pop(line["id"]).put(line)


class ToldRecorder:
    """What an `InstanceApi` asks of its recorder, told to the run."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    @contextmanager
    def call(
        self,
        resource: str,
        verb: str,
        about: Iterable[str] = (),
        *,
        caller: Loop = Loop.UNKNOWN,
        operation: str = "",
        mutating: bool = False,
        detail: Mapping[str, str] | None = None,
    ) -> Iterator[LiveCall]:
        words: Answer = {"resource": resource, "verb": verb, "about": list(about)}
        words |= {"caller": caller, "operation": operation, "mutating": mutating}
        number, recorded = self._lines.call({**words, "detail": dict(detail or {})})
        live = LiveCall(Fault(recorded["fault"]) if recorded["fault"] else None)
        try:
            yield live
        except BaseException as error:
            live.error = live.error or str(error)
            raise
        finally:
            self._lines.say({"kind": "called", "id": number, "error": live.error})


class World:
    """One account and its controller."""

    def __init__(self, start: Answer, lines: Lines) -> None:
        long = start["setting"] == "address-period-long"
        blueprint = Blueprint(periods=replace(BRISK, addresses=LONG) if long else BRISK)
        settings = replace(blueprint.settings, list_lag=0.5, name_prefix=start["run_id"])
        account = blueprint.account(settings)
        self.owner = Owner(account)
        self.log = Path(start["folder"]) / "controller.log"
        self.log.write_text("started\n")
        api = blueprint.instance_api(account, ToldRecorder(lines))  # type: ignore[arg-type]
        self._kube = HttpKubeClient(Path(start["cluster"]["kubeconfig"]))
        selector = f"{RUN_LABEL}={start['run_id']}"
        self.controller = CloudController(blueprint, self._kube, api, label_selector=selector)
        self.controller.start()

    def stop(self) -> None:
        self.controller.kill()
        self._kube.close()

    def enter(self, instance: str, state: str) -> None:
        next(one for one in self.owner.limit_states() if one.name == state).enter(instance)


def one(instance: Any) -> Answer:
    return {"kind": "instance", "instance": None if instance is None else asdict(instance)}


def done(act: Callable[..., object], *arguments: str) -> Answer:
    act(*arguments)
    return {"kind": "done"}


def answers(world: World, line: Answer) -> dict[str, Callable[[], Answer]]:
    owner, controller, id_ = world.owner, world.controller, line.get("instance", "")
    return {
        "get-instance": lambda: one(owner.get(id_)),
        "list-instances": lambda: {
            "kind": "instances",
            "instances": [asdict(instance) for instance in owner.list()],
        },
        "create-instance": lambda: one(owner.create(InstanceShape(**line["shape"]))),
        "stop-instance": lambda: one(owner.stop(id_)),
        "start-instance": lambda: one(owner.start(id_)),
        "terminate-instance": lambda: done(owner.terminate, id_),
        "replace-instance": lambda: one(owner.replace(id_)),
        "change-addresses": lambda: one(owner.change_addresses(id_)),
        "enter-state": lambda: done(world.enter, id_, line["state"]),
        "stop-process": lambda: done(controller.stop),
        "kill-process": lambda: done(controller.kill),
        "start-process": lambda: done(controller.start),
        "ask-alive": lambda: {"kind": "alive", "alive": controller.alive},
        "stop": lambda: done(world.stop),
    }


def serve(lines: Lines, world: World | None, line: Answer) -> World | None:
    answer: Answer = dict(DESCRIPTION)
    if line["kind"] == "start":
        world = World(line, lines)
        states = [{"name": s.name, "exists": s.exists} for s in world.owner.limit_states()]
        answer = {"kind": "started", "logs": [world.log.name], "states": states}
    elif world is not None:
        answer = answers(world, line)[line["kind"]]()
    lines.say({**answer, "id": line["id"]})
    return world


def main() -> None:
    lines, world = Lines(), None
    asked: queue.Queue[Answer] = queue.Queue()

    def read() -> None:
        for text in sys.stdin:
            line = json.loads(text)
            lines.recorded(line) if line["kind"] == "recorded" else asked.put(line)

    threading.Thread(target=read, daemon=True).start()
    while True:
        world = serve(lines, world, asked.get())


if __name__ == "__main__":
    main()
