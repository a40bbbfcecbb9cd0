"""Remembers assessments in a folder, so that a lot that was judged is not judged again.

An entry is found under the fingerprint of its lot's judgement, which is another as soon as anything
is that the assessment rests on. It is believed only when a checksum over all of it fits, its key is
the one that was asked for, and its verdict is the one that its own outcomes and findings give;
everything else is as if it were not there. Entries are JSON, and run no code.

Not kept, because another run may come out otherwise with the same fingerprint:

- what a file, a process or tesseract refused (a disk that hesitates, a page that took too long, a
  worker that died, a file that changed), and any lot with a paper that was not read;
- what could not be judged for its lot.yaml, its specification or its waivers; that takes no time;
- a lot with a digital signature that is judged for today: a certificate may end within the day;
- what was judged while a paper, a schema or this program was written to: the bytes that were read
  must be those of the fingerprint, and all must look as it did before.

Where the program runs (`folder`) is told anew each time, and so is all that reports add. Whatever
pandera's switches in the environment say is refused before any lot, remembered or not. Outside of
the fingerprint are the processor, whose last bits may differ, and libraries of the system below
those that are told; keep a cache for machines that are alike.

Who can write to the folder can write any verdict into it, as into a report: so one that everybody
may write to is not used, and none that lies among the papers.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from qcvalidate.assessment import Assessment, ExitStatus, Verdict, verdict
from qcvalidate.files import write_whole
from qcvalidate.fingerprints import Fingerprint, all_holds, papers_hold, take_fingerprint
from qcvalidate.preserving import preserved, restored

if TYPE_CHECKING:
    from qcvalidate.pipeline import Laboratory, Options
    from qcvalidate.submission import Submission

# In bytes; an assessment with its pictures is some 50,000.
LARGEST = 1_000_000_000

_FORM = b"qcvalidate assessment, form 1\n"
_ENDING = ".assessment"
# In seconds; nobody writes an entry for so long.
_FORGOTTEN = 3600
# What of the largest size is left when the oldest were taken away, and what may be added before
# the folder is looked through again: other processes add to it, too.
_LEFT, _UNSEEN = 0.9, 0.05
# Findings that the moment or the machine may be the reason of.
_OF_THE_MOMENT = (
    "document-unreadable",
    "document-changed",
    "lot-unjudged",
    "no-text-layer",
)
# What a lot whose papers were all read ends with, if none of them breaks its signature.
_EXITS = {
    Verdict.PASS: ExitStatus.PASS,
    Verdict.FAIL: ExitStatus.FAIL,
    Verdict.CONDITIONAL: ExitStatus.OPEN,
    Verdict.HOLD: ExitStatus.OPEN,
}
_OF_SIGNATURES = "signature-"


@dataclass
class Cache:
    """A folder of assessments.

    `largest` is how many bytes it may hold. `tell` is called with what keeps it from being used,
    once; the run goes on without it.
    """

    folder: Path
    tell: Callable[[str], None]
    largest: int = LARGEST
    is_used: bool = True
    size: int | None = None
    added: int = field(default=0)

    def find(self, key: str) -> Assessment | None:
        """Give what is kept under a key; None where there is nothing that can be believed."""
        path = self._path(key)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            self._give_up(error)
            return None
        found = opened(content, key)
        if found is not None:
            # The oldest go first, and this one was asked for just now.
            with suppress(OSError):
                os.utime(path)
        return found

    def keep(self, key: str, assessment: Assessment) -> None:
        """Keep an assessment under a key, whole or not at all."""
        content = sealed(assessment, key)
        if not self.is_used or content is None or len(content) > self.largest:
            return
        path = self._path(key)
        try:
            self._refuse_open_folder()
            write_whole(path, content)
            self._make_room(len(content))
        except OSError as error:
            self._give_up(error)

    def has(self, key: str) -> bool:
        """Say whether something lies under a key, whether or not it can be believed."""
        return self.is_used and self._path(key).is_file()

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}{_ENDING}"

    def _give_up(self, error: OSError) -> None:
        if self.is_used:
            self.is_used = False
            self.tell(
                f"{self.folder}: the cache cannot be used ({error.strerror or error}); "
                "this run goes on without it"
            )

    def _refuse_open_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        _refuse_writable_by_all(self.folder)

    def _make_room(self, more: int) -> None:
        """Take the oldest entries away once there is too much."""
        if self.size is not None:
            self.size += more
            self.added += more
        if self.size is None or self.added > _UNSEEN * self.largest or self.size > self.largest:
            self.size, self.added = _trimmed(self.folder, self.largest), 0


def open_cache(folder: Path, tell: Callable[[str], None], largest: int = LARGEST) -> Cache | None:
    """Open a folder as a cache; None, and told, where it is none that may be believed."""
    cache = Cache(folder, tell, largest)
    try:
        if folder.exists():
            _refuse_writable_by_all(folder)
            # One that cannot be listed is told now, and not lot by lot.
            os.scandir(folder).close()
    except OSError as error:
        cache._give_up(error)
        return None
    return cache


def remembered(
    submissions: Sequence[Submission],
    laboratory: Laboratory,
    options: Options,
    cache: Cache,
    assess: Callable[[Sequence[Submission]], Iterator[Assessment]],
) -> Iterator[Assessment]:
    """Give an assessment of each lot, in order: the one that is kept, else that of `assess`.

    `assess` gives one for each lot of those that it is asked for, in order, as they come; each is
    kept before the next is waited for, so that a run that is cut off goes on where it was.
    """
    taken = [take_fingerprint(one, laboratory, options) for one in submissions]
    kept = [found is not None and cache.has(found.key) for found in taken]
    missing = [one for one, is_kept in zip(submissions, kept, strict=True) if not is_kept]
    judged = assess(missing) if missing else iter(())
    for submission, found, is_kept in zip(submissions, taken, kept, strict=True):
        if found is None:
            yield next(judged)
            continue
        # Those before it may have taken an hour.
        is_same = is_kept and papers_hold(found, submission, options)
        old = cache.find(found.key) if is_same else None
        if old is not None and _is_of(old, submission, found, options):
            yield old
            continue
        (assessment,) = assess([submission]) if is_kept else (next(judged),)
        bare = replace(assessment, folder=None)
        certain = _may_be_kept(bare, submission, found, options)
        if certain and all_holds(found, submission, laboratory, options):
            cache.keep(found.key, bare)
        yield assessment


def sealed(assessment: Assessment, key: str) -> bytes | None:
    """Write an entry: what it is, its key, a checksum over all, the assessment."""
    text = preserved(assessment)
    if text is None:
        return None
    body = zlib.compress(text.encode("utf-8"), 1)
    return _FORM + key.encode("ascii") + b"\n" + _checksum(key, body) + b"\n" + body


def opened(content: bytes, key: str) -> Assessment | None:
    """Read an entry; None where it is not exactly what was written under this key."""
    form, asked = _FORM, key.encode("ascii")
    start = len(form) + len(asked) + 66
    head, body = content[:start], content[start:]
    if head != form + asked + b"\n" + _checksum(key, body) + b"\n":
        return None
    try:
        return restored(zlib.decompress(body).decode("utf-8"))
    except (ValueError, zlib.error):
        return None


def _checksum(key: str, body: bytes) -> bytes:
    return hashlib.sha256(_FORM + key.encode("ascii") + body).hexdigest().encode("ascii")


def _is_of(
    assessment: Assessment, submission: Submission, found: Fingerprint, options: Options
) -> bool:
    """Say whether an assessment is of this lot and day, of these very bytes, and fits itself."""
    read = {source.path: source.sha256 for source in assessment.inputs}
    return (
        assessment.path == submission.name
        and assessment.as_of == found.day
        and assessment.scope is options.scope
        and all(found.files.get(name) == digest for name, digest in read.items())
        and all(name in read for _, name in submission.files)
        and assessment.verdict is verdict(assessment.results, assessment.findings)
        and assessment.exit_status in (_EXITS[assessment.verdict], ExitStatus.INTEGRITY)
    )


def _may_be_kept(
    assessment: Assessment, submission: Submission, found: Fingerprint, options: Options
) -> bool:
    """Say whether every run with this fingerprint must come out like this one."""
    slugs = {finding.slug for finding in assessment.findings}
    if slugs & set(_OF_THE_MOMENT) or any(one.kind == "unread" for one in assessment.inputs):
        return False
    if found.is_now and any(slug.startswith(_OF_SIGNATURES) for slug in slugs):
        return False
    return _is_of(assessment, submission, found, options)


def _refuse_writable_by_all(folder: Path) -> None:
    if os.name == "posix" and folder.stat().st_mode & stat.S_IWOTH:
        raise OSError(0, "everybody may write to it, and so any verdict into it: chmod o-w")


def _trimmed(folder: Path, largest: int) -> int:
    """Take away what was not asked for the longest, and give the size of what is left."""
    entries = []
    for path, of in _entries(folder):
        if path.suffix == _ENDING:
            entries.append((of.st_mtime_ns, of.st_size, path))
        elif time.time() - of.st_mtime > _FORGOTTEN:
            # Not whole, and whoever wrote it was killed; younger ones are being written.
            path.unlink(missing_ok=True)
    size = sum(entry[1] for entry in entries)
    if size <= largest:
        return size
    for _, bytes_, path in sorted(entries):
        path.unlink(missing_ok=True)
        size -= bytes_
        if size <= _LEFT * largest:
            break
    return size


def _entries(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """List the files of ours; whatever else somebody keeps there is left alone."""
    for inner in folder.iterdir():
        if len(inner.name) != 2 or not inner.is_dir():
            continue
        for path in inner.iterdir():
            if _ENDING in path.name:
                # Another process may have taken it away.
                with suppress(FileNotFoundError):
                    yield path, path.stat()
