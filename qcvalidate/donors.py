"""Says whether a donor's specimen may count: whose it is, when it was taken, what tested it.

21 CFR 1271.80: within days of the recovery, of the birth mother where the donor is a newborn,
and by a donor screening test. What the papers leave open holds; what they rule out fails.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qcvalidate.assessment import Outcome
from qcvalidate.frames import Observation, observations, rows
from qcvalidate.manifest import MANIFEST, Manifest
from qcvalidate.record import Finding, Place, Record, Severity
from qcvalidate.specification import Specification, SpecimenNeeds

# Of a document's header, the fields that may say whose blood was tested.
_SAYING_WHOSE = ("product", "sample_id")
_WORDS_OF = {"donor": "the donor's", "birth_mother": "the birth mother's"}

_MOTHER = re.compile(
    r"birth[ _-]?mother|\bmaternal|\bmother|\bmutter|\bmütter|\bm[èe]re\b|\bmaternel|\bmadre\b"
    r"|\bmatern[oa]\b|\bmãe\b",
    re.IGNORECASE,
)
_NEWBORN = re.compile(
    r"\b(?:infant|newborn|neonat\w*|baby|child|cord blood|umbilical|neugeboren\w*|nabelschnur\w*"
    r"|nouveau[- ]né|reci[ée]n nacido|neonato|recém[- ]nascido|sang de cordon|sangre de cord[óo]n)",
    re.IGNORECASE,
)
_DONOR = re.compile(
    r"\b(?:donor|spender\w*|donneu\w+|donante|donatore|donatrice|doador\w*|dador\w*)\b",
    re.IGNORECASE,
)
_NOT_SCREENING = re.compile(
    r"\bnot (?:an? )?(?:(?:licensed|approved|cleared|intended|valid|validated|for use|suitable) )*"
    r"(?:for|in|as) (?:blood )?(?:donor|tissue donor) screening",
    re.IGNORECASE,
)
# The firm's name and the kind of device are no words on the test: "Roche Diagnostics", "in vitro
# diagnostic" stand on screening tests, too.
_DIAGNOSTIC = re.compile(
    r"(?<!vitro )(?<!vitro-)(?<!not for )\bdiagnostic (?:test|assay|kit|use|purpose|only|method)"
    rf"|{_NOT_SCREENING.pattern}",
    re.IGNORECASE,
)
_LICENSED = re.compile(
    r"(?<!not )(?<!not FDA-)\b(?:licensed|approved|cleared)\b[^.;]{0,60}\bscreening\b",
    re.IGNORECASE,
)
_SCREENING = re.compile(r"\bscreening\b", re.IGNORECASE)
# A line of a paper on whom it tested, with the first words after it.
_PERSON_TESTED = re.compile(
    r"\b(?:person|subject|individual)s? tested\s*:?\s*(?P<words>\S+(?: \S+){0,2})", re.IGNORECASE
)


@dataclass(frozen=True)
class Doubt:
    """Why a specimen does not count: `kind` as a judgement has it."""

    outcome: Outcome
    kind: str
    reason: str


def whose_specimen(text: str) -> str | None:
    """Say whose specimen the words of a paper mean; None where they do not say, or say both.

    >>> whose_specimen("Maternal serum"), whose_specimen("Donor serum"), whose_specimen("EDTA")
    ('birth_mother', 'donor', None)
    """
    if _MOTHER.search(text):
        # "Maternal blood of a cord blood donor" is the mother's; "mother and infant" is nobody's.
        both = re.search(r"[+&/]|\b(?:and|und|et|y|e)\b", text) and _NEWBORN.search(text)
        return None if both else "birth_mother"
    return "donor" if _NEWBORN.search(text) or _DONOR.search(text) else None


def names_person(text: str) -> bool:
    """Say whether a text names a person that a specimen may be of, or several."""
    return any(words.search(text) for words in (_MOTHER, _NEWBORN, _DONOR))


def person_of_sample(sample: str) -> str | None:
    """Say whose specimen a sample is by its name, as `with_specimen` does."""
    return _person([sample], "")


def with_specimen(record: Record, row: Observation) -> Observation:
    """Give a row the day and the person that its document states for all rows."""
    changes: dict[str, object] = {}
    header = record.stated("date_sampled")
    if row.sampled is None and header is not None and record.source.kind != "table":
        changes["sampled"] = dt.datetime.fromisoformat(header).date()
    if row.specimen_of is None:
        texts = [row.sample_id or "", *(record.stated(name) or "" for name in _SAYING_WHOSE)]
        changes["specimen_of"] = _person(texts, record.stated("title") or "")
    method = record.stated("method")
    # What else a document says of its method is not of this row for certain.
    if row.method is None and method and (_DIAGNOSTIC.search(method) or _SCREENING.search(method)):
        changes["method"] = method
    return replace(row, **changes) if changes else row  # type: ignore[arg-type]


def unfit(row: Observation, needs: SpecimenNeeds, manifest: Manifest) -> Doubt | None:
    """Find the first thing that keeps a donor's result from counting; None when it counts."""
    for found in (_whose(row, needs, manifest), _when(row, needs, manifest), _how(row, needs)):
        if found is not None:
            return found
    return None


