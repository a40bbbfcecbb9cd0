"""Asks what a certificate tested: the lot's product, or water, media, plates, or another lot."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from qcvalidate.frames import Observation
from qcvalidate.readers.certificates.header import is_lot, place
from qcvalidate.readers.certificates.keyvalues import KeyValue, plain
from qcvalidate.readers.certificates.lines import Block, Line
from qcvalidate.readers.certificates.resulttable import ResultTable
from qcvalidate.readers.certificates.stock import is_stock
from qcvalidate.record import Field, Finding, Role, Severity, State
from qcvalidate.wording import key

# What laboratories test that is no product; folded by `key`.
_OTHER = re.compile(
    r"\b(?:growth promotion|(?:method|test) suitability|fertility test|media fill"
    r"|(?:process|aseptic) simulation|environmental|settle plates?|contact plates?"
    r"|glove prints?|air sampl\w+|swabs?|bioburden|raw materials?|excipients?"
    r"|(?:purified |process )?water|wfi|wash buffers?|rinse|(?:culture|transport|growth|nutrient)"
    r" (?:medium|media)|dmem|dpbs|saline|reagents?|serum lot|trypsin"
    r"|umgebungs\w*|umgebungsmonitoring|waschpuffer|spulflussigkeit|wasser|nahrmedi\w+|rohstoff\w*"
    r"|wachstumsforderung|methodeneignung|eignungsprufung|medienabfullung|sedimentationsplatten?"
    r"|abklatsch\w*|kontaktplatten?|hilfsstoff\w*|reagenz\w*|kochsalzlosung"
    r"|milieux? de culture|eau (?:purifiee|ppi)|tampon de lavage|matieres? premieres?"
    r"|environnement\w*|controle de l environnement|promotion de croissance|remplissage aseptique"
    r"|boites? de sedimentation|boites? contact|ecouvillons?|reactifs?|excipiente?s?"
    r"|medios? de cultivo|agua|tampon de lavado|materias? primas?|ambiental(?:es)?"
    r"|promocion del? crecimiento|llenado aseptico|placas? de (?:contacto|sedimentacion)|hisopos?"
    r"|reactivos?|solucion salina"
    r"|terren[oi] di coltura|acqua|tampone di lavaggio|materi[ae] prim[ae]|monitoraggio ambientale"
    r"|ambientale|promozione della crescita|idoneita del metodo|riempimento asettico"
    r"|piastr[ae] (?:a contatto|di sedimentazione)|tamponi|reagent[ei]|eccipient[ei]"
    r"|meios? de cultura|tampao de lavagem|materias? primas?|monitori[sz]acao ambiental"
    r"|promocao d[eo] crescimento|adequacao do metodo|enchimento asseptico|envase asseptico"
    r"|zaragatoas?|swabes?|reagentes?|soro fisiologico)\b"
)
# What is taken before the product is final.
_BEFORE = re.compile(
    r"\b(?:in process|inprozess\w*|intermediate|bulk|supernatants?|ipc|zwischenprodukt"
    r"|uberstand|zellkulturuberstand|intermediaire|en cours de (?:procede|production)|surnageant\w*"
    r"|intermedio|en proceso|sobrenadante|granel|semilavorato|in processo|in corso di processo"
    r"|surnatante|sovranatante|em processo|intermediario)\b"
)
# What the final product's own name may say: it is suspended in saline or a medium.
_SUSPENDED = re.compile(
    r"\b(?:in|with|suspended in|and|mit|und|dans|avec|et|en|con|y|e|em|com) (?:\w+ ){0,4}$"
)
# Labels at which a paper says what kind of test or of sample it is about.
TYPES_OF_TEST = frozenset(
    """
type of test|test type|test|tests|test name|prüfart|art der prüfung|prüfung|type d'essai
type d'analyse|nature de l'essai|essai|tipo de ensayo|tipo de análisis|tipo de prueba|ensayo|prueba
tipo di prova|tipo di analisi|tipo di saggio|prova|saggio|tipo de ensaio|tipo de teste
tipo de análise|ensaio|teste
""".strip()
    .replace("\n", "|")
    .split("|")
)
# Of these, the ones whose value can be nothing but a test.
ASKING_FOR_A_TEST = frozenset(
    label
    for label in TYPES_OF_TEST
    if label.startswith(("type ", "tipo ", "art ")) or label in ("test type", "prüfart")
)
_KINDS = TYPES_OF_TEST | {
    *(
        "sample type",
        "sample matrix",
        "matrix",
        "probenart",
        "matrix der probe",
        "type d'échantillon",
    ),
    *("nature de l'échantillon", "matrice", "tipo de muestra", "tipo di campione"),
    *("tipo de amostra", "matriz"),
}


class Reported(Protocol):
    """The results that were read."""

    observations: list[Observation]


@dataclass(frozen=True)
class Purpose:
    """What a document says that it tested.

    `other` is where it names something that is not the product, `before` where it names a
    sample from before the final product; both None for an ordinary certificate.
    """

    other: Block | None = None
    before: Block | None = None


def purpose(title: Block | None, headlines: Sequence[Block], pairs: Sequence[KeyValue]) -> Purpose:
    """Look at the titles, the type of test and the descriptions of the sample."""
    titles = [*([title] if title else []), *headlines]
    kinds: list[Block] = []
    named: list[Block] = []
    for pair in pairs:
        if not pair.values:
            continue
        if plain(pair.label.text).casefold() in _KINDS:
            kinds.append(pair.values[0])
        elif pair.field == "product":
            named.append(pair.values[0])
    blocks = [*titles, *kinds, *named]
    other = next((b for b in (*titles, *kinds) if is_other(b.text) and not _is_aside(b.text)), None)
    other = other or next((b for b in named if is_other(b.text)), None)
    return Purpose(other, next((b for b in blocks if is_before(b.text)), None))


# A title has no verb: "Method suitability was demonstrated under report VAL-24-031" is none.
_VERB = re.compile(r"\b(?:was|were|has been|have been|wurden?|a ete|e stat[ao]|fue|ha sido|foi)\b")


def _is_aside(text: str) -> bool:
    folded = key(text)
    return _VERB.search(folded) is not None and is_stock(folded)


def keep_to_product(name: str, said: Purpose, reported: Reported) -> Iterator[Finding]:
    """Take out the results that are not the product's, and hold the lot with the reason."""
    if said.other is not None:
        reported.observations = []
        yield _not_the_product(
            name, said.other, "its results are not the product's, and none counts"
        )
    elif said.before is not None:
        rows = [_before_harvest(row) for row in reported.observations]
        reported.observations = rows
        if any(row.test not in _EARLY for row in rows if row.role == Role.SAMPLE):
            yield _not_the_product(
                name, said.before, "it is no sample of the final product, as other tests want it"
            )


