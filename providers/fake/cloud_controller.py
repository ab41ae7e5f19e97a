"""The subject: the fake cloud's own controller, and how to plant something in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from conformance.api import RUN_LABEL, Cluster, Parts, ProviderOptions, Setting, SubjectProcess
from fake_cloud.blueprint import BRISK, Blueprint
from fake_cloud.cloud import InstanceApi
from fake_cloud.defects import DEFECTS
from fake_cloud.loops.cloud_controller import CloudController
from fake_cloud.loops.log_file import log_file
from fake_cloud.planting import Planted
from fake_cloud.variants import VARIANTS

LOG = "cloud-controller.log"

LONG = 3600.0
"""Seconds between address refreshes where a setting asks for a loop that is out of the way."""


def blueprint_for(setting: Setting, options: ProviderOptions) -> Blueprint:
    """What to build, with the operator's defect or variant planted.

    Raises ValueError for one that nobody wrote.
    """
    long = setting is Setting.ADDRESS_PERIOD_LONG
    blueprint = Blueprint(periods=replace(BRISK, addresses=LONG) if long else BRISK)
    if options.defect:
        _named(options.defect, DEFECTS, "defect").plant(blueprint)
    if options.variant:
        _named(options.variant, VARIANTS, "variant").plant(blueprint)
    return blueprint


def _named(name: str, known: Mapping[str, Planted], kind: str) -> Planted:
    if name not in known:
        raise ValueError(f"no {kind} {name!r}; known: {', '.join(sorted(known))}")
    return known[name]


@contextmanager
def running_controller(
    blueprint: Blueprint, cluster: Cluster, api: InstanceApi, parts: Parts
) -> Iterator[SubjectProcess]:
    """Started, and gone on exit. It sees this run's nodes alone, and logs to `log_of(parts)`."""
    selector = f"{RUN_LABEL}={parts.run_id}"
    with log_file(log_of(parts)) as log:
        controller = CloudController(
            blueprint, cluster.subject_kube, api, label_selector=selector, log=log
        )
        controller.start()
        try:
            yield controller
        finally:
            controller.kill()


def log_of(parts: Parts) -> Path:
    return parts.folder / LOG
