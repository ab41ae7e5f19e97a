"""Defaults of pod specs, in pods and in templates.

Source: SetDefaults_PodSpec, _Pod, _Container, _Probe and neighbours in
pkg/apis/core/v1/defaults.go.
"""

from __future__ import annotations

from typing import Any

from fake_cloud.kube_api.strategies.volumes.sources import default_sources

Body = dict[str, Any]

PROBE = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
FILE_MODE = 0o644


def default_pod_spec(spec: Body) -> None:
    """What holds for pods and for templates."""
    account = spec.get("serviceAccountName") or spec.get("serviceAccount")
    if account:
        spec["serviceAccountName"] = spec["serviceAccount"] = account
    spec.setdefault("dnsPolicy", "ClusterFirst")
    spec.setdefault("restartPolicy", "Always")
    spec.setdefault("securityContext", {})
    spec.setdefault("terminationGracePeriodSeconds", 30)
    spec.setdefault("schedulerName", "default-scheduler")
    for container in _containers(spec):
        _default_container(container)
    for volume in spec.get("volumes", []):
        _default_volume(volume)


def default_pod(spec: Body) -> None:
    """What holds for pods alone: requests follow limits."""
    default_pod_spec(spec)
    spec.setdefault("enableServiceLinks", True)
    for container in _containers(spec):
        limits = container.get("resources", {}).get("limits")
        if limits:
            requests = container["resources"].setdefault("requests", {})
            for name, quantity in limits.items():
                requests.setdefault(name, quantity)


def _containers(spec: Body) -> list[Body]:
    kinds = ("initContainers", "containers", "ephemeralContainers")
    return [container for kind in kinds for container in spec.get(kind) or ()]


def _default_container(container: Body) -> None:
    image = container.get("image", "")
    tagged = ":" in image.rpartition("/")[2] or "@" in image
    latest = image.endswith(":latest") or not tagged
    container.setdefault("imagePullPolicy", "Always" if latest else "IfNotPresent")
    container.setdefault("terminationMessagePath", "/dev/termination-log")
    container.setdefault("terminationMessagePolicy", "File")
    for port in container.get("ports", []):
        port.setdefault("protocol", "TCP")
    for name in PROBES:
        if name in container:
            container[name] = PROBE | container[name]
            if "httpGet" in container[name]:
                container[name]["httpGet"].setdefault("path", "/")
                container[name]["httpGet"].setdefault("scheme", "HTTP")
    for variable in container.get("env", []):
        reference = variable.get("valueFrom", {}).get("fieldRef")
        if reference is not None:
            reference.setdefault("apiVersion", "v1")


def _default_volume(volume: Body) -> None:
    if len(volume) == 1:
        volume["emptyDir"] = {}
    default_sources(volume)
    for source in ("secret", "configMap", "downwardAPI", "projected"):
        if source in volume:
            volume[source].setdefault("defaultMode", FILE_MODE)
