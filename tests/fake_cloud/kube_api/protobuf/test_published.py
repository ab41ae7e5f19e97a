"""Our .proto files against those of Kubernetes, and against bodies that its own code wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from conformance.components.manifest import kubernetes_minors
from fake_cloud.kube_api import protobuf
from fake_cloud.kube_api.protobuf.envelope import message_of, open_envelope, write_object
from fake_cloud.kube_api.protobuf.generate import compact
from fake_cloud.kube_api.protobuf.proto_file import Messages, read_proto
from tests.fake_cloud.kube_api.protobuf.conftest import Module

pytestmark = pytest.mark.real

NEWEST, *OLDER = kubernetes_minors().values()
OURS = Path(str(files(protobuf).joinpath("proto/k8s.io")))
FOLDERS = sorted(str(p.parent.relative_to(OURS)) for p in OURS.glob("**/generated.proto"))
TAKEN_BACK = {
    "Device.nodeAllocatableResourceMappings",
    "NodeAllocatableResourceClaimStatus.resources",
    "NodeAllocatableResourceMapping.allocationMultiplier",
    "NodeAllocatableResourceMapping.capacityKey",
    "PodSpec.workloadRef",
    "PodStatusResult.metadata",
    "PodStatusResult.status",
    "WorkloadReference.name",
    "WorkloadReference.podGroup",
    "WorkloadReference.podGroupReplicaKey",
}
"""What older minors had besides: fields of alpha features, and a kind that was never served."""

BODIES = (("k8s.io/api", "testdata"), ("k8s.io/apiextensions-apiserver", "pkg/apis/testdata"))
OTHERS = {"/", "admission.k8s.io/v1/AdmissionReview", "apidiscovery.k8s.io/v2/APIGroupDiscovery"}
"""Stable kinds that no client sends to a server, and options that stand in queries."""


def published(go_module: Module, folder: str, release: str) -> Path:
    module, _, below = folder.partition("/")
    return go_module(f"k8s.io/{module}", release) / below


def shapes(messages: Messages) -> dict[str, tuple[int, str, str]]:
    """Number, type and label of each field, by its full name."""
    return {
        f"{name}.{field.name}": (number, field.type, field.label)
        for name, fields in messages.items()
        for number, field in fields.items()
    }


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_newest_files_are_those_that_are_published(folder: str, go_module: Module) -> None:
    theirs = published(go_module, folder, NEWEST)
    ours = (OURS / folder / "generated.proto").read_text()
    assert ours == compact(theirs)
    assert shapes(read_proto(ours)) == shapes(read_proto((theirs / "generated.proto").read_text()))


@pytest.mark.parametrize("release", OLDER)
def test_older_minors_have_nothing_else(release: str, go_module: Module) -> None:
    for folder in FOLDERS:
        path = published(go_module, folder, release) / "generated.proto"
        theirs = shapes(read_proto(path.read_text())) if path.is_file() else {}
        ours = shapes(read_proto((OURS / folder / "generated.proto").read_text()))
        assert {name for name, shape in theirs.items() if ours.get(name) != shape} <= TAKEN_BACK


def test_bodies_that_go_wrote_are_read_as_go_reads_them(go_module: Module) -> None:
    """One object of each kind with every field set, in protobuf and in JSON."""
    left_out = set()
    for path, wanted in bodies(go_module):
        envelope = open_envelope(path.read_bytes())
        names = {"apiVersion": envelope.api_version, "kind": envelope.kind}
        try:
            message = message_of(envelope.api_version, envelope.kind)
        except KeyError:
            left_out.add(f"{envelope.api_version}/{envelope.kind}")
            continue
        seen = {**names, **message.read(envelope.raw)}
        assert seen == wanted, path
        again = open_envelope(write_object(seen))
        assert {**names, **message.read(again.raw)} == seen, path
    assert {name for name in left_out if "alpha" not in name and "beta" not in name} == OTHERS


def bodies(go_module: Module) -> Iterator[tuple[Path, Any]]:
    for module, folder in BODIES:
        for path in sorted((go_module(module, NEWEST) / folder).glob("HEAD/*.pb")):
            yield path, json.loads(path.with_suffix(".json").read_text())
