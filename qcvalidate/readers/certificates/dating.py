"""Knows dates and periods for what they are, in whichever order of day and month."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qcvalidate.documents import Word
from qcvalidate.quantity import Locale, UnreadableDate, parse_date
from qcvalidate.wording import key

# Labels of two dates, the first and the last day of a test; folded by `key`.
_PERIODS = frozenset(
    key(label)
    for label in (
        *("testing period", "test period", "period of testing", "period of test", "dates of test"),
        *("dates of testing", "dates of analysis", "period of analysis", "analysis period"),
        *("test dates", "period of performance", "prüfzeitraum", "prüfungszeitraum"),
        *("untersuchungszeitraum", "inkubationszeitraum", "incubation period", "période d'essai"),
        *("période d'analyse", "periodo de ensayo", "periodo de análisis", "periodo di prova"),
        *("periodo di analisi", "período de ensaio", "período de análise"),
        *("testing dates", "date of tests", "culture period", "analysezeitraum"),
        *("zeitraum der prüfung", "période des essais", "période de l'essai", "période de test"),
        *("dates d'essai", "dates des essais", "dates d'analyse", "dates des analyses"),
        *("période d'incubation", "período de ensayo", "periodo del ensayo", "fechas de ensayo"),
        *("fechas del ensayo", "fechas de análisis", "período de análisis"),
        *("periodo de incubación", "período de incubación", "date di prova"),
        *("periodo delle prove", "date delle prove", "periodo di esecuzione"),
        *("periodo di esecuzione delle prove", "periodo di incubazione", "período dos ensaios"),
        *("período das análises", "datas do ensaio", "datas dos ensaios"),
        *("período de incubação"),
    )
)
_LINKS = frozenset(
    (
        "to",
        "until",
        "till",
        "through",
        "bis",
        "au",
        "a",
        "à",
        "al",
        "hasta",
        "até",
        "ao",
        "fino",
        "-",
        "–",
        "—",
        "→",
        "/",
    )
)
_OPENING = frozenset(("from", "von", "vom", "du", "del", "de", "dal", "desde", "between"))


def is_date(text: str) -> bool:
    """Say whether a text is a date, in whichever order."""
    for order in ("DMY", "MDY"):
        try:
            parse_date(text, Locale(dates=order))
        except UnreadableDate:
            continue
        return True
    return False


def names_period(label: str) -> bool:
    """Say whether a label asks for the first and the last day of a test."""
    return key(label) in _PERIODS


def period(words: Sequence[Word]) -> tuple[tuple[Word, ...], tuple[Word, ...]] | None:
    """Cut `Feb 5, 2026 to Feb 19, 2026` into its two dates; None for anything else."""
    kept = tuple(words)
    if kept and kept[0].text.casefold() in _OPENING:
        kept = kept[1:]
    for at in range(1, len(kept) - 1):
        if kept[at].text.casefold() not in _LINKS:
            continue
        first, last = kept[:at], kept[at + 1 :]
        if is_date(_text(first)) and is_date(_text(last)):
            return first, last
    return None


def _text(words: Sequence[Word]) -> str:
    return re.sub(r"[.,;]+$", "", " ".join(word.text for word in words))
