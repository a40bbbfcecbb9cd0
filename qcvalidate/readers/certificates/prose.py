"""Reads what a certificate says in sentences: results of letters, controls, the conclusion.

The grammar is closed and works within one sentence: which result goes with which medium must
be said by the words between them. A sentence that tells of growth and does not fit is never
left out in silence: it is handed back as not understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Protocol

from qcvalidate.documents import Word
from qcvalidate.patterns import LazyPattern
from qcvalidate.readers.certificates.concluding import is_plain
from qcvalidate.readers.certificates.legend import spells
from qcvalidate.readers.certificates.lines import Block, Line
from qcvalidate.readers.certificates.telling import is_legend, telling

_LONGEST_PHRASE = 9
# Lines of one paragraph stand within this many heights of each other.
_LEADING = 0.9

_NO_END = {
    "ph.", "eur.", "no.", "nr.", "approx.", "ca.", "e.g.", "i.e.", "dr.", "vs.", "sp.", "spp.",
    "min.", "max.", "rev.", "ver.", "vol.", "temp.", "inc.", "bzw.", "z.b.", "ggf.", "env.", "n.g.",
}  # fmt: skip
# Words that may stand between a result and what it is a result of.
_LINKS = {
    "for", "in", "with", "from", "of", "on", "the", "both", "and", "or", "was", "were", "is", "are",
    "at", "any", "either", "media", "medium", "bottle", "bottles", "showed", "shows", "a", "an",
    "observed", "there", "detected", "seen", "found", "result", "results", "sample", "für",
    "im", "der", "die", "das", "und", "wurde", "wurden", "beobachtet", "dans", "le", "la", "les",
    "et", "pour", "été", "observé", "observée", "en", "el", "los", "las", "y", "e", "il", "i",
    "nel", "nella", "nei", "per", "o", "os", "no", "nos", "em", "para", "ambos", "entrambi",
    "terreni", "meios", "medios", "milieux", "muestra", "campione", "amostra", "probe",
    "échantillon",
}  # fmt: skip
# These belong to the sentence and never to the end of a name.
_BINDERS = {
    "and", "or", "und", "oder", "et", "ou", "y", "e", "o", "for", "in", "of", "with", "im", "für",
    "mit", "dans", "pour", "avec", "de", "du", "des", "en", "para", "con", "del", "nel", "nella",
    "per", "di", "em", "com", "da", "do",
}  # fmt: skip
# With one of these about, "no growth" may not mean what it says.
_DOUBTS = {
    "not", "cannot", "unless", "except", "until", "but", "however", "although", "if", "when",
    "should", "would", "may", "might", "could", "initially", "initial", "previously", "previous",
    "retest", "repeat", "repeated", "original", "only", "before", "nor", "neither", "nicht", "wenn",
    "falls", "außer", "bis", "aber", "pas", "sauf", "si", "mais", "salvo", "pero", "other",
    "nur", "jedoch", "ausgenommen", "zunächst", "seulement", "excepté", "cependant", "excepto",
    "sino", "aunque", "solo", "sólo", "inicialmente", "tranne", "eccetto", "ma", "però", "se",
    "soltanto", "exceto", "mas", "porém", "apenas", "somente", "não", "non", "ni", "né", "nem",
}  # fmt: skip
_SUBJECTS = {
    "sample", "samples", "product", "lot", "batch", "article", "material", "specimen", "probe",
    "produkt", "charge", "muster", "échantillon", "produit", "muestra", "producto", "lote",
    "campione", "prodotto", "lotto", "amostra", "produto",
}  # fmt: skip
_TAIL = LazyPattern(
    r"(?:(?:on|at|am|le|after|following|during|nach|après|for|à|tras|a los|al|dopo|il|após|ao) )?"
    r"(?:the )?(?:(?:day|tag|jour|día|giorno|dia) \d{1,2}"
    r"|\d{1,2} (?:days?|tagen?|jours|días|giorni|dias)"
    r"|incubation(?: period)?|test period|entire incubation period)"
    r"(?: (?:of|der|d'|de|di)? ?(?:incubation|inkubation|bebrütung|incubación|incubazione|incubação"
    r"|culture|the test))?",
    re.IGNORECASE,
)
# A chapter or a method in brackets at the end: `(Ph. Eur. 2.6.1)`.
_REFERENCE = LazyPattern(
    r" ?\((?:method |méthode |método |metodo |methode )?(?:USP|Ph\. ?Eur\.?|EP|JP|Eur\. ?Ph\."
    r"|Farmacopeia \w+|Farmacopea \w+|Pharmacopée \w+|SOP)[^()]*\)?$",
    re.IGNORECASE,
)
# A German sentence ends with its verb: "Es wurde kein Wachstum in FTM und TSB festgestellt."
_VERB_AT_END = re.compile(
    r"(?:^| )(?:festgestellt|nachgewiesen|beobachtet|gefunden|detektiert|gesehen)(?: werden)?$",
    re.IGNORECASE,
)
_IDENTIFIED = re.compile(
    r"\b(?:isolate|organism|growth|culture)\b.* identified as ([A-Z][a-z]+ [a-z]+(?: [a-z]+)?)\.?$"
)
# How it was named says nothing of what grew.
_NAMING = re.compile(
    r"The (?:isolate|organism) (?:was|is|will be) identified (?:by|using|with) [\w\- ]+\.?"
)
_DAY = re.compile(r"\bon (?:the )?day (\d{1,2})\b|\bam tag (\d{1,2})\b", re.IGNORECASE)


class Phrases(Protocol):
    """What is asked of the vocabulary; each gives None for what it does not know."""

    def knows(self, word: str) -> bool:
        """Say whether any phrase may have this word in it."""

    def subject(self, text: str) -> object | None:
        """Name the test or medium."""

    def role(self, text: str) -> str | None:
        """Name a control."""

    def reading(self, text: str) -> str | None:
        """Give the class of a result that has a meaning without its test: growth, no growth."""

    def verdict(self, text: str) -> str | None:
        """Say whether the words mean that something passed or failed."""

    def is_failure(self, text: str) -> bool:
        """Say whether a text is, as a whole, a failing verdict or a positive result."""


@dataclass(frozen=True)
class Sentence:
    """One sentence, or a line that stands alone."""

    words: tuple[Word, ...]

    @cached_property
    def text(self) -> str:
        """The sentence with single spaces."""
        return " ".join(word.text for word in self.words)

    @cached_property
    def block(self) -> Block:
        """The sentence as a block, for its place."""
        return Block(self.words)


@dataclass(frozen=True)
class Statement:
    """A result that a sentence states. `role` is None for the sample."""

    subject: object | None
    role: str | None
    text: str
    reading: str
    day: int | None
    sentence: Sentence


@dataclass
class Prose:
    """What the sentences of a document say."""

    statements: list[Statement] = field(default_factory=list)
    # A result that names neither medium nor control: "No growth was observed after 14 days."
    bare: list[Statement] = field(default_factory=list)
    organisms: list[str] = field(default_factory=list)
    # Sentences that name what grew, where something did.
    isolates: list[Sentence] = field(default_factory=list)
    conclusions: list[tuple[str, Sentence]] = field(default_factory=list)  # pass, fail, unclear
    unclear: list[Sentence] = field(default_factory=list)
    sentences: tuple[Sentence, ...] = ()


def sentences(lines: Sequence[Line]) -> Iterator[Sentence]:
    """Join lines to paragraphs and cut these into sentences."""
    for paragraph in _paragraphs(lines):
        start = 0
        for index, word in enumerate(paragraph):
            after = paragraph[index + 1].text if index + 1 < len(paragraph) else ""
            if _ends_sentence(word.text, after):
                yield Sentence(tuple(paragraph[start : index + 1]))
                start = index + 1
        if start < len(paragraph):
            yield Sentence(tuple(paragraph[start:]))


def _paragraphs(lines: Sequence[Line]) -> Iterator[list[Word]]:
    here: list[Word] = []
    last: Block | None = None
    for line in lines:
        for number, block in enumerate(line.blocks):
            answers = number > 0 and line.blocks[number - 1].text.endswith((":", "："))
            apart = last is None or len(line.blocks) > 1 or not _continues(last, block)
            if apart and not answers:
                if here:
                    yield here
                here = []
            here += block.words
            last = block if len(line.blocks) == 1 else None
    if here:
        yield here


def _continues(above: Block, below: Block) -> bool:
    if above.page != below.page or above.cell != below.cell:
        return False
    gap = below.box[1] - above.box[3]
    aligned = (
        abs(above.box[0] - below.box[0]) <= 4
        or abs(above.box[0] + above.box[2] - below.box[0] - below.box[2]) <= 8
    )
    return aligned and gap <= _LEADING * above.height and _same_size(above, below)


def _same_size(one: Block, other: Block) -> bool:
    return abs(one.height - other.height) <= 0.15 * max(one.height, other.height)


def _ends_sentence(text: str, after: str) -> bool:
    bare = text.rstrip(")”\"'")
    if bare.endswith(";"):
        return True
    if not bare.endswith((".", "!", "?")) or bare.lower() in _NO_END:
        return False
    if len(bare) <= 2 and bare[:1].isalpha():  # an initial
        return False
    return not after or not after[0].islower()


def read_prose(found: Sequence[Sentence], phrases: Phrases) -> Prose:
    """Read every sentence; what was not understood and may speak of the outcome is kept apart."""
    prose = Prose(sentences=tuple(found))
    for sentence in found:
        if is_legend(sentence.text):
            continue
        if not _is_read(sentence, phrases, prose) and telling(sentence.text):
            prose.unclear.append(sentence)
    return prose


def verdict_in(text: str, phrases: Phrases) -> str | None:
    """Give `pass`, `fail` or `unclear` for a text that has a verdict in it, else None."""
    words = _without_signs([_bare(word) for word in text.split()], phrases)
    items = list(_items(words, phrases))
    verdicts = [item for item in items if item.kind == "verdict"]
    named = [item for item in items if item.kind == "subject"]
    return _overall(verdicts, words, named) if verdicts else None


@dataclass(frozen=True)
class _Item:
    kind: str  # subject, role, reading, verdict
    value: object
    start: int
    end: int


def _is_read(sentence: Sentence, phrases: Phrases, prose: Prose) -> bool:
    """Take from a sentence what it says; say whether it was understood as a whole."""
    organism = _IDENTIFIED.search(sentence.text)
    if organism or _NAMING.fullmatch(sentence.text):
        prose.isolates.append(sentence)
        prose.organisms += [organism[1]] if organism else []
        return True
    words = _without_signs([_bare(word.text) for word in sentence.words], phrases)
    lowered = {part for word in words for part in (word.lower(), *word.lower().split("'")[1:])}
    alone = len(words) <= _LONGEST_PHRASE and not lowered & _SUBJECTS
    items = list(_items(words, phrases))
    if alone and phrases.is_failure(sentence.text):
        # "Growth in FTM." is a sentence; without its stop it may be a cell of a table unseen.
        grown = _statements(sentence, words, items) if _is_sentence(sentence, items) else None
        prose.statements += grown or []
        prose.unclear += [] if grown else [sentence]
        return True
    if any(item.kind == "reading" for item in items):
        statements = _statements(sentence, words, items)
        if statements is not None:
            prose.statements += statements
            return True
        bare = _bare_statement(sentence, words, items)
        if bare:
            prose.bare.append(bare)
        return bare is not None
    verdicts = [item for item in items if item.kind == "verdict"]
    roles = [item for item in items if item.kind == "role"]
    if roles and verdicts and _writes_out(words, roles):
        return True
    if roles and any(item.value == "fail" for item in verdicts):
        prose.statements += [_failed_control(role, sentence) for role in roles]
        return True
    if verdicts and not roles and _fails_for_a_reason(sentence, phrases):
        prose.conclusions.append(("fail", sentence))
        return True
    if verdicts and not roles and (lowered & _SUBJECTS or _is_about_all(sentence, verdicts)):
        named = [item for item in items if item.kind == "subject"]
        prose.conclusions.append((_overall(verdicts, words, named), sentence))
        return True
    return False


_SIGNS = {"(C)": "pass", "(NC)": "fail"}


def _without_signs(words: Sequence[str], phrases: Phrases) -> list[str]:
    """Leave out the sign that says a verdict once more: `does not comply (NC)` is of no control."""
    return [
        ""
        if word in _SIGNS
        and any(
            phrases.verdict(" ".join(words[start:index])) == _SIGNS[word]
            for start in range(max(0, index - _LONGEST_PHRASE), index)
        )
        else word
        for index, word in enumerate(words)
    ]


def _writes_out(words: Sequence[str], roles: Sequence[_Item]) -> bool:
    """Say whether a line writes out `NC : non conforme`, where NC is no negative control."""
    for role in roles:
        named = [w for w in words[role.start : role.end] if any(map(str.isalnum, w))]
        rest = " ".join(word for word in words[role.end :] if word)
        if len(named) != 1 or not spells(named[0], rest):
            return False
    return True


def _fails_for_a_reason(sentence: Sentence, phrases: Phrases) -> bool:
    """Say whether a sentence is a failing verdict and why: `FAIL: the limit is exceeded.`"""
    head, colon, reason = sentence.text.partition(":")
    return bool(colon and reason.strip()) and phrases.verdict(head.strip()) == "fail"


def _is_sentence(sentence: Sentence, items: Sequence[_Item]) -> bool:
    return sentence.text.endswith(".") and {item.kind for item in items} == {"reading", "subject"}


# "Anforderungen / Requirements: nicht erfüllt / not met" is about the whole sample.
_REQUIRED = frozenset(
    """
    requirements specification specifications anforderungen spezifikation spezifikationen
    akzeptanzkriterien exigences spécification spécifications requisitos especificación
    especificaciones requisiti specifica specifiche especificação especificações the die les los
    le las os as i all alle
    """.split()  # noqa: SIM905  a list of these is four times as long
)


def _is_about_all(sentence: Sentence, verdicts: Sequence[_Item]) -> bool:
    head = [word.text for word in sentence.words[: verdicts[0].start]]
    plain = [text.rstrip(":").casefold() for text in head if any(map(str.isalnum, text))]
    return bool(plain) and head[-1].endswith(":") and all(word in _REQUIRED for word in plain)


def _failed_control(role: _Item, sentence: Sentence) -> Statement:
    """Give what a control shows that failed: a positive one did not grow, another one did."""
    # A standard neither grows nor stays clear.
    shown = {"positive_control": "negative", "standard": "invalid"}
    reading = shown.get(str(role.value), "positive")
    return Statement(None, str(role.value), sentence.text, reading, None, sentence)


def _overall(verdicts: Sequence[_Item], words: Sequence[str], named: Sequence[_Item] = ()) -> str:
    """Give the one verdict of a sentence; a word beside it that we do not know makes it unclear."""
    values = {str(item.value) for item in verdicts}
    if "fail" in values:
        return "fail"
    inside = {i for item in [*verdicts, *named] for i in range(item.start, item.end)}
    beside = [word for i, word in enumerate(words) if word and i not in inside]
    strange = [word for word in beside if not is_plain(word)]
    return "unclear" if strange or len(values) > 1 else values.pop()


def _bare(text: str) -> str:
    return text.strip(',;:“”"').rstrip(".") if text not in ("+", "-") else text


def _items(words: Sequence[str], phrases: Phrases) -> Iterator[_Item]:
    """Find the phrases that the vocabulary knows, the longest first, from the left."""
    known = [phrases.knows(word) for word in words]
    index = 0
    while index < len(words):
        # No phrase goes on over a word that is in none.
        reach = index
        while reach < min(len(words), index + _LONGEST_PHRASE) and known[reach]:
            reach += 1
        for end in range(reach, index, -1):
            item = _item(words, index, end, phrases)
            if item is not None:
                yield item
                index = end
                break
        else:
            index += 1


def _item(words: Sequence[str], start: int, end: int, phrases: Phrases) -> _Item | None:
    if words[end - 1].lower() in _BINDERS or words[start].lower() in _BINDERS:
        return None
    text = " ".join(words[start:end])
    for kind, ask in (
        ("role", phrases.role),
        ("verdict", phrases.verdict),
        ("reading", phrases.reading),
        ("subject", phrases.subject),
    ):
        value = ask(text)
        if value is not None:
            # "FTM and TSB" are two, each with its result.
            is_two = kind == "subject" and _is_two(words[start:end], phrases)
            return None if is_two else _Item(kind, value, start, end)
    return None


def _is_two(words: Sequence[str], phrases: Phrases) -> bool:
    return any(
        word.lower() in _BINDERS
        and phrases.subject(" ".join(words[:index])) is not None
        and phrases.subject(" ".join(words[index + 1 :])) is not None
        for index, word in enumerate(words)
    )


def _statements(
    sentence: Sentence, words: list[str], items: Sequence[_Item]
) -> list[Statement] | None:
    """Pair results with what they are about; None when the words do not say so plainly."""
    parts = [item for item in items if item.kind != "verdict"]
    first_reading = next(i for i, item in enumerate(parts) if item.kind == "reading")
    # `No growth in A and growth in B`, or `A showed no growth and B showed growth`.
    leads = first_reading == 0
    groups = _groups(parts, leads=leads)
    if groups is None:
        return None
    inner = parts[0].end if parts else 0
    days: dict[int, int | None] = {}
    for one, other in pairwise(parts):
        between = words[one.end : other.start]
        text = " ".join(between)
        days[id(one)] = _day(text)
        if days[id(one)] is not None:
            # "Growth was observed in FTM on day 5 and no growth was observed in TSB."
            between = _DAY.sub(" ", text).split()
        at_colon = sentence.words[one.end - 1].text.endswith(":")
        if not any(between) and not at_colon and {one.kind, other.kind} != {"subject"}:
            # Side by side and no word between: pieces of a table that we did not see as one.
            return None
        if any(word.lower() not in _LINKS for word in between if word):
            return None
        inner = other.end
    negative = any(reading.value == "negative" for reading, _ in groups)
    tail = _VERB_AT_END.sub("", " ".join(word for word in words[inner:] if word))
    inside = {i for item in parts if item.kind == "reading" for i in range(item.start, item.end)}
    outside = {word.lower() for i, word in enumerate(words) if i not in inside}
    if negative and (outside & _DOUBTS or (tail and not _TAIL.fullmatch(tail))):
        return None
    return [
        Statement(
            subject=about.value if about.kind == "subject" else None,
            role=str(about.value) if about.kind == "role" else None,
            text=" ".join(words[reading.start : reading.end]),
            reading=str(reading.value),
            day=days.get(id(max(about, reading, key=lambda item: item.start)), _day(tail)),
            sentence=sentence,
        )
        for reading, abouts in groups
        for about in abouts
    ]


def _bare_statement(
    sentence: Sentence, words: list[str], items: Sequence[_Item]
) -> Statement | None:
    """Read a sentence that is nothing but one result, and perhaps its day."""
    # A cell of a table that we did not see as one is no sentence.
    if len(items) != 1 or items[0].kind != "reading" or not sentence.text.endswith("."):
        return None
    item = items[0]
    before = [word for word in words[: item.start] if word]
    tail = _VERB_AT_END.sub("", " ".join(word for word in words[item.end :] if word))
    tail = _REFERENCE.sub("", tail)
    if any(word.lower() not in _LINKS for word in before) or (tail and not _TAIL.fullmatch(tail)):
        return None
    text = " ".join(words[item.start : item.end])
    return Statement(None, None, text, str(item.value), _day(tail), sentence)


def _groups(parts: Sequence[_Item], *, leads: bool) -> list[tuple[_Item, list[_Item]]] | None:
    """Give each result with its subjects; None when a result has none or the order changes."""
    groups: list[tuple[_Item, list[_Item]]] = []
    waiting: list[_Item] = []
    for item in parts:
        if item.kind == "reading":
            if leads and groups and not groups[-1][1]:
                return None
            if not leads and not waiting:
                return None
            groups.append((item, waiting))
            waiting = []
        elif leads:
            groups[-1][1].append(item)
        else:
            waiting.append(item)
    if waiting or not groups or not groups[-1][1]:
        return None
    return groups


def _day(tail: str) -> int | None:
    match = _DAY.search(tail)
    return int(match[1] or match[2]) if match else None
