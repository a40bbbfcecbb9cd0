"""Names the test of a row: from its own words, from its section, or from the document's title."""

from __future__ import annotations

import re
from dataclasses import replace

from qcvalidate.readers.certificates.controls import (
    NO_SAMPLE,
    is_about_controls,
    names_strain,
)
from qcvalidate.readers.certificates.naming import bare_name
from qcvalidate.readers.certificates.phrasebook import Phrasebook
from qcvalidate.readers.certificates.rows import Row
from qcvalidate.readers.certificates.setting import Setting
from qcvalidate.record import Role
from qcvalidate.vocabulary import TestName
from qcvalidate.wording import key

# Containers are numbered, and named by nothing else.
_CONTAINER = re.compile(
    r"(?:bottle|flask|container|vial|unit|tube|bag|canister|flaschen?|behältnis|beutel|flacon|poche|frasco|bolsa|flacone|sacca)s?\b.{0,20}",
    re.I,
)


# Controls of an amplification, folded by `key`.
_CONTROLS = (
    (re.compile(r"(?:no template|non template|ntc)(?: control)?"), "negative_control"),
    (re.compile(r"negative (?:\w+ )?control"), "negative_control"),
    (re.compile(r"positive (?:\w+ )?control(?: \d+ (?:gc|cfu|copies))?"), "positive_control"),
)


def role_of(row: Row, phrasebook: Phrasebook) -> Role | None:
    """Say whose a row's result is; None for a control of which we cannot tell what it must show."""
    own = (row.text("role"), row.subject, row.part, row.text("sample_id"))
    beside = tuple(block.text for _, block in row.others)
    for text in (*own, *beside, row.section):
        role = role_in(bare_name(text), phrasebook) if text else None
        # Beside a result, "PC" is any abbreviation.
        if role is not None and (text not in beside or len(text) >= _FEWEST_LETTERS):
            return Role(role)
    named = bare_name(row.text("role"))
    if named and phrasebook.vocabulary.role(named) != "sample":
        return None
    if not is_about_controls(row.section):
        return Role.SAMPLE
    texts = (*own, *beside, row.text("organism"))
    return Role.POSITIVE_CONTROL if any(map(names_strain, texts)) else None


_FEWEST_LETTERS = 6


def role_in(text: str, phrasebook: Phrasebook) -> str | None:
    """Name a control, also one that is named with its medium: `Negative control (FTM)`."""
    return _control_in(text, phrasebook)[0]


def _control_in(text: str, phrasebook: Phrasebook) -> tuple[str | None, str]:
    """Give a control's role, and what else its name says: its medium."""
    role = phrasebook.role(text)
    if role is None:
        role = next((name for pattern, name in _CONTROLS if pattern.fullmatch(key(text))), None)
    if role is not None or not NO_SAMPLE.search(text):
        return role, ""
    words = re.sub(r"[()\[\],:;–—]| - ", " ", text).split()
    for cut in range(1, len(words)):
        halves = " ".join(words[:cut]), " ".join(words[cut:])
        for named, other in (halves, halves[::-1]):
            role = phrasebook.role(named)
            known = phrasebook.vocabulary.part(other) or phrasebook.subject(other)
            if role is not None and known is not None:
                return role, other
    # "Positive control M. orale", "Negative control (rinse fluid)": what follows only says which.
    plain = re.sub(r"[()\[\],:;–—]| - ", " ", text).split()
    for cut in range(len(plain) - 1, 0, -1):
        named, other = " ".join(plain[:cut]), " ".join(plain[cut:])
        role = phrasebook.role(named)
        if role is not None and len(named) >= _FEWEST_LETTERS:
            return role, other if phrasebook.vocabulary.part(other) is not None else ""
    return None, ""


