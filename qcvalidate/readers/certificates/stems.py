"""Holds the beginnings of words that may speak of a result, a failure, a deviation or a standing.

In English, German, French, Spanish, Italian and Portuguese, folded as `key` folds them. A word
that is harmless in one language and tells in another is told: a person looks at it.
"""

from __future__ import annotations

import re
from functools import cache

_GROWTH = r"""
grow|grew|overgr|wachs|wuchs|gewachs|keim|verkeim|croiss|pouss|crec|cresc|prolifer|desarrollo micro
|turbid(?!imetr)|trub|getrubt|troubl|louche\b|torbid|turv|cloud|hazy|opalesc|contamin|kontamin|verunreinig
|inquin|positiv|positif|reactive\b|reaktiv|reactiv|colon[iy]|kolonie|cfu\b|kbe\b|ufc\b|tntc\b
|isolat|isole|isolad|aisl|identif|recover|microorgan|mikroorg|microrgan|organism|bacteri|bakteri
|batteri|bacill|cocc[iu]|\w+coccus\b|\w+bacter\b|\w+myces\b|kokken|rods\b|stabchen|germ(?:e|es|i|en
|enes|s)?\b|yeast|hefe|levure|leva?dur|levedur|lievit|fung|pilz|champignon|hongo|mou?ld|schimmel
|muff[ae]\b|bolor|moisiss|moho|spore|staph|strep|pseudomon|escherich|coli\b|candida|aspergill
|penicill|clostrid|cutibact|propioni|kocuria|klebsi|serratia|ralstonia|burkhold|listeria|salmonel
|aureus|spp?\b|haz(?:e|y|iness)|films?\b|pellic|swarm|opaque|sediment|floccul|flagged|gas formation
"""
_FAILURE = r"""
fail|void|invalid|ungult|annul|anul|nichtig|oos\b|oot\b|out of (?:spec|trend|limit)|ooe\b|ausserhalb
|hors (?:spec|limit|norme)|fuera d|fuori|fora d|reject|abgelehnt|zuruckgewiesen|rejet|refus|rechaz
|rifiut|respint|scart|rejeit|reprov|recus|gesperrt|block(?:ed|iert)|bloque|blocc|falh|echou|echec
|fall(?:o|a|ito|ita|aron|iti|ite)\b|durchgefallen|deviat|abweich|ecart|desviac|devia|desvi|scost
|difform|anomal|irregular|inhibi|hemm|inibi|interfer|retest|repeat|wiederhol|repet|repit|ripet|ritest
|reensa|riprov|subcult|supersed|replac|ersetzt|remplac|sustituy|sustituid|sostituisc|sostituit|substitui(?:\b|d)|reempla
|non ?conf|non ?compl|non ?ster|unster|nonster|inconclus|inconclud|indeterm|equivoc|gr[ae]y zone
|unaccept|unsatis|insatis|insoddis|uncorrect|unread|illegib|ungeeignet|unsuitab|ineligib|insuff
|insufic|unzureich|exceed|ubersch|depass|excede|eccede|supera(?:n|no)?\b|error|errone|erreur|fehler
|errat[oaie]\b|errad[oa]s?\b|sbagl|wrong|falsch|incorrect|mix ?up|mislabel|verwechs|scambi
|cannot|could not|unable|impossib|imposib|unmoglich|n i o\b|nok\b
|only the (?:diluent|medi|buffer|solvent)|placebo|spent medi|in place of|past (?:\w+ )?expir
|estimat|suspended (?:since|from|until)|is suspended|veterinar|less than required|call the lab
"""
_ACCIDENT = r"""
leak|undicht|fuite|fuyant|fug[ae]\b|derram|perdita|perdid|perda\b|perte\b|verlust|ausgelauf|excurs
|broken|damage|crack|gebroch|beschadig|endommag|danneg|danific|danad|rott[oa]\b|rotur|quebrad|defe[ck]t
|defaut|difett|defeit|discard|verworfen|stopped|abort|terminated|abgebroch|abbruch|unterbroch
|interrott|interromp|interrump|lost\b|delay|verzoger|retard|ritard|atras[oa]
|expired|abgelaufen|scadut|vencid[oa]|caducad|perime|expirad|another (?:lot|batch|sample|patient)
|other (?:lot|batch|patient)|different (?:lot|batch|patient)|investigat(?!ional)|se investig
|indagine|enquete|inquerito
|untersuchung lauft|capa\b|suspect|suspic|sospett|sospech|suspeit|soupcon|presumpt|verdacht
|(?<!bact )alert|allert|allarm|warning|caution|achtung|vorsicht|advertenc|avvertenz|warnung
|media fill|process simulation|environmental|settle plate|glove print
"""
_STANDING = r"""
withdraw|cancel|storn|ritirat|retirad|retiree?s?\b|revoc|revog|widerruf|zuruckgezog|draft|entwurf|brouillon|borrador
|bozza|rascunho|prelim|interim|provis|provvis|vorlauf|ausstehend|pending|pendient|pendent|aguard
|in attesa|in corso|en attente|en cours|en curso|em curso|em andamento|not final|unsigned|unapprov
|unreview|for information|information only|nur zur information|not for|not yet|quarant|quarent
|quaranten|still (?:running|in|being|open)|reported separately|will be reported|will follow|addend
|nachtrag|amend|emend|correct(?:ion|ed)|correzion|correcc|correcao|corrig|korrig|korrektur|berichtig
|rettific|rectif|retific|on hold|do not\b|must not|shall not be (?:used|rel)|recall|came from|would
|(?:result(?:ado|at)?s?|risultat[oi]|informe|relatorio|rapporto?|report) (?:parcia|parzial|partia
l|partiel)
|teilergebnis|teilbericht|zwischen(?:ergebnis|befund|bericht)
|unless|except for
"""
# What is done, seen or asked beside a result: its colour turned, it was cut short, "call us".
_CULTURE = (
    r"(?:incubation|test\w*|cultures?|inkubation|bebrutung|kultur|incubacion|cultivo|incubazione"
    r"|coltura|incubacao|cultura)"
)
_ASIDE = rf"""
(?:turn|chang)(?:ed|s|ing) (?:\w+ )?(?:pink|red|yellow|orange|purple|blue|brown|green|dark|colou?r)
|colou?r change|farbumschlag|verfarb|entfarb|(?:a|ont) vire\b|virage (?:au|du|de)|virado|virato
|viraggio|virou\b|(?:ended|stopped|finished|terminated|completed|closed) early|cut short|shortened
|vorzeitig|prematur|avant (?:le )?terme|antes de tiempo|antes do tempo|in anticipo|anticipadament
|(?<!no )(?<!without )(?<!keine )(?<!ohne )alarm(?!s? ?(?:grenz|wert|niv|limit|level|threshold))
|transcribed (?:by hand|from)|(?:manually|hand) transcribed|von hand ubertragen|handschriftlich ub
|retranscri|transcrit[oa]? (?:a|manual)|simulated (?:data|results?|values?)|dummy|mock\b
|(?:fake|training) data
|{_CULTURE} (?:\w+ ){{0,3}}(?:continues\b|continuing|will (?:be )?continue|is (?:being )?continued
|goes on|lauft weiter|wird fortg|se poursuit|se poursuivra|continuera|continuara|proseguira|prosegue
|prosseguira|prossegue)
|(?:yield|recovery of) (?:is |was )?(?:heavy|moderate|light|scant)|heavy growth|profuse
|antibiogram|resistogram|(?:antibiotic|antimicrobial) (?:suscept|sensitiv)|susceptibil
|gentami|streptomyc|kanamyc|vancomyc|amphoteric|anfoteric|ciproflox|contains? antibioti
|(?<!no )(?<!without )unexpected|(?<!keine )unerwartet|inattendu|inesperad|inatteso|inaspettat
|(?:notified|informed|told|called) by (?:phone|telephone)|critical (?:result|value)|panic value
|see (?:the |our |my )?(?:comments?|remarks?|letter|e ?mail|cover letter|correspondence)\b
|siehe (?:bemerkung|kommentar|brief|schreiben|anschreiben|e ?mail)|voir (?:commentaire|remarque
|lettre|courrier)|ver (?:comentario|observacion|carta|observac)|vedi (?:commento|osservazion
|lettera)
|(?:call|phone|ring|telephone|contact|speak to) (?:\w+ ){{0,3}}(?:before (?:use|using|release)
|prior to|about (?:this|the|these|your) (?:result|lot|sample|batch))
|(?:call|phone|ring|telephone) (?:\w+ ){{0,3}}(?:immediately|urgently|at once)
|(?:vor (?:verwendung|freigabe|gebrauch)) (?:\w+ ){{0,3}}(?:anrufen|rucksprache|kontakt)
|(?:bitte|dringend) (?:\w+ ){{0,3}}(?:zuruckrufen|um ruckruf)|ruckruf erbeten
|(?:appeler|contacter|telephoner) (?:\w+ ){{0,4}}(?:avant|immediat|d urgence)
|(?:llam[ea]r?|contact[ae]r?) (?:\w+ ){{0,4}}(?:antes de|inmediat|urgente)
|(?:chiamare|contattare|telefonare) (?:\w+ ){{0,4}}(?:prima d|immediat|urgente)
|(?:ligar|telefonar|contact[ae]r?) (?:\w+ ){{0,4}}(?:antes d|imediat|urgente)
|expiry of (?:this|the) (?:result|report)|(?:result|report) (?:expires|is valid until)
|(?:cell(?:ular)? )?debris (?:only|seen|observed|visible|present|was|were (?:seen|obs))|zelltrummer
|(?:day \d{{1,2}}|days) only|only (?:on|until|up to|after|at) day \d
|only (?:for )?(?:[1-9]|1[0-3]) days
|nur (?:an|bis|am) tag
|(?:uniquement|seulement) (?:au|le|jusqu au|a) jour|(?:solo|unicamente) (?:el|hasta el) dia
|solo (?:il|al|fino al) giorno|(?:apenas|so) (?:no|ate ao?|ao) dia
|(?:time to (?:detection|positivity|growth)|tt[dp])\b \(?(?!(?:1[4-9]|2\d)(?:[. ]\d+)? ?d)\d
"""
_NOT_YET = (
    r"(?:prelim|interim|provis|provvis|vorlauf|ausstehend|pending|pendient|pendent|aguard|in attesa"
    r"|in corso|en attente|en cours|en curso|em curso|em andamento|will follow|not yet"
    r"|\w+ (?:parcia|parzial|partial|partiel)|teilergebnis|teilbericht"
    r"|zwischen(?:ergebnis|befund|bericht))"
)
# A denial of one of these speaks of the outcome, even where the word alone does not.
_NO = (
    r"not|no|never|neither|nor|without|nicht|keine?[nrms]?|ohne|pas|non|ne|n|sans|aucune?|ni|sin"
    r"|ningun[oa]?|senza|nessun[oa]?|nao|nem|sem|nenhuma?"
)
_DENIABLE = (
    r"compl|conform|konform|valid|valab|gult|releas|freig|liber|rilasc|suitab|geeignet|idone|adegu"
    r"|adequ|demonstrat|perform|durchgef|realiz|realis|effectu|esegui|effettu|efetu|tested|possib"
    r"|posib|moglich|detect|detet|rilev|nachgew|within|correct|accept|accett|acept|aceit|approv"
    r"|aprov|aprob|approuv|genehm|final|appl|meet|met\b|evaluat|assess|fulfil|erfull|entspr"
    r"|satisf|soddisf|rispett|respect|stated|determin|available|fit\b|used?\b|done|verif|confirm"
    r"|bestatig|steril|esteril|ok\b|pass|superat|bestand|cumpl|cumpr|apt[oa]\b|recommend|achiev"
    r"|review|signed|train|examin|inspect|read\b|taken\b|made\b"
    r"|expect|erwart|attendu|esperad|attes[oi]\b|reach|maintain|kept|obtain|show|match|abgeschloss|termine|terminad|completad|concluid|atend"
)


@cache
def stems() -> re.Pattern[str]:
    """Give the pattern of every telling beginning of a word."""
    together = "|".join((_GROWTH, _FAILURE, _ACCIDENT, _STANDING, _ASIDE))
    return re.compile(r"\b(?:" + re.sub(r"\n", "", together) + ")")


@cache
def denials() -> re.Pattern[str]:
    """Give the pattern of a negation with what it denies, a few words between them."""
    return re.compile(rf"\b(?:{_NO})\b(?: \w+){{0,4}} (?:be )?(?:{_DENIABLE})")


def is_not_yet(stem: str) -> bool:
    """Say whether a stem speaks of what is not yet, as a preliminary report does of itself."""
    return re.fullmatch(_NOT_YET, stem) is not None
