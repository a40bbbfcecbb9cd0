"""Sets a sterility test that is declared invalid aside for its one repeat.

USP <71>, Ph. Eur. 2.6.1 and 21 CFR 610.12(f): a test may be invalid on one of four grounds alone,
and is repeated once. No growth in the repeat complies, growth in it does not, and a second invalid
test is no third chance. lot.yaml declares it and a person answers for that, also for the same
number of units; what papers can show is looked at here, and in doubt nothing is set aside.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from qcvalidate.assessment import CriterionResult
from qcvalidate.folding import key
from qcvalidate.frames import Observation, observations, rows
from qcvalidate.manifest import MANIFEST, Invalidated, Manifest
from qcvalidate.patterns import LazyPattern
from qcvalidate.record import Finding, Place, Record, Role, Severity, State, Status
from qcvalidate.specification import Specification
from qcvalidate.sufficiency import lacking
from qcvalidate.vocabulary import Vocabulary

TEST = "sterility"
GROUNDS = {
    "environment": "the monitoring of the facility shows a fault",
    "procedure": "a review of the procedure shows a fault",
    "controls": "growth in the negative controls",
    "organism": "the organism is ascribed without doubt to a fault of material or technique",
}
# Words by which a laboratory calls its test void, the whole of a result; what was not done or is
# not clear is not void, and "Invalid, growth" reads as void and tells of growth.
_VOID = LazyPattern(
    r"(?:the )?(?:(?:sterility )?(?:test|assay|result)|prufung|ergebnis|essai|ensayo|prueba|saggio"
    r"|prova|ensaio|teste|resultat|resultado|risultato)?(?: (?:is|was))? ?"
    r"(?:invalid|void|voided|invalidated|not valid|ungultig|nicht gultig|invalide"
    r"|non valid[eao]|non valable|invalid[oa]|no valid[oa]|nao valid[oa])(?: test)?"
    r"(?: (?:due to |because of )?(?:growth in (?:the )?negative controls?"
    r"|(?:the )?negative controls? (?:grew|positive|turbid|contaminated|showed growth)))?"
    r"(?: (?:(?:to|will|must) be (?:repeated|retested)|repeat required))?"
)
# What a conclusion says of the test besides that it is void, and means no more.
_TO_BE_REPEATED = LazyPattern(
    r"^the (?=test)|(?<=test) (?:is|was)(?= )"
    r"|[,;]? (?:and )?(?:(?:will|must|shall|is to|has to|to) be|was) repeated\.?$|\.$",
    re.IGNORECASE,
)
# "This is a repeat of the sterility test of report R-101, which was invalid."
_OF_A_REPEAT = LazyPattern(
    r"(?:(?:this|the|test|report|certificate|result|is|of|a|an|one) )*"
    r"(?:repeat(?:ed)?|retest|repetition|wiederholung|wiederholungsprufung)"
    r"(?: (?:test|testing|retest|of|the|an|a|sterility|report|number|no|which|was|were|is|invalid"
    r"|void|invalidated|first|initial|original|because|since|for|by|der|des|prufung|bericht"
    r"|berichts|ungultigen?))*"
)
_FINAL = (Status.FINAL, Status.AMENDED)


@dataclass(frozen=True)
class Repeated:
    """The observations that are left to judge, what is to be told, and which test was set aside."""

    observations: pd.DataFrame
    findings: tuple[Finding, ...] = ()
    entry: Invalidated | None = None


def with_repeats(
    observed: pd.DataFrame,
    specification: Specification,
    manifest: Manifest,
    read: Collection[str],
    as_of: dt.date,
) -> Repeated:
    """Set the invalid test that lot.yaml declares aside, or say why it stands.

    `observed` are the rows of this lot, `read` the papers that could be read at all.
    """
    if not manifest.invalidated:
        return Repeated(observed)
    if len(manifest.invalidated) > 1:
        why = "a test is repeated once, and lot.yaml declares more than one invalid test"
        return Repeated(observed, tuple(_refused(one, why) for one in manifest.invalidated))
    (entry,) = manifest.invalidated
    found = rows(observed)
    refused = _fault(entry, found, read, as_of) or _unfit_repeat(
        entry, found, specification, manifest
    )
    if refused is not None:
        return Repeated(observed, (_refused(entry, refused),))
    kept = observations(row for row in found if row.test != TEST or row.source != entry.file)
    message = f"{entry.file} is set aside: {_words(entry)}; {entry.repeat} is its one repeat"
    told = Finding("repeat-counted", Severity.INFORMATION, message, _place())
    return Repeated(kept, (told,), entry)


def results_told(
    results: Sequence[CriterionResult], entry: Invalidated | None
) -> tuple[CriterionResult, ...]:
    """Say in the reason of each result that rests on the repeat that it does, and why."""
    if entry is None:
        return tuple(results)
    repeat = entry.repeat

    def rests(result: CriterionResult) -> bool:
        # The first is what decided; an interim paper may have been worse than both.
        return TEST in result.tests and [one.place.path for one in result.evidence][:1] == [repeat]

    words = f"this is the one repeat, in {repeat}, of the test in {entry.file}: {_words(entry)}"
    return tuple(
        replace(one, reason=f"{one.reason}; {words}") if rests(one) else one for one in results
    )


def without_words(
    findings: Iterable[Finding],
    entry: Invalidated | None,
    records: Mapping[str, Record],
    words: Vocabulary,
) -> list[Finding]:
    """Let be that a void test's paper concludes so, and that its repeat's says what it is."""
    found = list(findings)
    if entry is None:
        return found
    void, again = records[entry.file], records[entry.repeat]
    number = void.stated("report_number")
    concluded = _void_conclusion(void, words)
    return [
        one
        for one in found
        if not (one.slug == "conclusion-conflict" and one.place == concluded)
        and not (one.place.path == again.source.path and _says_repeat(one, number))
    ]


def _void_conclusion(record: Record, words: Vocabulary) -> Place | None:
    """Give the place of a conclusion that says of the one test that it is void, and no more."""
    conclusion = record.header.get("conclusion")
    alone = all(row.test == TEST for row in rows(record.observations))
    if conclusion is None or not alone:
        return None
    said = _TO_BE_REPEATED.sub("", conclusion.text.strip())
    return conclusion.place if words.result(said, TEST).kind == "invalid" else None


def _says_repeat(finding: Finding, number: str | None) -> bool:
    """Say whether a sentence that was not understood is that this is the repeat of that report."""
    quoted = re.search(r"was not understood: “([^“”]+)”", finding.message)
    if finding.slug != "result-wording-unknown" or quoted is None:
        return False
    folded = f" {key(quoted[1])} "
    if number is not None:
        folded = folded.replace(f" {key(number)} ", " report ")
    return _OF_A_REPEAT.fullmatch(folded.strip()) is not None


def _place() -> Place:
    return Place(MANIFEST, region="invalidated")


def _words(entry: Invalidated) -> str:
    return (
        f"declared invalid because {GROUNDS[entry.ground]} (“{entry.reason}”; deviation "
        f"{entry.deviation}, {entry.approved_by}, {entry.approved_on})"
    )


def _refused(entry: Invalidated, why: str) -> Finding:
    message = f"the test in {entry.file} is not set aside for a repeat in {entry.repeat}: {why}"
    return Finding("repeat-refused", Severity.HOLD, message, _place())


def _fault(
    entry: Invalidated, found: Sequence[Observation], read: Collection[str], as_of: dt.date
) -> str | None:
    """Say why the declaration, or the test that it is of, does not allow a repeat."""
    if entry.file == entry.repeat:
        return "a test is no repeat of itself"
    for name in (entry.file, entry.repeat):
        if name not in read:
            return f"{name} was not read"
    if entry.approved_on > as_of:
        return f"it was approved on {entry.approved_on}, after {as_of}, the day of this check"
    first = _of(found, entry.file)
    if not first:
        return f"{entry.file} holds no result of sterility of this lot that counts"
    for row in first:
        why = _standing(row)
        if why is not None:
            return f"“{row.result}” in {Place(row.source, row.page, row.region)} {why}"
    if not any(row.reading == "invalid" for row in first):
        return (
            f"{entry.file} does not call its test invalid (“{first[0].result}”); ask the "
            "laboratory for a paper that does"
        )
    begun = _begun(first)
    if begun is None:
        return f"{entry.file} does not state when its test began"
    if entry.approved_on < begun:
        return f"it was approved on {entry.approved_on}, before the test began on {begun}"
    return None


def _standing(row: Observation) -> str | None:
    """Say why a result of the first test may not be set aside; None where it may."""
    if row.reading == "positive":
        return "reads as growth, which nobody may declare away here"
    if row.organism is not None:
        return f"names an organism ({row.organism})"
    if row.status not in _FINAL or row.reading == "pending":
        return "is not final"
    if row.state != State.CONFIRMED:
        return "was not read for certain"
    if row.reading == "invalid" and _VOID.fullmatch(key(row.result)) is None:
        return "does not say that the test was invalid; one that was not done is no invalid test"
    if row.reading not in ("invalid", "negative"):
        return "is not understood, and may speak of growth"
    return None


def _unfit_repeat(
    entry: Invalidated,
    found: Sequence[Observation],
    specification: Specification,
    manifest: Manifest,
) -> str | None:
    """Say why a repeat may not stand in the place of the first test."""
    first, again = _of(found, entry.file), _of(found, entry.repeat)
    if not again:
        return f"{entry.repeat} holds no result of sterility of this lot that counts"
    why = _unclear(again) or _untimely(first, again)
    if why is not None:
        return why
    needs = [one.needs for one in specification.criteria if TEST in one.tests]
    counted = Counter(row.part for row in again)
    asked = Counter(row.part for row in first) | Counter(p for one in needs for p in one.parts)
    for part, number in asked.items():
        if counted[part] < number:
            named = f"the {part} part" if part else "the test"
            return f"{entry.repeat} has {counted[part]} of {number} results of {named}"
    if any(row.reading == "positive" for row in again):
        # It does not comply, however long it took.
        return None
    short = (lacking(row, need, manifest) for row in again for need in needs)
    lack = next((one.reason for one in short if one is not None), None)
    if lack is not None:
        return f"the repeat in {entry.repeat} does not count: {lack}"
    begun = {row.started for row in again}
    for row in found:
        other = row.source not in (entry.file, entry.repeat) and row.test == TEST
        running = row.status == Status.PRELIMINARY or row.reading == "pending"
        if other and row.role == Role.SAMPLE and not running and row.started not in begun:
            return f"{row.source} holds one more sterility test, and a test is repeated only once"
    return None


def _unclear(again: Sequence[Observation]) -> str | None:
    for row in again:
        if row.reading == "invalid":
            return f"the repeat is “{row.result}” too, and there is no third test"
        if row.status not in _FINAL or row.reading == "pending":
            return f"“{row.result}” of the repeat is not final"
        if row.reading not in ("negative", "positive") or row.state != State.CONFIRMED:
            return f"“{row.result}” of the repeat was not read for certain"
    return None


def _untimely(first: Sequence[Observation], again: Sequence[Observation]) -> str | None:
    """A test that ran beside the first one is no repeat of it."""
    begun, over = _begun(first), max((row.ended for row in first if row.ended), default=None)
    for row in again:
        if row.started is None or row.ended is None:
            absent = "began" if row.started is None else "ended"
            return f"{row.source} does not state when its test {absent}"
        if begun is None or row.started <= begun:
            return f"the repeat began on {row.started}, not after the first test on {begun}"
        if over is not None and row.started < over:
            return f"the repeat began on {row.started}, before the first test ended on {over}"
    return None


def _begun(first: Sequence[Observation]) -> dt.date | None:
    return max((row.started for row in first if row.started), default=None)


def _of(found: Sequence[Observation], source: str) -> list[Observation]:
    return [
        row
        for row in found
        if row.source == source and row.test == TEST and row.role == Role.SAMPLE
    ]
