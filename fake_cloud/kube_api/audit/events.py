"""Events of audit.k8s.io/v1 at level Metadata, as kube-apiserver writes them line by line.

Source: k8s.io/apiserver/pkg/audit and pkg/apis/audit/v1.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from conformance.contracts.audit import AuditEntry
from fake_cloud.kube_api.authentication.user import User
from fake_cloud.kube_api.requests import locate


def event(
    entry: AuditEntry,
    at: float,
    user: User,
    actor: User | None,
    path: str,
    query: Mapping[str, str],
) -> dict[str, Any]:
    """`at`: seconds since the epoch. A watch has the event alone that is written when it begins."""
    first = entry.verb == "watch" or entry.code == HTTPStatus.UNAUTHORIZED
    moment = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    made: dict[str, Any] = {
        "kind": "Event",
        "apiVersion": "audit.k8s.io/v1",
        "level": "Metadata",
        "auditID": str(uuid.uuid4()),
        "stage": "ResponseStarted" if first else "ResponseComplete",
        "requestURI": f"{path}?{urlencode(query)}" if query else path,
        "verb": entry.verb,
        "user": (actor or user).info(),
        "impersonatedUser": user.info() if actor else None,
        "sourceIPs": ["127.0.0.1"],
        "userAgent": entry.user_agent,
        "objectRef": _about(entry, path) if entry.resource else None,
        "responseStatus": {"metadata": {}, "code": entry.code},
        "requestReceivedTimestamp": moment,
        "stageTimestamp": moment,
    }
    return {key: value for key, value in made.items() if value}


def _about(entry: AuditEntry, path: str) -> dict[str, str]:
    location = locate(path)
    given = {
        "resource": entry.resource,
        "namespace": entry.namespace,
        "name": entry.name,
        "apiGroup": entry.group,
        "apiVersion": location.version if location else "",
        "subresource": entry.subresource,
    }
    return {key: value for key, value in given.items() if value}
