"""Renders a run in one format: pure functions of the assessments, one module per format.

A format is a public module of this package with `MEDIA_TYPE` and
`render(run, *, width, colour)`; a new one needs its file and nothing else.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import TYPE_CHECKING

from qcvalidate.errors import UsageError
from qcvalidate.reports._contracts import render_gating, render_record
from qcvalidate.reports._reading import render_gating_text, render_record_text

if TYPE_CHECKING:
    from qcvalidate.assessment import Run

__all__ = [
    "draws",
    "formats",
    "media_type",
    "render",
    "render_gating",
    "render_gating_text",
    "render_record",
    "render_record_text",
]


def formats() -> tuple[str, ...]:
    """List the formats by name without importing them."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return tuple(sorted(name for name in names if not name.startswith("_")))


def render(format: str, run: Run, *, width: int = 80, colour: bool = False) -> str:  # noqa: A002
    """Render the run; `width` in columns and `colour` are for formats that a terminal shows.

    The text may hold any character that a document holds except control, format and surrogate
    characters; where a stream cannot encode it, write with `errors="backslashreplace"`.
    """
    text: str = _module(format).render(run, width=width, colour=colour)
    return text


def media_type(format: str) -> str:  # noqa: A002
    """Give the media type of a format."""
    kind: str = _module(format).MEDIA_TYPE
    return kind


def draws(format: str) -> bool:  # noqa: A002
    """Say whether a format shows the gating plots; where none does, nothing need be drawn."""
    return getattr(_module(format), "DRAWS", False) is True


def _module(name: str) -> ModuleType:
    if name not in formats():
        raise UsageError(f"no report format {name!r}; there are {', '.join(formats())}")
    return importlib.import_module(f"{__name__}.{name}")
