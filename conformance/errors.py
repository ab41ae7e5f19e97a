"""Errors of the harness, one class per way in which the user can act. None of them is a verdict.

Every message says what was expected, what was seen and what to do next. `exit_code` is what the
command line ends with: 2 for a wrong request, 3 for a broken environment.
"""

from __future__ import annotations


class ConformanceError(Exception):
    """Anything that the user should read as one line instead of a traceback."""

    exit_code = 3


class UsageError(ConformanceError):
    """The request itself is wrong: unknown name, contradiction, nothing selected."""

    exit_code = 2


class UnknownName(UsageError):
    """A provider, capability, area or requirement that nobody knows; the nearest one is named."""


class CatalogueInvalid(UsageError):
    """A catalogue file breaks a rule; file and requirement are named."""


class ProviderMisdeclared(UsageError):
    """An adapter with wrong types, an unknown capability, or a name that two packages claim."""


class AdapterBroken(ConformanceError):
    """An adapter raised, hung or gave something else than it declared."""


class ProgramMissing(ConformanceError):
    """A program is on none of the searched paths; the ways to get it are named."""


class ProgramFailed(ConformanceError):
    """A program ended or did not become ready; the end of its log is quoted."""


class ClusterUnreachable(ConformanceError):
    """No usable API server behind the given kubeconfig."""


class ClusterNotOurs(UsageError):
    """The run did not make this cluster and was not told to adopt it."""


class ComponentBuildFailed(ConformanceError):
    """The Go tool-chain is missing or refused; its last lines are quoted."""


class LedgerUnreadable(ConformanceError):
    """`clean` cannot tell what a run made."""
