"""Knows the sentences that stand on every certificate and tell nothing, in six languages.

Such a sentence is known as a whole: a topic (who may copy the report, what the accreditation
covers) and no word outside that topic's own. One strange word makes it a sentence like any other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class _Topic:
    """What a sentence must speak of, and the words that it may be made of."""

    about: re.Pattern[str]
    words: frozenset[str]


# Little words, and the words for the paper, the laboratory and its client.
_COMMON = """
    a an the this these that such all each any every of for in on at to by with and or as per via
    from is are was were be been has have had will may shall must can full whole our its their
    document documents report reports certificate certificates laboratory lab customer client party
    der die das dem den des ein eine einer eines einem dieser dieses diese diesem im in am an auf
    aus
    bei durch fur mit nach von vom zu zum zur und oder als wie ist sind wird werden wurde wurden
    darf durfen kann bericht berichts prufbericht prufberichts prufberichte zertifikat dokument
    labor labors pruflabor pruflabors laboratoriums kunde kunden auftraggeber auftraggebers es sich
    le la les l un une du de des d ce cet cette ces que qu en dans sur sous par pour avec au aux et
    ou
    est sont a ete etre peut doit se s il elle sa son ses rapport rapports certificat laboratoire
    el los las lo al del un una unos este esta estos estas que y o por para es son ha han sido ser
    puede podra debe se su sus informe informes certificado laboratorio cliente documento
    il lo gli i di del della dello dei delle degli da dal dalla dai al alla ai alle allo nel nella
    nei
    su sul sulla con per tra e un uno una questo questa il presente presenti si essere puo deve
    sono
    stato stata stati state rapporto rapporti certificato committente
    o os as um uma do da dos das no na nos nas ao aos pelo pela pelos pelas em com para este esta
    estes estas se ser pode deve foi foram sao e seu sua relatorio relatorios contratante
"""
_TESTED = """
    test tests testing result results sample samples item items
    prufung prufungen probe proben ergebnis ergebnisse prufergebnis prufergebnisse
    essai essais resultat resultats echantillon echantillons
    ensayo ensayos resultado resultados muestra muestras
    prova prove saggio saggi risultato risultati campione campioni
    ensaio ensaios teste testes amostra amostras
"""
_NEGATIONS = """
    not no without except nicht ohne kein keine ne n pas sans sinon no sin salvo non senza salvo se
    nao sem exceto salvo so somente apenas unicamente exclusivamente ausschliesslich lediglich
    uniquement exclusivement seulement solo soltanto solamente only
