"""`qcvalidate read`: what a document says, with no verdict."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qcvalidate.cli import _terminal
from qcvalidate.cli._options import schemas_option, trust_option
from qcvalidate.environment import refuse_disabled_checks
from qcvalidate.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qcvalidate.errors import DocumentError
    from qcvalidate.manifest import Manifest
    from qcvalidate.pipeline import Laboratory
    from qcvalidate.record import Finding


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dates", type=click.Choice(["DMY", "MDY", "YMD"]), help="How it writes its dates.")
@click.option("--decimal", type=click.Choice([".", ","]), help="Its decimal mark.")
@schemas_option
@trust_option
@click.option(
    "--format",
    "shown",
    type=click.Choice(["console", "json", "html"]),
    default="console",
    show_default=True,
    help="html draws on the pages what was read, and shows what was not.",
)
@click.option(
    "--output",
    metavar="FILE",
    callback=_terminal.checked_path,
    help="Write there, not to standard output.",
)
@click.option(
    "--show-identifiers",
    is_flag=True,
    help="Print the patient's identifier in full (html draws the pages as they are).",
)
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    file: Path,
    dates: str | None,
    decimal: str | None,
    schemas: Path | None,
    trust: tuple[Path, ...],
    shown: str,
    output: Path | None,
    show_identifiers: bool,
) -> None:
    """Show what was read from a document: each value with its page and place, and no verdict.

    Ends with exit status 5 where its digital signature is broken, as a check of it would.
    """
    refuse_disabled_checks(os.environ)
    from qcvalidate import reports  # noqa: PLC0415 - imports pandas
    from qcvalidate.assessment import ExitStatus  # noqa: PLC0415
    from qcvalidate.documents.signatures import BROKEN  # noqa: PLC0415
    from qcvalidate.manifest import Manifest  # noqa: PLC0415
    from qcvalidate.masking import without_patient  # noqa: PLC0415
    from qcvalidate.pipeline import open_laboratory, read  # noqa: PLC0415
    from qcvalidate.quantity import Locale  # noqa: PLC0415

    if output is not None:
        _terminal.refuse_overwriting(output)
    elif shown == "html" and sys.stdout.isatty():
        raise UsageError("a page of HTML is not for a terminal: add `--output seen.html`")
    laboratory = open_laboratory(schemas, trust)
    manifest = Manifest(locale=Locale(dates, decimal))
    refused = None
    if shown == "html":
        text, findings, refused = _page(file, laboratory, manifest, masked=not show_identifiers)
    else:
        record = read(file, laboratory, manifest)
        record = record if show_identifiers else without_patient(record)
        findings = record.findings
        if shown == "json":
            text = reports.render_record(record)
        else:
            text = reports.render_record_text(record, width=_terminal.width())
    if output is None:
        _terminal.hand_over(text)
    else:
        _terminal.write(output, text)
    if refused is not None:
        raise refused
    if any(finding.slug in BROKEN for finding in findings):
        sys.exit(ExitStatus.INTEGRITY)


def _page(
    file: Path, laboratory: Laboratory, manifest: Manifest, *, masked: bool
) -> tuple[str, Sequence[Finding], DocumentError | None]:
    """Draw the pages with what was read; a document that was refused is shown, and then told."""
    from qcvalidate.documents.rendering import page_count, page_pictures  # noqa: PLC0415 - pdfium
    from qcvalidate.masking import without_patient  # noqa: PLC0415
    from qcvalidate.pipeline import inspect  # noqa: PLC0415 - pandas
    from qcvalidate.reports._readingpage import pages_to_draw, render_reading  # noqa: PLC0415

    seen = inspect(file, laboratory, manifest)
    count = page_count(file) if seen.document is None else 0
    numbers = pages_to_draw(seen.record, seen.document, count)
    pictures = page_pictures(file, numbers, seen.document)
    told = seen.record or seen.document
    findings = told.findings if told is not None else ()
    record = without_patient(seen.record) if masked and seen.record else seen.record
    return render_reading(record, seen.document, pictures), findings, seen.refusal
