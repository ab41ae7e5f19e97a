"""From the JSON of an answer to the form that was asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec

from fake_cloud.kube_api.http import Reply, Request
from fake_cloud.kube_api.representations.accept import (
    ALWAYS_PLAIN,
    PARTIAL,
    PARTIAL_LIST,
    TABLE,
    Wanted,
    wanted_of,
)
from fake_cloud.kube_api.representations.partial import partial, partial_list
from fake_cloud.kube_api.representations.tables import (
    INCLUDED,
    TableForm,
    plain_printer,
    printer_of,
)
from fake_cloud.kube_api.requests import Target
from fake_cloud.kube_api.status_errors import bad_request, not_acceptable
from fake_cloud.kube_api.store import decode, encode


class _Kind(msgspec.Struct):
    kind: str = ""


class _Event(msgspec.Struct):
    type: str
    object: msgspec.Raw


_kind = msgspec.json.Decoder(_Kind)
_event = msgspec.json.Decoder(_Event)


@dataclass(frozen=True, slots=True)
class Presentation:
    """One form of the objects of one resource. A Status stays as it is."""

    wanted: Wanted
    target: Target
    table: TableForm

    def reply(self, reply: Reply) -> Reply:
        """Raises a 406 `StatusError` for a list asked as an object, and the other way round."""
        kind = _kind.decode(reply.body).kind
        if kind == "Status":
            return reply
        return replace(reply, body=self._shown(kind, reply.body))

    def lines(self) -> Callable[[bytes], bytes]:
        """For the lines of one watch: the first table alone has column definitions."""
        first = True

        def present(line: bytes) -> bytes:
            nonlocal first
            event = _event.decode(line)
            if event.type == "ERROR":
                return line
            data = bytes(event.object)
            if self.wanted.form == TABLE:
                shown = encode(self.table.table(decode(data), None, headed=first))
                first = False
            else:
                shown = partial(data, self.wanted.version)
            return b'{"type":"%s","object":%s}\n' % (event.type.encode(), shown)

        return present

    def _shown(self, kind: str, data: bytes) -> bytes:
        is_list = kind == f"{self.target.resource.kind}List"
        if self.wanted.form == TABLE:
            return self._table(data, is_list=is_list)
        if is_list != (self.wanted.form == PARTIAL_LIST):
            raise not_acceptable(self._misfit(kind, is_list=is_list))
        return (partial_list if is_list else partial)(data, self.wanted.version)

    def _table(self, data: bytes, *, is_list: bool) -> bytes:
        body = decode(data)
        resource = self.target.resource
        if not is_list:
            return encode(self.table.table(body, None))
        head = {"kind": resource.kind, "apiVersion": resource.api_version}
        return encode(self.table.table(body, [head | item for item in body["items"]]))

    def _misfit(self, kind: str, *, is_list: bool) -> str:
        package = self.target.resource.group.partition(".")[0] or "core"
        asked, seen = (PARTIAL, "a list") if is_list else (PARTIAL_LIST, "not a list")
        return f"you requested {asked}, but the requested object is {seen} (*{package}.{kind})"


def presentation_of(request: Request, target: Target, minor: int) -> Presentation | None:
    """None: the object as it is. Raises a 406 `StatusError`, or a 400 for a wrong option."""
    accept = request.headers.get("accept", "")
    if accept in ALWAYS_PLAIN:
        return None
    watching, of_list = target.verb == "watch", target.verb in ("list", "watch")
    wanted = wanted_of(accept, of_list=of_list, watching=watching)
    if not wanted.form:
        return None
    included = request.query.get("includeObject", "") if wanted.form == TABLE else ""
    if included not in INCLUDED:
        raise bad_request(
            f'Unable to convert to Table as requested: includeObject: Invalid value: "{included}": '
            "must be 'Metadata', 'Object', 'None', or empty"
        )
    below = target.resource.subresources.get(target.subresource)
    foreign = below is not None and below.kind != target.resource.kind
    printer = plain_printer() if foreign else printer_of(target.resource, minor)
    return Presentation(wanted, target, TableForm(printer, wanted.version, included))
