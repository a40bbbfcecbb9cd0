"""Looks at what a path is before it is opened: a pipe or a device might never end."""

from __future__ import annotations

import errno
import stat
from pathlib import Path

_KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


def regular_size(path: Path) -> int:
    """Give the bytes of a regular file; `OSError` for whatever else the path may be.

    A link is followed. The error's `strerror` tells what was found.
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
