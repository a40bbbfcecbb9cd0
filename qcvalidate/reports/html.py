"""The report for QA staff: one self-contained HTML file without scripts that opens anywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from markupsafe import Markup

from qcvalidate.assessment import WORST_VERDICT_FIRST, Assessment, Evidence, Run, Scope
from qcvalidate.record import GatePlot
from qcvalidate.reports import _courses, _density
from qcvalidate.reports._acquisition import (
    acquisition_facts,
    change_of,
    count_words,
    objection_to,
    objections,
    percent,
)
from qcvalidate.reports._beside import COLUMNS, cells
from qcvalidate.reports._layout import shorten
from qcvalidate.reports._links import decisive_strip, links_of, quoted, strip, subject
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
from qcvalidate.reports._templates import environment, page_heads, style_hash
from qcvalidate.reports._templates import style as style_of
from qcvalidate.reports._unevaluated import NOTHING_LEFT_OUT, not_evaluated

MEDIA_TYPE = "text/html"
DRAWS = True

# As many letters of a lot's number fit beside the day at the head of a printed page.
_HEAD = 60


def render(run: Run, *, width: int = 80, colour: bool = False) -> str:  # noqa: ARG001
    """Render the whole run as one page; the same run gives the same bytes."""
    templates = environment(_functions())
    templates.globals["density"] = _density
    templates.globals["courses"] = _courses
    style = style_of(templates, "report.css") + _paper(run)
    lots = [name_of(assessment) for assessment in run.assessments]
    verdict = verdict_of(run.assessments[0]) if len(lots) == 1 else run.verdict.value
    title = f"{verdict} {lots[0] if len(lots) == 1 else plural(len(lots), 'lot', 'lots')}"
    return templates.get_template("report.html").render(
        run=run,
        style=style,
        style_hash=style_hash(style),
        title=title,
        many=len(run.assessments) > 1,
        # The worst first; each keeps its number, and so its place below.
        index=sorted(
            enumerate(run.assessments, start=1),
            key=lambda one: WORST_VERDICT_FIRST.index(one[1].verdict),
        ),
        disclaimer=DISCLAIMER,
        verdicts=verdicts(run),
    )


def _functions() -> dict[str, Callable[..., object]]:
    return {
        "acquisition_facts": acquisition_facts,
        "cells": cells,
        "change_of": change_of,
        "columns": lambda: COLUMNS,
        "count_words": count_words,
        "decisive_strip": decisive_strip,
        "draw": _draw,
        "evidence": _evidence,
        "first_reason": first_reason,
        "is_document": _is_document,
        "links_of": links_of,
        "matters": matters,
        "meaning": meaning,
        "name_of": name_of,
        "not_evaluated": not_evaluated,
        "nothing_left_out": lambda: NOTHING_LEFT_OUT,
        "objection_to": objection_to,
        "objections": objections,
        "of_result": of_result,
        "percent": percent,
        "plural": plural,
        "quoted": quoted,
        "says_more": says_more,
        "share": _density.share_words,
        "strip": strip,
        "subject": subject,
        "tally": tally,
        "verdict_of": verdict_of,
    }


def _paper(run: Run) -> Markup:
    """Name each printed page's lot at its head: a page must not be taken for another lot's."""
    day = f"qcvalidate {run.version}, as of {run.as_of}"
    heads = [f"Lot {shorten(name_of(one), _HEAD)}: {verdict_of(one)}" for one in run.assessments]
    whole = heads[0] if len(heads) == 1 else verdicts(run)
    return page_heads(whole, day, heads if len(heads) > 1 else ())


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
