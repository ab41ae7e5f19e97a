"""What the operator asked for, as one value that travels to workers as JSON."""

from __future__ import annotations

import os
import secrets
import shlex
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from conformance.contracts.clusters import ClusterOptions
from conformance.contracts.providers import ProviderOptions
from conformance.errors import UsageError
from conformance.options import OPTIONS, Option, defaults
from conformance.redaction import masked

ONE_RUN_ONLY = frozenset({"area", "focus", "skip", "level", "profile", "capability", "report_dir"})
"""Options that choose requirements or a place: one requirement is run again without them."""

ONE_BACKEND_ONLY: Mapping[str, tuple[str, ...]] = {
    "kubeconfig": ("kubeconfig",),
    "context": ("kubeconfig",),
    "adopt_cluster": ("kubeconfig", "kind"),
    "kind_name": ("kind",),
    "kind_image": ("kind",),
    "kind_config": ("kind",),
}
"""Options with the backends that read them."""

PROGRAM_ADAPTER = "exec"
"""The registered provider that speaks for the program of `--adapter-exec`."""

FEATURES_READER = "generic"
"""The registered provider that is described by the file of `--features`."""


class Request(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Fields are those of `conformance.options.OPTIONS`, plus the id of the run."""

    run_id: str
    provider: str
    controllers: str
    adapter_exec: str
    features: str
    live: bool
    program: list[str]
    bin_dir: list[str]
    provider_option: list[str]
    cluster: str
    kubernetes: str
    kubeconfig: str
    context: str
    adopt_cluster: str
    kind_name: str
    kind_image: str
    kind_config: str
    area: list[str]
    focus: list[str]
    skip: list[str]
    level: list[str]
    profile: list[str]
    capability: list[str]
    report_dir: str
    start_timeout: float
    check_timeout: float
    defect: str
    variant: str
    canary: str

    @property
    def adapter(self) -> str:
        """Name of the entry point that gives the provider."""
        return PROGRAM_ADAPTER if self.adapter_exec else self.provider

    @property
    def provider_options(self) -> ProviderOptions:
        """Raises `UsageError` for a malformed `NAME=PATH` or `KEY=VALUE`."""
        return ProviderOptions(
            live=self.live,
            defect=self.defect,
            variant=self.variant,
            programs=pairs("--program", self.program),
            bin_dirs=tuple(self.bin_dir),
            values=pairs("--provider-option", self.provider_option),
            adapter_exec=self.adapter_exec,
            features=self.features,
            start_timeout=self.start_timeout,
        )

    @property
    def cluster_options(self) -> ClusterOptions:
        return ClusterOptions(
            kubernetes=self.kubernetes,
            kubeconfig=self.kubeconfig,
            context=self.context,
            adopt=self.adopt_cluster,
            bin_dirs=tuple(self.bin_dir),
            kind_name=self.kind_name,
            kind_image=self.kind_image,
            kind_config=self.kind_config,
        )

    @property
    def planted(self) -> str:
        """The defect, variant or canary of this run, empty for an honest one."""
        kinds = {"defect": self.defect, "variant": self.variant, "canary": self.canary}
        return ", ".join(f"{kind} {id_}" for kind, id_ in kinds.items() if id_)

    def again(self, requirement: str) -> str:
        """The command that runs this one requirement under the same conditions.

        Values of `--provider-option` are masked.
        """
        words = ["cloud-conformance", "run"]
        for option in OPTIONS:
            value = getattr(self, option.field)
            if option.field in ONE_RUN_ONLY or value == defaults()[option.field]:
                continue
            values = value if option.kind == "list" else [value]
            flag = f"--{option.name}"
            words += (
                [flag] if option.kind == "flag" else [w for v in values for w in (flag, str(v))]
            )
        return shlex.join([*masked(words), "--focus", requirement])


def request(values: Mapping[str, Any], env: Mapping[str, str] = os.environ) -> Request:
    """A request from option values; what is not given has its default.

    Results go to --report-dir > $ARTIFACTS > $SONOBUOY_RESULTS_DIR > ./conformance-results.
    Raises `UsageError` for values that cannot be meant.
    """
    given = {name: value for name, value in values.items() if value not in (None, (), "")}
    merged = {**defaults(), **{k: list(v) if isinstance(v, tuple) else v for k, v in given.items()}}
    merged["report_dir"] = str(report_folder(str(merged["report_dir"]), env).absolute())
    for option in OPTIONS:
        _check_value(option, merged[option.field])
    _check_together(merged)
    merged["run_id"] = secrets.token_hex(4)
    return msgspec.convert(merged, Request)


def _check_value(option: Option, value: Any) -> None:
    if option.kind == "number" and not 0 < value <= threading.TIMEOUT_MAX:
        raise UsageError(f"--{option.name}: wanted a finite number above 0, saw {value:g}")
    for text in value if option.kind == "list" else [value]:
        try:
            str(text).encode()
        except UnicodeEncodeError:
            raise UsageError(f"--{option.name}: wanted text in UTF-8, saw {text!a}") from None


def _check_together(values: Mapping[str, Any]) -> None:
    for name, backends in ONE_BACKEND_ONLY.items():
        if values[name] and values["cluster"] not in backends:
            raise UsageError(
                f"--{name.replace('_', '-')}: wanted with --cluster {' or '.join(backends)} only, "
                f"saw --cluster {values['cluster']}; change one of them"
            )
    if values["provider"] and values["adapter_exec"]:
        raise UsageError("--provider, --adapter-exec: wanted one of them, saw both")
    if values["features"] and values["provider"] != FEATURES_READER:
        raise UsageError(f"--features: wanted with --provider {FEATURES_READER} only")
    if values["defect"] and values["variant"]:
        raise UsageError("--defect, --variant: wanted one of them, saw both; a run plants one")


def pairs(option: str, texts: list[str]) -> dict[str, str]:
    """`["a=b"]` as a mapping; raises `UsageError` for a text without `=` or with an empty side."""
    found = {}
    for text in texts:
        key, _, value = text.partition("=")
        if not key or not value:
            raise UsageError(f"{option}: wanted NAME=VALUE, saw {text!r}")
        found[key] = value
    return found


def report_folder(given: str, env: Mapping[str, str]) -> Path:
    """Where results go when `given` is what the operator said (empty: nothing)."""
    fallback = env.get("ARTIFACTS") or env.get("SONOBUOY_RESULTS_DIR") or "conformance-results"
    return Path(given or fallback)
