"""Decides which words of results a lab profile may add, and which sentences it may call harmless.

Both lists are closed. A wording is good only when nothing in it is bad, or when one denial stands
directly at the bad word ("sin desarrollo"). A sentence with a telling word in it is harmless only
where it says what would be done if something were found, or how the paper itself may be used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from qcvalidate.labs.model import READINGS
from qcvalidate.patterns import LazyPattern
from qcvalidate.vocabulary import Vocabulary, key

_DENIALS_TEXT = """
    no not non nor without absence free kein keine keinen keinerlei nicht ohne frei sans aucun
    aucune pas absence sin ausencia ningun ninguna senza nessun nessuna assenza sem nenhum
    nenhuma ausencia nao
"""
_DENIALS = frozenset(_DENIALS_TEXT.split())
# Beside what is denied: these say no more of it than what it is.
_PLAIN_TEXT = """
    of de d any visible von di the microbial microbiano microbiana microbien microbienne
    mikrobielles mikrobiologisches bacterial bacteriano bacteriana bacterien bacterienne
    bakterielles fungal fungico fungica fongique batterica batterico microbica microbico
    microbiologico microbiologica
"""
_PLAIN = frozenset(_PLAIN_TEXT.split())
# After "Wachstum nicht": with any other word ("ausgeschlossen") it would mean something else.
_SEEN_TEXT = """
    observed detected seen found present nachweisbar nachgewiesen beobachtet festgestellt
    feststellbar erkennbar observe observee detecte detectee constate constatee observado
    observada detectado detectada osservato osservata rilevato rilevata
"""
_SEEN = frozenset(_SEEN_TEXT.split())
_SAYS_TEXT = "is was were are has been ist sind war wurde est a ete se ha sido e foi"
_SAYS = frozenset(_SAYS_TEXT.split())
# With one of these a wording says less than it seems to.
_DOUBTS_TEXT = """
    but except unless however until other only initially yet so far up date aber sondern
    ausser bis sauf mais jusqu excepto pero salvo hasta eccetto tranne ma exceto mas ate
    bisher bislang interim preliminary see siehe voir ver attached anlage