def with_screening(record: Record, text: str) -> Record:
    """Give the rows of a paper the sentence on its pages that says its tests are for screening."""
    said = _LICENSED.search(text)
    if said is None:
        return record
    seen = [
        replace(row, method=f"{row.method}; {said[0]}" if row.method else said[0])
        for row in rows(record.observations)
    ]
    return replace(record, observations=observations(seen))


def page_findings(
    record: Record, own: Sequence[Observation], text: str, specification: Specification
) -> Iterator[Finding]:
    """Look at a paper's own words on tests that are not for screening, wherever they stand."""
    asked = {t for c in specification.criteria if c.needs.specimen for t in c.tests}
    if not any(row.test in asked for row in own):
        return
    said = _NOT_SCREENING.search(text)
    if said is not None:
        message = (
            f"{record.source.path} says “{said[0]}”; a donor is tested by screening tests: ask the "
            "laboratory which of its tests are"
        )
        yield record.finding("donor-test-diagnostic", Severity.HOLD, message)


def person_findings(
    record: Record,
    own: Sequence[Observation],
    text: str,
    specification: Specification,
    manifest: Manifest,
) -> Iterator[Finding]:
    """Hold a donor's paper on which a line of its own says that another person was tested."""
    lines = [(c.tests, c.needs.specimen) for c in specification.criteria if c.needs.specimen]
    tissue = manifest.facts.get("tissue")
    asked = {test for tests, _ in lines for test in tests}
    if tissue is None or not any(row.test in asked for row in own):
        return
    mothers = any(tissue in needs.mother_tissues for _, needs in lines)
    for said in _PERSON_TESTED.finditer(text):
        words = said["words"].strip()
        newborn = bool(_NEWBORN.search(words)) and not _MOTHER.search(words)
        if newborn if mothers else _MOTHER.search(words):
            wanted = "the birth mother's" if mothers else "the donor's own"
            message = (
                f"{record.source.path} says “{said[0].strip()}”; of {_words(tissue)} {wanted} "
                "specimen is wanted: ask the laboratory whom it tested"
            )
            yield record.finding("specimen-of-wrong-person", Severity.HOLD, message)


def label_findings(specification: Specification, manifest: Manifest) -> Iterator[Finding]:
    """Tell what the label of an autologous product must say, which no paper here shows."""
    asked = any(criterion.needs.specimen for criterion in specification.criteria)
    meant = specification.applies_to.get("relation") == ("autologous",)
    if manifest.facts.get("relation") != "autologous" or not (asked or meant) or manifest.labels:
        return
    message = (
        "an autologous donor needs no determination of eligibility; the label must say “FOR "
        "AUTOLOGOUS USE ONLY”, and “NOT EVALUATED FOR INFECTIOUS SUBSTANCES” unless the donor "
        "was screened and tested in full. No label is read here: look at it"
    )
    place = Place(MANIFEST, region="donor.relation")
    yield Finding("autologous-label", Severity.INFORMATION, message, place)


