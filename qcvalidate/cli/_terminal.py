"""What the commands share: how wide and how colourful the output may be, and where it goes."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from qcvalidate.errors import UsageError


def width() -> int:
    """Give the columns of the terminal; 80 where the output is not one."""
    if "COLUMNS" in os.environ or sys.stdout.isatty():
        return max(40, shutil.get_terminal_size((80, 24)).columns)
    return 80


def colour() -> bool:
    """Say whether to colour: on a terminal, unless NO_COLOR asks not to (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        # A temporary file is its owner's alone; a report is as readable as its folder allows.
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error
