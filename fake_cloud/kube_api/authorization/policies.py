"""Roles and bindings as they are stored now, read once for as long as nobody changes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from fake_cloud.kube_api.authentication.user import SERVICE_ACCOUNT, User
from fake_cloud.kube_api.authorization.rules import Rule
from fake_cloud.kube_api.store import Collection, Store

GROUP = "rbac.authorization.k8s.io"
PLURALS = ("clusterroles", "roles", "clusterrolebindings", "rolebindings")


class RoleReference(msgspec.Struct, frozen=True):
    """What a binding binds to."""

    kind: str = ""
    name: str = ""


class Subject(msgspec.Struct, frozen=True):
    """To whom it binds."""

    kind: str = ""
    name: str = ""
    namespace: str = ""

    def is_user(self, user: User, namespace: str) -> bool:
        """`namespace`: of the binding, where the subject names none."""
        if self.kind == "User":
            return self.name == user.name
        if self.kind == "Group":
            return self.name in user.groups
        own = self.namespace or namespace
        return bool(own) and user.name == f"{SERVICE_ACCOUNT}{own}:{self.name}"

    def shown(self, namespace: str) -> str:
        if self.kind == "ServiceAccount":
            return f'{self.kind} "{self.name}/{self.namespace or namespace}"'
        return f'{self.kind} "{self.name}"'


class _Metadata(msgspec.Struct, frozen=True):
    name: str
    namespace: str = ""


class Binding(msgspec.Struct, frozen=True, rename="camel"):
    """A RoleBinding or a ClusterRoleBinding, which has no namespace."""

    metadata: _Metadata
    role_ref: RoleReference
    subjects: tuple[Subject, ...] = ()

    def subject_of(self, user: User) -> Subject | None:
        """The first one that the user is."""
        namespace = self.metadata.namespace
        return next((one for one in self.subjects if one.is_user(user, namespace)), None)


class Role(msgspec.Struct, frozen=True):
    """A Role or a ClusterRole, which has no namespace."""

    metadata: _Metadata
    rules: tuple[Rule, ...] | None = ()


class NoSuchRole(Exception):
    """A binding refers to a role that is not there."""


@dataclass(frozen=True, slots=True)
class Granted:
    """One rule that counts for a user, and through what."""

    rule: Rule
    binding: Binding
    subject: Subject

    @property
    def source(self) -> str:
        """As the reason of a review names it."""
        metadata, role = self.binding.metadata, self.binding.role_ref
        kind, name = "ClusterRoleBinding", metadata.name
        if metadata.namespace:
            kind, name = "RoleBinding", f"{name}/{metadata.namespace}"
        subject = self.subject.shown(metadata.namespace)
        return f'{kind} "{name}" of {role.kind} "{role.name}" to {subject}'


@dataclass(frozen=True, slots=True)
class Policies:
    """One state of all roles and bindings."""

    roles: dict[tuple[str, str], Role] = field(default_factory=dict)
    cluster_bindings: list[Binding] = field(default_factory=list)
    bindings: dict[str, list[Binding]] = field(default_factory=dict)

    def granted(self, user: User, namespace: str, errors: list[str]) -> Iterator[Granted]:
        """What counts for a user in a namespace (empty: in the cluster).

        Bindings to roles that are not there are told in `errors`.
        """
        local = self.bindings.get(namespace, []) if namespace else []
        for binding in (*self.cluster_bindings, *local):
            subject = binding.subject_of(user)
            if subject is None:
                continue
            try:
                rules = self.rules_of(binding.role_ref, binding.metadata.namespace)
            except NoSuchRole as error:
                errors.append(str(error))
                continue
            for rule in rules:
                yield Granted(rule, binding, subject)

    def rules_of(self, reference: RoleReference, namespace: str) -> tuple[Rule, ...]:
        """Raises `NoSuchRole`."""
        of_cluster = reference.kind == "ClusterRole"
        role = self.roles.get(("" if of_cluster else namespace, reference.name))
        if role is None:
            plural = f"{reference.kind.lower()}.{GROUP}"
            raise NoSuchRole(f'{plural} "{reference.name}" not found')
        return role.rules or ()


class StoredPolicies:
    """The policies of a store."""

    def __init__(self, store: Store):
        self._store = store
        self._collections = [store.collection(GROUP, plural) for plural in PLURALS]
        self._versions: tuple[int, ...] = ()
        self._read = Policies()

    def now(self) -> Policies:
        versions = tuple(collection.version for collection in self._collections)
        if versions != self._versions:
            with self._store.lock:
                versions = tuple(collection.version for collection in self._collections)
                self._read = _read(*self._collections)
            self._versions = versions
        return self._read


def _read(
    cluster_roles: Collection,
    roles: Collection,
    cluster_bindings: Collection,
    bindings: Collection,
) -> Policies:
    read = Policies()
    for collection in (cluster_roles, roles):
        for key, entry in collection.items.items():
            read.roles[key] = _role(entry.data)
    read.cluster_bindings.extend(_binding(entry.data) for entry in cluster_bindings.entries())
    for entry in bindings.entries():
        read.bindings.setdefault(entry.key[0], []).append(_binding(entry.data))
    return read


_role = msgspec.json.Decoder(Role).decode
_binding = msgspec.json.Decoder(Binding).decode
