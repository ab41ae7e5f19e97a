"""A few bodies that Kubernetes' own code wrote; `test_published` has all of them, but needs Go.

`written_by_go.json` says where they are from.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from fake_cloud.kube_api.protobuf.envelope import message_of, open_envelope, write_object

BODIES = json.loads(Path(__file__).with_name("written_by_go.json").read_text())["bodies"]


@pytest.mark.parametrize("name", BODIES)
def test_it_is_read_as_go_reads_it_and_written_so_that_it_is_the_same(name: str) -> None:
    wanted = BODIES[name]["json"]
    for data in (base64.b64decode(BODIES[name]["protobuf"]), write_object(wanted)):
        envelope = open_envelope(data)
        read = message_of(envelope.api_version, envelope.kind).read(envelope.raw)
        assert {"apiVersion": envelope.api_version, "kind": envelope.kind, **read} == wanted
