"""Jobs and cron jobs: defaults, the selector that a job makes for itself, what stays.

Source: pkg/apis/batch/v1/defaults.go, pkg/registry/batch/job/strategy.go,
pkg/apis/batch/validation/validation.go.
"""

from __future__ import annotations

from typing import Any

from fake_cloud.kube_api.metadata import label_errors
from fake_cloud.kube_api.status_errors import (
    FieldError,
    invalid_value,
    not_supported,
    required,
)
from fake_cloud.kube_api.strategies.generic import Body, Strategy
from fake_cloud.kube_api.strategies.go_diff import go_form
from fake_cloud.kube_api.strategies.pods.defaults import default_pod_spec
from fake_cloud.kube_api.strategies.pods.validation import pod_spec_errors
from fake_cloud.kube_api.strategies.workload_validation import not_negative

IMMUTABLE = "field is immutable"
CONTROLLER = "batch.kubernetes.io/controller-uid"
NAME = "batch.kubernetes.io/job-name"
OLD = {CONTROLLER: "controller-uid", NAME: "job-name"}
"""Labels of pods with the names that they had before, which are set, too."""

COUNTS = (
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
)
DECLARATIVE = 37
"""From this minor on declarative validation, which comes last, asks for the schedule."""

CONCURRENCY = ("Allow", "Forbid", "Replace")
HISTORY = ("successfulJobsHistoryLimit", "failedJobsHistoryLimit")


class JobStrategy(Strategy):
    """Once, with six attempts, and with pods that are told from those of other jobs."""

    has_generation = True
    whole_first = True

    def default(self, body: Body) -> None:
        spec = body["spec"]
        default_pod_spec(spec["template"]["spec"])
        if "parallelism" not in spec:
            spec.setdefault("completions", 1)
            spec["parallelism"] = 1
        if "backoffLimit" not in spec:
            spec["backoffLimit"] = 2**31 - 1 if "backoffLimitPerIndex" in spec else 6
        spec.setdefault("completionMode", "NonIndexed")
        spec.setdefault("suspend", False)
        replaced = "Failed" if "podFailurePolicy" in spec else "TerminatingOrFailed"
        spec.setdefault("podReplacementPolicy", replaced)
        spec.setdefault("manualSelector", False)
        _take_labels(body)

    def prepare_create(self, body: Body) -> None:
        super().prepare_create(body)
        metadata, spec = body["metadata"], body["spec"]
        if spec["manualSelector"]:
            return
        labels = spec["template"]["metadata"].setdefault("labels", {})
        for label, value in ((NAME, metadata.get("name", "")), (CONTROLLER, metadata["uid"])):
            labels[label] = labels[OLD[label]] = value
        spec["selector"] = {"matchLabels": {CONTROLLER: metadata["uid"]}}
        _take_labels(body)

    def validate(self, body: Body) -> list[FieldError]:
        return not_negative(body["spec"], *COUNTS) + _template_errors(body["spec"]["template"])

    def validate_update(self, body: Body, old: Body) -> list[FieldError]:
        new, had = body["spec"], old["spec"]
        fixed = ["selector", "completionMode"]
        if had.get("completionMode") != "Indexed":
            fixed.insert(0, "completions")
        errors = [
            invalid_value(f"spec.{field}", new.get(field), IMMUTABLE)
            for field in fixed
            if new.get(field) != had.get(field)
        ]
        if new["template"] != had["template"] and not had.get("suspend"):
            struct: Any = self.resource.struct.fields["spec"].schema
            shown = go_form(struct.fields["template"].schema, new["template"])
            errors.append(invalid_value("spec.template", shown, IMMUTABLE))
        return errors


def _take_labels(job: Body) -> None:
    labels = job["spec"]["template"]["metadata"].get("labels")
    if labels and not job["metadata"].get("labels"):
        job["metadata"]["labels"] = dict(labels)


def _template_errors(template: Body) -> list[FieldError]:
    path = "spec.template"
    errors = label_errors(template["metadata"].get("labels", {}), f"{path}.labels")
    errors += pod_spec_errors(template["spec"], f"{path}.spec")
    if template["spec"].get("restartPolicy") == "Always":
        why = 'valid values: "OnFailure", "Never"'
        errors.append(required(f"{path}.spec.restartPolicy", why))
    return errors


class CronJobStrategy(Strategy):
    """Jobs again and again, beside each other unless that is forbidden."""

    has_generation = True
    whole_first = True

    def default(self, body: Body) -> None:
        spec = body["spec"]
        default_pod_spec(spec["jobTemplate"]["spec"]["template"]["spec"])
        if not spec.get("concurrencyPolicy"):
            spec["concurrencyPolicy"] = "Allow"
        spec.setdefault("suspend", False)
        for field, kept in zip(HISTORY, (3, 1), strict=True):
            spec.setdefault(field, kept)

    def validate(self, body: Body) -> list[FieldError]:
        spec, errors = body["spec"], []
        policy = spec["concurrencyPolicy"]
        if policy not in CONCURRENCY:
            errors.append(not_supported("spec.concurrencyPolicy", policy, CONCURRENCY))
        if not spec.get("schedule"):
            place = len(errors) if self.minor >= DECLARATIVE else 0
            errors.insert(place, required("spec.schedule"))
        return errors + not_negative(spec, "startingDeadlineSeconds", *HISTORY)
