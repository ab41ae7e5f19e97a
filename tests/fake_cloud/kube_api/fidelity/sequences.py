"""Sequences of requests that hypothesis makes up, as scenarios that any API server can be put to.

Two names of each of four kinds, so that most requests meet an object that earlier ones changed.
Watches are open from the beginning and end with an object that is created last.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec
from hypothesis import strategies as st

from fake_cloud.kube_api.fidelity.servers import Answer, Server
from fake_cloud.kube_api.fidelity.steps import Identity, Read, Scenario, Send, Step
from fake_cloud.kube_api.http import Request
from fake_cloud.kube_api.protobuf.envelope import PROTOBUF, write_object
from fake_cloud.kube_api.store import decode
from tests.fake_cloud.kube_api.fidelity.bodies import (
    BODIES,
    JSON_PATCHES,
    MERGE_PATCHES,
    STRATEGIC_PATCHES,
    Body,
)

NAMES = ("a", "b")
LAST = "last"
LONGEST = 25

JSON = "application/json"
PATCH_TYPES = {
    "application/merge-patch+json": MERGE_PATCHES,
    "application/strategic-merge-patch+json": STRATEGIC_PATCHES,
    "application/json-patch+json": JSON_PATCHES,
}


@dataclass(frozen=True, slots=True)
class Kind:
    """Where objects live; `{n}` is the number of the sequence."""

    api_version: str
    kind: str
    path: str
    namespaced: bool = True
    has_status: bool = False

    @property
    def prefix(self) -> str:
        """Nodes of all sequences share one place."""
        return "" if self.namespaced else "s{n}-"


KINDS = (
    Kind("v1", "ConfigMap", "/api/v1/namespaces/s{n}/configmaps"),
    Kind("coordination.k8s.io/v1", "Lease", "/apis/coordination.k8s.io/v1/namespaces/s{n}/leases"),
    Kind("v1", "Service", "/api/v1/namespaces/s{n}/services", has_status=True),
    Kind("v1", "Node", "/api/v1/nodes", namespaced=False, has_status=True),
)

SELECTORS: tuple[dict[str, str], ...] = (
    {},
    {"labelSelector": "x=1"},
    {"labelSelector": "x"},
    {"labelSelector": "!x,seq"},
)
DELETE_OPTIONS: tuple[Body | None, ...] = (
    None,
    None,
    {"propagationPolicy": "Background"},
    {"gracePeriodSeconds": 0},
    {"preconditions": {"uid": "nobody"}},
    {"preconditions": {"resourceVersion": "1"}},
    {"dryRun": ["All"]},
    {"propagationPolicy": "Nowhere"},
)


@st.composite
def requests(draw: st.DrawFn) -> list[Send]:
    """What one step sends."""
    kind = draw(st.sampled_from(KINDS))
    name = draw(st.sampled_from(NAMES))
    make = draw(st.sampled_from(MAKERS))
    return make(draw, kind, name)


def _identified(kind: Kind, name: str, body: Body) -> Body:
    metadata = {"name": kind.prefix + name, **body.get("metadata", {})}
    return {"apiVersion": kind.api_version, "kind": kind.kind, **body, "metadata": metadata}


def _content(draw: st.DrawFn) -> dict[str, str]:
    return {"Content-Type": draw(st.sampled_from((JSON, PROTOBUF)))}


def _dry(draw: st.DrawFn) -> Body:
    return {"dryRun": "All"} if draw(st.integers(0, 9)) == 0 else {}


def _create(draw: st.DrawFn, kind: Kind, name: str) -> list[Send]:
    body = _identified(kind, name, draw(BODIES[kind.kind]))
    return [Send(send=f"POST {kind.path}", body=body, headers=_content(draw), query=_dry(draw))]


def _place(draw: st.DrawFn, kind: Kind, name: str) -> str:
    below = "/status" if kind.has_status and draw(st.booleans()) else ""
    return f"{kind.path}/{kind.prefix}{name}{below}"


def _update(draw: st.DrawFn, kind: Kind, name: str) -> list[Send]:
    """With the version that was just read, with one from earlier (if at all), or with none."""
    body = _identified(kind, name, draw(BODIES[kind.kind]))
    place, seen = _place(draw, kind, name), f"{kind.kind}-{name}"
    guard = draw(st.sampled_from(("none", "fresh", "old")))
    if guard != "none":
        body["metadata"]["resourceVersion"] = f"${{{seen}}}"
    read = Send(
        send=f"GET {kind.path}/{kind.prefix}{name}", save={seen: "metadata.resourceVersion"}
    )
    write = Send(send=f"PUT {place}", body=body, headers=_content(draw), query=_dry(draw))
    return [read, write] if guard == "fresh" else [write]


def _patch(draw: st.DrawFn, kind: Kind, name: str) -> list[Send]:
    media, patches = draw(st.sampled_from(sorted(PATCH_TYPES.items(), key=lambda pair: pair[0])))
    body, place = draw(patches[kind.kind]), _place(draw, kind, name)
    headers = {"Content-Type": media}
    return [Send(send=f"PATCH {place}", body=body, headers=headers, query=_dry(draw))]


def _delete(draw: st.DrawFn, kind: Kind, name: str) -> list[Send]:
    place = f"{kind.path}/{kind.prefix}{name}"
    options = draw(st.sampled_from(DELETE_OPTIONS))
    if options is None:
        return [Send(send=f"DELETE {place}")]
    body = {"apiVersion": "v1", "kind": "DeleteOptions", **options}
    return [Send(send=f"DELETE {place}", body=body, headers=_content(draw))]


def _get(draw: st.DrawFn, kind: Kind, name: str) -> list[Send]:
    return [Send(send=f"GET {_place(draw, kind, name)}")]


def _list(draw: st.DrawFn, kind: Kind, name: str) -> list[Send]:
    chosen = draw(st.sampled_from((*SELECTORS, {"fieldSelector": f"metadata.name={name}"})))
    return [Send(send=f"GET {kind.path}", query=_of_sequence(kind, chosen))]


MAKERS = (
    _create, _create, _create, _update, _update, _patch, _patch, _patch, _delete, _get, _list,
)  # fmt: skip


def _of_sequence(kind: Kind, query: dict[str, str]) -> dict[str, str]:
    """Other sequences have nodes, too."""
    if kind.namespaced:
        return query
    return {
        **query,
        "labelSelector": ",".join(filter(None, ("seq=s{n}", query.get("labelSelector")))),
    }


sequences = st.lists(requests(), min_size=5, max_size=LONGEST)


def scenario(number: int, sequence: list[list[Send]]) -> Scenario:
    """The sequence with its own namespace and with watches over all of it."""
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "s{n}"}}
    watched: list[tuple[Send | Read, ...]] = [(_watch(k), _plain(k, NAMES[0])) for k in KINDS]
    ended: list[tuple[Send | Read, ...]] = [(_plain(k, LAST), _read(k)) for k in KINDS]
    steps = [*watched, *map(tuple, sequence), *ended]
    return _numbered(
        Scenario(
            name="s{n}",
            setup=(Send(send="POST /api/v1/namespaces", body=namespace),),
            steps=tuple(
                Step(step=index, says="", requests=each)
                for index, each in enumerate(steps, start=1)
            ),
        ),
        number,
    )


def _watch(kind: Kind) -> Send:
    query = {"watch": "true", "resourceVersion": "0"}
    return Send(send=f"GET {kind.path}", query=_of_sequence(kind, query), watch=kind.kind)


def _read(kind: Kind) -> Read:
    return Read(read=kind.kind, upto=kind.prefix + LAST, close=True)


def _plain(kind: Kind, name: str) -> Send:
    """An object that nobody refuses."""
    body = _identified(kind, name, {"metadata": {"labels": {"seq": "s{n}"}}})
    if kind.kind == "Service":
        body["spec"] = {"ports": [{"name": "h", "port": 80}]}
    return Send(send=f"POST {kind.path}", body=body)


def _numbered(scenario: Scenario, number: int) -> Scenario:
    """`{n}` in names, paths and selectors."""
    text = msgspec.json.encode(scenario).replace(b"{n}", str(number).encode())
    return msgspec.json.decode(text, type=Scenario)


class InProtobuf:
    """Sends what is said to be protobuf as such; steps hold JSON."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.poll, self.patience = server.poll, server.patience

    def send(
        self, request: Request, identity: Identity | None = None, *, streaming: bool = False
    ) -> Answer:
        if request.headers.get("content-type") == PROTOBUF:
            request = replace(request, body=write_object(decode(request.body)))
        return self._server.send(request, identity, streaming=streaming)

    def compact(self) -> None:
        self._server.compact()
