"""Finds in sentences what a letter has no labels for: the lot, the dates, what it replaces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from qcvalidate.documents import Word
from qcvalidate.patterns import LazyPattern
from qcvalidate.readers.certificates.dating import is_date
from qcvalidate.readers.certificates.header import Found, is_lot, is_name
from qcvalidate.readers.certificates.lines import Block, Line
from qcvalidate.readers.certificates.phrasebook import Phrasebook

# What was done on a date, in the words of letters.
_DONE = {
    phrase: field
    for field, phrases in {
        "date_started": "tested on|initiated on|started on|inoculated on|begun on|begonnen am"
        "|angesetzt am|débuté le|commencé le|iniciado el|iniziato il|iniciado em",
        "date_received": "received on|eingegangen am|reçu le|recibido el|ricevuto il|recebido em",
        "date_sampled": "sampled on|collected on|entnommen am|prélevé le|muestreado el|prelevato il"
        "|colhido em|coletado em",
        "date_completed": "completed on|read on|abgeschlossen am|beendet am|terminé le"
        "|finalizado el|terminado el|terminato il|completato il|concluído em|terminado em",
        "signed_on": "signed on|unterzeichnet am|signé le|firmado el|firmato il|assinado em",
    }.items()
    for phrase in phrases.split("|")
}
_REPLACING = ("replaces", "supersedes", "amends", "ersetzt", "remplace", "sustituye", "reemplaza",
              "sostituisce", "substitui")  # fmt: skip
_REPORTS = ("report", "certificate", "bericht", "prüfbericht", "rapport", "certificat", "informe",
            "certificado", "rapporto", "certificato", "relatório", "laudo", "prova", "di", "il",
            "o", "n.", "nº", "n.º", "the", "le", "den", "al", "test", "no.", "no", "nr.", "number",
            "n°", "#")  # fmt: skip
# The lot of a medium or a kit is not the lot that was tested.
_OF_SOMETHING_ELSE = ("media", "medium", "reagent", "kit", "lysate", "cse", "cartridge", "buffer",
                      "control", "standard", "lal", "broth", "ftm", "tsb", "milieu", "réactif",
                      "medio", "reactivo", "lisado", "terreno", "reattivo", "meio", "reagente",
                      "lisato", "nährmedium", "reagenz", "lysat", "kits")  # fmt: skip
# A sentence with one of these names a lot or a report that this paper is not about.
_DENYING = {"not", "never", "neither", "nor", "without", "other", "another", "different",
            "separate", "separately", "previous", "except", "nicht", "kein", "keine", "anderen",
            "andere", "pas", "ne", "autre", "otro", "otra", "sin", "ohne", "weder", "noch", "außer",
            "anderer", "anderes", "autres", "aucun", "aucune", "sans", "sauf", "otros", "otras",
            "ni", "salvo", "non", "altro", "altra", "altri", "altre", "senza", "nessun",
            "nessuno", "tranne", "não", "outro", "outra", "outros", "outras", "sem", "nem",
            "exceto"}  # fmt: skip
# In a sentence these may be said of a medium or of money; at a label they are the lot's.
_PLAIN_WORDS = ("charge", "lote", "lotto", "partita")
_LONGEST_SENTENCE = 12
_LONGEST_DATE = 4


def found_in_prose(
    lines: Sequence[Line], labelled: Sequence[Found], phrasebook: Phrasebook
) -> Iterator[Found]:
    """Give the fields that no label names."""
    known = {found.field for found in labelled}
    words = [word for line in lines for block in line.blocks for word in block.words]
    found = [*_lots(words, phrasebook), *_dated(words), *_replaced(words)]
    found += _report_numbers(lines)
    yield from (candidate for candidate in found if candidate.field not in known)
    if "date_issued" not in known:
        yield from _letter_date(lines)
    if "signed_by" not in known:
        yield from _signature(lines)


# The date of a letter and its subject stand over its text.
_HEAD_LINES = 12
# A paper is called so, and its number follows.
_PAPERS = ("report", "certificate", "bericht", "prüfbericht", "zertifikat", "rapport", "certificat",
           "informe", "certificado", "rapporto", "certificato", "relatório")  # fmt: skip
_NUMBER_SIGNS = re.compile(r"(?:n[°º.o]?|nr|number|numero|número|nummer|#|n[.]?[º°])[.:]*", re.I)
_LONGEST_NAME = 4
_PREFIX = re.compile(r"[A-Z]{1,4}")
# A number after one of these is of another paper.
_OF_ANOTHER = frozenset((*_REPLACING, "previous", "original", "earlier", "former", "see", "voir",
                         "siehe", "unser", "our", "with", "und", "and", "to", "accreditation",
                         "accredited", "iso", "gmp", "akkreditierung"))  # fmt: skip


def _report_numbers(lines: Sequence[Line]) -> Iterator[Found]:
    """Find `Report No. QC-26-118` in a sentence, and `INFORME DE ENSAYO Nº IE-118` in a title."""
    words = [word for line in lines[:_HEAD_LINES] for block in line.blocks for word in block.words]
    for index, word in enumerate(words):
        text = word.text.strip("().,;")
        if text.rstrip(":").casefold() not in _PAPERS:
            continue
        after = index + 1
        has_colon = text.endswith(":")
        # `Certificate of Analysis No. ...`: the paper's name may go on.
        while after < min(len(words), index + _LONGEST_NAME) and not has_colon:
            if _NUMBER_SIGNS.fullmatch(words[after].text):
                break
            after += 1
        signed = not has_colon and after < len(words) and _NUMBER_SIGNS.fullmatch(words[after].text)
        number = after + 1 if signed else after
        while number < len(words) and set(words[number].text) <= set(":#"):
            number += 1
        if not (signed or has_colon) or number >= len(words):
            continue
        begun = words[number]
        if _PREFIX.fullmatch(begun.text) and number + 1 < len(words):
            # `n. CA 118/2026`
            number += 1
        value = words[number].text.strip(".,;:()")
        before = words[max(0, index - 3) : index]
        other = any(w.text.casefold().strip(".,;:") in _OF_ANOTHER for w in before)
        if (
            _on_one_line(word, words[number])
            and not other
            and is_lot(value)
            and _is_identifier(value)
        ):
            last = _bare(words[number], value)
            whole = (last,) if begun is words[number] else (begun, last)
            yield Found("report_number", Block(whole), text)
            yield from _date_of_title(words, number)


# `Certificato di analisi n. 118 del 12/03/2026`
_OF_DATE = frozenset(("del", "vom", "du", "dated", "of", "from", "de", "em", "il", "-", "–"))


def _date_of_title(words: Sequence[Word], number: int) -> Iterator[Found]:
    """Give the date that follows a report's number in its title: the day of its issue."""
    after = number + 1
    if after < len(words) and words[after].text.casefold().strip(",") in _OF_DATE:
        after += 1
    date = _date_at(words, after)
    if date is not None and _on_one_line(words[number], date.words[-1]):
        yield Found("date_issued", date, words[number].text)


