"""Takes the fingerprint of a lot's judgement: who agrees in it would judge the lot alike.

It is a SHA-256 over all that an assessment rests on: what is installed here, the schemas, whom the
user trusts, the options, the day that stands for today, and of the lot what was found of it, the
names of its files, and their bytes. Whatever cannot be told for certain (a file that cannot be
read, a schema that changed meanwhile) gives no fingerprint, and then nothing may be remembered.

Values are walked field by field, so that a field that somebody adds counts from its first day.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qcvalidate.documents import LARGEST_BYTES
from qcvalidate.files import Looks, looks, regular_size, sha256_of
from qcvalidate.installed import installation, is_as_installed
from qcvalidate.manifest import MANIFEST

if TYPE_CHECKING:
    from qcvalidate.pipeline import Laboratory, Options
    from qcvalidate.submission import Submission

# What of the options is not told as it stands, and why. How many processes work, and where,
# changes nothing of what they find; of the two days, the one that stands for the lot is told; a
# specification that is a file is told by its bytes besides.
UNTOLD_OPTIONS = ("jobs", "scheduler", "as_of", "today")
# Of a lot, paths are told with the bytes behind them.
_FILES_OF_LOT = ("files", "waivers")


@dataclass(frozen=True)
class Fingerprint:
    """A lot's fingerprint, with what it was taken of.

    `files` maps the names of the lot's files to their SHA-256. `looks` says how they looked then,
    so that a change that came later is seen. `is_now` says that the day is today's, and so that
    whether a certificate holds depends on the hour.
    """

    key: str
    day: dt.date
    files: Mapping[str, str]
    looks: Looks
    is_now: bool


def fingerprint(submission: Submission, laboratory: Laboratory, options: Options) -> str | None:
    """Give the fingerprint of a lot's judgement; None where it cannot be told for certain."""
    taken = take_fingerprint(submission, laboratory, options)
    return None if taken is None else taken.key


def take_fingerprint(
    submission: Submission, laboratory: Laboratory, options: Options
) -> Fingerprint | None:
    """Give the fingerprint with what it was taken of."""
    if submission.stored is not None:
        # Its bytes are elsewhere, and what the store says of them is no hash.
        return None
    day = options.day_of(submission.manifest)
    is_now = _is_now(day)
    before = _looks_of(submission, options)
    here, judges = installation(), laboratory.judged_by
    if here is None or judges is None or laboratory.looks != laboratory.looks_now():
        return None
    try:
        told = [_told_file(path, name) for path, name in _files(submission)]
        specification = _specification_file(options)
        named = None if specification is None else _told_file(specification, "--spec")
    except (OSError, ValueError):
        # The name of a file may be none that the system takes.
        return None
    parts = (
        *("fingerprint of qcvalidate", here, judges, _told(laboratory.trust), day.isoformat()),
        *(is_now, _fields(options, UNTOLD_OPTIONS), named),
        *(_fields(submission, _FILES_OF_LOT), submission.waivers is not None, told),
    )
    # What was written to while it was hashed has no one content.
    if before != _looks_of(submission, options):
        return None
    key = hashlib.sha256(repr(parts).encode("utf-8", "backslashreplace")).hexdigest()
    files = {name: digest for _, name, _, digest in told}
    return Fingerprint(key, day, files, before, is_now)


def papers_hold(taken: Fingerprint, submission: Submission, options: Options) -> bool:
    """Say whether the lot's files still look as they did when its fingerprint was taken."""
    return taken.is_now == _is_now(taken.day) and taken.looks == _looks_of(submission, options)


def all_holds(
    taken: Fingerprint, submission: Submission, laboratory: Laboratory, options: Options
) -> bool:
    """Say whether all that a fingerprint was taken of still looks as it did then."""
    return (
        papers_hold(taken, submission, options)
        and laboratory.looks == laboratory.looks_now()
        and is_as_installed()
    )


def hash_of_judges(paths: Sequence[Path]) -> str | None:
    """Give one hash of the schemas that lots are judged by; None where one cannot be read."""
    told = []
    try:
        for path in paths:
            if path.is_dir():
                # Nothing is read of a folder in there; of one that cannot be listed, who knows.
                os.scandir(path).close()
            else:
                told.append(_told_file(path, path.name))
    except OSError:
        return None
    return hashlib.sha256(repr(told).encode("utf-8", "backslashreplace")).hexdigest()


def _is_now(day: dt.date) -> bool:
    # As the validation of signatures asks, in UTC.
    return day == dt.datetime.now(dt.UTC).date()


def _files(submission: Submission) -> list[tuple[Path, str]]:
    """List all files that a lot is judged by; its manifest was read already, and is told twice."""
    found = list(submission.files)
    if submission.waivers is not None:
        found.append((submission.waivers, submission.waivers.name))
    manifest = submission.place / MANIFEST if submission.place else None
    if manifest is not None and os.path.lexists(manifest):
        found.append((manifest, MANIFEST))
    return found


def _specification_file(options: Options) -> Path | None:
    """Give the file that `--spec` may name; an id with such an end is told twice."""
    named = options.specification
    if named is None or not named.endswith((".yaml", ".yml")):
        return None
    path = Path(named)
    return path if os.path.lexists(path) else None


def _looks_of(submission: Submission, options: Options) -> Looks:
    specification = _specification_file(options)
    papers = [path for path, _ in _files(submission)]
    return looks([*papers, *([specification] if specification else [])])


def _told_file(path: Path, name: str) -> tuple[str, str, str | None, str]:
    """Give where a file is, its name, what it links to, and the SHA-256 of its bytes."""
    if regular_size(path) > LARGEST_BYTES:
        raise OSError("is larger than what is read")
    link = str(path.readlink()) if path.is_symlink() else None
    return str(path), name, link, sha256_of(path)


def _fields(value: Any, but: Sequence[str]) -> tuple[object, ...]:
    return tuple(
        (one.name, _told(getattr(value, one.name))) for one in fields(value) if one.name not in but
    )


def _told(value: Any) -> object:
    """Turn a value into plain ones that tell it from every other; `TypeError` for a kind unknown.

    Their `repr` is one to one. A mapping keeps its order, which may show in a report.
    """
    if value is None or type(value) in (bool, int, float, str, bytes):
        return value
    name = type(value).__name__
    if isinstance(value, Enum):
        return name, value.name
    if isinstance(value, Path | Decimal):
        return name, str(value)
    if isinstance(value, dt.date):
        return name, value.isoformat()
    if is_dataclass(value):
        return name, *_fields(value, ())
    if isinstance(value, Mapping):
        return "mapping", *((_told(key), _told(held)) for key, held in value.items())
    if isinstance(value, tuple | list):
        return "several", *(_told(one) for one in value)
    if isinstance(value, set | frozenset):
        return "set", *sorted(repr(_told(one)) for one in value)
    raise TypeError(f"{name}: no fingerprint can be taken of such a value")
