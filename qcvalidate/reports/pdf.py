"""The report for QA staff on paper: PDF/A-2a and PDF/UA-1, by typst of the extra `pdf`."""

from __future__ import annotations

import math

from qcvalidate.assessment import Assessment, CriterionResult, Run, Scope
from qcvalidate.record import AcquisitionQuality, CellCount, GatePlot, Waiver
from qcvalidate.reports import _density
from qcvalidate.reports._acquisition import (
    acquisition_facts,
    change_of,
    count_words,
    objection_to,
    objections,
    percent,
)
from qcvalidate.reports._layout import shorten
from qcvalidate.reports._matters import (
    DISCLAIMER,
    Matter,
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
from qcvalidate.reports._templates import shape
from qcvalidate.reports._typeset import typeset
from qcvalidate.reports._unevaluated import NOTHING_LEFT_OUT, not_evaluated

MEDIA_TYPE = "application/pdf"
DRAWS = True
TEMPLATES = ("paper.typ", "report.typ")

_NOTHING = "Nothing. What no paper reports, and what does not apply, stands below as not evaluated."


def render(run: Run, *, width: int = 80, colour: bool = False) -> bytes:  # noqa: ARG001
    """Render the whole run as one file; the same run gives the same bytes."""
    lots = [_lot(run, assessment) for assessment in run.assessments]
    names = [name_of(assessment) for assessment in run.assessments]
    if not names:
        title = "HOLD: there is nothing to check"
    elif len(names) == 1:
        title = f"{verdict_of(run.assessments[0])} {names[0]}"
    else:
        title = f"{run.verdict.value} {plural(len(names), 'lot', 'lots')}"
    data = {
        "title": f"{title} - qcvalidate report",
        "as_of": run.as_of.isoformat(),
        "version": run.version,
        "disclaimer": DISCLAIMER,
        "verdicts": verdicts(run),
        "lots": lots,
    }
    return typeset(TEMPLATES, data, day=run.as_of)


def _lot(run: Run, assessment: Assessment) -> dict[str, object]:
    found = matters(assessment)
    known = assessment.specification
    document = assessment.scope is Scope.DOCUMENT
    documents = plural(len(assessment.inputs), "document", "documents")
    word = verdict_of(assessment)
    scope = "document scope" if document else ""
    aside = f" ({scope})" if scope else ""
    return {
        "running": f"Lot {shorten(name_of(assessment), 60)}: {word}{aside}",
        "name": name_of(assessment),
        "verdict": word,
        "shape": shape(assessment.verdict.value),
        "scope": scope,
        "product": known.title if known else "No specification was applied",
        "meaning": meaning(assessment),
        "first_reason": first_reason(assessment),
        "tally": f"{tally(assessment.results)}; {documents}",
        "matters": [_matter(matter) for matter in found],
        "nothing": first_reason(assessment) or _NOTHING,
        "criteria": [_criterion(result) for result in assessment.results],
        "findings": [
            {
                "word": matter.word,
                "shape": shape(matter.word),
                "rule": f"{matter.code} {matter.slug}",
                "what": matter.reason or matter.subject,
                "place": matter.place,
            }
            for matter in found
            if matter.finding
        ],
        "waivers": [_waiver(assessment, waiver) for waiver in assessment.waivers],
        "unevaluated": not_evaluated(assessment),
        "nothing_left_out": NOTHING_LEFT_OUT,
        "plots": [_plot(plot) for plot in assessment.plots],
        "acquisitions": [_acquisition(assessment, one) for one in assessment.acquisitions],
        "cell_counts": [_cell_count(one) for one in assessment.cell_counts],
        "facts": _facts(run, assessment),
        "inputs": [
            {
                "path": read.path,
                "kind": read.kind,
                "reader": read.reader,
                "sha256": read.sha256 or "unknown, not opened",
            }
            for read in assessment.inputs
        ],
        "signing": f"Lot {name_of(assessment)}, computed verdict {word}{aside}.",
    }


def _matter(matter: Matter) -> dict[str, object]:
    return {
        "word": matter.word,
        "shape": shape(matter.word),
        "subject": matter.subject,
        "rule": f"{matter.code} {matter.slug}",
        "observed": matter.observed,
        "limit": matter.limit,
        "why": matter.reason if matter.finding or says_more(matter) else "",
        "place": matter.where,
    }


def _criterion(result: CriterionResult) -> dict[str, object]:
    matter = of_result(result)
    importance = result.importance.value.replace("_", " ")
    return {
        "word": matter.word,
        "shape": shape(matter.word),
        "subject": matter.subject,
        "about": f"{result.id}, rule {matter.code}, {importance}",
        "observed": matter.observed or "no result",
        "limit": matter.limit or "-",
        "reference": result.reference,
        "reason": matter.reason or "-",
        "evidence": [
            f"{one.place}: “{one.text}”" if one.text else str(one.place) for one in result.evidence
        ],
    }


def _waiver(assessment: Assessment, waiver: Waiver) -> dict[str, object]:
    waived = [
        f"{one.title} ({one.original.value})"
        for one in assessment.results
        if one.waiver == waiver and one.original
    ]
    waived += [
        f"{one.message} ({one.original.value})"
        for one in assessment.findings
        if one.waiver == waiver and one.original
    ]
    return {
        "deviation": waiver.deviation,
        "what": "; ".join(waived),
        "reason": waiver.reason,
        "approver": waiver.approver,
        "days": f"approved {waiver.approved}, until {waiver.expires}",
    }


def _plot(plot: GatePlot) -> dict[str, object]:
    parent = plot.parent or "all events"
    axes = " and ".join(axis for axis in (plot.x_label, plot.y_label) if axis)
    single, empty = plot.counts.shape[0] == 1, not plot.counts.size
    drawing = _density.draw(plot)
    share = _density.share_words(plot.count, plot.parent_count, plot.interval)
    counted = f"{plot.count} of {plot.parent_count} events"
    return {
        "alt": f"Density of the events of {parent} on {axes}, and the gate {plot.population}: "
        f"{counted}, {share}",
        "picture": b"" if single or empty else _density.png(_density.coarse(plot.counts)),
        "steps": _steps(plot) if single and not empty else [],
        "outlines": [points for outline in plot.outlines if len(points := _points(outline)) > 1],
        "labels": [
            [float(one.x) / _density.SIDE, float(one.y) / _density.SIDE, one.anchor, one.text]
            for one in drawing.labels
        ],
        "x_ticks": [[at, text] for at, text in plot.x_ticks if text and 0 <= at <= 1],
        "y_ticks": [[at, text] for at, text in plot.y_ticks if text and 0 <= at <= 1],
        "x_label": drawing.x_label,
        "y_label": drawing.y_label,
        "population": plot.population,
        "parent": parent,
        "share": "" if plot.shares else share,
        "shares": [
            f"{one.name}: {one.count} events, "
            + _density.share_words(one.count, plot.parent_count, one.interval)
            for one in plot.shares
        ],
        "count": counted,
        "definition": plot.definition,
        "path": plot.path,
    }


def _points(outline: tuple[tuple[float, float], ...]) -> list[list[float]]:
    # An edge at infinity is drawn a little outside of the plot area, which cuts it off.
    return [
        [min(max(x, -9.0), 10.0), min(max(y, -9.0), 10.0)]
        for x, y in outline
        if not (math.isnan(x) or math.isnan(y))
    ]


def _steps(plot: GatePlot) -> list[list[float]]:
    """Give the outline of a histogram."""
    counts = [int(count) for count in plot.counts[0]]
    most, steps = max(counts) or 1, len(counts)
    points = [[0.0, 0.0]]
    for step, count in enumerate(counts):
        height = 0.95 * count / most
        points += [[step / steps, height], [(step + 1) / steps, height]]
    return [*points, [1.0, 0.0]]


def _acquisition(assessment: Assessment, one: AcquisitionQuality) -> dict[str, object]:
    told = objections(assessment, one)
    return {
        "path": one.path,
        "words": "; ".join(f"{name}: {value}" for name, value in acquisition_facts(one)) + ".",
        "objections": [
            {
                "word": matter.word,
                "shape": shape(matter.word),
                "reason": f"{matter.reason} ({matter.code} {matter.slug})",
            }
            for matter in told
        ],
        "detectors": [
            [
                f"{detector.name} ({detector.marker})" if detector.marker else detector.name,
                f"{objection_to(assessment, one, detector.name)} {change_of(detector)}".strip(),
                percent(detector.at_maximum_pct),
                percent(detector.at_minimum_pct),
            ]
            for detector in one.detectors
        ],
    }


def _cell_count(one: CellCount) -> dict[str, object]:
    counted = f"{one.cells} cells ({one.population})" if one.cells is not None else "-"
    if one.beads is not None:
        counted += f", {one.beads} beads ({one.bead_population})"
    return {
        "test": f"{one.test}: {one.method}; {one.path}",
        "value": f"HOLD, not counted: {one.refused}" if one.refused else count_words(one),
        "counted": "-" if one.refused else counted,
        "stated": "; ".join(one.stated) or "nothing",
    }


def _facts(run: Run, assessment: Assessment) -> list[tuple[str, str]]:
    known = assessment.specification
    facts = [("Specification", f"{known.id} {known.version}" if known else "none")]
    if known:
        facts.append(("SHA-256 of the specification", known.sha256))
        if known.extends:
            parent = known.extends
            facts.append(("Extends", f"{parent.id} {parent.version}, SHA-256 {parent.sha256}"))
    document = assessment.scope is Scope.DOCUMENT
    scope = "only what this document can answer" if document else "the whole specification"
    return [
        *facts,
        ("Scope", scope),
        ("Day of the check", (assessment.as_of or run.as_of).isoformat()),
        ("Tool", f"qcvalidate {run.version}"),
        ("Folder", assessment.path),
    ]
