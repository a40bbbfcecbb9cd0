"""`qcvalidate check`: lots go in, a verdict with its evidence comes out."""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import click

from qcvalidate import __version__, reports, timings
from qcvalidate.assessment import Assessment, ExitStatus, Outcome, Run, Scope, Verdict, worst
from qcvalidate.cli import _completion, _terminal, _timings
from qcvalidate.cli._cache import cache_options
from qcvalidate.cli._cache import opened as opened_cache
from qcvalidate.cli._options import (
    as_of_option,
    jobs_option,
    scheduler_option,
    schemas_option,
    trust_option,
)
from qcvalidate.cli._settings import (
    OneALine,
    configuration_places,
    refuse_uploaded_configuration,
)
from qcvalidate.environment import refuse_disabled_checks
from qcvalidate.errors import UsageError
from qcvalidate.reports._layout import visible
from qcvalidate.urls import Url, place
from qcvalidate.workers import cores

if TYPE_CHECKING:
    from qcvalidate.catalogue import Catalogue
    from qcvalidate.selection import Selection

# Shorter than this, a progress line would only flicker.
_A_MOMENT = 0.7


def _reports(
    _ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, Path | Url], ...]:
    """Split each at its first colon, so that a Windows path keeps its own."""
    found = []
    for value in values:
        kind, _, path = value.partition(":")
        if not path:
            raise click.BadParameter(f"{value!r} should be FORMAT:PATH, such as html:report.html")
        if kind not in reports.formats():
            known = ", ".join(reports.formats())
            raise click.BadParameter(f"{kind!r} is no report format; there are {known}")
        at = place(path)
        try:
            reports.refuse_suffix(kind, PurePath(path).suffix)
        except UsageError as error:
            raise click.BadParameter(str(error)) from None
        found.append((kind, at))
    places = [path if isinstance(path, Url) else os.path.realpath(path) for _, path in found]
    twice = [path for (_, path), at in zip(found, places, strict=True) if places.count(at) > 1]
    if twice:
        raise click.BadParameter(f"two reports would go to {twice[0]}, and one would be lost")
    return tuple(found)


