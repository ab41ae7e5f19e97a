"""Whatever a program does wrong ends the conversation with the reason, and never with a hang."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import psutil
import pytest

from conformance.api import AdapterBroken
from providers.exec import conversation as room
from providers.exec.answers import Alive, Done, Remark
from providers.exec.conversation import Conversation, Refused, conversation
from providers.exec.questions import AskAlive, GetInstance, StopProcess
from tests.providers.exec.programs import program

PATIENCE = 30.0
IMPATIENCE = 0.3

TalkTo = Callable[..., AbstractContextManager[Conversation]]


def alive(talk: Conversation, limit: float = PATIENCE) -> bool:
    return talk.ask(lambda number: AskAlive(id=number), Alive, limit).alive


def nobody(remark: Remark) -> None:
    raise ValueError(f"unexpected {remark}")


@pytest.fixture
def talk_to(tmp_path: Path) -> TalkTo:
    def talk(
        body: str, on_remark: Callable[[Remark], None] = nobody
    ) -> AbstractContextManager[Conversation]:
        return conversation(program(tmp_path, body), tmp_path / "log", on_remark)

    return talk


WRONG = {
    "it dies": (
        "read(); print('out of memory', file=sys.stderr); os._exit(3)",
        "it ended; .*: out of memory",
    ),
    "it was killed": ("read(); os.kill(os.getpid(), signal.SIGKILL)", "it ended; its log is empty"),
    "it closes its output": ("read(); os.close(1); time.sleep(60)", "it closed its output"),
    "it babbles": (
        "read(); print('ready!', flush=True)",
        "wanted a line of the protocol, saw 'ready!'",
    ),
    "it invents a field": (
        "say(kind='alive', id=read()['id'], alive=True, mood='good')",
        'saw \'.*"mood": "good".*\': .*unknown field `mood`',
    ),
    "it leaves one out": ("say(kind='alive', id=read()['id'])", "missing required field `alive`"),
    "it lies about a type": ("say(kind='alive', id=read()['id'], alive=1)", "Expected `bool`"),
    "it answers something else": (
        "say(kind='done', id=read()['id']); read()",
        "wanted alive as answer to ask-alive 1",
    ),
    "nobody asked": ("read(); say(kind='done', id=77)", "nobody asked for '.*77"),
    "it knows no such kind": ("say(kind='dead', id=read()['id'])", "Invalid value 'dead'"),
    "it ends within a line": (
        "read(); sys.stdout.write('{'); sys.stdout.flush(); os._exit(0)",
        "within a line",
    ),
    "it remarks wrongly": ("read(); say(kind='called', id=1)", "unexpected"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_what_is_wrong_is_said(talk_to: TalkTo, fault: str) -> None:
    body, reason = WRONG[fault]
    with talk_to(body) as talk:
        with pytest.raises(AdapterBroken, match=f"(?s)adapter program small-adapter: .*{reason}"):
            alive(talk)
        with pytest.raises(AdapterBroken, match=reason):
            alive(talk)


def test_endless_output_is_cut(talk_to: TalkTo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "LONGEST_LINE", 1000)
    with talk_to("read()\nwhile True: sys.stdout.write('x' * 9999)") as talk:
        with pytest.raises(AdapterBroken, match="wanted lines of at most 1000 bytes"):
            alive(talk)


def test_a_program_that_hangs_is_given_up_and_killed(talk_to: TalkTo) -> None:
    deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: time.sleep(1)"
    with talk_to(deaf) as talk:
        with pytest.raises(
            AdapterBroken, match=r"an answer to ask-alive 1 within 0\.3 s, saw none"
        ):
            alive(talk, IMPATIENCE)
    left = [
        one
        for one in psutil.process_iter(["cmdline"])
        if str(talk.log.parent / "small") in str(one.info)
    ]
    assert not left


def test_a_program_that_does_not_read_is_given_up(talk_to: TalkTo) -> None:
    with talk_to("time.sleep(60)") as talk:
        much = GetInstance(id=1, instance="x" * 200_000)
        with pytest.raises(
            AdapterBroken, match="wanted it to read get-instance 1, saw a full pipe"
        ):
            talk.tell(much, IMPATIENCE)


def test_a_refusal_is_no_breakdown(talk_to: TalkTo) -> None:
    body = """
        say(kind="error", id=read()["id"], message="no such instance")
        say(kind="alive", id=read()["id"], alive=True)
    """
    with talk_to(body) as talk:
        with pytest.raises(Refused, match="no such instance"):
            talk.ask(lambda number: StopProcess(id=number), Done, PATIENCE)
        assert alive(talk)


def test_answers_find_their_questions_in_any_order(talk_to: TalkTo) -> None:
    body = """
        asked = [read(), read()]
        for line in reversed(asked):
            say(kind="alive" if line["kind"] == "ask-alive" else "done", id=line["id"],
                **({"alive": False} if line["kind"] == "ask-alive" else {}))
    """
    seen: list[object] = []
    with talk_to(body) as talk:
        ask = partial(talk.ask, lambda number: StopProcess(id=number), Done, PATIENCE)
        other = threading.Thread(target=lambda: seen.append(ask()))
        other.start()
        assert alive(talk) is False
        other.join()
    assert isinstance(seen[0], Done)
