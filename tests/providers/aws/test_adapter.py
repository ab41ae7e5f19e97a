from __future__ import annotations

import subprocess
import sys
from importlib.metadata import PackageNotFoundError

import pytest

from conformance.api import Fault, Need, ProviderOptions
from providers.aws import adapter
from providers.aws.adapter import AwsProvider

LOCAL, LIVE = ProviderOptions(), ProviderOptions(live=True)


def test_declarations_cost_no_sdk() -> None:
    """The plan reads them also where the extra `aws` is not installed."""
    look = "import sys, providers.aws.adapter; print({'moto', 'boto3'} & set(sys.modules))"
    answer = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", look], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "set()"


def test_a_live_account_has_no_journal_and_cannot_be_disturbed() -> None:
    provider = AwsProvider()
    assert provider.needs(LOCAL) - provider.needs(LIVE) == {
        Need.JOURNAL,
        Need.DISTURB,
        Need.PROCESS,
    }
    assert provider.faults(LIVE) == frozenset()


def test_existence_and_power_state_come_in_one_answer() -> None:
    assert Fault.POWER_STATE not in AwsProvider().faults(LOCAL)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(adapter, "version", missing)
    with pytest.raises(RuntimeError, match=r"cloud-provider-conformance\[aws\]"):
        adapter.moto_version()
