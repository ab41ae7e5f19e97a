"""Small adapter programs for tests, written where they are needed."""

from __future__ import annotations

import sys
from pathlib import Path
from textwrap import dedent

from providers.exec.lines import API_VERSION

HEAD = f"""\
#!{sys.executable} -S
import json, os, signal, sys, time

DESCRIPTION = {{
    "kind": "described", "apiVersion": "{API_VERSION}", "name": "small",
    "needs": ["kubernetes", "view"], "subjects": {{"cloud-controller": {{"cluster": False}}}},
    "identity": {{"name": "small"}},
}}

def read():
    line = sys.stdin.readline()
    return json.loads(line) if line else sys.exit()

def say(line=None, **more):
    sys.stdout.write(json.dumps({{**(line or {{}}), **more}}) + "\\n")
    sys.stdout.flush()

"""


def program(folder: Path, body: str, name: str = "small-adapter") -> Path:
    """An executable file that has `read`, `say` and `DESCRIPTION`."""
    path = folder / name
    path.write_text(HEAD + dedent(body))
    path.chmod(0o755)
    return path
