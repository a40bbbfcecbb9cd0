"""Brings lots out of an object store, and reports into it: S3, Google Cloud Storage, Azure.

A store has no folders, only names with `/` in them. What they would be as files is laid out in a
temporary folder, so that lots, and papers that belong to none, are found as on a disk. Each lot is
brought where it is judged, and held unless all of it arrived as it was listed, before and after.
"""

from __future__ import annotations

import hashlib
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PureWindowsPath
from typing import Any

from qcvalidate.assessing import Laboratory, Options, assess_submission, lost
from qcvalidate.assessment import Assessment
from qcvalidate.catalogue import LARGEST_YAML, Catalogue, shortened
from qcvalidate.errors import UsageError
from qcvalidate.manifest import MANIFEST, Manifest
from qcvalidate.submission import Stored, StoredPaper, Submission, lot_at, lots_below
from qcvalidate.urls import STORES, Url

# What stores call the version of an object; what else they tell (when it was last listed) varies.
_VERSIONS = ("ETag", "etag", "md5Hash", "crc32c", "generation", "LastModified", "last_modified")
# S3 gives the MD5 of what was put at once, and something with a `-` of what came in parts.
_MD5 = re.compile("[0-9a-f]{32}")
_OF_OTHER_BYTES = ("aws:kms", "aws:kms:dsse")
# What libraries below fsspec raise that is no OSError, if they are there at all.
_FAULTS = (
    ("botocore.exceptions", "BotoCoreError"),
    ("botocore.exceptions", "ClientError"),
    ("aiohttp", "ClientError"),
    ("azure.core.exceptions", "AzureError"),
    ("google.auth.exceptions", "GoogleAuthError"),
)


def find_stored(urls: Sequence[Url], catalogue: Catalogue) -> list[Submission]:
    """Find every lot below these addresses, in order; `UsageError` where one holds none."""
    found: dict[tuple[str, str | None], Submission] = {}
    for url in urls:
        with _told(url):
            store = _open(url)
            listed = _listed(store, url)
        if not listed:
            raise UsageError(f"{url}: there is nothing in the store below this address")
        with tempfile.TemporaryDirectory(prefix="qcvalidate-") as folder:
            lots = list(_lots(store, url, listed, Path(folder), catalogue))
        if not lots:
            raise UsageError(
                f"{url}: holds no lot; a lot is a folder with a {MANIFEST} and the lot's papers "
                "(see the README, “A lot folder”)"
            )
        for one in lots:
            found.setdefault((one.name, one.problem), one)
    return list(found.values())


def assess_stored(submission: Submission, laboratory: Laboratory, options: Options) -> Assessment:
    """Bring a lot and assess it; held where it did not arrive as it was listed."""
    stored = submission.stored
    if stored is None or submission.problem is not None:
        return assess_submission(submission, laboratory, options)
    with tempfile.TemporaryDirectory(prefix="qcvalidate-") as folder:
        place = Path(folder, "lot")
        problem = _brought(stored, place)
        found = None if problem else lot_at(place, laboratory.catalogue)
        if found is None:
            told = f"nothing of this lot was judged: {problem or 'it holds no paper'}"
            return lost(submission, options, told)
        return assess_submission(replace(found, name=submission.name), laboratory, options)


def ends_of(url: Url, length: int, largest: int) -> bytes | None:
    """Give the first and the last bytes of an object, all of a PDF; None where there is none."""
    with _told(url):
        store = _open(url)
        store.invalidate_cache()
        if not store.exists(url):
            return None
        size = int(store.info(url)["size"])
        if not size:
            return b""
        start: bytes = store.cat_file(url, start=0, end=length)
        if start.startswith(b"%PDF-"):
            return bytes(store.cat_file(url, start=0, end=largest))
        return start + bytes(store.cat_file(url, start=max(0, size - length), end=size))


def write(url: Url, content: bytes) -> None:
    """Write an object in one go: whole, or not at all."""
    with _told(url):
        _open(url).pipe_file(url, content)


def _open(url: str) -> Any:
    kind = url.partition("://")[0]
    try:
        import fsspec  # noqa: PLC0415 - an extra

        # What is listed is asked anew each time: that a listing changes is what we look for.
        return fsspec.filesystem(kind, use_listings_cache=False)
    except ImportError as error:
        raise UsageError(
            f"{kind}:// needs {STORES[kind]}; install it with pip install fsspec {STORES[kind]}"
        ) from error


@dataclass(frozen=True)
class _Object:
    path: str
    size: int
    version: str
    etag: str


def _listed(store: Any, url: str) -> dict[str, _Object]:
    """List what lies below an address, by the names within it."""
    store.invalidate_cache()
    root = store._strip_protocol(url)
    found = {}
    for path, of in store.find(root, detail=True).items():
        name = path.removeprefix(root).removeprefix("/")
        size = int(of.get("size") or 0)
        if of.get("type") == "directory" or (name.endswith("/") and not size):
            continue
        version = "; ".join(f"{key}={of[key]}" for key in _VERSIONS if of.get(key))
        found[name] = _Object(path, size, version, str(of.get("ETag", "")).strip('"'))
    if "" in found:
        raise UsageError(f"{url}: is a single object; give the address of a lot's folder")
    return found


