"""Chooses which of the lots that are there a call judges: those of files, those that changed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from qcvalidate.catalogue import Catalogue, shortened
from qcvalidate.errors import UsageError
from qcvalidate.git import Changes, changes_since
from qcvalidate.manifest import MANIFEST
from qcvalidate.submission import Submission, find_submissions, lot_at


@dataclass(frozen=True)
class Selection:
    """The lots to be judged; `told` is what must be said of what is not among them."""

    submissions: tuple[Submission, ...]
    told: tuple[str, ...] = ()


def lots_of_files(files: Sequence[Path], catalogue: Catalogue) -> Selection:
    """Choose the whole lot that each file lies in, whether or not the file is still there.

    `UsageError` for a path that leads nowhere: a list made in another folder must not end well.
    """
    found: dict[str, Submission] = {}
    told: list[str] = []
    for file in files:
        place = Path(os.path.abspath(file))  # noqa: PTH100 - a link is where it stands
        above = (place, *place.parents) if place.is_dir() else place.parents
        # The outermost: a lot within a lot is held, and must not pass by itself.
        lot = next((one for one in reversed(above) if os.path.lexists(one / MANIFEST)), None)
        if lot is None and not os.path.lexists(place):
            raise UsageError(
                # Quoted: a list may hold names that steer a terminal or a CI's log.
                f"{shortened(str(file))}: there is no such file, nor a lot around it; what was "
                "deleted is known to --changed-since"
            )
        folder = lot or above[0]
        submission = lot_at(_as_given(folder), catalogue)
        if submission is not None:
            found.setdefault(os.path.realpath(folder), submission)
        else:
            told.append(f"{file}: belongs to no lot, and was not judged")
    return Selection(tuple(found.values()), tuple(told))


def changed_lots(
    paths: Sequence[Path], revision: str, judges: Iterable[Path], catalogue: Catalogue
) -> Selection:
    """Choose the lots below these paths in which anything changed since a revision.

    Where one of `judges` changed, the configuration or what lots are judged by, it is all of them.
    """
    asked_judges = [Path(os.path.realpath(path)) for path in judges]
    changes = changes_since(revision, paths, asked_judges)
    present = [path for path in paths if os.path.lexists(path) or not _was(path, changes)]
    found = find_submissions(present, catalogue) if present else []
    since = f"since {revision} ({changes.base[:8]})"
    told = [
        f"{_as_given(lot)}: was deleted {since}, and was not judged"
        for lot in _deleted(paths, found, changes)
    ]
    other = next((judge for judge in asked_judges if _holds(judge, changes.files)), None)
    if other is not None:
        told.append(f"{_as_given(other)}: changed {since}, so that every lot is judged anew")
        return Selection(tuple(found), tuple(told))
    chosen = tuple(submission for submission in found if _touched(submission, changes))
    if not chosen:
        told.append(f"no lot changed {since}: nothing was judged, and nothing passed")
    return Selection(chosen, tuple(told))


def _touched(submission: Submission, changes: Changes) -> bool:
    root = _root(submission)
    # Of papers without a lot.yaml only the folder itself is one submission, what is below another.
    alone = root.is_dir() and not os.path.lexists(root / MANIFEST)
    if any(one.parent == root for one in changes.files) if alone else _holds(root, changes.files):
        return True
    if any(root.is_relative_to(one) for one in changes.files):
        # Within another repository, of which git says no more than that it changed.
        return True
    # A paper may be a link to where papers are kept.
    return any(Path(os.path.realpath(path)) in changes.files for path, _ in submission.files)


def _root(submission: Submission) -> Path:
    return Path(os.path.realpath(submission.place or submission.name))


def _holds(root: Path, files: Iterable[Path]) -> bool:
    return any(one.is_relative_to(root) for one in files)


def _was(path: Path, changes: Changes) -> bool:
    return _holds(Path(os.path.realpath(path)), changes.deleted)


def _deleted(paths: Sequence[Path], found: Sequence[Submission], changes: Changes) -> list[Path]:
    """List the lot folders that are no longer any, and that no other submission stands for."""
    roots = [Path(os.path.realpath(path)) for path in paths]
    known = [_root(submission) for submission in found]
    gone = sorted(path.parent for path in changes.deleted if path.name == MANIFEST)
    return [
        folder
        for folder in gone
        if any(folder.is_relative_to(root) for root in roots) and folder not in known
    ]


def _as_given(folder: Path) -> Path:
    """Name a folder from where the program runs, where it lies below."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder
