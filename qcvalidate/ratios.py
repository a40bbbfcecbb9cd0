"""Reads a ratio that an assay reports beside its words, or in place of them: MycoAlert's B/A.

The bands of a test stand in the vocabulary. What lies between them settles nothing, and a ratio
that says another thing than the words beside it leaves neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from qcvalidate.patterns import LazyPattern
from qcvalidate.record import Finding, Record, Severity

if TYPE_CHECKING:
    from qcvalidate.frames import Observation

_KIND = r"(?:ratio|quotient|verhältnis|cociente|rapporto|razão)"
_NAMED = (
    rf"(?:(?:mycoalert|mycoplasma|luminescence|reading|result) )?(?:\(?b ?/ ?a\)? )?{_KIND}"
    r"(?: \(?b ?/ ?a\)?)?"
)
_NUMBER = r"(?P<sign>[<>≤≥] ?)?(?P<number>[0-9]{1,4}(?:[.,][0-9]{1,4})?)(?![0-9.,]*[0-9%])"
_BESIDE = LazyPattern(rf"[(,;]?\s*{_NAMED} ?[:=]? ?{_NUMBER}\s*\)?", re.IGNORECASE)
# A whole number may be a code.
_ALONE = LazyPattern(
    r"(?P<sign>[<>≤≥] ?)?(?P<number>[0-9]{1,3}[.,][0-9]{1,4})(?=\s*(?:[(,;]|$))", re.IGNORECASE
)
# A name under which a bare number is such a ratio.
_REPORTS_RATIO = LazyPattern(rf"\b{_KIND}\b|mycoalert", re.IGNORECASE)
# On a page: the sample's, and no limit's or control's.
_ON_PAGE = LazyPattern(rf"(?P<before>.{{0,30}}?)\b{_NAMED} ?[:=]? ?{_NUMBER}", re.IGNORECASE)
_NOT_THE_SAMPLES = LazyPattern(
    r"limit|accept|criteri|cut|threshold|control|kontroll|specification|260|280|signal",
    re.IGNORECASE,
)
_BY_LIGHT = LazyPattern(r"mycoalert|luminescen|biolumin", re.IGNORECASE)


@dataclass(frozen=True)
class Bands:
    """Below the one a ratio is negative, above the other positive; between them it is neither."""

    negative_below: Decimal
    positive_above: Decimal

    def __str__(self) -> str:
        """Say the bands in words."""
        return (
            f"below {self.negative_below} is negative, above {self.positive_above} positive, and "
            "what lies between is tested again"
        )


@dataclass(frozen=True)
class Ratio:
    """A ratio as printed, and the words around it."""

    sign: str
    value: Decimal
    words: str

    def kind(self, bands: Bands) -> str | None:
        """Say on which side of the bands it lies; None where between them, or not for certain."""
        below = self.sign in ("<", "≤")
        above = self.sign in (">", "≥")
        low, high = bands.negative_below, bands.positive_above
        if not above and (self.value < low or (self.sign == "<" and self.value == low)):
            return "negative"
        if not below and (self.value > high or (self.sign == ">" and self.value == high)):
            return "positive"
        return None


@dataclass(frozen=True)
class Told:
    """What a result with a ratio says: its reading, or why it has none, as a rule's `slug`."""

    kind: str
    slug: str | None = None
    reason: str = ""


def headed_ratio(heading: str) -> bool:
    """Say whether results under this heading, or by this method, are ratios when they are numbers.

    >>> headed_ratio("MycoAlert"), headed_ratio("B/A ratio"), headed_ratio("Mycoplasma PCR")
    (True, True, False)
    """
    return _REPORTS_RATIO.search(heading) is not None


def is_ratio_alone(heading: str) -> bool:
    """Say whether a heading names a ratio and no more than whose it is.

    >>> [is_ratio_alone(text) for text in ("B/A ratio", "MycoAlert ratio", "Ratio CD4/CD8")]
    [True, True, False]
    """
    return re.fullmatch(_NAMED, " ".join(heading.split()), re.IGNORECASE) is not None


def told_by(
    text: str, heading: str, bands: Bands | None, kind_of: Callable[[str], str]
) -> Told | None:
    """Read a result that holds a ratio; None where it holds none. `kind_of` reads its words."""
    found = _ratio_in(text, bare=headed_ratio(heading)) if bands is not None else None
    if found is None or bands is None:
        return None
    by_ratio = found.kind(bands)
    by_words = kind_of(found.words) if found.words else by_ratio
    shown = f"{found.sign} {found.value}".strip()
    if by_words not in ("negative", "positive", None):
        return None
    if by_ratio is None:
        reason = f"the ratio {shown} settles nothing ({bands}): quarantine, and test it again"
        return Told("unknown", "ratio-borderline", reason)
    if by_words != by_ratio:
        reason = f"says {by_words} beside the ratio {shown}, which is {by_ratio} ({bands})"
        return Told("unknown", "ratio-contradicts-words", reason)
    return Told(by_ratio)


def ratio_findings(
    record: Record, own: Sequence[Observation], text: str, bands: Mapping[str, Bands]
) -> Iterator[Finding]:
    """Hold the words of a paper against a ratio that stands elsewhere on its pages.

    `bands` are those of the tests that have some. A page counts where light was measured: others
    print ratios of absorbances.
    """
    words = [row for row in own if row.test in bands and row.reading in ("negative", "positive")]
    # A message has no pages, and states the ratio in the method.
    text = " | ".join([text, *dict.fromkeys(row.method for row in words if row.method)])
    if not words or not _BY_LIGHT.search(text):
        return
    for match in _ON_PAGE.finditer(text):
        if match["sign"] or _NOT_THE_SAMPLES.search(match["before"]):
            continue
        found = _ratio(match, "")
        for row in words:
            kind = found.kind(bands[row.test])
            if kind == row.reading:
                continue
            slug = "ratio-borderline" if kind is None else "ratio-contradicts-words"
            message = (
                f"{record.source.path} states the ratio {found.value} beside “{row.result}” "
                f"({bands[row.test]}): ask the laboratory"
            )
            yield record.finding(slug, Severity.HOLD, message)


def _ratio_in(text: str, *, bare: bool) -> Ratio | None:
    match = _BESIDE.search(text) or (_ALONE.match(text.strip()) if bare else None)
    if match is None:
        return None
    rest = match.string[: match.start()] + " " + match.string[match.end() :]
    return _ratio(match, rest.strip(" ,;()"))


def _ratio(match: re.Match[str], words: str) -> Ratio:
    number = Decimal(match["number"].replace(",", "."))
    return Ratio((match["sign"] or "").strip(), number, words)
