"""Services, endpoints, ingresses."""

from __future__ import annotations

from typing import Any

from fake_cloud.kube_api.representations.cells import (
    NONE,
    SHOWN_AT_MOST,
    UNKNOWN,
    Body,
    age,
    labels,
    name_of,
    selector,
    some,
)
from fake_cloud.kube_api.representations.rows import Rows

DEFAULT_CLASS = "ingressclass.kubernetes.io/is-default-class"


def service(body: Body) -> list[Any]:
    spec: Body = body.get("spec", {})
    return [
        name_of(body),
        spec.get("type", ""),
        next(iter(spec.get("clusterIPs") or ()), NONE),
        _external(spec, body.get("status", {})),
        ",".join(_port(port) for port in spec.get("ports") or ()) or NONE,
        age(body),
        labels(spec.get("selector")),
    ]


def _external(spec: Body, status: Body) -> str:
    external = list(spec.get("externalIPs") or ())
    kind = spec.get("type")
    if kind == "ExternalName":
        return str(spec.get("externalName", ""))
    if kind == "LoadBalancer":
        return ",".join([*_ingress(status), *external]) or "<pending>"
    return (",".join(external) or NONE) if kind in ("ClusterIP", "NodePort") else UNKNOWN


def _ingress(status: Body) -> list[str]:
    points = status.get("loadBalancer", {}).get("ingress") or ()
    return sorted({one.get("ip") or one.get("hostname") or "" for one in points} - {""})


def _port(port: Body) -> str:
    node = f":{port['nodePort']}" if port.get("nodePort") else ""
    return f"{port['port']}{node}/{port.get('protocol', '')}"


def endpoints(body: Body) -> list[Any]:
    found: list[str] = []
    for subset in body.get("subsets") or ():
        addresses = [one["ip"] for one in subset.get("addresses") or ()]
        ports = subset.get("ports")
        found += [_joined(ip, port["port"]) for port in ports for ip in addresses] if ports else []
        found += [] if ports else addresses
    text = some(found, empty="") if body.get("subsets") else NONE
    return [name_of(body), text, age(body)]


def _joined(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def endpoint_slice(body: Body) -> list[Any]:
    ports = [str(one.get("port") or one.get("name") or "*") for one in body.get("ports") or ()]
    addresses = [a for one in body.get("endpoints") or () for a in one.get("addresses") or ()]
    return [name_of(body), body.get("addressType", ""), some(ports), some(addresses), age(body)]


def ingress(body: Body) -> list[Any]:
    spec: Body = body.get("spec", {})
    return [
        name_of(body),
        spec.get("ingressClassName") or NONE,
        _hosts(spec.get("rules") or ()),
        ",".join(_ingress(body.get("status", {}))),
        "80, 443" if spec.get("tls") else "80",
        age(body),
    ]


def _hosts(rules: Any) -> str:
    hosts = ",".join(rule["host"] for rule in rules[:SHOWN_AT_MOST] if rule.get("host"))
    more = len(rules) - SHOWN_AT_MOST
    return f"{hosts} + {more} more..." if hosts and more > 0 else hosts or "*"


def ingress_class(body: Body) -> list[Any]:
    spec: Body = body.get("spec", {})
    annotations = body["metadata"].get("annotations") or {}
    name = name_of(body)
    given = spec.get("parameters")
    group = f".{given['apiGroup']}" if given and given.get("apiGroup") else ""
    return [
        f"{name} (default)" if annotations.get(DEFAULT_CLASS) == "true" else name,
        spec.get("controller", ""),
        f"{given['kind']}{group}/{given['name']}" if given else NONE,
        age(body),
    ]


def network_policy(body: Body) -> list[Any]:
    return [name_of(body), selector(body.get("spec", {}).get("podSelector")), age(body)]


def service_cidr(body: Body) -> list[Any]:
    return [name_of(body), ",".join(body.get("spec", {}).get("cidrs") or ()), age(body)]


def ip_address(body: Body) -> list[Any]:
    parent = body.get("spec", {}).get("parentRef") or {}
    group = f".{parent['group']}" if parent.get("group") else ""
    path = (parent.get("namespace"), parent.get("name"))
    kind = f"{parent.get('resource', '')}{group}".lower()
    text = "/".join([kind, *(part for part in path if part)])
    return [name_of(body), text or NONE, age(body)]


ROWS: Rows = {
    "services": service,
    "endpoints": endpoints,
    "endpointslices.discovery.k8s.io": endpoint_slice,
    "ingresses.networking.k8s.io": ingress,
    "ingressclasses.networking.k8s.io": ingress_class,
    "networkpolicies.networking.k8s.io": network_policy,
    "servicecidrs.networking.k8s.io": service_cidr,
    "ipaddresses.networking.k8s.io": ip_address,
}
