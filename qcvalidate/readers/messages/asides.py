"""Judges the words of a message that are no result: notes, titles, types of specimen, other lots.

Such words hold the lot unless they are known to be harmless: nobody can list all that may be said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from qcvalidate.documents.structured import Node
from qcvalidate.folding import key
from qcvalidate.readers.certificates.stock import is_stock
from qcvalidate.readers.certificates.telling import says_none, telling
from qcvalidate.readers.certificates.whatfor import is_before, is_other, lot_shape

_CARED_FOR = (
    r"(?:the )?(?:samples?|specimens?|products?|vials?|bags?)?(?: ?(?:was|were))?"
    r" ?(?:received|stored|transported|shipped|delivered|kept)"
    r"(?: (?:and|received|stored|transported|shipped|on|in|at|under|by|wet|dry|ice|ambient|room"
    r"|temperature|controlled|conditions?|refrigerated|frozen|chilled|cooled|intact|good|courier"
    r"|liquid|nitrogen|vapou?r|phase|to|2|4|5|8|15|20|25|70|80|150|196|c|degrees))+"
)
_METHOD = (
    r"(?:the )?(?:test |tests |analysis )?(?:method|tested|performed|analysed|analyzed)"
    r"(?: (?:was|were|performed|according|accordance|in|to|with|per|as|by|usp|ph|eur|ep|jp"
    r"|chapter|general|method|membrane|filtration|direct|inoculation|kinetic|chromogenic"
    r"|turbidimetric|lal|71|85|63|2 6 1"
    r"|2 6 7|2 6 14|2 6 27|2 6 30|harmoni[sz]ed|pharmacopo?eia|european|united|states))+"
)
_ONLY_THESE = (
    r"(?:the |these )?(?:test )?results? (?:relate|refer|apply|pertain) only to the"
    r" (?:items?|samples?|specimens?|batch|lot) (?:as )?(?:tested|received|submitted)"
)
_SOUND = (
    r"(?:containers? |samples? |specimens? )?(?:intact|acceptable|good|cool|cooled|frozen|clear)"
)
_HARMLESS = re.compile(rf"(?:{_CARED_FOR}|{_METHOD}|{_ONLY_THESE}|{_SOUND})")

# What no released report is called.
_UNFINISHED = re.compile(
    r"\b(?:drafts?|interim|preliminary|provisional|partial|pending|stability|training|exercises?"
    r"|test data|dummy|demo\w*|mock|specimen copy|example|validation|qualification|simulation"
    r"|proficiency|entwurf|vorlaufig\w*|zwischenbericht|stabilitat\w*|schulung\w*|testdaten"
    r"|brouillon|provisoire|intermediaire|stabilite|borrador|provisional|estabilidad|bozza"
    r"|provvisori[oa]|stabilita|rascunho|provisori[oa]|estabilidade)\b"
)
_NOT_FOR_USE = re.compile(
    r"\b(?:not|no|never|without|unreviewed|unapproved|expired|suspended|revoked|test user"
    r"|nicht|non|nao)\b"
)
_FOREIGN = re.compile(
    r"\b(?:donors?|spender\w*|donneur|donante|donatore|doador|placebo|diluents?|vehicle|spent|rinse"
    r"|blank|water|medium|media|environment\w*|swabs?|buffers?|serum|plasma|blood|marrow|retain\w*"
    r"|reference|standards?|controls?|training|urine|cord|feeder)\b"
)
_PRODUCT = re.compile(
    r"\b(?:cells?|suspensions?|products?|msc|mscs|stromal|stem|atmp|tcells?|lymphocytes?"
    r"|fibroblasts?|chondrocytes?|keratinocytes?|zellen|zellsuspension|cellules|celulas|cellule"
    r"|produkt|produit|producto|prodotto|produto|vials?|cryobags?|bags?)\b"
)
_RAPID = re.compile(
    r"\b(?:rapid|alternative|in house|not|non|un\w*valid\w*|modified|research|experimental"
    r"|screening|abbreviated|shortened)\b|\b(?:[1-9]|1[0-3]) ?d(?:ays?)?\b"
)
# An incubator by its name, whose "3D" are no days.
_INSTRUMENT = re.compile(r"\bbact ?alert 3d\b")
# Numbers of a message by which nobody meant the outcome, apart from what they are.
_MEASURED = re.compile(
    r"ph|ph value|osmolality|osmolarity|density|(?:sample|inoculated|inoculum|test|fill|filling)"
    r" (?:volume|weight|size)|volume|weight|number of (?:units|containers|vials|tubes) tested"
    r"|passage(?: number)?|dilution|dilution factor"
)
_DESCRIBED = re.compile(
    r"appearance|description|colou?r|clarity|identity|identification|packaging|label(?:ling)?"
)
_COUNTED = re.compile(
    r"(?:colony|cfu|colonies) ?(?:count|number)?|(?:number of )?positive"
    r" (?:units|tubes|vials|bottles)"
)
_WARMED = re.compile(r"(?:incubation )?temperature|temperature of incubation")
_INCUBATED = (20.0, 37.5)  # Cel: from SCDM's lower end (USP <71>) to that of mycoplasma


def is_harmless(text: str) -> bool:
    """Say whether every sentence of a note is known to tell nothing of a result.

    >>> is_harmless("Received on ice."), is_harmless("Only the diluent was tested.")
    (True, False)
    """
    if says_none(text):
        return True
    sentences = [each for each in re.split(r"[.;!](?:\s+|$)|[\r\n]+", text) if each.strip()]
    return all(_sentence_is_harmless(each) for each in sentences)


def _sentence_is_harmless(sentence: str) -> bool:
    folded = key(sentence)
    if says_none(sentence) or is_stock(folded):
        return True
    plain = " ".join(re.sub(r"[<>(),]", " ", folded).split())
    return _HARMLESS.fullmatch(plain) is not None and telling(sentence) is None


def measured_harmlessly(name: str, result: str, *, is_good: bool) -> bool:
    """Say whether an unknown test cannot be one that holds the lot, by its name and result.

    `is_good` says that the result is a verdict of passing, or a negative.
    """
    folded = key(name)
    number = re.fullmatch(r"\s*([+-]?[0-9]+(?:[.,][0-9]+)?)(?:\s.*|\s*\D.*)?", result)
    value = float(number[1].replace(",", ".")) if number else None
    if _DESCRIBED.fullmatch(folded) or _COUNTED.fullmatch(folded):
        return is_good or (value == 0 and _COUNTED.fullmatch(folded) is not None)
    if _WARMED.fullmatch(folded):
        return value is not None and _INCUBATED[0] <= value <= _INCUBATED[1]
    return (value is not None or is_good) and _MEASURED.fullmatch(folded) is not None


def title_doubt(text: str) -> str | None:
    """Say why a report or order of this name may support nothing."""
    folded = key(text)
    if is_other(text):
        return "names what is not the product"
    return "is the name of no released report" if _UNFINISHED.search(folded) else None


def name_doubt(text: str) -> str | None:
    """Say why a laboratory or person of this name may support nothing."""
    folded = key(text)
    if _UNFINISHED.search(folded) or _NOT_FOR_USE.search(folded):
        return "says that this is not for use"
    return None


def specimen_doubt(text: str, *, is_early: bool) -> str | None:
    """Say why a specimen of this type may be none of the product.

    `is_early` says that no result is of a test that wants the final product.
    """
    folded = key(text)
    if is_before(text):
        return None if is_early else "is a sample from before the final product"
    if is_other(text) or _FOREIGN.search(folded):
        return "is no sample of the product"
    return None if _PRODUCT.search(folded) else "is a type of specimen that is not known"


def place_doubt(text: str) -> str | None:
    """Say why a category or site may not be the product's."""
    return "is not the product" if is_other(text) or _FOREIGN.search(key(text)) else None


def method_doubt(text: str) -> str | None:
    """Say why a method may not be the one that the result needs."""
    folded = _INSTRUMENT.sub(" ", key(text))
    return "is a method that may not stand for the test" if _RAPID.search(folded) else None


def other_lots(
    nodes: Iterable[Node], lots: Iterable[str | None]
) -> Iterator[tuple[Node, str, str]]:
    """Give each text that names a lot of the shape of `lots`, and is none of them."""
    known = {lot.casefold(): lot for lot in lots if lot}
    shapes = [(lot, shape) for lot in known.values() if (shape := lot_shape(lot)) is not None]
    for node in nodes if shapes else ():
        for lot, shape in shapes:
            for found in shape.finditer(node.text or ""):
                if found.group().casefold() not in known:
                    yield node, found.group(), lot
