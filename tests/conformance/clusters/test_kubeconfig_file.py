"""Kubeconfig files: what is written is private, what is cut down keeps its meaning."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from conformance.clusters.certificates import Authority
from conformance.clusters.kubeconfig_file import context_names, isolate_context, write_kubeconfig
from conformance.errors import ClusterUnreachable
from conformance.kube_http import HttpKubeClient

SERVER = "https://127.0.0.1:6443"


def stranger(folder: Path, **user: object) -> Path:
    """A kubeconfig of somebody else, with two contexts and a current one."""
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "production",
        "preferences": {},
        "clusters": [
            {"name": "near", "cluster": {"server": SERVER, "certificate-authority": "pki/ca.crt"}},
            {"name": "far", "cluster": {"server": "https://far"}},
        ],
        "users": [{"name": "me", "user": user}, {"name": "you", "user": {"token": "secret"}}],
        "contexts": [
            {"name": "production", "context": {"cluster": "far", "user": "you"}},
            {"name": "lab", "context": {"cluster": "near", "user": "me", "namespace": "x"}},
            {"name": "torn", "context": {"cluster": "nowhere", "user": "me"}},
        ],
    }
    path = folder / "config"
    path.write_text(yaml.safe_dump(content))
    return path


def isolated(source: Path, context: str) -> Any:
    target = source.with_name("isolated")
    isolate_context(source, context, target)
    assert target.stat().st_mode & 0o077 == 0
    return yaml.safe_load(target.read_text())


def test_what_we_write_is_private_and_usable(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    admin = authority.client("admin", "somebody", ["system:masters"])
    for user in (admin, "a-token"):
        path = write_kubeconfig(tmp_path / "config", SERVER, authority.certificate, user)
        assert HttpKubeClient(path).server == SERVER
        assert path.stat().st_mode & 0o077 == 0
        path.unlink()


def test_one_context_is_left_and_is_the_current_one(tmp_path: Path) -> None:
    content = isolated(stranger(tmp_path, username="u"), "lab")

    assert content["current-context"] == "lab"
    assert [entry["name"] for entry in content["contexts"]] == ["lab"]
    assert [entry["name"] for entry in content["users"]] == ["me"]
    assert content["contexts"][0]["context"]["namespace"] == "x"
    assert "secret" not in str(content)


def test_relative_paths_stay_valid(tmp_path: Path) -> None:
    files = {"client-certificate": "me.crt", "client-key": "/etc/me.key"}
    content = isolated(stranger(tmp_path, exec={"command": "./bin/login"}, **files), "lab")

    assert content["clusters"][0]["cluster"]["certificate-authority"] == f"{tmp_path}/pki/ca.crt"
    assert content["users"][0]["user"] == {
        "client-certificate": f"{tmp_path}/me.crt",
        "client-key": "/etc/me.key",
        "exec": {"command": f"{tmp_path}/bin/login"},
    }


def test_a_command_on_path_stays_one(tmp_path: Path) -> None:
    content = isolated(stranger(tmp_path, exec={"command": "aws"}), "lab")

    assert content["users"][0]["user"]["exec"]["command"] == "aws"


def test_what_is_not_there_is_named_with_what_is(tmp_path: Path) -> None:
    source = stranger(tmp_path)

    assert context_names(source) == ["production", "lab", "torn"]
    with pytest.raises(ClusterUnreachable, match="no 'x' among its contexts; there are: produc"):
        isolated(source, "x")
    with pytest.raises(ClusterUnreachable, match="no 'nowhere' among its clusters"):
        isolated(source, "torn")


@pytest.mark.parametrize("text", ["", "{", "[]", "5", "contexts: []", "contexts: [x]"])
def test_what_is_no_kubeconfig_is_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config"
    path.write_text(text)

    with pytest.raises(ClusterUnreachable, match=r"^kubeconfig .*: expected a kubeconfig, .*$"):
        context_names(path)
