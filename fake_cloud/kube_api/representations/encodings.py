"""The bytes of an answer in the encoding that was asked for; JSON is what they are made in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from fake_cloud.kube_api.http import JSON, Reply, Request
from fake_cloud.kube_api.protobuf.envelope import (
    PROTOBUF,
    has_message,
    write_event,
    write_object,
)
from fake_cloud.kube_api.representations.accept import ALWAYS_PLAIN, YAML, wanted_of
from fake_cloud.kube_api.status_errors import StatusError, not_acceptable
from fake_cloud.kube_api.store import decode
from fake_cloud.kube_api.types.table import ResourceType


def to_yaml(data: bytes) -> bytes:
    import yaml  # rarely needed, and dear to load

    return yaml.safe_dump(decode(data), default_flow_style=False, allow_unicode=True).encode()


def to_protobuf(data: bytes) -> bytes:
    """Raises KeyError for a document that has no message."""
    return write_object(decode(data))


Encode = Callable[[bytes], bytes]
ENCODERS: Mapping[str, Encode] = {YAML: to_yaml, PROTOBUF: to_protobuf}


def encoded(reply: Reply, request: Request) -> Reply:
    """A JSON reply in the wanted encoding, or as it is when that cannot be."""
    accept = request.headers.get("accept", "")
    if accept in ALWAYS_PLAIN or reply.headers.get("Content-Type") != JSON:
        return reply
    try:
        media = wanted_of(accept, of_list=False, watching=False).media
    except StatusError:
        return reply
    encode = ENCODERS.get(media)
    if encode is None:
        return reply
    try:
        body = encode(reply.body)
    except KeyError:
        return reply
    return replace(reply, headers={**reply.headers, "Content-Type": media}, body=body)


def stream_encoding(
    request: Request, resource: ResourceType, present: Encode | None
) -> tuple[Mapping[str, str], Encode | None]:
    """The head of a watch, and what its lines become. Raises a 406 `StatusError`."""
    wanted = wanted_of(request.headers.get("accept", ""), of_list=True, watching=True)
    if wanted.media != PROTOBUF:
        return {"Content-Type": JSON}, present
    if not has_message(resource.api_version, resource.kind):
        raise not_acceptable(f"only the following media types are accepted: {JSON};stream=watch")

    def frame(line: bytes) -> bytes:
        event = decode(line if present is None else present(line))
        return write_event(event["type"], event["object"])

    return {"Content-Type": f"{PROTOBUF};stream=watch"}, frame
