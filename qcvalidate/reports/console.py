"""The report for a terminal: the verdict, then what needs attention, then a count of the rest.

Notes, which decide nothing, take a line each; `verbose` gives all of them, each criterion with all
its places and its source, and the documents with their hashes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qcvalidate.assessment import Assessment, CriterionResult, Outcome, Run, Scope, Verdict
from qcvalidate.record import Severity
from qcvalidate.reports._layout import columns_of, fit, lines_of, pad, wrap
from qcvalidate.reports._matters import (
    DISCLAIMER,
    DOCUMENT_SCOPE,
    NOTHING_SHOWN,
    SHORT,
    WORDS,
    Matter,
    first_reason,
    matters,
    name_of,
    of_result,
    plural,
    said,
    says_more,
    specification_of,
    tally,
    verdict_of,
    verdicts,
)
from qcvalidate.runners import without_commands

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


# What readers know these by where a stream cannot take them; letters are never exchanged.
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("‘’‚", "'"),
        **dict.fromkeys("–—−‐‑", "-"),
        **dict.fromkeys("µμ", "u"),
        **{"≥": ">=", "≤": "<=", "×": "x", "±": "+/-", "…": "...", "→": "->", "·": "."},
        **{"°": "deg ", "²": "^2", "³": "^3", "\N{NO-BREAK SPACE}": " "},
    }
)
_NOTE = Severity.INFORMATION.value.upper()
_CUT = " ..."


@dataclass(frozen=True)
class Detail:
    """What a person asked for, and what their terminal can take.

    `quiet` leaves a line for each lot that does not simply pass, and the counts. `show` adds the
    criteria of these outcomes, which need no attention.
    """

    encoding: str = "utf-8"
    quiet: bool = False
    verbose: bool = False
    show: tuple[Outcome, ...] = ()


def render(run: Run, *, width: int = 80, colour: bool = False) -> str:
    """Render for a terminal of `width` columns, coloured when asked."""
    return render_detailed(run, Detail(), width=width, colour=colour)


def render_detailed(run: Run, detail: Detail, *, width: int, colour: bool) -> str:
    """Render as `render` does, with more or with less."""
    width = max(_NARROWEST, min(width, _WIDEST))
    sheet = _Sheet(width, colour, detail)
    closing = "\n".join(wrap(DISCLAIMER, width))
    if not run.assessments:
        return "\n".join(("HOLD: there is nothing to check, no lot was found", closing, ""))
    blocks = [] if detail.quiet else [_lot(assessment, sheet) for assessment in run.assessments]
    if detail.quiet or len(run.assessments) > 1:
        blocks.append(_closing(run, sheet))
    whole = "\n\n".join("\n".join(block) for block in blocks)
    return without_commands(f"{whole}\n{closing}\n")


@dataclass(frozen=True)
class _Sheet:
    """How wide the terminal is, what it can show, and how much is asked for."""

    width: int
    colour: bool
    detail: Detail

    def text(self, text: str) -> str:
        """Make a text one that the stream can take, and no command, before it is laid out."""
        text = without_commands(text)
        try:
            text.encode(self.detail.encoding)
        except UnicodeEncodeError:
            plain = text.translate(_PLAIN)
            return plain.encode(self.detail.encoding, "backslashreplace").decode(
                self.detail.encoding
            )
        return text

    def matter(self, matter: Matter) -> Matter:
        """Make all texts of a matter such texts."""
        return replace(
            matter,
            subject=self.text(matter.subject),
            observed=self.text(matter.observed),
            computed=self.text(matter.computed),
            limit=self.text(matter.limit),
            place=self.text(matter.place),
            reason=self.text(matter.reason),
        )

    def paint(self, text: str, word: str) -> str:
        code = _COLOURS.get(word)
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and code else text


def _lot(assessment: Assessment, sheet: _Sheet) -> list[str]:
    width = sheet.width
    lines = _heading(assessment, sheet)
    lines += [f"  {line}" for aside in _asides(assessment) for line in wrap(aside, width - 2)]
    found = [sheet.matter(matter) for matter in matters(assessment)]
    notes = [] if sheet.detail.verbose else [matter for matter in found if _is_note(matter)]
    told = [matter for matter in found if matter not in notes]
    met = [sheet.matter(of_result(result)) for result in _asked_for(assessment, sheet)]
    longest = max((len(matter.word) for matter in [*told, *notes, *met]), default=0)
    lines += _wide(told, longest, sheet) if width >= _WIDE else _narrow(told, longest, sheet)
    noted = [_note(matter, longest, width) for matter in notes]
    lines += (
        noted
        + _met(met, longest, sheet)
        + (_sources(assessment, sheet) if sheet.detail.verbose else [])
    )
    return lines + _count(assessment, found, any(map(_is_cut, noted)), sheet)


def _is_note(matter: Matter) -> bool:
    return matter.finding and matter.word == _NOTE


def _asked_for(assessment: Assessment, sheet: _Sheet) -> list[CriterionResult]:
    """Give the criteria that need no attention and are asked for, those that pass first."""
    every = (Outcome.PASS, Outcome.NOT_APPLICABLE)
    wanted = every if sheet.detail.verbose else sheet.detail.show
    return [r for outcome in wanted for r in assessment.results if r.outcome is outcome]


def _note(matter: Matter, longest: int, width: int) -> str:
    """Say in one line what decides nothing; its beginning, where it is longer."""
    line = pad(f"  {matter.mark} {matter.word}", longest + 6)
    words = f"{matter.code} {matter.slug}: {matter.reason}"
    words += f"; in {matter.where}" if matter.where else ""
    if columns_of(line + words) > width:
        words = wrap(words, width - columns_of(line) - len(_CUT))[0] + _CUT
    return line + words


def _met(found: Sequence[Matter], longest: int, sheet: _Sheet) -> list[str]:
    """Lay out what needs no attention, without the name of a rule that it does not break."""
    rows = [[pad(m.word, longest), m.about, m.limit, m.place] for m in found]
    if sheet.width < _WIDE:
        rows = [
            [
                pad(m.word, longest),
                f"{m.about}, wanted {m.limit}" + (f"; in {m.place}" * bool(m.place)),
            ]
            for m in found
        ]
    widths = fit(rows, sheet.width - 4)
    lines = []
    for matter, row in zip(found, rows, strict=True):
        first, *more = lines_of(row, widths, indent="    ")
        lines += [_marked(first, matter, sheet), *more]
        if matter.word == WORDS[Outcome.NOT_APPLICABLE]:
            # Of what was not judged, the reason is all that there is to tell.
            lines += _reason(matter, longest + 6, sheet.width)
    return lines


def _is_cut(note: str) -> bool:
    return note.endswith(_CUT)


def _sources(assessment: Assessment, sheet: _Sheet) -> list[str]:
    """List the sources of the limits and the documents, which `verbose` asks for."""
    lines = ["  limits and their sources:"] if assessment.results else []
    for result in assessment.results:
        named = dict.fromkeys(said(str(evidence.place), SHORT) for evidence in result.evidence)
        words = f"{result.id}: {result.limit}; {result.reference}"
        words += f"; in {', '.join(named)}" if named else ""
        lines += _hung(sheet.text(said(words)), sheet.width)
    lines += ["  documents:"] if assessment.inputs else []
    for source in assessment.inputs:
        words = f"{source.path} ({source.kind}, {source.reader}) SHA-256 {source.sha256}"
        lines += _hung(sheet.text(said(words)), sheet.width)
    return lines


def _hung(text: str, width: int) -> list[str]:
    first, *more = wrap(text, width - 6)
    return [f"    {first}", *(f"      {line}" for line in more)]


def _asides(assessment: Assessment) -> list[str]:
    """Say what the verdict's word alone does not."""
    asides = [DOCUMENT_SCOPE] if assessment.scope is Scope.DOCUMENT else []
    if assessment.verdict is Verdict.CONDITIONAL and assessment.due is not None:
        asides.append(f"nothing fails; the last result is due {assessment.due.isoformat()}")
    if first_reason(assessment) == NOTHING_SHOWN:
        asides.append(NOTHING_SHOWN)
    return asides


