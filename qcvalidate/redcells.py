"""Reads whether a count of nucleated cells holds the nucleated red ones (nRBC), or leaves them out.

“TNC” is defined both ways: cord banks usually include them, some devices subtract them, and a white
count is corrected for them as WBC x 100 / (100 + nRBC per 100 WBC). A specification may declare
which it means; a paper that says the other has counted something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from qcvalidate.folding import key
from qcvalidate.frames import Observation, observations, rows
from qcvalidate.patterns import LazyPattern
from qcvalidate.record import Finding, Place, Record, Role, Severity
from qcvalidate.specification import Specification

TESTS = ("total_nucleated_cells", "nucleated_cell_concentration")
_RED = (
    r"(?:the |any |die |der |des |les |los |gli |os )?(?:n ?rbcs?"
    r"|nucleated (?:red (?:blood )?cells?|rbcs?|erythrocytes)"
    r"|normoblast(?:s|en|es|os|i)?|erythroblast(?:s|en|es)?"
    r"|eritroblast(?:os|i)|kernhaltigen? (?:erythrozyten|roten? blutkorperchen)"
    r"|globules rouges nuclees|eritrociti nucleati)"
)
_ARE = r"(?: (?:are|is|were|was|have been|has been|wurden|sont|ont ete))?"
# What every phrase below has, red cells or a count of white ones.
_NAMED = r"rbc|nucleat|blast|kernhalt|nuclee|wbc|tnc|leu[ck]oc|white"
_COUNT = r"(?:wbcs?|tnc|nucleated cells?|leu[ck]ocytes?|white)"
# Folded; what is found by the first is taken out before the second looks.
_INCLUDED = LazyPattern(
    rf"\bnot (?:been )?(?:corrected|adjusted) for {_RED}"
    rf"|\bnot {_RED} corrected"
    rf"|\buncorrected (?:for {_RED}|{_COUNT})|\b{_COUNT}(?: count)? (?:un|not )corrected\b"
    rf"|\b{_RED}{_ARE} (?:not (?:excluded|subtracted|deducted|corrected)|included|inclus(?:es|i)?"
    r"|incluid[oa]s|eingeschlossen|enthalten|mitgezahlt|nicht (?:abgezogen|korrigiert))\b"
    r"|(?<!not )(?<!nicht )\b(?:including|includes?|incl|inclusive of|inkl|inklusive"
    rf"|einschliesslich|y compris|incluyendo|inclusi|compresi|incluindo) {_RED}\b",
    needs=_NAMED,
)
_EXCLUDED = LazyPattern(
    r"\b(?:not includ\w+|excluding|excludes?|excl|without|minus|less|ohne|abzuglich|exklusive|hors"
    rf"|sans|sin|excluyendo|senza|esclus[ie]|sem|excluindo) {_RED}\b"
    rf"|\b{_RED}{_ARE} (?:excluded|subtracted|deducted|removed|corrected|adjusted"
    r"|not (?:included|counted)|abgezogen|korrigiert|nicht (?:enthalten|eingeschlossen|mitgezahlt)"
    r"|exclus|deduits|excluid[oa]s|esclusi)\b"
    rf"|\b(?:corrected|adjusted|korrigiert|corriges?|corregid[oa]s?|corrett[oaie]|corrigid[oa]s?)"
    rf" (?:for|um|fur|pour|por|para|per) {_RED}\b|\b(?:corrected|korrigierte?) {_COUNT}\b"
    rf"|\b{_COUNT}(?: count)? corrected\b(?! (?:for|on|by|report))",
    needs=_NAMED,
)
# In the method of such a count alone; of a page it may be of anything.
_BARE = {
    True: r"\b(?:uncorrected|not corrected)\b",
    False: r"\bcorrected\b(?! (?:for|on|by|report))",
}
_YES = ("yes", "y", "true", "1", "x", "ja", "oui", "si", "sim")
_NO = ("no", "n", "false", "0", "nein", "non", "nao")
_WORDS = {True: "nRBC included", False: "nRBC excluded"}


def said_of_red_cells(text: str, *, of_count: bool = False) -> frozenset[bool]:
    """Say whether words include the nucleated red cells (True), leave them out, or both.

    >>> [sorted(said_of_red_cells(one)) for one in ("corrected for nRBC", "nRBC not excluded", "")]
    [[False], [True], []]
    """
    folded = key(text)
    left = _INCLUDED.sub(" . ", folded)
    found = {True} if left != folded else set()
    if _EXCLUDED.search(left):
        found.add(False)
    if of_count and not found:
        named = [which for which in (True, False) if re.search(_BARE[which], folded)]
        found.update(named[:1])
    return frozenset(found)


def with_red_cells(record: Record, said: Iterable[tuple[str, str]]) -> Record:
    """Put what a paper says anywhere of the red cells to the method of its counts.

    `said` are its texts, each with the heading that it stands under, or "".
    """
    own = rows(record.observations)
    if not any(row.test in TESTS for row in own):
        return record
    found = frozenset(which for heading, text in said for which in _cell(heading, text))
    words = "; ".join(_WORDS[which] for which in sorted(found))

    def told(row: Observation) -> Observation:
        method = row.method or ""
        if not words or row.test not in TESTS or said_of_red_cells(method, of_count=True) == found:
            return row
        return replace(row, method=f"{method}; {words}" if method else words)

    return replace(record, observations=observations(told(row) for row in own))


def red_cell_findings(
    specification: Specification, found: Iterable[Observation]
) -> Iterator[Finding]:
    """Tell of counts that do not say it, where the specification declares which is meant.

    By its name a count of all nucleated cells holds the red ones; where they should be left out, a
    silent one may be too high.
    """
    meant = {
        test: criterion.needs.includes_nrbc
        for criterion in specification.criteria
        for test in criterion.tests
        if criterion.needs.includes_nrbc is not None
    }
    for row in found:
        wanted = meant.get(row.test)
        of_sample = row.test in TESTS and row.role == Role.SAMPLE
        if wanted is None or not of_sample or said_of_red_cells(row.method or "", of_count=True):
            continue
        place = Place(row.source, row.page, row.region)
        message = (
            f"{place}: “{row.result}” does not say whether nucleated red cells are in it; the "
            f"specification wants them {'included' if wanted else 'left out: ask the laboratory'}"
        )
        severity = Severity.INFORMATION if wanted else Severity.WARNING
        yield Finding("red-cells-unstated", severity, message, place)


def _cell(heading: str, text: str) -> frozenset[bool]:
    if not text.strip():
        return frozenset()
    answer = key(text)
    if heading and answer in _YES:
        return said_of_red_cells(heading)
    if heading and answer in _NO:
        return frozenset(not which for which in said_of_red_cells(heading))
    return said_of_red_cells(f"{heading} {text}")
