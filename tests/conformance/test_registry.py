from __future__ import annotations

from pathlib import Path

import pytest

from conformance.errors import AdapterBroken, ProviderMisdeclared, UnknownName
from conformance.registry import (
    find_areas,
    find_cluster,
    find_provider,
    provider_names,
)

GOOD = """
from conformance.api import AdapterDefaults

class Acme(AdapterDefaults):
    name = "{name}"
    def needs(self, options): return frozenset()
    def subjects(self, options): return {{}}
{more}
"""


def install(
    site: Path, distribution: str, name: str, source: str, group: str = "providers"
) -> None:
    """A third party's distribution in a folder of `sys.path`."""
    module = distribution.replace("-", "_")
    (site / f"{module}.py").write_text(source, encoding="utf-8")
    info = site / f"{module}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n", encoding="utf-8"
    )
    entry = f"[cloud_provider_conformance.{group}]\n{name} = {module}:Acme\n"
    (info / "entry_points.txt").write_text(entry, encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_a_third_party_is_found_with_its_distribution(site: Path) -> None:
    install(site, "acme-found", "acmefound", GOOD.format(name="acmefound", more=""))
    provider, distribution = find_provider("acmefound")
    assert (provider.name, distribution) == ("acmefound", "acme-found")
    assert "acmefound" in provider_names()


def test_two_packages_with_one_name_are_both_named(site: Path) -> None:
    install(site, "acme-one", "acmetwice", GOOD.format(name="acmetwice", more=""))
    install(site, "acme-two", "acmetwice", GOOD.format(name="acmetwice", more=""))
    with pytest.raises(ProviderMisdeclared, match="acme-one and acme-two"):
        find_provider("acmetwice")


MISDECLARED = {
    "another name": ("acmemis1", GOOD.format(name="other", more=""), "its `name` must be"),
    "unknown capability": (
        "acmemis2",
        GOOD.format(name="acmemis2", more='    capabilities = frozenset({"zone"})'),
        "did you mean 'zones'",
    ),
    "capabilities of a wrong type": (
        "acmemis3",
        GOOD.format(name="acmemis3", more='    capabilities = "zones"'),
        "must be a set of words",
    ),
    "timing of a wrong type": (
        "acmemis4",
        GOOD.format(name="acmemis4", more="    timing = 5"),
        "must be a conformance.api.Timing",
    ),
    "no subjects": (
        "acmemis5",
        'class Acme:\n    name = "acmemis5"\n    def needs(self, options): return frozenset()\n',
        "method `faults` is missing",
    ),
}


@pytest.mark.parametrize("case", MISDECLARED)
def test_misdeclared_adapters_are_refused(site: Path, case: str) -> None:
    name, source, told = MISDECLARED[case]
    install(site, name, name, source)
    with pytest.raises(ProviderMisdeclared, match=told):
        find_provider(name)


def test_an_adapter_that_cannot_be_imported_is_broken(site: Path) -> None:
    install(site, "acme-broken", "acmebroken", "import nothing_of_this_name\n")
    with pytest.raises(AdapterBroken, match="acme-broken could not be imported: ModuleNotFound"):
        find_provider("acmebroken")


def test_an_adapter_that_ends_the_process_is_broken(site: Path) -> None:
    install(site, "acme-exits", "acmeexits", "raise SystemExit(0)\n")
    with pytest.raises(AdapterBroken, match="could not be imported: SystemExit: 0"):
        find_provider("acmeexits")


WRONG_DECLARATIONS = {
    "in the class body": GOOD.format(
        name="acmewrong1", more="    raise ValueError('timing: wanted seconds,\\n saw -1')"
    ),
    "when it is made": GOOD.format(
        name="acmewrong2",
        more="    def __init__(self):\n        raise ValueError('timing: wanted seconds, saw -1')",
    ),
}


@pytest.mark.parametrize("case", WRONG_DECLARATIONS)
def test_a_refused_declaration_is_no_failed_import(site: Path, case: str) -> None:
    name = f"acmewrong{1 + list(WRONG_DECLARATIONS).index(case)}"
    install(site, name, name, WRONG_DECLARATIONS[case])
    told = f"provider {name} of {name} is declared wrongly: ValueError: timing: wanted seconds, saw"
    with pytest.raises(ProviderMisdeclared, match=told):
        find_provider(name)


def test_unknown_names_have_a_hint() -> None:
    with pytest.raises(UnknownName, match="did you mean 'fake'"):
        find_provider("fakee")
    with pytest.raises(UnknownName, match="did you mean 'binaries'"):
        find_cluster("binarys")


def test_our_own_are_registered() -> None:
    assert {"fake", "aws"} <= set(provider_names())
    for name in ("embedded", "binaries", "kubeconfig"):
        assert find_cluster(name).name == name
    assert [area.name for area in find_areas()][:2] == ["node-initialization", "node-lifecycle"]


def test_an_area_of_a_wrong_type_is_refused(site: Path) -> None:
    install(site, "acme-area", "acmearea", "Acme = 5\n", group="suites")
    with pytest.raises(ProviderMisdeclared, match=r"wanted a conformance\.checks\.Area, saw int"):
        find_areas()
