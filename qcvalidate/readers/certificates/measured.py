"""Reads numbers that a certificate states in sentences: `Endotoxin was < 0.20 EU/mL (limit: ...)`.

The grammar is closed: one test, one verb, one number with its unit, perhaps the limit behind it,
and nothing else. A sentence that says more is left to be looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qcvalidate.errors import QCValidateError
from qcvalidate.patterns import LazyPattern
from qcvalidate.readers.certificates.lines import Block
from qcvalidate.readers.certificates.prose import Sentence
from qcvalidate.readers.certificates.rows import Row
from qcvalidate.readers.certificates.rowtests import role_in
from qcvalidate.readers.certificates.setting import Setting, quantity_of
from qcvalidate.readers.certificates.subject import tests_in

_STATES = re.compile(
    r"(?P<head>.+?)\b(?:was|were|is|are|of|betrug|beträgt|était de|est de|fue de|es de|era|foi de)"
    r"(?: (?:found|determined|measured|calculated|reported)(?: to be| as| at)?)? "
    r"(?P<number>(?:[<>≤≥] ?|(?:less|more|greater) than |below )?\d[^()]*?)"
    r"(?P<limit>,? \((?:limit|specification|acceptance (?:limit|criterion|criteria)|requirement"
    r"|criterion|grenzwert|spezifikation|limite|spécification|especificación)\b[^()]*\))?[.;]?",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\([^()]*\)|(?:USP|EP|JP|Ph\. ?Eur\.) ?(?:<\d+>|\d+(?:\.\d+)+)", re.IGNORECASE)
# With one of these about, the number may not be the result.
_DOUBTS = LazyPattern(
    r"\b(?:not|no|never|before|initial\w*|repeat\w*|retest\w*|first|second|limit|specification"
    r"|criterion|criteria|sensitivity|lambda|dilution|standard|control|spike\w*|blank|if|when|would"
    r"|should|must|expected|nominal|target|previous\w*|other|nicht|pas|kein\w*|except)\b",
    re.IGNORECASE,
)


def measured(sentences: Sequence[Sentence], setting: Setting) -> Iterator[tuple[Sentence, Row]]:
    """Give the number that a sentence states as a row, with the sentence that it comes from."""
    for sentence in sentences:
        match = _STATES.fullmatch(sentence.text)
        if match is None:
            continue
        head = _ASIDE.sub(" ", match["head"])
        named = list(tests_in(head, setting.phrasebook))
        if len({test.test for test in named}) != 1 or _DOUBTS.search(head):
            continue
        test = setting.phrasebook.vocabulary.tests[named[0].test]
        if (
            test.kind != "quantitative"
            or re.search(r"\d", head)
            or role_in(head, setting.phrasebook)
        ):
            continue
        answer = _words(sentence, match.span("number"))
        try:
            quantity = quantity_of(answer.text, None, named[0], setting)
        except QCValidateError:
            continue
        if quantity.unit is None:
            continue
        yield sentence, Row(test.title, "", (answer,), sentence.block)


def _words(sentence: Sentence, span: tuple[int, int]) -> Block:
    """Give the words between two places of a sentence's text."""
    kept = []
    at = 0
    for word in sentence.words:
        if span[0] <= at and at + len(word.text) <= span[1] + 1:
            kept.append(word)
        at += len(word.text) + 1
    return Block(tuple(kept))
