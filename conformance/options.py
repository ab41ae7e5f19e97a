"""Every option of a run, once: the same words on `cloud-conformance run` and as pytest options.

On the command line an option is `--provider`; in pytest it is `--conformance-provider`, because
pytest's option names are global over all plugins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Option:
    """`kind`: text, flag, list (may be repeated) or number."""

    name: str
    kind: str
    help: str
    default: Any = ""
    metavar: str = "TEXT"

    @property
    def field(self) -> str:
        """Name in `Request`."""
        return self.name.replace("-", "_")


OPTIONS = (
    Option("provider", "text", "provider adapter to judge (see `providers`)", metavar="NAME"),
    Option("controllers", "text", "kind of controllers (adapters that have some)", metavar="KIND"),
    Option("adapter-exec", "text", "program that is the adapter, in any language", metavar="PATH"),
    Option("features", "text", "what the provider promises (--provider generic)", metavar="FILE"),
    Option("live", "flag", "against the real cloud instead of a local simulator", default=False),
    Option("program", "list", "path of a provider's program, NAME=PATH", metavar="NAME=PATH"),
    Option("bin-dir", "list", "folder searched for programs before PATH", metavar="DIR"),
    Option("provider-option", "list", "option of the adapter, KEY=VALUE", metavar="KEY=VALUE"),
    Option("cluster", "text", "where the Kubernetes API comes from", "embedded", "BACKEND"),
    Option("kubernetes", "text", "Kubernetes minor, for example 1.37", metavar="MINOR"),
    Option("kubeconfig", "text", "kubeconfig of a shared cluster", metavar="FILE"),
    Option("context", "text", "context in that kubeconfig", metavar="NAME"),
    Option("adopt-cluster", "text", "context that the run may treat as its own", metavar="CONTEXT"),
    Option("kind-name", "text", "name of the kind cluster", metavar="NAME"),
    Option("kind-image", "text", "node image that kind shall take", metavar="IMAGE"),
    Option("kind-config", "text", "configuration that kind shall start from", metavar="FILE"),
    Option("area", "list", "only this area", metavar="AREA"),
    Option("focus", "list", "only requirements whose id matches this glob", metavar="GLOB"),
    Option("skip", "list", "exclude requirements, GLOB=REASON", metavar="GLOB=REASON"),
    Option("level", "list", "only this level", metavar="LEVEL"),
    Option("profile", "list", "only requirements of this profile", metavar="PROFILE"),
    Option("capability", "list", "only requirements of this capability", metavar="NAME"),
    Option("report-dir", "text", "where results are written", metavar="DIR"),
    Option("start-timeout", "number", "seconds an adapter may take to start", 120, "SECONDS"),
    Option("check-timeout", "number", "hard limit of one check in seconds", 600, "SECONDS"),
    Option("defect", "text", "plant this defect (adapters that have some)", metavar="ID"),
    Option("variant", "text", "plant this variant (adapters that have some)", metavar="ID"),
    Option("canary", "text", "dead-subject or killed-at-quiet", metavar="WORD"),
)


def flag_in_pytest(option: Option) -> str:
    """Spelling in pytest."""
    return f"--conformance-{option.name}"


def defaults() -> Mapping[str, Any]:
    """What every field is when nothing is said."""
    return {o.field: [] if o.kind == "list" else o.default for o in OPTIONS}
