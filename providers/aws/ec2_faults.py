"""How EC2 misbehaves on the wire: the answers to a disturbed call.

Error codes and statuses: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from conformance.api import Fault


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer."""

    status: int
    body: bytes
    content_type: str = "text/xml;charset=UTF-8"

    @property
    def status_line(self) -> str:
        return f"{self.status} {HTTPStatus(self.status).phrase}"

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [("Content-Type", self.content_type), ("Content-Length", str(len(self.body)))]

    @property
    def error(self) -> str:
        """The error code in it, empty for success."""
        found = re.search(rb"<Code>(.*?)</Code>", self.body) if self.status >= 400 else None
        return found.group(1).decode() if found else ""


def refusal(status: int, code: str, message: str) -> Answer:
    """An error in EC2's envelope."""
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>"
        "<RequestID>00000000-0000-0000-0000-000000000000</RequestID></Response>"
    )
    return Answer(status, body.encode())


INSTEAD: Mapping[Fault, Answer] = {
    Fault.SERVER_ERROR: refusal(500, "InternalError", "An internal error has occurred"),
    Fault.THROTTLED: refusal(503, "RequestLimitExceeded", "Request limit exceeded."),
    Fault.DENIED: refusal(403, "UnauthorizedOperation", "You are not authorized."),
    Fault.MALFORMED: Answer(200, b"<DescribeInstancesResponse><reservationSet><item>"),
}
"""Answers that are given without asking the cloud."""

NOTHING = Answer(200, b"")
"""No answer at all: the connection is cut, before the call is done or after."""

_ADDRESS_ELEMENTS = (
    "privateDnsName",
    "dnsName",
    "privateIpAddress",
    "ipAddress",
    "ipv6Address",
    "networkInterfaceSet",
)


def without_addresses(body: bytes) -> bytes:
    """The same instances, none of which has an address or a DNS name."""
    for element in _ADDRESS_ELEMENTS:
        pattern = rf"<{element}>.*?</{element}>|<{element}\s*/>".encode()
        body = re.sub(pattern, b"", body, flags=re.DOTALL)
    return body


def without_items(body: bytes) -> bytes:
    """The same answer with an empty list in it."""
    return re.sub(rb"<(\w+Set|\w+Info)>.*</\1>", rb"<\1></\1>", body, count=1, flags=re.DOTALL)


ALTERED: Mapping[Fault, Callable[[bytes], bytes]] = {
    Fault.NO_ADDRESSES: without_addresses,
    Fault.EMPTY_LIST: without_items,
}
"""Answers of the cloud that are changed on their way."""

FAULTS = frozenset({*INSTEAD, *ALTERED, Fault.TIMEOUT, Fault.LOST_ANSWER})
"""Everything that the simulator can act out. Existence and power state come in one answer, so
`POWER_STATE` is not among them."""
