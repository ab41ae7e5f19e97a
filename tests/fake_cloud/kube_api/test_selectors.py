from __future__ import annotations

import pytest

from fake_cloud.kube_api.selectors import field_terms, label_selector
from fake_cloud.kube_api.status_errors import StatusError

LABELS = {"env": "prod", "tier": "web", "count": "5"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("env=prod", True),
        ("env==dev", False),
        ("env!=dev", True),
        ("absent!=x", True),
        ("env in (prod, dev)", True),
        ("env notin (prod)", False),
        ("env notin (dev),tier=web", True),
        ("env", True),
        ("!env", False),
        ("!absent", True),
        ("count>4", True),
        ("count<5", False),
        ("absent=", False),
    ],
)
def test_label_selectors(text: str, expected: bool) -> None:
    matches = label_selector(text)
    assert matches is not None
    assert matches(LABELS) is expected


def test_an_empty_selector_matches_everything() -> None:
    assert label_selector("  ") is None


@pytest.mark.parametrize("text", ["env in prod", "=x", "env=(", "env in (a", "a b", "-x=1", ","])
def test_bad_label_selectors_are_bad_requests(text: str) -> None:
    with pytest.raises(StatusError) as error:
        label_selector(text)
    assert error.value.code == 400


def test_field_selectors() -> None:
    terms = field_terms("metadata.name=one,spec.type!=ClusterIP")
    assert [term.path for term in terms] == ["metadata.name", "spec.type"]
    assert all(term.matches({"metadata.name": "one", "spec.type": "NodePort"}) for term in terms)


def test_a_field_selector_without_an_operator_is_a_bad_request() -> None:
    with pytest.raises(StatusError):
        field_terms("metadata.name")
