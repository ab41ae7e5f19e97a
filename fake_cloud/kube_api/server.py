"""The embedded Kubernetes API without HTTP: requests in, replies and watch streams out."""

from __future__ import annotations

import ssl
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING

from fake_cloud.kube_api.audit.log import AuditLog
from fake_cloud.kube_api.authentication.authenticator import Authenticator, StaticTokens
from fake_cloud.kube_api.authentication.impersonation import impersonated
from fake_cloud.kube_api.authentication.issuer_documents import IssuerDocuments
from fake_cloud.kube_api.authentication.service_account_tokens import ServiceAccountTokens
from fake_cloud.kube_api.authentication.user import (
    CONTROLLERS,
    OWNER,
    SERVER,
    SUBJECT,
    UNKNOWN,
    User,
)
from fake_cloud.kube_api.authorization.aggregation import RoleAggregation
from fake_cloud.kube_api.authorization.authorizer import Authorizer
from fake_cloud.kube_api.authorization.bootstrap_policy import store_policy
from fake_cloud.kube_api.authorization.escalation import EscalationGuard
from fake_cloud.kube_api.bootstrap import bootstrap
from fake_cloud.kube_api.client import OURS, InProcessClient
from fake_cloud.kube_api.controllers.garbage_collector import GarbageCollector
from fake_cloud.kube_api.controllers.namespaces import NamespaceLifecycle
from fake_cloud.kube_api.controllers.service_accounts import ServiceAccounts
from fake_cloud.kube_api.custom_resources.definitions import Definitions
from fake_cloud.kube_api.discovery.service import Discovery
from fake_cloud.kube_api.disturbances import Disturbances
from fake_cloud.kube_api.handlers import Handlers, failure
from fake_cloud.kube_api.http import Reply, Request, Streaming
from fake_cloud.kube_api.openapi.service import ROOT as OPENAPI
from fake_cloud.kube_api.openapi.service import OpenApi
from fake_cloud.kube_api.representations.compression import compressed
from fake_cloud.kube_api.representations.encodings import encoded
from fake_cloud.kube_api.requests import target_of
from fake_cloud.kube_api.status_errors import StatusError, bad_request
from fake_cloud.kube_api.store import Store
from fake_cloud.kube_api.strategies.registry import Strategies
from fake_cloud.kube_api.strategies.services.ranges import ServiceRanges
from fake_cloud.kube_api.types.served import ServedTypes
from fake_cloud.kube_api.types.table import load_table
from fake_cloud.kube_api.unstored import UnstoredKinds

if TYPE_CHECKING:
    from fake_cloud.kube_api.serving import Served

SERVICE_RANGES = ("10.96.0.0/16",)
"""As the `binaries` backend starts kube-apiserver."""

PATCHES = {"1.35": 4, "1.36": 3, "1.37": 2}
"""Newest patch release of the minors that the project builds; others read .0."""

API_SERVER, CONTROLLER_MANAGER = "kube-apiserver", "kube-controller-manager"
CLOUD_CONTROLLER_MANAGER = "cloud-controller-manager"

BOOKMARK_PERIOD = 60.0
"""Seconds between bookmarks: k8s.io/apiserver/pkg/storage/cacher."""


class KubeApi:
    """One API server with its own store. `version` is a minor such as `1.37`.

    Raises ValueError for a minor without a type table. `close` ends its controllers and watches.
    """

    def __init__(
        self,
        version: str = "1.37",
        *,
        service_ranges: tuple[str, ...] = SERVICE_RANGES,
        bookmark_period: float = BOOKMARK_PERIOD,
    ):
        self._served = ServedTypes(load_table(version))
        self.version = f"v{version}.{PATCHES.get(version, 0)}+embedded"
        self._store = Store()
        strategies = Strategies(ServiceRanges(service_ranges), version, self._store)
        self._discovery = Discovery(self._served, self.version)
        self._openapi = OpenApi(self._served)
        self._minor = strategies.minor
        self._authorizer = Authorizer(self._store, self._minor)
        guard = EscalationGuard(self._store, self._authorizer)
        self._handlers = Handlers(self._store, strategies, self._served, guard, bookmark_period)
        tokens = ServiceAccountTokens(self._store)
        self._authenticator = Authenticator(tokens)
        self._issuer = IssuerDocuments(tokens)
        self._unstored = UnstoredKinds(
            self._store,
            self._served,
            self._handlers.scopes,
            tokens,
            self._authenticator,
            self._authorizer,
        )
        self.audit = AuditLog()
        self.disturbance = Disturbances(self.handle)
        definer = self.client(API_SERVER, SERVER)
        manager = self.client(CONTROLLER_MANAGER, CONTROLLERS)
        self._controllers = (
            Definitions(self._store, self._served, definer, self._handlers.watcher.close_of),
            GarbageCollector(self._store, self._served, manager),
            NamespaceLifecycle(self._store, self._served, manager),
            ServiceAccounts(self._store, self._served, manager),
            RoleAggregation(self._store, self._served, manager),
        )
        store_policy(self._store, strategies, self._served)
        for controller in self._controllers:
            controller.start()
        bootstrap(self.client(API_SERVER, SERVER), service_ranges[0])

    def client(self, program: str = OURS, user: User = OWNER) -> InProcessClient:
        """Our own client: straight to the core. `program`: who owns what it writes."""
        return InProcessClient(self.handle, program, user)

    def subject_client(self, user: User = SUBJECT) -> InProcessClient:
        """The subject's client: its requests can be refused, held and cut."""
        return InProcessClient(self.disturbance.handle, CLOUD_CONTROLLER_MANAGER, user)

    def serve(self, tls: ssl.SSLContext) -> AbstractContextManager[Served]:
        """Serve on 127.0.0.1: see `serving`."""
        from fake_cloud.kube_api.serving import serve  # who only calls needs no event loop

        return serve(self, tls)

    def close(self) -> None:
        for controller in self._controllers:
            controller.stop()
        self._handlers.watcher.close_all()

    def compact(self) -> None:
        """Forget the history: older watches and continue tokens are answered with 410."""
        self._store.compact()

    def authenticate(
        self, request: Request, certified: User | None = None, static: StaticTokens | None = None
    ) -> Request | Reply:
        """The request with its user, or why it is refused.

        `certified` is whom a verified client certificate names, `static` are the door's own tokens.
        """
        user = UNKNOWN
        try:
            user = self._authenticator.authenticate(request.headers, certified, static)
            acting = impersonated(request.headers, user, self._authorizer.demand, self._minor)
        except StatusError as error:
            refused = failure(error)
            self.audit.note(replace(request, user=user), refused)
            return refused
        return replace(request, user=acting, actor=None if acting is user else user)

    def handle(self, request: Request) -> Reply | Streaming:
        """Answer one request. Never raises for what a client can do."""
        answer = self._answer(request)
        self.audit.note(request, answer)
        if isinstance(answer, Streaming):
            return answer
        return compressed(encoded(answer, request), request)

    def _answer(self, request: Request) -> Reply | Streaming:
        try:
            self._authorizer.check(request)
            target = target_of(self._served.now, request)
            if target is None:
                return self._document(request)
            if self._unstored.has(target):
                return self._unstored.answer(request, target)
            return self._handlers.handle(request, target)
        except StatusError as error:
            return failure(error)
        except RecursionError:
            return failure(bad_request("the body of the request exceeded max depth"))

    def _document(self, request: Request) -> Reply:
        """What is neither an object nor a list."""
        if request.path.startswith(OPENAPI):
            return self._openapi.handle(request)
        return self._issuer.reply(request) or self._discovery.handle(request)
