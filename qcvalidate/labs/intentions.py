"""Knows the words by which a label or heading announces what was meant to be, and not what was.

Taught as the heading of a result or the label of a date, they would turn a plan into evidence.
"""

from __future__ import annotations

from qcvalidate.folding import key
from qcvalidate.patterns import LazyPattern

_MEANT = LazyPattern(
    r"\b(?:expect\w*|plan|plans|planned|planning|schedul\w*|target\w*|anticipat\w*|intended|due"
    r"|projected|forecast|estimated|deadline|desired|theoretical|nominal|proposed|prospective"
    r"|erwart\w*|geplant\w*|plan\w*termin\w*|vorgesehen\w*|voraussichtlich\w*|fallig\w*|ziel\w*"
    r"|soll\w*|frist\w*|termin|prev(?:u|us|ue|ues|isionnel\w*)|attendu\w*|planifie\w*|programme\w*"
    r"|cible|souhaite\w*|echeance|estime\w*|previst[oa]s?|esperad[oa]s?|planificad[oa]s?"
    r"|programad[oa]s?|objetivo|estimad[oa]s?|vencimiento|attes[oaie]|pianificat[oaie]"
    r"|programmat[oaie]|obiettivo|stimat[oaie]|scadenza|planead[oa]s?|agendad[oa]s?|alvo|prazo)\b"
)
_LIMIT = LazyPattern(
    r"\b(?:limits?|limitations?|requirements?|required|criteri(?:a|on|os?|um|en)|criteres?"
    r"|specifications?|specs?|acceptance|allowed|permitted|thresholds?|ranges?|standard value"
    r"|grenzwerte?|anforderung\w*|vorgaben?|spezifikation\w*|akzeptanz\w*|schwelle\w*|richtwerte?"
    r"|limites?|exigences?|exige\w*|seuils?|norme|requisit[oi]s?|requerid[oa]s?|especifica\w*"
    r"|umbral|rango|requisit[oi]|richiest[oaie]|specific(?:a|he)|soglia|limit[ei]|exigid[oa]s?"
    r"|limiar|faixa)\b"
)
# What says how something came out; a limit is none of them, whatever else may be.
_OUTCOMES = ("result", "turbidity", "organism", "day", "started", "ended", "measured_at")
# A verdict is told by a limit's name: "Requirement met".
_JUDGED = ("verdict", "conclusion", "status")


def column_intends(column: str, heading: str) -> str | None:
    """Give the words of a heading that announce a plan or a limit, and no outcome.

    >>> column_intends("result", "Expected"), column_intends("specification", "Limit")
    ('expected', None)
    """
    if column not in (*_OUTCOMES, *_JUDGED):
        return None
    found = _MEANT.search(key(heading))
    if found is None and column in _OUTCOMES:
        found = _LIMIT.search(key(heading))
    return found.group() if found else None


def label_intends(field: str, label: str) -> str | None:
    """Give the words of a label that announce a plan, or for a conclusion a limit.

    >>> label_intends("date_completed", "Planned end"), label_intends("lot", "Lot, as planned")
    ('planned', None)
    """
    if not (field.startswith("date_") or field in (*_JUDGED, "signed_on", "signed_by")):
        return None
    found = _MEANT.search(key(label))
    if found is None and field.startswith("date_"):
        found = _LIMIT.search(key(label))
    return found.group() if found else None
