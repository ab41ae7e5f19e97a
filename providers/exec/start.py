"""A subject that an adapter program starts, and what it then offers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from functools import partial
from pathlib import Path

from conformance.api import (
    NODES,
    Cluster,
    Kubelet,
    Need,
    Offer,
    Parts,
    ProviderOptions,
    Subject,
)
from fake_cloud.kubelet import KubeletStandIn
from fake_cloud.recorder import Recorder, stamp_from
from providers.exec.answers import Call, Described, Remark, Secret, Started
from providers.exec.calls import ToldCalls
from providers.exec.conversation import STOP_SECONDS, Conversation
from providers.exec.introduction import check_same, introduced, only_answers, options_of
from providers.exec.offered import (
    Asker,
    ProgramControl,
    ProgramInstances,
    ProgramKubelet,
    ProgramProcess,
)
from providers.exec.questions import ClusterAccess, Start, Stop

START_SHARE = 0.9
"""Part of `--start-timeout` after which the program is ended, so that the reason is still told."""

TELL_SECONDS = 10.0
"""How long a program may leave an answer to a call unread."""


@contextmanager
def started(
    program: Path, planned: Described, subject: str, parts: Parts, options: ProviderOptions
) -> Iterator[Offer]:
    """A process of the program with its subject started, and nothing left of both at the end."""
    deadline = time.monotonic() + START_SHARE * options.start_timeout
    folder = parts.folder / f"adapter-{subject}"
    folder.mkdir()
    cluster = parts.cluster() if planned.subjects[Subject(subject)].cluster else None
    recorder = Recorder(stamp_from(cluster.kube, NODES) if cluster else None, planned.faults)
    listener = Listener(parts, recorder)
    with (
        closing(listener),
        introduced(program, folder, options_of(options), listener, parts.ledger) as (talk, said),
    ):
        listener.listen(talk)
        check_same(program, planned, said)
        asker = Asker(talk, said.answer_seconds)
        told = talk.ask(
            partial(_start, subject, folder, parts, options, cluster),
            Started,
            max(0.0, deadline - time.monotonic()),
        )
        with _kubelet(said, asker, cluster) as kubelet:
            yield _offer(said, asker, told, kubelet, recorder, folder)
        if not talk.broken:
            Asker(talk, STOP_SECONDS).do(Stop)


class Listener:
    """Takes the remarks of a program to the recorder and the redactor."""

    def __init__(self, parts: Parts, recorder: Recorder) -> None:
        self._parts = parts
        self._recorder = recorder
        self._calls: ToldCalls | None = None

    def listen(self, talk: Conversation) -> None:
        self._calls = ToldCalls(self._recorder, lambda line: talk.tell(line, TELL_SECONDS))

    def close(self) -> None:
        """Nobody will tell any more how the calls have ended that are open."""
        if self._calls is not None:
            self._calls.abandon()

    def __call__(self, remark: Remark) -> None:
        if isinstance(remark, Secret):
            self._parts.secret(remark.value)
        elif self._calls is None:
            only_answers(remark)
        elif isinstance(remark, Call):
            self._calls.begin(remark)
        else:
            self._calls.end(remark)


def _start(
    subject: str,
    folder: Path,
    parts: Parts,
    options: ProviderOptions,
    cluster: Cluster | None,
    number: int,
) -> Start:
    access = None
    if cluster is not None:
        where = str(cluster.subject_kubeconfig)
        access = ClusterAccess(kubeconfig=where, version=cluster.version)
    return Start(
        id=number,
        subject=Subject(subject),
        run_id=parts.run_id,
        folder=str(folder),
        setting=parts.setting,
        cluster=access,
        options=options_of(options),
    )


def _kubelet(
    said: Described, asker: Asker, cluster: Cluster | None
) -> AbstractContextManager[Kubelet | None]:
    """The program's own, or a stand-in, so that a program need not write nodes."""
    if said.kubelet == "own":
        return nullcontext(ProgramKubelet(asker))
    if cluster is None:
        return nullcontext(None)
    return KubeletStandIn(
        cluster.kube,
        unmanaged_labels=said.unmanaged_labels,
        version=cluster.version,
        renew=True,  # the cluster may be one in which somebody watches heartbeats
    )


def _offer(
    said: Described,
    asker: Asker,
    told: Started,
    kubelet: Kubelet | None,
    recorder: Recorder,
    folder: Path,
) -> Offer:
    """What it declares is what there is to offer, and nothing else."""
    own_log = asker.talk.log
    return Offer(
        instances=ProgramInstances(asker) if Need.VIEW in said.needs else None,
        control=ProgramControl(asker, told.states) if Need.CONTROL in said.needs else None,
        kubelet=kubelet,
        journal=recorder if Need.JOURNAL in said.needs else None,
        disturb=recorder if Need.DISTURB in said.needs else None,
        process=ProgramProcess(asker) if Need.PROCESS in said.needs else None,
        logs=(own_log, *(folder / log for log in told.logs)),
    )
