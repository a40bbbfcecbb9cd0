"""Finds lots: a lot folder, a folder of lot folders, or a single document."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qcvalidate.catalogue import Catalogue
from qcvalidate.errors import UsageError
from qcvalidate.manifest import MANIFEST, WAIVERS, Manifest, read_manifest
from qcvalidate.record import Finding, Place, Severity

# Files written for people, or by the operating system; no evidence is ever kept in them.
_NOT_EVIDENCE = ("readme", "readme.md", "readme.txt", "thumbs.db", "desktop.ini")

_MISNAMED = ("lot.yaml", "lot.yml")

# What a laboratory's paper is kept in besides the kinds that we read. Beside other files (a
# script, a web page) a folder without a manifest is somebody's own; with one of these it may be
# a lot that somebody forgot.
_PAPERS = (
    *(".jpg", ".jpeg", ".png", ".tif", ".tiff", ".heic", ".bmp", ".webp"),
    *(".doc", ".docx", ".odt", ".rtf", ".txt", ".xls", ".xlsm", ".xlsb", ".ods"),
    *(".eml", ".msg", ".zip", ".7z", ".rar"),
)


@dataclass(frozen=True)
class StoredPaper:
    """A paper in an object store: its name within the lot, and how the store tells its version."""

    name: str
    size: int
    version: str


@dataclass(frozen=True)
class Stored:
    """A lot in an object store: the folder's address, and what was listed of it."""

    url: str
    papers: tuple[StoredPaper, ...]


@dataclass(frozen=True)
class Submission:
    """The files of one lot, and what its manifest states.

    `name` is how the report calls the place; `files` are pairs of a path and its name within
    the lot folder, among them what only stands there like a file: a link to a folder, a folder
    that cannot be listed. `findings` tell what was passed by. `problem` says why the manifest
    cannot be used, and then there is no telling what the files are worth. `waivers` is the lot's
    waivers.yaml, which is no paper. `place` is its folder or document as the user named it.
    Of a lot that is `stored`, the files are brought when it is judged, and listed then.
    """

    name: str
    manifest: Manifest
    files: tuple[tuple[Path, str], ...]
    problem: str | None = None
    findings: tuple[Finding, ...] = ()
    waivers: Path | None = None
    place: Path | None = None
    stored: Stored | None = None


def find_submissions(paths: Sequence[Path], catalogue: Catalogue) -> list[Submission]:
    """Find every lot that these paths hold, in order; `UsageError` where one holds none."""
    found: list[Submission] = []
    seen: set[str] = set()
    for path in paths:
        for submission, place in _at(path, catalogue):
            resolved = os.path.realpath(place)
            if resolved not in seen:
                seen.add(resolved)
                found.append(replace(submission, place=place))
    return found


def lots_below(folder: Path, catalogue: Catalogue) -> Iterator[tuple[Submission, Path]]:
    """Find the lots of a folder, each with its own; none is no fault here."""
    for submission, place in _lots(folder, catalogue):
        yield replace(submission, place=place), place


def lot_at(folder: Path, catalogue: Catalogue) -> Submission | None:
    """Give the lot that this one folder is, whatever lies below; None where it holds no paper."""
    name = folder.as_posix()
    try:
        entries = _listed(folder)
    except OSError as error:
        unlisted = f"{name}: the folder cannot be listed ({error.strerror})"
        return Submission(name, Manifest(), (), unlisted, place=folder)
    if any(entry.name == MANIFEST for entry in entries):
        return replace(_lot(folder, name, catalogue), place=folder)
    problem = _stray(folder, name, entries, linked=False)
    if problem is None:
        return None
    return Submission(name, Manifest(), (), problem, place=folder)


def refuse_among_papers(report: Path, asked: Iterable[Path]) -> None:
    """Raise `UsageError` where a report would be, or replace, what the next check reads.

    `asked` are the paths that are checked.
    """
    place = Path(os.path.realpath(report))
    lot = next((above for above in place.parents if os.path.lexists(above / MANIFEST)), None)
    if lot is not None:
        raise UsageError(
            f"{report}: lies within the lot folder {lot.name}, where the next check would take "
            "it for one of the lot's papers; write it elsewhere"
        )
    for path in asked:
        root = Path(os.path.realpath(path))
        if place == root or (place.is_relative_to(root) and _looks_like_paper(place)):
            raise UsageError(
                f"{report}: lies among the papers that are checked, and the next check would "
                "take it for one of them; write it elsewhere"
            )


