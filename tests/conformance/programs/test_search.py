"""Programs are found in one order, and a missing one says how to get it."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.components.cache import Built, cache_folder, program_path, write_record
from conformance.contracts.clusters import ClusterOptions
from conformance.contracts.providers import ProviderOptions
from conformance.errors import ProgramMissing
from conformance.programs import find_program, program_candidates


def place(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_the_order_is_bin_dir_variables_cache_path(tmp_path: Path) -> None:
    env = {
        "CLOUD_CONFORMANCE_BIN": f"{tmp_path / 'ours'}:{tmp_path / 'more'}",
        "KUBEBUILDER_ASSETS": str(tmp_path / "envtest"),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "PATH": str(tmp_path / "path"),
    }
    expected = [place(tmp_path / folder / "etcd") for folder in ("bin", "ours", "more", "envtest")]
    cached = place(program_path(cache_folder(env), "etcd", "v3.7.0"))
    write_record(cached, Built("etcd", "v3.7.0", "p", "go1.26.8", "sum"))
    expected += [cached, place(tmp_path / "path" / "etcd")]

    options = ClusterOptions(bin_dirs=(str(tmp_path / "bin"),))

    assert list(program_candidates("etcd", options, env)) == expected
    assert find_program("etcd", options, env) == expected[0]


def test_a_path_of_the_operator_is_the_only_candidate(tmp_path: Path) -> None:
    place(tmp_path / "bin" / "acme-ccm")
    mine = place(tmp_path / "mine" / "whatever")
    folders = (str(tmp_path / "bin"),)

    given = ProviderOptions(programs={"acme-ccm": str(mine)}, bin_dirs=folders)
    assert list(program_candidates("acme-ccm", given, {})) == [mine]

    missing = ProviderOptions(programs={"acme-ccm": "/nowhere"}, bin_dirs=folders)
    with pytest.raises(ProgramMissing, match="/nowhere is not an executable file"):
        find_program("acme-ccm", missing, {})


def test_envtest_assets_serve_kubernetes_alone(tmp_path: Path) -> None:
    place(tmp_path / "acme-ccm")

    with pytest.raises(ProgramMissing):
        find_program("acme-ccm", ProviderOptions(), {"KUBEBUILDER_ASSETS": str(tmp_path)})


def test_a_cached_program_without_a_record_is_not_whole(tmp_path: Path) -> None:
    env = {"XDG_CACHE_HOME": str(tmp_path)}
    place(program_path(cache_folder(env), "etcd", "v3.7.0"))

    with pytest.raises(ProgramMissing):
        find_program("etcd", ClusterOptions(), env)


def test_a_missing_program_says_how_to_get_it_in_one_line(tmp_path: Path) -> None:
    env = {"XDG_CACHE_HOME": str(tmp_path)}

    with pytest.raises(ProgramMissing) as component:
        find_program("kube-apiserver", ClusterOptions(), env)
    with pytest.raises(ProgramMissing) as stranger:
        find_program("acme-ccm", ProviderOptions(), env)

    assert str(component.value) == (
        "program kube-apiserver was not found; give --bin-dir DIR or set CLOUD_CONFORMANCE_BIN, "
        "or put it on PATH, or set KUBEBUILDER_ASSETS, or run "
        "`cloud-conformance components install kube-apiserver` (needs Go)"
    )
    assert "components install" not in str(stranger.value)


def test_a_file_that_cannot_be_executed_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "etcd").write_text("")

    with pytest.raises(ProgramMissing):
        find_program(
            "etcd", ClusterOptions(bin_dirs=(str(tmp_path),)), {"XDG_CACHE_HOME": str(tmp_path)}
        )
