"""kubectl apply --server-side."""

from __future__ import annotations

from tests.fake_cloud.kube_api.kubectl.program import Kubectl

MANIFEST = """\
apiVersion: v1
kind: ConfigMap
metadata: {{name: one}}
data: {{key: {value}}}
"""
APPLY = ("apply", "--server-side", "-f", "-")


def test_manifests_are_applied_by_the_server(kubectl: Kubectl) -> None:
    for value in ("first", "first", "second"):
        assert "serverside-applied" in kubectl(*APPLY, stdin=MANIFEST.format(value=value))
    assert kubectl.read("cm", "one")["data"] == {"key": "second"}


def test_fields_of_another_manager_are_a_conflict(kubectl: Kubectl) -> None:
    kubectl(*APPLY, stdin=MANIFEST.format(value="first"))
    other = ("--field-manager=other", *APPLY[1:])
    manifest = MANIFEST.format(value="second")
    assert 'conflict with "kubectl": .data.key' in kubectl("apply", *other, stdin=manifest, code=1)
    kubectl("apply", *other, "--force-conflicts", stdin=manifest)
    managers = kubectl.read("cm", "one", "--show-managed-fields")["metadata"]["managedFields"]
    assert [one["manager"] for one in managers] == ["other"]


def test_what_the_client_applied_is_taken_over(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=MANIFEST.format(value="first"))
    kubectl(*APPLY, stdin=MANIFEST.format(value="second"))
    managers = kubectl.read("cm", "one", "--show-managed-fields")["metadata"]["managedFields"]
    assert "kubectl-client-side-apply" not in [one["manager"] for one in managers]
