from __future__ import annotations

from fake_cloud.kube_api.strategies.go_diff import go_form, struct_diff
from fake_cloud.kube_api.types.table import load_table

CLAIM = load_table("1.37").struct("core.v1.PersistentVolumeClaimSpec")


def test_empty_fields_are_shown_as_go_has_them() -> None:
    shown = go_form(CLAIM, {"accessModes": ["ReadWriteOnce"], "volumeMode": "Block"})
    assert shown["AccessModes"] == ["ReadWriteOnce"]
    assert (shown["VolumeName"], shown["StorageClassName"]) == ("", None)
    assert shown["Resources"] == {"Limits": None, "Requests": None}


def test_a_diff_has_three_lines_around_and_no_names_of_files() -> None:
    old = {"accessModes": ["ReadWriteOnce"], "volumeName": "a"}
    lines = struct_diff(CLAIM, old, {**old, "volumeName": "b"}).splitlines()
    assert lines[0] == "@@ -7,7 +7,7 @@"
    assert lines[4:6] == ['- "VolumeName": "a",', '+ "VolumeName": "b",']
    assert len(lines) == 9


def test_fields_can_be_left_out() -> None:
    assert struct_diff(CLAIM, {"volumeName": "a"}, {"volumeName": "b"}, ["volumeName"]) == ""
