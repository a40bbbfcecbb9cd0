"""Reads the words of a qualitative result by a closed grammar over whole clauses.

Nothing is searched for inside a text: after the day, the media and the control's own clauses are
taken off, what is left must be one of the vocabulary's phrases, or the result is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from qcvalidate.folding import expand, key
from qcvalidate.organisms import is_organism, named_organism, stained

__all__ = ["UNKNOWN", "Grammar", "Meaning", "Reading", "alarming", "expand", "key", "read_wording"]


@dataclass(frozen=True)
class Reading:
    """The class of a qualitative result: `kind` is one of `qcvalidate.frames.READINGS`.

    `day` is the day of incubation that the text names (48 h is day 2); `to_date` says that the
    laboratory does not call it final, and `so_far` what such a result was until then.
    """

    kind: str
    organism: str | None = None
    day: int | None = None
    to_date: bool = False
    so_far: str | None = None


@dataclass(frozen=True)
class Meaning:
    """What one phrase means, and for which families of tests; None is for every qualitative one."""

    reading: str
    families: frozenset[str] | None
    # A word of conformity ("complies", "fails") judges a test and does not describe a result.
    conformity: bool
    # "No WBC seen" may stand beside a result of a Gram stain, and says nothing of organisms.
    aside: bool = False


@dataclass(frozen=True)
class Grammar:
    """The phrases that a result may be made of, each folded by `key`.

    `role` says whose result a clause is ("positive control: growth"), `names` whether words name
    the test itself, and `parts` which media or bottles a run of words names.
    """

    phrases: Mapping[str, tuple[Meaning, ...]]
    to_date: tuple[str, ...]
    everything: frozenset[str]
    role: Callable[[str], str | None]
    names: Callable[[str], str | None]
    parts: Callable[[str], frozenset[str]]

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of the phrases: no organism is called by one of them."""
        phrases = (*self.phrases, *self.to_date, *self.everything)
        return frozenset(" ".join(phrases).split())


UNKNOWN = Reading("unknown")


def read_wording(text: str, grammar: Grammar, family: str | None, test: str | None) -> Reading:
    """Read a qualitative result; `family` is of a qualitative test, None where it is not known."""
    if _STRANGE.search(text):
        # "No growth?" and "No growth*" say more than their words.
        return UNKNOWN
    text = _without_abbreviations(text, grammar)
    whole = " ".join(text.casefold().split())
    listed = "," in whole and whole in grammar.phrases
    split = [text] if listed else _CLAUSES.split(text)
    clauses = [clause for clause in map(str.strip, split) if clause]
    # "Positive control: growth; sample: no growth": a label's colon binds its clause.
    read = [_clause(clause, grammar, family, test) for clause in clauses]
    if not read:
        return UNKNOWN
    controls = [clause for clause in read if clause.role in _CONTROLS]
    own = [clause for clause in read if clause.role not in _CONTROLS]
    if any(clause.kind != _CONTROLS[clause.role or ""] for clause in controls):
        known = all(clause.kind in ("negative", "positive") for clause in controls)
        return Reading("invalid") if known else UNKNOWN
    if not own:
        # A control that behaved says nothing of the sample.
        return UNKNOWN
    if all(_is_aside(clause, grammar) for clause in own):
        return UNKNOWN
    return _together(own, clauses, test, grammar)


def _is_aside(clause: _Clause, grammar: Grammar) -> bool:
    return any(meaning.aside for meaning in grammar.phrases.get(key(clause.text), ()))


_STRANGE = re.compile(r"[^\w\s.,;:/()'’%&+\-–—−‐‑#]")
_BRACKETS = re.compile(r"\s*\(([^()]*)\)")


def _without_abbreviations(text: str, grammar: Grammar) -> str:
    """Take off "(FTM)" after the medium's name; what the name says is then said once.

    "No growth (TSB)" names a medium nowhere else, and is half a result.
    """

    def without(match: re.Match[str]) -> str:
        parts = grammar.parts(match[1])
        before = text[: match.start()].split()
        endings = (" ".join(before[start:]) for start in range(len(before)))
        return "" if parts and any(grammar.parts(words) == parts for words in endings) else match[0]

    return _BRACKETS.sub(without, text)


