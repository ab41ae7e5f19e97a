"""The layer in front of every simulator: journal, stamps, disturbances."""

from __future__ import annotations

from fake_cloud.recorder.recorder import LiveCall, Recorder
from fake_cloud.recorder.stamps import Stamp, stamp_from

__all__ = ["LiveCall", "Recorder", "Stamp", "stamp_from"]
