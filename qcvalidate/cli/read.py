"""`qcvalidate read`: what a document says, with no verdict."""

from __future__ import annotations

import os
from pathlib import Path

import click

from qcvalidate.cli import _terminal
from qcvalidate.environment import refuse_disabled_checks


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dates", type=click.Choice(["DMY", "MDY", "YMD"]), help="How it writes its dates.")
@click.option("--decimal", type=click.Choice([".", ","]), help="Its decimal mark.")
@click.option(
    "--schemas", metavar="DIRECTORY", callback=_terminal.checked_path, help="Your own schemas."
)
@click.option(
    "--format",
    "shown",
    type=click.Choice(["console", "json"]),
    default="console",
    show_default=True,
)
def command(
    file: Path, dates: str | None, decimal: str | None, schemas: Path | None, shown: str
) -> None:
    """Show what was read from a document: each value with its page and place, and no verdict."""
    refuse_disabled_checks(os.environ)
    from qcvalidate import reports  # noqa: PLC0415 - imports pandas
    from qcvalidate.manifest import Manifest  # noqa: PLC0415
    from qcvalidate.pipeline import open_laboratory, read  # noqa: PLC0415
    from qcvalidate.quantity import Locale  # noqa: PLC0415

    record = read(file, open_laboratory(schemas), Manifest(locale=Locale(dates, decimal)))
    if shown == "json":
        text = reports.render_record(record)
    else:
        text = reports.render_record_text(record, width=_terminal.width())
    _terminal.show(text)
