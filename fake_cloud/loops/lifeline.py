"""One life of a controller: ends by stop, kill or crash, and a new life begins from nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from logging import Logger
from typing import Any

from conformance.contracts.kubernetes import JsonObject, KubeClient, Watch


class Killed(BaseException):
    """Unwinds a loop in the middle of its work; no handler of ordinary errors may catch it."""


class Lifeline:
    """Shared by the threads of one life. `ending`: finish what you do. `dead`: do nothing more."""

    def __init__(self, log: Logger) -> None:
        self._log = log
        self._ending = threading.Event()
        self._dead = threading.Event()
        self._threads: list[threading.Thread] = []

    @property
    def alive(self) -> bool:
        return not self._ending.is_set()

    def start(self, name: str, work: Callable[[], None]) -> None:
        """Run `work` on a thread of this life; an error that escapes it kills the whole life."""
        thread = threading.Thread(target=self._guard, args=(name, work), name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _guard(self, name: str, work: Callable[[], None]) -> None:
        try:
            work()
        except Killed:
            return
        except Exception:  # noqa: BLE001 - whatever it is, a Go controller would be gone now
            self._log.exception("%s crashed, and the controller with it", name)
            self._dead.set()
            self._ending.set()

    def end(self) -> None:
        """From now on loops finish what they are doing and take up nothing new."""
        self._ending.set()

    def cut(self) -> None:
        """From now on the next thing that any loop tries raises `Killed`."""
        self._dead.set()
        self._ending.set()

    def join(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds for each thread; whether all are gone."""
        for thread in self._threads:
            thread.join(timeout)
        return not any(thread.is_alive() for thread in self._threads)

    def wait(self, seconds: float) -> bool:
        """Let time pass; True as soon as this life is ending. Raises `Killed` when it is dead."""
        ending = self._ending.wait(seconds)
        self.check()
        return ending

    def check(self) -> None:
        """Raises `Killed` when this life is dead."""
        if self._dead.is_set():
            raise Killed


class LifelineClient:
    """A `KubeClient` that stops working when its life is dead."""

    def __init__(self, kube: KubeClient, lifeline: Lifeline) -> None:
        self._kube = kube
        self._lifeline = lifeline

    @property
    def _alive(self) -> KubeClient:
        self._lifeline.check()
        return self._kube

    def get(self, *args: Any, **options: Any) -> JsonObject:
        return self._alive.get(*args, **options)

    def list(self, *args: Any, **options: Any) -> JsonObject:
        return self._alive.list(*args, **options)

    def create(self, *args: Any, **options: Any) -> JsonObject:
        return self._alive.create(*args, **options)

    def replace(self, *args: Any, **options: Any) -> JsonObject:
        return self._alive.replace(*args, **options)

    def patch(self, *args: Any, **options: Any) -> JsonObject:
        return self._alive.patch(*args, **options)

    def delete(self, *args: Any, **options: Any) -> JsonObject:
        return self._alive.delete(*args, **options)

    def watch(self, *args: Any, **options: Any) -> Watch:
        return self._alive.watch(*args, **options)

    def version(self) -> JsonObject:
        return self._alive.version()