def test_of(row: Row, setting: Setting, role: Role) -> TestName | None:
    """Name the test of a row: from its own words, its section, or the document's title."""
    vocabulary = setting.phrasebook.vocabulary
    if role is not Role.SAMPLE:
        # "FTM, negative control" is of the medium FTM.
        row = replace(
            row,
            subject=_control_in(row.subject, setting.phrasebook)[1] or row.subject,
            part=_control_in(row.part, setting.phrasebook)[1] or row.part,
        )
    name = _named(row.subject, row, setting)
    part = vocabulary.test(bare_name(row.part), _printed_unit(row, setting)) if row.part else None
    if name is not None:
        if part is not None and name.part is None and part.test in (name.test, "sterility"):
            return replace(name, part=part.part)
        part_of = name.part or _part(row.part, setting) or _part_beside(row, name, setting)
        return replace(name, part=part_of or None)
    above = setting.phrasebook.subject(row.section) if row.section else None
    about = above or setting.test
    own = _part(row.subject, setting)
    is_part = own != row.subject or _CONTAINER.fullmatch(row.subject) is not None
    is_result = vocabulary.column(row.subject) == "result"
    if row.subject and role is Role.SAMPLE and not (is_part or (above and is_result)):
        return None
    if part is not None:
        in_process = about is not None and about.test == "in_process_culture"
        return replace(part, test="in_process_culture") if in_process else part
    if about is None:
        return None
    if role is not Role.SAMPLE:
        return about
    label = _part(row.part, setting) or ("" if is_result else own)
    if NO_SAMPLE.search(label):
        return None
    return replace(about, part=about.part or label) if label else about


def _part_beside(row: Row, name: TestName, setting: Setting) -> str | None:
    """Give the medium in a cell under a heading that we do not know: `Medium / Method`."""
    vocabulary = setting.phrasebook.vocabulary
    known = vocabulary.tests[name.test].parts
    # "Thioglycollate (FTM)" says it twice.
    texts = [piece for _, block in row.others for piece in re.split(r"[()]", block.text)]
    found = {vocabulary.part(bare_name(text)) for text in texts if text.strip()} & set(known)
    return found.pop() if len(found) == 1 else None


def _part(text: str, setting: Setting) -> str:
    """Give the part of a test that a text names, else the text itself."""
    return setting.phrasebook.vocabulary.part(bare_name(text)) or text if text else ""


def _named(text: str, row: Row, setting: Setting) -> TestName | None:
    """Find a test by its name and the unit that is printed with its result.

    "Cell count" is a concentration or a number of cells, as its unit says.
    """
    if not text:
        return None
    unit = _printed_unit(row, setting)
    # "Bacterial endotoxins, repeat" and "Endotoxin, bag 2" are that test again.
    found = next(
        (
            test
            for name in (text, _AGAIN.sub("", text), bare_name(text), _uncounted(text, setting))
            if (test := setting.phrasebook.test(name, unit)) is not None
        ),
        None,
    )
    above = setting.phrasebook.subject(row.section) if row.section else None
    about = above or setting.test
    in_process = about is not None and about.test == "in_process_culture"
    if found is not None and found.part and found.test == "sterility" and in_process:
        return replace(found, test="in_process_culture")
    return found


def _uncounted(text: str, setting: Setting) -> str:
    """Take the number of a bottle off its medium: `FTM 3`; of anything else it may be its name."""
    bare = re.sub(r"\s+(?:#|no\.? ?)?\d{1,2}$", "", text)
    return bare if setting.phrasebook.vocabulary.part(bare) is not None else text


_AGAIN = re.compile(
    r"[\s,;:(–-]+(?:(?:first|second|third|2nd|3rd|repeated|repeat|re-?test|duplicate|replicate|new)\b"
    r"|(?:vial|bag|bottle|unit|aliquot|sample|syringe)s? ?\d+\b).*$",
    re.IGNORECASE,
)
_NUMBER_AT_START = re.compile(r"^[<>≤≥=~±≈ ]*[\d.,'\s]+(?:[x×*·] ?10\^?\d+)?")


def _printed_unit(row: Row, setting: Setting) -> str | None:
    """Give the canonical unit that a row's result is printed in: in the cell, or over it."""
    texts = [_NUMBER_AT_START.sub("", answer.text) for answer in row.answers]
    for text in (*texts, row.text("unit"), row.unit):
        canonical = setting.phrasebook.vocabulary.unit(text) if text else None
        if canonical is not None:
            return canonical
    return None
