from __future__ import annotations

import pytest

from fake_cloud.kube_api.representations.accept import PLAIN, YAML, Wanted, wanted_of
from fake_cloud.kube_api.status_errors import StatusError

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
KUBECTL = f"{TABLE},application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json"


def wanted(header: str, *, of_list: bool = False, watching: bool = False) -> Wanted:
    return wanted_of(header, of_list=of_list, watching=watching)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "application/json",
        "*/*",
        "application/*",
        "text/html, application/json;q=0.5",
        "application/vnd.kubernetes.protobuf, application/json",
        "application/json;as=Chart;g=meta.k8s.io;v=v1, application/json",
        "application/json;as=Table;g=meta.k8s.io;v=v9, */*",
    ],
)
def test_json_is_the_answer_to(header: str) -> None:
    assert wanted(header) is PLAIN


def test_the_first_form_that_can_be_had_is_taken() -> None:
    assert wanted(KUBECTL) == Wanted(form="Table", version="v1")


def test_a_higher_weight_goes_first() -> None:
    assert wanted(f"application/yaml;q=0.2, {TABLE};q=0.9").form == "Table"
    assert wanted("application/json;q=0.2, application/yaml").media == YAML


@pytest.mark.parametrize(
    ("header", "of_list", "words"),
    [
        ("text/html", False, "406: Not Acceptable"),
        ("text/html", True, "application/json;stream=watch"),
        ("application/json;as=Chart;g=meta.k8s.io;v=v1", False, "only the following media types"),
    ],
)
def test_what_cannot_be_had_is_refused(header: str, of_list: bool, words: str) -> None:
    with pytest.raises(StatusError) as caught:
        wanted(header, of_list=of_list)
    assert caught.value.code == 406
    assert words in caught.value.status["message"]


def test_a_watch_cannot_be_had_in_yaml() -> None:
    with pytest.raises(StatusError, match="stream=watch"):
        wanted("application/yaml", of_list=True, watching=True)
