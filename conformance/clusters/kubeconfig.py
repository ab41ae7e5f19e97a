"""Cluster backend `kubeconfig`: somebody's cluster, shared, and never touched unless adopted.

The run did not make it: a current context counts for nothing, and `--adopt-cluster` must name the
very context that is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from conformance.clusters.kubeconfig_file import context_names, isolate_context, keep_secret
from conformance.contracts.clusters import ClusterOptions, ClusterParts, ClusterProbe
from conformance.contracts.kubernetes import ApiError, ApiUnreachable
from conformance.errors import ClusterNotOurs, ClusterUnreachable, UsageError
from conformance.kube_http import HttpKubeClient


@dataclass(frozen=True, slots=True)
class SharedCluster:
    """Implements `Cluster`; nothing stands between the subject and the server."""

    version: str
    kube: HttpKubeClient
    subject_kube: HttpKubeClient
    kubeconfig: Path
    subject_kubeconfig: Path
    disturbance: None = None
    audit: None = None

    def kubeconfig_for(self, user: str, groups: Sequence[str] = ()) -> None:  # noqa: ARG002
        """Nobody gave us the right to make users."""
        return


class KubeconfigBackend:
    """Implements `ClusterBackend` for `--kubeconfig FILE --adopt-cluster CONTEXT`."""

    name = "kubeconfig"

    def probe(self, options: ClusterOptions) -> ClusterProbe:
        """Raises `UsageError`, `ClusterNotOurs` and `ClusterUnreachable`."""
        kubeconfig, context = _adopted(options)
        with closing(HttpKubeClient(kubeconfig, context)) as kube:
            return ClusterProbe(
                backend=self.name,
                version=server_version(kube),
                private=False,
                disturbs=False,
                facts={"context": context},
            )

    @contextmanager
    def start(self, options: ClusterOptions, parts: ClusterParts) -> Iterator[SharedCluster]:
        """Raises as `probe`."""
        kubeconfig, context = _adopted(options)
        isolated = parts.folder / "shared.kubeconfig"
        isolate_context(kubeconfig, context, isolated)
        keep_secret(isolated, parts)
        with closing(HttpKubeClient(isolated)) as kube, closing(HttpKubeClient(isolated)) as theirs:
            yield SharedCluster(server_version(kube), kube, theirs, isolated, isolated)


def _adopted(options: ClusterOptions) -> tuple[Path, str]:
    """File and context, if the operator gave them to the run."""
    kubeconfig = _kubeconfig(options)
    context = options.context or options.adopt
    if not context:
        known = ", ".join(context_names(kubeconfig)) or "none"
        raise UsageError(
            f"cluster kubeconfig: --context is missing; contexts of {kubeconfig}: {known}"
        )
    if options.adopt != context:
        raise ClusterNotOurs(
            f"context {context!r} of {kubeconfig} is a cluster that this run did not make; "
            f"give --adopt-cluster {context} to let it make and delete objects of its own there"
        )
    return kubeconfig, context


def _kubeconfig(options: ClusterOptions) -> Path:
    """The file that was named: `$KUBECONFIG` is for people, and `clean` must find it again."""
    if not options.kubeconfig:
        raise UsageError("cluster kubeconfig: --kubeconfig FILE is missing")
    path = Path(options.kubeconfig)
    if not path.is_file():
        raise ClusterUnreachable(f"kubeconfig {path}: no such file")
    return path


def server_version(kube: HttpKubeClient) -> str:
    """`gitVersion` of the server. Raises `ClusterUnreachable`."""
    try:
        return str(kube.version()["gitVersion"])
    except (ApiError, ApiUnreachable) as error:
        raise ClusterUnreachable(f"no usable API server at {kube.server}: {error}") from error
