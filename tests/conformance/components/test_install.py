"""Components are built once, with the module's own replace lines, by whatever Go is on PATH."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from conformance.components import Installed, install_components, list_components, sources
from conformance.contracts.clusters import ClusterOptions
from conformance.errors import ComponentBuildFailed, ProgramMissing, UnknownName
from conformance.programs import find_program

KUBERNETES = {
    "Go": "1.26.0",
    "Require": [
        {"Path": "k8s.io/api", "Version": "v0.0.0"},
        {"Path": "example.org/forked", "Version": "v1.0.0"},
        {"Path": "example.org/sibling", "Version": "v1.37.2"},
    ],
    "Replace": [
        {"Old": {"Path": "k8s.io/api"}, "New": {"Path": "./staging/src/k8s.io/api"}},
        {"Old": {"Path": "example.org/sibling"}, "New": {"Path": "../sibling"}},
        {
            "Old": {"Path": "example.org/forked", "Version": "v1.0.0"},
            "New": {"Path": "example.org/fork", "Version": "v1.0.1"},
        },
    ],
}

GO = """#!/bin/sh
echo "$@" >> "{log}"
case "$1 $2" in
  "mod download") echo '{{"GoMod": "/module/go.mod"}}' ;;
  "mod edit") cat "{go_mod}" ;;
  "env GOVERSION") echo go1.26.8 ;;
  "build -mod="*) cp go.mod "{seen}"; {build} ;;
esac
"""

WRITES_THE_PROGRAM = """
while [ "$1" != -o ]; do shift; done
printf '#!/bin/sh\\n' > "$2"; chmod +x "$2" """


class FakeGo:
    """A `go` that answers from files and keeps what it was asked."""

    def __init__(self, folder: Path, build: str = WRITES_THE_PROGRAM) -> None:
        self.log = folder / "asked"
        self.seen = folder / "seen.mod"
        self.cache = folder / "cache"
        go_mod = folder / "upstream.json"
        go_mod.write_text(json.dumps(KUBERNETES))
        program = folder / "bin" / "go"
        program.parent.mkdir()
        script = GO.format(log=self.log, go_mod=go_mod, seen=self.seen, build=build)
        program.write_text(script)
        program.chmod(0o755)
        self.env: Mapping[str, str] = {
            "PATH": f"{program.parent}:/usr/bin:/bin",
            "XDG_CACHE_HOME": str(self.cache),
        }

    def asked(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def go(tmp_path: Path) -> FakeGo:
    return FakeGo(tmp_path)


def test_a_component_is_built_recorded_and_found(go: FakeGo) -> None:
    lines: list[str] = []
    (installed,) = install_components(["kube-apiserver"], report=lines.append, env=go.env)

    folder = go.cache / "cloud-provider-conformance/components/kube-apiserver/v1.37.2"
    assert installed == Installed("kube-apiserver", "v1.37.2", folder / "kube-apiserver")
    assert sorted(path.name for path in folder.iterdir()) == ["kube-apiserver", "record.json"]
    record = json.loads((folder / "record.json").read_text())
    assert (record["go"], record["package"]) == ("go1.26.8", "k8s.io/kubernetes/cmd/kube-apiserver")
    env = {"XDG_CACHE_HOME": str(go.cache)}
    assert find_program("kube-apiserver", ClusterOptions(), env) == installed.path
    assert [line.split(":")[0] for line in lines] == ["kube-apiserver"] * 3


def test_the_modules_replace_lines_are_repeated(go: FakeGo) -> None:
    install_components(["kube-apiserver"], report=str, env=go.env)

    assert go.seen.read_text().splitlines() == [
        "module conformance.invalid/build",
        "go 1.26.0",
        "require k8s.io/kubernetes v1.37.2",
        "replace k8s.io/api => k8s.io/api v0.37.2",
        "replace example.org/forked v1.0.0 => example.org/fork v1.0.1",
    ]


def test_the_version_is_stamped(go: FakeGo) -> None:
    install_components(["kube-apiserver@v1.36.3"], report=str, env=go.env)

    stamp = "-ldflags -s -w -X k8s.io/component-base/version.gitVersion=v1.36.3"
    assert any(stamp in line for line in go.asked())


def test_what_is_there_is_not_built_again(go: FakeGo) -> None:
    install_components(["etcd"], report=str, env=go.env)
    before = go.asked()
    lines: list[str] = []
    install_components(["etcd"], report=lines.append, env=go.env)

    assert go.asked() == before
    assert lines == ["etcd: v3.7.0 is there already"]


def test_a_program_with_another_checksum_is_built_again(go: FakeGo) -> None:
    (installed,) = install_components(["etcd"], report=str, env=go.env)
    installed.path.write_text("something else")
    before = go.asked()
    install_components(["etcd"], report=str, env=go.env)

    assert go.asked() != before
    assert installed.path.read_text() == "#!/bin/sh\n"


def test_an_unknown_name_stops_before_anything_is_built(go: FakeGo) -> None:
    with pytest.raises(UnknownName):
        install_components(["etcd", "kubelet"], report=str, env=go.env)

    assert go.asked() == []


def test_a_failed_build_is_quoted_and_leaves_nothing(tmp_path: Path) -> None:
    go = FakeGo(tmp_path, build="echo progress; echo no such package >&2; exit 1")
    expected = r"(?s)etcd: `go build -mod=mod` ended with 1:.*no such package"
    with pytest.raises(ComponentBuildFailed, match=expected):
        install_components(["etcd"], report=str, env=go.env)

    assert [path for path in go.cache.rglob("*") if path.is_file()] == []


def test_without_go_the_other_ways_are_named(tmp_path: Path) -> None:
    env = {"PATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    with pytest.raises(ComponentBuildFailed, match=r"Go was not found on PATH; .*--bin-dir"):
        install_components(["etcd"], report=str, env=env)


def test_the_list_says_what_is_there(go: FakeGo) -> None:
    (installed,) = install_components(["etcd"], report=str, env=go.env)

    listed = [str(line) for line in list_components(go.env)]
    assert f"etcd v3.7.0 {installed.path}" in listed
    assert "kube-apiserver v1.35.4 not installed" in listed


def test_a_program_of_ours_is_built_from_its_own_go_mod(go: FakeGo) -> None:
    install_components(["reference-controller@v0.36.3"], report=str, env=go.env)

    assert "\tk8s.io/cloud-provider v0.36.3" in go.seen.read_text().splitlines()
    (built,) = [line for line in go.asked() if line.startswith("build")]
    assert "-mod=readonly -trimpath" in built
    env = {"XDG_CACHE_HOME": str(go.cache)}
    find_program("reference-controller", ClusterOptions(), env)


def test_a_changed_source_is_built_anew(
    go: FakeGo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "fake_cloud" / "reference_controller"
    shutil.copytree(sources.DISTRIBUTION / "fake_cloud" / "reference_controller", copy)
    monkeypatch.setattr(sources, "DISTRIBUTION", tmp_path)
    for _ in range(2):
        install_components(["reference-controller"], report=str, env=go.env)
    assert sum(line.startswith("build") for line in go.asked()) == 1

    with (copy / "main.go").open("a") as file:
        file.write("// changed\n")
    env = {"XDG_CACHE_HOME": str(go.cache)}
    with pytest.raises(ProgramMissing):
        find_program("reference-controller", ClusterOptions(), env)
    install_components(["reference-controller"], report=str, env=go.env)
    assert sum(line.startswith("build") for line in go.asked()) == 2
