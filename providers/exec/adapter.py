"""The provider behind `--adapter-exec`: it declares and offers what a program says."""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import msgspec

from conformance.api import (
    NODES,
    AdapterBroken,
    AdapterDefaults,
    Cluster,
    Fault,
    Identity,
    KnownFailure,
    Kubelet,
    Ledger,
    Need,
    Offer,
    Parts,
    ProviderOptions,
    Setting,
    Start,
    Subject,
    Timing,
    UsageError,
    program_facts,
)
from fake_cloud.kubelet import KubeletStandIn
from fake_cloud.recorder import Recorder, stamp_from
from providers.exec import messages
from providers.exec.calls import ToldCalls
from providers.exec.conversation import STOP_SECONDS, Conversation, conversation
from providers.exec.messages import (
    API_VERSION,
    Call,
    ClusterAccess,
    Describe,
    Described,
    Options,
    Remark,
    Secret,
    Started,
)
from providers.exec.offered import (
    Asker,
    ProgramControl,
    ProgramInstances,
    ProgramKubelet,
    ProgramProcess,
)

DESCRIBE_SECONDS = 10.0
"""It only says what it is; nothing is started for it."""

START_SHARE = 0.9
"""Part of `--start-timeout` after which the program is ended, so that the reason is still told."""

NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,62}")

WITHOUT_PROGRAM = (
    "provider exec: wanted --adapter-exec PATH, the program that is the adapter, saw none"
)


class ExecAdapter(AdapterDefaults):
    """What is registered; nothing is known before the program was asked."""

    name = "exec"

    def described(self, options: ProviderOptions) -> ProgramProvider:
        """Raises `UsageError` for a path that is no program, and `AdapterBroken`."""
        if not options.adapter_exec:
            raise UsageError(WITHOUT_PROGRAM)
        program = _program(options.adapter_exec)
        return ProgramProvider(program, _described(program, msgspec.json.encode(_wire(options))))

    def needs(self, options: ProviderOptions) -> frozenset[Need]:
        return self.described(options).needs(options)

    def subjects(self, options: ProviderOptions) -> Mapping[str, Start]:
        return self.described(options).subjects(options)


class ProgramProvider:
    """`Provider` by the word of a program, given for one set of options."""

    def __init__(self, program: Path, said: Described) -> None:
        self._program = program
        self._said = said
        self.name = said.name
        self.capabilities = frozenset(said.capabilities)
        self.timing = Timing(**msgspec.structs.asdict(said.timing))
        self.known_failures: Sequence[KnownFailure] = [
            msgspec.convert(known, KnownFailure, from_attributes=True)
            for known in said.known_failures
        ]
        self.live = said.live
        self.private_only = said.private_only

    def needs(self, options: ProviderOptions) -> frozenset[Need]:  # noqa: ARG002
        return frozenset(self._said.needs)

    def faults(self, options: ProviderOptions) -> frozenset[Fault]:  # noqa: ARG002
        return frozenset(self._said.faults)

    def settings(self, options: ProviderOptions) -> frozenset[Setting]:  # noqa: ARG002
        return frozenset(self._said.settings)

    def gaps(self, options: ProviderOptions) -> Mapping[str, str]:  # noqa: ARG002
        return self._said.gaps

    def identity(self, options: ProviderOptions) -> Identity:  # noqa: ARG002
        """The subject's, and which adapter told it all."""
        said = msgspec.convert(self._said.identity, Identity, from_attributes=True)
        adapter = {self._program.name: f"sha256:{program_facts(self._program)['sha256']}"}
        return replace(said, components={**said.components, **adapter})

    def subjects(self, options: ProviderOptions) -> Mapping[str, Start]:  # noqa: ARG002
        start = partial(started, self._program, self._said)
        return {subject: partial(start, subject) for subject in self._said.subjects}

    def clean(self, options: ProviderOptions, run_id: str, ids: Sequence[str]) -> None:
        """Ask a process of the program to do it."""
        with tempfile.TemporaryDirectory(prefix="cpc-clean-") as folder:
            with _asked(self._program, Path(folder), options, _refuse_remarks) as (talk, said):
                asker = Asker(talk, said.answer_seconds)
                asker.do(messages.CleanAccount, run_id=run_id, ids=list(ids))


