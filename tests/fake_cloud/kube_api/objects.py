"""Objects that several tests create."""

from __future__ import annotations

from typing import Any


def node(name: str = "one", **spec: Any) -> dict[str, Any]:
    return {"metadata": {"name": name}, "spec": spec}


def config_map(name: str = "one", **metadata: Any) -> dict[str, Any]:
    return {"metadata": {"name": name, **metadata}, "data": {"key": "value"}}


def service(name: str = "one", **spec: Any) -> dict[str, Any]:
    return {"metadata": {"name": name}, "spec": {"ports": [{"port": 80}], **spec}}
