"""`cloud-conformance`: one file a command. Errors made for people end as one line.

Exit codes: 0 every outcome is as the adapter's committed expectations say, 1 an unexpected one,
2 a wrong request, 3 a broken environment or an incomplete run.
"""

from __future__ import annotations

import sys

import click

from conformance.cli.clean import clean
from conformance.cli.cluster import cluster
from conformance.cli.compare import compare
from conformance.cli.components import components
from conformance.cli.doctor import doctor
from conformance.cli.explain import explain
from conformance.cli.fidelity import fidelity
from conformance.cli.kill_matrix import kill_matrix
from conformance.cli.listing import list_requirements, providers
from conformance.cli.new_provider import new_provider
from conformance.cli.report import report
from conformance.cli.run import run
from conformance.errors import ConformanceError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cloud-provider-conformance")
def cloud_conformance() -> None:
    """Conformance tests for Kubernetes cloud providers."""


for command in (
    run,
    list_requirements,
    explain,
    providers,
    clean,
    doctor,
    new_provider,
    report,
    compare,
    kill_matrix,
    components,
    cluster,
    fidelity,
):
    cloud_conformance.add_command(command)


def main() -> None:
    """Entry point of the `cloud-conformance` script."""
    try:
        code = cloud_conformance(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except click.Abort:
        code = 3
    except ConformanceError as error:
        code = _told(str(error), error.exit_code)
    except UnicodeError as error:
        code = _told(f"wanted text in UTF-8, {error}", 2)
    except OSError as error:
        code = _told(str(error), 3)
    except SystemExit as error:
        code = _told(f"something ended the command with exit status {error.code}", 3)
    sys.exit(code or 0)


def _told(what: str, code: int) -> int:
    click.echo(f"error: {what}", err=True)
    return code
