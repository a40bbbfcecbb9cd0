"""Judges the lots of large tables again, file by file, in other processes or on a cluster."""

from __future__ import annotations

import datetime as dt
import tempfile
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from qcvalidate.assessment import MET, Outcome, Verdict
from qcvalidate.errors import DocumentError, UsageError
from qcvalidate.files import sha256_of
from qcvalidate.identity import identity_key
from qcvalidate.manifest import Manifest
from qcvalidate.products import refusal
from qcvalidate.recheck.lottable import LotTable
from qcvalidate.recheck.outcometables import join, write_csv, write_parquet
from qcvalidate.recheck.partitions import Column, Partition, Texts, headings, read_texts
from qcvalidate.recheck.resultrows import ResultRows, read_rows
from qcvalidate.recheck.stacking import VERDICTS, Stacked, stack
from qcvalidate.recheck.tablelots import Course, TableLots, put_together, without_rows
from qcvalidate.record import Severity
from qcvalidate.specification import Specification
from qcvalidate.vocabulary import Vocabulary
from qcvalidate.workers import in_processes

# Of the lots that do not pass, so many of each file are told one by one.
TOLD = 20
_Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Recheck:
    """What every file of a table is judged by.

    `left_out` are headings that the user says mean nothing; `kind` is the suffix of the table of
    outcomes that is written, None where none is. Files are judged on the workers of `scheduler`
    where there is one.
    """

    specification: Specification
    vocabulary: Vocabulary
    facts: LotTable | None
    today: dt.date
    as_of: dt.date | None = None
    left_out: tuple[str, ...] = ()
    kind: str | None = None
    scheduler: str | None = None


@dataclass(frozen=True)
class Open:
    """A lot that does not pass, and the first reasons for it."""

    lot: str
    verdict: Verdict
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Done:
    """What came of one file: how many lots came out how, and the first that do not pass.

    `lots` are the hashes of the lots' keys, `verdicts` the numbers of their verdicts.
    """

    name: str
    lots: _Hashes
    verdicts: npt.NDArray[np.int8]
    outcomes: Counter[tuple[str, str]]
    findings: Counter[str]
    open_lots: tuple[Open, ...]
    part: Path | None = None


@dataclass(frozen=True)
class _Task:
    """One file to judge, and what was seen of it before; `split` are hashes of lots."""

    partition: Partition
    split: frozenset[int] = frozenset()
    seen: int | None = None
    part: Path | None = None


@dataclass
class Totals:
    """The counts of a whole run."""

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    open_lots: list[Open] = field(default_factory=list)

    def add(self, done: Done) -> None:
        """Count what came of one file."""
        for number, count in zip(*np.unique(done.verdicts, return_counts=True), strict=True):
            self.verdicts[VERDICTS[number]] += int(count)
        self.outcomes += done.outcomes
        self.findings += done.findings
        self.open_lots += done.open_lots[: max(0, TOLD - len(self.open_lots))]


def recheck(
    partitions: Sequence[Partition], work: Recheck, out: Path | None, jobs: int
) -> Iterator[Done]:
    """Judge each file of a table, in order, and the lots of which no file has a result.

    Lots that have rows in two files are held in both. What is written stands at `out` once all
    is judged.
    """
    refused = refusal([], work.specification, Manifest())
    if refused is not None:
        raise UsageError(refused.message)
    with tempfile.TemporaryDirectory(dir=_folder(out), prefix=".recheck-") as folder:
        tasks = _tasks(partitions, work, Path(folder), jobs)
        seen: list[_Hashes] = []
        parts: list[Path] = []
        for done in _all(work, tasks, jobs):
            seen.append(done.lots)
            parts += [done.part] if done.part else []
            yield done
        rest = _without_results(work, seen, Path(folder) / f"rest{work.kind or ''}")
        if rest is not None:
            parts += [rest.part] if rest.part else []
            yield rest
        if out is not None:
            join(parts, Path(folder) / f"whole{out.suffix}").replace(out)


