from __future__ import annotations

import pytest

from conformance.contracts.kubernetes import Invalid, KubeClient
from tests.fake_cloud.kube_api.kinds import BUDGETS, Body


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"minAvailable": 1, "maxUnavailable": 1}, "cannot be both set"),
        ({"minAvailable": -1}, "must be greater than or equal to 0"),
        ({"maxUnavailable": "101%"}, "must not be greater than 100%"),
        ({"maxUnavailable": "many"}, "a valid percent string"),
        ({"unhealthyPodEvictionPolicy": "Sometimes"}, "Unsupported value"),
    ],
)
def test_a_wrong_budget_is_refused(kube: KubeClient, spec: Body, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        kube.create(BUDGETS, {"metadata": {"name": "one"}, "spec": spec}, "default")
