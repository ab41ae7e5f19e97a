"""YAML as Kubernetes reads it: what JSON would say, and what Go's parser says about mistakes.

Follows sigs.k8s.io/yaml and its goyaml.v2.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

CHARACTER = re.compile(r"found character .+? that")

FEW_ALIASED, FEW_VALUES = 100, 1000
"""Up to so many nobody asks how large a part comes from aliases (decode.go)."""

ANY, NEVER = 400_000, 4_000_000
"""So many values may come from aliases nearly all, and nearly none (decode.go)."""


def load_yaml(body: bytes) -> Any:
    """Times are strings, and so are all keys. Raises ValueError with the words of Go."""
    import yaml  # rarely needed, and dear to load

    class Loader(yaml.SafeLoader):
        """Without a resolver for times."""

    Loader.yaml_implicit_resolvers = {
        first: [known for known in resolvers if known[0] != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    try:
        return _Unfolding().value(yaml.load(body, Loader))  # noqa: S506 - a safe loader
    except RecursionError:
        raise ValueError("yaml: exceeded max depth") from None
    except yaml.MarkedYAMLError as error:
        raise ValueError(
            _go_words(error, scanning=isinstance(error, yaml.scanner.ScannerError))
        ) from None
    except yaml.YAMLError as error:
        raise ValueError(f"yaml: {error}") from None


class _Unfolding:
    """From values that aliases share to a tree. A small text must not become a huge one."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._open: set[int] = set()
        self._values = self._aliased = 0

    def value(self, value: Any, *, aliased: bool = False) -> Any:
        """Raises ValueError."""
        self._count(aliased)
        if isinstance(value, str):
            return _text(value)
        if not isinstance(value, dict | list):
            return value
        me = id(value)
        if me in self._open:
            raise ValueError("yaml: anchor value contains itself")
        aliased = aliased or me in self._seen
        self._seen.add(me)
        self._open.add(me)
        unfolded = self._items(value, aliased)
        self._open.discard(me)
        return unfolded

    def _items(self, value: dict[Any, Any] | list[Any], aliased: bool) -> Any:
        if isinstance(value, list):
            return [self.value(item, aliased=aliased) for item in value]
        return {_key(key): self.value(item, aliased=aliased) for key, item in value.items()}

    def _count(self, aliased: bool) -> None:
        """As much as the `allowedAliasRatio` of goyaml.v2 allows."""
        self._values += 1
        self._aliased += aliased
        if self._aliased <= FEW_ALIASED or self._values <= FEW_VALUES:
            return
        beyond = min(1.0, max(0.0, (self._values - ANY) / (NEVER - ANY)))
        if self._aliased / self._values > 0.99 - 0.89 * beyond:
            raise ValueError("yaml: document contains excessive aliasing")


def _text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("yaml: found invalid Unicode character escape code") from None
    return value


def _key(key: Any) -> str:
    return key if isinstance(key, str) else msgspec.json.encode(key).decode()


def _go_words(error: Any, *, scanning: bool) -> str:
    """`yaml: line 2: did not find expected ',' or ']'`."""
    problem = (
        str(error.problem).split(", but")[0].replace("allowed here", "allowed in this context")
    )
    problem = CHARACTER.sub("found character that", problem)
    if problem.startswith("expected"):
        problem = f"did not find {problem}"
    line = error.problem_mark.line if error.problem_mark else 0
    where = f"line {line + scanning}: " if line else ""
    return f"yaml: {where}{problem}"
