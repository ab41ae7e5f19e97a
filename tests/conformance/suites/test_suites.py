"""The suites as text: one function for each row, in the words of `conformance.checks` alone."""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pytest

from conformance.catalogue import load
from conformance.contracts.requirements import Requirement
from conformance.registry import find_areas

SUITES = Path(str(files("conformance"))) / "suites"
FILES = sorted(SUITES.rglob("*.py"))

LONGEST = 60
"""Lines that a function of this repository may have."""

PROVIDERS = (
    "alibaba|aws|azure|digitalocean|ec2|fake|gce|gcp|hcloud|hetzner|ibm|linode|moto|oci|"
    "openstack|oracle|scaleway|vmware|vsphere"
)


@dataclass(frozen=True)
class Decided:
    """A function that carries a requirement: its id, whether as `requirement` or `refusal`."""

    id: str
    form: str
    function: ast.FunctionDef
    module: ast.Module


def functions() -> Iterator[Decided]:
    for path in FILES:
        module = ast.parse(path.read_text())
        for node in module.body:
            if isinstance(node, ast.FunctionDef):
                for mark in node.decorator_list:
                    if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name):
                        yield Decided(_word(mark), mark.func.id, node, module)


def _word(call: ast.Call) -> str:
    first = call.args[0] if call.args else None
    return str(first.value) if isinstance(first, ast.Constant) else ""


def calls(node: ast.AST, method: str) -> list[ast.Call]:
    """Calls of a method of this name anywhere in `node`."""
    found = (one for one in ast.walk(node) if isinstance(one, ast.Call))
    return [c for c in found if isinstance(c.func, ast.Attribute) and c.func.attr == method]


def with_helpers(decided: Decided) -> Iterator[ast.FunctionDef]:
    """The function and those of its own file that it calls."""
    named = {node.name: node for node in decided.module.body if isinstance(node, ast.FunctionDef)}
    words = {node.id for node in ast.walk(decided.function) if isinstance(node, ast.Name)}
    yield decided.function
    yield from (node for name, node in named.items() if name in words)


DECIDED = list(functions())
BY_ID = {one.id: one for one in DECIDED if one.form == "requirement"}


def rows() -> list[Requirement]:
    ours = (area for area in find_areas() if area.package.startswith("conformance."))
    return [row for row in load(ours).values() if not row.planned]


def test_every_row_has_exactly_one_check() -> None:
    checks = Counter(one.id for one in DECIDED if one.form == "requirement")
    assert checks == Counter(row.id for row in rows())


def test_every_refusable_row_has_exactly_one_refusal() -> None:
    refusals = Counter(one.id for one in DECIDED if one.form == "refusal")
    assert refusals == Counter(row.id for row in rows() if row.refusable)


def test_no_two_checks_share_a_name() -> None:
    names = Counter(one.function.name for one in DECIDED)
    assert not [name for name, count in names.items() if count > 1]


@pytest.mark.parametrize("one", DECIDED, ids=lambda one: one.id)
def test_a_check_says_what_refutes_it(one: Decided) -> None:
    assert (ast.get_docstring(one.function) or "").startswith("Refuted ")


@pytest.mark.parametrize("one", DECIDED, ids=lambda one: one.id)
def test_a_check_is_short_and_takes_the_case_alone(one: Decided) -> None:
    assert [argument.arg for argument in one.function.args.args] == ["case"]
    assert (one.function.end_lineno or 0) - one.function.lineno < LONGEST


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.id)
def test_premises_stand_in_the_row(row: Requirement) -> None:
    used = {
        _word(call) for function in with_helpers(BY_ID[row.id]) for call in calls(function, "given")
    }
    assert used <= set(row.rests_on)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.id)
def test_a_row_names_a_witness_if_its_check_waits_in_silence(row: Requirement) -> None:
    silent = any(calls(function, "quiet") for function in with_helpers(BY_ID[row.id]))
    assert bool(row.witness) == silent


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SUITES).as_posix())
class TestFile:
    def test_imports_only_what_suites_may(self, path: Path) -> None:
        imported = set()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(node.module or "")
        foreign = {name for name in imported if name.split(".")[0] not in sys.stdlib_module_names}
        assert foreign <= {"conformance.checks"}
        assert not imported & {"time", "threading", "asyncio"}

    def test_asserts_nothing_past_the_case(self, path: Path) -> None:
        nodes = list(ast.walk(ast.parse(path.read_text())))
        assert not [node for node in nodes if isinstance(node, ast.Assert | ast.Raise)]
        assert not [
            node for node in nodes if isinstance(node, ast.Attribute) and node.attr == "sleep"
        ]

    def test_names_no_provider(self, path: Path) -> None:
        assert not re.findall(rf"\b({PROVIDERS})\b", path.read_text(), re.IGNORECASE)
