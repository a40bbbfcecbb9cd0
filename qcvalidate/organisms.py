"""Finds the names of organisms in the words of a result; a negation is never one."""

from __future__ import annotations

import re
from collections.abc import Collection

from qcvalidate.folding import key

# "Mycoplasma not detected" names no species called "not".
_SPECIES = (
    r"(?!(?:not|never|none|was|were|has|have|nicht|kein|keine|non|pas|sin|detected|observed|found"
    r"|seen|isolated|nachgewiesen|festgestellt)\b)[a-z]{3,}"
)
_GENUS = rf"(?:[A-Z][a-z]{{3,}}|[A-Z]\.)(?: {_SPECIES}| spp?\.?)(?: {_SPECIES})?"
_ORGANISM = re.compile(_GENUS)
_GRAM = re.compile(r"\bgram (?:positive|negative|variable) [a-z]+(?: in [a-z]+(?: and [a-z]+)?)?")
_NAMED = re.compile(
    r"(?i:(?:microbial |bacterial |fungal )?growth of|positive for|isolated|identified as"
    r"|identified|wachstum von|nachweis von"
    r"|croissance de|pousse de|présence de|crecimiento de|presencia de|crescita di|presenza di"
    rf"|crescimento de|presença de):? (?P<after>{_GENUS})"
    r"(?: (?i:(?:was |has been )?(?:detected|observed|found|seen|isolated)|nachgewiesen"
    r"|festgestellt))?"
    rf"|(?P<before>{_GENUS}) (?i:isolated|detected|identified|recovered|nachgewiesen|isoliert"
    r"|isolée?|détectée?|aislad[oa]|detectad[oa]|isolat[oa]|rilevat[oa]|isolad[oa]|detetad[oa])"
)
_NEGATIONS = frozenset(
    """
    no not none never neither nor nothing without nicht kein keine keiner keines nichts ohne weder
    pas non ne aucun aucune rien sans jamais ni sin ningun ninguno ninguna nada nunca tampoco
    nessun nessuno nessuna niente nulla senza mai nao nenhum nenhuma sem nem
    """.split()  # noqa: SIM905  a list of these is four times as long
)


def is_organism(text: str, words: Collection[str]) -> bool:
    """Say whether a text is the name of a species and has none of the `words` of results.

    >>> is_organism("Micrococcus luteus", ["seen"]), is_organism("None seen", ["seen"])
    (True, False)
    """
    if _ORGANISM.fullmatch(text) is None:
        return False
    return not any(word in words or word in _NEGATIONS for word in key(text).split())


def named_organism(text: str, words: Collection[str]) -> str | None:
    """Give the species that a whole text says was found: "Growth of Micrococcus luteus"."""
    found = _NAMED.fullmatch(text)
    name = (found["after"] or found["before"]) if found else None
    return name if name and is_organism(name, words) else None


def stained(folded: str) -> str | None:
    """Give what a Gram stain showed, of a folded text: "Gram-positive cocci in clusters"."""
    found = _GRAM.search(folded)
    return found.group().replace("gram ", "Gram-", 1) if found else None
