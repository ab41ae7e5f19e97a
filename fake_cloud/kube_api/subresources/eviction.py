"""`pods/eviction`: a deletion that a PodDisruptionBudget may forbid.

Source: EvictionREST in pkg/registry/core/pod/storage/eviction.go. What a budget allows is told by
its status, which belongs to the disruption controller.
"""

from __future__ import annotations

from copy import deepcopy

from fake_cloud.kube_api.bodies.reading import Kinds, dry_run, field_validation, read_object
from fake_cloud.kube_api.http import Reply, Request
from fake_cloud.kube_api.label_selector import matches
from fake_cloud.kube_api.managed_fields.tracking import track
from fake_cloud.kube_api.requests import Target
from fake_cloud.kube_api.status_errors import bad_request, internal, not_found
from fake_cloud.kube_api.store import Entry, Store, decode
from fake_cloud.kube_api.strategies.generic import Body
from fake_cloud.kube_api.strategies.pods.conditions import is_ready, set_condition
from fake_cloud.kube_api.subresources.disruption_budget import check, spares_unhealthy, spend
from fake_cloud.kube_api.subresources.success import created
from fake_cloud.kube_api.writing.delete_options import check_options
from fake_cloud.kube_api.writing.deletes import Deleter
from fake_cloud.kube_api.writing.field_scopes import FieldScopes
from fake_cloud.kube_api.writing.preconditions import check_preconditions
from fake_cloud.kube_api.writing.writes import Writer

EVICTION = ("policy/v1", "Eviction")
BUDGET = ("policy/v1", "PodDisruptionBudget")
FREE = ("Pending", "Succeeded", "Failed")
"""Phases of pods that no budget protects."""

SEVERAL = (
    "This pod has more than one PodDisruptionBudget, which the eviction subresource does not "
    "support."
)
CONDITION = {
    "type": "DisruptionTarget",
    "status": "True",
    "reason": "EvictionByEvictionAPI",
    "message": "Eviction API: evicting",
}


class Evictor:
    """Deletes a pod if its budget allows one disruption more."""

    def __init__(
        self, store: Store, writer: Writer, deleter: Deleter, scopes: FieldScopes, kinds: Kinds
    ):
        self._store, self._writer = store, writer
        self._deleter, self._scopes = deleter, scopes
        self._kinds, self._pods = kinds, kinds["v1", "Pod"]

    def handle(self, request: Request, target: Target) -> Reply:
        """Raises `StatusError`: 400, 403, 404, 409, 422, 429, 500."""
        validation = field_validation(request, "CreateOptions")
        dry = dry_run(request, "CreateOptions")
        eviction = read_object(request, self._kinds[EVICTION], validation, self._kinds).body
        if eviction["metadata"].get("name") != target.name:
            raise bad_request("name in URL does not match name in Eviction object")
        options = eviction.get("deleteOptions") or {}
        check_options(options)
        dry = dry or bool(options.get("dryRun"))
        with self._store.lock:
            self._evict(target, options, dry=dry)
        return created()

    def _evict(self, target: Target, options: Body, *, dry: bool) -> None:
        entry = self._writer.collection(self._pods).items.get((target.namespace, target.name))
        if entry is None:
            raise not_found(target.about, target.name)
        pod = decode(entry.data)
        if pod["status"].get("phase") not in FREE and "deletionTimestamp" not in pod["metadata"]:
            self._ask_budget(target, pod, dry=dry)
        check_preconditions(self._pods, entry, options.get("preconditions") or {})
        if not dry:
            entry = self._tell_why(entry, pod)
        meant = {"preconditions": {"uid": entry.uid}}
        self._deleter.delete(self._pods, entry.key, options | meant, dry_run=dry)

    def _tell_why(self, entry: Entry, pod: Body) -> Entry:
        before = decode(entry.data)
        set_condition(pod["status"], CONDITION)
        return entry if pod == before else self._writer.put(self._pods, pod)

    def _ask_budget(self, target: Target, pod: Body, *, dry: bool) -> None:
        budgets = self._budgets(target.namespace, pod["metadata"].get("labels", {}))
        if len(budgets) > 1:
            raise internal(SEVERAL)
        for budget in budgets:
            if not is_ready(pod["status"]) and spares_unhealthy(budget):
                continue
            check(budget)
            if not dry:
                self._spend(budget, target)

    def _spend(self, budget: Body, target: Target) -> None:
        """The server itself is the manager of what it writes into the status."""
        resource, old = self._kinds[BUDGET], deepcopy(budget)
        name = budget["metadata"]["name"]
        status = Target("update", resource, target.namespace, name, "status")
        spend(budget, target.name)
        track(self._scopes.of(status), old, budget, "kube-apiserver")
        self._writer.put(resource, budget)

    def _budgets(self, namespace: str, labels: dict[str, str]) -> list[Body]:
        entries = self._store.collection("policy", "poddisruptionbudgets").entries(namespace)
        budgets = [decode(entry.data) for entry in entries]
        return [budget for budget in budgets if matches(budget["spec"].get("selector"), labels)]
