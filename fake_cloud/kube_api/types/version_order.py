"""Which of two API versions comes first: `v2`, `v1`, `v1beta1`, `v1alpha3`, then names.

Source: k8s.io/apimachinery/pkg/version/helpers.go.
"""

from __future__ import annotations

import re

FORM = re.compile(r"v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?")
STAGES = {"alpha": 1, "beta": 2, None: 3}


def newest_first(version: str) -> tuple[int, int, int, str]:
    """A sort key."""
    match = FORM.fullmatch(version)
    if match is None:
        return 0, 0, 0, version
    major, stage, minor = match.groups()
    return -STAGES[stage], -int(major), -int(minor or 0), ""
