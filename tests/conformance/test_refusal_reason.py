from __future__ import annotations

import json

import pytest

from conformance.contracts.refusal_reason import MOST_REASON, MOST_STATUS_BYTES, refusal_reason


def status(**said: str) -> bytes:
    return json.dumps({"kind": "Status", **said}).encode()


def test_reason_and_message_are_told_in_one_line() -> None:
    body = status(reason="Invalid", message='Node "a" is invalid:\n  spec.taints: Duplicate')
    assert refusal_reason(422, body) == 'Invalid: Node "a" is invalid: spec.taints: Duplicate'


def field(number: int, value: bytes) -> bytes:
    length = (
        bytes([len(value)])
        if len(value) < 128
        else bytes([len(value) % 128 | 128, len(value) // 128])
    )
    return bytes([number << 3 | 2]) + length + value


def test_clients_that_ask_for_protobuf_get_their_status_in_it() -> None:
    message = b'nodes "nobody" not found' * 6
    metadata, code = field(1, b""), bytes([6 << 3, 0x94, 0x03])
    said = metadata + field(2, b"Failure") + field(3, message) + field(4, b"NotFound") + code
    kind = field(1, field(1, b"v1") + field(2, b"Status"))
    told = refusal_reason(404, b"k8s\x00" + kind + field(2, said))
    assert told == f"NotFound: {message.decode()}"


def test_a_status_may_have_no_reason() -> None:
    assert refusal_reason(500, status(message="boom")) == "boom"


def test_it_is_cut_between_words() -> None:
    """Half a secret is one that redaction does not know."""
    told = refusal_reason(403, status(reason="Forbidden", message="no " * 90 + "S3cret" * 10))
    assert len(told) <= MOST_REASON
    assert told.endswith("no ...")


@pytest.mark.parametrize(
    ("code", "body"),
    [
        (200, status(message="fine")),
        (404, b"404 page not found"),
        (404, b"[]"),
        (404, b'{"kind": "Node", "message": "of its own"}'),
        (404, b"k8s\x00\xff"),
        (404, b"k8s\x00\x0f\x01"),
        (404, b""),
        (422, status(message="x" * MOST_STATUS_BYTES)),
    ],
    ids=["accepted", "text", "list", "other", "cut", "binary", "empty", "large"],
)
def test_nothing_is_made_up(code: int, body: bytes) -> None:
    assert refusal_reason(code, body) == ""