def _on_one_line(one: Word, other: Word) -> bool:
    return one.page == other.page and abs(one.bbox[1] - other.bbox[1]) <= one.bbox[3] - one.bbox[1]


_CLOSINGS = LazyPattern(
    r"(?:yours )?(?:sincerely|faithfully|truly)(?: yours)?|(?:best|kind) regards"
    r"|mit freundlichen grüßen|hochachtungsvoll|cordialement|atentamente|cordiali saluti"
    r"|atenciosamente",
    re.IGNORECASE,
)


# An office signs nothing.
_OFFICE = LazyPattern(
    r"\b(?:director|manager|laborator\w*|quality|control|department|team|supervisor|services?"
    r"|leit(?:er|ung)|labor|abteilung|laboratoire|responsable|direct\w+)\b",
    re.IGNORECASE,
)


def _signature(lines: Sequence[Line]) -> Iterator[Found]:
    """Give the name under the closing of a letter."""
    for above, below in pairwise(lines):
        closing = above.text.strip(" ,.")
        person = len(below.blocks) == 1 and is_name(below.text) and not _OFFICE.search(below.text)
        if _CLOSINGS.fullmatch(closing) and person and " " in below.text:
            yield Found("signed_by", below.blocks[0], closing)


def _lots(words: Sequence[Word], phrasebook: Phrasebook) -> Iterator[Found]:
    for index, word in enumerate(words[:-1]):
        label = word.text.strip("(,;:")
        if phrasebook.label(label) != "lot" or label.casefold() in _PLAIN_WORDS:
            continue
        before = words[index - 1].text.casefold() if index else ""
        if before.strip(".,;:") in _OF_SOMETHING_ELSE:
            continue
        after = index + 1
        while after < len(words) - 1 and words[after].text.casefold() in ("no.", "no", "nr.", "#"):
            after += 1
        text = words[after].text.strip(".,;:()")
        if is_lot(text) and _is_identifier(text) and not _is_denied(words, index):
            yield Found("lot", Block((_bare(words[after], text),)), label)


