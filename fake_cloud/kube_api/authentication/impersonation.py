"""`Impersonate-*` headers: who may, acts as somebody else.

Source: k8s.io/apiserver/pkg/endpoints/filters/impersonation. The verbs of constrained impersonation
(`impersonate:user-info` and its like) are not known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import unquote

from fake_cloud.kube_api.authentication.user import (
    ANONYMOUS,
    AUTHENTICATED,
    UNAUTHENTICATED,
    User,
    service_account,
    service_account_of,
)
from fake_cloud.kube_api.authorization.attributes import Attributes
from fake_cloud.kube_api.status_errors import StatusError, bad_request

USER, GROUP, UID = "impersonate-user", "impersonate-group", "impersonate-uid"
EXTRA = "impersonate-extra-"
REPEATABLE = "impersonate-"
"""Headers whose values all count, when they are sent more than once."""

REPEATED = "\n"
"""Between the values of a header that was sent more than once."""

AUTHENTICATION = "authentication.k8s.io"
SHOWN_AS_STRUCT_SINCE = 36


class Demand(Protocol):
    """Asks for a right."""

    def __call__(self, wanted: Attributes) -> None:
        """Raises a 403 `StatusError`."""
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """As whom a request wants to act."""

    name: str
    groups: tuple[str, ...] = ()
    uid: str = ""
    extra: dict[str, tuple[str, ...]] = field(default_factory=dict)


def impersonated(headers: Mapping[str, str], actor: User, demand: Demand, minor: int) -> User:
    """The user that the request acts as: the actor without such headers. Raises 400 and 403."""
    wanted = _wanted(headers)
    if wanted is None:
        return actor
    if not wanted.name:
        raise _nameless(wanted, minor)
    for attributes in _rights(actor, wanted):
        demand(attributes)
    groups = wanted.groups
    account = service_account_of(wanted.name)
    if account and not groups:
        groups = service_account(*account).groups
    marks = (AUTHENTICATED, UNAUTHENTICATED) if wanted.name != ANONYMOUS else (UNAUTHENTICATED,)
    if not set(marks) & set(groups):
        groups = (*groups, marks[0])
    return User(wanted.name, groups, wanted.uid, wanted.extra)


def _wanted(headers: Mapping[str, str]) -> Wanted | None:
    given = {key: value for key, value in headers.items() if key.startswith(REPEATABLE)}
    if not given:
        return None
    return Wanted(
        name=given.get(USER, "").partition(REPEATED)[0],
        groups=tuple(given[GROUP].split(REPEATED)) if GROUP in given else (),
        uid=given.get(UID, "").partition(REPEATED)[0],
        extra={
            unquote(key.removeprefix(EXTRA)): tuple(value.split(REPEATED))
            for key, value in given.items()
            if key.startswith(EXTRA)
        },
    )


def _rights(actor: User, wanted: Wanted) -> Iterator[Attributes]:
    """What the actor must be allowed to impersonate, in the order in which it is asked."""

    def right(resource: str, name: str, **more: str) -> Attributes:
        return Attributes(actor, "impersonate", resource=resource, name=name, **more)

    if account := service_account_of(wanted.name):
        namespace, name = account
        yield right("serviceaccounts", name, namespace=namespace)
    else:
        yield right("users", wanted.name)
    for group in wanted.groups:
        yield right("groups", group)
    for key, values in wanted.extra.items():
        for value in values:
            yield right("userextras", value, group=AUTHENTICATION, subresource=key)
    if wanted.uid:
        yield right("uids", wanted.uid, group=AUTHENTICATION)


def _nameless(wanted: Wanted, minor: int) -> StatusError:
    """The words show Go values."""
    if minor >= SHOWN_AS_STRUCT_SINCE:
        groups = _slice(wanted.groups) if wanted.groups else "[]string(nil)"
        extra = ", ".join(f'"{key}":{_slice(values)}' for key, values in wanted.extra.items())
        shown = (
            f'&user.DefaultInfo{{Name:"", UID:"{wanted.uid}", Groups:{groups}, '
            f"Extra:map[string][]string{f'{{{extra}}}' if extra else '(nil)'}}}"
        )
        return bad_request(f"requested {shown} without impersonating a user name")
    parts = [f"{{Group  {group}    }}" for group in wanted.groups]
    parts += [
        f"{{UserExtra  {value}  {AUTHENTICATION}/v1  {key}}}"
        for key, values in wanted.extra.items()
        for value in values
    ]
    parts += [f"{{UID  {wanted.uid}  {AUTHENTICATION}/v1  }}"] if wanted.uid else []
    return bad_request(f"requested [{' '.join(parts)}] without impersonating a user")


def _slice(values: tuple[str, ...]) -> str:
    return "[]string{" + ", ".join(f'"{value}"' for value in values) + "}"