def _folder(out: Path | None) -> Path | None:
    if out is None:
        return None
    out.parent.mkdir(parents=True, exist_ok=True)
    return out.parent


def _all(work: Recheck, tasks: Sequence[_Task], jobs: int) -> Iterator[Done]:
    found = _over(_judge, work, tasks, jobs)
    for one, task in zip(found, tasks, strict=True):
        if one is None:
            raise DocumentError(
                f"{task.partition.name}: its process was ended twice (out of memory?), and its "
                "lots were not judged; cut the file into smaller ones, or lower --jobs"
            )
        if one.part is not None and not one.part.is_file():
            raise UsageError(
                f"{one.part.parent.parent}: what a worker wrote there of {one.name} is not there "
                "for this machine; with --scheduler, --out must lie in a folder that all share"
            )
        yield one


_Given = TypeVar("_Given")
_Found = TypeVar("_Found")


def _over(
    step: Callable[[Recheck, _Given], _Found], work: Recheck, tasks: Sequence[_Given], jobs: int
) -> Iterator[_Found | None]:
    """Take a step for each of these, where there is most room; None where nobody survived it."""
    if work.scheduler is not None:
        from qcvalidate.scheduling import on_workers  # noqa: PLC0415 - Dask, an extra

        return on_workers(step, work, tasks, work.scheduler, jobs)
    if jobs == 1 or len(tasks) == 1:
        return (step(work, task) for task in tasks)
    return in_processes(step, work, tasks, jobs, loaded=__name__)


# --- before ------------------------------------------------------------------------------------


def _tasks(partitions: Sequence[Partition], work: Recheck, folder: Path, jobs: int) -> list[_Task]:
    """Look through the lots of all files first, where there are several."""
    if work.scheduler is not None:
        partitions = [_for_others(one) for one in partitions]
        folder = folder.absolute()
    parts = [
        folder / f"{number}{work.kind}" if work.kind else None for number in range(len(partitions))
    ]
    if len(partitions) == 1:
        return [_Task(partitions[0], part=parts[0])]
    looked = _over(_lots_of, work, list(partitions), jobs)
    found: list[_Hashes] = []
    for one, partition in zip(looked, partitions, strict=True):
        if one is None:
            raise DocumentError(f"{partition.name}: cannot be looked through; it is too large")
        found.append(one)
    every, counts = np.unique(np.concatenate(found), return_counts=True)
    split = every[counts > 1]
    return [
        _Task(partition, frozenset(np.intersect1d(own, split).tolist()), _digest(own), part)
        for partition, own, part in zip(partitions, found, parts, strict=True)
    ]


def _for_others(partition: Partition) -> Partition:
    """Name a file so that another machine finds the same bytes, or says that it does not."""
    try:
        digest = sha256_of(partition.path)
    except OSError as error:
        message = f"{partition.name}: cannot be read ({error.strerror or error})"
        raise DocumentError(message) from error
    return replace(partition, path=partition.path.absolute(), sha256=digest)


def _lots_of(work: Recheck, partition: Partition) -> _Hashes:
    """Give the hashes of the lots that have a row in a file."""
    named = headings(partition)
    known = [one for one in named if one == "lot" or work.vocabulary.column(one) == "lot"]
    wanted = ["assessed_lot"] if "assessed_lot" in named else known[:1]
    if not wanted:
        raise DocumentError(
            f"{partition.name}: has no column for the lot", slug="table-header-unknown"
        )
    texts = read_texts(partition, wanted)
    return _hashes(_keys(texts.columns[texts.headings.index(wanted[0])]))


def _keys(column: Column) -> list[str]:
    used = np.unique(column.codes).tolist()
    return sorted({identity_key(column.values[code]) for code in used})


def _hashes(keys: Sequence[str]) -> _Hashes:
    """Number lots by their keys; two that share a number by chance hold one another, no worse."""
    found = np.array(keys, dtype=object)
    return np.asarray(pd.util.hash_array(found, categorize=False), dtype=np.uint64)


