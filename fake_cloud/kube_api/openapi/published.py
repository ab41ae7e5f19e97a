"""The OpenAPI v3 documents of one Kubernetes minor, as kube-apiserver publishes them.

A file keeps every schema once, because documents share most of them. Values stay encoded: a
document is joined from them.
"""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from importlib.resources import files

import msgspec

SECURITY = (
    b'"securitySchemes":{"BearerToken":{"type":"apiKey",'
    b'"description":"Bearer Token authentication","name":"authorization","in":"header"}}'
)


class Document(msgspec.Struct, frozen=True):
    """One document. `own` are schemas that differ from those of the same name elsewhere."""

    paths: msgspec.Raw
    schemas: tuple[str, ...] = ()
    own: dict[str, msgspec.Raw] = {}


class Published(msgspec.Struct, frozen=True):
    """All documents of a minor, by name such as `apis/apps/v1`."""

    info: msgspec.Raw
    schemas: dict[str, msgspec.Raw]
    documents: dict[str, Document]

    def encoded(self, name: str) -> bytes:
        """Raises KeyError for a name that is not there."""
        document = self.documents[name]
        schemas = b",".join(self._schemas(document))
        components = b'"schemas":{%s},' % schemas if schemas else b""
        head = b'{"openapi":"3.0.0","info":%s,"paths":%s' % (self.info, document.paths)
        return b'%s,"components":{%s%s}}' % (head, components, SECURITY)

    def _schemas(self, document: Document) -> Iterator[bytes]:
        for name in document.schemas:
            body = document.own.get(name, self.schemas.get(name))
            yield b"%s:%s" % (msgspec.json.encode(name), body)


def load_published(minor: str) -> Published:
    """Takes some 20 ms; nobody but kubectl asks for these documents, so they are not kept."""
    path = files(__package__) / "documents" / f"{minor}.json.xz"
    return msgspec.json.decode(lzma.decompress(path.read_bytes()), type=Published)
