from __future__ import annotations

import gzip

import pytest

from fake_cloud.kube_api.http import Reply, Request
from fake_cloud.kube_api.representations.compression import THRESHOLD, compressed

LARGE = Reply(200, {}, b"x" * (THRESHOLD + 1))


def asked(accept_encoding: str) -> Request:
    return Request("GET", "/", {}, {"accept-encoding": accept_encoding})


def test_large_answers_are_compressed() -> None:
    reply = compressed(LARGE, asked("deflate, gzip"))
    assert reply.headers == {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    assert gzip.decompress(reply.body) == LARGE.body


@pytest.mark.parametrize("accept", ["", "identity", "br"])
def test_nobody_gets_what_he_cannot_read(accept: str) -> None:
    assert compressed(LARGE, asked(accept)) is LARGE


def test_small_answers_are_not_worth_it() -> None:
    small = Reply(200, {}, b"x" * THRESHOLD)
    assert compressed(small, asked("gzip")) is small
