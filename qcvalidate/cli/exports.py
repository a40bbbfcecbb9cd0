"""`qcvalidate exports`: which column mappings there are, and whether they can be meant."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from qcvalidate.cli import _terminal
from qcvalidate.cli._options import schemas_option
from qcvalidate.environment import refuse_disabled_checks
from qcvalidate.errors import SpecificationError


@click.command()
@click.argument("files", metavar="[YAML]...", nargs=-1, type=click.Path(path_type=Path))
@schemas_option
def command(files: tuple[Path, ...], schemas: Path | None) -> None:
    """List and lint the column mappings of instruments' exports; those of these files if named."""
    refuse_disabled_checks(os.environ)
    from qcvalidate.mappings import load_mapping  # noqa: PLC0415
    from qcvalidate.pipeline import open_laboratory  # noqa: PLC0415 - imports pandas

    laboratory = open_laboratory(schemas)
    failed = False
    for path in files or laboratory.catalogue.files("exports"):
        try:
            found = load_mapping(path, laboratory.catalogue, laboratory.vocabulary)
        except SpecificationError as error:
            failed = True
            _terminal.tell(str(error))
            continue
        tests = ", ".join(result.test for result in found.results)
        _terminal.show(f"{found.id} {found.version}  {found.software}: {tests}")
    sys.exit(2 if failed else 0)
