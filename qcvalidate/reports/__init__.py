"""Renders a run in one format: pure functions of the assessments, one module per format.

A format is a public module of this package with `MEDIA_TYPE` and
`render(run, *, width, colour)`, which gives text or bytes; a new one needs its file and nothing
else. One that is a page or a PDF as its file's name ends has `render_pdf(run)` besides.
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

_PDF = "application/pdf"

__all__ = [
    "draws",
    "formats",
    "media_type",
    "refuse_unavailable",
    "render",
    "render_gating",
    "render_gating_text",
    "render_record",
    "render_record_text",
    "writes_pdf",
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
    pdf: bool = False,
) -> str | bytes:
    """Render the run; `width` in columns and `colour` are for formats that a terminal shows.

    A text may hold any character that a document holds except control, format and surrogate
    characters; where a stream cannot encode it, write with `errors="backslashreplace"`. `pdf`
    asks a format that has both for its PDF.
    """
    module = _module(format)
    rendered: str | bytes
    if pdf and hasattr(module, "render_pdf"):
        rendered = module.render_pdf(run)
    else:
        rendered = module.render(run, width=width, colour=colour)
    return rendered


def media_type(format: str) -> str:  # noqa: A002
    """Give the media type of a format."""
    kind: str = _module(format).MEDIA_TYPE
    return kind


def writes_pdf(format: str) -> bool:  # noqa: A002
    """Say whether a format is PDF, or can be where it is asked to."""
    module = _module(format)
    return module.MEDIA_TYPE == _PDF or hasattr(module, "render_pdf")


def refuse_unavailable(format: str, *, pdf: bool = False) -> None:  # noqa: A002
    """Refuse a format before any lot is checked where what writes it is not installed."""
    if pdf or media_type(format) == _PDF:
        from qcvalidate.reports._typeset import refuse_without_typst  # noqa: PLC0415

        refuse_without_typst()


def draws(format: str) -> bool:  # noqa: A002
    """Say whether a format shows the gating plots; where none does, nothing need be drawn."""
    return getattr(_module(format), "DRAWS", False) is True


def _module(name: str) -> ModuleType:
    if name not in formats():
        raise UsageError(f"no report format {name!r}; there are {', '.join(formats())}")
    return importlib.import_module(f"{__name__}.{name}")
