"""Knows the phrases that hold a telling word and tell nothing: what was looked for, controls.

"Inspected for growth" is no growth. Such a phrase is taken out of a sentence, and only words that
are known to be plain may stand beside it.
"""

from __future__ import annotations

import re
from functools import cache

_GROWTH = r"(?:(?:visible|macroscopic|microbial|bacterial|fungal|any|microbiological) )*growth"
_GERMS = r"(?:(?:an)?aerobic|facultative|bacteria|fungi|yeasts?|mou?lds?|microorganisms|and|or|the)"
_WACHSTUM = (
    r"(?:(?:sichtbares|mikrobielles|mikrobiologisches|bakterielles|moegliches|eventuelles) )*"
    r"(?:keimwachstum|wachstum|trubung|trubungen|keime|kontamination|verunreinigung)"
)
_POUSSE = (
    r"(?:(?:une?|la|le|l|de|d|toute|eventuelle|presence|signes?|absence) )*"
    r"(?:croissance|pousse|trouble|turbidite|contamination)"
    r"(?: (?:microbienne|bacterienne|fongique|visible|eventuelle|ou|d|un|trouble|turbidite))*"
)
_CRECIMIENTO = (
    r"(?:(?:el|la|un|una|de|signos|evidencias?|presencia|ausencia|posible|o) )*"
    r"(?:crecimiento|turbidez|contaminacion)"
    r"(?: (?:microbiano|bacteriano|fungico|visible|o|turbidez))*"
)
_CRESCITA = (
    r"(?:(?:la|l|una|eventuale|di|segni|presenza|assenza|possibile) )*"
    r"(?:crescita|torbidita|contaminazione)"
    r"(?: (?:microbica|batterica|fungina|visibile|o|torbidita))*"
)
_CRESCIMENTO = (
    r"(?:(?:o|a|um|uma|de|sinais|evidencias?|presenca|ausencia|eventual) )*"
    r"(?:crescimento|turvacao|contaminacao)"
    r"(?: (?:microbiano|bacteriano|fungico|visivel|ou|turvacao))*"
)
_PHRASES = (
    r"(?:inspected|examined|monitored|checked|observed|read|incubated|assessed)(?: \w+ly)? for"
    r"(?: the| any)?(?: (?:evidence|signs?|presence|absence))?(?: of)?"
    rf" (?:{_GROWTH}|turbidity|(?:microbial )?contamination)(?: or turbidity)?",
    r"(?:supports?|promotes?|allows?)(?: the)?(?: growth)?(?: of)?" rf"(?: {_GERMS})+",
    rf"(?:but )?will also grow(?: {_GERMS})+",
    # "For the client" looks for no germ.
    rf"(?:tests? )?for(?: (?:and|or|the))*(?! (?:and|or|the)\b)(?: {_GERMS})+",
    rf"no (?:(?:evidence|signs?) of )?{_GROWTH}(?: (?:was|has been))?"
    r"(?: (?:observed|detected|seen))?",
    r"growth promot\w+(?: tests?| testing| properties)?",
    r"(?:positive|negative)(?: (?:and|or) (?:positive|negative))?(?: product)? controls?",
    r"bacteriostasis(?: and)? fungistasis",
    r"growth (?:medium|media|factors?)",
    r"gram (?:negative|positive) control (?:slides?|smears?)",
    # de
    rf"auf {_WACHSTUM}(?: (?:und|oder) {_WACHSTUM})?(?: hin)?(?: \w+ell)?"
    r" (?:gepruft|untersucht|kontrolliert|inspiziert|beobachtet|uberpruft|abgelesen)",
    rf"(?:kein|keine|ohne) {_WACHSTUM}(?: (?:nachweisbar|festgestellt|beobachtet|nachgewiesen))?",
    r"wachstumsforder\w*(?: eigenschaften)?",
    r"(?:negativ|positiv)(?: (?:und|oder) (?:negativ|positiv))?kontrollen?",
    # fr
    r"(?:examine|inspecte|observe|controle|verifie)(?:e?s?)(?: \w+ment)?"
    rf" (?:pour|afin de|a la recherche)(?: (?:detecter|rechercher|verifier|deceler))? {_POUSSE}",
    r"(?:absence de|pas de|aucune|sans) (?:croissance|pousse)(?: microbienne| bacterienne)?"
    r"(?: (?:observee|detectee|constatee))?",
    r"(?:temoins?|controles?) (?:negatif|positif)s?(?: et (?:negatif|positif)s?)?",
    r"promotion de (?:la )?croissance",
    # es
    r"(?:inspeccion|examin|observ|revis)(?:o|aron|ada?s?|ado?s?)(?: \w+mente)?"
    rf" (?:para|en busca de)(?: (?:detectar|evaluar|verificar|comprobar))? {_CRECIMIENTO}",
    r"(?:sin|ausencia de|no se observ[oa]|no hubo) crecimiento(?: microbiano| bacteriano)?",
    r"controle?s? (?:negativo|positivo)s?(?: [ye] (?:negativo|positivo)s?)?",
    r"promocion (?:del?|de) crecimiento",
    # it
    r"(?:ispezionat|esaminat|osservat|controllat)[oaie](?: \w+mente)?"
    rf" per(?: (?:rilevare|verificare|evidenziare))? {_CRESCITA}",
    r"(?:nessuna|assenza di|senza) crescita(?: microbica| batterica)?(?: osservata| rilevata)?",
    r"controll[oi] (?:negativ|positiv)[oi](?: e (?:negativ|positiv)[oi])?",
    r"promozione della crescita",
    # pt
    r"(?:inspecionad|inspeccionad|examinad|observad|verificad)[oa]s?(?: \w+mente)?"
    rf" (?:quanto|para|em busca de)(?: (?:a|ao|detetar|detectar|verificar))? {_CRESCIMENTO}",
    r"(?:sem|ausencia de|nao se observou|nao houve) crescimento(?: microbiano| bacteriano)?",
    r"control[oe]s? (?:negativo|positivo)s?(?: e (?:negativo|positivo)s?)?",
    r"promocao d[eo] crescimento",
)
# What may stand beside such a phrase.
_PLAIN_WORDS = """
    a an the this these all each both any every of for in on at to by with and or as per via from
    is
    are was were be been has have had will after during over least either two three medium media
    ftm
    tsb scdm scdb fluid thioglycollate thioglycolate soybean casein digest trypticase tryptic soy
    broth bottle bottles vial vials container containers tube tubes culture cultures plate plates
    bact bactec system aerobic anaerobic incubated incubation inoculated inoculation read visually
    daily continuously automatically tested test tests performed according used suitable
    suitability
    method methods complies complied comply compliant passed pass satisfactory verified confirmed
    demonstrated acceptable met valid expected showed results result lot lots batch batches days
    day
    hours hour h c temperature period total usp ph eur jp chapter validated procedure sop rev
    sample
    samples product sterility direct membrane filtration observed found
    der die das dem den des ein eine im in am an auf aus bei durch fur mit nach von zu zum zur und
    oder
    wurde wurden ist sind war waren jeder jede jedes alle aller beide beiden tag tage tagen taglich
    medium medien nahrmedium nahrmedien nahrmediums charge chargen flasche flaschen visuell gepruft
    gemass inkubiert inkubation bebrutet bebrutung thioglykolat caso bouillon probe proben produkt
    sterilitat prufung methode eigenschaften erfullt bestanden konform entspricht entsprechen
    gultig
    nachgewiesen bestatigt verifiziert erwartet wahrend stunden
    le la les l un une du de des d en dans sur par pour avec au aux et ou est sont a ete ont etait
    chaque tous toutes deux jour jours milieu milieux culture flacon flacons visuellement incube
    incubes incubation thioglycolate soja bouillon echantillon echantillons produit sterilite essai
    methode conforme conformes verifiee verifie verifies verifiees satisfaisant satisfaisante lot
    lots valide attendu quotidiennement heures apres pendant
    el los las lo al del un una y o por para con es son se han ha sido fue fueron cada todos todas
    ambos dos dia dias medio medios cultivo frasco frascos visualmente incubo incubaron incubacion
    tioglicolato caldo muestra muestras producto esterilidad ensayo metodo cumple conforme
    conformes
    verifico verificada verificado satisfactorio satisfactoria lote lotes valido esperado
    diariamente
    horas despues durante tras
    il lo gli i di dei della delle dello da dal nel nella per e tra sono stato stata stati state
    ogni
    entrambi due giorno giorni terreno terreni coltura flacone flaconi visivamente incubato
    incubati
    incubazione brodo campione campioni prodotto saggio metodo conforme conformi verificata
    verificato
    soddisfacente lotto lotti valido atteso quotidianamente ore dopo durante fertilita
    o os as um uma do da dos das na nos nas ao em com foi foram sao cada ambos dois meio meios
    cultura visualmente incubado incubados incubacao amostra amostras produto ensaio metodo
    verificada
    verificado satisfatorio satisfatoria esperado diariamente apos quanto fertilidade fertilite
"""
_PLAIN = frozenset(_PLAIN_WORDS.split())
_OF_CONTROLS = r"(?:(?:controls?|validity|assay validity|remarks?|comments?|notes?) )?"
_ANY_CONTROL = (
    r"(?:positive and negative|negative and positive|test|assay|media|medium|sterility|pcr|internal"
    r"|system|run|fluorescence minus one|isotype|positive|negative)"
)
_AS_EXPECTED = (
    # en
    r"(?:the )?(?:growth promotion|fertility)(?: tests?)?(?: of (?:the|all|each) (?:media|medium))?"
    r"(?: (?:lots?|batch(?:es)?))?(?: used)? (?:(?:was|were) (?:satisfactory|passed"
    r"|acceptable|valid)"
    r"|passed|complied|met (?:the )?(?:acceptance )?(?:criteria|requirements))",
    # de
    r"(?:kontrollen? )?(?:(?:alle|die|saemtliche|samtliche|mitgefuhrten|mitgefuhrte) )*"
    r"(?:(?:positiv|negativ)(?: neg)? (?:und|oder) )?(?:positiv|negativ)? ?kontrollen"
    r" (?:(?:waren|sind) (?:gultig|valide|konform|in ordnung|wie erwartet|erwartungsgemass|korrekt)"
    r"|(?:zeigten|ergaben|lieferten) (?:alle )?(?:die|das) (?:erwarteten?|erwartete) (?:ergebnisse"
    r"|ergebnis|reaktionen|resultate)|(?:verliefen|reagierten) (?:wie erwartet|erwartungsgemass)"
    r"|(?:entsprachen|entsprechen) den (?:erwartungen|anforderungen|vorgaben|akzeptanzkriterien)"
    r"|(?:erfullten|erfullen) (?:die|alle) (?:anforderungen|akzeptanzkriterien|kriterien"
    r"|vorgaben))",
    # fr
    r"(?:(?:temoins|controles) )?(?:(?:tous|toutes|l ensemble|les|des) )*(?:temoins|controles)"
    r"(?: (?:positifs?|negatifs?))?(?: (?:et|ou)(?: les)?(?: temoins| controles)?"
    r" (?:positifs?|negatifs?))?"
    r" (?:(?:ont donne|donnent|ont fourni|ont montre|presentent) les (?:resultats|reponses)"
    r" (?:attendus|attendues|conformes)|(?:sont|etaient|ont ete) (?:tous )?(?:conformes?|valides?"
    r"|valables|satisfaisants?|conformes aux (?:attentes|exigences|criteres)))",
    # es
    r"(?:controles )?(?:(?:todos|los|ambos) )*controles(?: (?:positivos?|negativos?))?"
    r"(?: [ye](?: los)?(?: controles)? (?:positivos?|negativos?))?"
    r" (?:(?:dieron|mostraron|presentaron|han dado|ofrecieron|obtuvieron) (?:todos )?los resultados"
    r" (?:esperados|correctos|previstos)|(?:fueron|son|han sido|resultaron) (?:todos )?(?:conformes"
    r"|validos|correctos|satisfactorios|aceptables)|cumplen? los criterios(?: de aceptacion)?"
    r"|cumplieron los criterios(?: de aceptacion)?)",
    # it
    r"(?:controlli )?(?:(?:tutti|i|entrambi) )*controlli(?: (?:positiv[oi]|negativ[oi]))?"
    r"(?: e(?: i)?(?: controlli)? (?:positiv[oi]|negativ[oi]))?"
    r" (?:(?:hanno (?:dato|fornito|mostrato)|danno|mostrano) (?:tutti )?(?:i risultati"
    r" (?:attesi|previsti"
    r"|corretti)|l esito atteso)|(?:sono|erano|sono (?:stati|risultati)|risultano) (?:tutti"
    r" )?(?:conformi"
    r"|validi|corretti|soddisfacenti|accettabili)|(?:soddisfano|rispettano) i criteri"
    r"(?: di accettazione)?)",
    # pt
    r"(?:control[oe]s )?(?:(?:todos|os|ambos) )*control[oe]s(?: (?:positivos?|negativos?))?"
    r"(?: e(?: os)?(?: control[oe]s)? (?:positivos?|negativos?))?"
    r" (?:(?:deram|apresentaram|mostraram|forneceram|obtiveram) (?:todos )?os resultados"
    r" (?:esperados|previstos|corretos)|(?:foram|sao|estavam|mostraram se) (?:todos )?(?:conformes"
    r"|validos|corretos|satisfatorios|aceitaveis)|(?:cumprem|cumpriram|atenderam)(?: a)?(?: os|os)?"
    r" criterios(?: de aceitacao)?)",
)
_NO_ACCIDENT = (
    *_AS_EXPECTED,
    # en
    r"no (?:deviations?|oos results?|discrepanc(?:y|ies)|remarks)"
    r"(?: (?:or|and) (?:deviations?|oos results?|discrepancies))*"
    r"(?: (?:was|were))?(?: (?:observed|noted|recorded|reported|found))?"
    r"(?: during (?:(?:this|the) )?(?:test|tests|testing|analysis|incubation))?",
    # What an assay can see, and what makes it valid.
    r"(?:limit of detection|detection limit|lod|nachweisgrenze|limite de dete[cç]?[ct]?(?:ion"
    r"|cao|ao)"
    r"|limite di rilevabilita)(?: (?:of|the|method|assay|des|de|del|der|verfahrens|methode"
    r"|ensayo))*"
    r" \d+(?: \d+)? (?:cfu|gc|genome copies|copies|kbe|ufc|eu|ee|ue)(?: (?:per )?ml)?",
    r"(?:(?:valid if|acceptance|requirement|criterion|limit|limits) )*(?:the )?(?:ppc|spike"
    r"|positive"
    r" product control)(?: spike)? recovery"
    r"(?: (?:is|must|should|shall|be|within|between|in|range|of|the|criterion|limits?))*"
    r" 50 ?%? ?(?:to|and)? ?200 ?%?",
    r"(?:it|this test|the test) has not been (?:cleared|approved)(?: (?:or|and|nor) (?:cleared"
    r"|approved))? by the (?:u ?s )?(?:fda|food and drug administration)(?: fda)?",
    r"(?:if|when|in case of) growth(?: is| was)?(?: observed| detected)? the "
    r"(?:client|customer|sponsor|submitter) (?:is|will be) (?:notified|informed)"
    r"(?: within \d+ (?:h|hours|days))?",
    # Controls that did as they should, in sentences of which every word is known.
    rf"{_OF_CONTROLS}(?:all |the |all the )?{_ANY_CONTROL}? ?controls? (?:all )?"
    r"(?:gave|showed|yielded|produced|met|had) (?:the |their )?"
    r"(?:expected|acceptable|valid|satisfactory|required|correct|acceptance)"
    r" (?:results?|outcomes?|responses?|reactions?|criteria|acceptance criteria)",
    rf"{_OF_CONTROLS}(?:all |the |all the )?{_ANY_CONTROL}? ?controls? (?:all )?"
    r"(?:were|was|are|performed|behaved|reacted) (?:all )?"
    r"(?:as expected|valid|acceptable|satisfactory|within (?:the )?(?:acceptance )?"
    r"(?:limits|criteria|specifications?)|in order|used)",
    r"(?:the |all )?positive controls?"
    r" (?:grew|showed (?:the expected )?growth|(?:was|were) positive)"
    r" and (?:the |all )?negative controls? (?:remained|stayed|was|were|showed)"
    r" (?:clear|sterile|negative|no growth|without growth|free (?:of|from) growth)",
    r"(?:the |all )?negative controls? (?:remained|stayed|was|were|showed)"
    r" (?:clear|sterile|negative|no growth|without growth|free (?:of|from) growth)"
    r" and (?:the |all )?positive controls?"
    r" (?:grew|showed (?:the expected )?growth|(?:was|were) positive)",
    r"(?:all|the|both|all the) (?:assays?|tests?|runs?|analyses) (?:was|were|are|is) valid",
    r"alle (?:mitgefuhrten )?kontrollen (?:waren|sind|lieferten|ergaben|zeigten|entsprachen)"
    r" (?:gultig|konform|in ordnung|wie erwartet|den vorgaben|(?:die|das) erwarteten? ergebnisse?)",
    r"(?:tous )?les (?:temoins|controles)(?: (?:positifs|negatifs)(?: et (?:positifs|negatifs))?)?"
    r" (?:sont|etaient|ont donne) (?:conformes|valides|les resultats attendus)",
    r"(?:todos )?los controles(?: (?:positivos|negativos)(?: y (?:positivos|negativos))?)?"
    r" (?:fueron|son|han sido|dieron|han dado) (?:validos|conformes|satisfactorios"
    r"|los resultados esperados)",
    r"(?:tutti )?i controlli(?: (?:positivi|negativi)(?: e (?:positivi|negativi))?)?"
    r" (?:sono|erano|sono risultati|hanno dato) (?:validi|conformi|i risultati attesi)",
    r"(?:todos )?os control[oe]s(?: (?:positivos|negativos)(?: e (?:positivos|negativos))?)?"
    r" (?:foram|sao|deram) (?:validos|conformes|satisfatorios|os resultados esperados)",
    # de
    r"(?:es (?:wurden|gab|traten) )?keine (?:abweichung(?:en)?|auffalligkeiten|anomalien"
    r"|bemerkungen|oos ergebnisse)"
    r"(?: (?:und|oder) (?:keine )?(?:abweichungen|auffalligkeiten|oos ergebnisse))*"
    r"(?: (?:wurden )?(?:festgestellt|beobachtet|dokumentiert|registriert|aufgetreten|auf))?"
    r"(?: wahrend der prufung)?",
    # fr
    r"(?:aucune? (?:deviation|ecart|anomalie|remarque|non conformite)"
    r"|(?:pas|absence) (?:de |d )(?:deviation|ecart|anomalie|remarque)s?"
    r"|sans (?:deviation|ecart|anomalie)s?)"
    r"(?: (?:n a ete )?(?:observee?|constatee?|relevee?|signalee?|enregistree?))?",
    # es
    r"(?:sin|ninguna|no hubo|no hay|no se (?:han )?(?:observaron|registraron|observado|registrado))"
    r" (?:desviacion(?:es)?|incidencias?|anomalias?|observaciones)"
    r"(?: (?:observad|registrad|detectad)as?)?",
    # it
    r"(?:nessuna?|nessuno|senza|assenza di|non (?:si )?sono (?:state |stati )?(?:osservat|registrat"
    r"|riscontrat|rilevat)[ei]) (?:deviazion[ei]|scostament[oi]|anomali[ae]|osservazion[ei])"
    r"(?: (?:osservat|registrat|riscontrat|rilevat)[oaei])?",
    # pt
    r"(?:sem|nenhuma?|nao (?:houve|foram (?:observad|registad|registrad)[oa]s|se observaram))"
    r" (?:desvios?|anomalias?|nao conformidades?|observacoes|ocorrencias)"
    r"(?: (?:observad|registad|registrad)[oa]s?)?",
)
# What must have grown and did not.
_BARREN = (
    r"\b(?:positive control|growth promot|fertility|wachstumskontroll|wachstumsforder"
    r"|positivkontroll|(?:temoin|controle) positif|(?:control[eo]?|controllo) positivo|fertili"
    r"|promocion|promozione|promocao|promotion de)"
    r".*\b(?:no growth|negati\w*|(?:kein|ohne|keine) \w*wachstum|(?:absence de|pas de|aucune|sans)"
    r" (?:croissance|pousse)|(?:sin|ausencia de|no hubo|no se observo) crecimiento"
    r"|(?:nessuna|assenza di|senza) crescita|(?:sem|ausencia de|nao houve) crescimento)"
)


def without_mentions(folded: str) -> str:
    """Take the phrases that tell nothing out of a folded sentence.

    >>> without_mentions("media were inspected for microbial growth daily")
    'media were daily'
    """
    return " ".join(_mentions().sub(" ", folded).split())


def strange_word(folded: str) -> str | None:
    """Give the first word beside such phrases that is not known to be plain."""
    words = (word for word in folded.split() if not word.isdigit())
    return next((word for word in words if word not in _PLAIN), None)


def says_nothing_happened(folded: str) -> bool:
    """Say whether a whole folded sentence says that nothing happened, or what if it did."""
    return _no_accident().fullmatch(folded) is not None


def barren_control(folded: str) -> str | None:
    """Give the words that say that what must have grown did not."""
    found = _barren().search(folded)
    return found.group() if found else None


@cache
def _mentions() -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(_PHRASES) + r")(?= |$)")


@cache
def _no_accident() -> re.Pattern[str]:
    return re.compile("|".join(_NO_ACCIDENT))


@cache
def _barren() -> re.Pattern[str]:
    return re.compile(_BARREN)