# --- clauses -------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Clause:
    text: str
    kind: str | None = None
    role: str | None = None
    day: int | None = None
    to_date: bool = False
    organism: str | None = None
    parts: frozenset[str] = frozenset()
    hours: bool = False


_CONTROLS = {"negative_control": "negative", "positive_control": "positive"}
_CLAUSES = re.compile(r"\s+[-–—]\s+|[;,/()\n]|(?<=\w\w)\.|\s*[–—]\s*")
_DAY = re.compile(
    r"\b(?:(?:after|at|for|in|within|through|following|nach|uber|wahrend|apres|pendant|au bout de"
    r"|tras|despues de|al cabo de|durante|a|a los|dopo|per|apos|ao fim de) )?(?P<n>[0-9]{1,3}) ?"
    r"(?P<unit>days?|d|tagen?|jours?|dias?|giorni|giorno|hours?|hrs?|h|stunden|std|heures?|horas?"
    r"|ore)"
    r"(?: (?:of |d |de |di |da |der )?(?:incubation|inkubation|bebrutung|incubacion|incubazione"
    r"|incubacao|culture|cultivo|coltura|cultura))?(?= |$)"
    r"|\b(?:(?:on|at|to|through|an|am|au|al|bis zum|bis|le|il|el|em|no|ao) )?"
    r"(?:day |tag |jour |dia |giorno |(?<![a-z] )[dj])(?P<on>[0-9]{1,3})(?= |$)"
    r"|\ba j(?P<j>[0-9]{1,3})(?= |$)"
)
# "Growth of Bacillus cereus on day 3"
_DAY_AT_END = re.compile(
    r",? (?:(?:on|at|by|after|am|an|le|au|el|al|il|em|no|ao) )?(?:day|tag|jour|d[ií]a|giorno) "
    r"(?P<day>[0-9]{1,3})$",
    re.IGNORECASE,
)
_INTO = "for|in|im|in der|in den|dans|dans les|en|en los|a partir de|fur|nei|nel|em|nos|no"
_TARGET = re.compile(rf" (?:{_INTO}) (?!.* (?:{_INTO}) )")


def _clause(text: str, grammar: Grammar, family: str | None, test: str | None) -> _Clause:
    role, parts, body = None, frozenset[str](), text
    if ":" in text:
        label, _, body = text.partition(":")
        role, parts = grammar.role(label), grammar.parts(label)
        same_test = test is not None and grammar.names(label) == test
        if is_organism(body.strip(), grammar.words):
            return _named_after_colon(text, label, body.strip(), grammar, family, test)
        is_neutral = key(label) in _NEUTRAL_LABELS or key(label) in grammar.to_date
        if role is None and not parts and not same_test and not is_neutral:
            named = grammar.names(label)
            if test is not None or named is None:
                return _Clause(text)
    if role in _CONTROLS:
        return _Clause(text, _control(key(body), grammar, role), role)
    interim = ":" in text and key(text.partition(":")[0]) in grammar.to_date
    at_end = _DAY_AT_END.search(body.strip())
    named = body.strip()[: at_end.start()] if at_end else body.strip()
    organism = named_organism(named.strip(), grammar.words)
    if organism is not None:
        grown_on = int(at_end["day"]) if at_end else None
        return _Clause(text, "positive", role, grown_on, organism=organism, parts=parts)
    core, day, hours = _without_day(key(body))
    core, to_date = _without_to_date(core, grammar)
    to_date = to_date or interim
    if not core:
        return _Clause(text, None, role, day, to_date, hours=hours, parts=parts or _NOTHING_SAID)
    if "," in text:
        core = " ".join(text.casefold().split())
    kind = _meaning(core, grammar, family, test)
    if kind is None:
        head, target = _split_target(core)
        covered = grammar.parts(target)
        kind = _meaning(head, grammar, family, test)
        # No growth in one medium is half a result; growth in one is a whole one.
        enough = target in grammar.everything or len(covered) > 1
        if not enough and not (covered and kind == "positive"):
            kind = None
    organism = stained(core) if kind == "positive" else None
    return _Clause(text, kind, role, day, to_date, organism, parts, hours)