@contextmanager
def started(
    program: Path, planned: Described, subject: str, parts: Parts, options: ProviderOptions
) -> Iterator[Offer]:
    """A process of the program with its subject started, and nothing left of both at the end."""
    deadline = time.monotonic() + START_SHARE * options.start_timeout
    folder = parts.folder / "adapter"
    folder.mkdir()
    cluster = parts.cluster() if planned.subjects[Subject(subject)].cluster else None
    recorder = Recorder(stamp_from(cluster.kube, NODES) if cluster else None, planned.faults)
    listener = Listener(parts, recorder)
    with (
        closing(listener),
        _asked(program, folder, options, listener, parts.ledger) as (talk, said),
    ):
        listener.listen(talk)
        _check_same(program, planned, said)
        asker = Asker(talk, said.answer_seconds)
        told = talk.ask(
            partial(_start, subject, folder, parts, options, cluster),
            Started,
            max(0.0, deadline - time.monotonic()),
        )
        with _kubelet(said, asker, cluster) as kubelet:
            yield _offer(said, asker, told, kubelet, recorder, folder)
        if not talk.broken:
            Asker(talk, STOP_SECONDS).do(messages.Stop)


class Listener:
    """Takes the remarks of a program to the recorder and the redactor."""

    def __init__(self, parts: Parts, recorder: Recorder) -> None:
        self._parts = parts
        self._recorder = recorder
        self._calls: ToldCalls | None = None

    def listen(self, talk: Conversation) -> None:
        self._calls = ToldCalls(self._recorder, lambda line: talk.tell(line, DESCRIBE_SECONDS))

    def close(self) -> None:
        """Nobody will tell any more how the calls have ended that are open."""
        if self._calls is not None:
            self._calls.abandon()

    def __call__(self, remark: Remark) -> None:
        if isinstance(remark, Secret):
            self._parts.secret(remark.value)
        elif self._calls is None:
            _refuse_remarks(remark)
        elif isinstance(remark, Call):
            self._calls.begin(remark)
        else:
            self._calls.end(remark)


@contextmanager
def _asked(
    program: Path,
    folder: Path,
    options: ProviderOptions,
    on_remark: Callable[[Remark], None],
    ledger: Ledger | None = None,
) -> Iterator[tuple[Conversation, Described]]:
    """A process of the program that has described itself."""
    log = folder / f"{program.name}.log"
    with conversation(program, log, on_remark, ledger) as talk:
        asked = partial(Describe, apiVersion=API_VERSION, options=_wire(options))
        said = talk.ask(lambda number: asked(id=number), Described, DESCRIBE_SECONDS)
        _check(program, said)
        yield talk, said


@cache
def _described(program: Path, operator: bytes) -> Described:
    """Asked once in a process: the plan, and what is started by it, rest on the same words."""
    wire = msgspec.json.decode(operator, type=Options)
    options = ProviderOptions(
        live=wire.live, values=wire.values, programs=wire.programs, bin_dirs=tuple(wire.bin_dirs)
    )
    with tempfile.TemporaryDirectory(prefix="cpc-describe-") as folder:
        with _asked(program, Path(folder), options, _refuse_remarks) as (_, said):
            return said


def _check(program: Path, said: Described) -> None:
    """Raises `AdapterBroken` for another version, or a name that cannot stand in reports."""
    if said.apiVersion != API_VERSION:
        raise AdapterBroken(
            f"adapter program {program.name}: wanted the protocol {API_VERSION}, "
            f"saw {said.apiVersion!r}"
        )
    if not NAME.fullmatch(said.name):
        raise AdapterBroken(
            f"adapter program {program.name}: wanted a name of lower-case letters, digits, dots "
            f"and dashes, saw {said.name!r}"
        )


def _check_same(program: Path, planned: Described, said: Described) -> None:
    """The plan was made of the first answer; the process that is started must say the same."""
    before, now = (msgspec.structs.asdict(one) for one in (planned, said))
    changed = sorted(key for key in before if key != "id" and before[key] != now[key])
    if changed:
        raise AdapterBroken(
            f"adapter program {program.name}: wanted the same description each time, saw another "
            f"{', '.join(changed)}"
        )


def _start(
    subject: str,
    folder: Path,
    parts: Parts,
    options: ProviderOptions,
    cluster: Cluster | None,
    number: int,
) -> messages.Start:
    access = None
    if cluster is not None:
        where = str(cluster.subject_kubeconfig)
        access = ClusterAccess(kubeconfig=where, version=cluster.version)
    return messages.Start(
        id=number,
        subject=Subject(subject),
        run_id=parts.run_id,
        folder=str(folder),
        setting=parts.setting,
        cluster=access,
        options=_wire(options),
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


def _refuse_remarks(remark: Remark) -> None:
    raise ValueError(f"wanted nothing but answers before the start, saw {type(remark).__name__}")


def _wire(options: ProviderOptions) -> Options:
    return Options(
        live=options.live,
        values=dict(options.values),
        programs=dict(options.programs),
        bin_dirs=list(options.bin_dirs),
    )


def _program(given: str) -> Path:
    path = Path(given)
    if not path.is_file() or not os.access(path, os.X_OK):
        raise UsageError(
            f"--adapter-exec: wanted the path of an executable file, saw {given!r}; "
            "its options are given as --provider-option KEY=VALUE"
        )
    return path.absolute()
