"""Renders a run in one format: pure functions of the assessments, one module per format.

A format is a public module of this package with `MEDIA_TYPE` and
`render(run, *, width, colour)`, which gives text or bytes; a new one needs its file and nothing
else. One that writes another type of file where the file's name ends so (`_filetypes`) has a
`render_pdf(run)` or `render_parquet(run)` besides.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING

from qcvalidate.errors import UsageError
from qcvalidate.reports._contracts import render_gating, render_record
from qcvalidate.reports._filetypes import FILE_TYPES, FileType
from qcvalidate.reports._reading import render_gating_text, render_record_text

if TYPE_CHECKING:
    from qcvalidate.assessment import Run

__all__ = [
    "FILE_TYPES",
    "draws",
    "formats",
    "media_type",
    "refuse_suffix",
    "refuse_unavailable",
    "render",
    "render_gating",
    "render_gating_text",
    "render_record",
    "render_record_text",
    "suffixes",
]


def formats() -> tuple[str, ...]:
    """List the formats by name without importing them."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return tuple(sorted(name for name in names if not name.startswith("_")))


def render(
    format: str,  # noqa: A002
    run: Run,
    *,
    width: int = 80,
    colour: bool = False,
    suffix: str = "",
) -> str | bytes:
    """Render the run; `width` in columns and `colour` are for formats that a terminal shows.

    A text may hold any character that a document holds except control, format and surrogate
    characters; where a stream cannot encode it, write with `errors="backslashreplace"`. `suffix`
    is how the name of the file ends that it is written to, such as `.pdf`, which may ask for
    another type of file.
    """
    module = _module(format)
    kind = FILE_TYPES.get(suffix.lower())
    other = _renderer(module, kind) if kind else None
    rendered: str | bytes
    rendered = other(run) if other else module.render(run, width=width, colour=colour)
    return rendered


def media_type(format: str) -> str:  # noqa: A002
    """Give the media type of a format."""
    kind: str = _module(format).MEDIA_TYPE
    return kind


def refuse_suffix(format: str, suffix: str) -> None:  # noqa: A002
    """Refuse the ending of a type of file that the format does not write."""
    kind = FILE_TYPES.get(suffix.lower())
    if kind is None or _writes(format, kind):
        return
    able = [name for name in formats() if _writes(name, kind)]
    raise UsageError(
        f"{format!r} writes no {kind.name}; choose another ending than {suffix}, or a format that "
        f"does: {', '.join(able)}"
    )


def suffixes(format: str) -> tuple[str, ...]:  # noqa: A002
    """List the endings by which a format's file may be of another type."""
    module = _module(format)
    return tuple(kind.suffix for kind in FILE_TYPES.values() if _renderer(module, kind))


def refuse_unavailable(format: str, suffix: str = "") -> None:  # noqa: A002
    """Refuse a format before any lot is checked where what writes it is not installed."""
    for kind in FILE_TYPES.values():
        if kind.suffix == suffix.lower() or kind.media_type == media_type(format):
            kind.refuse_absent()


def draws(format: str) -> bool:  # noqa: A002
    """Say whether a format shows the gating plots; where none does, nothing need be drawn."""
    return getattr(_module(format), "DRAWS", False) is True


def _module(name: str) -> ModuleType:
    if name not in formats():
        raise UsageError(f"no report format {name!r}; there are {', '.join(formats())}")
    return importlib.import_module(f"{__name__}.{name}")


def _writes(name: str, kind: FileType) -> bool:
    module = _module(name)
    return kind.media_type == module.MEDIA_TYPE or _renderer(module, kind) is not None


def _renderer(module: ModuleType, kind: FileType) -> Callable[[Run], bytes] | None:
    return getattr(module, f"render_{kind.word}", None)
