"""Make the .proto files (for developers; the files are committed).

    python -m fake_cloud.kube_api.protobuf.generate --modules DIR --version 0.37.2

Sources: `generated.proto` and `types*.go` of the Go modules in DIR (`$(go env GOMODCACHE)/k8s.io`).
Field numbers, types and names are taken over; what a field is called in JSON, and that its fields
stand among those of the outer object, only the Go types know. Packages with a stable version are
kept, as in the type tables.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from fake_cloud.kube_api.protobuf.proto_file import INLINE, Declared, Messages, read_proto

HERE = Path(__file__).parent
FOLDERS = (
    ("api", "scheduling/v1alpha3"),  # jobs refer to it
    ("apimachinery", "pkg/api/resource"),
    ("apimachinery", "pkg/apis/meta/v1"),
    ("apimachinery", "pkg/runtime"),
    ("apimachinery", "pkg/util/intstr"),
    ("apiextensions-apiserver", "pkg/apis/apiextensions/v1"),
    ("kube-aggregator", "pkg/apis/apiregistration/v1"),
)
NOT_SERVED = ("admission", "apidiscovery", "imagepolicy")
STRUCT = re.compile(r"^type (\w+) struct \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
TAGS = re.compile(r'^\t[^/`\n]*`(?=.*json:"([^",]*))(?=.*protobuf:"[^,"]*,(\d+))', re.MULTILINE)
PACKAGE = re.compile(r"^package ([\w.]+);", re.MULTILINE)

JsonNames = Mapping[str, Mapping[int, str]]
"""By struct and field number; empty for a field whose own fields stand in its place."""


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--modules", type=Path, required=True)
    parser.add_argument("--version", required=True)
    options = parser.parse_args(list(arguments) if arguments is not None else None)
    for folder, source in published(options.modules, options.version):
        target = HERE / "proto/k8s.io" / folder / "generated.proto"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(compact(source))


def published(modules: Path, version: str) -> Iterator[tuple[str, Path]]:
    """Folders below `k8s.io` with their place in the module cache."""
    api = modules / f"api@v{version}"
    for source in sorted(api.glob("*/v*")):
        group, number = source.parts[-2:]
        if re.fullmatch(r"v\d+", number) and group not in NOT_SERVED:
            yield f"api/{group}/{number}", source
    for module, below in FOLDERS:
        yield f"{module}/{below}", modules / f"{module}@v{version}" / below


def compact(source: Path) -> str:
    """The messages of one package, without comments, with their names in JSON."""
    text = (source / "generated.proto").read_text()
    names = json_names("\n".join(path.read_text() for path in sorted(source.glob("*.go"))))
    package = PACKAGE.findall(text)[0]
    messages = {name: _named(f, names.get(name, {})) for name, f in read_proto(text).items()}
    lines = ['syntax = "proto2";', f"package {package};", *_imports(messages)]
    for name, fields in messages.items():
        lines += ["", f"message {name} {{", *map(_line, fields.items()), "}"]
    return "\n".join(lines) + "\n"


def json_names(go: str) -> JsonNames:
    return {
        name: {int(number): json_name for json_name, number in TAGS.findall(body)}
        for name, body in STRUCT.findall(go)
    }


def _named(fields: Mapping[int, Declared], names: Mapping[int, str]) -> dict[int, Declared]:
    """`-` is no name in JSON: such a message is written in a way of its own."""
    named = dict(fields)
    for number, json_name in names.items():
        if number in fields and json_name != "-":
            name = json_name or fields[number].name
            named[number] = replace(fields[number], json_name=name, inline=not json_name)
    return named


def _imports(messages: Messages) -> list[str]:
    fields = [field for message in messages.values() for field in message.values()]
    packages = {f.type.rpartition(".")[0] for f in fields if "." in f.type}
    folders = ["k8s.io/" + "/".join(p.split(".")[2:]).replace("_", "-") for p in packages]
    inline = ["inline.proto"] if any(field.inline for field in fields) else []
    paths = [*inline, *(f"{folder}/generated.proto" for folder in sorted(folders))]
    return [f'import "{path}";' for path in paths]


def _line(item: tuple[int, Declared]) -> str:
    number, field = item
    kind = f".{field.type}" if "." in field.type else field.type
    typed = f"map<string, {kind}>" if field.label == "map" else f"{field.label} {kind}"
    options = f' [json_name = "{field.json_name}"]' if field.json_name != field.name else ""
    options = f" [{INLINE}]" if field.inline else options
    return f"  {typed} {field.name} = {number}{options};"


if __name__ == "__main__":
    main()
