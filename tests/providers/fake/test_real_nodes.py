from __future__ import annotations

from contextlib import closing

from conformance.contracts.instances import AddressType
from conformance.contracts.kubernetes import NODES, RUN_LABEL
from fake_cloud.cloud import Account, AccountSettings, Owner
from fake_cloud.kube_api.server import KubeApi
from providers.fake.real_nodes import register_nodes


def test_a_node_of_the_run_becomes_an_instance_with_its_own_address() -> None:
    with closing(KubeApi()) as api:
        kube = api.client()
        status = {"addresses": [{"type": "InternalIP", "address": "172.18.0.2"}]}
        for name, run_id in (("ours", "0badcafe"), ("foreign", "other")):
            metadata = {"name": name, "labels": {RUN_LABEL: run_id}}
            node = {"apiVersion": "v1", "kind": "Node", "metadata": metadata, "status": status}
            kube.create(NODES, node)
        owner = Owner(Account(AccountSettings()))
        register_nodes(owner, kube, "0badcafe")
    (instance,) = owner.list()
    internal = [one.address for one in instance.addresses if one.type is AddressType.INTERNAL_IP]
    assert (instance.node_name, internal) == ("ours", ["172.18.0.2"])
