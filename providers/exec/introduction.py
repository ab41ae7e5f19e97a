"""How a process of an adapter program begins: it says what it is, the same each time."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path

import msgspec

from conformance.api import AdapterBroken, Ledger, ProviderOptions
from providers.exec.answers import Described, Remark
from providers.exec.conversation import Conversation, conversation
from providers.exec.lines import API_VERSION
from providers.exec.questions import Describe, Options

DESCRIBE_SECONDS = 10.0
"""It only says what it is; nothing is started for it."""

NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,62}")


@cache
def describe(program: Path, operator: bytes) -> Described:
    """Asked once in a process: the plan, and what is started by it, rest on the same words.

    `operator`: the `Options`, as JSON.
    """
    options = msgspec.json.decode(operator, type=Options)
    with tempfile.TemporaryDirectory(prefix="cpc-describe-") as folder:
        with introduced(program, Path(folder), options, only_answers) as (_, said):
            return said


@contextmanager
def introduced(
    program: Path,
    folder: Path,
    options: Options,
    on_remark: Callable[[Remark], None],
    ledger: Ledger | None = None,
) -> Iterator[tuple[Conversation, Described]]:
    """A process of the program that has described itself."""
    log = folder / f"{program.name}.log"
    with conversation(program, log, on_remark, ledger) as talk:
        asked = partial(Describe, apiVersion=API_VERSION, options=options)
        said = talk.ask(lambda number: asked(id=number), Described, DESCRIBE_SECONDS)
        _check(program, said)
        yield talk, said


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


def check_same(program: Path, planned: Described, said: Described) -> None:
    """The plan was made of the first answer; the process that is started must say the same."""
    before, now = (msgspec.structs.asdict(one) for one in (planned, said))
    changed = sorted(key for key in before if key != "id" and before[key] != now[key])
    if changed:
        raise AdapterBroken(
            f"adapter program {program.name}: wanted the same description each time, saw another "
            f"{', '.join(changed)}"
        )


def only_answers(remark: Remark) -> None:
    raise ValueError(f"wanted nothing but answers before the start, saw {type(remark).__name__}")


def options_of(options: ProviderOptions) -> Options:
    return Options(
        live=options.live,
        values=dict(options.values),
        programs=dict(options.programs),
        bin_dirs=list(options.bin_dirs),
    )