def _revision(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not value.strip():
        raise click.BadParameter("is empty, and no revision of git's; without it all are checked")
    return value


@click.command()
@click.argument(
    "paths",
    nargs=-1,
    required=True,
    callback=_terminal.checked_places,
    shell_complete=_completion.files,
)
@click.option(
    "--spec",
    "specification",
    metavar="ID",
    callback=_terminal.checked_id,
    shell_complete=_completion.specifications,
    help="Use this specification, not lot.yaml's.",
)
@schemas_option
@trust_option
@click.option(
    "--format",
    "shown",
    type=click.Choice(reports.formats()),
    envvar="QCVALIDATE_FORMAT",
    show_envvar=True,
    default="console",
    show_default=True,
    help="What goes to standard output.",
)
@click.option(
    "--report",
    "written",
    metavar="FORMAT:PATH",
    envvar="QCVALIDATE_REPORT",
    show_envvar=True,
    type=OneALine(),
    shell_complete=_completion.report_formats,
    callback=_reports,
    multiple=True,
    help="Also write a report; repeatable.",
)
@as_of_option("lot.yaml, else today")
@click.option(
    "--scope",
    type=click.Choice([scope.value for scope in Scope]),
    default=Scope.LOT.value,
    show_default=True,
    help="Judge the whole specification, or only what a single document answers.",
)
@click.option(
    "--allow-conditional/--no-allow-conditional",
    envvar="QCVALIDATE_ALLOW_CONDITIONAL",
    show_envvar=True,
    help="Exit with 0 where the verdict is CONDITIONAL.",
)
@jobs_option
@cache_options
@scheduler_option
@click.option(
    "--changed-since",
    metavar="REV",
    callback=_revision,
    help="Only the lots below the paths in which anything changed since git's revision REV.",
)
@click.option(
    "--whole-lots",
    is_flag=True,
    help="Take each path for a file of a lot, and check the lot that it lies in.",
)
@click.option(
    "--quiet", "-q", is_flag=True, help="On the console: the lots that do not pass, a line each."
)
@click.option(
    "--verbose", "-v", is_flag=True, help="On the console: every criterion, place and document."
)
@click.option(
    "--show",
    type=click.Choice(["pass", "not-applicable"]),
    multiple=True,
    help="On the console: the criteria that came out so, too; repeatable.",
)
@click.option("--timings", "is_timed", is_flag=True, help="Tell where the time went.")
@click.option("--show-identifiers", is_flag=True, help="Print the identifiers of patients in full.")
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    paths: tuple[Path | Url, ...],
    specification: str | None,
    schemas: Path | None,
    trust: tuple[Path, ...],
    shown: str,
    written: tuple[tuple[str, Path | Url], ...],
    as_of: dt.date | None,
    scope: str,
    allow_conditional: bool,
    jobs: int | None,
    cache: Path | None,
    cache_size: int,
    scheduler: str | None,
    changed_since: str | None,
    whole_lots: bool,
    quiet: bool,
    verbose: bool,
    show: tuple[str, ...],
    is_timed: bool,
    show_identifiers: bool,
) -> None:
    """Check lot folders, folders of lot folders, or single documents with --spec.

    A lot folder holds a lot.yaml and the lot's papers. PATHS may be `-`: a list of them on
    standard input, one a line or each ended by NUL. Exit status: 0 pass (or, with words, no lot
    to judge among what changed), 1 fail, 2 usage or specification error, 3 hold or conditional,
    4 a document could not be read, 5 a document is not the one that was signed.
    """
    refuse_disabled_checks(os.environ)
    if is_timed:
        _timings.watch(click.get_current_context())
    from qcvalidate.clinic import read_clinic  # noqa: PLC0415 - the help needs none
    from qcvalidate.pipeline import (  # noqa: PLC0415 - pandas
        Options,
        assess_submissions,
        open_laboratory,
    )

    if quiet and (verbose or show):
        raise UsageError("--quiet shows less and --verbose and --show more; give one of them")
    if changed_since is not None and whole_lots:
        raise UsageError("--changed-since chooses whole lots itself; leave --whole-lots out")
    urls, paths = _apart(paths)
    if urls and (changed_since is not None or whole_lots or scope != Scope.LOT.value):
        raise UsageError(
            "--changed-since, --whole-lots and --scope document are for folders and files; an "
            "address in a store stands for all the lots below it"
        )
    paths = _listed(paths)
    named = [Path(one) for one in [specification or ""] if one.endswith((".yaml", ".yml"))]
    judges = [*([schemas] if schemas else []), *trust]
    refuse_uploaded_configuration(paths, [*judges, *named])
    _refuse_reports(written, paths, urls)
    if not whole_lots:
        _refuse_lone_documents(paths, specification)
    _refuse_document_scope_of_lots(paths, Scope(scope))
    reports.refuse_unavailable(shown)
    drawn = any(reports.draws(kind) for kind in (shown, *(kind for kind, _ in written)))
    options = Options(
        dt.date.today(),
        as_of,
        specification,
        Scope(scope),
        plots=drawn,
        show_identifiers=show_identifiers,
        jobs=jobs or cores(),
        scheduler=scheduler,
    )
    laboratory = open_laboratory(schemas, trust)
    clinic = read_clinic(laboratory.catalogue)
    judges = [*configuration_places(), *judges]
    kept = opened_cache(cache, cache_size, paths)
    with timings.stage("find"):
        if urls:
            chosen = _stored(urls, laboratory.catalogue)
        else:
            chosen = _chosen(paths, changed_since, whole_lots, judges, laboratory.catalogue)
    found = assess_submissions(chosen.submissions, laboratory, options, kept)
    found = _with_progress(found, len(chosen.submissions))
    if chosen.submissions and shown == "jsonl" and not written:
        empty = Run(as_of or options.today, __version__, (), clinic)
        sys.exit(_streamed(found, empty, chosen.told, allow_conditional))
    assessments = tuple(found)
    days = [assessment.as_of for assessment in assessments if assessment.as_of]
    run = Run(as_of or max(days, default=options.today), __version__, assessments, clinic)
    for kind, path in written:
        with timings.stage(kind):
            _terminal.write(path, reports.render(kind, run, suffix=PurePath(path).suffix))
    for line in chosen.told:
        _terminal.tell(visible(line))
    # In a log the words are enough; what a program reads must be whole.
    if assessments or shown not in ("console", "github"):
        with timings.stage(shown):
            _terminal.hand_over(_shown(shown, run, quiet=quiet, verbose=verbose, show=show))
    if not assessments:
        # Nothing was asked that has an answer; a path without lots never comes here.
        sys.exit(ExitStatus.PASS)
    sys.exit(worst([_status(assessment, allow_conditional) for assessment in assessments]))


def _apart(paths: tuple[Path | Url, ...]) -> tuple[tuple[Url, ...], tuple[Path, ...]]:
    urls = tuple(path for path in paths if isinstance(path, Url))
    local = tuple(path for path in paths if not isinstance(path, Url))
    if urls and local:
        raise UsageError(f"{urls[0]} and {local[0]}: give addresses in a store, or paths, not both")
    return urls, local


def _refuse_reports(
    written: tuple[tuple[str, Path | Url], ...], paths: tuple[Path, ...], urls: tuple[Url, ...]
) -> None:
    """Refuse what could not be written in the end, before anything is judged."""
    from qcvalidate.submission import refuse_among_papers  # noqa: PLC0415 - the help needs none

    for kind, path in written:
        reports.refuse_unavailable(kind, PurePath(path).suffix)
        if isinstance(path, Url):
            _refuse_among_stored(path, urls)
            _terminal.refuse_overwriting_object(path)
        else:
            refuse_among_papers(path, paths)
            _terminal.refuse_overwriting(path)


