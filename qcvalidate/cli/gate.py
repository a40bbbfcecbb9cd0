"""`qcvalidate gate`: the populations of a list-mode file."""

from __future__ import annotations

import os
import sys
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
    help="A Gating-ML file: the laboratory's own, or one of `qcvalidate strategy import`.",
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
    from qcvalidate.record import Severity  # noqa: PLC0415

    source, strategy, populations, findings = gate(file, strategy_file)
    if shown == "json":
        text = reports.render_gating(source, strategy.id, strategy.sha256, populations, findings)
    else:
        text = reports.render_gating_text(
            source,
            strategy.id,
            strategy.sha256,
            populations,
            findings,
            width=_terminal.width(),
        )
    _terminal.hand_over(text)
    if any(finding.severity is Severity.HOLD for finding in findings):
        # The counts are shown; nobody stands behind the gates.
        sys.exit(3)
