"""Refuses a lab profile that cannot be meant, or that would hide what a paper says.

A profile teaches the program more words. It must never teach it that a bad word is a good one,
or that a sentence which tells of a result tells nothing; so these are decided here, strictly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from qcvalidate.labs.intentions import column_intends, label_intends
from qcvalidate.labs.model import LabProfile, Region, folded
from qcvalidate.labs.wordings import harmless_fault, wording_fault
from qcvalidate.vocabulary import Vocabulary, key

# Gives the first word of a text that may speak of an outcome, None for none.
Telling = Callable[[str], str | None]

# What stands on the papers of many laboratories names none of them.
_OF_ANY_TEXT = """
    a an and of the for by in on at to from with der die das und fur de la le les el los du
    des et y e di do da laboratory laboratories lab labs labor laboratoire laboratorio testing
    services service analytics analytical biology microbiology mikrobiologie quality qualitat
    control certificate analysis report reports test tests final results result page seite inc
    llc ltd limited gmbh ag kg sa sas srl spa bv co corp company group international clinic
    hospital university institute institut department sample lot batch sterility usp ph eur jp
    iso iec
"""
_OF_ANY = frozenset(_OF_ANY_TEXT.split())
_COMPENDIAL = re.compile(r"\b(?:usp|ph eur|ep|jp|bp|iso|iec|din en|cfr|gmp|astm|clia)\b")
_SHORTEST_NAME = 5
_SHORTEST_FORM = 4
_LONGEST_LABEL = 6
# A paper is no larger than this (A2), and a value no higher than some lines, in points.
_LARGEST_PAGE = 1700.0
_HIGHEST_REGION = 72.0
# Fields whose values have a shape: a result that stands at such a label is not taken for one.
_SHAPED = ("lot", "sample_id", "din", "report_number", "replaces")
# What is used in a test has lots, too, and they are not the product's.
_OF_OTHERS_TEXT = """
    media medium broth nutrient reagent reagents lysate kit control controls standard buffer filter
    filters diluent rinse spike indicator strain equipment nahrmedium medien reagenz kontrolle
    milieu reactif controle temoin medio reactivo terreno reagente meio
