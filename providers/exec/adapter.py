"""The provider behind `--adapter-exec`: it declares and offers what a program says."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import msgspec

from conformance.api import (
    AdapterDefaults,
    Fault,
    Identity,
    KnownFailure,
    Need,
    ProviderOptions,
    Setting,
    Start,
    Timing,
    UsageError,
    program_facts,
)
from providers.exec.answers import Described
from providers.exec.introduction import describe, introduced, only_answers, options_of
from providers.exec.offered import Asker
from providers.exec.questions import CleanAccount
from providers.exec.start import started

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
        return ProgramProvider(program, describe(program, msgspec.json.encode(options_of(options))))

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
        asked = options_of(options)
        with tempfile.TemporaryDirectory(prefix="cpc-clean-") as folder:
            with introduced(self._program, Path(folder), asked, only_answers) as (talk, said):
                asker = Asker(talk, said.answer_seconds)
                asker.do(CleanAccount, run_id=run_id, ids=list(ids))


def _program(given: str) -> Path:
    path = Path(given)
    if not path.is_file() or not os.access(path, os.X_OK):
        raise UsageError(
            f"--adapter-exec: wanted the path of an executable file, saw {given!r}; "
            "its options are given as --provider-option KEY=VALUE"
        )
    return path.absolute()
