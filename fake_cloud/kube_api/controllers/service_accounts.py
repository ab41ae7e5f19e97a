"""The service account controller: every namespace has a `default` account.

Does what pkg/controller/serviceaccount of kubernetes does.
"""

from __future__ import annotations

from conformance.contracts.kubernetes import ApiError, Resource
from fake_cloud.kube_api.controllers.controller import Controller
from fake_cloud.kube_api.store import Change, Collection

ACCOUNTS = Resource("", "v1", "serviceaccounts", "ServiceAccount", namespaced=True)
NAME = "default"


class ServiceAccounts(Controller):
    """Makes the account of a new namespace, and makes it again when somebody deletes it."""

    name = "service-accounts"

    def concerns(self, collection: Collection, change: Change) -> bool:
        if collection.group:
            return False
        if collection.plural == "namespaces":
            return change.type == "ADDED"
        deleted = change.type == "DELETED" and collection.plural == ACCOUNTS.plural
        return deleted and change.entry.key[1] == NAME

    def act(self, collection: Collection, change: Change) -> None:
        of_account = collection.plural == ACCOUNTS.plural
        namespace = change.entry.key[0] if of_account else change.entry.key[1]
        try:
            self.client.create(ACCOUNTS, {"metadata": {"name": NAME}}, namespace)
        except ApiError as error:
            if error.code not in (403, 404, 409):  # it ends, it has ended, it is there
                raise
