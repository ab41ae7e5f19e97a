"""YAML without the trap that the second of two equal keys silently wins."""

from __future__ import annotations

from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        repeated = next((key for key in keys if keys.count(key) > 1), None)
        if repeated is not None:
            raise yaml.constructor.ConstructorError(
                None, None, f"key {repeated!r} stands twice in one mapping", node.start_mark
            )
        return super().construct_mapping(node, deep)


def parse(text: str) -> Any:
    """Plain data; raises `yaml.YAMLError` with line and column."""
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
    except RecursionError:
        raise yaml.YAMLError("it is nested too deep") from None
