"""The bytes of an answer in the encoding that was asked for; JSON is what they are made in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from fake_cloud.kube_api.http import JSON, Reply, Request
from fake_cloud.kube_api.representations.accept import YAML, wanted_of
from fake_cloud.kube_api.status_errors import StatusError
from fake_cloud.kube_api.store import decode

PLAIN = ("", JSON, "*/*")
"""Headers that need no look."""


def to_yaml(data: bytes) -> bytes:
    import yaml  # rarely needed, and dear to load

    return yaml.safe_dump(decode(data), default_flow_style=False, allow_unicode=True).encode()


ENCODERS: Mapping[str, Callable[[bytes], bytes]] = {YAML: to_yaml}


def encoded(reply: Reply, request: Request) -> Reply:
    """A JSON reply in the wanted encoding, or as it is when that cannot be."""
    accept = request.headers.get("accept", "")
    if accept in PLAIN or reply.headers.get("Content-Type") != JSON:
        return reply
    try:
        media = wanted_of(accept, of_list=False, watching=False).media
    except StatusError:
        return reply
    encode = ENCODERS.get(media)
    if encode is None:
        return reply
    headers = {**reply.headers, "Content-Type": media}
    return replace(reply, headers=headers, body=encode(reply.body))
