"""Says of words that nobody understood whether they may speak of the outcome.

A certificate's text is either read, or it is harmless, or it holds the lot. Harmless is what
has no telling word in it, or has one only inside a phrase that is known to tell nothing, with no
word beside that phrase that is not known as well.
"""

from __future__ import annotations

import re

from qcvalidate.wording import key

# Beginnings of words that may speak of a result, a failure, a deviation or a mark of standing, in
# English, German, French and Spanish, folded as `key` folds them.
_STEMS = re.compile(
    r"\b(?:grow|grew|overgr|wachs|wuchs|gewachs|keim|verkeim|croiss|pouss|crec|prolifer"
    r"|turbid|trub|getrubt|cloud|hazy|opalesc|contamin|kontamin|positiv|reactive\b|reaktiv|reactiv"
    r"|colon[iy]|kolonie|cfu\b|kbe\b|ufc\b|tntc\b|isolat|identif|recover|microorgan|mikroorg"
    r"|organism|bacteri|bakteri|bacill|cocc[iu]|\w+coccus\b|\w+bacter\b|\w+myces\b|kokken|rods\b"
    r"|stabchen|yeast|hefe|levure|levadura|fung|pilz|champignon|hongo|mou?ld|schimmel|spore"
    r"|staph|strep|pseudomon|escherich|coli\b|candida|aspergill|penicill|clostrid|cutibact"
    r"|propioni|kocuria|klebsi|serratia|ralstonia|burkhold|listeria|salmonel|aureus|spp?\b"
    r"|fail|void|invalid|ungult|annul|nichtig|oos\b|oot\b|out of (?:spec|trend|limit)|ooe\b"
    r"|reject|abgelehnt|zuruckgewiesen|rejete|rechaz|gesperrt|block(?:ed|iert)|bloque"
    r"|deviat|abweich|ecart|desviac|devia|inhibi|hemm|interfer|retest|repeat|wiederhol|repet"
    r"|subcult|supersed|replac|withdraw|cancel|storn|draft|entwurf|brouillon|borrador"
    r"|prelim|interim|provis|vorlauf|ausstehend|pending|not final|unsigned|unapprov|unreview"
    r"|for information|information only|not for|not yet|quarant|ineligib|unsuitab|ungeeignet|leak"
    r"|undicht|excurs|exceed|ubersch|uberschr|broken|damage|crack|discard|verworfen|stopped"
    r"|abort|terminated|lost\b|delay|mix up|mixup|mislabel|another (?:lot|batch|sample|patient)"
    r"|other (?:lot|batch|patient)|different (?:lot|batch|patient)|wrong|falsch|error|fehler"
    r"|erron|incorrect|cannot|could not|unable|impossible|investigat|untersuchung lauft|capa\b"
    r"|non ?conf|non ?compl|non ?ster|unster|nonster|inconclus|indeterm|equivoc|suspect|suspic"
    r"|presumpt|verdacht|(?<!bact )alert|gr[ae]y zone|unaccept|unsatis|uncorrect|unread|illegib"
    r"|expired|abgelaufen|warning|caution|still (?:running|in|being|open)|reported separately"
    r"|will be reported|will follow|addend|amend|correct(?:ion|ed)|media fill|process simulation"
    r"|environmental|settle plate|glove print|on hold|do not\b|must not|shall not be (?:used|rel)"
    r"|recall|hors (?:spec|limit)|fuera de|mix ?up|came from|would|unless|except for|n i o\b)"
)
# A denial of one of these speaks of the outcome, even where the word alone does not.
_DENIED = re.compile(
    r"\b(?:not|no|never|nicht|keine?[nrms]?|pas|non|ne|n|sin|neither|nor|without|ohne)\b"
    r"(?: \w+){0,4} (?:be )?(?:compl|conform|valid|releas|suitab|demonstrat|perform|tested|possib"
    r"|detect|within|correct|accept|approv|final|appl|meet|met\b|evaluat|assess|fulfil|stated"
    r"|determin|available|fit\b|used?\b|done|verif|confirm|steril|ok\b|pass|satisf|erfull|entspr"
    r"|freig|bestand|cumpl|apto|recommend|achiev|reach|maintain|kept|obtain|show|nachgew|match)"
)
# With these a text speaks of what is not yet, which a preliminary report says of itself.
_NOT_YET = re.compile(r"(?:prelim|interim|provis|vorlauf|ausstehend|pending|will follow|not yet)")
_GROWTH = r"(?:(?:visible|macroscopic|microbial|bacterial|fungal|any|microbiological) )*growth"
_GERMS = r"(?:(?:an)?aerobic|facultative|bacteria|fungi|yeasts?|mou?lds?|microorganisms|and|or|the)"
# Phrases that hold a telling word and tell nothing.
_MENTIONS = re.compile(
    r"\b(?:"
    r"(?:inspected|examined|monitored|checked|observed|read|incubated|assessed)(?: \w+ly)? for"
    r"(?: the| any)?(?: (?:evidence|signs?|presence|absence))?(?: of)?"
    rf" (?:{_GROWTH}|turbidity|(?:microbial )?contamination)(?: or turbidity)?"
    rf"|(?:supports?|promotes?|allows?)(?: the)?(?: growth)?(?: of)?(?: {_GERMS})+"
    rf"|(?:but )?will also grow(?: {_GERMS})+"
    rf"|(?:tests? )?for(?: {_GERMS})+"
    rf"|no (?:(?:evidence|signs?) of )?{_GROWTH}(?: (?:was|has been))?"
    r"(?: (?:observed|detected|seen))?"
    r"|growth promot\w+(?: tests?| testing| properties)?"
    r"|(?:positive|negative)(?: (?:and|or) (?:positive|negative))?(?: product)? controls?"
    r"|bacteriostasis(?: and)? fungistasis"
    r"|growth (?:medium|media|factors?)"
    r"|gram (?:negative|positive) control (?:slides?|smears?)"
    r")(?= |$)"
)
# What must have grown and did not.
_BARREN = re.compile(
    r"\b(?:positive control|growth promot|wachstumskontroll).*\b(?:no growth|negativ\w*)"
)
# What may stand beside such a phrase.
_PLAIN_WORDS = """
    a an the this these all each both any every of for in on at to by with and or as per via from is
    are was were be been has have had will after during over least either two three medium media ftm
    tsb scdm scdb fluid thioglycollate thioglycolate soybean casein digest trypticase tryptic soy
    broth bottle bottles vial vials container containers tube tubes culture cultures plate plates
    bact bactec system aerobic anaerobic incubated incubation inoculated inoculation read visually
    daily continuously automatically tested test tests performed according used suitable suitability
    method methods complies complied comply compliant passed pass satisfactory verified confirmed
    demonstrated acceptable met valid expected showed results result lot lots batch batches days day
    hours hour h c temperature period total usp ph eur jp chapter validated procedure sop rev sample
    samples product sterility direct membrane filtration observed found
"""
_PLAIN = frozenset(_PLAIN_WORDS.split())
_DEFINITION = re.compile(
    r"(?:interpretation:? )?(?:no growth|growth) ?= ?(?:the )?(?:sample|product|batch)?"
    r" ?(?:complies|passes|does not comply|fails|pass|fail)[.;]?",
    re.IGNORECASE,
)
# Whole sentences, folded, that tell nothing though they name what would be bad.
_HARMLESS = tuple(
    re.compile(pattern)
    for pattern in (
        r"no (?:deviations?|oos results?|discrepanc(?:y|ies)|remarks)"
        r"(?: (?:or|and) (?:deviations?|oos results?|discrepancies))*"
        r"(?: (?:was|were))?(?: (?:observed|noted|recorded|reported|found))?"
        r"(?: during (?:this|the) (?:test|testing|analysis))?",
        r"(?:if|when|in case of) growth(?: is| was)?(?: observed| detected)? the "
        r"(?:client|customer|sponsor|submitter) (?:is|will be) (?:notified|informed)"
        r"(?: within \d+ (?:h|hours|days))?",
    )
)
_NOTHING = (
    r"(?:none|no|nil|n a|na|not applicable|not observed|none observed|none detected|not detected"
    r"|keine?|nein|non|aucune?|neant|ninguna?|0|0 of \d+|entfallt)"
)
_BLANK = re.compile(r"[\s\-–—−_./:]*")
_LABELLED = re.compile(r"(?P<label>[^:]{2,60}): ?(?P<value>.+)", re.DOTALL)
_GOOD = re.compile(
    r"\b(?:valid|steril|compl|conform|pass|accept|releas|suitab|met\b|satisf|freig|gultig)"
)
_REFUSED = re.compile(r"(?:no|n|nein|non|false|nicht|ne)\b.*")
_SIGN = re.compile(r"(?<!\S)[(\[]?\+{1,4}[)\]]?(?!\S)|\[ ?[xX✓✔✗] ?\]|[☒☑✗✘]")
_SYMBOL = r"(?:\([+\-–A-Z/.]{1,5}\)|(?!(?:FTM|TSB|THIO|SCDM|SCDB|TSA|SDA)\b)[A-Z][A-Z./]{0,4}\b\.?)"
_LEGEND = re.compile(
    r"(?:(?:abbreviations?|denotes|legend|key|legende|légende|abkürzungen|abréviations|abreviaturas"
    r"|leyenda)\b ?:? ?)?"
    rf"{_SYMBOL} ?[=:]? ?(?:\((?i:[a-z]+(?: [a-z]+)?)\)|(?i:(?:no |not )?[a-z]+))"
    rf"(?:[ ,;/]+{_SYMBOL} ?[=:]? ?(?:\((?i:[a-z]+(?: [a-z]+)?)\)|(?i:(?:no |not )?[a-z]+)))*[.;]?"
)
_HEAD_WORD = re.compile(
    r"(?i:abbreviations?|denotes|legend|key|legende|légende|abkürzungen|abréviations|abreviaturas"
    r"|leyenda)\b ?:? ?"
)


