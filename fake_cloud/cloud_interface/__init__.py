"""The fake cloud as a `cloudprovider.Interface`: what the reference controller asks, by HTTP."""

from __future__ import annotations

from fake_cloud.cloud_interface.answers import CloudInterface
from fake_cloud.cloud_interface.endpoint import Endpoint, serve

__all__ = ["CloudInterface", "Endpoint", "serve"]
