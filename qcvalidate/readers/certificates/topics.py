"""Lists the topics of sentences that stand on every certificate and tell nothing.

A topic is what a sentence must speak of, the words that it may be made of, folded as `key` folds
them, and what it never says: the same words, and they do tell something.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Topic:
    """What a sentence must speak of, what it may be made of, and what it never says."""

    about: re.Pattern[str]
    words: frozenset[str]
    never: re.Pattern[str]


@cache
def topics() -> tuple[Topic, ...]:
    """Give every topic."""
    common = frozenset((_COMMON + _NEGATIONS).split())
    return tuple(
        Topic(re.compile(about), common | frozenset(words.split()), re.compile(never))
        for about, words, never in _TOPICS
    )


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
_NOTHING = r"(?!)"
_NOT = r"(?:not|never|nicht|kein\w*|pas|non|no|nao)"
# "Sampling was not performed" is made of the words of "sampling was not performed by us".
_NOT_DONE = (
    rf"\b{_NOT}\b(?: \w+){{0,3}} (?:taken|collected|carried out|performed|durchgefuhrt|erfolgte"
    r"|effectuee?|realisee?|realizad[oa]|efectuad[oa]|effettuat[oa]|eseguit[oa]|efetuad[oa])"
    r"(?! (?:by|under|durch|vom|von|par|por|da|dal|pelo|pela|sous))\b"
)
_NEVER_KEPT = rf"\b{_NOT}\b"
_SIGNED = (
    r"(?:signed|unterzeichnet|signiert|signee?|firmad[oa]|firmat[oa]|assinad[oa]|created|erstellt)"
)
_SIGNATURE = (
    r"(?:signatures?|stamps?|unterschrift(?:en)?|stempel|firmas?|assinaturas?|cachet|sello|timbro)"
)
_NOT_SIGNED = (
    rf"\b{_NOT}\b(?: \w+){{0,2}} {_SIGNED}\b|\b{_SIGNATURE}(?: \w+){{0,2}} {_NOT} (?!required)"
    rf"|\b{_NOT}(?: \w+)? (?:valid|gultig|valable|valid[oa])"
    r"(?! (?:without|ohne|sans|sin|senza|sem))"
)
_TOPICS = (
    # What the results are about.
    (
        r"\b(?:results?|(?:this|the) (?:certificate|report)|ergebnis\w*|prufergebnis\w*"
        r"|resultats?|resultados?|risultati?)\b.*\b(?:relate|refer|pertain|apply|applies|applied|reflect|beziehen|gelten|rapportent"
        r"|concernent|appliquent|refieren|afectan|corresponden|riferiscono|referem|aplicam)\b",
        f"""{_TESTED}
        relate refer pertain apply applies applied reflect only solely exclusively to which as
        received submitted supplied provided specific above shown herein stated given reported
        listed identified analysed analyzed examined tested delivered sent condition conditions
        lot batch material state do guarantee bulk equal quality object objects
        beziehen gelten nur ausschliesslich gepruften untersuchten erhaltenen eingesandten
        angelieferten genannten oben vorliegenden gegenstande prufgegenstande prufgegenstand
        anlieferungszustand zustand erhalten muster material
        rapportent concernent appliquent seuls seul soumis analyses analyse recu recus tel tels
        objets objet analysee testes teste
        refieren afectan corresponden ensayada ensayadas ensayados analizada analizadas recibida
        recibidas items item tal como condiciones cliente fueron recibidos
        riferiscono esclusivamente unicamente sottoposto sottoposti analizzato analizzati cosi
        come ricevuto ricevuti riportati
        referem aplicam analisada analisadas ensaiada ensaiadas ensaiado tal como recebida
        recebidas recebido item estado
        """,
        rf"\b{_NOT}\b(?! guarantee| estado)",
    ),
    # Who answers for what, in law.
    (
        r"\b(?:liab|haftet|haftung|responsib|responsab|responsav|n engag|verantwort)",
        """
        accepts accept accepted takes take assumes assume bears no liability responsibility liable
        responsible for any loss losses damage damages arising resulting out use using of
        sampling sample samples transport stage information data supplied provided given
        customer limited cost price value amount order fee analysis service services company
        third parties misuse its content contents disclaims
        ubernimmt haftet haftung verantwortung verantwortlich fur schaden aus verwendung
        auftragswert begrenzt probenahme angaben transport auftraggeber
        decline toute responsabilite responsable quant utilisation dommages informations
        fournies donnees etape etapes phase echantillonnage prelevement limitee engagent
        hace responsable responsabiliza responsabilidad uso informacion suministrada
        facilitada datos toma muestras muestreo aportada
        declina ogni responsabilita responsabile assume uso informazioni fornite dati forniti
        campionamento
        responsabiliza responsabilidade responsavel uso informacao fornecida dados fornecidos
        amostragem essa deste desta
        """,
        _NOTHING,
    ),
    # For whose eyes it is.
    (
        r"\b(?:confidential|addressee|recipient|vertraulich|confidentiel|confidencial|riservat)"
        r"|(?:exclusive|sole) use",
        """
        confidential confidentiality strictly addressee addressees recipient intended solely only
        received error exclusive sole use named property information contained disclosure disclosed
        distribution distributed unauthorised unauthorized prohibited copying copy if you not please
        notify inform sender immediately destroy delete third parties prepared issued private
        vertraulich vertrauliche empfanger bestimmt behandeln streng
        confidentiel confidentielle confidentielles informations destinataire strictement
        confidencial confidenciales informacion destinatario informacao exclusivo uso
        riservato riservata riservate informazioni destinatario
        """,
        _NOTHING,
    ),
    # Under which terms of business.
    (
        r"\b(?:terms|general conditions|geschaftsbedingungen|agb|conditions generales"
        r"|condiciones generales|condizioni generali|condicoes gerais)\b",
        """
        terms conditions general business service services delivery sale work performed issued
        company apply applies available request website our subject under upon agreed
        allgemeinen allgemeine geschaftsbedingungen agb gelten unsere unseren unserer einsehbar
        conditions generales vente prestation appliquent nos disponibles demande
        condiciones generales contratacion venta servicio aplican nuestras disponibles solicitud
        condizioni generali vendita servizio applicano nostre disponibili richiesta
        condicoes gerais venda servico aplicam nossas disponiveis pedido
        """,
        rf"\b{_NOT}\b",
    ),
    # Who may use the name of the laboratory, or its mark.
    (
        r"\b(?:advertis|werbe|werbung|publicit|pubblicit|propaganda|logo\b|logotip)",
        """
        name logo mark accreditation body use used advertising advertisement publicity
        purposes permitted allowed
        without written consent authorisation authorization permission approval
        werbezwecke werbung werbezwecken verwendet verwendung namens gestattet schriftliche
        zustimmung genehmigung logos
        utilisation nom logo publicitaires publicite autorisation ecrite autorisee
        uso nombre logotipo publicidad publicitarios autorizacion escrita permitido
        nome pubblicitari pubblicita autorizzazione scritta consentito
        """,
        _NOTHING,
    ),
    # On what an assay is built.
    (
        r"\b(?:is based on|are based on|beruht auf|basiert auf|repose sur|se basa en|si basa su"
        r"|baseia se)\b",
        f"""{_TESTED}
        based detection measurement determination carbon dioxide co2 produced production growing
        microorganisms metabolism metabolic colorimetric sensor fluorescent change colour color ph
        clotting coagulation gelation limulus amebocyte amoebocyte lysate lal enzyme enzymes
        cleavage chromogenic substrate kinetic turbidity turbidimetric bacterial endotoxin
        endotoxins amplification dna nucleic acid acids polymerase chain reaction pcr real time
        primers probes mycoplasma mycoplasmal mollicutes 16s rrna gene genes atp bioluminescence
        luminescence exclusion dye trypan blue membrane membranes viable dead cells staining
        antibodies surface markers fluorescence light scatter flow cytometry principle assay
        method system
        beruht basiert nachweis messung bestimmung kohlendioxid bildung wachsende wachsender
        mikroorganismen farbumschlag gerinnung lysat endotoxin endotoxine bakterielle amplifikation
        dna polymerase kettenreaktion verfahren methode
        repose detection mesure dioxyde carbone produit micro organismes coagulation lysat
        endotoxines bacteriennes amplification adn methode
        basa deteccion medicion dioxido carbono producido microorganismos coagulacion lisado
        endotoxinas bacterianas amplificacion adn metodo
        rilevazione misura anidride carbonica prodotta microrganismi coagulazione lisato
        endotossine batteriche amplificazione metodo
        baseia detecao deteccao medicao amplificacao coagulacao
        """,
        rf"\b{_NOT}\b",
    ),
    # Who may copy the report.
    (
        r"(?=no reproduction|.*\b(?:report|certificat|document|bericht|prufbericht|zertifikat"
        r"|dokument|rapport|informe|certificad|relatorio))"
        r".*\b(?:reprod|riprod|vervielfalt|copied|copiad|copiat|auszugsweise|kopiert)",
        """
        test ensayo ensayos prova prove ensaio ensaios essai d essais
        reproduced reproduction reproduce other than copied permitted allowed copy
        copying published publication used
        distributed
        part parts partial partially extracts excerpts entirety prior written express approval
        permission consent authorisation authorization authority issuing testing writing form
        veroffentlichung bedarf
        vervielfaltigt vervielfaltigung auszugsweise auszuge teilweise vollstandig unverandert
        vollstandigen vollstandiger gekurzt veroffentlicht schriftliche schriftlicher genehmigung
        zustimmung erlaubnis vorherige vorheriger ausdruckliche kopiert weitergegeben gestattet
        erlaubt form ausfertigung wiedergabe zulassig
        reproduit reproduite reproduction reproduire copie partielle partiellement totale
        integralite
        integrale integral entier forme autorisation autorisee autorise accord approbation ecrite
        ecrit
        prealable prealablement interdite permise utilise facsimile photographique
        excepto debe reproducirse
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
        _NOTHING,
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
        opinions interpretations expressed herein included covered schedule ukas a2la anab dakks
        our symbol identified cofrac accredia enac ipac sas sanas nabl swedac belac
        meinungen interpretationen gegenstand untersuchung lauft ausserhalb innerhalb
        avis interpretations identifies symbole couverts pas
        opiniones interpretaciones amparadas amparados estan incluidos
        pareri ed dell opinioni interpretazioni accreditate oggetto sono accreditati
        opinioes interpretacoes incluidas incluidos estao ambito
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
        _NOTHING,
    ),
    # What measurement uncertainty does in a decision.
    (
        r"\b(?:uncertaint|messunsicherheit|incertitude|incertidumbre|incertezza|incerteza)",
        f"""{_TESTED}
        measurement uncertainty uncertainties estimates estimate estimated
        values value taken into account considered included statement
        statements conformity decision rule expanded coverage factor k available request reported
        simple acceptance
        messunsicherheit messunsicherheiten berucksichtigt berucksichtigung konformitatsbewertung
        konformitatsaussage konformitat bewertung entscheidungsregel anfrage verfugbar erweiterte
        incertitude incertitudes mesure prise prises compte tenu declarer explicitement associee
        resultat declaration declarations conformite
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
        _NOTHING,
    ),
    # How long samples are kept.
    (
        r"(?=.*\b(?:weeks?|months?|wochen?|monate?n?|semaines?|mois|semanas?|mes(?:es)?|settiman[ae]"
        r"|mesi)\b).*\b(?:retain|retention|kept|stored|issu|aufbewahr|ruckstell|conserv|emissi?[oa])",
        f"""{_TESTED}
        remaining remainder discarded disposed retained stored kept destroyed after during one two
        three four six weeks
        week other arrangements made
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
        _NEVER_KEPT,
    ),
    # A paper without, or void without, a signature or a stamp.
    (
        r"\b(?:sign|unterschrift|stempel|firma|assina|cachet|timbro|carimbo|sello|elektronisch|electron"
        r"|elettron|eletron|digital|maschinell)",
        """
        schlussgezeichnet freigegeben auch tragt daher does require requires physical needs
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
        _NOT_SIGNED,
    ),
    # What must hold for a test to count.
    (
        r"\b(?:must|shall|has to|have to)\b",
        """
        test tests testing method acceptance criteria criterion validity growth promotion each lot
        of medium media show shows indicator organisms organism within specified time inoculum
        more than cfu negative positive control controls remain free suitability bacteriostasis
        fungistasis have been established article product validated demonstrated for no
        """,
        r"\b(?:was|were|did|had|fail\w*|only|except\w*|unless|however|but)\b",
    ),
    # How the test was done.
    (
        r"\b(?:evaluated for|inoculat|transferr|incubat|extracted|amplified|filtered|filtration"
        r"|rinsed|examined|inspected|scored|diluted|stained|measured|analy[sz]ed|tested"
        r"|used to determine)",
        f"""{_TESTED}
        direct inoculation membrane filtration procedure procedures method methods technique used
        using use inoculated transferred aseptically incubated incubation extracted amplified
        filtered rinsed examined inspected observed scored diluted stained measured analysed
        analyzed determine whether presence contain contained contains contaminated viable
        microorganisms microorganism organisms micro bacteria fungi aerobic anaerobic test article
        product lot batch aliquots aliquot portion portions volume ml ul each medium media broth
        fluid thioglycollate thioglycolate soybean soya casein digest tryptic soy ftm tsb scdm scdb
        listed below above following containers container bottles bottle vials vial daily
        visually periodically regularly throughout during period days day c temperature
        respectively then into onto under conditions accordance according usp ph eur ep jp chapter
        sop validated automated system continuously monitored bactec bact alert signs evidence
        growth turbidity macroscopic for flow cytometry cytometer cytometric lal kinetic
        chromogenic turbidimetric assay pcr real time dna primers gene rrna 16s duplicate
        triplicate against standard curve reference endotoxin endotoxins mycoplasma mycoplasmas
        nucleic acid amplification techniques trypan blue aad counter cell cells counted
        sterile sterility evaluated presence described current united states pharmacopeia
        pharmacopoeia european harmonized harmonised
        """,
        rf"\b(?:{_NOT}|only|except\w*|without|fail\w*|showed|shows|grew|found|detected|positive"
        r"|negative|turbid|repeat\w*|again|however|but|contaminated)\b"
        r"|(?<!for )(?<!of )(?<!microbial )growth|(?<!for )(?<!of )turbidity",
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
        _NOT_DONE,
    ),
)
