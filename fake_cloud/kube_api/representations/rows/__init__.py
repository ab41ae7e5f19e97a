"""The cells of one object in a table, one module an area.

Source: k8s.io/kubernetes/pkg/printers/internalversion/printers.go. The columns are those of
`columns.json`, in its order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fake_cloud.kube_api.representations.cells import Body

Row = Callable[[Body], list[Any]]
Rows = Mapping[str, Row]
"""By qualified resource, such as `leases.coordination.k8s.io`."""