def _person(texts: Sequence[str], title: str) -> str | None:
    """Say whose specimen several fields mean; of a title, "Donor testing report", only a mother."""
    found = {whose_specimen(text) for text in texts} - {None}
    newborn = any(_NEWBORN.search(text) and not _MOTHER.search(text) for text in texts)
    if "birth_mother" in found or whose_specimen(title) == "birth_mother":
        # "Donor" may be said of the mother, too; "cord blood" or "infant" may not.
        return None if newborn else "birth_mother"
    return "donor" if "donor" in found else None


def _open(reason: str) -> Doubt:
    return Doubt(Outcome.INDETERMINATE, "incomplete", reason)


def _whose(row: Observation, needs: SpecimenNeeds, manifest: Manifest) -> Doubt | None:
    tissue = manifest.facts.get("tissue")
    if tissue is None:
        return _open("lot.yaml does not state the tissue, which decides whose specimen is tested")
    printed, vouched = row.specimen_of, manifest.specimen_of
    of_whom = _words(tissue) if tissue in needs.mother_tissues else "so young a donor"
    said = f"“{row.result}”"
    age, limit = manifest.donor_age_days, needs.mother_age_days
    newborn = age is not None and limit is not None and age <= limit
    if tissue not in needs.mother_tissues and not newborn:
        if "birth_mother" in (printed, vouched):
            return _open(f"{said} is of the birth mother's specimen; the donor's is wanted")
        return None
    if vouched == "birth_mother" and _NEWBORN.search(row.sample_id or ""):
        return _open(f"{said} is of sample {row.sample_id!r}; lot.yaml says the birth mother's")
    whose = vouched or printed
    if vouched and printed == "birth_mother" and vouched != printed:
        return _open(f"{said} is of the birth mother's specimen by its paper, and not by lot.yaml")
    if whose is None:
        return _open(
            f"{said}: no paper says whose specimen was tested; of {of_whom} it must be the "
            "birth mother's (state donor.specimen_of in lot.yaml)"
        )
    if whose != "birth_mother":
        reason = (
            f"{said} is of {_WORDS_OF[whose]} own specimen; of {of_whom} the birth mother is "
            f"tested ({needs.mother_reference})"
        )
        return Doubt(Outcome.FAIL, "specimen-of-wrong-person", reason)
    return None


def _when(row: Observation, needs: SpecimenNeeds, manifest: Manifest) -> Doubt | None:
    if row.sampled is None:
        return _open(f"“{row.result}”: no paper says when the specimen was taken")
    if manifest.recovered is None:
        return _open(
            f"the specimen was taken {row.sampled}, and lot.yaml does not state donor.recovered"
        )
    longer = manifest.facts.get("tissue") in needs.longer_tissues
    before = needs.longer_days if longer else needs.days_before
    days = (row.sampled - manifest.recovered).days
    if -before <= days <= needs.days_after:
        return None
    side = "before" if days < 0 else "after"
    allowed = before if days < 0 else needs.days_after
    reason = (
        f"“{row.result}”: the specimen was taken {row.sampled}, {abs(days)} days {side} the "
        f"recovery on {manifest.recovered}; at most {allowed} ({needs.window_reference})"
    )
    return Doubt(Outcome.FAIL, "specimen-outside-window", reason)


def _how(row: Observation, needs: SpecimenNeeds) -> Doubt | None:
    method = row.method or ""
    if _DIAGNOSTIC.search(method):
        reason = f"“{method}” is no donor screening test ({needs.screening_reference})"
        return Doubt(Outcome.INDETERMINATE, "donor-test-diagnostic", reason)
    if needs.screening_stated and not _SCREENING.search(method):
        return _open(
            f"“{row.result}”: the paper does not say that it was tested by a donor screening "
            f"test, which the panel wants ({needs.screening_reference})"
        )
    return None


def _words(fact: str) -> str:
    return fact.replace("_", " ")