"""
_OF_OTHERS = frozenset(_OF_OTHERS_TEXT.split())
_REPLACES = re.compile(
    r"replac|supersed|amend|correct|cancel|ersetz|korrig|stornier|remplac|annul|corrig|sustitu"
    r"|reemplaz|anula|sostitu|substitu"
)
_OF_RESULTS = ("result", "verdict", "turbidity", "organism", "specification")


def faults_of(profile: LabProfile, vocabulary: Vocabulary, telling: Telling) -> Iterator[str]:
    """Say each thing of a profile that must not be acted upon."""
    yield from mark_faults(profile.names, profile.forms)
    yield from _labels(profile, vocabulary, telling)
    yield from _columns(profile, vocabulary)
    yield from _tests(profile, vocabulary)
    yield from _results(profile, vocabulary, telling)
    for sentence in profile.harmless:
        fault = harmless_fault(sentence, vocabulary, telling)
        if fault:
            yield f"harmless: “{sentence[:80]}” {fault}"
    yield from _regions(profile)


def mark_faults(names: Sequence[str], forms: Sequence[str]) -> Iterator[str]:
    """Say which names and numbers may stand on the paper of another laboratory."""
    for name in names:
        words = key(name).split()
        own = [word for word in words if len(word) > 1 and word not in _OF_ANY]
        if sum(map(len, words)) < _SHORTEST_NAME or not any(map(str.isalpha, own)):
            yield (
                f"recognised_by: “{name}” may stand on any laboratory's paper; give the name as "
                "the letterhead prints it, with a word that is this laboratory's own"
            )
    for form in forms:
        plain = key(form)
        short = sum(character.isalnum() for character in form) < _SHORTEST_FORM
        if short or not re.search("[0-9]", form) or _COMPENDIAL.search(plain):
            yield (
                f"recognised_by: “{form}” is no form number of one laboratory; expected one with "
                "digits, such as FO-QC-017, and no pharmacopoeia or standard"
            )


# --- words -----------------------------------------------------------------------------------


def _labels(profile: LabProfile, vocabulary: Vocabulary, telling: Telling) -> Iterator[str]:
    yield from _twins("labels", profile.labels)
    for field, label in _pairs(profile.labels):
        known = vocabulary.label(label)
        where = f"labels: “{label}” cannot be a label of {field}:"
        if not _has_letters(label) or len(label.split()) > _LONGEST_LABEL:
            yield f"{where} expected one to {_LONGEST_LABEL} words"
        elif known is not None and known != field:
            yield f"{where} it is a label of {known}"
        elif known is None and vocabulary.is_label(label):
            yield f"{where} it is known as a label of something else"
        elif known is None:
            fault = _announced(label_intends(field, label))
            fault = fault or _label_of_result(field, label, vocabulary, telling)
            if fault:
                yield f"{where} {fault}"


def _announced(words: str | None) -> str | None:
    """Say why what announces a plan or a limit cannot be taught as what came out."""
    if words is None:
        return None
    return f"“{words}” announces what was meant to be, and not what was found or done"


def _label_of_result(
    field: str, label: str, vocabulary: Vocabulary, telling: Telling
) -> str | None:
    """Say why a label may stand before a result, which would then be taken for a field."""
    whole = key(label)
    if field == "replaces" and not _REPLACES.search(whole):
        # A paper that is replaced no longer counts, whatever it says.
        return "it does not say that the paper replaces another"
    other = next((word for word in whole.split() if word in _OF_OTHERS), None)
    if field in _SHAPED and other:
        return f"“{other}” has a number of its own"
    for run in _runs(label):
        if vocabulary.column(run) in _OF_RESULTS and field != "conclusion":
            return f"“{run}” announces a result"
        if vocabulary.verdict(run) or vocabulary.role(run) not in (None, "sample"):
            return f"“{run}” speaks of a result or a control"
        named = vocabulary.test(run)
        if named and (key(run) == whole or not (field in _SHAPED or field.startswith("date_"))):
            return f"“{run}” names a test"
    # "In place of, and superseding": these words are what such a label is made of.
    word = telling(label) if field not in ("replaces", "status") else None
    return f"“{word}” may speak of a result" if word else None


def _columns(profile: LabProfile, vocabulary: Vocabulary) -> Iterator[str]:
    yield from _twins("columns", profile.columns)
    for column, heading in _pairs(profile.columns):
        known = vocabulary.column(heading)
        where = f"columns: “{heading}” cannot head the column of the {column}:"
        if not _has_letters(heading):
            yield f"{where} expected words"
        elif known is not None and known != column:
            yield f"{where} it is known as {known}"
        elif known is None and vocabulary.test(heading) is not None:
            yield f"{where} it names a test"
        elif known is None and (fault := _announced(column_intends(column, heading))):
            yield f"{where} {fault}"
        elif known is None and any(_is_control(run, vocabulary) for run in _runs(heading)):
            yield f"{where} it names a control, whose result is never the sample's"
        elif known is None and vocabulary.result(heading).kind != "unknown":
            yield f"{where} it is a result"


def _tests(profile: LabProfile, vocabulary: Vocabulary) -> Iterator[str]:
    yield from _twins("tests", profile.tests)
    for test, name in _pairs(profile.tests):
        if test not in vocabulary.tests:
            yield f"tests: {test} is no test that we know; `qcvalidate tests` lists them"
            continue
        found = vocabulary.test(name)
        where = f"tests: “{name}” cannot be a name of {test}:"
        if not _has_letters(name):
            yield f"{where} expected words"
        elif found is not None and found.test != test:
            yield f"{where} it means {found.test}"
        elif any(_is_control(run, vocabulary) for run in _runs(name)):
            yield f"{where} it names a control, whose result is never the sample's"
        elif found is None and (vocabulary.is_label(name) or vocabulary.column(name)):
            yield f"{where} it is a label or a heading"
        elif vocabulary.result(name).kind != "unknown" or vocabulary.verdict(name):
            yield f"{where} it is a result"


def _results(profile: LabProfile, vocabulary: Vocabulary, telling: Telling) -> Iterator[str]:
    yield from _twins("results", profile.results)
    for reading, wording in _pairs(profile.results):
        fault = wording_fault(reading, wording, vocabulary, telling)
        if fault:
            yield f"results: “{wording[:80]}” cannot be {reading}: {fault}"


def _twins(section: str, words: object) -> Iterator[str]:
    """Give the phrases that a section gives two meanings."""
    seen: dict[str, str] = {}
    for meaning, phrase in _pairs(words):
        folding = key(phrase)
        if seen.setdefault(folding, meaning) != meaning:
            yield f"{section}: “{phrase}” stands under both {seen[folding]} and {meaning}"


def _pairs(words: object) -> Iterator[tuple[str, str]]:
    assert isinstance(words, dict)  # noqa: S101  the sections of a profile are
    for meaning, phrases in words.items():
        for phrase in phrases:
            yield meaning, phrase


def _runs(text: str) -> Iterator[str]:
    """Give every run of words of a text, the longest first."""
    words = folded(text).split()
    for size in range(len(words), 0, -1):
        for start in range(len(words) - size + 1):
            yield " ".join(words[start : start + size])


def _is_control(text: str, vocabulary: Vocabulary) -> bool:
    return vocabulary.role(text) not in (None, "sample")


def _has_letters(text: str) -> bool:
    return sum(character.isalpha() for character in text) >= 2


# --- places ----------------------------------------------------------------------------------


def _regions(profile: LabProfile) -> Iterator[str]:
    fields: set[str] = set()
    for region in profile.regions:
        where = f"regions: {region.field} on page {region.page}"
        if region.field in fields:
            yield f"{where}: stands twice; one field has one place"
        fields.add(region.field)
        fault = _box_fault(region)
        if fault:
            yield f"{where}: {fault}"


def _box_fault(region: Region) -> str | None:
    left, top, right, bottom = region.box
    if left >= right or top >= bottom:
        return "the box is empty; expected left, top, right, bottom, in points from the top left"
    if right > _LARGEST_PAGE or bottom > _LARGEST_PAGE:
        return f"the box lies outside any page (A2 is {_LARGEST_PAGE:g} points high)"
    if bottom - top > _HIGHEST_REGION:
        return f"the box is higher than {_HIGHEST_REGION:g} points; one value needs some lines"
    return None
