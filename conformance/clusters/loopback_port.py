"""A loopback port that nobody can take between our choice and a server's start."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

LOOPBACK = "127.0.0.1"


@contextmanager
def reserved_port() -> Iterator[int]:
    """A free port, held by a bound socket that never listens.

    Only a server of the same user that sets SO_REUSEPORT can take it; until one does, connections
    are refused.
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        holder.bind((LOOPBACK, 0))
        yield int(holder.getsockname()[1])
