"""Knows the sentences that stand on every certificate and tell nothing, in six languages.

Such a sentence is known as a whole: a topic (who may copy the report, what the accreditation
covers) and no word outside that topic's own. One strange word makes it a sentence like any other.
"""

from __future__ import annotations

import re
from functools import cache

from qcvalidate.readers.certificates.reservations import without_idle
from qcvalidate.readers.certificates.topics import topics

_UNIT_OF_COLONIES = (
    r"(?:colony forming units?|kolonie ?bildende einheite?n?|unites? formant (?:des )?colonies?"
    r"|unidades? formadoras? de colonias?|unita formant[ei] (?:di )?coloni[ae])"
)
# Explanations of abbreviations, apart from those that say what + and - mean.
_DEFINED = (
    rf"(?:(?:cfu|kbe|ufc) {_UNIT_OF_COLONIES}"
    r"|(?:n ?d|n ?n) (?:not (?:detected|determined)|nicht (?:nachweisbar|nachgewiesen|bestimmt)"
    r"|non (?:detecte|determine|rilevato|determinato)|no (?:detectado|determinado)"
    r"|nao (?:dete[ct]?tado|determinado))"
    r"|(?:n ?a|na|n z|nz|s o) (?:not applicable|nicht zutreffend|nicht anwendbar|non applicable"
    r"|sans objet|no aplica|non applicabile|nao aplicavel)"
    r"|tntc too numerous to count|nd not determined"
    r"|(?:lod|loq|nwg|bg|ld|lq) (?:limit of (?:detection|quantitation|quantification)"
    r"|nachweisgrenze|bestimmungsgrenze|limite de (?:detection|quantification|deteccion"
    r"|cuantificacion|detecao|deteccao|quantificacao)"
    r"|limite di (?:rilevabilita|rilevazione|quantificazione))"
    r"|(?:eu|ee|ue|ie|iu|ui) (?:endotoxin units?|endotoxin einheit(?:en)?|unites? d endotoxines?"
    r"|unidades? de endotoxinas?|unita di endotossin[ae]|international units?"
    r"|unites? internationales?|internationale einheit(?:en)?|unidades? internacionale?s?"
    r"|unita internazionali))"
)


