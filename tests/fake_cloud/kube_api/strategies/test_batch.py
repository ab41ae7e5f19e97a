from __future__ import annotations

import pytest

from conformance.contracts.kubernetes import Invalid, KubeClient, Resource
from tests.fake_cloud.kube_api.kinds import Body, pod

JOBS = Resource("batch", "v1", "jobs", "Job", namespaced=True)
CRON_JOBS = Resource("batch", "v1", "cronjobs", "CronJob", namespaced=True)


def job(**spec: object) -> Body:
    template = {"spec": pod(restartPolicy="Never")["spec"]}
    return {"metadata": {"name": "one"}, "spec": {"template": template, **spec}}


def test_a_job_selects_pods_by_its_own_uid(kube: KubeClient) -> None:
    created = kube.create(JOBS, job(), "default")
    label = {"batch.kubernetes.io/controller-uid": created["metadata"]["uid"]}
    assert created["spec"]["selector"] == {"matchLabels": label}
    assert created["spec"]["template"]["metadata"]["labels"].items() >= label.items()
    assert created["metadata"]["labels"]["job-name"] == "one"


def test_a_job_may_bring_its_own_selector(kube: KubeClient) -> None:
    selector = {"matchLabels": {"a": "b"}}
    created = kube.create(JOBS, job(manualSelector=True, selector=selector), "default")
    assert created["spec"]["selector"] == selector


def test_completions_stay_and_parallelism_may_change(kube: KubeClient) -> None:
    kube.create(JOBS, job(), "default")
    kube.patch(JOBS, "one", {"spec": {"parallelism": 2}}, "default")
    with pytest.raises(Invalid, match=r"spec\.completions: .*field is immutable"):
        kube.patch(JOBS, "one", {"spec": {"completions": 2}}, "default")


def test_pods_of_a_job_are_not_restarted_for_ever(kube: KubeClient) -> None:
    with pytest.raises(Invalid, match='valid values: "OnFailure", "Never"'):
        kube.create(JOBS, job(template={"spec": pod()["spec"]}), "default")


def test_a_cron_job_keeps_some_of_its_jobs(kube: KubeClient) -> None:
    spec = {"schedule": "* * * * *", "jobTemplate": {"spec": job()["spec"]}}
    created = kube.create(CRON_JOBS, {"metadata": {"name": "one"}, "spec": spec}, "default")["spec"]
    assert (created["successfulJobsHistoryLimit"], created["failedJobsHistoryLimit"]) == (3, 1)
    assert created["concurrencyPolicy"] == "Allow"


def test_a_job_without_a_name_is_refused(kube: KubeClient) -> None:
    with pytest.raises(Invalid, match="name or generateName is required"):
        kube.create(JOBS, {**job(), "metadata": {}}, "default")
