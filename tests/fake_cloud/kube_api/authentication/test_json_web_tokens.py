"""Tokens of one key: what it signed is read back, everything else is not ours."""

from __future__ import annotations

import json

import pytest

from fake_cloud.kube_api.authentication.issuer_documents import CONFIGURATION, KEYS
from fake_cloud.kube_api.authentication.json_web_tokens import NotOurToken, TokenKey, encoded
from fake_cloud.kube_api.authentication.user import NOBODY
from fake_cloud.kube_api.http import Reply, Request
from fake_cloud.kube_api.server import KubeApi

CLAIMS = {"iss": "somebody", "aud": ["a", "b"], "exp": 12}


def test_claims_are_read_back() -> None:
    key = TokenKey()
    assert key.verify(key.sign(CLAIMS)) == CLAIMS


def test_another_key_and_changed_claims_are_refused() -> None:
    key = TokenKey()
    token = key.sign(CLAIMS)
    head, _, signature = token.split(".")
    for other in (TokenKey().sign(CLAIMS), f"{head}.{encoded(b'{}')}.{signature}"):
        with pytest.raises(NotOurToken):
            key.verify(other)


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "..", "é.é.é", "a.b." + "c" * 86])
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(NotOurToken):
        TokenKey().verify(text)


def test_a_server_publishes_its_keys_to_those_who_may_see_them(api: KubeApi) -> None:
    for path in (CONFIGURATION, KEYS):
        refused = api.handle(Request("GET", path, user=NOBODY))
        assert refused.status == 403
        reply = api.handle(Request("GET", path))
        assert isinstance(reply, Reply)
        assert set(json.loads(reply.body)) & {"keys", "jwks_uri"}
        assert api.handle(Request("POST", path)).status != 200


def test_the_key_set_names_the_key_of_tokens() -> None:
    (key,) = TokenKey().key_set()["keys"]
    assert (key["kty"], key["alg"], key["crv"]) == ("EC", "ES256", "P-256")
    assert len(key["x"]) == len(key["y"]) == 43