_GENUS = r"[a-z]{4,}(?: (?:sub)?sp[pe]*)? [a-z]{4,}"
_STRAIN = r"(?:atcc|nctc|ncpf|ncimb|dsm|cip|ip|nbrc|cect|wdcm|cbs|kctc) ?(?:baa )?\d+(?: \d+)?"
_PER_ML = r"\d+(?: \d+)? (?:cfu|gc|genome copies|copies|kbe|ufc|eu|ee|ue|ie|ui)(?: (?:per )?ml)?"
_CHAPTER = r"(?:ph eur|ep|usp|jp|pharm eur)(?: \d+)*"
# Sentences with a telling word that mean nothing by it, each known from its first word to its last.
_SENTENCES = (
    # What an assay can see.
    r"(?:the )?(?:limit of detection|detection limit|lod)(?: of the (?:method|assay|test))?"
    rf" (?:is |was )?{_PER_ML}(?: (?:for|of) (?:all |the )?(?:mycoplasma )?(?:species|strains|test"
    rf" organisms)(?: listed)?(?: in {_CHAPTER})?)?",
    rf"(?:die )?nachweisgrenze(?: (?:des verfahrens|der methode))? (?:ist |betragt "
    rf"|liegt bei )?{_PER_ML}",
    # The organisms of the suitability test, with the numbers of their strains.
    r"(?:(?:test|challenge|indicator|control|reference) (?:organisms?|strains?|microorganisms?)"
    r"|pruf ?organismen|teststamme|testkeime|referenzstamme|souches?(?: de reference| d essai)?"
    r"|micro organismes d essai|cepas(?: de referencia| de ensayo)?|microorganismos de ensayo"
    r"|ceppi(?: di riferimento| di prova)?|microrganismi di prova|estirpes(?: de referencia)?)"
    rf"(?: used)?(?: {_GENUS} {_STRAIN}(?: and| und| et| y| e)?)+",
    r"(?:printed |paper )?copies (?:of this document )?are (?:not controlled|uncontrolled)",
    # The foot of the made papers in our own samples.
    r"simulated document for testing qcvalidate not a real certificate",
    r"(?:this|the) (?:product|test|assay|report|document) is not intended for (?:the )?"
    r"(?:diagnosis|diagnostic (?:use|purposes?)|in vitro diagnostic use|medico legal purposes?)",
    # Where it is written that the method suits the product.
    r"(?:the )?method suitability(?: tests?)?(?: bacteriostasis(?: and)? fungistasis)?"
    r"(?: (?:was|has been|demonstrated|verified|shown|established|documented|confirmed))*"
    r"(?: (?:in|under|see|report|protocol|validation|study|ref|no|number))+(?: [a-z]{1,4})?"
    r"(?: \d+)+",
    # What the media must do with the organisms of the suitability test, and did.
    r"growth of (?:all )?(?:the )?(?:\w+ )?test (?:organisms|strains|microorganisms)"
    r"(?: (?:was|were))?(?: (?:observed|detected|seen|obtained))? within \d+ days",
    r"wachstum (?:aller|der) (?:\w+ )?(?:pruf ?keime|testkeime|prufstamme|teststamme"
    r"|pruforganismen|testorganismen|prufmikroorganismen) (?:innerhalb von|binnen) \d+ tagen",
    r"(?:croissance|pousse) (?:de toutes les|des|de tous les) (?:\w+ )?(?:souches|germes|micro"
    r" organismes)(?: d essai| test)? (?:en|sous|dans les) \d+ jours",
    # The blood group of a donation.
    r"(?:(?:abo|rh|rhd|blood group|blood type|blutgruppe|groupe sanguin|grupo sanguineo|gruppo"
    r" sanguigno)(?: and| rh| rhd| abo)* )?(?:ab|a|b|o|0) (?:rh|rhd|rhesus)(?: d| factor)?"
    r" (?:positive|negative|pos|neg|positiv|negativ|positif|negatif|positivo|negativo)",
    # What alters the paper makes it worthless; nothing has altered this one.
    r"any (?:corrections?|alterations?|changes?|erasures?)(?: (?:or|and) (?:corrections?"
    r"|alterations?|changes?|erasures?))?(?: made)? (?:will |shall |to this report )?"
    r"invalidates?(?: this| the)?(?: test)?(?: report| certificate| document)?",
    r"(?:unauthori[sz]ed|any) (?:alteration|modification)s?"
    r"(?: of this (?:document|report|certificate))?"
    r" (?:is|are) (?:strictly )?(?:prohibited|unlawful)",
    r"(?:the )?(?:ppc|spike)(?: spike)? recover(?:y|ies)(?: (?:of|between|from|within|limits?"
    r"|criterion|requirement|range|must be|should be))* 50 ?%?(?: to| and)? 200 ?%(?: required)?",
)


def is_stock(folded: str) -> bool:
    """Say whether a folded sentence is one that every certificate has and that tells nothing.

    >>> is_stock("this report shall not be reproduced except in full")
    True
    >>> is_stock("this report shall not be used")
    False
    """
    if _explanations().fullmatch(folded) or _sentences().fullmatch(folded):
        return True
    plain = without_idle(folded)
    words = [word for word in plain.split() if not any(c.isdigit() for c in word)]
    return any(
        topic.about.search(plain) is not None
        and topic.never.search(plain) is None
        and all(word in topic.words for word in words)
        for topic in topics()
    )


@cache
def _explanations() -> re.Pattern[str]:
    return re.compile(rf"{_DEFINED}(?: {_DEFINED})*")


@cache
def _sentences() -> re.Pattern[str]:
    return re.compile("|".join(_SENTENCES))
