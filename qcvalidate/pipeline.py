"""What the commands ask for: one document read, one file gated, lots assessed in their order."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from qcvalidate import timings
from qcvalidate.assessing import Laboratory, Options, assess_submission, lost, open_laboratory
from qcvalidate.assessment import (
    Assessment,
)
from qcvalidate.documents import Document, open_document
from qcvalidate.environment import refuse_disabled_checks
from qcvalidate.errors import DocumentError
from qcvalidate.frames import checked, observations
from qcvalidate.manifest import Manifest
from qcvalidate.papers import (
    refusal_finding,
    source_of,
    unread_source,
)
from qcvalidate.readers import read_document
from qcvalidate.record import Finding, Record, Source
from qcvalidate.submission import Submission, find_submissions
from qcvalidate.workers import in_processes

if TYPE_CHECKING:
    from qcvalidate.cache import Cache
    from qcvalidate.cytometry import GatingStrategy

__all__ = [
    "Inspection",
    "Laboratory",
    "Options",
    "assess_paths",
    "assess_submission",
    "assess_submissions",
    "gate",
    "inspect",
    "open_laboratory",
    "read",
]


def read(path: Path, laboratory: Laboratory, manifest: Manifest | None = None) -> Record:
    """Read one document: what it says, with every value's place, and no verdict."""
    seen = inspect(path, laboratory, manifest)
    if seen.refusal is not None:
        raise seen.refusal
    return seen.record


@dataclass(frozen=True)
class Inspection:
    """A document with what was read of it; a refused one has no values, and says why.

    `document` is None where it could not even be opened.
    """

    document: Document | None
    record: Record
    refusal: DocumentError | None


def inspect(path: Path, laboratory: Laboratory, manifest: Manifest | None = None) -> Inspection:
    """Read one document for a person to compare with its pages, whether or not it is refused."""
    context = laboratory.context(manifest or Manifest())
    document = None
    try:
        document = open_document(path, trust=laboratory.trust)
        record = read_document(document, context)
    except DocumentError as error:
        told = (*(document.findings if document else ()), refusal_finding(error, path.name))
        record = Record(unread_source(path, path.name), {}, observations([]), told)
        return Inspection(document, record, error)
    # A person who reads one export wants to know of all its samples.
    of_samples = [said for found in (record.samples or {}).values() for said in found]
    findings = tuple(dict.fromkeys([*document.findings, *record.findings, *of_samples]))
    record = replace(record, observations=checked(record.observations), findings=findings)
    return Inspection(document, record, None)


def gate(path: Path, strategy: Path) -> tuple[Source, GatingStrategy, pd.DataFrame, list[Finding]]:
    """Count the events of a list-mode file in each gate of a Gating-ML file.

    The findings say who stands behind the strategy, and what of it was not read.
    """
    from qcvalidate.cytometry import data_set_for  # noqa: PLC0415 - for list-mode files alone
    from qcvalidate.cytometry import gate as count_gates  # noqa: PLC0415
    from qcvalidate.gating import strategy_findings  # noqa: PLC0415

    document, gates = open_document(path), open_document(strategy)
    if document.kind != "listmode":
        raise DocumentError(f"{path}: is no list-mode file", slug="fcs-magic")
    if gates.strategy is None:
        raise DocumentError(f"{strategy}: is no gating strategy", slug="strategy-unreadable")
    listmode = data_set_for(document.listmode, gates.strategy)
    populations = count_gates(listmode, gates.strategy)
    findings = strategy_findings(gates.strategy)
    return source_of(document, "exports.listmode"), gates.strategy, populations, findings


def assess_paths(
    paths: Sequence[Path], laboratory: Laboratory, options: Options
) -> Iterator[Assessment]:
    """Assess every lot that these paths hold, in order; a path without lots is a `UsageError`."""
    return assess_submissions(find_submissions(paths, laboratory.catalogue), laboratory, options)


def assess_submissions(
    submissions: Sequence[Submission],
    laboratory: Laboratory,
    options: Options,
    cache: Cache | None = None,
) -> Iterator[Assessment]:
    """Assess these lots, in order; several at once where `options.jobs` allows it.

    One lot by itself may use the processes for its list-mode files. A lot that two processes ended
    over, or that takes more memory than there is, is held, and none of the others is lost. What
    `cache` keeps of them is not judged again.
    """
    refuse_disabled_checks(os.environ)

    def assess(asked: Sequence[Submission]) -> Iterator[Assessment]:
        return _each(asked, laboratory, options)

    found = assess(submissions)
    if cache is not None:
        from qcvalidate.cache import remembered  # noqa: PLC0415 - few runs have one

        found = remembered(submissions, laboratory, options, cache, assess)
    for submission, assessment in zip(submissions, found, strict=True):
        yield replace(assessment, folder=_folder(submission.place))


def _each(
    submissions: Sequence[Submission], laboratory: Laboratory, options: Options
) -> Iterator[Assessment]:
    """Assess each, over the processes that there may be."""
    found: Iterator[Assessment | None]
    if options.scheduler is not None and submissions:
        from qcvalidate.cluster import on_cluster  # noqa: PLC0415 - Dask, an extra

        found = on_cluster(submissions, laboratory, options)
    elif options.jobs > 1 and len(submissions) > 1:
        if any(one.problem is None for one in submissions):
            # Read here once, and not by every process.
            with timings.stage("schemas"):
                _ = laboratory.vocabulary, laboratory.profiles, laboratory.mappings
        share = laboratory, replace(options, jobs=1)
        # All processes are begun at once, and would be begun for nothing.
        jobs = min(options.jobs, len(submissions))
        found = in_processes(_assessed, share, submissions, jobs, loaded="qcvalidate.assessing")
    else:
        found = (_assessed_here(laboratory, options, one) for one in submissions)
    for submission, assessment in zip(submissions, found, strict=True):
        yield assessment or lost(submission, options)


def _assessed(share: tuple[Laboratory, Options], submission: Submission) -> Assessment:
    laboratory, options = share
    with timings.stage("rest", submission.name):
        if submission.stored is not None:
            from qcvalidate.remote import assess_stored  # noqa: PLC0415 - object stores alone

            return assess_stored(submission, laboratory, options)
        return assess_submission(submission, laboratory, options)


def _assessed_here(
    laboratory: Laboratory, options: Options, submission: Submission
) -> Assessment | None:
    try:
        return _assessed((laboratory, options), submission)
    except MemoryError:
        return None


def _folder(place: Path | None) -> str | None:
    """Say where a lot lies seen from the folder that the program runs in, if it lies in it."""
    if place is None:
        return None
    folder = place if place.is_dir() else place.parent
    try:
        return Path(os.path.abspath(folder)).relative_to(Path.cwd()).as_posix()  # noqa: PTH100
    except (OSError, ValueError):
        return None
