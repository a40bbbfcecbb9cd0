"""`qcvalidate check`: lots go in, a verdict with its evidence comes out."""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from qcvalidate import __version__, reports
from qcvalidate.assessment import Assessment, ExitStatus, Run, Scope, Verdict, worst
from qcvalidate.cli import _terminal
from qcvalidate.errors import UsageError

# Shorter than this, a progress line would only flicker.
_A_MOMENT = 0.7


def _reports(
    _ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, Path], ...]:
    """Split each at its first colon, so that a Windows path keeps its own."""
    found = []
    for value in values:
        kind, _, path = value.partition(":")
        if not path:
            raise click.BadParameter(f"{value!r} should be FORMAT:PATH, such as html:report.html")
        if kind not in reports.formats():
            known = ", ".join(reports.formats())
            raise click.BadParameter(f"{kind!r} is no report format; there are {known}")
        found.append((kind, Path(path)))
    return tuple(found)


def _day(_ctx: click.Context, _param: click.Parameter, value: str | None) -> dt.date | None:
    """Read an ISO 8601 date and nothing else."""
    try:
        return None if value is None else dt.date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is not a date like 2026-03-30") from None


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--spec", "specification", metavar="ID", help="Use this specification, not lot.yaml's."
)
@click.option(
    "--schemas",
    type=click.Path(path_type=Path, file_okay=False),
    help="Your own folder laid out like schemas/; its files come before ours.",
)
@click.option(
    "--format",
    "shown",
    type=click.Choice(reports.formats()),
    default="console",
    show_default=True,
    help="What goes to standard output.",
)
@click.option(
    "--report",
    "written",
    metavar="FORMAT:PATH",
    callback=_reports,
    multiple=True,
    help="Also write a report; repeatable.",
)
@click.option(
    "--as-of",
    metavar="DATE",
    callback=_day,
    help="The day that stands for today [default: lot.yaml, else today].",
)
@click.option(
    "--scope",
    type=click.Choice([scope.value for scope in Scope]),
    default=Scope.LOT.value,
    show_default=True,
    help="Judge the whole specification, or only what a single document answers.",
)
@click.option(
    "--allow-conditional", is_flag=True, help="Exit with 0 where the verdict is CONDITIONAL."
)
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    paths: tuple[Path, ...],
    specification: str | None,
    schemas: Path | None,
    shown: str,
    written: tuple[tuple[str, Path], ...],
    as_of: dt.date | None,
    scope: str,
    allow_conditional: bool,
) -> None:
    """Check lot folders, folders of lot folders, or single documents with --spec.

    A lot folder holds a lot.yaml and the lot's papers. Exit status: 0 pass, 1 fail, 2 usage or
    specification error, 3 hold or conditional, 4 a document could not be read.
    """
    from qcvalidate.pipeline import Options, assess_paths, open_laboratory  # noqa: PLC0415 - pandas

    _refuse_lone_documents(paths, specification)
    drawn = any(reports.draws(kind) for kind in (shown, *(kind for kind, _ in written)))
    options = Options(dt.date.today(), as_of, specification, Scope(scope), plots=drawn)
    assessments = tuple(_with_progress(assess_paths(paths, open_laboratory(schemas), options)))
    days = [assessment.as_of for assessment in assessments if assessment.as_of]
    run = Run(as_of or max(days, default=options.today), __version__, assessments)
    for kind, path in written:
        _terminal.write(path, reports.render(kind, run))
    text = reports.render(shown, run, width=_terminal.width(), colour=_terminal.colour())
    click.echo(text, nl=not text.endswith("\n"))
    sys.exit(worst([_status(assessment, allow_conditional) for assessment in assessments]))


def _refuse_lone_documents(paths: Iterable[Path], specification: str | None) -> None:
    for path in paths:
        if specification is None and path.is_file():
            raise UsageError(
                f"{path}: a single document needs --spec ID to be checked against; "
                "`qcvalidate spec list` shows the ids"
            )


def _with_progress(assessments: Iterator[Assessment]) -> Iterator[Assessment]:
    """Pass the assessments on; tell a person at a terminal how far it has come."""
    started, shown = time.monotonic(), False
    for count, assessment in enumerate(assessments, start=1):
        if sys.stderr.isatty() and time.monotonic() - started > _A_MOMENT:
            shown = True
            click.echo(f"\r\x1b[K{count} checked ...", err=True, nl=False)
        yield assessment
    if shown:
        click.echo("\r\x1b[K", err=True, nl=False)


def _status(assessment: Assessment, allow_conditional: bool) -> ExitStatus:
    conditional = assessment.verdict is Verdict.CONDITIONAL
    if conditional and allow_conditional and assessment.exit_status is ExitStatus.OPEN:
        return ExitStatus.PASS
    return assessment.exit_status
