"""JSON web tokens of one key, signed with ES256 (RFC 7515, RFC 7518)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

COORDINATE = 32
"""Bytes of each half of a signature, and of each coordinate of a point, on P-256."""

SIGNATURE = ec.ECDSA(hashes.SHA256())


class NotOurToken(Exception):
    """It is no token, or another key signed it."""


class TokenKey:
    """A key that is made for one server, and never leaves it."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        public = self._key.public_key()
        point = public.public_numbers()
        self._x, self._y = (encoded(c.to_bytes(COORDINATE, "big")) for c in (point.x, point.y))
        spki = public.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self._id = encoded(hashlib.sha256(spki).digest())

    def sign(self, claims: dict[str, Any]) -> str:
        """The claims as a token."""
        head = {"alg": "ES256", "kid": self._id}
        signed = ".".join(encoded(msgspec.json.encode(part)) for part in (head, claims))
        r, s = decode_dss_signature(self._key.sign(signed.encode(), SIGNATURE))
        halves = r.to_bytes(COORDINATE, "big") + s.to_bytes(COORDINATE, "big")
        return f"{signed}.{encoded(halves)}"

    def verify(self, token: str) -> dict[str, Any]:
        """The claims of a token. Raises `NotOurToken`."""
        try:
            signed, _, signature = token.rpartition(".")
            halves = decoded(signature)
            r, s = (int.from_bytes(half, "big") for half in (halves[:32], halves[32:]))
            public = self._key.public_key()
            public.verify(encode_dss_signature(r, s), signed.encode(), SIGNATURE)
            claims: dict[str, Any] = msgspec.json.decode(decoded(signed.partition(".")[2]))
        except (InvalidSignature, ValueError, msgspec.DecodeError) as error:
            raise NotOurToken(str(error)) from error
        return claims

    def key_set(self) -> dict[str, Any]:
        """The public key as a JSON web key set (RFC 7517)."""
        key = {"use": "sig", "kty": "EC", "kid": self._id, "crv": "P-256", "alg": "ES256"}
        return {"keys": [{**key, "x": self._x, "y": self._y}]}


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Raises `ValueError` for what is not base64url."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError(str(error)) from error
