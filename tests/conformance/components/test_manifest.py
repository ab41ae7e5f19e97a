"""The pins, and what names mean."""

from __future__ import annotations

import pytest

from conformance.components.manifest import (
    components,
    find_component,
    kubernetes_minors,
    minor_of,
    pinned_minor,
)
from conformance.errors import UnknownName, UsageError


def test_every_package_lies_in_its_module_and_is_named_like_its_component() -> None:
    for name, component in components().items():
        inside = f"{component.package}/".startswith(f"{component.module}/")
        assert inside != bool(component.source)
        assert all(version.startswith("v") for version in component.versions)
        assert component.name == name


def test_the_servers_of_one_cluster_have_the_same_pins() -> None:
    known = components()
    assert known["kube-apiserver"].versions == known["kube-controller-manager"].versions


def test_minors_are_selectable_newest_first() -> None:
    assert list(kubernetes_minors()) == ["1.37", "1.36", "1.35"]
    assert kubernetes_minors()["1.36"] == "v1.36.3"
    assert pinned_minor("") == "1.37"
    assert pinned_minor("1.35") == "1.35"
    assert minor_of("v1.37.2+embedded") == "1.37"
    with pytest.raises(UsageError, match=r"--kubernetes 2\.0: .*known: 1\.37, 1\.36, 1\.35"):
        pinned_minor("2.0")


def test_a_name_may_carry_a_pinned_version() -> None:
    assert find_component("etcd")[1] == "v3.7.0"
    assert find_component("kube-apiserver@v1.35.4")[1] == "v1.35.4"
    with pytest.raises(UnknownName, match=r"'v9' is not pinned; pinned: v1\.37\.2"):
        find_component("kube-apiserver@v9")
    with pytest.raises(UnknownName, match="unknown component 'kubelet'; known: kube-apiserver"):
        find_component("kubelet")
