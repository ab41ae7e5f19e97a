"""The AWS cloud controller, unmodified, against moto in process or against an AWS account."""

from __future__ import annotations
