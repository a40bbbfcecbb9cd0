"""Knows the words by which a paper takes back, limits or puts off what it says elsewhere.

"Conforms except for TSB", "only one bottle was inoculated", "received thawed": no word of these
tells of growth or failure, and the results on the same page do not mean what they say. Each
pattern is one way to say so, over words in six languages as `key` folds them.
"""

from __future__ import annotations

import re
from functools import cache

# What says, before a reservation's word, that there is none of it.
_NONE = r"(?<!no )(?<!not )(?<!without )(?<!free of )(?<!ohne )(?<!keine )(?<!sans )(?<!pas de )"
_NONE += r"(?<!aucune )(?<!sin )(?<!senza )(?<!nessuna )(?<!sem )(?<!nenhuma )"

# Set phrases that have a reservation's word and mean nothing by it.
_IDLE = (
    r"unless other arrangements (?:have been|are|were) made"
    r"|unless (?:otherwise|stated|agreed|requested|indicated|specified|noted|explicitly|expressly)"
    r"(?: \w+)?|(?:sofern|soweit|falls|wenn) nicht anders \w+"
    r"|sauf (?:indication|mention|avis|accord|stipulation|precision)s? \w+"
    r"|salv[oa] (?:diversa |diverse )?(?:indica\w+|disposi\w+|acuerdo|accord\w+|mencion|pacto)"
    r"(?: (?:en |em |in )?contrari[oa]| diverso)?|se non diversamente \w+"
    r"|(?:alle|all) (?:rechte|rights) (?:vorbehalten|reserved)"
    r"|(?:irrtumer|anderungen|druckfehler)(?: und (?:irrtumer|anderungen|druckfehler))?"
    r" vorbehalten"
)
_EXCEPT = (
    r"except(?:ing|ion|ions)?\b|apart from|aside from|but for\b|excluding|other than"
    r"|ausser(?! ?halb)\b|ausgenommen|mit ausnahme|abgesehen von|bis auf (?!weiteres)"
    r"|sauf\b|hormis|excepte|(?:a )?l exception|exception faite|en dehors d"
    r"|excepto|a excepcion|con excepcion|salvo\b"
    r"|eccetto|tranne|(?:ad|con l) eccezione|fatta eccezione|salvo\b"
    r"|exceto|(?:a|com) excecao|(?:a|com) excepcao"
)
_INSTEAD = (
    r"instead of|rather than|(?<!fand )(?:an)?statt (?=\w)|anstelle|an stelle|au lieu d"
    r"|a la place d"
    r"|en (?:lugar|vez) de|invece d|anziche|al posto d|(?:em|ao) (?:vez|inves) d"
)
_ONLY_A_PART = (
    r"only (?:\w+ )?(?:one|a single|part|half|a part|half of)\b|only \d+(?: \d+)? (?:of|ml|vials?"
    r"|bottles?|tubes?|units?|containers?|cells|events|days?)\b|(?:in|of|from|using) a single"
    r" (?:medium|bottle|vial|replicate|container|well|determination)"
    r"|only the (?:an)?aerobic|(?:to|of) the (?:an)?aerobic (?:bottle|medium|culture)\b$"
    r"|(?:nur|lediglich) (?:ein|eine|einer|einem|einen|eines|teilweise|zum teil|eingeschrankt"
    r"|bedingt|\d+)\b"
    r"|une? seule?\b(?! page)|seulement (?:un|une|\d+)\b"
    r"|(?:n a|n ont) ete (?:\w+ )?que (?:partiel|sur un)"
    r"|(?:solo|solamente|unicamente|soltanto|apenas|somente|so) (?:se|un|una|um|uma|uno|\d+|foi"
    r"|foram|fue|fueron|e stato|e stata) |(?:un|una) (?:solo|sola|unico|unica|so) (?:frasc|flac"
    r"|vial|medi|terren|botell|contenit|replic|meio)"
    r"|(?:solo|sola) (?:\w+ )?(?:flacon|terren|frasc|medi)"
    r"|(?:smaller|lower|reduced|less) (?:\w+ ){0,2}(?:volume|quantity|amount|number) (?:than|was"
    r"|were|due|of sample)"
    r"|(?:geringer|kleiner|reduziert)\w* (?:\w+ )?(?:volumen|menge|anzahl|probenvolumen"
    r"|probenmenge)\b|volume (?:de l echantillon )?(?:reduit|inferieur)"
    r"|volum\w+ (?:\w+ ){0,3}(?:reducid|ridott|reduzid|inferior)"
    r"|(?:fewer|less) than \d[\d ]* (?:\w+ )?(?:events|cells|units|vials|bottles)"
    r"|(?:weniger als|moins de|menos de|meno di) \d[\d ]* (?:\w+ )?(?:ereignisse|zellen"
    r"|evenements|cellules|eventos|celulas|eventi|cellule)"
    r"|incomplet|unvollstandig|incomplete"
)
_NUMBER = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)"
_VESSELS = (
    r"(?:replicates?|bottles?|vials?|samples|media|units|tubes|containers|flaschen|medien|proben"
    r"|ansatzen?|replikaten?|flacons|milieux|replicats|frascos|medios|replicas|flaconi|terreni"
    r"|repliche|meios)"
)
_SOME_OF = re.compile(
    rf"\b(?P<some>{_NUMBER}) (?:out )?(?:of|von|sur|de|di|dos|das) (?:the )?(?P<all>{_NUMBER})"
    rf" (?:\w+ )?{_VESSELS}\b"
)
_RESERVED = (
    r"subject to|with(?: \w+)? reservations?|under reserve|provided that|on condition"
    r"|unter (?:\w+ )?vorbehalt|vorbehaltlich|unter der (?:bedingung|voraussetzung)"
    r"|eingeschrankt (?:verwert|aussage|bewert|gultig)"
    r"|sous (?:toute )?reserve|avec (?:des )?reserves?|sous condition"
    r"|con (?:\w+ )?(?:reservas?|riserv[ae])|bajo reserva|sujet[oa] a|soggett[oa] a|sotto riserva"
    r"|sob (?:reserva|condicao)|com (?:\w+ )?reservas?|sujeit[oa] a"
    r"|conditional(?:ly)?\b|conditionnel|condicional|condizionat|by exception|under (?:a )?waiver"
    r"|concession|despite|trotz\b|malgre|a pesar d|nonostante|apesar d|notwithstanding"
    r"|(?:at|on) (?:\w+ )?(?:client|customer|sponsor|submitter|user)s? (?:s )?(?:own )?risk"
    r"|auf (?:risiko|gefahr|verantwortung)|aux risques|bajo (?:la )?responsabilidad del cliente"
    r"|a rischio"
)
_OUTSIDE = (
    r"(?:outside|beyond|out) (?:of )?(?:the |its |their )?(?:\w+ ){0,2}(?:specif|limit"
    r"|range|criteri"
    r"|accept|stability|shelf|holding|expir|hold time|temperature|window|tolerance|calibrat)"
    r"|hors (?:temperature|delai|plage|limite|critere|tolerance|specif|stabilite|peremption)"
    r"|(?:after|past|following) (?:the |its |their )?(?:maximum|expir\w+|shelf|end of shelf"
    r"|holding|hold time|stability)"
    r"|(?:nach|uber) (?:dem )?(?:ablauf|verfall)\w*|haltbarkeit (?:war|uberschritt|abgelauf)"
    r"|apres (?:la )?(?:date de )?peremption|tras (?:la )?(?:fecha de )?caducidad"
    r"|dopo la scadenza|oltre la scadenza|apos (?:a )?(?:data de )?validade"
    r"|overdue|lapsed|out of date|uncalibrat|unkalibriert|unvalidat|unqualif"
)
_RECEIVED = (
    r"received|receipt|arriv\w*|delivered|shipped|shipment|eingetroffen|traf|eingang|angeliefert"
    r"|erhalten|eingegangen|kam|arrivee?s?|recue?s?|reception|livree?s?|llego|llegaron|recibi\w+"
    r"|recepcion\w*|recibo|arrivat[oaie]|ricevut[oaie]|pervenut[oaie]|giunt[oaie]|ricevimento"
    r"|chegou|chegaram|recebid\w*|rececionad\w*|rececao|recebimento"
)
_SPOILED = (
    r"thawed|partially thawed|warm|unfrozen|un\w*refrigerated|late\b|evaporated|opened|loose"
    r"|unsealed|unlabell?ed|without (?:ice|dry ice|coolant|cooling|label)|melted|too "
    r"|aufgetaut|angetaut|ungekuhlt|geoffnet|verspatet|verdampft|geschmolzen|zu warm"
    r"|decongel\w+|ouvert\w*|non refriger\w*|en retard|fondu\w*"
    r"|descongelad\w*|abiert\w*|sin refriger\w*|sin etiqueta"
    r"|scongelat\w*|apert[oaie]\b|non refriger\w*"
    r"|abert[oa]s?\b|sem refriger\w*|degelad\w*"
)
_STORED = (
    r"stored|kept|held|left|gelagert|aufbewahrt|conserve\w*|almacenad\w+|mantenid\w+"
    r"|conservat\w+|armazenad\w+|mantid\w+"
)
_CONDITION = (
    rf"\b(?:{_RECEIVED})\b(?: \w+){{0,6}}? (?:{_SPOILED})"
    rf"|\b(?:{_SPOILED})(?: \w+){{0,4}}? (?:{_RECEIVED}|an|ein)\b"
    r"|(?:cold|cool) chain|kuhlkette|chaine du froid|cadena de frio|catena del freddo"
    r"|cadeia de frio"
    rf"|(?:{_STORED})(?: \w+){{0,3}} (?:frozen|eingefroren|congele\w*|congelad\w*|congelat\w*)"
    r"(?: \w+){0,3} (?:before|prior|vor|avant|antes|prima)\b"
    rf"|(?:{_STORED})(?: \w+){{0,3}} (?:room temperature|ambient|raumtemperatur"
    rf"|temperature ambiante"
    r"|temperatura ambiente)(?: \w+){0,2} (?:overnight|uber nacht|\d+ (?:days?|h|hours?|tagen?"
    r"|stunden|jours|heures|dias|horas|giorni|ore))\b"
    r"|(?:was|were|bag|container|seal|vial|wurde|war) (?:\w+ )?(?:loose|unsealed|offen)\b"
    r"|(?:opened|open|geoffnet) (?:before|prior|on arrival|on receipt|upon|bei|vor)\b"
    r"|\bbehalter \w+ (?:geoffnet|offen)"
    rf"|{_NONE}(?:clump|clotted|blood clot|verklump|geronnen|caillot|agglutin|agrumi|grumos)"
    r"|waste (?:bag|container)|surrogate|ersatzprobe|echantillon de substitution"
    r"|(?:another|other|different|wrong) (?:bag|vial|unit|container|donor|form|medium)"
)
_MISSING = (
    r"(?<!no )missing|missed|omitted|skipped|fehl(?:t|te|ten|end|ende|enden|endes|ender)\b"
    r"|entfiel\w*"
    r"|ausgelassen|manquant|omis(?:e|es)?\b|falta(?:n|ba|ban)?\b|omitid|mancant|omess[oai]"
    r"|em falta|not available|unavailable"
    r"|(?:reading|incubation|last read|ablesung|lecture|lectura|lettura|leitura)(?: \w+){0,4}"
    r" (?:missed|stopped|early|shortened|omitted|entfiel\w*|entfallen)"
    r"|removed from (?:the )?incub|power (?:failed|outage|cut)|stromausfall|panne"
    r"|(?:temperature|temperatur|temperatura)(?: \w+){0,3} (?:dropped|rose|fell|sank|stieg|fiel)"
    r"|shorten|truncated|prematur|vorzeitig|verkurzt|raccourci|ecourte|acortad"
    r"|abbreviat[oaie]\b|accorciat"
    r"|encurtad|reduced to|reduziert auf|reduite? a|reducid[oa] a|ridott[oa] a|reduzid[oa] a"
    r"|stromausfall"
)
_AGAIN = (
    r"rerun|re run|re ?tested|re ?analys|re ?assay|erneut|nochmals|recommenc|refait\w*"
    r"|(?:should|must|needs? to|has to|have to|to) be (?:confirmed|verified|repeated|interpreted)"
    r"|confirmatory|to be confirmed|zu bestatigen|bestatigung(?: \w+){0,2} (?:folgt|ausstehend)"
    r"|a confirmer|(?:a|por|para) confirmar\b|(?:de|su|sua|a) confirma(?:cion|cao)|da confermare"
    r"|in attesa di conferma"
    r"|(?:new|fresh|second|another|further|additional|replacement) (?:sample|specimen|aliquot)"
    r"|(?:neue|zweite|weitere|erneute)[nrs]? (?:probe|einsendung|probenahme)"
    r"|(?:nouvel|nouveau|autre|second) (?:echantillon|prelevement)"
    r"|(?:nueva|segunda|otra) (?:muestra|toma)|(?:nuovo|secondo|altro) (?:campione|prelievo)"
    r"|(?:nova|segunda|outra) (?:amostra|colheita|coleta)"
    r"|(?:valid|gultig|valable|valid[oa]|is valid) (?:only|nur|seulement|uniquement|solo"
    r"|solamente|somente|apenas|soltanto) (?:with|if|when|together|for|until|in|mit|wenn|avec"
    r"|pour|con|si|para|se|com|per)"
    r"|under (?:review|evaluation)|under way|unqualified|in training|was disabled"
    r"|investigacion (?:abierta|en curso|iniciada)|abiert\w+(?: \w+){0,2} investigacion"
    r"|investigacao (?:aberta|em curso|iniciada)|abert\w+(?: \w+){0,2} investigacao"
)
# What a preliminary report says of itself.
_NOT_YET = (
    r"(?<!wie )\bfolgt\b|nachgereicht"
    r"|(?:final|complete|full|further|second|updated)(?: \w+){0,2}"
    r" (?:reports?|certificates?|results?) (?:will|to|shall|is to|follows)"
    r"|partial (?:results?|reports?|certificates?|data)"
)
_CHANGED = (
    r"(?:specification|limits?|criteri\w+|spezifikation|grenzwerte?|limites?|especificacion"
    r"|especificacao|specifica)(?: \w+){0,3} (?:changed|widened|relaxed|revised|modified|lowered"
    r"|raised|geandert|angepasst|erweitert|modifie\w*|elargi\w*|modificad\w*|cambiad\w*"
    r"|ampliad\w*|modificat\w*|cambiat\w*|alterad\w*)"
    r"|(?:method|protocol|procedure|test|methode|verfahren|metodo)(?: \w+){0,3} (?:modified"
    r"|adapted|altered|geandert|angepasst|modifie|modificado|modificato)(?: \w+){0,5} (?:request"
    r"|wunsch|demande|peticion|solicitud|richiesta|pedido)"
    r"|(?:at|on|by) (?:the )?(?:\w+ )?(?:request of the|request|wish of the) (?:client|customer"
    r"|sponsor)"
    r"|differs?\b|unterscheid(?:et|en)|differe(?:nt)? d|difiere|differisc|difere\b|disagree"
    r"|discrep|conflict|contradict|widerspr|divergen"
    r"|stimm(?:t|en|te|ten) (?:\w+ ){0,5}nicht|nicht uberein"
    r"|doubtful|zweifelhaft|douteu|dudos[oa]|dubbi[oae]?\b|duvidos"
    r"|illisible|ilegib|illeggib|ilegiv|unleserlich|unlesbar"
    r"|(?:correlation|coefficient)(?: \w+){0,5} (?:below|under|less|lower)"
    r"|(?:ntc|no template|blank|blindwert|blanc)(?: \w+){0,3} (?:showed|amplif|signal|zeigte)"
    r"|suppress|sensitivity(?: \w+){0,5} reduced|(?:interpretation|validity) (?:is )?limited"
    r"|(?:due to|because of|owing to|as a result of) (?:the )?(?:\w+ )?(?:low|insufficient|lack"
    r"|poor|short|technical)"
    r"|caution|prudence|cautela|prudenza|prudencia|beware"
)
# In a medium or a rinse they are bound; in a sample they hide what would have grown.
_ANTIBIOTICS = (
    r"(?<!no )(?<!without )(?<!neutralise )(?<!neutralize )(?<!neutralises )(?<!neutralizes )"
    r"(?<!bind )(?<!adsorb )(?<!ohne )(?<!keine )(?<!sans )(?<!d )(?<!sin )(?<!senza )"
    r"(?<!sem )antibioti\w*\b(?! (?:free|frei)\b)"
)
# More words whose denial speaks of the outcome.
_DENIED = (
    r"(?:not|never|nicht|keine?[nmrs]?|pas|non|ne|n|no|nao|neither|nor)\b(?: \w+){0,4}?"
    r" (?:(?:be |been )?(?:ausreich|genug|uberein|neutrali|demontr|demostr|dimostr|demonstr|etabli"
    r"|inoculat|inoculad|inocul[oe]|inokul|beimpft|ensemenc|seminat|sembrad|semead|validat|validier"
    r"|validad|convalid|qualif|proceed|run\b|match|approv|into account"
    r"|tient? (?:pas )?compte|take the|lue?s?\b|gelesen|abgelesen|leid[oa]|lett[oa]))"
    r"|laborator\w* (?:\w+ ){0,3}(?:not|nicht|pas|non|no|nao) (?:\w+ )?(?:accredit"
    r"|akkredit|acredit)"
)
# Done to the sample or to its bottle, or found about them, by whatever accident.
_MISHAP = (
    r"(?:under|over) ?(?:filled|dosed|diluted|inoculated)|(?:unter|uber)(?:fullt|dosiert)"
    r"|surdose|sous dose|too (?:low|high|small|few|little|late|short|long|much|many|old|warm|cold"
    r"|weak|dilute|viscous)|zu (?:wenig|gering|niedrig|hoch|spat|kurz|lang|alt|warm|viele?)\b"
    r"|trop (?:peu|faible|eleve|tard|court|long|chaud)|(?:demasiado|troppo|demasiad[oa]) \w+"
    r"|left out|left at\b|weekend|depot\b|customs|zoll\b|douane|aduana|dogana|alfandega"
    r"|transport (?:took|lasted|dauerte|a dure)|deadline"
    r"|torn\b|tore\b|clog|verstopft|gerissen|dechire|colmat|rasgad|obstru|strapp|intasat|entupid"
    r"|partially|partly|in part\b|teilweise|partiell|partiellement|parcialmente|parzialmente"
    r"|swapped|interchanged|exchanged|vertauscht|interverti|intercambiad|scambiat|trocad[oa]s?\b"
    r"|ungekuhlt|uncooled|without (?:cooling|ice|refrigerat)|sin refriger|sem refriger"
    r"|(?:before|prior to|vor|avant|antes d\w+|prima d\w+) (?:the |la |el |der |dem |il |a |o )?"
    r"(?:final )?(?:formulation|formulierung|formulacion|formulazione|formulacao|wash|waschen"
    r"|lavage|lavado|lavaggio|lavagem|fill|filling|abfullung)"
    r"|on the (?:wash|rinse|spent|buffer|supernatant)|withheld|waive[rd]|questionable|fraglich"
    r"|orientation only|orientierend|(?:titre|titulo|titolo) indicati|orientativ"
    r"|(?:risultat[oi]|resultados?|resultats?|values?|results?) (?:indicativ|indicatif|screening)"
    r"|(?:indicative|screening) (?:results?|values?|test only)"
    r"|under revision|integrity(?! test)|held (?:at|back|until|pending)"
)
# What somebody denies in so many words, when it is none of the sentences of every paper.
_DENIAL = (
    r"(?:not|never|nicht|nao|pas|non) (?!applicable|anwendbar|zutreffend|aplicavel|applicabile"
    r"|required|erforderlich|requis|requerid|richiest|exce?ed|only\b|nur\b|seulement|solo\b|so\b"
    r"|more than|mehr als|plus de|mas de|piu di|mais d|less than|weniger als|disclosed|printed)\w"
    r"|(?:is|are|was|were|has|have|had|does|do|did|can|could)n t\b"
    r"|no (?:se|fue|fueron|es|son|esta|estan|ha|han|pudo|pudieron) \w"
)
_NOT_ANSWERED_FOR = (
    r"(?:no|not|keine|nicht|aucune|pas|no se|nessuna|non|nao|nenhuma) (?:\w+ ){0,3}?(?:responsib"
    r"|liab|haft|verantwort|responsab)\w* (?:for|fur|de|des|du|da|do|dos|del|della|dei|per|pour)"
    r" (?:(?:the|any|these|die|das|les|los|el|il|i|la|os|o) )?(?:\w+ )?(?:results?|validity"
    r"|ergebnis\w*|resultats?|resultados?|risultat[oi])\b"
)
_ALL = (
    *(_EXCEPT, _INSTEAD, _ONLY_A_PART, _RESERVED, _OUTSIDE, _CONDITION, _MISSING, _AGAIN, _CHANGED),
    *(_NOT_YET, _MISHAP, _DENIAL, _ANTIBIOTICS, _DENIED, _NOT_ANSWERED_FOR),
)


def without_idle(folded: str) -> str:
    """Take the set phrases out of a folded sentence that only sound like a reservation.

    >>> without_idle("unless otherwise stated the results refer to the sample")
    'the results refer to the sample'
    """
    return " ".join(_idle().sub(" ", folded).split())


def reservation(folded: str, *, is_preliminary: bool = False) -> str | None:
    """Give the words of a folded sentence that limit or put off a result; None for none.

    Of a paper that calls itself preliminary, that more will follow is understood.

    >>> reservation("conforme sauf pour le milieu tsb")
    'sauf'
    >>> reservation("sauf indication contraire les resultats se rapportent a l echantillon")
    """
    plain = without_idle(folded)
    some = _SOME_OF.search(plain)
    if some and some["some"] != some["all"]:
        return some.group()
    told = (match.group().strip() for match in _reservations().finditer(plain))
    return next((t for t in told if not (is_preliminary and _not_yet().fullmatch(t))), None)


@cache
def _idle() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_IDLE})\b")


@cache
def _reservations() -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{pattern})" for pattern in _ALL))


@cache
def _not_yet() -> re.Pattern[str]:
    return re.compile(_NOT_YET)
