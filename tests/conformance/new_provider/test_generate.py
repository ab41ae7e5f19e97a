from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from conformance.errors import UsageError
from conformance.new_provider import generate_package

ROOT = Path(__file__).parents[3]


def files(folder: Path) -> dict[str, str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in found
        if "__pycache__" not in path.parts and not path.name.endswith(".pyc")
    }


def test_the_example_package_is_a_generated_one(tmp_path: Path) -> None:
    generate_package("acme", tmp_path / "acme")
    again = "cloud-conformance new-provider acme --folder downstream/acme (remove it first)"
    assert files(ROOT / "downstream" / "acme") == files(tmp_path / "acme"), again


def test_a_name_with_dashes_becomes_words_that_python_takes(tmp_path: Path) -> None:
    generate_package("far-cloud", tmp_path / "far")
    project = tomllib.loads((tmp_path / "far" / "pyproject.toml").read_text())["project"]
    (group,) = project["entry-points"].values()
    assert group == {"far-cloud": "far_cloud_conformance.adapter:FarCloudProvider"}
    adapter = (tmp_path / "far" / "far_cloud_conformance" / "adapter.py").read_text()
    compile(adapter, "adapter.py", "exec")
    assert re.search(r'name = "far-cloud"', adapter)


def test_jobs_are_yaml_and_run_the_adapter(tmp_path: Path) -> None:
    generate_package("acme", tmp_path)
    github = yaml.safe_load((tmp_path / ".github" / "workflows" / "conformance.yaml").read_text())
    commands = [step.get("run", "") for step in github["jobs"]["acme"]["steps"]]
    assert "cloud-conformance doctor --provider acme" in commands
    prow = yaml.safe_load((tmp_path / "prow.yaml").read_text())
    (job,) = prow["presubmits"]["ORG/REPO"]
    assert "cloud-conformance run --provider acme" in job["spec"]["containers"][0]["args"][0]


@pytest.mark.parametrize("name", ["", "Acme", "1st", "a_b", "../x", "a-", "a b"])
def test_a_name_that_cannot_be_one_makes_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="wanted lower case letters"):
        generate_package(name, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="holds something already"):
        generate_package("acme", tmp_path)
    assert files(tmp_path) == {"mine.txt": "mine"}
