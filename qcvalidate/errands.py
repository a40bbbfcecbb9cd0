"""What a worker of a cluster is sent, and what it does with it: judge the same bytes alike.

A worker runs on another machine, in another folder, and perhaps for months. So before it judges it
takes the fingerprint of each lot itself: other papers than those that the client saw, other schemas
or another installation give no verdict, but the reason why there is none.
"""

from __future__ import annotations

import hashlib
import os
import platform
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from qcvalidate.assessing import Laboratory, Options, assess_submission
from qcvalidate.assessment import Assessment
from qcvalidate.environment import refuse_disabled_checks
from qcvalidate.errors import UsageError
from qcvalidate.files import sha256_of
from qcvalidate.fingerprints import Fingerprint, all_holds, take_fingerprint
from qcvalidate.installed import Installed, installed
from qcvalidate.submission import Submission

# pdfium must not be called by two threads at once, and a worker may have several.
one_at_a_time = threading.Lock()
# The laboratory of the last errand; most come from one run.
_opened: list[Laboratory] = []


@dataclass(frozen=True)
class Lot:
    """A lot to be judged elsewhere, with absolute paths; `files` has the papers' hashes."""

    submission: Submission
    files: Mapping[str, str]


@dataclass(frozen=True)
class Terms:
    """What all lots of a run are judged by: `judged_by` is a hash of the schemas.

    `specification` is the hash of the file that `--spec` may name.
    """

    laboratory: Laboratory
    options: Options
    judged_by: str
    specification: str | None
    installed: Installed

    def __reduce__(self) -> tuple[object, ...]:
        """Leave behind what was read of the schemas: a worker reads the same files itself."""
        bare = Laboratory(self.laboratory.catalogue, self.laboratory.trust)
        return Terms, (bare, self.options, self.judged_by, self.specification, self.installed)


@dataclass(frozen=True)
class Unjudged:
    """Why a worker gives no verdict of a lot; without a reason, for it had no memory left."""

    reason: str | None = None


@dataclass(frozen=True)
class Unfit:
    """Why a worker can judge no lot of this run, and on which machine it is."""

    reason: str
    machine: str = field(default_factory=platform.node)


@dataclass(frozen=True)
class Judged:
    """What came of some lots, in their order, and how many seconds it took."""

    lots: tuple[Assessment | Unjudged, ...]
    seconds: float


def terms(laboratory: Laboratory, options: Options) -> Terms:
    """Say what lots are to be judged by; `UsageError` where that cannot be told for certain."""
    here, judged_by = installed(), laboratory.judged_by
    if here is None or judged_by is None:
        changed = "the schemas" if here is not None else "qcvalidate or tesseract"
        raise UsageError(
            f"--scheduler: {changed} cannot be read, or changed since the program began, so that "
            "no worker can be held against it; start again"
        )
    specification = options.specification
    named = None if specification is None else _absolute(Path(specification))
    if named is None or not os.path.lexists(named):
        named = None
    options = replace(
        options,
        specification=str(named) if named else specification,
        jobs=1,
        scheduler=None,
    )
    catalogue = replace(
        laboratory.catalogue, folders=tuple(map(_absolute, laboratory.catalogue.folders))
    )
    bare = Laboratory(catalogue, laboratory.trust)
    hashed = _hash_of(named) if named else None
    if named and hashed is None:
        raise UsageError(f"{specification}: cannot be read")
    told = bare.judged_by
    if told is None:
        raise UsageError("--scheduler: the schemas changed since the program began; start again")
    return Terms(bare, options, told, hashed, here)


def lot_of(submission: Submission, terms: Terms) -> tuple[Lot, str] | None:
    """Make a lot ready to be sent, with the fingerprint of its judgement.

    None where it has none, or is not judged at all: then it is for the client.
    """
    if submission.problem is not None:
        return None
    if submission.stored is not None:
        # The worker brings it, and holds it against what was listed here.
        told = submission, terms.judged_by, terms.specification, terms.installed
        told_besides = terms.options, terms.laboratory.trust
        key = hashlib.sha256(repr((told, told_besides)).encode("utf-8", "backslashreplace"))
        return Lot(submission, {}), key.hexdigest()
    away = replace(
        submission,
        files=tuple((_absolute(path), name) for path, name in submission.files),
        waivers=_absolute(submission.waivers) if submission.waivers else None,
        place=_absolute(submission.place) if submission.place else None,
    )
    taken = take_fingerprint(away, terms.laboratory, terms.options)
    return None if taken is None else (Lot(away, taken.files), taken.key)


