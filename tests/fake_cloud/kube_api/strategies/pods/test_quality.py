from __future__ import annotations

from typing import Any

import pytest

from fake_cloud.kube_api.strategies.pods.quality import quality_of_service

SAME = {"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": "1000m", "memory": "1Gi"}}


@pytest.mark.parametrize(
    ("resources", "quality"),
    [
        ([{}], "BestEffort"),
        ([SAME], "Guaranteed"),
        ([SAME, {}], "Burstable"),
        ([{"requests": {"cpu": "1"}}], "Burstable"),
        ([{"limits": {"cpu": "1"}, "requests": {"cpu": "1"}}], "Burstable"),
        ([{"requests": {"example.com/device": "1"}}], "BestEffort"),
    ],
)
def test_quality_follows_requests_and_limits(resources: list[dict[str, Any]], quality: str) -> None:
    assert quality_of_service({"containers": [{"resources": r} for r in resources]}) == quality