def is_legend(text: str) -> bool:
    """Say whether a line explains abbreviations and does nothing else.

    >>> is_legend("Abbreviations (+) Growth (-) No Growth (P) Pass F (Fail)")
    True
    >>> is_legend("FTM = Growth, SCDM = No growth")
    False
    """
    head = _HEAD_WORD.match(text)
    body = text[head.end() :] if head else text
    found = _LEGEND.fullmatch(body)
    if found is None:
        return False
    # A single word with a capital is no explanation: "A growth".
    return bool(re.search(r"[=()]", body))


def telling(text: str, *, is_preliminary: bool = False) -> str | None:
    """Give the first word of a text that may speak of the outcome; None when it is harmless.

    Of a paper that calls itself preliminary, words that say so again are understood.

    >>> telling("FTM vials were turbid on day 14"), telling("Deviations: none")
    ('turbid', None)
    """
    if _DEFINITION.fullmatch(text.strip()) or is_legend(text):
        return None
    sign = _SIGN.search(text)
    if sign:
        return sign.group()
    labelled = _LABELLED.fullmatch(text.strip())
    if labelled:
        said = _at_label(labelled["label"], labelled["value"])
        if said is not None:
            return said or None
    folded = key(text)
    if any(pattern.fullmatch(folded) for pattern in _HARMLESS):
        return None
    return _in_words(folded, is_preliminary=is_preliminary)


