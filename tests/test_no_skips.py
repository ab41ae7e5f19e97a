"""A skip counts as a failure where the environment says that nothing may be missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import conftest

pytest_plugins = ["pytester"]

SUITE = """
    import pytest

    def test_needs_something():
        pytest.skip("no etcd")

    @pytest.mark.xfail
    def test_is_expected_to_fail():
        assert False
"""


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeconftest(Path(conftest.__file__).read_text(encoding="utf-8"))
    pytester.makepyfile(SUITE)
    return pytester


def test_skips_are_skips(suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(conftest.NO_SKIPS, raising=False)
    suite.runpytest_inprocess().assert_outcomes(skipped=1, xfailed=1)


def test_skips_are_failures(suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(conftest.NO_SKIPS, "1")
    result = suite.runpytest_inprocess()
    result.assert_outcomes(failed=1, xfailed=1)
    result.stdout.fnmatch_lines(["*CONFORMANCE_NO_SKIPS is set, but: Skipped: no etcd*"])


def test_skipped_modules_are_too(suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(conftest.NO_SKIPS, "1")
    suite.makepyfile(test_whole="import pytest; pytest.importorskip('no_such_module')")
    suite.runpytest_inprocess("test_whole.py").assert_outcomes(errors=1)
