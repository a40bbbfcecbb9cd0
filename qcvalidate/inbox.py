"""Watches a folder that lots are copied into: which have settled, which changed, which are known.

A lot is known by a key over the hashes of its files, of what it is judged by and of the program. It
is judged again only where that key is another, and never while one of its files still grows.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from qcvalidate.assessment import ExitStatus
from qcvalidate.errors import UsageError
from qcvalidate.files import look, sha256_of
from qcvalidate.manifest import MANIFEST
from qcvalidate.submission import Submission, lots_below

if TYPE_CHECKING:
    from qcvalidate.assessment import Assessment
    from qcvalidate.catalogue import Catalogue

# Of each file: size, times of change in nanoseconds, and where the file system keeps it.
Signature = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Known:
    """A lot that was judged: its key, how its files looked then, and how it came out."""

    key: str
    looks: str
    sizes: str
    verdict: str
    status: int


@dataclass(frozen=True)
class Event:
    """What happened to one lot: `judged`, `changed` (its reports no longer hold) or `removed`.

    `name` is the lot folder's path within the inbox; `assessment` is None unless it was judged.
    """

    kind: str
    name: str
    assessment: Assessment | None = None


@dataclass
class Inbox:
    """A watched folder.

    `judge` judges one lot; `deliver` writes its reports, whole; `is_delivered` says whether they
    are all there. `judged_by` is a hash of the schemas, roots and options that `judge` uses.
    """

    folder: Path
    catalogue: Catalogue
    judged_by: str
    judge: Callable[[Submission], Assessment]
    deliver: Callable[[str, Assessment], None]
    is_delivered: Callable[[str], bool]
    settle: float
    known: dict[str, Known] = field(default_factory=dict)
    waiting: dict[str, tuple[Signature, float]] = field(default_factory=dict)

    def look(self, now: float) -> Iterator[Event]:
        """Look once, at `now` in seconds of a clock that never goes back, and tell what happened.

        What was told is in `known`: keep it before the next is asked for.
        """
        if not self.folder.is_dir():
            raise UsageError(f"{self.folder}: is no longer a folder; its lots cannot be watched")
        present = set()
        for submission, place in list(lots_below(self.folder, self.catalogue)):
            name = place.relative_to(self.folder).as_posix()
            present.add(name)
            yield from self._lot(name, submission, place, now)
        for name in sorted(set(self.known) - present):
            del self.known[name]
            yield Event("removed", name)
        for name in set(self.waiting) - present:
            del self.waiting[name]

    def _lot(self, name: str, submission: Submission, place: Path, now: float) -> Iterator[Event]:
        # Of papers without a lot.yaml the one folder is a submission, what is below another.
        whole = os.path.lexists(place / MANIFEST)
        found = signature(place, whole=whole)
        known = self.known.get(name)
        looks = _digest(self.judged_by, found)
        if known is not None and known.looks == looks and self.is_delivered(name):
            self.waiting.pop(name, None)
            return
        before, since = self.waiting.get(name, (None, now))
        if before != found:
            self.waiting[name] = (found, now)
            # It has changed for sure, and what was said of it must not stand any longer. Where only
            # the times differ, the hashes will tell.
            if known is not None and known.sizes != _sizes(found):
                del self.known[name]
                yield Event("changed", name)
            return
        if now - since < self.settle:
            return
        key = _digest(self.judged_by, hashes(place, found))
        if known is not None and known.key == key and self.is_delivered(name):
            self.known[name] = replace(known, looks=looks)
            del self.waiting[name]
            return
        assessment = self.judge(submission)
        after = signature(place, whole=whole)
        if after != found:
            # It grew while it was read; nothing of that holds.
            self.waiting[name] = (after, now)
            return
        self.deliver(name, assessment)
        how = assessment.verdict.value, assessment.exit_status.value
        self.known[name] = Known(key, looks, _sizes(found), *how)
        del self.waiting[name]
        yield Event("judged", name, assessment)

    def statuses(self) -> list[ExitStatus]:
        """Give the exit status of every lot that is there; one that is waited for is open."""
        found = [ExitStatus(known.status) for known in self.known.values()]
        return found + [ExitStatus.OPEN for _ in self.waiting]


def signature(place: Path, *, whole: bool = True) -> Signature:
    """Say how the files of a folder look, with all below it where `whole`."""
    return {path.relative_to(place).as_posix(): look(path) for path in _files(place, whole)}


def hashes(place: Path, names: Iterable[str]) -> dict[str, str]:
    """Give the SHA-256 of each of these files; what is no file, or cannot be read, has none."""
    found = {}
    for name in names:
        try:
            found[name] = sha256_of(place / name)
        except OSError:
            found[name] = ""
    return found


def read_state(path: Path, folder: Path | None = None) -> dict[str, Known]:
    """Read what an earlier watch knew; what cannot be read is nothing, and all is judged anew.

    `UsageError` where it watched another folder: a lot of the same name there would have its
    reports replaced by those of this one.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        watched = content.get("inbox")
        if folder is not None and watched not in (None, _named(folder)):
            raise UsageError(
                f"{path.parent}: holds the reports of another inbox, {watched}; name another "
                f"folder, or remove {path.name} from it if that inbox is no longer watched"
            )
        found = {str(name): Known(**entry) for name, entry in content["lots"].items()}
        # A number that is no exit status raises here, and not at the end of the watch.
        return {name: replace(one, status=ExitStatus(one.status)) for name, one in found.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def state_text(known: Mapping[str, Known], folder: Path | None = None) -> str:
    """Write what is known of a folder, for the next watch."""
    lots = {name: asdict(known[name]) for name in sorted(known)}
    of = {"inbox": _named(folder)} if folder is not None else {}
    return json.dumps({"written_by": "qcvalidate watch", **of, "lots": lots}, indent=1) + "\n"


def _named(folder: Path) -> str:
    return os.path.realpath(folder)


def _files(place: Path, whole: bool) -> Iterator[Path]:
    """List files, and what stands there like one: a link to a folder, a folder without a list."""
    unlisted: list[Path] = []
    walked = os.walk(place, onerror=lambda error: unlisted.append(Path(str(error.filename))))
    for folder, folders, names in walked:
        folders.sort()
        linked = [name for name in folders if Path(folder, name).is_symlink()]
        yield from (Path(folder, name) for name in sorted([*names, *linked]))
        if not whole:
            return
    yield from unlisted


def _sizes(found: Signature) -> str:
    return _digest({name: looks[:1] for name, looks in found.items()})


def _digest(*parts: object) -> str:
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()
