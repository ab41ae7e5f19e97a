from __future__ import annotations

from pathlib import Path

from fake_cloud.kube_api.types.go_fields import emptiness_by_type

CORE = """
type Phase string

type Inner struct {
\tHost string `json:"host,omitempty"`
}

type Thing struct {
\tmetav1.TypeMeta `json:",inline"`
\t// Says how it is.
\tPhase Phase `json:"phase,omitempty" protobuf:"bytes,1,opt,name=phase"`
\tInner `json:",inline"`
\tClass *string `json:"class,omitempty"`
\tNeeded string `json:"needed"`
\tNested Inner `json:"nested,omitempty"`
\tMade Time `json:"made,omitempty,omitzero"`
\tItems []Inner `json:"items,omitempty"`
}
"""


def test_go_types_say_which_empty_values_are_written(tmp_path: Path) -> None:
    for path, text in (
        ("api/core/v1/types.go", CORE),
        ("machinery/pkg/apis/meta/v1/types.go", ""),
    ):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(text)
    found = emptiness_by_type(tmp_path / "api", tmp_path / "machinery", tmp_path / "extensions")
    assert found["core.v1.Thing"] == {
        "phase": "drop",
        "host": "drop",
        "class": "keep",
        "needed": "fill",
        "nested": "fill",
        "made": "drop",
        "items": "drop",
    }
