"""What the commands share: how wide and how colourful the output may be, and where it goes."""

from __future__ import annotations

import logging
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from qcvalidate.errors import UsageError
from qcvalidate.files import regular_size, write_whole
from qcvalidate.runners import without_commands
from qcvalidate.urls import Url, place

# Every report of ours holds one of these in its first or its last bytes.
_OURS = (b"qcvalidate", b"Computed; release requires")
_OUR_PDFS = (b"<dc:creator><rdf:Seq><rdf:li>qcvalidate</rdf:li>",)
_ENDS = 4096
# What is searched of a PDF, in bytes.
_LARGEST = 200_000_000
# Of a path, in characters; what the systems allow.
_LONGEST = 4096


def width() -> int:
    """Give the columns of the terminal; 80 where the output is not one."""
    if "COLUMNS" in os.environ or sys.stdout.isatty():
        return max(40, shutil.get_terminal_size((80, 24)).columns)
    return 80


def colour() -> bool:
    """Say whether to colour: on a terminal, unless NO_COLOR asks not to (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def show(text: str) -> None:
    """Write words for people to standard output; none is a command to what reads a job's log."""
    hand_over(without_commands(text))


def tell(text: str) -> None:
    """Write words for people to standard error."""
    click.echo(without_commands(text), err=True)


def hand_over(text: str | bytes) -> None:
    """Write to standard output as it is; where that takes nothing more, nobody saw a verdict."""
    if isinstance(text, bytes) and sys.stdout.isatty():
        raise UsageError(
            "this format is no text for a terminal; write it with --report FORMAT:PATH, or send "
            "standard output to a file"
        )
    try:
        click.echo(text, nl=isinstance(text, str) and not text.endswith("\n"))
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        # What is still waiting to be written would be tried again at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise UsageError(f"the output cannot be written ({error.strerror})") from error


class _ProgressLine(logging.Handler):
    """Shows the latest step of a slow document on one line of standard error."""

    def emit(self, record: logging.LogRecord) -> None:
        """Replace the line; an empty message clears it."""
        step = record.getMessage()
        _tell_waiting(f"\r\x1b[K{without_commands(step)} ..." if step else "\r\x1b[K")


@contextmanager
def page_progress() -> Iterator[None]:
    """Show a person at a terminal which page of a scan is being read."""
    steps = logging.getLogger("qcvalidate.progress")
    line = _ProgressLine()
    level, passed_on = steps.level, steps.propagate
    steps.addHandler(line)
    steps.setLevel(logging.INFO)
    steps.propagate = False
    try:
        yield
    finally:
        steps.removeHandler(line)
        steps.setLevel(level)
        steps.propagate = passed_on


def _tell_waiting(text: str) -> None:
    try:
        click.echo(text, err=True, nl=False)
    except OSError:
        # Nobody is there to be told; the reading goes on.
        return


def checked_path(_ctx: click.Context, _param: click.Parameter, value: Any) -> Any:
    """Refuse an empty path: it is a variable that was never set, and never the current folder."""
    for given in value if isinstance(value, tuple) else (value,):
        if given is not None and not str(given).strip():
            raise click.BadParameter("is empty, and no path")
        if given is not None and len(given) > _LONGEST:
            raise click.BadParameter(f"{given[:80]!r}... is longer than any path")
    return tuple(map(Path, value)) if isinstance(value, tuple) else Path(value) if value else None


def checked_places(
    ctx: click.Context, param: click.Parameter, value: Any
) -> tuple[Path | Url, ...]:
    """Read paths, and addresses in object stores."""
    checked_path(ctx, param, value)
    return tuple(map(place, value))


def checked_id(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """Refuse an empty id: it would stand for no choice at all."""
    if value is not None and not value.strip():
        raise click.BadParameter("is empty; `qcvalidate spec list` shows the ids")
    if value is not None and len(value) > _LONGEST:
        raise click.BadParameter(f"{value[:80]!r}... is longer than any id or path")
    return value


def refuse_overwriting(path: Path) -> None:
    """Refuse to write over what is no report of ours: a folder, a device, a laboratory's paper."""
    try:
        size = regular_size(path)
        if size == 0:
            return
        with path.open("rb") as stream:
            start = stream.read(_ENDS)
            # A PDF's author stands in its metadata, with a table behind it of any length.
            stream.seek(0 if start.startswith(b"%PDF-") else max(0, size - _ENDS))
            ends = start + stream.read(_LARGEST)
    except FileNotFoundError:
        return
    except OSError as error:
        raise UsageError(f"{_shown(path)}: cannot be written ({error.strerror})") from error
    _refuse_others(path, ends)


def refuse_overwriting_object(url: Url) -> None:
    """Refuse to write over what is no report of ours in an object store."""
    from qcvalidate import remote  # noqa: PLC0415 - for object stores alone

    ends = remote.ends_of(url, _ENDS, _LARGEST)
    if ends:
        _refuse_others(url, ends)


def _refuse_others(path: Path | Url, ends: bytes) -> None:
    marks = _OUR_PDFS if ends.startswith(b"%PDF-") else _OURS
    # GitLab's empty list has no room for a mark, and holds nothing that could be lost.
    if not any(mark in ends for mark in marks) and ends.split() not in ([b"[]"], [b"[]"] * 2):
        raise UsageError(
            f"{path}: exists and is no report of qcvalidate's; name another path or remove it"
        )


def write(path: Path | Url, text: str | bytes) -> None:
    """Write a file or an object whole or not at all, and never over another's."""
    if isinstance(path, Url):
        from qcvalidate import remote  # noqa: PLC0415 - for object stores alone

        refuse_overwriting_object(path)
        remote.write(path, text.encode() if isinstance(text, str) else text)
        return
    refuse_overwriting(path)
    replace(path, text)


def replace(path: Path, text: str | bytes) -> None:
    """Write a file whole or not at all, over what was there."""
    try:
        write_whole(path, text.encode() if isinstance(text, str) else text)
    except OSError as error:
        raise UsageError(f"{_shown(path)}: cannot be written ({error.strerror})") from error


def _shown(path: Path) -> str:
    """Give a path for a message, its end only where it is longer than any that can be."""
    text = str(path)
    return text if len(text) <= 200 else f"...{text[-80:]}"
