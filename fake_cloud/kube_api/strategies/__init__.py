"""What is special about each kind: defaults, preparation, validation, selectable fields.

Each strategy follows pkg/registry/<group>/<kind>/strategy.go of k8s.io/kubernetes.
"""

from __future__ import annotations
