"""Impersonation: who is asked for which right, and who comes out."""

from __future__ import annotations

import pytest

from fake_cloud.kube_api.authentication.impersonation import REPEATED, impersonated
from fake_cloud.kube_api.authentication.user import NOBODY, OWNER, User
from fake_cloud.kube_api.authorization.attributes import Attributes
from fake_cloud.kube_api.status_errors import StatusError


class Asked:
    """Allows everything, and keeps what it was asked."""

    def __init__(self) -> None:
        self.rights: list[str] = []

    def __call__(self, wanted: Attributes) -> None:
        assert wanted.verb == "impersonate"
        place = f"{wanted.namespace}/" if wanted.namespace else ""
        self.rights.append(f"{wanted.combined} {place}{wanted.name}")


def act_as(asked: Asked, **headers: str) -> User:
    given = {f"impersonate-{name.replace('_', '-')}": text for name, text in headers.items()}
    return impersonated(given, OWNER, asked, 37)


def test_without_headers_nobody_is_asked() -> None:
    asked = Asked()
    assert impersonated({"accept": "x"}, NOBODY, asked, 37) is NOBODY
    assert asked.rights == []


def test_every_part_is_a_right_of_its_own() -> None:
    asked = Asked()
    user = act_as(asked, user="jane", group=f"a{REPEATED}b", uid="u", extra_scopes="view")
    assert asked.rights == [
        "users jane",
        "groups a",
        "groups b",
        "userextras/scopes view",
        "uids u",
    ]
    assert user == User("jane", ("a", "b", "system:authenticated"), "u", {"scopes": ("view",)})


def test_a_service_account_has_its_groups() -> None:
    asked = Asked()
    user = act_as(asked, user="system:serviceaccount:ns:worker")
    assert asked.rights == ["serviceaccounts ns/worker"]
    assert user.groups[:2] == ("system:serviceaccounts", "system:serviceaccounts:ns")


def test_nobody_stays_unauthenticated() -> None:
    assert act_as(Asked(), user="system:anonymous") == NOBODY
    given = act_as(Asked(), user="jane", group="system:unauthenticated")
    assert given.groups == ("system:unauthenticated",)


@pytest.mark.parametrize(
    ("minor", "words"),
    [
        (35, "requested [{Group  a    }] without impersonating a user"),
        (
            37,
            'requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string{"a"}, '
            "Extra:map[string][]string(nil)} without impersonating a user name",
        ),
    ],
)
def test_groups_alone_are_nobody(minor: int, words: str) -> None:
    with pytest.raises(StatusError) as refused:
        impersonated({"impersonate-group": "a"}, OWNER, Asked(), minor)
    assert (refused.value.code, str(refused.value)) == (400, words)