def _is_denied(words: Sequence[Word], index: int) -> bool:
    """Say whether the sentence around a word takes back what it names, or speaks of another."""
    start, end = index, index
    while start > 0 and not words[start - 1].text.endswith((".", ";")):
        start -= 1
    while end < len(words) - 1 and not words[end].text.endswith((".", ";")):
        end += 1
    sentence = words[
        max(start, index - _LONGEST_SENTENCE) : min(end, index + _LONGEST_SENTENCE) + 1
    ]
    texts = [word.text.casefold().strip(",;:()") for word in sentence]
    # "No." is a number, "no" is not.
    return any(text.rstrip(".") in _DENYING for text in texts) or any(
        text == "no" and not any(character.isdigit() for character in after)
        for text, after in pairwise(texts)
    )


def _is_identifier(text: str) -> bool:
    """Say whether a word is no plain number: `lot 5 of 12`."""
    return len(text) >= 4 and not re.fullmatch(r"\d{1,4}", text)


def _bare(word: Word, text: str) -> Word:
    """Give the word without the punctuation of its sentence."""
    return Word(text, word.page, word.bbox, origin=word.origin, engine=word.engine)


def _dated(words: Sequence[Word]) -> Iterator[Found]:
    for index in range(len(words) - 2):
        phrase = f"{words[index].text} {words[index + 1].text}".casefold()
        field = _DONE.get(phrase)
        if field is None:
            continue
        date = _date_at(words, index + 2)
        if date is not None:
            yield Found(field, date, phrase)


def _date_at(words: Sequence[Word], start: int) -> Block | None:
    """Give the longest run of words from here that is a date."""
    for end in range(min(len(words), start + _LONGEST_DATE), start, -1):
        run = list(words[start:end])
        run[-1] = _bare(run[-1], run[-1].text.rstrip(".,;:)"))
        if is_date(" ".join(word.text for word in run)):
            return Block(tuple(run))
    return None


def _replaced(words: Sequence[Word]) -> Iterator[Found]:
    for index, word in enumerate(words):
        if word.text.casefold().rstrip(":") not in _REPLACING:
            continue
        after = index + 1
        while after < len(words) and words[after].text.casefold().rstrip(":") in _REPORTS:
            after += 1
        text = words[after].text.strip(".,;:()") if after < len(words) else ""
        if _is_denied(words, index):
            continue
        if is_lot(text) and after > index + 1:
            yield Found("replaces", Block((_bare(words[after], text),)), word.text)


def _letter_date(lines: Sequence[Line]) -> Iterator[Found]:
    """Give the date that stands alone at the head of a letter, when no other line is a date."""
    dates = [
        (number, line.blocks[0])
        for number, line in enumerate(lines)
        if len(line.blocks) == 1 and line.blocks[0].page == 1 and is_date(line.blocks[0].text)
    ]
    if len(dates) == 1 and dates[0][0] < _HEAD_LINES:
        yield Found("date_issued", dates[0][1], "the date of the letter")
