"""`/healthz`, `/livez`, `/readyz`.

Source: k8s.io/apiserver/pkg/server/healthz. The checks are our own: the real server's tell of hooks
that do not exist here.
"""

from __future__ import annotations

from fake_cloud.kube_api.http import Reply

ENDPOINTS = ("/healthz", "/livez", "/readyz")
CHECKS = ("ping", "etcd")
PLAIN = {"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff"}
NOT_FOUND = Reply(404, PLAIN, b"404 page not found\n")


def health(path: str, *, verbose: bool, excluded: str = "") -> Reply:
    endpoint, _, check = path.strip("/").partition("/")
    if check:
        return Reply(200, PLAIN, b"ok") if check in CHECKS else NOT_FOUND
    if not verbose:
        return Reply(200, PLAIN, b"ok")
    lines = [f"[+]{name}{' excluded:' if name == excluded else ''} ok" for name in CHECKS]
    return Reply(200, PLAIN, "\n".join([*lines, f"{endpoint} check passed", ""]).encode())
