"""`cloud-conformance kill-matrix`: does the suite notice what it should, and only that?"""

from __future__ import annotations

from pathlib import Path

import click
import msgspec


@click.command("kill-matrix")
@click.option("--provider", default="fake", show_default=True, help="adapter with defects")
@click.option("--controllers", help="kind of controllers (adapters that have some)")
@click.option("--cluster", default="embedded", show_default=True, help="cluster backend")
@click.option("--bin-dir", multiple=True, help="folder searched for programs before PATH")
@click.option("--defect", "only", multiple=True, help="only this defect")
@click.option("--full", is_flag=True, help="run the whole suite on each defect")
@click.option(
    "-n",
    "--workers",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    help="parallel trials",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("conformance-results"),
    show_default=True,
    help="folder of kill-matrix.json and kill-matrix.html",
)
def kill_matrix(
    provider: str,
    controllers: str | None,
    cluster: str,
    bin_dir: tuple[str, ...],
    only: tuple[str, ...],
    full: bool,
    workers: int,
    out: Path,
) -> int:
    """Run defects, variants and canaries; exit 1 when the suite misses or accuses one."""
    from conformance.proof.kill_matrix import kill_matrix as make
    from reports.writers.kill_matrix import write_page

    options = {
        "provider": provider,
        "controllers": controllers,
        "cluster": cluster,
        "bin_dir": bin_dir,
    }
    matrix = make(options, workers, click.echo, only=only, full=full)
    out.mkdir(parents=True, exist_ok=True)
    encoded = msgspec.json.format(msgspec.json.encode(matrix), indent=1)
    (out / "kill-matrix.json").write_bytes(encoded)
    write_page(encoded, out / "kill-matrix.html")
    killed = len(matrix.rows) - len(matrix.survivors)
    click.echo(f"{killed} of {len(matrix.rows)} defects killed, {len(matrix.unproven)} unproven")
    for line in _complaints(matrix.void, matrix.unproven, [row.defect for row in matrix.survivors]):
        click.echo(line)
    return 0 if matrix.holds else 1


def _complaints(void: list[str], unproven: list[str], survivors: list[str]) -> list[str]:
    return [
        *(f"void: {reason}" for reason in void),
        *(f"survived: {defect}" for defect in survivors),
        *(f"no defect kills: {id_}" for id_ in unproven),
    ]