def _digest(hashes: _Hashes) -> int:
    return int(np.bitwise_xor.reduce(hashes, initial=np.uint64(0))) ^ len(hashes)


# --- one file ----------------------------------------------------------------------------------


def _judge(work: Recheck, task: _Task) -> Done:
    texts = read_texts(task.partition)
    rows = read_rows(texts, work.vocabulary, work.left_out)
    keys = _keys(rows.lots)
    hashes = _hashes(keys)
    if task.seen is not None and _digest(hashes) != task.seen:
        raise DocumentError(
            f"{task.partition.name}: changed while it was read; run again", slug="document-changed"
        )
    split = frozenset(
        key for key, one in zip(keys, hashes.tolist(), strict=True) if one in task.split
    )
    lots = put_together(rows, work.facts, Course(work.today, work.as_of, split))
    return _done(work, lots, task.part)


def _done(work: Recheck, lots: TableLots, part: Path | None) -> Done:
    stacked = stack(lots, work.specification, work.vocabulary)
    if part is not None:
        # A worker that was taken for dead may still be writing, while another does its work.
        own = part.with_name(f"{uuid.uuid4().hex}{part.suffix}")
        (write_parquet if work.kind == ".parquet" else write_csv)(own, stacked, work.specification)
        own.replace(part)
    outcomes: Counter[tuple[str, str]] = Counter()
    for at, criterion in enumerate(work.specification.criteria):
        numbers, counts = np.unique(stacked.matrix[:, at], return_counts=True)
        for number, count in zip(numbers, counts, strict=True):
            outcomes[criterion.id, stacked.results[number].outcome.value] += int(count)
    findings = Counter(
        slug for told in stacked.findings.values() for slug in {_.slug for _ in told}
    )
    passing = VERDICTS.index(Verdict.PASS)
    first = np.flatnonzero(stacked.verdicts != passing)[:TOLD].tolist()
    return Done(
        name=lots.rows.texts.name,
        lots=_hashes(lots.keys),
        verdicts=stacked.verdicts,
        outcomes=outcomes,
        findings=findings,
        open_lots=tuple(_open(stacked, lot) for lot in first),
        part=part,
    )


def _open(stacked: Stacked, lot: int) -> Open:
    grave = [
        one.message
        for one in stacked.findings.get(lot, ())
        if one.severity in (Severity.FAIL, Severity.HOLD)
    ]
    results = [one for one in stacked.of_lot(lot) if one.required and one.outcome not in MET]
    results.sort(key=lambda one: one.outcome is not Outcome.FAIL)
    reasons = [f"{one.outcome.value} {one.code} {one.slug}: {one.reason}" for one in results]
    verdict = VERDICTS[stacked.verdicts[lot]]
    return Open(stacked.lots.names[lot], verdict, tuple([*reasons, *grave][:3]))


# --- after -------------------------------------------------------------------------------------


def _without_results(work: Recheck, seen: Sequence[_Hashes], part: Path) -> Done | None:
    """Judge the lots of the table of lots that have no row in any file: nothing shows them good."""
    if work.facts is None:
        return None
    keys = list(work.facts.at)
    known = np.concatenate([np.zeros(0, dtype=np.uint64), *seen])
    absent = np.flatnonzero(~np.isin(_hashes(keys), known)).tolist()
    if not absent:
        return None
    lots = [work.facts.lots[work.facts.at[keys[at]]] for at in absent]
    course = Course(work.today, work.as_of)
    return _done(
        work,
        without_rows(_no_rows(work), lots, work.facts, course),
        part if work.kind else None,
    )


def _no_rows(work: Recheck) -> ResultRows:
    named = ("lot", "test", "result")
    nothing = Column(np.zeros(0, dtype=np.int32), ())
    name = work.facts.name if work.facts else ""
    empty = Texts(name, named, (nothing,) * len(named), np.zeros(0, dtype=np.int64))
    return read_rows(empty, work.vocabulary)
