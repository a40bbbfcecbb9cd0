"""The options of the commands that remember what they judged."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from qcvalidate.cli import _completion, _terminal
from qcvalidate.errors import UsageError
from qcvalidate.manifest import MANIFEST
from qcvalidate.reports._layout import visible

if TYPE_CHECKING:
    from qcvalidate.cache import Cache

_Command = TypeVar("_Command", bound=Callable[..., object])
_BYTES = 1_000_000


def cache_options(command: _Command) -> _Command:
    """Give a command the options `--cache` and `--cache-size`."""
    size = click.option(
        "--cache-size",
        metavar="MB",
        envvar="QCVALIDATE_CACHE_SIZE",
        show_envvar=True,
        type=click.IntRange(min=1),
        default=1000,
        show_default=True,
        help="How large the cache may grow; what was not asked for the longest goes first.",
    )
    folder = click.option(
        "--cache",
        metavar="DIR",
        envvar="QCVALIDATE_CACHE",
        show_envvar=True,
        callback=_terminal.checked_path,
        shell_complete=_completion.folders,
        help="Remember in this folder what was judged; a lot is judged anew when anything changed.",
    )
    return folder(size(command))


def opened(folder: Path | None, size: int, asked: Iterable[Path]) -> Cache | None:
    """Open the cache, if one is asked for; `UsageError` where it lies among what is checked."""
    if folder is None:
        return None
    from qcvalidate.cache import open_cache  # noqa: PLC0415 - pandas

    place = Path(os.path.realpath(folder))
    within = [path for path in asked if place.is_relative_to(os.path.realpath(path))]
    within += [above for above in (place, *place.parents) if os.path.lexists(above / MANIFEST)]
    if within:
        raise UsageError(
            f"{folder}: the cache lies within {within[0]}, which is checked or a lot, and whoever "
            "brings papers could write verdicts into it; name a folder beside the lots"
        )
    return open_cache(folder, lambda told: _terminal.tell(visible(told)), size * _BYTES)
