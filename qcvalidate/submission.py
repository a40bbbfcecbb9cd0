"""Finds lots: a lot folder, a folder of lot folders, or a single document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qcvalidate.catalogue import Catalogue
from qcvalidate.errors import UsageError
from qcvalidate.manifest import MANIFEST, Manifest, read_manifest

# Written for people, or by the operating system; no evidence is ever kept under these names.
_NOT_EVIDENCE = ("readme", "readme.md", "readme.txt", "thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Submission:
    """The files of one lot, and what its manifest states.

    `name` is how the report calls the place; `files` are pairs of a path and its name within
    the lot folder. `problem` says why the manifest cannot be used, and then there is no
    telling what the files are worth.
    """

    name: str
    manifest: Manifest
    files: tuple[tuple[Path, str], ...]
    problem: str | None = None


def find_submissions(paths: Sequence[Path], catalogue: Catalogue) -> list[Submission]:
    """Find every lot that these paths hold, in order; `UsageError` where one holds none."""
    found: list[Submission] = []
    seen: set[Path] = set()
    for path in paths:
        for submission, place in _at(path, catalogue):
            if place not in seen:
                seen.add(place)
                found.append(submission)
    return found


def _at(path: Path, catalogue: Catalogue) -> list[tuple[Submission, Path]]:
    if not path.exists():
        raise UsageError(f"{path}: there is no such file or folder")
    if not path.is_dir():
        single = Submission(str(path), Manifest(), ((path, path.name),))
        return [(single, path.resolve())]
    folders = list(_lot_folders(path))
    if not folders:
        raise UsageError(
            f"{path}: holds no lot; a lot is a folder with a {MANIFEST} and the lot's papers "
            "(see the README, “A lot folder”)"
        )
    return [(_lot(folder, path, catalogue), folder.resolve()) for folder in folders]


def _lot_folders(folder: Path) -> Iterator[Path]:
    """List the folders with a manifest, and those with papers that no manifest covers.

    A folder of uploaded papers without a manifest must not pass by unseen.
    """
    if (folder / MANIFEST).exists():
        yield folder
        return
    entries = sorted(entry for entry in folder.iterdir() if not _is_skipped(entry))
    if any(entry.is_file() and _looks_like_paper(entry) for entry in entries):
        yield folder
    for entry in entries:
        if entry.is_dir() and not entry.is_symlink():
            yield from _lot_folders(entry)


def _looks_like_paper(path: Path) -> bool:
    from qcvalidate.documents import recognised  # noqa: PLC0415 - loads every opener

    return recognised(path)


def _is_skipped(path: Path) -> bool:
    name = path.name.casefold()
    return name.startswith((".", "_", "~$")) or name in _NOT_EVIDENCE


def _lot(folder: Path, asked: Path, catalogue: Catalogue) -> Submission:
    name = folder.name if folder == asked else folder.relative_to(asked.parent).as_posix()
    name = name or str(folder)
    path = folder / MANIFEST
    if not path.exists():
        problem = (
            f"{name}: papers without a {MANIFEST} beside them; write one that names the lot and "
            "its product"
        )
        return Submission(name, Manifest(), _files(folder, Manifest()), problem)
    try:
        manifest = read_manifest(path, catalogue)
    except UsageError as error:
        return Submission(name, Manifest(), (), str(error).replace(str(path), MANIFEST))
    nested = [inner for inner in folder.rglob(MANIFEST) if inner != path]
    if nested:
        inner = nested[0].relative_to(folder).as_posix()
        problem = f"{MANIFEST}: another lot lies within this one, at {inner}; keep lots apart"
        return Submission(name, manifest, (), problem)
    return Submission(name, manifest, _files(folder, manifest), _missing_files(folder, manifest))


def _missing_files(folder: Path, manifest: Manifest) -> str | None:
    """Name what the manifest speaks of and the folder does not hold: a slip, or a lost paper."""
    named = {
        "ignore": manifest.ignore,
        "declared": manifest.declared,
        "strategies": (*manifest.strategies, *manifest.strategies.values()),
    }
    absent = [
        f"{key} names {file!r}, which is not in the folder"
        for key, files in named.items()
        for file in files
        if not (folder / file).is_file()
    ]
    return f"{MANIFEST}: {'; '.join(absent)}" if absent else None


def _files(folder: Path, manifest: Manifest) -> tuple[tuple[Path, str], ...]:
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        hidden = any(_is_skipped(folder / part) for part in path.relative_to(folder).parts)
        if path.is_dir() or hidden or name == MANIFEST or name in manifest.ignore:
            continue
        found.append((path, name))
    return tuple(found)
