"""Looks at files before they are opened, and writes them whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path

# Of each file: where it is, and its size, times of change in nanoseconds and number there.
Look = tuple[str, tuple[int, ...]]
Looks = tuple[Look, ...]

_KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


def regular_size(path: Path) -> int:
    """Give the bytes of a regular file; `OSError` for whatever else the path may be.

    A pipe or a device might never end. A link is followed. The error's `strerror` tells what was
    found.
    """
    try:
        found = path.stat()
    except ValueError as error:
        raise OSError(errno.EINVAL, "Its name holds a NUL character") from error
    kind = stat.S_IFMT(found.st_mode)
    if kind == stat.S_IFDIR:
        raise IsADirectoryError(errno.EISDIR, "Is a folder")
    if kind != stat.S_IFREG:
        raise OSError(errno.EINVAL, f"Is {_KINDS.get(kind, 'something else')} and not a file")
    return found.st_size


def looks(paths: Iterable[Path]) -> Looks:
    """Say how these files look; one that cannot be looked at has no more than its path."""
    return tuple((str(path), look(path)) for path in paths)


def look(path: Path) -> tuple[int, ...]:
    """Say how a file looks, but for its path; () for one that cannot be looked at."""
    try:
        of = path.stat()
    except (OSError, ValueError):
        return ()
    return of.st_size, of.st_mtime_ns, of.st_ctime_ns, of.st_ino


def sha256_of(path: Path) -> str:
    """Give the SHA-256 of a regular file's bytes; `OSError` for whatever else it may be."""
    regular_size(path)
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file over what was there, whole or not at all, even where two do at once.

    What is not whole yet has a name that begins with a dot.
    """
    made = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
        made = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        # A temporary file is its owner's alone; this one is as readable as its folder allows.
        umask = os.umask(0)
        os.umask(umask)
        made.chmod(0o666 & ~umask)
        made.replace(path)
        made = None
    finally:
        # Ctrl-C comes at any moment, too.
        if made is not None:
            made.unlink(missing_ok=True)