def _at(path: Path, catalogue: Catalogue) -> list[tuple[Submission, Path]]:
    try:
        path.stat()
    except FileNotFoundError as error:
        raise UsageError(f"{path}: there is no such file or folder") from error
    except (OSError, ValueError) as error:
        shown = str(path)[:80] + "..." if len(str(path)) > 80 else path
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"{shown}: cannot be opened ({reason})") from error
    if not path.is_dir():
        return [(Submission(str(path), Manifest(), ((path, path.name),)), path)]
    found = list(_lots(path, catalogue))
    if not found:
        raise UsageError(
            f"{path}: holds no lot; a lot is a folder with a {MANIFEST} and the lot's papers "
            "(see the README, “A lot folder”)"
        )
    return found


def _lots(asked: Path, catalogue: Catalogue) -> Iterator[tuple[Submission, Path]]:
    """Find the folders with a manifest, and those with papers that no manifest covers.

    A folder of uploaded papers without a manifest must not pass by unseen.
    """
    root = Path(os.path.realpath(asked))
    waiting = [asked]
    while waiting:
        folder = waiting.pop()
        name = _name(folder, asked)
        try:
            entries = _listed(folder)
        except OSError as error:
            unlisted = f"{name}: the folder cannot be listed ({error.strerror})"
            yield Submission(name, Manifest(), (), unlisted), folder
            continue
        if any(entry.name == MANIFEST for entry in entries):
            yield _lot(folder, name, catalogue), folder
            continue
        linked = folder != asked and folder.is_symlink()
        if linked and _is_walked(folder, root):
            continue
        problem = _stray(folder, name, entries, linked=linked)
        if problem is not None:
            yield Submission(name, Manifest(), (), problem), folder
        if not linked:
            inner = [entry.name for entry in reversed(entries) if _is_folder(entry, linked=True)]
            waiting += [folder / name for name in inner if not name.startswith(".")]


def _name(folder: Path, asked: Path) -> str:
    name = folder.name if folder == asked else folder.relative_to(asked.parent).as_posix()
    return name or str(folder)


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _is_walked(link: Path, root: Path) -> bool:
    """Say whether a link leads to where the search comes by itself, or has come from."""
    target = Path(os.path.realpath(link))
    if not target.is_relative_to(root):
        return root.is_relative_to(target)
    return not any(part.startswith(".") for part in target.relative_to(root).parts)


def _stray(
    folder: Path, name: str, entries: Sequence[os.DirEntry[str]], *, linked: bool
) -> str | None:
    """Say what is wrong with a folder without a manifest; None where nothing in it is a paper."""
    if linked:
        # What lies behind a link may be without end.
        return (
            f"{name}: is a link to a folder without a {MANIFEST}, and was not searched; give that "
            "folder's own path"
        )
    shown = [entry for entry in entries if not _is_hidden(entry.name)]
    broken = [entry for entry in shown if entry.is_symlink() and not os.path.exists(entry)]  # noqa: PTH110
    if broken:
        return f"{name}: {broken[0].name!r} is a link that cannot be followed"
    misnamed = [entry for entry in shown if entry.name.casefold() in _MISNAMED]
    if misnamed:
        return f"{name}: {misnamed[0].name!r} is not read under this name; call it {MANIFEST}"
    files = [Path(entry.name) for entry in shown if not _is_folder(entry, linked=True)]
    papers = [path for path in files if _looks_like_paper(path)]
    if folder.name.startswith("_"):
        # Scripts and notes beside lots; only what we read could be taken for a lot's evidence.
        papers = [path for path in papers if _recognised(path)]
    if not papers:
        return None
    return (
        f"{name}: papers without a {MANIFEST} beside them, {papers[0].name!r} for one; write one "
        "that names the lot and its product"
    )


def _looks_like_paper(path: Path) -> bool:
    return path.suffix.lower() in _PAPERS or _recognised(path)


def _recognised(path: Path) -> bool:
    from qcvalidate.documents import recognised  # noqa: PLC0415 - the help needs none

    return recognised(path)


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$")) or name.casefold() in _NOT_EVIDENCE


