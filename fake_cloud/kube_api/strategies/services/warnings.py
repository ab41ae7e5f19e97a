"""What a writer of a Service is warned about (pkg/api/service/warnings.go)."""

from __future__ import annotations

from typing import Any

from fake_cloud.kube_api.strategies.services.types import headless

Body = dict[str, Any]


def service_warnings(spec: Body, *, deprecated: bool) -> list[str]:
    """`deprecated`: this minor warns about externalIPs."""
    named, bare = spec.get("type") == "ExternalName", headless(spec)
    ips = bool(spec.get("externalIPs"))
    affinity = spec.get("sessionAffinity") != "None"
    checks = (
        (
            bare and spec.get("loadBalancerIP"),
            "spec.loadBalancerIP is ignored for headless services",
        ),
        (bare and ips, "spec.externalIPs is ignored for headless services"),
        (bare and affinity, "spec.SessionAffinity is ignored for headless services"),
        (
            ips and deprecated and not bare and not named,
            "spec.externalIPs is deprecated and may no longer be implemented in some clusters",
        ),
        (named and ips, 'spec.externalIPs is ignored when spec.type is "ExternalName"'),
        (
            not named and spec.get("externalName"),
            'spec.externalName is ignored when spec.type is not "ExternalName"',
        ),
        (
            spec.get("trafficDistribution") == "PreferClose",
            'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"',
        ),
    )
    return [text for holds, text in checks if holds]
