"""`qcvalidate labs`: which lab profiles there are, and whether they can be meant."""

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
    """List and lint the lab profiles; those of these files where some are named."""
    refuse_disabled_checks(os.environ)
    from qcvalidate.labs import load_profile, profile_paths  # noqa: PLC0415
    from qcvalidate.pipeline import open_laboratory  # noqa: PLC0415 - imports pandas
    from qcvalidate.readers.certificates.telling import telling  # noqa: PLC0415

    laboratory = open_laboratory(schemas)
    failed = False
    for path in files or profile_paths(laboratory.catalogue).values():
        try:
            found = load_profile(path, laboratory.catalogue, laboratory.vocabulary, telling)
        except SpecificationError as error:
            failed = True
            _terminal.tell(str(error))
            continue
        marks = " and ".join(filter(None, (" or ".join(found.names), " or ".join(found.forms))))
        _terminal.show(f"{found.id} {found.version}  {found.laboratory}; recognised by {marks}")
    sys.exit(2 if failed else 0)
