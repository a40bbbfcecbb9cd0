"""Knows the words that may stand beside a verdict in a conclusion and take nothing from it.

`Die geprüfte Charge entspricht den Anforderungen der Prüfung auf Sterilität nach Ph. Eur. 2.6.1`
is one verdict. A word that is not here (`except`, `previous`, `if`) makes a conclusion unclear.
"""

from __future__ import annotations

from functools import cache

from qcvalidate.wording import key

# Folded by `key`: articles and prepositions, the sample, the test, what is required, references.
_WORDS = """
    the a an this these that tested test tests testing article articles item items therefore
    thus hence conclusion overall result results assessment with to of for in on and all is are
    was were has have been by specification specifications under requirement requirements
    criteria criterion acceptance limits limit sterility according as per stated given above
    below usp ph eur ep jp bp examined final interpretation evaluation regarding no number
    established defined its their sample samples product products lot batch material specimen
    specimens release releases analysis analyses analytical analysed analyzed performed
    described listed indicated mentioned set forth monograph chapter current valid standard
    standards european pharmacopoeia pharmacopeia quality respect concerning based obtained
    investigated submitted received supplied prescribed method methods procedure protocol
    parameters parameter specified referenced approved internal cell cells therapy drug
    substance unit units finished qc it we hereby certify find found opinion statement
    compliance following which both section general chapters harmonised harmonized compendial
    microbiological microbiology purity safety report certificate present client clients
    customer sponsor submitter disposition thereof meets identified manufactured good
    manufacturing practice practices gmp cgmp accordance c

    die der das den dem des ein eine einer fur gemass nach und in im ist sind wird auf von vom
    zu zum zur aus laut hinsichtlich bezuglich sowie somit damit daher folglich spezifikation
    spezifikationen anforderung anforderungen festgelegten vorgegebenen genannten geforderten
    gepruft geprufte gepruften untersuchte untersuchten vorliegende vorliegenden probe proben
    charge produkt muster material prufung prufungen untersuchung untersuchungen ergebnis
    ergebnisse gesamtergebnis gesamtbewertung gesamtbeurteilung beurteilung schlussfolgerung
    fazit bewertung prufergebnis europaischen europaisches arzneibuch arzneibuchs arzneibuches
    kapitel monographie gestellten gestellte sterilitat akzeptanzkriterien
    kriterien vorgaben grenzwerte grenzwerten freigabekriterien freigabe freigabespezifikation
    alle allen aller priffplan prufplan prufvorschrift pruften praparat praparates genehmigung amg
    arzneimittel arzneimittels transplantat kunden auftraggebers auftraggeber mitgeteilten
    durchgefuhrten durchgefuhrt hier angegebenen aufgefuhrten parameter

    le la les l un une aux au de du des d et en a selon est sont pour sur dans par cet cette ces
    ce specifications specification exigences exigence norme normes limites limite criteres
    critere acceptation liberation produit produits echantillon echantillons lot essai essais
    analyse analyses examine examines teste testes conclusion avis globale generale finale
    resultat resultats pharmacopee europeenne monographie chapitre sterilite fixees fixes
    definies definis etablies requises requis methode vigueur realises realisees effectues
    effectuees presentes present conformite soumis recu ensemble x vis respect concernant poche
    greffon preparation therapie cellulaire cellulaires client demandeur fournies indiquees
    transmises parametres

    el los las con por tanto lo ensayo ensayos prueba pruebas especificaciones especificacion
    requisito requisitos establecidas establecidos limites limite criterios criterio aceptacion
    liberacion norma normas segun para muestra muestras producto lote analizada analizado
    analizadas ensayada ensayado examinada evaluada recibida dictamen conclusion conclusiones
    evaluacion valoracion global resultado resultados farmacopea europea capitulo esterilidad
    descritos descritas indicados indicadas realizados realizadas este esta estos estas del al y
    e que se todos todas cliente solicitante facilitadas sus metodo calidad son es parametros
    ensayados

    e ai alle agli i il gli lo specifiche specifica requisiti requisito limiti campione campioni
    prodotto lotto giudizio complessivo complessiva conclusione conclusioni valutazione esito
    prova prove saggio saggi analisi analizzato analizzati esaminato esaminati criteri
    accettazione rilascio farmacopea europea capitolo sterilita stabiliti stabilite previsti
    previste dai dalle dalla dal della dello delle dei degli di da del nel nella per secondo
    questo presente tutti tutte cliente committente indicate fornite risultati risultato sono
    riferimento quanto limitatamente parametri indicati

    amostra amostras produto lote parecer conclusao avaliacao apreciacao os aos as ao o a da do
    das dos em de nos nas para com especificacao especificacoes requisitos limites criterios
    aceitacao liberacao ensaio ensaios analise analises analisada analisado ensaiada testada
    farmacopeia europeia brasileira capitulo esterilidade estabelecidos estabelecidas definidos
    definidas indicados resultado resultados obtidos todos todas sao este esta estes estas
    conforme segundo portanto assim cliente solicitante indicadas fornecidas parametros
"""


@cache
def _known() -> frozenset[str]:
    return frozenset(_WORDS.split())


def is_plain(word: str) -> bool:
    """Say whether a word of a conclusion takes nothing from its verdict.

    Numbers are of a lot or a chapter.

    >>> is_plain("Anforderungen"), is_plain("2.6.1"), is_plain("except")
    (True, True, False)
    """
    if any(character.isdigit() for character in word):
        return True
    folded = key(word).split()
    return all(part in _known() for part in folded)