def _lots(
    store: Any, url: Url, listed: dict[str, _Object], folder: Path, catalogue: Catalogue
) -> Iterator[Submission]:
    """Lay the names out as files, lot.yaml alone with its content, and find the lots in them."""
    root = folder / "root"
    root.mkdir()
    refused = {}
    for name, one in listed.items():
        if not _is_safe(name):
            refused[name] = _safe_part(name)
            continue
        try:
            _lay(store, one, root / name)
        except OSError:
            # Too long, or a file where another name has a folder.
            refused[name] = name.rpartition("/")[0]
    covered: set[str] = set()
    for submission, place in lots_below(root, catalogue):
        inner = place.relative_to(root).as_posix()
        inner = "" if inner == "." else f"{inner}/"
        shown = f"{url}/{inner}".rstrip("/")
        problem = submission.problem
        if problem is not None:
            problem = problem.replace(submission.name, shown, 1)
        if (place / MANIFEST).is_file():
            bad = [name for name, within in refused.items() if f"{within}/".startswith(inner)]
            covered.update(bad)
            problem = _refusal(bad[0]) if bad else problem
        papers = _papers({name: one for name, one in listed.items() if name.startswith(inner)})
        papers = tuple(replace(one, name=one.name.removeprefix(inner)) for one in papers)
        stored = Stored(shown, papers)
        yield Submission(shown, submission.manifest, (), problem, stored=stored)
    for name in [one for one in refused if one not in covered]:
        yield Submission(f"{url}/{refused[name]}".rstrip("/"), Manifest(), (), _refusal(name))


def _lay(store: Any, one: _Object, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = b""
    # An empty object has no range of bytes that could be asked for.
    if path.name == MANIFEST and one.size:
        with _told(one.path):
            content = store.cat_file(one.path, start=0, end=LARGEST_YAML + 1)
    with path.open("xb") as stream:
        stream.write(content)


def _refusal(name: str) -> str:
    return (
        f"{shortened(name)} in the store is no name that a file can have in this folder; rename or "
        "remove it"
    )


def _is_safe(name: str) -> bool:
    """Say whether a name stays in its folder, on every system."""
    parts = name.split("/")
    return (
        not any(part in ("", ".", "..") for part in parts)
        and "\\" not in name
        and "\0" not in name
        and not any(PureWindowsPath(part).drive for part in parts)
    )


def _safe_part(name: str) -> str:
    """Give the folders that a name goes through before it is none of a file."""
    safe: list[str] = []
    for part in name.split("/")[:-1]:
        if not _is_safe(part):
            break
        safe.append(part)
    return "/".join(safe)


def _brought(stored: Stored, folder: Path) -> str | None:
    """Bring all of a lot into a folder; say what is wrong with it, or None."""
    try:
        store = _open(stored.url)
        listed = _listed(store, stored.url)
        if _papers(listed) != stored.papers:
            return "what the store lists of it changed since the lots were looked for"
        for name, one in listed.items():
            problem = _brought_one(store, one, folder, name)
            if problem is not None:
                return f"{name}: {problem}"
        if _papers(_listed(store, stored.url)) != stored.papers:
            return "what the store lists of it changed while it was brought"
    except _faults() as error:
        return f"it cannot be brought from the store ({_words(error)})"
    return None


def _papers(listed: dict[str, _Object]) -> tuple[StoredPaper, ...]:
    return tuple(StoredPaper(name, one.size, one.version) for name, one in sorted(listed.items()))


def _brought_one(store: Any, one: _Object, folder: Path, name: str) -> str | None:
    if not _is_safe(name):
        return "is no name that a file can have in this folder"
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(exist_ok=False)
    store.get_file(one.path, str(path))
    size = path.stat().st_size
    if size != one.size:
        return f"{size:,} bytes arrived of the {one.size:,} that the store lists"
    if _MD5.fullmatch(one.etag):
        with path.open("rb") as stream:
            # No secret: what S3 itself compares uploads by.
            arrived = hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False))
        if arrived.hexdigest() != one.etag and not _is_encrypted(store, one.path):
            return "arrived with other bytes than the store lists (its ETag is another)"
    return None


def _is_encrypted(store: Any, path: str) -> bool:
    """Say whether a store's ETag is not of the bytes: where a key of the owner's encrypts them."""
    if not hasattr(store, "call_s3"):
        return False
    bucket, _, key = path.partition("/")
    told = store.call_s3("head_object", Bucket=bucket, Key=key)
    kind = told.get("ServerSideEncryption")
    return kind in _OF_OTHER_BYTES or "SSECustomerAlgorithm" in told


@contextmanager
def _told(url: str) -> Iterator[None]:
    """Turn what goes wrong with a store into words for the user."""
    try:
        yield
    except _faults() as error:
        raise UsageError(f"{url}: the store does not give or take it ({_words(error)})") from error


def _words(error: BaseException) -> str:
    return shortened(str(error) or type(error).__name__)


def _faults() -> tuple[type[Exception], ...]:
    """List what the libraries that are loaded by now raise."""
    theirs = [
        getattr(sys.modules[module], name) for module, name in _FAULTS if module in sys.modules
    ]
    return (OSError, ValueError, *theirs)