def _heading(assessment: Assessment, sheet: _Sheet) -> list[str]:
    """Lay out lot, title and specification with the verdict at the right edge."""
    width, verdict = sheet.width, verdict_of(assessment)
    about = [name_of(assessment), specification_of(assessment)]
    if assessment.specification is not None:
        about.insert(1, said(assessment.specification.title, SHORT))
    about = [sheet.text(part) for part in about]
    room = width - len(verdict) - 2
    beside = len(about)
    while beside > 1 and columns_of("  ".join(about[:beside])) > room:
        beside -= 1
    first, *more = ["  ".join(about[:beside])] if beside > 1 else wrap(about[0], room)
    more += [f"  {line}" for part in about[beside:] for line in wrap(part, width - 2)]
    return [pad(first, room) + "  " + sheet.paint(verdict, assessment.verdict.value), *more]


def _wide(found: Sequence[Matter], longest: int, sheet: _Sheet) -> list[str]:
    """Lay each matter out on one line, its reason below it."""
    rows, width = [_cells(matter, longest) for matter in found], sheet.width
    fixed = fit([row[:2] for row in rows], width)
    indent = "    "
    widths = fit([row[2:] for row in rows], width - len(indent) - sum(fixed) - 4)
    lines = []
    for matter, row in zip(found, rows, strict=True):
        first, *more = lines_of(row, [*fixed, *widths], indent=indent)
        lines += [_marked(first, matter, sheet), *more]
        reason_at = len(indent) + sum(fixed) + 4
        lines += _reason(matter, reason_at, width)
    return lines


