"""Knows what is about controls: their headings, and the strains that they are inoculated with."""

from __future__ import annotations

import re
from collections.abc import Callable

from qcvalidate.patterns import LazyPattern
from qcvalidate.readers.certificates.naming import bare_name
from qcvalidate.wording import key

# A strain of a collection is what a control is inoculated with.
_STRAIN = re.compile(
    r"\b(?:ATCC|NCTC|NCIMB|NCPF|NBRC|CIP|CECT|DSMZ?|WDCM|IP)[ -]?\d", re.IGNORECASE
)
# Headings over the results of controls; "Quality controls" and "Contrôles effectués" are none.
_ABOUT_CONTROLS = LazyPattern(
    r"(?:\d+ )*(?:results? of )?(?:the )?"
    r"(?:(?:test|assay|media|medium|method|system|run|internal|external|validity|of)s? )*"
    r"(?:(?:growth promotion|suitability|positive|negative)(?: tests?)?(?: of media)?(?: and)? )*"
    r"(?:controls?|kontrollen|kontrollproben|mitgefuhrte kontrollen|testkontrollen|temoins"
    r"|growth promotion(?: tests?)?(?: of media)?|(?:method|system|media)? ?suitability"
    r"|(?:controles?|control|controlli|controlos) (?:internos?|interni|del ensayo|del saggio"
    r"|do ensaio|de l essai|internes|de (?:los )?medios|dei terreni|dos meios))"
    r"(?: (?:tests?|results?|samples?|and|suitability|growth promotion|validity))*"
)


def is_about_controls(heading: str) -> bool:
    """Say whether what stands under a heading is about controls, and not about the sample.

    >>> is_about_controls("2. Controls"), is_about_controls("Quality control results")
    (True, False)
    """
    return bool(heading) and _ABOUT_CONTROLS.fullmatch(key(heading)) is not None


def names_strain(text: str) -> bool:
    """Say whether a text names a strain of a collection: `S. aureus ATCC 6538`."""
    return _STRAIN.search(text) is not None


# What is named so is no sample, even where we do not know which control it is.
NO_SAMPLE = re.compile(
    r"control|kontroll|témoin|contrôle|controllo|controlo|blank|\bstandard|spike|promotion|suitab"
    r"|\bATCC\b|\bNCTC\b|\bDSM\b",
    re.IGNORECASE,
)


def is_material(text: str, role: Callable[[str], str | None]) -> bool:
    """Say whether a text under `Sample type` is what the sample is made of: `Cell suspension`.

    What may name a control that we do not know is none.
    """
    named = bare_name(text)
    if role(named) is not None:
        return False
    words = re.findall(r"[^\W\d_]{4,}", named)
    return bool(words) and not (NO_SAMPLE.search(named) or _REFERENCE.search(named))


_REFERENCE = LazyPattern(
    r"refer|calibrat|kalibr|calibra|étalon|patr[óo]n|padr[ãa]o|campione di|water|wasser|\beau\b"
    r"|agua|acqua|água|buffer|puffer|tampon|(?<!in )medium|(?<!in )media\b|broth|strain|stamm"
    r"|souche|cepa|ceppo|plasmid|template|extraction|inhibit|simulat|placebo|vehicle",
    re.IGNORECASE,
)
