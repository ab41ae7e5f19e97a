"""kubectl and kinds that somebody defines."""

from __future__ import annotations

import pytest

from conformance.contracts.kubernetes import KubeClient
from fake_cloud.kube_api.custom_resources.definitions import DEFINITIONS
from tests.fake_cloud.kube_api.custom_resources.conftest import is_established
from tests.fake_cloud.kube_api.kubectl.program import Kubectl

DEFINITION = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: widgets, kind: Widget, shortNames: [wd], categories: [all]}
  versions:
    - name: v1
      served: true
      storage: true
      subresources:
        status: {}
        scale: {specReplicasPath: .spec.size, statusReplicasPath: .status.size}
      additionalPrinterColumns:
        - {name: Size, type: integer, jsonPath: .spec.size}
        - {name: Ready, type: string, jsonPath: '.status.conditions[?(@.type=="Ready")].status'}
      schema:
        openAPIV3Schema:
          type: object
          description: A thing to be sized.
          properties:
            spec:
              type: object
              properties:
                size: {type: integer, description: How large it is.}
            status: {type: object, x-kubernetes-preserve-unknown-fields: true}
"""
WIDGET = """\
apiVersion: example.com/v1
kind: Widget
metadata: {name: one}
spec: {size: 3}
"""


@pytest.fixture
def defined(kubectl: Kubectl, kube: KubeClient) -> Kubectl:
    """Widgets are served.

    `kubectl wait` alone fails on the null that a new definition has for conditions, on real servers
    as well, when it asks before the controller has written.
    """
    kubectl("apply", "-f", "-", stdin=DEFINITION)
    with kube.watch(DEFINITIONS, timeout_seconds=10) as watch:
        assert any(is_established(event.object) for event in watch)
    kubectl("wait", "crd/widgets.example.com", "--for=condition=Established")
    return kubectl


def test_custom_objects_are_applied_and_shown_in_columns(defined: Kubectl) -> None:
    assert "created" in defined("apply", "-f", "-", stdin=WIDGET)
    assert "unchanged" in defined("apply", "-f", "-", stdin=WIDGET)
    head, row = defined("get", "wd").splitlines()
    assert (head.split(), row.split()) == (["NAME", "SIZE", "READY"], ["one", "3"])
    defined("patch", "wd", "one", "--type=merge", '--patch={"spec": {"size": 4}}')
    assert "widget.example.com/one" in defined("get", "all", "-o", "name")


def test_custom_kinds_are_explained(defined: Kubectl) -> None:
    assert "How large it is." in defined("explain", "widget.spec.size")


def test_wrong_types_are_refused(defined: Kubectl) -> None:
    wrong = WIDGET.replace("3", "large")
    assert "must be of type integer" in defined("apply", "-f", "-", stdin=wrong, code=1)


def test_objects_go_with_their_definition(defined: Kubectl) -> None:
    defined("apply", "-f", "-", stdin=WIDGET)
    defined("delete", "crd", "widgets.example.com")
    defined("get", "wd", code=1)


def test_custom_objects_are_scaled(defined: Kubectl) -> None:
    defined("apply", "-f", "-", stdin=WIDGET)
    defined("scale", "wd", "one", "--replicas=5")
    assert defined.read("wd", "one")["spec"]["size"] == 5
