"""Custom resources between the stored and the asked version: strategy `None`, with pruning.

Follows k8s.io/apiextensions-apiserver/pkg/apiserver/{conversion,customresource_handler.go}.
"""

from __future__ import annotations

import copy
from typing import Any

from fake_cloud.kube_api.custom_resources.defaulting import set_defaults
from fake_cloud.kube_api.custom_resources.pruning import prune
from fake_cloud.kube_api.types.custom import CustomVersion

Body = dict[str, Any]


def to_storage_form(body: Body, custom: CustomVersion) -> Body:
    """Only the version differs."""
    group = body["apiVersion"].partition("/")[0]
    return {**body, "apiVersion": f"{group}/{custom.storage_version}"}


def from_storage_form(body: Body, api_version: str, custom: CustomVersion) -> Body:
    """As the asked version shows it; a schema may be younger than the object."""
    body = copy.deepcopy(body)
    prune(body, custom.storage_schema)
    set_defaults(body, custom.storage_schema)
    if body["apiVersion"] != api_version:
        body["apiVersion"] = api_version
        prune(body, custom.schema)
    return body
