"""Events: one store behind `v1` and `events.k8s.io/v1`, with stricter rules for the second.

Source: pkg/registry/core/event/strategy.go, pkg/apis/core/validation/events.go,
pkg/apis/events/v1/conversion.go.
"""

from __future__ import annotations

from collections.abc import Mapping

from fake_cloud.kube_api.names import path_segment_problems, qualified_name_problems
from fake_cloud.kube_api.status_errors import FieldError, invalid_value, required
from fake_cloud.kube_api.strategies.generic import Body, Strategy
from fake_cloud.kube_api.types.table import ResourceType

RENAMED = {
    "regarding": "involvedObject",
    "note": "message",
    "reportingController": "reportingComponent",
    "deprecatedSource": "source",
    "deprecatedFirstTimestamp": "firstTimestamp",
    "deprecatedLastTimestamp": "lastTimestamp",
    "deprecatedCount": "count",
}
"""`events.k8s.io/v1` to `v1`; the other fields have one name."""

BACK = {core: new for new, core in RENAMED.items()}

LIMITS = {"reportingInstance": 128, "action": 128, "reason": 128, "message": 1024}
"""Longest texts of events that have an eventTime."""


def to_core(body: Body) -> Body:
    """From `events.k8s.io/v1` to the stored form."""
    core = {RENAMED.get(key, key): value for key, value in body.items()}
    core["apiVersion"] = "v1"
    core.setdefault("involvedObject", {})
    core.setdefault("source", {})
    for field in ("firstTimestamp", "lastTimestamp", "eventTime"):
        core.setdefault(field, None)
    for field in ("reportingComponent", "reportingInstance"):
        core.setdefault(field, "")
    return core


OMITTED_WHEN_EMPTY = ("note", "reportingController", "reportingInstance", "deprecatedCount")


def from_core(body: Body) -> Body:
    """From the stored form to `events.k8s.io/v1`."""
    new = {BACK.get(key, key): value for key, value in body.items()}
    new["apiVersion"] = "events.k8s.io/v1"
    for field in OMITTED_WHEN_EMPTY:
        if not new.get(field):
            new.pop(field, None)
    return new


class EventStrategy(Strategy):
    """Names of events are hardly checked by the core API."""

    create_on_update = True
    garbage_collected = False

    def __init__(self, resource: ResourceType, minor: int):
        super().__init__(resource, minor)
        self.name_rule = path_segment_problems

    @property
    def strict(self) -> bool:
        return bool(self.resource.group)

    def validate(self, body: Body) -> list[FieldError]:
        if body.get("eventTime") is None:
            return _old_style_errors(body)
        return self._new_style_errors(body)

    def create_errors(self, body: Body) -> list[FieldError]:
        errors = super().create_errors(body)
        return errors + (_strict_errors(body) if self.strict else [])

    def update_errors(self, body: Body, old: Body) -> list[FieldError]:
        errors = super().update_errors(body, old)
        if self.strict:
            if body.get("series") != old.get("series"):
                errors += _series_errors(body)
            errors += [
                invalid_value(field, body.get(field), "field is immutable")
                for field in FIXED
                if body.get(field) != old.get(field)
            ]
        return errors

    def _new_style_errors(self, body: Body) -> list[FieldError]:
        errors = []
        namespace = body["metadata"].get("namespace", "")
        about = body["involvedObject"].get("namespace", "")
        if not about and namespace not in ("default", "kube-system"):
            errors.append(_wrong_namespace(about))
        field = "reportingController" if self.strict else "reportingComponent"
        reporter = body.get("reportingComponent", "")
        errors += [] if reporter else [required(field)]
        errors += [invalid_value(field, reporter, p) for p in qualified_name_problems(reporter)]
        for name, limit in LIMITS.items():
            text = body.get(name, "")
            if not text and name != "message":
                errors.append(required(name))
            if len(text) > limit:
                errors.append(invalid_value(name, "", f"can have at most {limit} characters"))
        return errors

    def fields(self, body: Body) -> Mapping[str, str]:
        about, metadata = body.get("involvedObject", {}), body["metadata"]
        source = body.get("source", {}).get("component", "")
        names = ("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")
        return {
            "metadata.name": metadata["name"],
            "metadata.namespace": metadata.get("namespace", ""),
            **{f"involvedObject.{name}": about.get(name, "") for name in names},
            **{f"regarding.{name}": about.get(name, "") for name in names},
            "reason": body.get("reason", ""),
            "reportingComponent": body.get("reportingComponent", ""),
            "reportingController": body.get("reportingComponent", ""),
            "source": source or body.get("reportingComponent", ""),
            "type": body.get("type", ""),
        }

    def field_labels(self) -> frozenset[str]:
        """Each group knows the object by its own name."""
        foreign = ("involvedObject.", "reportingComponent")
        foreign = foreign if self.strict else ("regarding.", "reportingController")
        return frozenset(name for name in super().field_labels() if not name.startswith(foreign))


FIXED = (
    "involvedObject",
    "reason",
    "message",
    "source",
    "firstTimestamp",
    "lastTimestamp",
    "count",
    "type",
    "eventTime",
    "action",
    "related",
    "reportingComponent",
    "reportingInstance",
)


def _wrong_namespace(about: str) -> FieldError:
    return invalid_value("involvedObject.namespace", about, "does not match event.namespace")


def _old_style_errors(body: Body) -> list[FieldError]:
    namespace = body["metadata"].get("namespace", "")
    about = body["involvedObject"].get("namespace", "")
    allowed = (about,) if about else ("", "default")
    return [] if namespace in allowed else [_wrong_namespace(about)]


def _series_errors(body: Body) -> list[FieldError]:
    series = body.get("series")
    if series is None:
        return []
    errors = []
    if series.get("count", 0) < 2:
        errors.append(invalid_value("series.count", "", "should be at least 2"))
    if not series.get("lastObservedTime"):
        errors.append(required("series.lastObservedTime"))
    return errors


def _strict_errors(body: Body) -> list[FieldError]:
    errors = _series_errors(body)
    if body.get("eventTime") is None:
        errors.append(required("eventTime"))
    if body.get("type") not in ("Normal", "Warning"):
        errors.append(invalid_value("type", "", f"has invalid value: {body.get('type', '')}"))
    errors += [
        invalid_value(field, "", "needs to be unset")
        for field in ("firstTimestamp", "lastTimestamp", "count", "source")
        if body.get(field)
    ]
    return errors