def here() -> Installed | Unfit:
    """Tell a client what is installed where this runs."""
    try:
        refuse_disabled_checks(os.environ)
    except UsageError as error:
        return Unfit(str(error))
    return installed() or Unfit(
        "its qcvalidate changed since it began, or its tesseract does not answer; start it anew"
    )


def unfit(found: Installed | Unfit, wanted: Installed) -> str | None:
    """Say why a worker with this installation may not judge; None where it may."""
    if isinstance(found, Unfit):
        return found.reason
    differences = wanted.differences(found)
    return f"has {' and '.join(differences)}" if differences else None


def carried_out(lots: Sequence[Lot], terms: Terms) -> Unfit | Judged:
    """Judge these lots on a worker; one that is unfit for it judges none."""
    with one_at_a_time:
        started = time.monotonic()
        reason = unfit(here(), terms.installed)
        if reason is not None:
            return Unfit(reason)
        laboratory = _laboratory(terms)
        if laboratory.judged_by != terms.judged_by:
            folders = ", ".join(map(str, terms.laboratory.catalogue.folders))
            return Unfit(
                f"has other schemas than the client in {folders}, or none; keep your own in a "
                "folder that all machines share"
            )
        judged = tuple(_judged(lot, terms, laboratory) for lot in lots)
        return Judged(judged, time.monotonic() - started)


def _laboratory(terms: Terms) -> Laboratory:
    """Give a laboratory as it is on this machine, opened anew where its files have changed."""
    asked = terms.laboratory
    for one in _opened:
        if one == asked and one.looks == one.looks_now():
            return one
    made = Laboratory(asked.catalogue, asked.trust)
    _ = made.looks
    _opened[:] = [made]
    return made


def _judged(lot: Lot, terms: Terms, laboratory: Laboratory) -> Assessment | Unjudged:
    if not _sees_specification(terms):
        return Unjudged(
            f"the worker does not see the client's {terms.options.specification}; keep it in a "
            "folder that all machines share"
        )
    try:
        found = (_stored if lot.submission.stored else _in_folder)(lot, terms, laboratory)
    except MemoryError:
        return Unjudged()
    if not _sees_specification(terms) or laboratory.looks != laboratory.looks_now():
        return Unjudged("what it is judged by changed while it was judged")
    return found


def _stored(lot: Lot, terms: Terms, laboratory: Laboratory) -> Assessment:
    from qcvalidate.remote import assess_stored  # noqa: PLC0415 - for object stores alone

    return assess_stored(lot.submission, laboratory, terms.options)


def _in_folder(lot: Lot, terms: Terms, laboratory: Laboratory) -> Assessment | Unjudged:
    taken = _taken(lot, terms, laboratory)
    if isinstance(taken, Unjudged):
        return taken
    assessment = assess_submission(lot.submission, laboratory, terms.options)
    if not all_holds(taken, lot.submission, laboratory, terms.options):
        return Unjudged("its papers, or what it is judged by, changed while it was judged")
    return assessment


def _sees_specification(terms: Terms) -> bool:
    named = terms.options.specification
    return not terms.specification or _hash_of(Path(named or "")) == terms.specification


def _taken(lot: Lot, terms: Terms, laboratory: Laboratory) -> Fingerprint | Unjudged:
    """Take a lot's fingerprint on this machine; say what it has otherwise than the client."""
    submission, options = lot.submission, terms.options
    place = submission.place
    if place is not None and not os.path.lexists(place):
        return Unjudged(
            f"the worker has no {place}; keep the lots in a folder that all machines share under "
            "the same path, or in an object store (s3://...)"
        )
    taken = take_fingerprint(submission, laboratory, options)
    if taken is None:
        return Unjudged("the worker cannot read all of its papers, or they changed meanwhile")
    if taken.files != lot.files:
        names = sorted({name for name, _ in taken.files.items() ^ lot.files.items()})
        return Unjudged(
            f"the worker sees another {names[0]} than the client did: it was changed meanwhile, or "
            "the folder is not the same on all machines"
        )
    return taken


def _hash_of(path: Path) -> str | None:
    try:
        return sha256_of(path)
    except (OSError, ValueError):
        return None


def _absolute(path: Path) -> Path:
    # Not resolved: a link may lead elsewhere on another machine, and its bytes will tell.
    return Path(os.path.abspath(path))  # noqa: PTH100
