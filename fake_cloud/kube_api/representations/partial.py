"""PartialObjectMetadata: an object without all but its metadata.

Encoded metadata is passed on as it stands: lists of this form are what metadata informers read.
"""

from __future__ import annotations

import msgspec

from fake_cloud.kube_api.representations.accept import META_GROUP, PARTIAL, PARTIAL_LIST


class Described(msgspec.Struct):
    """An object of which the metadata matters."""

    metadata: msgspec.Raw = msgspec.Raw(b"{}")


class DescribedList(Described):
    """A list of them."""

    items: list[Described] = []


_object = msgspec.json.Decoder(Described)
_list = msgspec.json.Decoder(DescribedList)


def partial(data: bytes, version: str) -> bytes:
    """The metadata of one encoded object."""
    return _partial(_object.decode(data), version)


def partial_list(data: bytes, version: str) -> bytes:
    """The metadata of each object of an encoded list."""
    found = _list.decode(data)
    items = b",".join([_partial(item, version) for item in found.items])
    return b'%s,"metadata":%s,"items":[%s]}' % (_head(PARTIAL_LIST, version), found.metadata, items)


def _partial(described: Described, version: str) -> bytes:
    return b'%s,"metadata":%s}' % (_head(PARTIAL, version), described.metadata)


def _head(kind: str, version: str) -> bytes:
    return f'{{"kind":"{kind}","apiVersion":"{META_GROUP}/{version}"'.encode()
