"""The report for QA staff: one self-contained HTML file without scripts that opens anywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from markupsafe import Markup

from qcvalidate.assessment import Assessment, Evidence, Run, Scope
from qcvalidate.record import GatePlot
from qcvalidate.reports import _density
from qcvalidate.reports._acquisition import (
    acquisition_facts,
    change_of,
    count_words,
    objection_to,
    objections,
    percent,
)
from qcvalidate.reports._matters import (
    DISCLAIMER,
    first_reason,
    matters,
    meaning,
    name_of,
    of_result,
    plural,
    says_more,
    tally,
    verdict_of,
    verdicts,
)
from qcvalidate.reports._templates import environment, style_hash
from qcvalidate.reports._templates import style as style_of

MEDIA_TYPE = "text/html"
DRAWS = True


def render(run: Run, *, width: int = 80, colour: bool = False) -> str:  # noqa: ARG001
    """Render the whole run as one page; the same run gives the same bytes."""
    templates = environment(_functions())
    templates.globals["density"] = _density
    style = style_of(templates, "report.css")
    lots = [name_of(assessment) for assessment in run.assessments]
    verdict = verdict_of(run.assessments[0]) if len(lots) == 1 else run.verdict.value
    title = f"{verdict} {lots[0] if len(lots) == 1 else plural(len(lots), 'lot', 'lots')}"
    return templates.get_template("report.html").render(
        run=run,
        style=style,
        style_hash=style_hash(style),
        title=title,
        many=len(run.assessments) > 1,
        disclaimer=DISCLAIMER,
        verdicts=verdicts(run),
    )


def _functions() -> dict[str, Callable[..., object]]:
    return {
        "acquisition_facts": acquisition_facts,
        "change_of": change_of,
        "count_words": count_words,
        "draw": _draw,
        "evidence": _evidence,
        "first_reason": first_reason,
        "is_document": _is_document,
        "matters": matters,
        "meaning": meaning,
        "name_of": name_of,
        "objection_to": objection_to,
        "objections": objections,
        "of_result": of_result,
        "percent": percent,
        "plural": plural,
        "says_more": says_more,
        "share": _density.share_words,
        "tally": tally,
        "verdict_of": verdict_of,
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


def _is_document(assessment: Assessment) -> bool:
    return assessment.scope is Scope.DOCUMENT


def _evidence(evidence: Evidence) -> str:
    return str(evidence.place)