def _lot(folder: Path, name: str, catalogue: Catalogue) -> Submission:
    path = folder / MANIFEST
    try:
        manifest = read_manifest(path, catalogue)
    except UsageError as error:
        return Submission(name, Manifest(), (), str(error).replace(str(path), MANIFEST))
    contents = _contents(folder)
    nested = [inner for _, inner in contents.files if inner.endswith(f"/{MANIFEST}")]
    if nested:
        inner = f"{MANIFEST}: another lot lies within this one, at {nested[0]}; keep lots apart"
        return Submission(name, manifest, (), inner)
    kept = [pair for pair in contents.files if pair[1] not in (MANIFEST, *manifest.ignore)]
    files = tuple(pair for pair in kept if pair[1] != WAIVERS)
    waivers = next((path for path, inner in kept if inner == WAIVERS), None)
    problem = _missing_files(manifest, contents)
    return Submission(name, manifest, files, problem, _unseen(contents, manifest), waivers)


@dataclass(frozen=True)
class _Contents:
    """What lies in a lot folder: its files with their names, and what is hidden in it.

    `hidden` are hidden files, and folders with a paper, that are no evidence by their names;
    `unseen` are those among them that may be or hold a paper all the same.
    """

    files: tuple[tuple[Path, str], ...]
    hidden: tuple[str, ...]
    unseen: tuple[str, ...]


def _contents(folder: Path) -> _Contents:
    """List a lot folder with all that lies below it; whatever cannot be entered is a file of it.

    Opening such a file then says why it cannot be read.
    """
    files: list[tuple[Path, str]] = []
    hidden: list[str] = []
    unseen: list[str] = []
    waiting = [folder]
    while waiting:
        inside = waiting.pop()
        try:
            entries = _listed(inside)
        except OSError:
            files.append((inside, inside.relative_to(folder).as_posix()))
            continue
        for entry in entries:
            path = inside / entry.name
            name = path.relative_to(folder).as_posix()
            is_folder = _is_folder(entry, linked=False)
            if is_folder and entry.name.startswith("."):
                if _holds_paper(path):
                    hidden.append(name)
                    unseen.append(name)
            elif is_folder:
                waiting.append(path)
            elif _is_hidden(entry.name):
                hidden.append(name)
                # `._name` is where macOS keeps the colour of the label, and other such things.
                copied = entry.name.startswith(".") and not entry.name.startswith("._")
                unseen += [name] if copied and _recognised(path) else []
            else:
                files.append((path, name))
    files.sort(key=lambda pair: pair[1])
    return _Contents(tuple(files), tuple(hidden), tuple(unseen))


def _is_folder(entry: os.DirEntry[str], *, linked: bool) -> bool:
    """Say whether an entry is a folder, or, where `linked` allows it, a link to one."""
    try:
        return entry.is_dir(follow_symlinks=linked)
    except OSError:
        return False


def _holds_paper(folder: Path) -> bool:
    return any(_recognised(Path(name)) for _, _, names in os.walk(folder) for name in names)


def _unseen(contents: _Contents, manifest: Manifest) -> tuple[Finding, ...]:
    """Hold a lot whose folder hides what may be a paper: it might say that something grew."""
    return tuple(
        Finding(
            "paper-hidden",
            Severity.HOLD,
            f"{name} begins with a dot and was not read, though it holds what may be a paper; "
            "move it into the open, out of the folder, or list it under `ignore` in lot.yaml",
            Place(name),
        )
        for name in contents.unseen
        if name not in manifest.ignore
    )


def _missing_files(manifest: Manifest, contents: _Contents) -> str | None:
    """Name what the manifest speaks of and the folder does not hold: a slip, or a lost paper.

    A file has one name here, that of the listing: were `scan.pdf` also `./scan.pdf`, the one
    would be ignored and the other read.
    """
    present = {name for _, name in contents.files if name != MANIFEST}
    # What is hidden is not read, so that it can be ignored and no more.
    hidden = {"ignore": set(contents.hidden)}
    named = {
        "ignore": manifest.ignore,
        "declared": manifest.declared,
        "labels": manifest.labels,
        "invalidated": [name for one in manifest.invalidated for name in (one.file, one.repeat)],
        "strategies": (*manifest.strategies, *manifest.strategies.values()),
    }
    absent = [
        f"{key} names {file!r}, which is not a file of the folder"
        for key, files in named.items()
        for file in files
        if file not in present | hidden.get(key, set())
    ]
    return f"{MANIFEST}: {'; '.join(absent[:20])}" if absent else None
