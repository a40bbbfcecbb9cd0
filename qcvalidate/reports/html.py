"""The report for QA staff: one self-contained HTML file without scripts that opens anywhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import replace

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from qcvalidate.assessment import Assessment, Evidence, Run, Scope
from qcvalidate.record import GatePlot
from qcvalidate.reports import _density
from qcvalidate.reports._matters import (
    DISCLAIMER,
    first_reason,
    matters,
    meaning,
    name_of,
    of_result,
    plural,
    said,
    says_more,
    tally,
    verdicts,
)

MEDIA_TYPE = "text/html"
DRAWS = True

# Every outcome, severity and verdict has a shape of its own, so that colour is never alone.
_SHAPES = {
    "PASS": "check",
    "FAIL": "cross",
    "INVALID": "cross",
    "HOLD": "pause",
    "MISSING": "pause",
    "INDETERMINATE": "pause",
    "CONDITIONAL": "clock",
    "PENDING": "clock",
    "ALERT": "warn",
    "WARNING": "warn",
    "WAIVED": "warn",
}


def render(run: Run, *, width: int = 80, colour: bool = False) -> str:  # noqa: ARG001
    """Render the whole run as one page; the same run gives the same bytes."""
    environment = _environment()
    # Ours, not a document's: it is neither escaped nor shortened, nor may it be.
    style = Markup(environment.get_template("report.css").render())  # noqa: S704
    lots = [name_of(assessment) for assessment in run.assessments]
    title = f"{run.verdict.value} {lots[0] if len(lots) == 1 else plural(len(lots), 'lot', 'lots')}"
    return environment.get_template("report.html").render(
        run=run,
        style=style,
        style_hash=_hash(style),
        title=title,
        many=len(run.assessments) > 1,
        disclaimer=DISCLAIMER,
        verdicts=verdicts(run),
    )


def _hash(style: str) -> str:
    """Give the style's hash as a Content-Security-Policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("qcvalidate.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # The one place that makes a document's text visible, so that no template can forget it.
        finalize=lambda value: said(value) if type(value) is str else value,
    )
    environment.globals.update(_functions(), density=_density)
    return environment


def _functions() -> dict[str, Callable[..., object]]:
    return {
        "draw": _draw,
        "evidence": _evidence,
        "first_reason": first_reason,
        "is_document": _is_document,
        "matters": matters,
        "meaning": meaning,
        "name_of": name_of,
        "of_result": of_result,
        "plural": plural,
        "says_more": says_more,
        "shape": _shape,
        "share": _share,
        "tally": tally,
    }


def _draw(plot: GatePlot) -> _density.Drawing:
    """Draw a plot; its numbers and base64 are ours, and longer than a document's text may be."""
    drawing = _density.draw(plot)
    return replace(
        drawing,
        image=Markup(drawing.image),  # noqa: S704
        histogram=Markup(drawing.histogram),  # noqa: S704
        outlines=tuple(Markup(points) for points in drawing.outlines),  # noqa: S704
    )


def _shape(word: str) -> str:
    return _SHAPES.get(word, "info")


def _is_document(assessment: Assessment) -> bool:
    return assessment.scope is Scope.DOCUMENT


def _evidence(evidence: Evidence) -> str:
    return str(evidence.place)


def _share(plot: GatePlot) -> str:
    """Say the gate's share of its parent; an empty parent has none."""
    if not plot.parent_count:
        return "not evaluable, its parent holds no events"
    return f"{100 * plot.count / plot.parent_count:.2f} %"