"""
_DOUBTS = frozenset(_DOUBTS_TEXT.split())
_NOUNS = r"(?:growth|turbidity|contamination|wachstum|trubung|kontamination|croissance|crecimiento)"
_ANY = r"(?:(?:any|the|microbial|visible|ein|eine|une|un|alguna|de)\s)*"
_FOUND = (
    r"(?:\s(?:is|was|are|has been|wird|est|se|es)?\s?(?:observed|detected|seen|found|beobachtet"
    r"|festgestellt|observee|observe|observa|detectado))?"
)
# "If growth is observed ..." says what would be done.
_CONDITION = LazyPattern(
    r"\b(?:if|when|in case of|in the event of|falls|wenn|bei|si|en cas de|en caso de) "
    rf"{_ANY}{_NOUNS}{_FOUND}\b"
)
_THEN = LazyPattern(
    r"\b(?:the )?(?:organisms?|isolates?|colonies|micro ?organisms?) (?:is|are|will be)"
    r" (?:identified|isolated|sub ?cultured|typed|reported)\b|\b(?:is|are|and|will be) identified\b"
)
# What papers say of themselves.
_OF_PAPERS = LazyPattern(
    r"\bnot valid without (?:the |an? )?(?:original |authori[sz]ed |handwritten |electronic )*"
    r"(?:signature|stamp|seal)s?\b"
    r"|\b(?:replaces|supersedes) (?:all|any) (?:earlier|previous|prior) (?:versions?|reports?"
    r"|certificates?)\b"
    r"|\b(?:retained|residual|remaining) (?:samples?|material) (?:is|are|will be) discarded\b"
)
_FEWEST_WORDS = 4


def wording_fault(
    reading: str, wording: str, vocabulary: Vocabulary, telling: Callable[[str], str | None]
) -> str | None:
    """Say why a wording cannot have this reading; None when it can."""
    words = key(wording).split()
    if sum(character.isalpha() for character in wording) < 2:
        return "a sign or a number is no wording"
    if any(any(c.isdigit() for c in word) for word in words):
        return "it holds a number; days and hours are read by themselves, so give it without"
    known = _known(wording, vocabulary)
    if known - {reading}:
        return f"we know it as {' and '.join(sorted(known - {reading}))}"
    if reading == "pending" and known != {"pending"}:
        # What waits for its identification has grown.
        return _bad_word(words, vocabulary, lambda _: None)
    if reading != "negative" or known == {"negative"}:
        return None
    if set(words) <= _SEEN | _PLAIN | _SAYS:
        return "it says that something was seen, and denies nothing"
    doubt = next((word for word in words if word in _DOUBTS), None)
    if doubt:
        return f"“{doubt}” takes something from it"
    return _bad_word(words, vocabulary, telling)


def _known(wording: str, vocabulary: Vocabulary) -> set[str]:
    """Give all that our vocabulary takes a wording for, whatever the test."""
    tests = [test for test in vocabulary.tests.values() if test.kind == "qualitative"]
    kinds = {vocabulary.result(wording).kind}
    kinds |= {vocabulary.result(wording, test.id).kind for test in tests}
    known = {kind for kind in kinds if kind in READINGS}
    verdict = vocabulary.verdict(wording)
    said = {"pass": {"negative"}, "fail": {"positive"}}
    return known | (said[verdict] if verdict else set())


def _bad_word(
    words: list[str], vocabulary: Vocabulary, telling: Callable[[str], str | None]
) -> str | None:
    """Say which word of a good result is a bad one, and not denied; None when there is none."""
    denials = [place for place, word in enumerate(words) if word in _DENIALS]
    if len(denials) > 1:
        return "it denies twice"
    if not denials:
        return _told(words, vocabulary, telling)
    before, after = words[: denials[0]], words[denials[0] + 1 :]
    after = [word for word in after if word not in _PLAIN]
    if not _told(before, vocabulary, telling):
        # "sin desarrollo visible": what is denied stands first, and nothing bad behind it.
        size = next((n for n in range(len(after), 0, -1) if _is_bad(after[:n], vocabulary)), 1)
        return _told(after[size:], vocabulary, telling)
    # "Wachstum nicht nachweisbar"
    if _is_bad(before, vocabulary) and after and set(after) <= _SEEN:
        return None
    return _told(before, vocabulary, telling)


def _is_bad(words: list[str], vocabulary: Vocabulary) -> bool:
    return "positive" in _known(" ".join(words), vocabulary)


def _told(
    words: list[str], vocabulary: Vocabulary, telling: Callable[[str], str | None]
) -> str | None:
    text = " ".join(words)
    if not text:
        return None
    alarms = vocabulary.alarms(text)
    if alarms:
        return f"“{text}” means {' and '.join(sorted(alarms))}"
    word = telling(text)
    return f"“{word}” may speak of something bad" if word else None


def harmless_fault(
    sentence: str, vocabulary: Vocabulary, telling: Callable[[str], str | None]
) -> str | None:
    """Say why a sentence must not be passed over; None when it tells nothing of a result."""
    text = key(sentence)
    if len(text.split()) < _FEWEST_WORDS:
        return f"is too short to be passed over; expected a sentence of {_FEWEST_WORDS} words"
    if any(mark in sentence for mark in (":", "=", "\n")):
        return "has a colon, as a label and its answer have; only a plain sentence is passed over"
    rest = _OF_PAPERS.sub(" ", text)
    if _CONDITION.match(text):
        rest = _THEN.sub(" ", _CONDITION.sub(" ", rest, count=1))
    rest = " ".join(rest.split())
    bad = next(_bad_runs(rest, vocabulary), None) or telling(rest)
    if bad is None:
        return None
    return (
        f"holds “{bad}”, which may speak of a result, and would be passed over on a paper that "
        "means it; only “If growth is observed, ...” and what a paper says of itself may be listed"
    )


def _bad_runs(text: str, vocabulary: Vocabulary) -> Iterator[str]:
    if vocabulary.alarms(text):
        words = text.split()
        yield next((word for word in words if vocabulary.alarms(word)), text)