"""
_TOPICS = (
    # Who may copy the report.
    (
        r"(?=.*\b(?:report|certificat|document|bericht|prufbericht|zertifikat|dokument|rapport|informe"
        r"|certificad|relatorio))"
        r".*\b(?:reprod|riprod|vervielfalt|copied|copiad|copiat|auszugsweise|kopiert)",
        """
        test ensayo ensayos prova prove ensaio ensaios essai d essais
        reproduced reproduction reproduce copied copy copying published publication used
        distributed
        part parts partial partially extracts excerpts entirety prior written express approval
        permission consent authorisation authorization authority issuing testing writing form
        vervielfaltigt vervielfaltigung auszugsweise auszuge teilweise vollstandig unverandert
        vollstandigen vollstandiger gekurzt veroffentlicht schriftliche schriftlicher genehmigung
        zustimmung erlaubnis vorherige vorheriger ausdruckliche kopiert weitergegeben gestattet
        erlaubt form ausfertigung wiedergabe zulassig
        reproduit reproduite reproduction reproduire copie partielle partiellement totale
        integralite
        integrale integral entier forme autorisation autorisee autorise accord approbation ecrite
        ecrit
        prealable prealablement interdite permise utilise facsimile photographique
        reproducido reproducida reproducir reproduccion parcial parcialmente total totalmente
        totalidad integro integra aprobacion autorizacion permiso consentimiento escrito escrita
        previo
        previa expresa prohibida permitida publicado
        riprodotto riprodotta riproduzione riprodurre parziale parzialmente totale integralmente
        intero
        interezza integrale autorizzazione approvazione consenso scritta scritto previa preventiva
        vietata consentita laboratorio forma
        reproduzido reproduzida reproduzir reproducao integra integralmente totalidade autorizacao
        aprovacao consentimento permissao escrita previa proibida permitida por
        """,
    ),
    # What is accredited, and what is not.
    (
        r"\b(?:acc?redit|akkredit)",
        f"""{_TESTED}
        accredited accreditation accreditations according accordance iso iec cei din en nf une uni
        np
        bs standard norm norme norma normas scope within outside covered marked method methods
        tests
        procedure procedures field asterisk under number no by body national service d pl
        akkreditiert akkreditierte akkreditierten akkreditierung akkreditierungs umfang bereich
        akkreditierungsumfang gemass gekennzeichnet gekennzeichnete gekennzeichneten verfahren
        methoden methode norm dakks dakk ausserhalb innerhalb urkunde aufgefuhrten umfangs
        accredite accreditee accredites accreditation portee selon norme cofrac couverts couvert
        marques hors methodes methode numero essais
        acreditado acreditada acreditados acreditacion acreditacao alcance segun enac marcados
        marcado
        fuera ambito escopo amparados cubiertos metodos metodo numero
        accreditato accreditata accreditati accreditamento secondo accredia contrassegnate
        contrassegnati fuori campo metodi metodo oggetto numero
        acreditados acreditadas segundo ipac inmetro cgcre abnt nbr assinalados fora conforme
        acordo
        testing
        """,
    ),
    # What measurement uncertainty does in a decision.
    (
        r"\b(?:uncertaint|messunsicherheit|incertitude|incertidumbre|incertezza|incerteza)",
        f"""{_TESTED}
        measurement uncertainty uncertainties taken into account considered included statement
        statements conformity decision rule expanded coverage factor k available request reported
        simple acceptance
        messunsicherheit messunsicherheiten berucksichtigt berucksichtigung konformitatsbewertung
        konformitatsaussage konformitat bewertung entscheidungsregel anfrage verfugbar erweiterte
        incertitude incertitudes mesure prise prises compte declaration declarations conformite
        regle
        decision demande disponible disponibles n
        incertidumbre incertidumbres medida medicion tenido tenida cuenta declaracion conformidad
        regla
        solicitud disponible
        incertezza incertezze misura tenuta tenuto conto dichiarazione conformita regola decisione
        richiesta disponibile stata considerata
        incerteza incertezas medicao tida tido conta considerada declaracao conformidade regra
        decisao pedido disponivel
        """,
    ),
    # How long samples are kept.
    (
        r"(?=.*\b(?:weeks?|months?|wochen?|monate?n?|semaines?|mois|semanas?|mes(?:es)?|settiman[ae]"
        r"|mesi)\b).*\b(?:retain|retention|kept|stored|issu|aufbewahr|ruckstell|conserv|emissi?[oa])",
        f"""{_TESTED}
        discarded disposed retained stored kept destroyed after during one two three four six weeks
        week
        days months month issue issued issuing date unless otherwise agreed requested retention
        period
        aufbewahrt entsorgt vernichtet vier zwei drei sechs wochen tage tagen monate monaten
        ruckstellproben
        conserves conservee detruits elimines apres pendant semaines jours mois emission
        conservadas conservan eliminan destruyen eliminadas despues durante semanas dias meses
        emision
        conservati eliminati distrutti dopo settimane giorni mesi emissione
        conservadas eliminadas descartadas apos semanas dias meses emissao
        """,
    ),
    # A paper without, or void without, a signature or a stamp.
    (
        r"\b(?:sign|unterschrift|stempel|firma|assina|cachet|timbro|carimbo|sello|elektronisch|electron"
        r"|elettron|eletron|digital|maschinell)",
        """
        electronically electronic digitally digital signed signature signatures stamp created
        generated
        produced valid original computer handwritten required
        elektronisch elektronische elektronischer digital digitale maschinell erstellt erzeugt
        signiert
        unterzeichnet unterschrift unterschriften gultig gultigkeit stempel original
        signe signature electroniquement electronique numerique genere valable valide cachet
        originale
        original
        firmado firma firmas electronicamente electronica digitalmente digital generado valido
        validez
        sello original
        firmato firma elettronicamente elettronica digitalmente digitale generato valido validita
        timbro originale
        assinado assinatura assinaturas eletronicamente electronicamente eletronica digitalmente
        gerado
        valido carimbo original documento
        """,
    ),
    # Who took the sample.
    (
        r"\b(?:sampling|sampled|probenahme|prelevement|echantillonnage|muestreo|campionamento|prelievo"
        r"|amostragem|colheita|coleta)",
        """
        sample samples probe proben echantillon echantillons muestra muestras campione campioni
        amostra amostras
        sampling sampled taken collected carried out performed responsibility responsible
        probenahme erfolgte durchgefuhrt verantwortung gehort umfang
        prelevement echantillonnage effectue realise responsabilite
        muestreo realizado efectuado responsabilidad
        campionamento prelievo effettuato eseguito cura responsabilita
        amostragem colheita coleta efetuada realizada responsabilidade
        """,
    ),
)
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
    r"|(?:lod|loq|nwg|bg|ld|lq) (?:limit of (?:detection|quantitation|quantification)"
    r"|nachweisgrenze|bestimmungsgrenze|limite de (?:detection|quantification|deteccion"
    r"|cuantificacion|detecao|deteccao|quantificacao)"
    r"|limite di (?:rilevabilita|rilevazione|quantificazione))"
    r"|(?:eu|ee|ue|ie|iu|ui) (?:endotoxin units?|endotoxin einheit(?:en)?|unites? d endotoxines?"
    r"|unidades? de endotoxinas?|unita di endotossin[ae]|international units?"
    r"|unites? internationales?|internationale einheit(?:en)?|unidades? internacionale?s?"
    r"|unita internazionali))"
)


def is_stock(folded: str) -> bool:
    """Say whether a folded sentence is one that every certificate has and that tells nothing.

    >>> is_stock("this report shall not be reproduced except in full")
    True
    >>> is_stock("this report shall not be used")
    False
    """
    if _explanations().fullmatch(folded):
        return True
    words = [word for word in folded.split() if not any(c.isdigit() for c in word)]
    return any(
        topic.about.search(folded) is not None and all(word in topic.words for word in words)
        for topic in _topics()
    )


@cache
def _topics() -> tuple[_Topic, ...]:
    common = frozenset((_COMMON + _NEGATIONS).split())
    return tuple(
        _Topic(re.compile(about), common | frozenset(words.split())) for about, words in _TOPICS
    )


@cache
def _explanations() -> re.Pattern[str]:
    return re.compile(rf"{_DEFINED}(?: {_DEFINED})*")
