"""The fake provider: what it declares, what it starts, what can be planted in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from conformance.api import (
    RUN_LABEL,
    Cluster,
    Fault,
    InstanceShape,
    Ledger,
    Loop,
    Need,
    NodeShape,
    Offer,
    Parts,
    Provider,
    ProviderOptions,
    Setting,
    Subject,
)
from conformance.capabilities import check_declared
from conformance.contracts.clusters import KubernetesDisturbance
from conformance.contracts.kubernetes import NODES
from fake_cloud.defects import DEFECTS
from fake_cloud.loops.taints import UNINITIALIZED, has_taint
from fake_cloud.variants import VARIANTS
from providers.fake.adapter import FakeProvider
from providers.fake.cloud_controller import blueprint_for
from tests.fake_cloud.hooked_kube import HookedKube


@dataclass
class SmallCluster:
    kube: HookedKube
    kubeconfig: Path
    version: str = "v1.37"
    disturbance: KubernetesDisturbance | None = None
    audit: None = None

    @property
    def subject_kube(self) -> HookedKube:
        return self.kube

    @property
    def subject_kubeconfig(self) -> Path:
        return self.kubeconfig

    def kubeconfig_for(self, user: str, groups: Sequence[str] = ()) -> Path:
        raise AssertionError(f"nobody starts a subject as {user} in {groups}")


@dataclass
class SmallParts:
    folder: Path
    kube: HookedKube
    setting: Setting = Setting.DEFAULT
    run_id: str = "run1"

    @property
    def ledger(self) -> Ledger:
        raise AssertionError("the fake makes nothing that outlives its process")

    def cluster(self) -> Cluster:
        return SmallCluster(self.kube, self.folder / "kubeconfig")


@pytest.fixture
def kube() -> Iterator[HookedKube]:
    kube = HookedKube()
    yield kube
    kube.close()


@contextmanager
def started(
    folder: Path, kube: HookedKube, setting: Setting = Setting.DEFAULT, variant: str = ""
) -> Iterator[Offer]:
    options = ProviderOptions(variant=variant)
    start = FakeProvider().subjects(options)[Subject.CLOUD_CONTROLLER]
    with start(cast("Parts", SmallParts(folder, kube, setting)), options) as offer:
        assert offer.journal is not None
        stop = offer.journal.subscribe(kube.ring)
        yield offer
        stop()


def joined(offer: Offer, kube: HookedKube) -> str:
    assert offer.control is not None
    assert offer.kubelet is not None
    name = offer.control.create(InstanceShape()).node_name
    offer.kubelet.join(name, NodeShape(labels={RUN_LABEL: "run1"}))
    kube.wait_for(lambda: not has_taint(kube.get(NODES, name), UNINITIALIZED))
    return name


def test_it_declares_what_it_has() -> None:
    provider: Provider = FakeProvider()
    options = ProviderOptions()
    check_declared(provider.capabilities)
    assert provider.needs(options) >= {Need.DISTURB, Need.PROCESS}
    assert provider.faults(options) == set(Fault)
    assert set(provider.subjects(options)) == {Subject.CLOUD_CONTROLLER}


def test_it_serves_every_need_that_it_declares(tmp_path: Path, kube: HookedKube) -> None:
    with started(tmp_path, kube) as offer:
        assert offer.missing(FakeProvider().needs(ProviderOptions())) == frozenset()


def test_a_node_of_the_run_is_initialized_and_a_strangers_is_not(
    tmp_path: Path, kube: HookedKube
) -> None:
    with started(tmp_path, kube) as offer:
        assert offer.control is not None
        assert offer.kubelet is not None
        stranger = offer.control.create(InstanceShape()).node_name
        offer.kubelet.join(stranger, NodeShape(ready=False))
        name = joined(offer, kube)
        assert name.startswith("run1-")
        assert has_taint(kube.get(NODES, stranger), UNINITIALIZED)


def test_the_subject_is_gone_afterwards(tmp_path: Path, kube: HookedKube) -> None:
    with started(tmp_path, kube) as offer:
        process = offer.process
        assert process is not None
        assert process.alive
    assert not process.alive


def test_the_address_period_can_be_out_of_the_way(tmp_path: Path, kube: HookedKube) -> None:
    with started(tmp_path, kube, Setting.ADDRESS_PERIOD_LONG) as offer:
        assert offer.journal is not None
        assert offer.kubelet is not None
        name = joined(offer, kube)
        offer.kubelet.set_ready(name, False)

        def asked() -> list[Loop]:
            assert offer.journal is not None
            return [call.caller for call in offer.journal.calls()]

        kube.wait_for(lambda: asked().count(Loop.NODE_LIFECYCLE) > 5)
        assert asked().count(Loop.NODE_ADDRESSES) <= 1  # the round at its start


def test_the_unmanaged_mark_is_the_providers_own(tmp_path: Path, kube: HookedKube) -> None:
    with started(tmp_path, kube) as offer:
        assert offer.kubelet is not None
        labels = {RUN_LABEL: "run1"}
        offer.kubelet.join("marked", NodeShape(unmanaged=True, ready=False, labels=labels))
        joined(offer, kube)
        assert has_taint(kube.get(NODES, "marked"), UNINITIALIZED)


def test_what_is_asked_for_is_planted(tmp_path: Path, kube: HookedKube) -> None:
    with started(tmp_path, kube, variant="extra-node-annotation") as offer:
        name = joined(offer, kube)
        annotations = kube.get(NODES, name)["metadata"]["annotations"]
        assert "fake.example/initialized-by" in annotations


@pytest.mark.parametrize(
    "options", [ProviderOptions(defect="nonsense"), ProviderOptions(variant="nonsense")]
)
def test_an_unknown_plant_is_refused(options: ProviderOptions) -> None:
    with pytest.raises(ValueError, match="'nonsense'; known: "):
        blueprint_for(Setting.DEFAULT, options)


def test_the_provider_shows_what_it_can_plant() -> None:
    assert FakeProvider.defects is DEFECTS
    assert FakeProvider.variants is VARIANTS
