"""What the made-up requests say about Nodes, Services, ConfigMaps and Leases.

Most of it is right, some of it is refused; all of it has the types that the Go structs have.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Body = dict[str, Any]
Bodies = st.SearchStrategy[Any]

TIME, MICRO = "2020-01-02T03:04:05Z", "2020-01-02T03:04:05.000006Z"


def some(**optional: Bodies) -> Bodies:
    """Any of these fields."""
    return st.fixed_dictionaries({}, optional=optional)


def one_of(*values: Any) -> Bodies:
    return st.sampled_from(values)


def seldom(usual: Bodies, *odd: Any) -> Bodies:
    """An odd value now and then: what is refused changes nothing, and ends a story early."""
    return st.integers(0, 11).flatmap(lambda n: one_of(*odd) if n == 0 else usual)


LABELS = seldom(
    one_of({"seq": "s{n}"}, {"seq": "s{n}", "x": "1"}, {"seq": "s{n}", "x": "", "y.z/w": "2"}),
    {"x": "-bad"}, {"-bad": "x"}, {"seq": "s{n}", "a/b/c": "x"},
)  # fmt: skip
FINALIZERS = seldom(
    one_of(["example.com/f"], ["example.com/f", "example.com/g"], []), ["unqualified"]
)
METADATA = st.fixed_dictionaries(
    {"labels": LABELS},
    optional={
        "annotations": one_of({"a": "1"}, {"a": "2", "b.c/d": "x" * 20}, {}),
        "finalizers": FINALIZERS,
        "generation": one_of(7),
        "unheardOf": one_of("x"),
        "deletionGracePeriodSeconds": one_of(3),
        "creationTimestamp": one_of(TIME),
    },
)

CONFIG_MAP = some(
    data=seldom(one_of({"k": "v"}, {"k": "w", "l": ""}, {}), {"a/b": "v"}, {"k" * 254: "v"}),
    binaryData=seldom(one_of({"b": "AAE="}, {"c": ""}), {"k": "AAE="}),
    immutable=seldom(one_of(False), True),
)

LEASE_SPEC = some(
    holderIdentity=seldom(one_of("me", "you"), ""),
    leaseDurationSeconds=seldom(one_of(15, 20), 0, -1),
    acquireTime=one_of(MICRO, "2020-01-02T04:04:05.000006+01:00"),
    renewTime=one_of(MICRO),
    leaseTransitions=seldom(one_of(0, 3), -1),
)

PORTS = seldom(
    one_of(
        [{"port": 80}],
        [{"name": "h", "port": 80, "targetPort": "http"}, {"name": "s", "port": 443}],
        [{"name": "u", "port": 53, "protocol": "UDP"}, {"name": "t", "port": 53}],
        [{"port": 80, "appProtocol": "example.com/x"}],
    ),
    [], [{"port": 0}], [{"port": 80}, {"port": 81}], [{"port": 80, "protocol": "tcp"}],
    [{"port": 80, "targetPort": "x_y"}], [{"port": 80, "nodePort": 80}],
    [{"name": "a", "port": 80}, {"name": "a", "port": 81}],
    [{"name": "a", "port": 80}, {"name": "b", "port": 80}],
)  # fmt: skip
SERVICE_SPEC = st.fixed_dictionaries(
    {"ports": PORTS},
    optional={
        "type": seldom(one_of("ClusterIP", "NodePort", "LoadBalancer"), "ExternalName", "Other"),
        "selector": seldom(one_of({"app": "a"}, {}), {"app": "-"}),
        "clusterIP": seldom(one_of("None"), "10.96.0.300", "192.168.1.1", ""),
        "externalTrafficPolicy": seldom(one_of("Cluster", "Local"), "Other"),
        "internalTrafficPolicy": seldom(one_of("Cluster", "Local"), "Other"),
        "sessionAffinity": seldom(one_of("None", "ClientIP"), "Other"),
        "allocateLoadBalancerNodePorts": one_of(True, False),
        "loadBalancerClass": seldom(one_of("example.com/lb"), "-"),
        "loadBalancerSourceRanges": seldom(one_of(["10.0.0.0/8"]), ["10.0.0.0"]),
        "externalIPs": seldom(one_of(["198.51.100.7"]), ["x"], ["127.0.0.1"]),
        "loadBalancerIP": one_of("198.51.100.8"),
        "publishNotReadyAddresses": one_of(True, False),
        "ipFamilyPolicy": seldom(one_of("SingleStack"), "PreferDualStack", "Other"),
        "externalName": one_of("example.com", ""),
    },
)
SERVICE_STATUS = some(
    loadBalancer=seldom(
        one_of(
            {},
            {"ingress": [{"ip": "198.51.100.9"}]},
            {"ingress": [{"hostname": "lb.example.com"}]},
            {
                "ingress": [
                    {
                        "ip": "198.51.100.9",
                        "ipMode": "Proxy",
                        "ports": [{"port": 80, "protocol": "TCP"}],
                    }
                ]
            },
        ),
        {"ingress": [{"ip": "x"}]},
        {"ingress": [{"ip": "198.51.100.9", "ipMode": "Other"}]},
        {"ingress": [{"hostname": "198.51.100.9"}]},
    ),
    conditions=seldom(
        one_of(
            [
                {
                    "type": "T",
                    "status": "True",
                    "lastTransitionTime": TIME,
                    "reason": "R",
                    "message": "",
                }
            ]
        ),
        [
            {
                "type": "T",
                "status": "Maybe",
                "lastTransitionTime": TIME,
                "reason": "R",
                "message": "",
            }
        ],
    ),
)

TAINT = "node.cloudprovider.kubernetes.io/uninitialized"
NODE_SPEC = some(
    podCIDR=seldom(one_of("10.1.0.0/24"), "10.2.0.0/24", "x"),
    podCIDRs=seldom(one_of(["10.1.0.0/24"]), ["10.3.0.0/24"], ["x"]),
    providerID=seldom(one_of("fake:///a"), "fake:///b"),
    unschedulable=one_of(True, False),
    taints=seldom(
        one_of(
            [],
            [{"key": TAINT, "value": "true", "effect": "NoSchedule"}],
            [
                {"key": "a", "effect": "NoExecute", "timeAdded": TIME},
                {"key": "b", "effect": "NoSchedule"},
            ],
        ),
        [{"key": "a", "effect": "Never"}],
        [{"key": "", "effect": "NoSchedule"}],
        [{"key": "a", "effect": "NoSchedule"}, {"key": "a", "effect": "NoSchedule", "value": "x"}],
    ),
)
CONDITION = {"type": "Ready", "lastHeartbeatTime": TIME, "lastTransitionTime": TIME, "reason": "R"}
NODE_STATUS = some(
    capacity=seldom(one_of({"cpu": "2", "memory": "1Gi"}, {"cpu": "2000m"}), {"cpu": "-1"}),
    allocatable=one_of({"cpu": "1500m"}),
    addresses=one_of(
        [],
        [{"type": "InternalIP", "address": "10.0.0.1"}, {"type": "Hostname", "address": "h"}],
        [
            {"type": "InternalIP", "address": "10.0.0.1"},
            {"type": "InternalIP", "address": "fd00::1"},
        ],
    ),
    conditions=one_of(
        [{**CONDITION, "status": "True"}], [{**CONDITION, "status": "False", "message": "m"}]
    ),
    nodeInfo=one_of({"kubeletVersion": "v1.37.2", "osImage": "x"}),
    daemonEndpoints=one_of({"kubeletEndpoint": {"Port": 10250}}),
    images=one_of([{"names": ["a:b"], "sizeBytes": 2**40}]),
    volumesInUse=one_of(["kubernetes.io/csi/x"]),
)

BODIES: dict[str, Bodies] = {
    "ConfigMap": st.builds(
        lambda metadata, body: {"metadata": metadata, **body}, METADATA, CONFIG_MAP
    ),
    "Lease": st.fixed_dictionaries({"metadata": METADATA}, optional={"spec": LEASE_SPEC}),
    "Service": st.fixed_dictionaries(
        {"metadata": METADATA, "spec": SERVICE_SPEC}, optional={"status": SERVICE_STATUS}
    ),
    "Node": st.fixed_dictionaries(
        {"metadata": METADATA}, optional={"spec": NODE_SPEC, "status": NODE_STATUS}
    ),
}

METADATA_MERGES = one_of(
    {"labels": {"x": "1"}},
    {"labels": {"x": None}},
    {"labels": {"seq": None}},
    {"labels": None},
    {"annotations": {"p": "q"}},
    {"annotations": None},
    {"finalizers": ["example.com/h"]},
    {"finalizers": None},
    {"name": "other"},
    {"uid": "other"},
    {"resourceVersion": "1"},
    {"ownerReferences": [{"apiVersion": "v1", "kind": "ConfigMap", "name": "o"}]},
)


def merged(**parts: Bodies) -> Bodies:
    return st.one_of(METADATA_MERGES.map(lambda metadata: {"metadata": metadata}), some(**parts))


MERGE_PATCHES: dict[str, Bodies] = {
    "ConfigMap": merged(
        data=one_of({"k": "patched"}, {"k": None}, None), immutable=one_of(None, True)
    ),
    "Lease": merged(spec=st.one_of(LEASE_SPEC, one_of(None, {"holderIdentity": None}))),
    "Service": merged(
        spec=st.one_of(
            SERVICE_SPEC,
            one_of(
                {"type": "LoadBalancer"},
                {"type": "ClusterIP"},
                {"ports": None},
                {"selector": None},
                {"clusterIP": None},
                {"externalTrafficPolicy": "Local"},
            ),
        ),
        status=SERVICE_STATUS,
    ),
    "Node": merged(
        spec=st.one_of(NODE_SPEC, one_of(None, {"taints": None}, {"unschedulable": None})),
        status=NODE_STATUS,
    ),
}
STRATEGIC: dict[str, Bodies] = {
    "ConfigMap": one_of(
        {"data": {"$patch": "replace", "only": "x"}}, {"data": {"$patch": "delete"}}
    ),
    "Lease": one_of({"spec": {"$patch": "replace", "holderIdentity": "p"}}),
    "Service": one_of(
        {"spec": {"ports": [{"port": 80, "name": "h", "targetPort": 8080}]}},
        {"spec": {"ports": [{"port": 443, "$patch": "delete"}]}},
        {"spec": {"ports": [{"$patch": "replace"}, {"port": 81}]}},
        {
            "spec": {
                "$setElementOrder/ports": [{"port": 443}, {"port": 80}],
                "ports": [{"port": 80, "name": "z"}],
            }
        },
        {
            "status": {
                "conditions": [
                    {
                        "type": "T",
                        "status": "False",
                        "lastTransitionTime": TIME,
                        "reason": "P",
                        "message": "m",
                    }
                ]
            }
        },
    ),
    "Node": one_of(
        {"status": {"conditions": [{**CONDITION, "type": "Other", "status": "Unknown"}]}},
        {"status": {"conditions": [{"type": "Ready", "$patch": "delete"}]}},
        {"status": {"addresses": [{"type": "Hostname", "address": "i"}]}},
        {
            "status": {
                "$setElementOrder/addresses": [{"type": "InternalIP"}, {"type": "Hostname"}],
                "addresses": [{"type": "ExternalIP", "address": "198.51.100.1"}],
            }
        },
        {
            "status": {
                "addresses": [{"$patch": "replace"}, {"type": "InternalIP", "address": "10.0.0.2"}]
            }
        },
        {"spec": {"taints": [{"key": "c", "effect": "NoSchedule"}]}},
        {"spec": {"podCIDRs": ["10.1.0.0/24"], "podCIDR": "10.1.0.0/24"}},
        {"metadata": {"$deleteFromPrimitiveList/finalizers": ["example.com/f"]}},
        {"metadata": {"$retainKeys": ["labels"], "labels": {"x": "1"}}},
    ),
}
STRATEGIC_PATCHES: dict[str, Bodies] = {
    kind: st.one_of(STRATEGIC[kind], patches) for kind, patches in MERGE_PATCHES.items()
}

PATHS: dict[str, tuple[str, ...]] = {
    "ConfigMap": ("/data/k", "/data", "/binaryData/b", "/immutable"),
    "Lease": ("/spec/holderIdentity", "/spec", "/spec/leaseTransitions"),
    "Service": ("/spec/ports/0/name", "/spec/ports/-", "/spec/ports/1", "/spec/type", "/status"),
    "Node": ("/spec/taints/0", "/spec/taints/-", "/spec/unschedulable", "/status/conditions/0"),
}
COMMON_PATHS = (
    "/metadata/labels/x",
    "/metadata/finalizers/0",
    "/metadata/annotations",
    "/kind",
    "/nothing/here",
)
VALUES: tuple[Any, ...] = (
    "x",
    "1",
    True,
    3,
    None,
    {},
    [],
    {"port": 8080, "name": "j"},
    {"key": "j", "effect": "NoSchedule"},
)


def operations(kind: str) -> Bodies:
    path = one_of(*PATHS[kind], *COMMON_PATHS)
    return st.lists(
        st.one_of(
            st.fixed_dictionaries(
                {"op": one_of("add", "replace", "test"), "path": path, "value": one_of(*VALUES)}
            ),
            st.fixed_dictionaries({"op": one_of("remove"), "path": path}),
            st.fixed_dictionaries({"op": one_of("copy", "move"), "from": path, "path": path}),
        ),
        min_size=1,
        max_size=3,
    )


JSON_PATCHES: dict[str, Bodies] = {kind: operations(kind) for kind in PATHS}
