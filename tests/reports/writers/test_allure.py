from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from reports.writers.allure import write_allure
from tests.reports.sample import ISSUE, every_kind_read, recorded, run_of, with_evidence

Results = dict[str, dict[str, Any]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_allure(every_kind_read(tmp_path), tmp_path, tmp_path / "allure")
    return tmp_path / "allure"


def results(folder: Path) -> Results:
    found = [json.loads(path.read_text()) for path in folder.glob("*-result.json")]
    return {result["fullName"]: result for result in found}


def test_each_outcome_has_its_status(folder: Path) -> None:
    assert {id_: result["status"] for id_, result in results(folder).items()} == {
        "node.passes": "passed",
        "node.fails": "failed",
        "node.ignores": "failed",
        "node.refuses": "skipped",
        "node.blocked": "skipped",
        "node.skipped": "skipped",
        "node.errs": "broken",
        "node.unseen": "broken",
        "node.known": "failed",
        "node.expired": "failed",
        "node.stale": "passed",
        "node.flaky": "passed",
        "node.leaks": "failed",
        "node.wished": "failed",
    }


def test_details_tell_known_flaky_and_how_to_see_it_again(folder: Path) -> None:
    found = results(folder)
    assert found["node.known"]["statusDetails"]["known"] is True
    assert found["node.known"]["links"] == [{"type": "link", "url": ISSUE, "name": "known"}]
    assert "links" not in found["node.expired"]
    assert found["node.flaky"]["statusDetails"]["flaky"] is True
    assert found["node.fails"]["statusDetails"]["message"].startswith("failed: ")
    assert "--focus node.fails" in found["node.fails"]["statusDetails"]["trace"]


def test_labels_and_times_come_from_the_run(folder: Path) -> None:
    one = results(folder)["node.ignores"]
    labels = {label["name"]: label["value"] for label in one["labels"]}
    assert labels["feature"] == "zones"
    assert labels["story"] == "node.ignores"
    assert labels["parentSuite"] == "acme"
    assert labels["severity"] == "normal"
    assert one["start"] == 1772366401000
    assert one["stop"] - one["start"] == 250


def test_evidence_is_copied(tmp_path: Path, folder: Path) -> None:
    (attachment,) = results(folder)["node.fails"]["attachments"]
    original = tmp_path / "evidence" / "node.fails.json"
    assert attachment["name"] == original.name
    assert (folder / attachment["source"]).read_bytes() == original.read_bytes()


def test_evidence_that_is_gone_is_left_out(tmp_path: Path) -> None:
    file = with_evidence(tmp_path, "a.one")
    (tmp_path / file.path).unlink()
    write_allure(run_of(recorded("a.one", evidence=[file])), tmp_path, tmp_path / "allure")
    assert "attachments" not in results(tmp_path / "allure")["a.one"]


def test_history_hangs_on_provider_backend_and_requirement(tmp_path: Path) -> None:
    def history(provider: str) -> str:
        run = run_of(recorded("a.one"), provider=provider)
        write_allure(run, tmp_path, tmp_path / "allure")
        return str(results(tmp_path / "allure")["a.one"]["historyId"])

    assert history("acme") == hashlib.sha256(b"acme embedded a.one").hexdigest()
    assert history("acme") != history("other")


def test_a_second_writing_leaves_no_result_of_the_first(tmp_path: Path) -> None:
    for id_ in ("a.old", "a.new"):
        write_allure(run_of(recorded(id_)), tmp_path, tmp_path / "allure")
    assert list(results(tmp_path / "allure")) == ["a.new"]


def test_environment_and_categories_are_beside_the_results(folder: Path) -> None:
    environment = (folder / "environment.properties").read_text()
    assert "provider = acme\n" in environment
    assert "simulator = acme-sim 2.0\n" in environment
    categories = json.loads((folder / "categories.json").read_text())
    assert {"Provider defect", "Broken environment"} <= {one["name"] for one in categories}


@pytest.mark.parametrize(
    ("variables", "name"),
    [
        ({"GITHUB_RUN_ID": "7", "GITHUB_REPOSITORY": "o/r"}, "GitHub Actions"),
        ({"BUILD_ID": "7", "JOB_NAME": "j"}, "Prow"),
    ],
)
def test_a_ci_that_says_so_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], name: str
) -> None:
    for known in ("GITHUB_RUN_ID", "BUILD_ID", "JOB_NAME"):
        monkeypatch.delenv(known, raising=False)
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    write_allure(run_of(recorded("a.one")), tmp_path, tmp_path / "allure")
    executor = json.loads((tmp_path / "allure" / "executor.json").read_text())
    assert executor["name"] == name
    assert "7" in executor["buildName"]
