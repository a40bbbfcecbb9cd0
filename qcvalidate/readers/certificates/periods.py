"""Reads the two dates of a period: `Testing period: 11 Nov 2026 to 25 Nov 2026`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qcvalidate.dates import AmbiguousDate, UnreadableDate, parse_date
from qcvalidate.wording import key

# The period in which a test was made, and no other; folded by `key`.
_PERIODS = frozenset(
    key(label)
    for label in (
        *("testing period", "test period", "period of testing", "dates of testing", "test dates"),
        *("dates of test", "testing dates", "date of tests", "dates of analysis"),
        *("analysis period", "period of analysis", "incubation period", "culture period"),
        *("prüfzeitraum", "prüfungszeitraum", "untersuchungszeitraum", "analysezeitraum"),
        *("zeitraum der prüfung", "inkubationszeitraum", "période d'essai", "période d'analyse"),
        *("période des essais", "période de l'essai", "période de test", "dates d'essai"),
        *("dates des essais", "dates d'analyse", "dates des analyses", "période d'incubation"),
        *("periodo de ensayo", "período de ensayo", "periodo del ensayo", "fechas de ensayo"),
        *("fechas del ensayo", "fechas de análisis", "periodo de análisis", "período de análisis"),
        *("periodo de incubación", "período de incubación", "periodo di prova", "date di prova"),
        *("periodo di analisi", "periodo delle prove", "date delle prove", "periodo di esecuzione"),
        *("periodo di esecuzione delle prove", "periodo di incubazione", "período de ensaio"),
        *("período dos ensaios", "período de análise", "período das análises", "datas do ensaio"),
        *("datas dos ensaios", "período de incubação"),
    )
)
_TO = frozenset(("to", "until", "till", "through", "bis", "au", "a", "à", "al", "hasta", "até",
                 "ao", "fino", "-", "–", "—", "→"))  # fmt: skip
_FROM = frozenset(("from", "vom", "von", "du", "del", "de", "dal", "desde"))


def is_period(label: str) -> bool:
    """Say whether a label stands for the time in which a test was made."""
    return key(label) in _PERIODS


def period_at(texts: Sequence[str]) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Give where the words of both dates begin and end; None for more than one way, or none.

    >>> period_at("Nov 11, 2026 to Nov 25, 2026".split())
    ((0, 3), (4, 7))
    """
    start = 1 if texts and texts[0].casefold() in _FROM else 0
    cuts = [
        ((start, at), (at + 1, len(texts)))
        for at in range(start + 1, len(texts) - 1)
        if texts[at].casefold() in _TO
    ]
    found = [cut for cut in cuts if all(is_date(" ".join(texts[a:b])) for a, b in cut)]
    return found[0] if len(found) == 1 else None


def is_date(text: str) -> bool:
    """Say whether a text is a date and nothing else, in whichever order of day and month.

    >>> is_date("Nov 11, 2026"), is_date("03/04/2026"), is_date("10 ml")
    (True, True, False)
    """
    if re.search(r"\d", text) is None:
        return False
    try:
        parse_date(text)
    except AmbiguousDate:
        return True
    except UnreadableDate:
        return False
    return True
