"""`qcvalidate watch`: lots are checked as their papers arrive."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qcvalidate import __version__, reports
from qcvalidate.assessment import ExitStatus, Run, worst
from qcvalidate.cli import _completion, _terminal
from qcvalidate.cli._cache import cache_options
from qcvalidate.cli._cache import opened as opened_cache
from qcvalidate.cli._options import jobs_option, schemas_option, trust_option
from qcvalidate.cli._settings import refuse_uploaded_configuration
from qcvalidate.environment import refuse_disabled_checks
from qcvalidate.errors import UsageError
from qcvalidate.reports._layout import visible
from qcvalidate.workers import cores

if TYPE_CHECKING:
    from qcvalidate.assessment import Assessment
    from qcvalidate.inbox import Event, Inbox
    from qcvalidate.pipeline import Laboratory
    from qcvalidate.submission import Submission

_STATE = ".qcvalidate-watch.json"
_ENDINGS = {"text/plain": ".txt", "text/markdown": ".md"}


def _kinds(
    _ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """Split each into a format and the ending of another type of file, if it has one."""
    found = []
    for value in values:
        kind, dot, ending = value.partition(".")
        if kind not in reports.formats():
            known = ", ".join(reports.formats())
            raise click.BadParameter(f"{kind!r} is no report format; there are {known}")
        try:
            reports.refuse_suffix(kind, dot + ending)
        except UsageError as error:
            raise click.BadParameter(str(error)) from None
        if dot and dot + ending not in reports.FILE_TYPES:
            known = " or ".join(reports.FILE_TYPES)
            raise click.BadParameter(f"{value!r} should be a format alone, or end with {known}")
        found.append((kind, dot + ending))
    return tuple(dict.fromkeys(found))


@click.command()
@click.argument(
    "inbox", type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="INBOX"
)
@click.option(
    "--out",
    metavar="DIR",
    required=True,
    callback=_terminal.checked_path,
    shell_complete=_completion.folders,
    help="Where each lot's reports go, in a folder of the lot's name.",
)
@click.option(
    "--report",
    "kinds",
    metavar="FORMAT",
    shell_complete=_completion.formats,
    callback=_kinds,
    multiple=True,
    default=("html", "json"),
    show_default=True,
    help="A format of the reports, such as html, summary.pdf or csv.parquet; repeatable.",
)
@click.option(
    "--settle",
    metavar="SECONDS",
    type=click.FloatRange(min=0, max=86_400),
    default=10.0,
    show_default=True,
    help="A lot is checked once none of its files has changed for so long.",
)
@click.option(
    "--interval",
    metavar="SECONDS",
    type=click.FloatRange(min=0.05, max=86_400),
    default=2.0,
    show_default=True,
    help="How long to wait between two looks.",
)
@click.option(
    "--once", is_flag=True, help="End when every lot that is there now is checked; for cron."
)
@schemas_option
@trust_option
@jobs_option
@cache_options
@click.option("--show-identifiers", is_flag=True, help="Print the identifiers of patients in full.")
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    inbox: Path,
    out: Path,
    kinds: tuple[tuple[str, str], ...],
    settle: float,
    interval: float,
    once: bool,
    schemas: Path | None,
    trust: tuple[Path, ...],
    jobs: int | None,
    cache: Path | None,
    cache_size: int,
    show_identifiers: bool,
) -> None:
    """Check the lots of a folder as their papers arrive, and write reports of each.

    A lot whose files still change is waited for; one that was checked is checked again only when a
    file of it, what it is judged by, or this program is another. What is known stands in DIR, so
    that a watch goes on where the last one ended. With --once the exit status is the worst of the
    lots that are there, as of `check`; without it, Ctrl-C ends the watch.
    """
    refuse_disabled_checks(os.environ)
    from qcvalidate.catalogue import open_catalogue  # noqa: PLC0415
    from qcvalidate.clinic import read_clinic  # noqa: PLC0415
    from qcvalidate.inbox import read_state  # noqa: PLC0415 - pandas
    from qcvalidate.pipeline import Options  # noqa: PLC0415

    refuse_uploaded_configuration((inbox,), [*([schemas] if schemas else []), *trust])
    _refuse_overlap(inbox, out)
    for kind, suffix in kinds:
        reports.refuse_unavailable(kind, suffix)
    files = {(kind, suffix): _file(kind, suffix) for kind, suffix in kinds}
    drawn = any(reports.draws(kind) for kind, _ in files)
    kept = opened_cache(cache, cache_size, (inbox,))
    # So that a service that is stopped leaves nothing half-written.
    signal.signal(signal.SIGTERM, _stop)

    def options() -> Options:
        today = dt.date.today()
        return Options(today, plots=drawn, show_identifiers=show_identifiers, jobs=jobs or cores())

    def deliver(name: str, assessment: Assessment) -> None:
        # Read anew: a clinic's name may change while the watch runs.
        clinic = read_clinic(open_catalogue(schemas))
        run = Run(assessment.as_of or dt.date.today(), __version__, (assessment,), clinic)
        # Those of an earlier call that asked for other formats speak of what was there then.
        _withdraw(out / name, but=files.values())
        for (kind, suffix), file in files.items():
            _terminal.write(out / name / file, reports.render(kind, run, suffix=suffix))

    def is_delivered(name: str) -> bool:
        return all((out / name / file).is_file() for file in files.values())

    def opened(known: Inbox | None) -> Inbox:
        from qcvalidate.inbox import Inbox  # noqa: PLC0415
        from qcvalidate.pipeline import assess_submissions, open_laboratory  # noqa: PLC0415

        laboratory = open_laboratory(schemas, trust)

        def judge(submission: Submission) -> Assessment:
            (assessment,) = assess_submissions([submission], laboratory, options(), kept)
            return assessment

        return Inbox(
            inbox,
            laboratory.catalogue,
            _judged_by(laboratory, trust, show_identifiers),
            judge,
            deliver,
            is_delivered,
            settle,
            known.known if known else read_state(out / _STATE, inbox),
            known.waiting if known else {},
        )

    def happened(event: Event) -> None:
        if event.kind != "judged":
            told = (
                _CHANGED if event.kind == "changed" else f"was removed; its reports stay in {out}"
            )
            _terminal.show(f"{visible(event.name)}  {told}")
        if event.kind == "changed":
            _withdraw(out / event.name)
        if event.assessment is not None:
            _terminal.show(_line(event.name, event.assessment))

    status = _watch(opened, happened, out / _STATE, interval, once)
    sys.exit(status)


# How often a call that looks `--once` does so before it leaves what still changes.
_LOOKS = 3
_CHANGED = "changed; its reports no longer hold and are gone until it is checked again"


def _watch(
    opened: Callable[[Inbox | None], Inbox],
    happened: Callable[[Event], None],
    state: Path,
    interval: float,
    once: bool,
) -> ExitStatus:
    from qcvalidate.inbox import state_text  # noqa: PLC0415

    watched = opened(None)
    looks = _looks(watched.catalogue.folders)
    started, times = time.monotonic(), 0
    while True:
        times += 1
        now = _looks(watched.catalogue.folders)
        if now != looks:
            # A limit was changed: what was loaded is another's.
            watched, looks = opened(watched), now
        for event in watched.look(time.monotonic()):
            happened(event)
            _terminal.replace(state, state_text(watched.known, watched.folder))
        # On a busy machine a single look may take longer than files need to settle.
        late = times > _LOOKS and time.monotonic() - started > 2 * watched.settle + 2 * interval
        if once and (late or not watched.waiting):
            _terminal.replace(state, state_text(watched.known, watched.folder))
            for name in watched.waiting:
                _terminal.show(f"{visible(name)}  still changes; it is left for the next call")
            statuses = watched.statuses()
            if not statuses:
                _terminal.show("no lot is there, and nothing was checked")
            return worst(statuses)
        time.sleep(min(interval, max(0.05, watched.settle)) if watched.waiting else interval)


def _looks(folders: Iterable[Path]) -> list[object]:
    from qcvalidate.inbox import signature  # noqa: PLC0415

    return [signature(one) for folder in folders for one in _whole(folder)]


def _whole(folder: Path) -> list[Path]:
    """Give a folder of schemas or roots, and those to which links below it lead."""
    from qcvalidate.selection import reached  # noqa: PLC0415

    return [one for one in reached(folder) if one.is_dir()]


def _withdraw(folder: Path, but: Collection[str] = ()) -> None:
    """Remove our reports of a lot in all formats, with those that an earlier call asked for."""
    files = [
        _file(kind, suffix)
        for kind in reports.formats()
        for suffix in ("", *reports.suffixes(kind))
    ]
    for path in [folder / file for file in files if file not in but]:
        if not path.is_file():
            continue
        try:
            _terminal.refuse_overwriting(path)
            path.unlink(missing_ok=True)
        except UsageError:
            # Another's.
            continue


def _judged_by(laboratory: Laboratory, trust: tuple[Path, ...], shown: bool) -> str:
    from qcvalidate.inbox import hashes, signature  # noqa: PLC0415

    folders = [*laboratory.catalogue.folders, *(root for root in trust if root.is_dir())]
    found: list[object] = [__version__, shown]
    found += [
        sorted(hashes(one, signature(one)).items()) for folder in folders for one in _whole(folder)
    ]
    found += [hashes(root.parent, [root.name]) for root in trust if not root.is_dir()]
    return hashlib.sha256(repr(found).encode("utf-8", "backslashreplace")).hexdigest()


def _refuse_overlap(inbox: Path, out: Path) -> None:
    inside, outside = Path(os.path.realpath(out)), Path(os.path.realpath(inbox))
    if inside.is_relative_to(outside) or outside.is_relative_to(inside):
        raise UsageError(
            f"{out}: reports must not lie in the inbox, where they would be taken for papers, nor "
            "the inbox among them; name a folder beside it"
        )


def _file(kind: str, suffix: str) -> str:
    """Name a format's file: `report.html`, `junit.xml`; no two formats have the same."""
    if suffix:
        return f"{kind}{suffix}"
    media = reports.media_type(kind).partition(";")[0].strip()
    ending = _ENDINGS.get(media) or "." + re.split(r"[/+]", media)[-1]
    return f"report{ending}" if ending == f".{kind}" else f"{kind}{ending}"


def _line(name: str, assessment: Assessment) -> str:
    from qcvalidate.reports._matters import first_reason, said, verdict_of  # noqa: PLC0415

    return "  ".join(
        filter(None, (visible(name), verdict_of(assessment), said(first_reason(assessment))))
    )


def _stop(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
