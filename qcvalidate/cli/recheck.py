"""`qcvalidate recheck`: tables of results of very many lots, judged against a specification."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qcvalidate.assessment import ExitStatus, Verdict
from qcvalidate.cli import _completion, _terminal
from qcvalidate.cli._options import as_of_option, jobs_option, scheduler_option, schemas_option
from qcvalidate.cli._settings import refuse_uploaded_configuration
from qcvalidate.environment import refuse_disabled_checks
from qcvalidate.errors import UsageError
from qcvalidate.workers import cores

if TYPE_CHECKING:
    from qcvalidate.catalogue import Catalogue
    from qcvalidate.recheck.lottable import LotTable

_KINDS = (".csv", ".parquet")


@click.command()
@click.argument(
    "tables",
    nargs=-1,
    required=True,
    callback=_terminal.checked_path,
    shell_complete=_completion.files,
)
@click.option(
    "--spec",
    "named",
    metavar="ID",
    required=True,
    callback=_terminal.checked_id,
    shell_complete=_completion.specifications,
    help="The specification that judges the lots.",
)
@click.option(
    "--lots",
    "lots",
    metavar="TABLE",
    callback=_terminal.checked_path,
    shell_complete=_completion.files,
    help="What lot.yaml would state of each lot, a row a lot, its keys as columns.",
)
@schemas_option
@as_of_option("the lot's judged_on, else today")
@click.option(
    "--out",
    metavar="PATH",
    callback=_terminal.checked_path,
    help="Write the outcomes, a row for each lot and criterion: .csv or .parquet.",
)
@click.option(
    "--leave-out",
    "left_out",
    metavar="COLUMN",
    multiple=True,
    help="A column of the tables that means nothing; repeatable.",
)
@jobs_option
@scheduler_option
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    tables: tuple[Path, ...],
    named: str,
    lots: Path | None,
    schemas: Path | None,
    as_of: dt.date | None,
    out: Path | None,
    left_out: tuple[str, ...],
    jobs: int | None,
    scheduler: str | None,
) -> None:
    """Judge the results of very many lots again, without their papers.

    TABLES are CSV or Parquet files with one result a row, or folders of them; also the
    observations that `check --report` wrote. Papers are not read: what they say besides results
    is not judged. Exit status: 0 all lots meet all criteria, 1 fail, 2 usage or specification
    error, 3 hold or conditional, 4 a table could not be read.
    """
    refuse_disabled_checks(os.environ)
    from qcvalidate.pipeline import open_laboratory  # noqa: PLC0415 - pandas
    from qcvalidate.recheck.page import render  # noqa: PLC0415
    from qcvalidate.recheck.partitions import find_partitions  # noqa: PLC0415 - numpy
    from qcvalidate.recheck.running import Recheck, Totals, recheck  # noqa: PLC0415
    from qcvalidate.routing import chosen_specification  # noqa: PLC0415

    files = [Path(named)] if named.endswith((".yaml", ".yml")) else []
    refuse_uploaded_configuration(tables, [*([schemas] if schemas else []), *files])
    _refuse_out(out, (*tables, *([lots] if lots else [])))
    partitions = find_partitions(tables)
    laboratory = open_laboratory(schemas)
    specification = chosen_specification(None, named, laboratory.catalogue, laboratory.vocabulary)
    if specification is None:
        raise AssertionError("a specification that is named is found or refused")
    facts = _facts(lots, laboratory.catalogue)
    kind = out.suffix.lower() if out else None
    work = Recheck(
        specification,
        laboratory.vocabulary,
        facts,
        dt.date.today(),
        as_of,
        left_out,
        kind,
        scheduler,
    )
    totals = Totals()
    for done in recheck(partitions, work, out, jobs or cores()):
        totals.add(done)
    encoding = sys.stdout.encoding or "ascii"
    _terminal.show(render(totals, specification, len(partitions), encoding))
    sys.exit(_status(totals.verdicts))


def _status(verdicts: Counter[Verdict]) -> ExitStatus:
    """Nothing but lots that all pass is a pass; tables without lots are none."""
    if not sum(verdicts.values()):
        return ExitStatus.USAGE
    if verdicts[Verdict.FAIL]:
        return ExitStatus.FAIL
    return ExitStatus.PASS if set(+verdicts) == {Verdict.PASS} else ExitStatus.OPEN


def _facts(path: Path | None, catalogue: Catalogue) -> LotTable | None:
    if path is None:
        return None
    from qcvalidate.recheck.lottable import read_lots  # noqa: PLC0415
    from qcvalidate.recheck.partitions import find_partitions, read_texts  # noqa: PLC0415

    if path.is_dir():
        raise UsageError(f"{path}: is a folder; the facts of lots stand in one table")
    (partition,) = find_partitions([path])
    return read_lots(read_texts(partition), catalogue)


def _refuse_out(out: Path | None, inputs: tuple[Path, ...]) -> None:
    if out is None:
        return
    if out.suffix.lower() not in _KINDS:
        raise UsageError(f"{out}: the outcomes are written as .csv or .parquet")
    place = out.resolve()
    for path in inputs:
        own = path.resolve()
        if own == place or own in place.parents:
            raise UsageError(f"{out}: lies among the tables that are read; name another place")
    if out.suffix.lower() == ".csv":
        _terminal.refuse_overwriting(out)
    elif out.exists():
        raise UsageError(f"{out}: exists; name another path or remove it")
