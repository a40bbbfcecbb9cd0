"""The report for a terminal: the verdict, then what needs attention, then a count of the rest."""

from __future__ import annotations

from collections.abc import Sequence

from qcvalidate.assessment import Assessment, Run, Scope, Verdict
from qcvalidate.reports._layout import columns_of, fit, lines_of, pad, wrap
from qcvalidate.reports._matters import (
    DISCLAIMER,
    DOCUMENT_SCOPE,
    NOTHING_SHOWN,
    SHORT,
    Matter,
    first_reason,
    matters,
    name_of,
    plural,
    said,
    says_more,
    specification_of,
    tally,
    verdict_of,
    verdicts,
)

MEDIA_TYPE = "text/plain"

# Below this, rule, value, limit and place do not fit side by side.
_WIDE = 120
_WIDEST = 200
_NARROWEST = 40

_COLOURS = {
    "FAIL": "1;31",
    "INVALID": "1;31",
    "PASS": "1;32",
    "CONDITIONAL": "1;33",
    "HOLD": "1;33",
    "INDETERMINATE": "33",
    "MISSING": "33",
    "PENDING": "36",
    "ALERT": "33",
    "WARNING": "33",
    "WAIVED": "33",
}


def render(run: Run, *, width: int = 80, colour: bool = False) -> str:
    """Render for a terminal of `width` columns, coloured when asked."""
    width = max(_NARROWEST, min(width, _WIDEST))
    closing = "\n".join(wrap(DISCLAIMER, width))
    if not run.assessments:
        return "\n".join(("HOLD: there is nothing to check, no lot was found", closing, ""))
    blocks = [_lot(assessment, width, colour) for assessment in run.assessments]
    if len(run.assessments) > 1:
        blocks.append(_closing(run, width, colour))
    return "\n\n".join("\n".join(block) for block in blocks) + f"\n{closing}\n"


def _lot(assessment: Assessment, width: int, colour: bool) -> list[str]:
    lines = _heading(assessment, width, colour)
    lines += [f"  {line}" for aside in _asides(assessment) for line in wrap(aside, width - 2)]
    found = matters(assessment)
    lines += _wide(found, width, colour) if width >= _WIDE else _narrow(found, width, colour)
    return lines + _count(assessment, found, width)


def _asides(assessment: Assessment) -> list[str]:
    """Say what the verdict's word alone does not."""
    asides = [DOCUMENT_SCOPE] if assessment.scope is Scope.DOCUMENT else []
    if assessment.verdict is Verdict.CONDITIONAL and assessment.due is not None:
        asides.append(f"nothing fails; the last result is due {assessment.due.isoformat()}")
    if first_reason(assessment) == NOTHING_SHOWN:
        asides.append(NOTHING_SHOWN)
    return asides


def _heading(assessment: Assessment, width: int, colour: bool) -> list[str]:
    """Lay out lot, title and specification with the verdict at the right edge."""
    verdict = verdict_of(assessment)
    about = [name_of(assessment), specification_of(assessment)]
    if assessment.specification is not None:
        about.insert(1, said(assessment.specification.title, SHORT))
    room = width - len(verdict) - 2
    beside = len(about)
    while beside > 1 and columns_of("  ".join(about[:beside])) > room:
        beside -= 1
    first, *more = ["  ".join(about[:beside])] if beside > 1 else wrap(about[0], room)
    more += [f"  {line}" for part in about[beside:] for line in wrap(part, width - 2)]
    return [pad(first, room) + "  " + _paint(verdict, assessment.verdict.value, colour), *more]


def _wide(found: Sequence[Matter], width: int, colour: bool) -> list[str]:
    """Lay each matter out on one line, its reason below it."""
    rows = [_cells(matter) for matter in found]
    fixed = fit([row[:2] for row in rows], width)
    indent = "    "
    widths = fit([row[2:] for row in rows], width - len(indent) - sum(fixed) - 4)
    lines = []
    for matter, row in zip(found, rows, strict=True):
        first, *more = lines_of(row, [*fixed, *widths], indent=indent)
        lines += [_marked(first, matter, colour), *more]
        reason_at = len(indent) + sum(fixed) + 4
        lines += _reason(matter, reason_at, width)
    return lines


def _cells(matter: Matter) -> list[str]:
    rule = f"{matter.code} {matter.slug}"
    return [matter.word, rule, matter.about, matter.limit, matter.place]


def _narrow(found: Sequence[Matter], width: int, colour: bool) -> list[str]:
    """Lay each matter out on a few lines: rule and place, value and limit, reason."""
    indent = max((len(matter.word) for matter in found), default=0) + 6
    lines = []
    for matter in found:
        heads = wrap(f"{matter.code} {matter.slug}", width - indent)
        first = "    " + pad(matter.word, indent - 4) + heads[0]
        lines += [_marked(first, matter, colour), *(" " * indent + head for head in heads[1:])]
        about = f"{matter.about}, wanted {matter.limit}" if matter.limit else matter.about
        place = f"in {matter.where}" if matter.where else ""
        for text in (about, place):
            lines += [" " * indent + line for line in wrap(text, width - indent) if line]
        lines += _reason(matter, indent, width)
    return lines


def _reason(matter: Matter, indent: int, width: int) -> list[str]:
    if not says_more(matter):
        return []
    return [" " * indent + line for line in wrap(matter.reason, width - indent)]


def _marked(line: str, matter: Matter, colour: bool) -> str:
    """Put the mark in front, and paint mark and word."""
    end = 4 + len(matter.word)
    painted = _paint(f"{matter.mark} {line[4:end]}", matter.word, colour)
    return "  " + painted + line[end:]


def _count(assessment: Assessment, found: Sequence[Matter], width: int) -> list[str]:
    documents = plural(len(assessment.inputs), "document", "documents")
    parts = [tally(assessment.results), f"{documents} in {said(assessment.path, SHORT)}"]
    if found:
        parts.append(f"qcvalidate explain {found[0].code}")
    line = "   ".join(parts)
    if columns_of(line) <= width - 2:
        return [f"  {line}"]
    return [f"  {line}" for part in parts for line in wrap(part, width - 2)]


def _closing(run: Run, width: int, colour: bool) -> list[str]:
    """Lay out one line a lot, and the run's own verdict."""
    rows = [[name_of(a), verdict_of(a), _closing_words(a)] for a in run.assessments]
    widths = fit([row[:2] for row in rows], max(24, width // 2))
    widths.append(max(12, width - sum(widths) - 4))
    lines = []
    for row in rows:
        first, *more = lines_of(row, widths)
        at = len(pad(wrap(row[0], widths[0])[0], widths[0])) + 2
        verdict = row[1].partition(" ")[0]
        word = _paint(verdict, verdict, colour)
        lines += [first[:at] + word + first[at + len(verdict) :], *more]
    verdict = run.verdict.value
    room = width - len(verdict) - 2
    first, *more = wrap(verdicts(run), room)
    return [*lines, pad(first, room) + "  " + _paint(verdict, verdict, colour), *more]


def _closing_words(assessment: Assessment) -> str:
    aside = "document scope only" if assessment.scope is Scope.DOCUMENT else ""
    reason = said(first_reason(assessment), 2 * SHORT)
    return "; ".join(words for words in (aside, reason) if words)


def _paint(text: str, word: str, colour: bool) -> str:
    code = _COLOURS.get(word)
    return f"\x1b[{code}m{text}\x1b[0m" if colour and code else text
