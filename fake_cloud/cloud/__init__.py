"""The account: places, machines, quotas, and the API that controllers call. No Kubernetes here."""

from __future__ import annotations

from fake_cloud.cloud.account import Account, AccountSettings
from fake_cloud.cloud.instance_api import InstanceApi, Page
from fake_cloud.cloud.machine import Machine, MachineState, Zone
from fake_cloud.cloud.owner import Owner

__all__ = [
    "Account",
    "AccountSettings",
    "InstanceApi",
    "Machine",
    "MachineState",
    "Owner",
    "Page",
    "Zone",
]