def _named_after_colon(
    text: str, label: str, organism: str, grammar: Grammar, family: str | None, test: str | None
) -> _Clause:
    """Read "Growth: Micrococcus luteus", or the name alone after "day 6:"."""
    core, day, hours = _without_day(key(label))
    if not core:
        return _Clause(organism, day=day, hours=hours)
    if _meaning(core, grammar, family, test) == "positive":
        return _Clause(text, "positive", day=day, organism=organism)
    return _Clause(text)


def _control(core: str, grammar: Grammar, role: str) -> str | None:
    """Read a control's clause; a control that passed showed what it had to show."""
    meanings = grammar.phrases.get(core, ())
    conformity = {meaning.reading for meaning in meanings if meaning.conformity}
    if conformity:
        good, bad = _CONTROLS[role], "negative" if role == "positive_control" else "positive"
        return good if conformity == {"negative"} else bad
    kinds = {meaning.reading for meaning in meanings}
    return kinds.pop() if len(kinds) == 1 else None


_NEUTRAL_LABELS = frozenset(
    (
        *("result", "final result", "final", "preliminary", "interim", "status", "ergebnis"),
        *("endergebnis", "befund", "resultat", "resultat final", "resultado", "resultado final"),
        *("risultato", "risultato finale", "esito"),
    )
)
# A clause such as "(day 6)" or "interim" adds to the others and says nothing alone.
_NOTHING_SAID = frozenset(("",))


def _without_day(core: str) -> tuple[str, int | None, bool]:
    found = list(_DAY.finditer(core))
    if len(found) != 1:
        return core, None, False
    match = found[0]
    hours = bool(match["unit"]) and match["unit"][0] in "hso"
    count = int(match["n"] or match["on"] or match["j"])
    rest = " ".join((core[: match.start()] + " " + core[match.end() :]).split())
    return rest, count // 24 if hours else count, hours


def _without_to_date(core: str, grammar: Grammar) -> tuple[str, bool]:
    for phrase in grammar.to_date:
        if core == phrase:
            return "", True
        if core.endswith(f" {phrase}"):
            return core.removesuffix(f" {phrase}"), True
        if core.startswith(f"{phrase} "):
            return core.removeprefix(f"{phrase} "), True
    return core, False


def _split_target(core: str) -> tuple[str, str]:
    match = _TARGET.search(core)
    return (core[: match.start()], core[match.end() :]) if match else (core, "")


def _meaning(core: str, grammar: Grammar, family: str | None, test: str | None) -> str | None:
    """Give the one class of a phrase for this test; None when it has none, or two."""
    kinds = {
        meaning.reading
        for meaning in grammar.phrases.get(core, ())
        if (meaning.families is None or test is None or family in meaning.families)
        and not (meaning.conformity and meaning.reading == "negative" and test is None)
    }
    return kinds.pop() if len(kinds) == 1 else None


# --- the whole -----------------------------------------------------------------------------


_CONFIRMING = frozenset(
    map(
        key,
        (
            *("confirmed", "identification pending", "id pending", "identification to follow"),
            *("bestätigt", "Identifizierung folgt", "Identifizierung ausstehend", "confirmé"),
            *("confirmée", "identification en cours", "identification à suivre", "confirmado"),
            *("confirmada", "identificación en curso", "identificación pendiente", "confermato"),
            *("confermata", "identificazione in corso", "identificação em curso"),
            "identificação pendente",
        ),
    )
)


