from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from conformance.api import Cluster, Program, Setting
from providers.aws.cloud_controller import STARTED, Controller, await_loops
from providers.aws.network import Network

NETWORK = Network("us-east-1", "run-1", "vpc-1", ["us-east-1a"], ["subnet-1"], ["subnet-2"])


def controller(setting: Setting = Setting.DEFAULT) -> Controller:
    cluster = SimpleNamespace(subject_kubeconfig=Path("/some/kubeconfig"))
    return Controller(cast("Cluster", cluster), NETWORK, setting, "http://127.0.0.1:1")


def test_nothing_listens() -> None:
    assert "--secure-port=0" in controller().flags(Path("aws.conf"))


def test_the_address_period_is_short_unless_the_setting_makes_it_long() -> None:
    config = Path("aws.conf")
    assert "--node-status-update-frequency=1s" in controller().flags(config)
    long = controller(Setting.ADDRESS_PERIOD_LONG).flags(config)
    assert "--node-status-update-frequency=3600s" in long


def test_what_is_not_needed_stays_as_the_program_has_it() -> None:
    flags = " ".join(controller().flags(Path("aws.conf")))
    assert "--kube-api-content-type" not in flags
    assert "--leader-elect" not in flags


def test_the_configuration_keeps_the_program_off_the_metadata_service() -> None:
    lines = controller().configuration().splitlines()
    assert lines[0] == "[Global]"
    assert {"VPC = vpc-1", "SubnetID = subnet-1", "KubernetesClusterID = run-1"} <= set(lines)


def test_no_call_can_leave_the_simulator() -> None:
    env = controller().surroundings()
    assert env["AWS_ENDPOINT_URL"] == env["HTTP_PROXY"] == env["HTTPS_PROXY"]
    assert env["AWS_SHARED_CREDENTIALS_FILE"] == "/dev/null"
    assert env["AWS_EC2_METADATA_DISABLED"] == "true"


def program(log: Path, alive: bool) -> Program:
    fields: dict[str, Any] = {"log": log, "alive": alive}
    return cast("Program", SimpleNamespace(**fields))


def test_a_started_program_is_not_waited_for(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(f"I1124 {STARTED}\n")
    await_loops(program(log, alive=True))


def test_a_program_that_ends_at_once_is_told_with_its_last_words(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("unknown flag: --x\n")
    with pytest.raises(RuntimeError, match="unknown flag: --x"):
        await_loops(program(log, alive=False))