# The tests that are made before the product is final; mycoplasma wants the culture itself.
_EARLY = ("in_process_culture", "mycoplasma")


def _before_harvest(row: Observation) -> Observation:
    return replace(row, test="in_process_culture") if row.test == "sterility" else row


def _not_the_product(name: str, block: Block, why: str) -> Finding:
    where = place(name, block)
    message = f"{where}: it is about “{block.text}”: {why}"
    return Finding("test-unknown", Severity.HOLD, message, where)


def is_other(text: str) -> bool:
    """Say whether a name means something that is no product of cells.

    >>> is_other("Wash buffer (DPBS)"), is_other("UC-MSC suspension in saline")
    (True, False)
    """
    folded = key(text)
    found = _OTHER.search(folded)
    return found is not None and not _SUSPENDED.search(folded[: found.start()])


def is_before(text: str) -> bool:
    """Say whether a name means a sample from before the final product."""
    return _BEFORE.search(key(text)) is not None


def other_lots(
    name: str,
    lines: Sequence[Line],
    pairs: Sequence[KeyValue],
    tables: Sequence[ResultTable],
    header: Mapping[str, Field],
) -> Iterator[Finding]:
    """Hold a document that names a second lot, of the same shape as its own."""
    lot = header.get("lot")
    if lot is None or lot.value is None or lot.state is not State.CONFIRMED:
        return
    for pair in pairs:
        for block in pair.values[:1] if pair.field == "product" else ():
            for named in _LOT_IN_NAME.findall(block.text):
                if is_lot(named) and not _same(named, lot.value):
                    yield _second_lot(name, block, named, lot.value)
    known = {
        id(word)
        for pair in pairs
        if pair.field in ("report_number", "replaces")
        for block in pair.values
        for word in block.words
    }
    for table in tables:
        if any(column.meaning == "lot" for column in table.columns):
            known |= table.words
    told: set[str] = set()
    for block in (block for line in lines for block in line.blocks):
        for named, text in _lots_in(block, known, lot_shape(lot.value)):
            if not _same(named, lot.value) and named not in told:
                told.add(named)
                yield _second_lot(name, block, text, lot.value)


def _lots_in(
    block: Block, known: set[int], shape: re.Pattern[str] | None
) -> Iterator[tuple[str, str]]:
    """Give what may be a lot's number, with the word that it stands in: by its label, or shape."""
    match = _LOT_OF_SAMPLE.match(block.text)
    if match is not None and not any(id(word) in known for word in block.words):
        named = match["lot"].rstrip(".,;:)")
        if is_lot(named):
            yield named, named
    if shape is None:
        return
    for word in block.words:
        found = None if id(word) in known else shape.search(word.text)
        if found is not None:
            yield found.group(), word.text


_LOT_IN_NAME = re.compile(
    r"\b(?:lot|batch|charge|ch\.-b\.|lote|lotto|partita)(?!\w)[.:#]? ?"
    r"(?:(?:no|nr|n)\.?[°º]?)? ?([\w-]+)",
    re.I,
)


# A line that begins so says whose the results are; the lot of a medium is named behind it.
_LOT_OF_SAMPLE = re.compile(
    r"(?:(?:sample|specimen|product|material|probe|produkt|échantillon|produit|muestra|producto"
    r"|campione|prodotto|amostra|produto)\b(?: (?!lot|batch)\S{1,20})?[ ,:;(–-]*)?"
    r"(?:lot|batch|charge|chargen-?nr\.?|ch\.-b\.|lote|lotto|partita)(?!\w)[.:#]? ?"
    r"(?:(?:no|nr|n|number)\.?[°º]?:? )?(?P<lot>[\w.\-/]+)",
    re.IGNORECASE,
)


def _second_lot(name: str, block: Block, named: str, lot: str) -> Finding:
    where = place(name, block)
    message = (
        f"{where}: names “{named}” beside the lot {lot}; ask the laboratory which of the two "
        "was tested"
    )
    return Finding("field-conflict", Severity.HOLD, message, where)


def lot_shape(lot: str) -> re.Pattern[str] | None:
    """Give what lots numbered like this one look like; None for a number without letters."""
    if sum(c.isalpha() for c in lot) < 2 or sum(c.isdigit() for c in lot) < 3:
        return None
    pieces = re.findall(r"\d+|\D+", lot)
    shape = "".join(rf"\d{{{len(p)}}}" if p.isdigit() else re.escape(p) for p in pieces)
    return re.compile(rf"(?<![\w]){shape}(?!\d)", re.IGNORECASE)


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
