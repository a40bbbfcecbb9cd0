"""Reads results that stand beside the names of tests, with no headings: `Sterility   No growth`.

It is read only when all of it is understood: the name, one result, and beside it nothing but a
limit, a verdict, a unit, a method or a date. A list of what is required looks the same, so that
what stands over it must not say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from qcvalidate.comparators import comparator_at
from qcvalidate.patterns import LazyPattern
from qcvalidate.readers.certificates.dating import is_date
from qcvalidate.readers.certificates.headed import is_heading_of_test
from qcvalidate.readers.certificates.keyvalues import without_colon
from qcvalidate.readers.certificates.lines import Block, Line, joined
from qcvalidate.readers.certificates.marks import has_boxes, ticked
from qcvalidate.readers.certificates.naming import bare_name
from qcvalidate.readers.certificates.phrasebook import Phrasebook
from qcvalidate.readers.certificates.rows import Row
from qcvalidate.readers.certificates.rowtests import role_in
from qcvalidate.readers.certificates.telling import telling
from qcvalidate.vocabulary import TestName
from qcvalidate.wording import key

# A line of more words than this is no heading.
_LONGEST_HEADING = 10
_FEWEST_IN_SENTENCE = 3
_NUMBER = re.compile(r"[\d.,' \u00a0\u2009\u202f]*\d(?: ?[x×*·] ?10\^?\d+)? ?(?P<unit>\D.*)?")
_RANGE = re.compile(r"\d.* ?(?:-|–|to|bis|à|a) ?\d[\d.,]*(?: ?\D+)?")
_METHOD = LazyPattern(
    r"\b(?:USP|EP|Ph\.? ?Eur\.?|JP|ISO|SOP|21 ?CFR|Eur\.? ?Ph\.?|DAB|FU|RFE)\b.*[\d<>.]+|"
    r"\b(?:PCR|NAT|LAL|BacT/?ALERT|BACTEC|7-?AAD|trypan|flow cytometry|kinetic|chromogenic|"
    r"turbidimetric|gel[- ]clot)\b",
    re.IGNORECASE,
)
# What is no result of this lot, folded by `key`: requirements, what was, what is wished for.
_NOT_OF_RESULTS = re.compile(
    r"\b(?:specifications?|spec|acceptance|criteri(?:a|on)|requirements?|required|limits?|"
    r"target|expected|previous|prior|historical|history|former|earlier|last (?:results?|lot|"
    r"batch|donation)|typical(?: (?:results?|values?|data))?|(?:example|sample) (?:results?|"
    r"values?|data|report)|template|request(?:ed)?|order(?:ed)?|planned|plan|reference|ranges?|"
    r"to be|proposed|other (?:lot|batch|donor)|spezifikation\w*|akzeptanz\w*|anforderung\w*|"
    r"grenzwert\w*|soll\w*|vorgabe\w*|vorbefund\w*|fruher\w*|vorherig\w*|(?:beispiel|"
    r"muster)(?:werte|ergebnisse?|bericht)|auftrag\w*|referenz\w*|angefordert\w*|geplant\w*|"
    r"exigences?|criteres?|limites?|attendu\w*|anterieur\w*|precedent\w*|exemples? de|"
    r"demande\w*|requis\w*|especificaci\w*|requisitos?|esperad\w*|anterior\w*|previ[oa]s?|"
    r"ejemplos? de|solicitad\w*|referencia|specific(?:a|he)|requisit\w*|attes[oi]|esempi?o? di|"
    r"richiest\w*|riferimento|especificac\w*|criterios?|exemplos? de|pedido|referencia)\b"
)


@dataclass
class _Parts:
    """The blocks of one listed result by what they are."""

    name: Block
    test: TestName
    answers: list[Block] = field(default_factory=list)
    readings: set[str] = field(default_factory=set)
    cells: dict[str, Block] = field(default_factory=dict)
    others: list[tuple[str, Block]] = field(default_factory=list)


def listed_rows(
    free: Sequence[Line], taken: set[int], aside: set[int], book: Phrasebook
) -> Iterator[Row]:
    """Give the rows that lines outside tables list.

    `taken` are the words of labels' pairs, `aside` those under headings of requirements.
    """
    over = ""
    for line in free:
        words = [id(word) for block in line.blocks for word in block.words]
        if len(line.blocks) == 1:
            over = line.text if is_heading_of_test(line.text, book) else over
            continue
        if not {*words}.isdisjoint(taken):
            continue
        here = {*words}.isdisjoint(aside)
        for parts in _named(line, book):
            row = _row(parts, book) or _of_whom(parts, over, book)
            if row is not None and (here or not all(is_good(a, book) for a in row.answers)):
                yield row


def not_of_results(lines: Sequence[Line], taken: set[int]) -> set[int]:
    """Give the words under a heading of what is required, expected, asked for, or was before.

    A list of these looks like a list of results. The next heading that announces results ends it.
    """
    aside: set[int] = set()
    over: list[str] = []
    for line in lines:
        words = [id(word) for block in line.blocks for word in block.words]
        if len(line.blocks) == 1:
            # `Specification` is a label, too; `Our reference: 26-118` is no heading.
            told = not {*words}.isdisjoint(taken)
            numbered = told and any(character.isdigit() for character in line.text)
            over = over if numbered else _headings_over(over, line.blocks[0])
        if any(map(_NOT_OF_RESULTS.search, over)):
            aside.update(words)
    return aside


def is_method(value: Block) -> bool:
    """Say whether a value says how a test was done, and nothing else."""
    return _METHOD.search(value.text) is not None and telling(value.text) is None


_SAMPLE = LazyPattern(
    r"(?:the )?(?:test )?(?:sample|specimen|item|probe|muestra|échantillon|campione|amostra)"
    r"(?: (?=\S*\d)[\w/.-]+)?",
    re.IGNORECASE,
)


def _of_whom(blocks: Sequence[Block], over: str, book: Phrasebook) -> Row | None:
    """Read `Sample 26-118   Not detected`, or a control, under the heading of its test."""
    test = book.subject(bare_name(over)) if over else None
    if test is None or len(blocks) != 2:
        return None
    name = blocks[0].text.rstrip(":")
    control = role_in(bare_name(name), book)
    if control is None and _SAMPLE.fullmatch(name) is None:
        return None
    parts = _Parts(blocks[0], test)
    if not _sort(blocks[1], parts, book) or len(parts.answers) != 1:
        return None
    numbered = control is None and any(map(str.isdigit, blocks[0].words[-1].text))
    cells = {"sample_id": Block(blocks[0].words[-1:])} if numbered else {}
    subject = name if control else ""
    return Row(subject, "", tuple(parts.answers), joined(list(blocks)), cells, section=over)


def names_sample(name: str) -> bool:
    """Say whether a text is the word for a sample, perhaps with its number."""
    return _SAMPLE.fullmatch(name.strip().rstrip(":")) is not None


def is_good(value: Block, book: Phrasebook) -> bool:
    """Say whether a value is a number, or tells of nothing bad; what is bad is told anywhere."""
    kind = book.vocabulary.result(value.text).kind
    return kind == "negative" or (kind == "unknown" and telling(value.text) is None)


def _headings_over(over: list[str], block: Block) -> list[str]:
    """Add a line to what stands over the next ones; one that announces results begins anew."""
    text = block.text.rstrip()
    if len(block.words) > _LONGEST_HEADING and not text.endswith(":"):
        return over
    # A sentence and a label with its value are no headings.
    if (text.endswith(".") and len(block.words) > _FEWEST_IN_SENTENCE) or ":" in text[:-1]:
        return over
    said = key(" ".join(word.text for word in block.words if not _ADDRESS.search(word.text)))
    if _RESULTS.search(said) and not _NOT_OF_RESULTS.search(said):
        return []
    return [*over, said]


_RESULTS = re.compile(r"\b(?:results?|ergebniss?e?|resultats?|resultados?|risultat[io]|befund)\b")
_ADDRESS = re.compile(r"@|www\.|\.[a-z]{2,7}$", re.IGNORECASE)


def _named(line: Line, book: Phrasebook) -> Iterator[list[Block]]:
    """Cut a line at the names of tests: `Sterility  No growth    Endotoxin  < 0.05 EU/mL`."""
    here: list[Block] = []
    blocks = [without_colon(block) for block in line.blocks]
    for block, after in zip_longest(blocks, blocks[1:]):
        if _about(block, after, book) is not None and len(here) != 1:
            if here:
                yield here
            here = []
        here.append(block)
    yield here


def _about(block: Block, after: Block | None, book: Phrasebook) -> TestName | None:
    """Give the test or the medium that a block names, also as `Result aerobic bottle`.

    `Nucleated cells` are a concentration or a number, as the unit of what comes after them says.
    """
    name = block.text.rstrip(":").strip()
    if has_boxes(block) or book.is_label(name):
        return None
    match = _NUMBER.fullmatch(_bare_number(after.text)) if after is not None else None
    unit = book.vocabulary.unit(match["unit"]) if match and match["unit"] else None
    for said in (bare_name(name), _without_result(name, book)):
        found = (book.test(said, unit) if said and unit else None) or book.subject(said)
        if found is not None:
            return found
    return None


def _bare_number(text: str) -> str:
    """Give a number with its unit, without its comparator and the limit in brackets behind it."""
    bare = _BRACKETS.sub("", text.strip())
    return bare[comparator_at(bare)[1] :]


# `94.2 % [≥ 90 %]`, `(norme : ≥ 70 %)`
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]$")
_LIMIT = LazyPattern(
    r"[(\[](?:(?:limits?|spec(?:ification)?|norme?|acceptance|criterion|grenzwert|soll|limite|requisito)"
    r"\s*:?\s*)?(?P<limit>[^()\[\]]+)[)\]]",
    re.IGNORECASE,
)


def _without_result(name: str, book: Phrasebook) -> str:
    words = name.split()
    for rest, asked in ((words[1:], words[:1]), (words[:-1], words[-1:]), (words[2:], words[:2])):
        said = " ".join(asked).strip(",:–-")
        if rest and (book.vocabulary.column(said) == "result" or key(said) in _VALUES):
            return bare_name(" ".join(rest))
    return ""


# `Endotoxin value`, `Teneur en endotoxines`
_VALUES = frozenset((
    "value", "level", "content", "wert", "gehalt", "messwert", "valeur", "taux", "teneur en",
    "taux d", "valor", "nivel", "contenido", "contenido de", "valore", "livello", "teor", "teor de",
))  # fmt: skip


def _row(blocks: Sequence[Block], book: Phrasebook) -> Row | None:
    test = _about(blocks[0], blocks[1] if len(blocks) > 1 else None, book)
    if test is None or len(blocks) < 2:
        return None
    parts = _Parts(blocks[0], test)
    for block in _options(blocks[1:]):
        if not _sort(block, parts, book):
            return None
    if not parts.answers:
        return None
    # The same said twice is the requirement and the result; what differs is for a person.
    answers = parts.answers[-1:] if len(parts.readings) == 1 else parts.answers
    name = parts.name.text.rstrip(":")
    other = _without_result(name, book)
    return Row(
        other if book.subject(bare_name(name)) is None and other else name,
        "",
        tuple(answers),
        joined(list(blocks)),
        parts.cells,
        tuple(parts.others),
    )


def _options(blocks: Sequence[Block]) -> Iterable[Block]:
    """Put boxes to tick together, and give what is ticked where that is clear."""
    if not any(map(has_boxes, blocks)):
        return blocks
    whole = joined(list(blocks))
    return (ticked(whole) or whole,)


def _sort(block: Block, parts: _Parts, book: Phrasebook) -> bool:
    """Put a block with its like; say whether it was understood."""
    vocabulary = book.vocabulary
    text = block.text
    limit = _LIMIT.fullmatch(text)
    if limit is not None and (
        comparator_at(limit["limit"])[0].endswith("closed") or _RANGE.fullmatch(limit["limit"])
    ):
        fresh = "specification" not in parts.cells
        # The brackets and their word are no part of the limit.
        named = len(text[: limit.start("limit")].split(" ")) - 1
        words = [*block.words[named:]]
        words[0] = replace(words[0], text=words[0].text.lstrip("(["))
        words[-1] = replace(words[-1], text=words[-1].text.rstrip(")]"))
        parts.cells["specification"] = Block(tuple(words), block.cell)
        return fresh
    if vocabulary.tests[parts.test.test].kind == "quantitative":
        kind = _number(text, parts.test, book)
    else:
        reading = vocabulary.result(text, parts.test.test).kind
        kind = "result" if reading != "unknown" else None
        parts.readings |= {reading} if kind else set()
    if kind is None and book.row_verdict(text) is not None:
        kind = "verdict"
    if kind is None and vocabulary.unit(text) is not None:
        kind = "unit"
    if kind == "result":
        parts.answers.append(block)
        return True
    if kind is not None:
        fresh = kind not in parts.cells
        parts.cells[kind] = block
        return fresh
    if is_date(text) or is_method(block):
        parts.others.append(("", block))
        return True
    return False


def _number(text: str, test: TestName, book: Phrasebook) -> str | None:
    """Say whether a text is a result in numbers or a limit; None for anything else."""
    bound, _ = comparator_at(text.strip())
    bare = _bare_number(text)
    match = _NUMBER.fullmatch(bare)
    unit = match["unit"] if match else None
    if _RANGE.fullmatch(bare) and bound != "upper_open":
        return "specification"
    if match is None or (unit is not None and not _fits(unit, test, book)):
        return None
    if bound.endswith("closed"):
        return "specification"
    # "> 70 %" beside a number is what was asked for; alone it may be the result.
    return "specification" if bound == "lower_open" else "result"


def _fits(unit: str, test: TestName, book: Phrasebook) -> bool:
    return book.vocabulary.unit(unit) in book.vocabulary.tests[test.test].units