def _at_label(label: str, value: str) -> str | None:
    """Judge a form's answer: "" when it is harmless, None when its words must be looked at."""
    folded = key(value)
    if re.fullmatch(_NOTHING, folded) or _BLANK.fullmatch(value):
        asked = key(label)
        is_good = _GOOD.search(asked) and not _stem(asked)
        refused = _REFUSED.fullmatch(folded) and folded not in ("none", "n a", "na")
        return label if is_good and refused and not is_blank(value) else ""
    if _GOOD.search(key(label)) and _REFUSED.fullmatch(folded):
        return value
    return None


def is_blank(text: str) -> bool:
    """Say whether a text is a dash, a line to be filled in, or nothing at all."""
    return _BLANK.fullmatch(text) is not None


def says_none(text: str) -> bool:
    """Say whether an answer is that there is nothing: "none", "N/A", "0", a dash."""
    return is_blank(text) or re.fullmatch(_NOTHING, key(text)) is not None


def _in_words(folded: str, *, is_preliminary: bool) -> str | None:
    barren = _BARREN.search(folded)
    if barren:
        return barren.group()
    rest = " ".join(_MENTIONS.sub(" ", folded).split())
    stems = [match.group() for match in _STEMS.finditer(rest)]
    if is_preliminary:
        stems = [stem for stem in stems if not _NOT_YET.fullmatch(stem)]
    if stems:
        return stems[0]
    denied = _DENIED.search(rest)
    if denied:
        return denied.group()
    if rest != folded:
        strange = [word for word in rest.split() if word not in _PLAIN and not word.isdigit()]
        return strange[0] if strange else None
    return None


def _stem(folded: str) -> str | None:
    found = _STEMS.search(folded)
    return found.group() if found else None


def cell_tells(heading: str, text: str, *, negative_heading: bool = False) -> bool:
    """Say whether a cell under a heading that we do not know may speak of the outcome.

    `negative_heading` is for a column such as "No growth", where a tick is the good answer.
    """
    if says_none(text):
        return negative_heading and key(text) in ("no", "nein", "non")
    ticked = re.fullmatch(r"\[? ?(?:x|✓|✔|yes|y|ja|oui|si|true|\+)+ ?\]?", text.strip().casefold())
    asked = key(heading)
    if negative_heading:
        return not ticked
    if _stem(_MENTIONS.sub(" ", asked)):
        return key(text) not in ("n", "neg", "negative", "false", "clear", "pass", "complies")
    if _GOOD.search(asked) and _REFUSED.fullmatch(key(text)):
        return True
    return telling(text) is not None
