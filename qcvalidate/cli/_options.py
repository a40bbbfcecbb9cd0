"""Options that several commands share, each declared once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import TypeVar

import click

from qcvalidate.cli import _completion, _terminal
from qcvalidate.manifest import EARLIEST, LATEST

_Command = TypeVar("_Command", bound=Callable[..., object])

_SCHEDULER = re.compile("(tcp|tls)://[^/\\s]+:[0-9]{1,5}")
_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def schemas_option(command: _Command) -> _Command:
    """Give a command the option `--schemas`."""
    return click.option(
        "--schemas",
        metavar="DIRECTORY",
        envvar="QCVALIDATE_SCHEMAS",
        show_envvar=True,
        callback=_terminal.checked_path,
        shell_complete=_completion.folders,
        help="Your own folder laid out like schemas/; its files come before ours.",
    )(command)


def trust_option(command: _Command) -> _Command:
    """Give a command the option `--trust`."""
    return click.option(
        "--trust",
        metavar="FILE_OR_DIRECTORY",
        envvar="QCVALIDATE_TRUST",
        show_envvar=True,
        # The type splits the variable as PATH is split; what a path is, the callback says.
        type=click.Path(readable=False),
        callback=_terminal.checked_path,
        multiple=True,
        help="Root certificates (PEM or DER) of those whose digital signatures count; repeatable.",
    )(command)


def jobs_option(command: _Command) -> _Command:
    """Give a command the option `--jobs`."""
    return click.option(
        "--jobs",
        metavar="N",
        envvar="QCVALIDATE_JOBS",
        show_envvar=True,
        type=click.IntRange(min=1),
        help="Processes that work at once [default: one for each core].",
    )(command)


def scheduler_option(command: _Command) -> _Command:
    """Give a command the option `--scheduler`."""
    return click.option(
        "--scheduler",
        metavar="ADDRESS",
        envvar="QCVALIDATE_SCHEDULER",
        show_envvar=True,
        callback=_scheduler,
        help="Judge on the workers of this Dask scheduler, tcp://HOST:8786, or `local`.",
    )(command)


def as_of_option(default: str) -> Callable[[_Command], _Command]:
    """Give a command the option `--as-of`; `default` says what day it is otherwise."""
    return click.option(
        "--as-of",
        metavar="DATE",
        callback=_day,
        help=f"The day that stands for today [default: {default}].",
    )


def _scheduler(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value is None or value == "local" or _SCHEDULER.fullmatch(value):
        return value
    raise click.BadParameter(f"{value[:80]!r} should be tcp://HOST:PORT, tls://HOST:PORT or local")


def _day(_ctx: click.Context, _param: click.Parameter, value: str | None) -> dt.date | None:
    """Read a date as lot.yaml writes it; ISO 8601 has others, such as 2026-W14-1."""
    if value is None:
        return None
    try:
        found = dt.date.fromisoformat(value if _DATE.fullmatch(value) else "")
    except ValueError:
        raise click.BadParameter(f"{value[:80]!r} is not a date like 2026-03-30") from None
    if not EARLIEST <= found.year <= LATEST:
        raise click.BadParameter(f"{value} is not in the years {EARLIEST} to {LATEST}")
    return found
