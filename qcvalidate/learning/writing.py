"""Writes a lab profile as a YAML file that a quality unit can read, each entry with its reason."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from qcvalidate.documents import Document
from qcvalidate.labs import LabProfile
from qcvalidate.learning.finding import Learnt

_NUMBERS_ALONE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")


def profile_text(profile: LabProfile, learnt: Sequence[Learnt], document: Document) -> str:
    """Give the text of a profile's file; `learnt` says where each label and place was found."""
    return "\n".join(_lines(profile, learnt, document)) + "\n"


def _lines(profile: LabProfile, learnt: Sequence[Learnt], document: Document) -> Iterator[str]:
    yield "# A lab profile: how the papers of one laboratory are read."
    yield f"# Drafted by `qcvalidate learn` from {_plain(document.name)},"
    yield f"# SHA-256 {document.sha256},"
    yield "# and the values that a person confirmed on it. Read it before you approve it, and put"
    yield "# it into the folder labs/ of your --schemas. Its file is called as its id."
    yield f"id: {profile.id}"
    yield f"version: {profile.version}"
    yield f"laboratory: {_text(profile.laboratory)}"
    yield ""
    yield "# A paper that bears one of each of these, word for word, is read with this profile."
    yield "recognised_by:"
    if profile.names:
        yield f"  laboratory: {_list(profile.names)}  # in the letterhead or the foot"
    if profile.forms:
        yield f"  form: {_list(profile.forms)}  # anywhere"
    yield from _locale(profile, learnt)
    yield from _labels(profile, learnt)
    yield from _section("columns", "Headings of the table of results.", profile.columns)
    yield from _section("tests", "Names of tests, by the id of the test.", profile.tests)
    yield from _section("results", "Wordings of results, each a whole result.", profile.results)
    if profile.harmless:
        yield ""
        yield "# Sentences on each paper of this laboratory that tell nothing of a result."
        yield "harmless:"
        yield from (f"  - {_text(sentence)}" for sentence in profile.harmless)
    yield from _regions(profile, learnt)


def _locale(profile: LabProfile, learnt: Sequence[Learnt]) -> Iterator[str]:
    dates, decimal = profile.locale.dates, profile.locale.decimal
    if dates is None and decimal is None:
        return
    yield ""
    for found in learnt:
        if _NUMBERS_ALONE.fullmatch(found.printed) and dates is not None:
            yield f"# {_plain(found.printed)} is {found.value} on this paper."
    yield "locale:"
    if dates is not None:
        yield f"  dates: {dates}"
    if decimal is not None:
        yield f"  decimal: {_text(decimal)}"


def _labels(profile: LabProfile, learnt: Sequence[Learnt]) -> Iterator[str]:
    if not profile.labels:
        return
    yield ""
    yield "# What this laboratory calls the fields of its header."
    yield "labels:"
    for field, labels in profile.labels.items():
        for found in learnt:
            if found.field == field and found.label is not None:
                where = f"{found.where} “{_plain(found.printed)}”"
                yield f"  # page {found.page}: {where}{_doubt(found)}"
        yield f"  {field}: {_list(labels)}"


def _doubt(found: Learnt) -> str:
    if found.times == 1:
        return ""
    return f", which stands {found.times} times on the paper: see that this is the right one"


def _section(name: str, comment: str, words: Mapping[str, Sequence[str]]) -> Iterator[str]:
    if not words:
        return
    yield ""
    yield f"# {comment}"
    yield f"{name}:"
    yield from (f"  {meaning}: {_list(texts)}" for meaning, texts in words.items())


def _regions(profile: LabProfile, learnt: Sequence[Learnt]) -> Iterator[str]:
    if not profile.regions:
        return
    yield ""
    yield "# Values without a label: left, top, right, bottom in points from the top left corner."
    yield "# No two scans lie alike: what moves out of its box is not read, and its lot is held."
    yield "regions:"
    for region in profile.regions:
        for found in learnt:
            if found.field == region.field and found.label is None:
                yield f"  # here stands “{_plain(found.printed)}”"
        box = ", ".join(f"{edge:g}" for edge in region.box)
        yield f"  - {{field: {region.field}, page: {region.page}, box: [{box}]}}"


def _list(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, texts))}]"


def _text(text: str) -> str:
    """Quote a text: what JSON writes, YAML reads."""
    return json.dumps(text, ensure_ascii=False)


def _plain(text: str) -> str:
    """Give a text for a comment, which ends at the line's end."""
    return "".join(c if c.isprintable() else " " for c in text)[:120]
