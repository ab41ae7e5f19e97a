"""Certificates of a private cluster: both sides accept them, strictly too, and nobody else's."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from conformance.clusters.certificates import Authority, Credential


def shake_hands(server: ssl.SSLContext, client: ssl.SSLContext) -> ssl.SSLObject:
    """The server's side of a handshake in memory."""
    wires = ssl.MemoryBIO(), ssl.MemoryBIO()
    theirs = server.wrap_bio(wires[0], wires[1], server_side=True)
    ours = client.wrap_bio(wires[1], wires[0], server_hostname="localhost")
    for _ in range(4):
        for side in (ours, theirs):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return theirs


def trusting(authority: Authority, credential: Credential | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=authority.certificate)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    if credential is not None:
        context.load_cert_chain(credential.certificate, credential.key)
    return context


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def server(authority: Authority) -> ssl.SSLContext:
    context = authority.serving("server")
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context


def test_a_client_is_who_its_certificate_says(authority: Authority, server: ssl.SSLContext) -> None:
    credential = authority.client("jane", "jane", ["developers"])
    found = shake_hands(server, trusting(authority, credential)).getpeercert()
    assert found is not None
    assert found["subject"] == ((("commonName", "jane"),), (("organizationName", "developers"),))


def test_a_client_needs_no_certificate(authority: Authority, server: ssl.SSLContext) -> None:
    assert not shake_hands(server, trusting(authority)).getpeercert()


def test_other_authorities_are_not_trusted(
    tmp_path: Path, authority: Authority, server: ssl.SSLContext
) -> None:
    (tmp_path / "other").mkdir()
    other = Authority(tmp_path / "other")
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(server, trusting(other))
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(server, trusting(authority, other.client("jane", "jane")))


def test_only_the_owner_reads_keys(authority: Authority) -> None:
    credential = authority.client("jane", "jane")
    assert credential.key.stat().st_mode & 0o077 == 0
