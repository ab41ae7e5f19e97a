"""Modules and version are read from a Go program without running it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from conformance.programs.build_info import BuildInfo, program_facts, read_build_info

MODULES = """path\tk8s.io/kubernetes/cmd/kube-apiserver
mod\tlocal/kube\t(devel)\t
dep\tk8s.io/kubernetes\tv1.37.2\th1:x=
dep\tk8s.io/cloud-provider\tv0.0.0\t
=>\tk8s.io/cloud-provider\tv0.37.2\th1:y=
build\t-compiler=gc
"""


def varint(number: int) -> bytes:
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + varint(rest) if rest else bytes([low])


def go_program(path: Path, modules: str, *, offset: int = 160) -> Path:
    go, text = b"go1.26.8", b"<" * 16 + modules.encode() + b">" * 16
    header = (b"\xff Go buildinf:" + bytes([8, 2])).ljust(32, b"\0")
    info = header + varint(len(go)) + go + varint(len(text)) + text
    unaligned = b"-" * 3 + b"\xff Go buildinf:" + bytes([8, 2])
    path.write_bytes(unaligned.ljust(offset, b"-") + info + b"-" * 100)
    return path


def test_the_main_package_names_the_module_whose_version_counts(tmp_path: Path) -> None:
    info = read_build_info(go_program(tmp_path / "program", MODULES))

    assert info is not None
    assert info.version == "v1.37.2"
    assert info.modules["k8s.io/cloud-provider"] == "v0.37.2"


def test_facts_hold_digest_and_library_version(tmp_path: Path) -> None:
    path = go_program(tmp_path / "program", MODULES)

    assert program_facts(path) == {
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "go": "go1.26.8",
        "version": "v1.37.2",
        "cloud-provider": "v0.37.2",
    }


def test_another_program_has_a_digest_alone(tmp_path: Path) -> None:
    for size in (0, 5, 500):
        path = tmp_path / str(size)
        path.write_bytes(b"x" * size)
        assert list(program_facts(path)) == ["sha256"]


def test_an_unstamped_main_module_has_no_version() -> None:
    assert BuildInfo("go1.26", "acme.io/ccm/cmd", {"acme.io/ccm": "(devel)"}).version == ""
    assert BuildInfo("go1.26", "acme.io/ccm/cmd", {"acme.io/cc": "v1.0.0"}).version == ""