def _refuse_among_stored(report: Url, asked: Iterable[Url]) -> None:
    for url in asked:
        if f"{report}/".startswith(f"{url}/"):
            raise UsageError(
                f"{report}: lies below {url}, which is checked, and the next check would take it "
                "for one of the papers; write it elsewhere"
            )


def _stored(urls: tuple[Url, ...], catalogue: Catalogue) -> Selection:
    from qcvalidate.remote import find_stored  # noqa: PLC0415 - for object stores alone
    from qcvalidate.selection import Selection  # noqa: PLC0415 - the help needs none

    return Selection(tuple(find_stored(urls, catalogue)))


def _streamed(
    assessments: Iterable[Assessment], run: Run, told: Iterable[str], allow_conditional: bool
) -> ExitStatus:
    """Print the line of each lot as it comes, so that of very many none waits in memory."""
    from qcvalidate.reports import jsonl  # noqa: PLC0415

    statuses = set()
    for assessment in assessments:
        _terminal.hand_over(jsonl.line(run, assessment))
        statuses.add(_status(assessment, allow_conditional))
    for line in told:
        _terminal.tell(visible(line))
    return worst(list(statuses))


def _shown(
    shown: str, run: Run, *, quiet: bool, verbose: bool, show: tuple[str, ...]
) -> str | bytes:
    width, colour = _terminal.width(), _terminal.colour()
    if shown != "console":
        return reports.render(shown, run, width=width, colour=colour)
    from qcvalidate.reports import console  # noqa: PLC0415 - the help needs none

    outcomes = tuple(Outcome[name.upper().replace("-", "_")] for name in show)
    detail = console.Detail(sys.stdout.encoding or "ascii", quiet, verbose, outcomes)
    return console.render_detailed(run, detail, width=width, colour=colour)


def _listed(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """Put the list on standard input in the place of `-`; an empty one is a broken pipe."""
    if Path("-") not in paths:
        return paths
    given = sys.stdin.buffer.read()
    mark = b"\0" if b"\0" in given else b"\n"
    names = [name.removesuffix(b"\r") if mark == b"\n" else name for name in given.split(mark)]
    found = [Path(os.fsdecode(name)) for name in names if name.strip()]
    if mark == b"\n" and any(b"\r" in name for name in names):
        # Two paths that only a carriage return parts would be one, and might lie in one lot.
        raise UsageError("-: a path holds a carriage return; end each with a line feed or NUL")
    if not found:
        raise UsageError("-: no path stands on standard input, and nothing was judged")
    at = paths.index(Path("-"))
    rest = tuple(path for path in paths[at + 1 :] if path != Path("-"))
    return (*paths[:at], *found, *rest)


def _chosen(
    paths: tuple[Path, ...],
    revision: str | None,
    whole: bool,
    judges: list[Path],
    catalogue: Catalogue,
) -> Selection:
    from qcvalidate.selection import (  # noqa: PLC0415 - the help needs none
        Selection,
        changed_lots,
        lots_of_files,
    )

    if revision is not None:
        return changed_lots(paths, revision, judges, catalogue)
    if whole:
        return lots_of_files(paths, catalogue)
    from qcvalidate.submission import find_submissions  # noqa: PLC0415

    return Selection(tuple(find_submissions(paths, catalogue)))


def _refuse_lone_documents(paths: Iterable[Path], specification: str | None) -> None:
    for path in paths:
        if specification is None and _is_document(path):
            raise UsageError(
                f"{path}: a single document needs --spec ID to be checked against; "
                "`qcvalidate spec list` shows the ids"
            )


def _refuse_document_scope_of_lots(paths: Iterable[Path], scope: Scope) -> None:
    """A lot judged only by the papers that happen to be there would pass by what is missing."""
    for path in paths:
        if scope is Scope.DOCUMENT and not _is_document(path):
            raise UsageError(
                f"{path}: --scope document judges a single document, and this is a folder; name "
                "the document, with --spec ID"
            )


def _is_document(path: Path) -> bool:
    # A name that is too long, or a folder that may not be entered, is told when it is opened.
    return os.path.exists(path) and not os.path.isdir(path)  # noqa: PTH110, PTH112


def _with_progress(assessments: Iterator[Assessment], number: int) -> Iterator[Assessment]:
    """Pass the assessments on; tell a person at a terminal how far it has come."""
    started, shown = time.monotonic(), False
    for count, assessment in enumerate(assessments, start=1):
        if sys.stderr.isatty() and time.monotonic() - started > _A_MOMENT and count < number:
            shown = True
            click.echo(f"\r\x1b[K{count} of {number} lots checked ...", err=True, nl=False)
        yield assessment
    if shown:
        click.echo("\r\x1b[K", err=True, nl=False)


def _status(assessment: Assessment, allow_conditional: bool) -> ExitStatus:
    conditional = assessment.verdict is Verdict.CONDITIONAL
    if conditional and allow_conditional and assessment.exit_status is ExitStatus.OPEN:
        return ExitStatus.PASS
    return assessment.exit_status
