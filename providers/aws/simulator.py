"""moto as the cloud: one account for each simulator, a recorded door for the subject.

Two servers in threads of this process stand in front of the same account. The subject's requests
pass the recorder; ours (`truth_url`) go straight, past every disturbance. moto keeps its state in
process-wide dictionaries keyed by account, so each simulator takes an account number of its own and
writes it into every request (moto's `x-moto-account-id`): simulators in one process share nothing.
"""

from __future__ import annotations

import io
import logging
import secrets
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler
from werkzeug.serving import make_server
from werkzeug.test import run_wsgi_app

from conformance.api import Fault
from fake_cloud.recorder import Recorder
from providers.aws.ec2_faults import ALTERED, INSTEAD, NOTHING, Answer, refusal
from providers.aws.moto_patches import (
    create_app,
    forget_account,
    hold_state,
    open_account,
)
from providers.aws.neutral_calls import neutral_call

LOG = logging.getLogger(__name__)

MOTO_FAILED = refusal(500, "SimulatorFailed", "moto raised an exception")
"""A gap of the simulator; it stands under this name in the journal."""

HOLD_SECONDS = 1.0
"""How long a call that times out is held before its connection is cut."""

Environ = dict[str, Any]
App = Callable[[Environ, Any], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class AwsSimulator:
    """Where the subject and where ground truth find the cloud."""

    subject_url: str
    truth_url: str
    account_id: str

    def hold_state(self, region: str, state: str, instance_id: str) -> None:
        """Put an instance into a state that passes by itself on AWS, and keep it there."""
        hold_state(self.account_id, region, instance_id, state)


@contextmanager
def aws_simulator(recorder: Recorder, hold: float = HOLD_SECONDS) -> Iterator[AwsSimulator]:
    """A running simulator with an empty account, forgotten on exit."""
    account_id = f"{secrets.randbelow(10**12):012d}"
    open_account(account_id)
    cloud = within_account(DomainDispatcherApplication(create_app), account_id)
    with ExitStack() as stack:
        stack.callback(forget_account, account_id)
        truth = stack.enter_context(served(cloud))
        subject = stack.enter_context(served(RecordedDoor(cloud, recorder, hold)))
        yield AwsSimulator(subject, truth, account_id)


@contextmanager
def served(app: App) -> Iterator[str]:
    """Serve on a free loopback port; yields the URL."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    serve = partial(server.serve_forever, poll_interval=0.05)
    thread = threading.Thread(target=serve, name="aws-simulator", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class QuietHandler(MotoRequestHandler):
    """moto's request handler without a line on stderr for every call."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        """Say nothing: the recorder keeps the calls."""


def within_account(app: App, account_id: str) -> App:
    """Put every request into this account, whatever key signed it."""

    def entered(environ: Environ, start_response: Any) -> Iterable[bytes]:
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = account_id
        return app(environ, start_response)

    return entered


class RecordedDoor:
    """The subject's way in: journals each call in neutral words and acts out disturbances."""

    def __init__(self, cloud: App, recorder: Recorder, hold: float) -> None:
        self._cloud = cloud
        self._recorder = recorder
        self._hold = hold

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        call = neutral_call(_form(environ))
        with self._recorder.call(
            call.resource,
            call.verb,
            call.about,
            operation=call.operation,
            mutating=call.mutating,
        ) as recorded:
            answer = self._answer(environ, recorded.fault)
            recorded.error = "connection cut" if answer is NOTHING else answer.error
        if answer is NOTHING:
            _cut(environ)
        start_response(answer.status_line, answer.headers)
        return [answer.body]

    def _answer(self, environ: Environ, fault: Fault | None) -> Answer:
        if fault is None:
            return _ask(self._cloud, environ)
        if fault in INSTEAD:
            return INSTEAD[fault]
        if fault is Fault.TIMEOUT:
            threading.Event().wait(self._hold)
            return NOTHING
        answer = _ask(self._cloud, environ)
        if fault in ALTERED:
            return replace(answer, body=ALTERED[fault](answer.body))
        return NOTHING


def _ask(cloud: App, environ: Environ) -> Answer:
    try:
        chunks, status, headers = run_wsgi_app(cloud, environ, buffered=True)
    except Exception:
        LOG.exception("moto failed: what the subject does now is no verdict about it")
        return MOTO_FAILED
    return Answer(int(status.split()[0]), b"".join(chunks), headers.get("Content-Type", ""))


def _cut(environ: Environ) -> None:
    with suppress(OSError):
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)


def _form(environ: Environ) -> Mapping[str, str]:
    """The query-protocol parameters; the body is put back for the cloud to read."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = io.BytesIO(body)
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
