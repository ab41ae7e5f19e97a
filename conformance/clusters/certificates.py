"""Certificates of one private cluster: made for it, valid for a day, kept in its folder."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from conformance.clusters.loopback_port import LOOPBACK

LIFETIME = datetime.timedelta(days=1)
BACKDATED = datetime.timedelta(minutes=5)


SIGNS_CERTIFICATES = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)
"""Without it and key identifiers, Python 3.13 and later trust none of our certificates."""


@dataclass(frozen=True, slots=True)
class Credential:
    """Paths of a certificate and its private key, both PEM."""

    certificate: Path
    key: Path


class Authority:
    """A certificate authority with `ca.crt` in `folder`; its private key is never written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("cloud-provider-conformance")
        builder = (
            _builder(self._name, self._name, self._key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(SIGNS_CERTIFICATES, critical=True)
        )
        self.certificate = folder / "ca.crt"
        self._write(self.certificate, builder)

    def server(self, name: str) -> Credential:
        """A credential for a server on the loopback address."""
        hosts = [
            x509.IPAddress(ipaddress.ip_address(LOOPBACK)),
            x509.DNSName("localhost"),
        ]
        alternative = x509.SubjectAlternativeName(hosts)
        return self._issue(name, _name(name), ExtendedKeyUsageOID.SERVER_AUTH, alternative)

    def serving(self, name: str) -> ssl.SSLContext:
        """TLS of a server on the loopback address, for HTTP/1.1.

        It asks clients for a certificate of this authority, and takes those that have none.
        """
        credential = self.server(name)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=self.certificate)
        context.load_cert_chain(credential.certificate, credential.key)
        context.verify_mode = ssl.CERT_OPTIONAL
        context.set_alpn_protocols(["http/1.1"])
        return context

    def client(self, name: str, user: str, groups: Sequence[str] = ()) -> Credential:
        """A credential that a Kubernetes API server takes for `user` in `groups`."""
        return self._issue(name, _name(user, groups), ExtendedKeyUsageOID.CLIENT_AUTH)

    def _issue(
        self,
        name: str,
        subject: x509.Name,
        usage: x509.ObjectIdentifier,
        *extensions: x509.ExtensionType,
    ) -> Credential:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(subject, self._name, key.public_key())
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        for extension in (x509.ExtendedKeyUsage([usage]), issuer, *extensions):
            builder = builder.add_extension(extension, critical=False)
        made = Credential(self._folder / f"{name}.crt", self._folder / f"{name}.key")
        self._write(made.certificate, builder)
        write_private_key(made.key, key)
        return made

    def _write(self, path: Path, builder: x509.CertificateBuilder) -> None:
        certificate = builder.sign(self._key, hashes.SHA256())
        path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def write_private_key(path: Path, key: ec.EllipticCurvePrivateKey | None = None) -> Path:
    """A private key (a new one without `key`) that only its owner can read."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    path.touch(mode=0o600)
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,  # the form that kube-apiserver reads
            serialization.NoEncryption(),
        )
    )
    return path


def _name(user: str, groups: Sequence[str] = ()) -> x509.Name:
    """Kubernetes reads CN as the user and each O as a group."""
    organizations = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, group) for group in groups]
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, user), *organizations])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(
        issuer_name=issuer,
        subject_name=subject,
        public_key=key,
        serial_number=x509.random_serial_number(),
        not_valid_before=now - BACKDATED,
        not_valid_after=now + LIFETIME,
    )
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
