"""Knows short lines that are no sentence and take from a paper what it says: stamps, "see over".

A closed list in six languages: nobody can tell from its words alone that `2/2` is two tubes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qcvalidate.patterns import LazyPattern
from qcvalidate.readers.certificates.daygrid import day_of
from qcvalidate.readers.certificates.header import place
from qcvalidate.readers.certificates.keyvalues import KeyValue, plain
from qcvalidate.readers.certificates.lines import Block, Line
from qcvalidate.readers.certificates.phrasebook import Phrasebook
from qcvalidate.readers.certificates.telling import says_none
from qcvalidate.record import Finding, Severity
from qcvalidate.wording import key

_STAMPS = frozenset(
    key(stamp)
    for stamp in (
        *("copy", "uncontrolled copy", "not controlled", "office copy", "duplicate", "void"),
        *("draft", "dummy", "example", "test", "training", "expired", "hold", "rejected"),
        *("kopie", "unkontrollierte kopie", "duplikat", "zweitschrift", "ungültig", "entwurf"),
        *("beispiel", "muster", "schulung", "gesperrt", "abgelaufen"),
        *("copie", "copie non contrôlée", "duplicata", "annulé", "nul", "brouillon", "exemple"),
        *("spécimen", "copia", "copia no controlada", "duplicado", "anulado", "nulo", "borrador"),
        *("ejemplo", "muestra sin valor", "copia non controllata", "duplicato", "annullato"),
        *("bozza", "esempio", "facsimile", "fac-simile", "cópia", "cópia não controlada"),
        *("segunda via", "anulado", "rascunho", "exemplo"),
    )
)
# These are headings and names of columns, too, where they are not written large.
_IN_CAPITALS = frozenset(("test", "example", "specimen", "hold", "training"))
_HEADINGS = _IN_CAPITALS | {"duplicate", "duplikat", "duplicata", "duplicado", "duplicato"}
_FRACTION = re.compile(r"\(?(\d{1,2}) ?/ ?(\d{1,2})\)?")
_GOES_ON = re.compile(
    r"\b(?:continued|continues|fortsetzung|fortgesetzt|suite|continua(?:cion)?|sigue|segue"
    r"|continuacao) (?:on|auf|at|a la|sur la|sur|en la|en|a|alla|na) (?:the )?"
    r"(?:next|other|following|page|seite|nachsten|pagina|pag|siguiente|proxima|seguinte|successiva"
    r"|folgenden|suivante|reverse|overleaf)(?: (?:page|seite|pagina))? ?(\d{1,3})?"
    r"|\b(?:see (?:over(?:leaf)?|reverse)|please turn over|bitte wenden|siehe ruckseite"
    r"|voir (?:au )?verso|t ?s ?v ?p|ver (?:al )?dorso|vedi retro|ver (?:no )?verso)\b"
)
# At these a letter is a person's sex, the edition of a form, a place.
_LETTERED = LazyPattern(
    r"\b(?:sex|gender|geschlecht|sexe|sexo|sesso|genero|genere|rev\w*|version|edition|issue|index"
    r"|ausgabe|fassung|auflage|indice|emision|edicion|edizione|edicao|room|raum|bottle|vial|tube"
    r"|bag|container|position|well|lane|type|typ|group|gruppe|class|grade|annex|appendix|section"
    r"|form|sheet|method|key|code|kode|codigo|codice)\b"
)
_ANSWERED = re.compile(r"(?P<label>[^:]{2,40}?) ?: ?(?P<text>[^:]{1,30})")
_TO_COME = re.compile(
    r"\b(?:pending|awaiting|awaited|outstanding|tbd|to be (?:signed|reviewed|approved|done)|not yet"
    r"|ausstehend|steht aus|folgt|noch (?:nicht|offen)|en attente|a venir|pendientes?|por firmar"
    r"|in attesa|da firmare|pendentes?|aguard\w*|por assinar|rejected|refused|declined|abgelehnt"
    r"|refuse|rechazad[oa]|rifiutat[oa]|respint[oa]|rejeitad[oa]|recusad[oa])\b"
)
_LETTERS = frozenset(("F", "NOK"))


_END = re.compile(
    r"(?:end of (?:the )?(?:test |analysis |analytical |laboratory )?"
    r"(?:report|certificate|document)"
    r"|end|ende(?: des (?:pruf)?(?:berichts?|zertifikats?|dokuments?))?"
    r"|fin(?: du (?:rapport|certificat|document)| del? (?:informe|certificado|documento))?"
    r"|fine(?: del?)?(?: (?:rapporto|certificato|documento)(?: di (?:prova|analisi))?)?"
    r"|fim(?: do (?:relatorio|certificado|documento)(?: de (?:ensaio|analise))?)?)"
)


def is_end(text: str) -> bool:
    """Say whether a line marks the end of the paper (ISO/IEC 17025, 7.8.2.1 d).

    >>> is_end("*** End of report ***"), is_end("End of incubation")
    (True, False)
    """
    return _END.fullmatch(key(text).strip(" *-–—=~.#<>_:/|")) is not None


def is_stamp(text: str) -> bool:
    """Say whether a text alone is what is stamped on papers that are not the report itself.

    >>> is_stamp("COPY"), is_stamp("Copy to: client"), is_stamp("Test")
    (True, False, False)
    """
    folded = key(text).strip(" .:*-!")
    return folded in _STAMPS and (folded not in _IN_CAPITALS or text.isupper())


def stamped(name: str, lines: Sequence[Line], pages: int) -> Iterator[Finding]:
    """Hold a paper on which such a line stands alone, or that goes on where we have no page."""
    for line in lines:
        first = line.blocks[0]
        for block in line.blocks:
            # Between others such a word may head a column: only a stamp is written large.
            apart = block.text.isupper() and key(block.text) not in _HEADINGS
            if is_stamp(block.text) and (len(line.blocks) == 1 or apart):
                what = f"“{block.text}” stands on it; is this the report itself?"
                yield _held(name, block, what)
        counted = _FRACTION.fullmatch(line.text.strip())
        if counted and int(counted[2]) > pages:
            what = (
                f"“{line.text}” stands alone; two pages of which one is missing, or two containers?"
            )
            yield _held(name, first, what)
        onward = _GOES_ON.search(key(line.text))
        if onward and (int(onward[1]) if onward[1] else first.page + 1) > pages:
            what = f"goes on (“{onward.group()}”), and there is no such page; ask for all of it"
            yield _held(name, first, what, slug="page-unread")


def unclear_answers(
    name: str, lines: Sequence[Line], pairs: Sequence[KeyValue], book: Phrasebook
) -> Iterator[Finding]:
    """Hold a letter at a label that we do not know, a day's entry, a signature still to come."""
    for pair in pairs:
        value = pair.values[0] if pair.values else None
        if value is not None and pair.field == "signed_by" and _TO_COME.search(key(value.text)):
            what = f"“{pair.label.text} {value.text}”: nobody has signed there; ask for the report"
            yield _held(name, value, f"{what} as it was released", slug="unsigned")
    for line in lines:
        found = _ANSWERED.fullmatch(line.text.strip())
        if found is None or book.label(plain(found["label"])) is not None:
            continue
        label, text = plain(found["label"]), found["text"].strip()
        is_unclear = text in _LETTERS and _LETTERED.search(key(label)) is None
        if day_of(label) is not None:
            is_unclear = not _is_clean_or_dated(text, book)
        if is_unclear:
            what = f"“{label}: {text}” was not understood; what does it say of the result?"
            yield _held(name, line.blocks[0], what)


def _is_clean_or_dated(text: str, book: Phrasebook) -> bool:
    if says_none(text) or any(letter.isdigit() for letter in text):
        return True
    kinds = (book.vocabulary.result(text).kind, book.vocabulary.turbidity(text).kind)
    return "negative" in kinds


def _held(name: str, block: Block, what: str, slug: str = "result-wording-unknown") -> Finding:
    where = place(name, block)
    return Finding(slug, Severity.HOLD, f"{where}: {what}", where)
