"""Pods, workloads and volumes that several tests create, and where they are served."""

from __future__ import annotations

from typing import Any

from conformance.contracts.kubernetes import KubeClient, PatchType, Resource

PODS = Resource("", "v1", "pods", "Pod", namespaced=True)
VOLUMES = Resource("", "v1", "persistentvolumes", "PersistentVolume", namespaced=False)
CLAIMS = Resource("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", namespaced=True)
CLASSES = Resource("storage.k8s.io", "v1", "storageclasses", "StorageClass", namespaced=False)
DEPLOYMENTS = Resource("apps", "v1", "deployments", "Deployment", namespaced=True)
BUDGETS = Resource("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", namespaced=True)

Body = dict[str, Any]


def pod(name: str = "one", labels: dict[str, str] | None = None, **spec: Any) -> Body:
    container = {"name": "main", "image": "example.com/main:1"}
    metadata = {"name": name, "labels": labels or {}}
    return {"metadata": metadata, "spec": {"containers": [container], **spec}}


def deployment(name: str = "one", **spec: Any) -> Body:
    template = pod(labels={"app": name})
    del template["metadata"]["name"]
    selector = {"matchLabels": {"app": name}}
    return {
        "metadata": {"name": name},
        "spec": {"selector": selector, "template": template, **spec},
    }


def volume(name: str = "one", **spec: Any) -> Body:
    source = {"csi": {"driver": "csi.example.com", "volumeHandle": name}}
    common = {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"]}
    return {"metadata": {"name": name}, "spec": {**common, **source, **spec}}


def claim(name: str = "one", **spec: Any) -> Body:
    resources = {"requests": {"storage": "1Gi"}}
    common = {"accessModes": ["ReadWriteOnce"], "resources": resources}
    return {"metadata": {"name": name}, "spec": {**common, **spec}}


def set_status(
    kube: KubeClient, resource: Resource, name: str, namespace: str | None = None, **status: Any
) -> Body:
    """Merge into the status."""
    patch = {"status": status}
    return kube.patch(
        resource, name, patch, namespace, patch_type=PatchType.MERGE, subresource="status"
    )
