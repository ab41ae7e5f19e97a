"""Tests of the AWS adapter; the controller itself is judged by runs."""

from __future__ import annotations
