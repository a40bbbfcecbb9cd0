"""Chooses which of the lots that are there a call judges: those of files, those that changed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qcvalidate.catalogue import Catalogue, shortened
from qcvalidate.errors import UsageError
from qcvalidate.git import Changes, changes_since, unknown_to_git
from qcvalidate.manifest import MANIFEST
from qcvalidate.submission import Submission, find_submissions, lot_at, lots_below

# What the systems follow before they give up.
_MOST_LINKS = 40


@dataclass(frozen=True)
class Selection:
    """The lots to be judged; `told` is what must be said of what is not among them."""

    submissions: tuple[Submission, ...]
    told: tuple[str, ...] = ()


def lots_of_files(files: Sequence[Path], catalogue: Catalogue) -> Selection:
    """Choose the whole lot that each file lies in, whether or not the file is still there.

    Of a folder that is in no lot, another repository for one, it is all lots below it.
    `UsageError` for a path that leads nowhere: a list made in another folder must not end well.
    """
    found: dict[str, Submission] = {}
    told: list[str] = []
    for file in files:
        place = Path(os.path.abspath(file))  # noqa: PTH100 - a link is where it stands
        is_folder = os.path.isdir(place)  # noqa: PTH112 - a name may be too long for a file
        above = (place, *place.parents) if is_folder else place.parents
        lot = _around(above)
        if lot is None and (not os.path.lexists(place) or (is_folder and not os.listdir(place))):  # noqa: PTH208
            raise UsageError(
                # Quoted: a list may hold names that steer a terminal or a CI's log.
                f"{shortened(str(file))}: there is no such file, nor a lot around it; what was "
                "deleted is known to --changed-since, and what another repository holds must be "
                "fetched"
            )
        folder = lot or above[0]
        if is_folder and lot is None:
            chosen = [submission for submission, _ in lots_below(_as_given(folder), catalogue)]
        else:
            submission = lot_at(_as_given(folder), catalogue)
            chosen = [submission] if submission is not None else []
        for one in chosen:
            found.setdefault(str(_root(one)), one)
        if not chosen:
            told.append(f"{file}: belongs to no lot, and was not judged")
    return Selection(tuple(found.values()), tuple(told))


def changed_lots(
    paths: Sequence[Path], revision: str, judges: Iterable[Path], catalogue: Catalogue
) -> Selection:
    """Choose the lots below these paths in which anything changed since a revision.

    Where one of `judges` changed, the configuration or what lots are judged by, it is all of them.
    """
    trails = {judge: reached(judge) for judge in judges}
    changes = changes_since(revision, paths, [end for trail in trails.values() for end in trail])
    present = [path for path in paths if os.path.lexists(path) or not _was(path, changes)]
    found = find_submissions(present, catalogue) if present else []
    found += _passed_by(paths, found, changes, catalogue)
    since = f"since {revision} ({changes.base[:8]})"
    told = [
        f"{_as_given(lot)}: was deleted {since}, and was not judged"
        for lot in _deleted(paths, found, changes)
    ]
    other = next((judge for judge in trails if _differs_at(trails[judge], changes)), None)
    if other is not None:
        told.append(f"{_as_given(other)}: changed {since}, so that every lot is judged anew")
        return Selection(tuple(found), tuple(told))
    chosen = _touched(found, changes)
    if not chosen:
        told.append(f"no lot changed {since}: nothing was judged, and nothing passed")
    return Selection(chosen, tuple(told))


def _around(folders: Iterable[Path]) -> Path | None:
    """Give the outermost lot of these folders: one within it is held, and must not pass alone."""
    lots = [folder for folder in folders if os.path.lexists(folder / MANIFEST)]
    return min(lots, key=lambda lot: len(lot.parts), default=None)


def _passed_by(
    paths: Sequence[Path], found: Sequence[Submission], changes: Changes, catalogue: Catalogue
) -> list[Submission]:
    """Give the lots that changed and that a search passes by, in a folder with a dot in front."""
    known = [_root(submission) for submission in found]
    roots = [Path(os.path.realpath(path)) for path in paths]
    folders = {one.parent for one in changes.files if not any(map(one.is_relative_to, known))}
    around = [
        _around(one for one in (folder, *folder.parents) if any(map(one.is_relative_to, roots)))
        for folder in folders
    ]
    lots = sorted({lot for lot in around if lot is not None})
    submissions = [lot_at(_as_given(lot), catalogue) for lot in lots]
    return [one for one in submissions if one is not None]


def _touched(found: Sequence[Submission], changes: Changes) -> tuple[Submission, ...]:
    trails = [_leading(submission) for submission in found]
    ends = [one for steps in trails for one in steps]
    # Where a link leads, git was not asked yet.
    changes = replace(changes, files=changes.files | unknown_to_git(changes.top, ends))
    # What is left of a lot that lost its lot.yaml, in folders below it.
    unlisted = {one.parent for one in changes.deleted if one.name == MANIFEST}
    unlisted -= set(map(_root, found))
    return tuple(
        submission
        for submission, steps in zip(found, trails, strict=True)
        if _is_touched(_root(submission), changes, unlisted)
        or any(_differs(one, changes) for one in steps)
    )


def _is_touched(root: Path, changes: Changes, unlisted: Iterable[Path]) -> bool:
    if not _is_alone(root):
        return _holds(root, changes.files)
    beside = any(one.parent == root for one in changes.files)
    return beside or any(map(root.is_relative_to, unlisted))


def _is_alone(root: Path) -> bool:
    """Say whether only the folder itself is a submission: papers without a lot.yaml."""
    return root.is_dir() and not os.path.lexists(root / MANIFEST)


def _leading(submission: Submission) -> list[Path]:
    """Give where a lot leads, and where each link in it does."""
    place = submission.place or Path(submission.name)
    root = _root(submission)
    return trail(place) + [step for link in _links(root, _is_alone(root)) for step in trail(link)]


def _links(folder: Path, alone: bool = False) -> Iterator[Path]:
    """List the links in a folder, which are not followed, with those below it unless `alone`."""
    for inside, folders, names in os.walk(folder):
        yield from (one for name in (*folders, *names) if (one := Path(inside, name)).is_symlink())
        if alone:
            return


def trail(path: Path) -> list[Path]:
    """Give each link that the system follows on the way along a path, and where that ends."""
    links: list[Path] = []
    left = [*reversed(Path(Path.cwd(), path).parts)]
    at = Path(left.pop())
    while left:
        part = left.pop()
        step = at.parent if part == os.pardir else at / part
        if len(links) < _MOST_LINKS and step.is_symlink():
            links.append(step)
            target = Path(at, os.readlink(step)).parts  # noqa: PTH115 - `..` must stay
            at = Path(target[0])
            left += reversed(target[1:])
        else:
            at = step
    return [*links, at]


def reached(path: Path) -> list[Path]:
    """Give where a path leads with all links on the way, and those of each link below it."""
    found: dict[Path, None] = {}
    waiting = [path]
    while waiting:
        steps = trail(waiting.pop())
        if steps[-1] not in found:
            waiting += _links(steps[-1])
        found.update(dict.fromkeys(steps))
    return list(found)


def _differs_at(steps: Iterable[Path], changes: Changes) -> bool:
    return any(_holds(one, changes.files) or _differs(one, changes, known=True) for one in steps)


def _differs(step: Path, changes: Changes, *, known: bool = False) -> bool:
    """Say whether a path, or the repository that it lies in, changed; `known` where git cannot."""
    if not step.is_relative_to(changes.top):
        return not known
    return any(one in changes.files for one in (step, *step.parents))


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
        if any(map(folder.is_relative_to, roots))
        and not any(one.is_relative_to(folder) for one in known)
    ]


def _as_given(folder: Path) -> Path:
    """Name a folder from where the program runs, where it lies below."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder
