"""What a kubeconfig lets its reader do is masked in everything that is written."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from conformance.clusters.embedded import EmbeddedBackend, serve_embedded
from conformance.clusters.kubeconfig import KubeconfigBackend
from conformance.clusters.kubeconfig_file import CONTEXT, keep_secret
from conformance.contracts.clusters import ClusterOptions
from conformance.ledger import RunLedger
from conformance.standing import Standing
from fake_cloud.kube_api.server import KubeApi


@dataclass(frozen=True, slots=True)
class Listening(Standing):
    """Parts that remember what was told."""

    told: list[str] = field(default_factory=list)

    def secret(self, value: str) -> str:
        self.told.append(value)
        return value


@pytest.fixture
def parts(tmp_path: Path) -> Listening:
    folder = tmp_path / "environment"
    folder.mkdir()
    return Listening(folder, "0badcafe", RunLedger(tmp_path / "ledger.jsonl"))


def token_in(kubeconfig: Path) -> str:
    return str(yaml.safe_load(kubeconfig.read_text())["users"][0]["user"]["token"])


def test_tokens_of_the_embedded_api(parts: Listening) -> None:
    with EmbeddedBackend().start(ClusterOptions(), parts) as cluster:
        tokens = {token_in(cluster.kubeconfig), token_in(cluster.subject_kubeconfig)}
    assert set(parts.told) == tokens


def test_the_token_for_somebodys_cluster(parts: Listening, tmp_path: Path) -> None:
    with closing(KubeApi()) as api, serve_embedded(api, tmp_path) as served:
        given = str(served.kubeconfig)
        options = ClusterOptions(kubeconfig=given, context=CONTEXT, adopt=CONTEXT)
        with KubeconfigBackend().start(options, parts):
            assert parts.told == [token_in(served.kubeconfig)]


def test_passwords_and_keys(parts: Listening, tmp_path: Path) -> None:
    users = [{"name": "a", "user": {"password": "pass-word", "client-key-data": "S0VZ"}}]
    path = tmp_path / "config"
    path.write_text(yaml.safe_dump({"contexts": [], "clusters": [], "users": users}))
    keep_secret(path, parts)
    assert parts.told == ["pass-word", "S0VZ"]
