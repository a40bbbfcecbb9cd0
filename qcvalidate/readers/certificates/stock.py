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
_PER_ML = r"(?:not more than |no more than |less than |at most |nmt )?\d+(?: \d+)?"
_PER_ML += r" (?:cfu|gc|genome copies|copies|kbe|ufc|eu|ee|ue|ie|ui)(?: (?:per )?ml)?"
_CHAPTER = r"(?:ph eur|ep|usp|jp|pharm eur)(?: \d+)*"
# Sentences with a telling word that mean nothing by it, each known from its first word to its last.
_SENTENCES = (
    # What an assay can see.
    r"(?:the )?(?:validated )?(?:limit of detection|detection limit|lod)"
    r"(?: of the (?:method|assay|test))?"
    rf" (?:is |was )?{_PER_ML}(?: (?:for|of) (?:all |the |all the )?(?:\w+ )?(?:listed |required )?"
    rf"(?:mycoplasma )?(?:species|strains|test organisms)(?: listed)?(?: in {_CHAPTER})?)?",
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
    r"(?:the )?(?:ppc|spike|positive product control)(?: spike)? recover(?:y|ies)(?: (?:of|between"
    r"|from|within|limits?|criterion|requirement|range|must be|should be|was|were|is|are|the"
    r"|required|acceptance))* 50 ?%?(?: to| and)? 200 ?%(?: required)?",
    # How a number was worked out.
    r"(?:the )?results? (?:is|are|was|were|has been|have been) (?:corrected|multiplied|adjusted)"
    r" (?:for|by) (?:the )?(?:sample )?dilution(?: factor)?(?: of the sample)?",
    # What surrounds a test, and was as it must be.
    r"(?:the )?environmental monitoring(?: (?:of|during|in|the|test|testing|session|isolator|suite"
    r"|cabinet|room|area|samples|results?))* (?:was|were) (?:within|below) (?:the )?(?:alert "
    r"|action |acceptance )?(?:limits|levels|specifications?)",
    r"(?:the )?growth promotion of (?:each|every|all|the) (?:media|medium)(?: lots?| batch(?:es)?)?"
    r"(?: used)? (?:was|were|has been) (?:verified|tested|confirmed|demonstrated|checked)"
    r"(?: (?:on|at|upon|prior to|before) (?:receipt|use))?(?: (?:with|using) the (?:\w+ )?"
    r"compendial (?:strains|organisms))?(?: (?:not more than|nmt|less than) \d+ cfu)?",
    r"(?:the )?(?:positive and negative|negative and positive) controls (?:of|for|in) (?:all|the"
    r"|each|all the) (?:assays?|tests?|runs?) (?:was|were) (?:satisfactory|valid|acceptable"
    r"|as expected|within (?:the )?limits)",
    # The day's growth in words beside its sign, in a key.
    r"not for (?:resale|sale)",
    # What the label of an autologous product must say (21 CFR 1271.90(c)).
    r"(?:(?:for )?autologous use only )?not evaluated for infectious substances",
    r"(?:the )?(?:physician|client|customer|sponsor|submitter) (?:will be|is) (?:notified|informed"
    r"|called)(?: immediately| at once| by telephone)*(?: of| about| in case of) (?:any )?positive"
    r" (?:results?|cultures?|findings?)",
)


def is_stock(folded: str) -> bool:
    """Say whether a folded sentence is one that every certificate has and that tells nothing.

    >>> is_stock("this report shall not be reproduced except in full")
    True
    >>> is_stock("this report shall not be used")
    False
    """
    folded = _HEADED.sub("", folded)
    if _explanations().fullmatch(folded) or _sentences().fullmatch(folded):
        return True
    plain = without_idle(folded)
    if _is_on_a_topic(plain):
        return True
    both = _TWO_RULES.fullmatch(plain)
    # "This certificate applies only to ... and may not be reproduced ..."
    return both is not None and all(
        _is_on_a_topic(f"{both['paper']} {said}") for said in (both["first"], both["second"])
    )


# What announces a remark.
_HEADED = re.compile(
    r"^(?:summary|comments?|remarks?|notes?|bemerkung(?:en)?|hinweise?|anmerkung(?:en)?"
    r"|commentaires?|remarques?|observaciones|comentarios?|notas?|osservazioni|observacoes) "
)
_TWO_RULES = re.compile(
    r"(?P<paper>(?:this|the|these) \w+) (?P<first>.+) and (?P<second>(?:may|shall|must|can) .+)"
)


def _is_on_a_topic(plain: str) -> bool:
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
