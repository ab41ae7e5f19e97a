"""The pytest plugin: options, marker, and nothing else until a conformance option is used.

It is loaded in every pytest run of an environment that has this package installed, so it imports
nothing heavy and stays inert in foreign runs.
"""

from __future__ import annotations

from typing import Any

import pytest

from conformance.options import OPTIONS, flag_in_pytest

HANDOVER = "conformance"
"""Key under which request and plan travel in xdist's `workerinput`."""


ADAPTER_OPTIONS = ("provider", "adapter_exec")
"""A session with one of these options is a conformance run."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("cloud provider conformance")
    kinds: dict[str, dict[str, Any]] = {
        "flag": {"action": "store_true"},
        "list": {"action": "append", "default": []},
        "number": {"type": float},
        "text": {},
    }
    for option in OPTIONS:
        settings = dict(kinds[option.kind])
        if option.kind != "flag":
            settings["metavar"] = option.metavar
        if option.kind in ("text", "number"):
            settings["default"] = None
        group.addoption(
            flag_in_pytest(option), dest=f"conformance_{option.field}", help=option.help, **settings
        )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "conformance(id, form): the function that decides a conformance requirement"
    )
    handed = getattr(config, "workerinput", {}).get(HANDOVER)
    asked = (config.getoption(f"conformance_{name}", None) for name in ADAPTER_OPTIONS)
    if handed is not None or any(asked):
        from conformance.errors import UsageError
        from conformance.plugin.import_names import guard_import_names

        try:
            guard_import_names()
        except UsageError as error:
            raise pytest.UsageError(str(error)) from error
        from conformance.plugin import sessions

        sessions.configure(config, handed)