def _cells(matter: Matter, longest: int) -> list[str]:
    rule = f"{matter.code} {matter.slug}"
    return [pad(matter.word, longest), rule, matter.about, matter.limit, matter.place]


def _narrow(found: Sequence[Matter], longest: int, sheet: _Sheet) -> list[str]:
    """Lay each matter out on a few lines: rule and place, value and limit, reason."""
    width = sheet.width
    indent = longest + 6
    lines = []
    for matter in found:
        heads = wrap(f"{matter.code} {matter.slug}", width - indent)
        first = "    " + pad(matter.word, indent - 4) + heads[0]
        lines += [_marked(first, matter, sheet), *(" " * indent + head for head in heads[1:])]
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


def _marked(line: str, matter: Matter, sheet: _Sheet) -> str:
    """Put the mark in front, and paint mark and word."""
    end = 4 + len(matter.word)
    painted = sheet.paint(f"{matter.mark} {line[4:end]}", matter.word)
    return "  " + painted + line[end:]


def _count(assessment: Assessment, found: Sequence[Matter], cut: bool, sheet: _Sheet) -> list[str]:
    documents = plural(len(assessment.inputs), "document", "documents")
    path = sheet.text(said(assessment.path, SHORT))
    parts = [tally(assessment.results), f"{documents} in {path}"]
    if found:
        parts.append(f"qcvalidate explain {found[0].code}")
    if cut:
        parts.append("--verbose tells all of the notes")
    line = "   ".join(parts)
    if columns_of(line) <= sheet.width - 2:
        return [f"  {line}"]
    return [f"  {line}" for part in parts for line in wrap(part, sheet.width - 2)]


def _closing(run: Run, sheet: _Sheet) -> list[str]:
    """Lay out one line a lot, and the run's own verdict."""
    width = sheet.width
    rows = [
        [sheet.text(name_of(a)), verdict_of(a), sheet.text(_closing_words(a))]
        for a in run.assessments
        if not sheet.detail.quiet
        or verdict_of(a) != Verdict.PASS.value
        or a.scope is Scope.DOCUMENT
    ]
    widths = fit([row[:2] for row in rows], max(24, width // 2))
    widths.append(max(12, width - sum(widths) - 4))
    lines = []
    for row in rows:
        first, *more = lines_of(row, widths)
        at = len(pad(wrap(row[0], widths[0])[0], widths[0])) + 2
        verdict = row[1].partition(" ")[0]
        word = sheet.paint(verdict, verdict)
        lines += [first[:at] + word + first[at + len(verdict) :], *more]
    verdict = run.verdict.value
    room = width - len(verdict) - 2
    first, *more = wrap(verdicts(run), room)
    return [*lines, pad(first, room) + "  " + sheet.paint(verdict, verdict), *more]


def _closing_words(assessment: Assessment) -> str:
    aside = "document scope only" if assessment.scope is Scope.DOCUMENT else ""
    reason = said(first_reason(assessment), 2 * SHORT)
    return "; ".join(words for words in (aside, reason) if words)
