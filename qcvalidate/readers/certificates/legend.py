"""Reads what a certificate says that its own signs mean: `NG = No growth`, `(+) Growth`.

A sign is its words' initials, a plus or a minus; the letter of a sample is no sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from qcvalidate.readers.certificates.lines import Line
from qcvalidate.readers.certificates.phrasebook import Phrasebook

_HEAD = re.compile(
    r"(?:abbreviations?|legend|key|legende|légende|abkürzungen|abréviations|abreviaturas|leyenda"
    r"|legenda|interpretation)\s*:?\s*",
    re.IGNORECASE,
)
_SIGN = r"\(?(?:[+\-–−]|[A-Z]{1,4}|(?:[A-Z]\.){2,4})\)?"
_ITEM = re.compile(
    rf"(?P<sign>{_SIGN})\s*(?P<by>[=:]|(?<=\))|\s[–-]\s)\s*"
    rf"(?P<text>[^\W\d_][^=:;,|()\d]*?)(?=\s*(?:[;,.|/]|$)|\s+{_SIGN}\s*(?:[=:(]|\s[–-]\s|(?<=\)))|\s+\()"
)
_BETWEEN = re.compile(
    r"[;|,]?\s+(?=[A-Z]{1,5}(?: [A-Z]{2,5})?\s*=)|[;|,](?=\s*[^\W\d_]+(?: [^\W\d_]+)?\s*=)"
)
_DEFINES = re.compile(r"\s*(?P<word>[^\W\d_]+(?: [^\W\d_]+)?)\s*=\s*(?P<text>[^=]+?)\s*[.;]?\s*")


def signs(lines: Sequence[Line], book: Phrasebook) -> Mapping[str, str]:
    """Give the words of each sign that the document explains; one explained twice has none."""
    found: dict[str, set[str]] = {}
    for line in lines:
        for sign, words in (*_in_text(line.text), *_in_blocks(line)):
            outcome = _is_outcome(words, book) or NOT_LOOKED.search(words)
            if _stands_for(sign, words) and outcome:
                found.setdefault(sign, set()).add(words)
    return {sign: words.pop() for sign, words in found.items() if len(words) == 1}


# What a sign may say of a day on which nobody looked.
NOT_LOOKED = re.compile(
    r"\bnot (?:read|observed|inspected|examined|done)\b|\bnicht (?:abgelesen|geprüft)\b"
    r"|\bnon lu\b|\bno leído\b|\bnon letto\b",
    re.IGNORECASE,
)


def _in_text(text: str) -> Iterator[tuple[str, str]]:
    head = _HEAD.match(text)
    items = list(_ITEM.finditer(text, head.end() if head else 0))
    if items and (head or items[0].start() == 0):
        yield from ((plain_sign(item["sign"]), item["text"].strip()) for item in items)


def _in_blocks(line: Line) -> Iterator[tuple[str, str]]:
    """Read a key whose items stand apart and have no equals sign: `+ turbid    – clear`."""
    if not _HEAD.match(line.text):
        return
    for block in line.blocks:
        sign, _, words = _HEAD.sub("", block.text, count=1).partition(" ")
        if words and re.fullmatch(_SIGN, sign):
            yield plain_sign(sign), words.lstrip("=:–- ").strip()


def plain_sign(text: str) -> str:
    """Give a sign without its brackets, any dash as a minus."""
    bare = text.strip().strip("()")
    # "N.D." is explained and used as "ND", or the other way about.
    bare = bare.replace(".", "") if _DOTTED.fullmatch(bare) else bare
    return bare.replace("–", "-").replace("−", "-").replace("—", "-")


_DOTTED = re.compile(r"(?:[A-Z]\.){1,3}[A-Z]\.?")


def _stands_for(sign: str, words: str) -> bool:
    if sign in ("+", "-"):
        return True
    initials = "".join(word[0] for word in re.split(r"[\s\-]+", words) if word)
    begins = words.upper().startswith(sign) and (len(sign) > 1 or NOT_LOOKED.search(words))
    return initials.upper() == sign or bool(begins)


def _is_outcome(words: str, book: Phrasebook) -> bool:
    """Say whether a sign stands for what was seen; `P` for pass judges, and shows nothing."""
    return outcome_of(words, book) != "unknown"


def outcome_of(words: str, book: Phrasebook) -> str:
    """Read the words of a key, also `no turbidity (no growth)`, which says it twice."""
    kind = book.vocabulary.result(words).kind
    match = re.fullmatch(r"([^()]+?)\s*\(([^()]+)\)", words)
    if kind != "unknown" or match is None:
        return kind
    inside = book.vocabulary.result(match[2]).kind
    seen = book.vocabulary.turbidity(match[1]).kind
    outside = book.vocabulary.result(match[1]).kind
    return inside if inside in (outside, seen) else "unknown"


def is_key(line: Line, book: Phrasebook) -> bool:
    """Say whether a line is a key: after its heading, each piece is a sign and its words."""
    if not _HEAD.match(line.text):
        return False
    items = list(_in_blocks(line))
    return len(items) == len(line.blocks) and all(
        _is_outcome(words, book) or NOT_LOOKED.search(words) for _, words in items
    )


def is_definition(text: str, book: Phrasebook) -> bool:
    """Say whether a sentence does nothing but explain the laboratory's verdicts.

    `FAIL = growth in one or both media` says when a sample fails, and not that one did.
    """
    bare = _HEAD.sub("", text, count=1)
    mark = _OF_MARK.fullmatch(bare)
    if mark and _explains(mark, book):
        # `Key: - no growth visible; + growth visible.`: each half is a sentence.
        return True
    pieces = [piece for piece in _BETWEEN.split(bare) if piece.strip()]
    items = [_DEFINES.fullmatch(piece) for piece in pieces]
    return bool(items) and all(
        item is not None
        and book.subject(item["text"]) is None
        and book.subject(item["word"]) is None
        and (
            book.vocabulary.verdict(item["word"]) is not None
            or (item["word"].isupper() and _stands_for(item["word"], item["text"]))
        )
        for item in items
    )


_OF_MARK = re.compile(
    r"\(?(?P<sign>[+\-–−])\)? ?[=:]? ?(?P<said>[^=:;,()\d]+?) ?[.;]?"
    r"|(?P<short>[A-Z]{2,3}) ?: ?(?P<words>[^=:;()\d]+?) ?[.;]?"
)


def _explains(mark: re.Match[str], book: Phrasebook) -> bool:
    """Say whether a plus is said to be growth and a minus none, or `NC` to be `non conforme`."""
    if mark["short"]:
        return spells(mark["short"], mark["words"]) and book.verdict(mark["words"]) is not None
    means = book.vocabulary.result(mark["said"]).kind
    return means == ("positive" if mark["sign"] == "+" else "negative")


_OF_VERDICT = re.compile(r"(?P<sign>N?C|P|F|N?OK) ?[-–=:] ?(?P<text>[^=:;]+?) ?[.;]?")
_VERDICTS = {"C": "pass", "P": "pass", "OK": "pass", "NC": "fail", "F": "fail", "NOK": "fail"}


def verdict_key(texts: Sequence[str], book: Phrasebook) -> frozenset[str]:
    """Give the lines of a key to verdicts: `C - complies;` and `NC - does not comply.`

    One of them alone may say that the negative control does not comply.
    """
    found = {
        text: match["sign"]
        for text in texts
        if (match := _OF_VERDICT.fullmatch(text))
        and book.verdict(match["text"]) == _VERDICTS[match["sign"]]
    }
    meant = {_VERDICTS[sign] for sign in found.values()}
    return frozenset(found) if meant == {"pass", "fail"} else frozenset()


def spelled_out(text: str, meant: Mapping[str, str]) -> Iterator[str]:
    """Give the words of a sign, else nothing."""
    sign = plain_sign(text)
    if sign in meant:
        yield meant[sign]


def spells(short: str, text: str) -> bool:
    """Say whether a text begins with the words that a short form stands for.

    >>> spells("PPC", "positive product control, 50 to 200 %"), spells("Endotoxin", "none")
    (True, False)
    """
    letters = [letter for letter in short if letter.isalpha()]
    words = _meaningful(text)
    return (
        len(letters) > 1
        and all(letter.isupper() for letter in letters)
        and [word[0].upper() for word in words[: len(letters)]] == letters
    )


_SMALL_WORDS = frozenset(
    ("of", "the", "and", "for", "de", "la", "le", "du", "des", "der", "die", "del", "di")
)
_EXPLAINED = re.compile(r"(?P<short>[A-Z](?:\.?[A-Z])+\.?)\s*[:=]\s*(?P<text>[^:=\d]+)")


def is_abbreviations(text: str) -> bool:
    """Say whether a line does nothing but write out its abbreviations.

    >>> is_abbreviations("N.D. : non déterminé – LQ : limite de quantification")
    True
    """
    pieces = re.split(r"\s[–—-]\s|[;|]", _HEAD.sub("", text, count=1))
    items = [_EXPLAINED.fullmatch(piece.strip()) for piece in pieces]
    return all(
        item is not None
        and spells(item["short"], item["text"])
        and len(_meaningful(item["text"])) == sum(map(str.isalpha, item["short"]))
        for item in items
    )


def _meaningful(text: str) -> list[str]:
    return [w for w in re.findall(r"[^\W\d_]+", text) if w.casefold() not in _SMALL_WORDS]
