"""YAML as Kubernetes reads it: what JSON would say, and what Go's parser says about mistakes.

Follows sigs.k8s.io/yaml and its goyaml.v2.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

CHARACTER = re.compile(r"found character .+? that")


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
        return _as_json(yaml.load(body, Loader))  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as error:
        raise ValueError(
            _go_words(error, scanning=isinstance(error, yaml.scanner.ScannerError))
        ) from None
    except yaml.YAMLError as error:
        raise ValueError(f"yaml: {error}") from None


def _as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {_key(key): _as_json(item) for key, item in value.items()}
    return [_as_json(item) for item in value] if isinstance(value, list) else value


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
