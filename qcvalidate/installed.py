"""Says what is installed here that decides how papers are read: one hash for a process.

Two processes that agree in it read the same papers alike: the same program to the byte (an
installed package may be edited), the same libraries, the same tesseract with the same languages,
and the same fonts, which pdfium draws with where a PDF brings none. Nothing is imported for it.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qcvalidate.beginning import BEGUN
from qcvalidate.files import Looks, looks

_PACKAGE = Path(__file__).parent
# What pip, conda and distributions leave of each library, with its name and version in its own.
_METADATA = (".dist-info", ".egg-info")
# Where pdfium looks for fonts by itself, by system.
_FONTS = {
    "linux": (
        *("/usr/share/fonts", "/usr/local/share/fonts"),
        *("/usr/share/X11/fonts/Type1", "/usr/share/X11/fonts/TTF"),
    ),
    "darwin": ("~/Library/Fonts", "/Library/Fonts", "/System/Library/Fonts"),
    "win32": (f"{os.environ.get('WINDIR', 'C:/Windows')}/Fonts",),
}
_LONGEST_SECONDS = 30


def installation() -> str | None:
    """Give the hash of what is installed; None where it cannot be told for certain.

    A package that was edited since this process began may be another than the one that runs.
    """
    return _installation()[0]


def is_as_installed() -> bool:
    """Say whether the files of this package still look as they did when they were hashed."""
    try:
        return looks(_program_files()) == _installation()[1]
    except OSError:
        return False


@cache
def _installation() -> tuple[str | None, Looks]:
    try:
        before = looks(_program_files())
        program = list(_contents(_program_files()))
        tesseract = _tesseract()
        after = looks(_program_files())
    except OSError:
        return None, ()
    edited = any(max(of[1:3], default=0) > BEGUN for _, of in before)
    if edited or tesseract is None or before != after:
        return None, before
    parts = [program, _interpreter(), _libraries(), tesseract, _fonts()]
    return hashlib.sha256(repr(parts).encode("utf-8", "backslashreplace")).hexdigest(), before


def _program_files() -> Iterator[Path]:
    """List the files of the package, sources and data, and never what Python makes of them."""
    if not _PACKAGE.is_dir():
        raise NotADirectoryError(str(_PACKAGE))
    for folder, folders, names in os.walk(_PACKAGE):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        yield from (Path(folder, name) for name in sorted(names))


def _contents(paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    for path in paths:
        name = path.relative_to(_PACKAGE).as_posix()
        yield name, hashlib.sha256(path.read_bytes()).hexdigest()


def _interpreter() -> tuple[object, ...]:
    # `-O` leaves assertions out, some of which guard what is read.
    return sys.version, sys.flags.optimize, sys.platform, platform.machine()


def _libraries() -> tuple[tuple[str, ...], ...]:
    """Name every library that can be imported, with its version.

    All, for who knows on which others a library leans; and by the names of their folders, since
    importlib.metadata would open two hundred files for the same. Of two, the first is imported.
    """
    return tuple(filter(None, map(_libraries_in, sys.path)))


def _libraries_in(place: str) -> tuple[str, ...]:
    try:
        names = os.listdir(place or ".")  # noqa: PTH208 - names are all
    except NotADirectoryError:
        # A zip archive of modules; how it looks tells which.
        return (repr(looks([Path(place)])),)
    except OSError:
        return ()
    return tuple(sorted(name for name in names if name.endswith(_METADATA)))


def _tesseract() -> tuple[object, ...] | None:
    """Say which tesseract reads scans, with which languages; () where there is none.

    None where it does not answer: then nobody can tell what it would read.
    """
    program = shutil.which("tesseract")
    if program is None:
        return ()
    try:
        asked = [
            subprocess.Popen(  # noqa: S603 - a list of arguments, and no shell
                [program, question],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            for question in ("--version", "--list-langs")
        ]
    except OSError:
        return None
    said = []
    for one in asked:
        try:
            answer, _ = one.communicate(timeout=_LONGEST_SECONDS)
        except subprocess.TimeoutExpired:
            one.kill()
            one.communicate()
            return None
        if one.returncode:
            return None
        said.append(answer.decode("utf-8", "backslashreplace"))
    # `List of available languages in "/usr/share/tessdata/" (3):`
    _, _, rest = said[1].partition('"')
    folder = Path(rest.partition('"')[0])
    models = sorted(folder.glob("*.traineddata")) if rest else []
    return (*looks([Path(os.path.realpath(program)), *models]), *said)


def _fonts() -> tuple[tuple[str, int], ...]:
    """List the fonts of the system by name and size."""
    found = []
    for root in _FONTS.get(sys.platform, ()):
        for folder, folders, names in os.walk(os.path.expanduser(root)):  # noqa: PTH111
            folders.sort()
            for name in sorted(names):
                path = Path(folder, name)
                found.append((str(path), path.stat().st_size if path.is_file() else -1))
    return tuple(found)


@dataclass(frozen=True)
class Installed:
    """What is installed on one machine, to be compared with what is on another.

    Unlike `installation` it holds no more than names and contents: of two copies of one container
    image, no file has the same times of change.
    """

    program: str
    python: str
    libraries: tuple[tuple[str, ...], ...]
    tesseract: str
    fonts: str

    def differences(self, other: Installed) -> list[str]:
        """Name what `other` has otherwise; nothing where both read the same papers alike."""
        found = []
        if self.program != other.program:
            found.append("another version of qcvalidate")
        if self.python != other.python:
            found.append(f"another Python ({other.python})")
        if self.libraries != other.libraries:
            mine, theirs = (
                {name for place in one.libraries for name in place} for one in (self, other)
            )
            names = [*(f"no {name}" for name in sorted(mine - theirs)), *sorted(theirs - mine)]
            found.append(f"other libraries ({', '.join(names[:4]) or 'in another order'})")
        if self.tesseract != other.tesseract:
            found.append("another tesseract, or other languages of it")
        if self.fonts != other.fonts:
            found.append("other fonts")
        return found


@cache
def installed() -> Installed | None:
    """Tell what is installed here; None where `installation` cannot tell it for certain."""
    if installation() is None:
        return None
    try:
        program = list(_contents(_program_files()))
        # Of each file its path and looks, then what it answers.
        tesseract = [
            hashlib.sha256(Path(one[0]).read_bytes()).hexdigest() if isinstance(one, tuple) else one
            for one in _tesseract() or ()
        ]
    except OSError:
        return None
    version, *flags = _interpreter()
    python = f"{version} {' '.join(map(str, flags))}".replace("\n", "")
    return Installed(_hash(program), python, _libraries(), _hash(tesseract), _hash(_fonts()))


def _hash(value: object) -> str:
    return hashlib.sha256(repr(value).encode("utf-8", "backslashreplace")).hexdigest()