def _together(own: list[_Clause], texts: list[str], test: str | None, grammar: Grammar) -> Reading:
    """Let the worst clause speak; one clause that we cannot read makes the whole unknown."""
    days = {clause.day for clause in own if clause.day is not None}
    day = days.pop() if len(days) == 1 else None
    if len(days) > 0 and day is None:
        return UNKNOWN
    kinds = [clause.kind for clause in own if clause.kind is not None]
    strangers = [clause for clause in own if clause.kind is None and clause.parts != _NOTHING_SAID]
    organism = next((clause.organism for clause in own if clause.organism), None)
    if kinds and kinds[0] == "positive":
        named = [clause.text for clause in strangers if is_organism(clause.text, grammar.words)]
        confirming = [clause for clause in strangers if key(clause.text) in _CONFIRMING]
        if len(named) + len(confirming) == len(strangers) and set(kinds) <= {
            "positive",
            "pending",
            "negative",
        }:
            return Reading("positive", organism or (named[0] if named else None), day)
        return UNKNOWN
    if strangers or not _both_media(own):
        return UNKNOWN
    if not kinds:
        to_date = any(clause.to_date for clause in own)
        return Reading("pending", day=day, to_date=to_date) if to_date else UNKNOWN
    if len(texts) > 1 and "positive" in kinds and "invalid" not in kinds:
        return Reading("positive", organism, day)
    for worst in ("invalid", "pending"):
        if worst in kinds:
            return Reading(worst, day=day, to_date=worst == "pending" and _to_date(own))
    # A look after hours is interim, save where hours are the test: in process, before harvest.
    early = any(clause.hours for clause in own) and test != "in_process_culture"
    # On the day of its start a culture shows nothing.
    early = early or day == 0
    if kinds[0] == "negative" and (early or _to_date(own)):
        so_far = "negative" if set(kinds) == {"negative"} else None
        return Reading("pending", day=day, to_date=True, so_far=so_far)
    return Reading(kinds[0], organism, day)


def _to_date(clauses: Iterable[_Clause]) -> bool:
    return any(clause.to_date for clause in clauses)


def _both_media(clauses: Iterable[_Clause]) -> bool:
    """Say whether no medium is named, or more than one: half of a test is not its result."""
    named = frozenset[str]().union(*(clause.parts - _NOTHING_SAID for clause in clauses))
    return len(named) != 1


# --- free text -----------------------------------------------------------------------------


def alarming(text: str, grammar: Grammar, verdicts: Mapping[str, str]) -> frozenset[str]:
    """Say what of a free text is bad: `"positive"`, `"invalid"`, `"fail"`; empty for none of it.

    Unlike a result, a remark is searched for phrases: the longest one at each word counts, so
    that "no growth" is not growth. A text that this finds harmless may still mean anything.
    """
    whole = " ".join(text.casefold().split())
    if whole.lower() == whole.upper():
        # Numbers and signs; most cells of an export are.
        return frozenset()
    if whole in grammar.phrases:
        return _bad(whole, grammar, verdicts)
    found: set[str] = set()
    for clause in _CLAUSES.split(text):
        words = key(clause).split()
        start = 0
        while start < len(words):
            ends = range(min(len(words), start + _LONGEST_PHRASE), start, -1)
            end = next((e for e in ends if _is_known(words[start:e], grammar, verdicts)), None)
            if end is not None:
                found |= _bad(" ".join(words[start:end]), grammar, verdicts)
            start = end or start + 1
    return frozenset(found)


_LONGEST_PHRASE = 10


def _is_known(words: list[str], grammar: Grammar, verdicts: Mapping[str, str]) -> bool:
    phrase = " ".join(words)
    if len(phrase) < 2:  # "P" and "F" are verdicts only where they stand alone
        return False
    return phrase in grammar.phrases or phrase in verdicts or grammar.role(phrase) is not None


def _bad(phrase: str, grammar: Grammar, verdicts: Mapping[str, str]) -> frozenset[str]:
    kinds = {
        "fail" if meaning.conformity and meaning.reading == "positive" else meaning.reading
        for meaning in grammar.phrases.get(phrase, ())
    }
    return frozenset((kinds | {verdicts.get(phrase, "")}) & {"positive", "invalid", "fail"})
