"""`qcvalidate gate`: the populations of a list-mode file."""

from __future__ import annotations

import os
from pathlib import Path

import click

from qcvalidate.cli import _terminal
from qcvalidate.environment import refuse_disabled_checks


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--strategy",
    "strategy_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    required=True,
    help="A Gating-ML 2.0 file.",
)
@click.option(
    "--format",
    "shown",
    type=click.Choice(["console", "json"]),
    default="console",
    show_default=True,
)
def command(file: Path, strategy_file: Path, shown: str) -> None:
    """Show how many events of FILE lie in each gate of a gating strategy."""
    refuse_disabled_checks(os.environ)
    from qcvalidate import reports  # noqa: PLC0415 - imports pandas
    from qcvalidate.pipeline import gate  # noqa: PLC0415

    source, strategy, populations = gate(file, strategy_file)
    if shown == "json":
        text = reports.render_gating(source, strategy.id, strategy.sha256, populations)
    else:
        text = reports.render_gating_text(
            source, strategy.id, strategy.sha256, populations, width=_terminal.width()
        )
    _terminal.show(text)
