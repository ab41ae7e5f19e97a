"""A program is chosen by the library that it links."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.contracts.providers import ProviderOptions
from conformance.errors import ProgramMissing
from conformance.programs import find_program_linking, linked_library
from tests.conformance.programs.test_build_info import go_program

MODULES = "path\tacme.io/ccm\nmod\tacme.io/ccm\t(devel)\ndep\tk8s.io/cloud-provider\t{}\th1:x=\n"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[str, ...]:
    for version in ("v0.37.2", "v0.36.3"):
        folder = tmp_path / version
        folder.mkdir()
        go_program(folder / "ccm", MODULES.format(version)).chmod(0o755)
    return (str(tmp_path / "v0.37.2"), str(tmp_path / "v0.36.3"))


def test_the_first_of_the_wanted_minor(folders: tuple[str, ...]) -> None:
    options = ProviderOptions(bin_dirs=folders)
    for wanted, linked in (("", "v0.37.2"), ("0.36", "v0.36.3"), ("v0.36.1", "v0.36.3")):
        assert linked_library(find_program_linking("ccm", wanted, options, {})) == linked


def test_none_of_the_wanted_minor(folders: tuple[str, ...]) -> None:
    with pytest.raises(ProgramMissing, match=r"0\.35 .*links v0\.37\.2.*links v0\.36\.3"):
        find_program_linking("ccm", "0.35", ProviderOptions(bin_dirs=folders), {})
