"""The report for QA staff on paper: PDF/A-2a and PDF/UA-1, by typst of the extra `pdf`."""

from __future__ import annotations

import math

from qcvalidate.assessment import Assessment, CriterionResult, Outcome, Run, Scope
from qcvalidate.cytometry.proportions import clopper_pearson
from qcvalidate.record import AcquisitionQuality, GatePlot, Waiver
from qcvalidate.reports._acquisition import change_of, percent
from qcvalidate.reports._density import png
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

MEDIA_TYPE = "application/pdf"
DRAWS = True
TEMPLATES = ("paper.typ", "report.typ")

# Outcomes that say that a criterion was not held against a result.
_UNEVALUATED = (Outcome.NOT_APPLICABLE, Outcome.MISSING, Outcome.PENDING, Outcome.INDETERMINATE)
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
        "unevaluated": _unevaluated(assessment),
        "plots": [_plot(plot) for plot in assessment.plots],
        "acquisitions": [_acquisition(one) for one in assessment.acquisitions],
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


def _unevaluated(assessment: Assessment) -> list[str]:
    """List what no outcome rests on: criteria without one, files not read, lost measures."""
    told = [
        f"{of_result(one).word}: {one.title}{f'; {one.reason}' if one.reason else ''}"
        for one in assessment.results
        if one.outcome in _UNEVALUATED
    ]
    told += [f"not opened: {one.path}" for one in assessment.inputs if not one.sha256]
    told += [one.message for one in assessment.findings if one.slug == "file-ignored"]
    told += [
        f"{one.path}: {what}; {why}"
        for one in assessment.acquisitions
        for what, why in one.not_evaluated.items()
    ]
    return told


def _plot(plot: GatePlot) -> dict[str, object]:
    parent = plot.parent or "all events"
    axes = " and ".join(axis for axis in (plot.x_label, plot.y_label) if axis)
    single = plot.counts.shape[0] == 1
    empty = not plot.counts.size
    return {
        "alt": f"Density of the events of {parent} on {axes}, and the gate {plot.population}: "
        f"{plot.count} of {plot.parent_count} events, {_share(plot)}",
        "picture": b"" if single or empty else png(plot.counts),
        "steps": _steps(plot) if single and not empty else [],
        "outlines": [points for outline in plot.outlines if len(points := _points(outline)) > 1],
        "x_ticks": [[at, text] for at, text in plot.x_ticks if 0 <= at <= 1],
        "y_ticks": [[at, text] for at, text in plot.y_ticks if 0 <= at <= 1],
        "x_label": plot.x_label,
        "y_label": plot.y_label,
        "population": plot.population,
        "parent": parent,
        "share": _share(plot),
        "count": f"{plot.count} of {plot.parent_count} events",
        "path": plot.path,
    }


def _share(plot: GatePlot) -> str:
    """Say the gate's share of its parent with its interval; an empty parent has none."""
    if not plot.parent_count:
        return "not evaluable, its parent holds no events"
    low, high = clopper_pearson(plot.count, plot.parent_count)
    share = 100 * plot.count / plot.parent_count
    return f"{share:.2f} % ({100 * low:.2f} to {100 * high:.2f} %)"


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


def _acquisition(one: AcquisitionQuality) -> dict[str, object]:
    instrument = " ".join(text for text in (one.instrument, one.serial) if text)
    took = f" in {one.duration:.4g} s" if one.duration is not None else ""
    words = [
        f"{one.events:,} events{took}",
        f"on {instrument}" if instrument else "on an instrument that is not stated",
        f"on {one.acquired}" if one.acquired is not None else "on a day that is not stated",
        f"largest deviation of the flow rate {percent(one.rate_deviation_pct)}",
        f"time without events {percent(one.gaps_pct)}",
        f"doublets {percent(one.doublets_pct)}",
        f"debris {percent(one.debris_pct)}",
    ]
    return {
        "path": one.path,
        "words": ", ".join(words) + ".",
        "detectors": [
            [
                f"{detector.name} ({detector.marker})" if detector.marker else detector.name,
                change_of(detector),
                percent(detector.at_maximum_pct),
                percent(detector.at_minimum_pct),
            ]
            for detector in one.detectors
        ],
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
