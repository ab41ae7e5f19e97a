"""Large answers are compressed for who can read that.

Source: k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/writers.go.
"""

from __future__ import annotations

import gzip
from dataclasses import replace

from fake_cloud.kube_api.http import Reply, Request

THRESHOLD = 128 * 1024
"""Bytes from which compressing pays."""

LEVEL = 1
"""Fast rather than small."""


def compressed(reply: Reply, request: Request) -> Reply:
    """The same reply for small bodies and for clients that name no gzip."""
    if len(reply.body) <= THRESHOLD or not _reads_gzip(request.headers.get("accept-encoding", "")):
        return reply
    headers = {**reply.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return replace(reply, headers=headers, body=gzip.compress(reply.body, LEVEL, mtime=0))


def _reads_gzip(accept_encoding: str) -> bool:
    return any(part.strip() == "gzip" for part in accept_encoding.split(","))
