"""Results in six languages: each wording's class was written by hand by what it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcvalidate.catalogue import open_catalogue
from qcvalidate.folding import key
from qcvalidate.vocabulary import load_vocabulary
from qcvalidate.wording import Reading

WORDS = load_vocabulary(open_catalogue())


def _so_far(day: int | None = None) -> Reading:
    return Reading("pending", day=day, to_date=True, so_far="negative")


# Of a test for sterility; `to-date` is pending with what was seen until now.
GERMAN = """
negative: kein Wachstum | Kein Wachstum. | ohne Wachstum | kein Keimwachstum nachweisbar
negative: Es wurde kein Wachstum festgestellt | nicht nachweisbar | nicht nachgewiesen
negative: entspricht | Die Probe entspricht den Anforderungen | steril | keimfrei
negative: Kein Wachstum nach 14 Tagen | kein Wachstum in beiden Medien | Wachstum nicht nachweisbar
negative: Ergebnis: kein Wachstum | Positivkontrolle: Wachstum; Probe: kein Wachstum
positive: Wachstum | Wachstum nachweisbar | unsteril | nicht steril | verkeimt | kontaminiert
positive: entspricht nicht | nachgewiesen | Wachstum von Cutibacterium acnes | Kultur positiv
positive: Es wurde Wachstum festgestellt | Wachstum in TSB | getrübt
invalid: ungültig | nicht auswertbar | nicht durchgeführt | Negativkontrolle positiv
invalid: Positivkontrolle: kein Wachstum; Probe: kein Wachstum
pending: in Bearbeitung | ausstehend | Ergebnis folgt | Prüfung läuft noch
to-date: bisher kein Wachstum | Kein Wachstum (vorläufig) | Zwischenergebnis: kein Wachstum
unknown: nicht ohne Wachstum | nicht kein Wachstum | kein steril | Wachstum: Nicht nachweisbar
unknown: kein Wachstum außer in Flasche 3 | kein Wachstum in TSB | fast steril | nicht unsteril
unknown: keine Abwesenheit von Wachstum | kein Wachstum? | Negativkontrolle: kein Wachstum
unknown: nicht | kein | ohne | nein | Wachstum, keines | nicht entspricht nicht
"""
FRENCH = """
negative: absence de croissance | Absence de pousse | pas de croissance | sans croissance
negative: aucune croissance observée | Aucune croissance n'a été observée | non détecté
negative: conforme | stérile | culture négative | absence de germes | exempt de germes
negative: Absence de croissance après 14 jours | absence de croissance dans les deux milieux
negative: croissance non observée | il n'y a pas de croissance
negative: témoin positif : croissance ; échantillon : absence de croissance
positive: croissance | pousse | croissance observée | non conforme | non stérile | contaminé
positive: présence de germes | présence de croissance | culture positive | n'est pas conforme
positive: Croissance de Cutibacterium acnes | détecté | trouble | croissance dans TSB
invalid: non valide | essai invalide | non interprétable | non réalisé | échantillon insuffisant
invalid: témoin positif : absence de croissance ; échantillon : absence de croissance
pending: en cours | en attente | analyse en cours | résultat à suivre
to-date: absence de croissance à ce jour | résultat provisoire : absence de croissance
unknown: pas d'absence de croissance | aucune absence de croissance | non sans croissance
unknown: pas non conforme | absence de croissance sauf flacon 3 | absence de croissance dans TSB
unknown: Croissance: Aucune observée | pas | sans | ne pas stérile | absence de
unknown: témoin négatif : absence de croissance | pas négatif | absence de croissance ?
"""
SPANISH = """
negative: sin crecimiento | ausencia de crecimiento | no se observa crecimiento | no detectado
negative: No se observó crecimiento microbiano | cumple | estéril | cultivo negativo | negativo
negative: Sin crecimiento a los 14 días | ausencia de crecimiento en ambos medios | ausente
negative: crecimiento no observado | no hay crecimiento | Muestra: sin crecimiento
positive: crecimiento | se observa crecimiento | no cumple | no estéril | contaminado | positivo
positive: presencia de microorganismos | presencia de crecimiento | Crecimiento de Candida albicans
positive: crecimiento en TSB | cultivo positivo | detectado | no conforme
invalid: no válido | ensayo inválido | no concluyente | no realizado | muestra insuficiente
invalid: control positivo: sin crecimiento; muestra: sin crecimiento
pending: en curso | pendiente | en proceso | resultado pendiente
to-date: sin crecimiento hasta la fecha | Resultado preliminar: sin crecimiento
unknown: no se observa ausencia de crecimiento | no sin crecimiento | no ausente
unknown: sin crecimiento excepto frasco 3 | sin crecimiento en TSB | no | sin | nunca estéril
unknown: Crecimiento: Ninguno observado | no no cumple | control negativo: sin crecimiento
unknown: no presenta ausencia de crecimiento | casi estéril | no negativo | ¿sin crecimiento?
"""
ITALIAN = """
negative: assenza di crescita | nessuna crescita | non rilevato | conforme | sterile | negativo
negative: Nessuna crescita osservata | non si osserva crescita | Non è stata osservata crescita
negative: Nessuna crescita dopo 14 giorni | assenza di crescita in entrambi i terreni | assente
negative: senza crescita | coltura negativa | crescita assente
negative: controllo positivo: crescita; campione: nessuna crescita
positive: crescita | crescita osservata | non conforme | non sterile | contaminato | positivo
positive: presenza di microrganismi | Crescita di Cutibacterium acnes | coltura positiva
positive: rilevato | presente | presenza di crescita
invalid: non valido | saggio non valido | non eseguito | campione insufficiente | inconcludente
invalid: controllo positivo: nessuna crescita; campione: nessuna crescita
pending: in corso | in attesa | prova in corso | in corso di analisi
to-date: nessuna crescita ad oggi | finora nessuna crescita
to-date: Risultato provvisorio: nessuna crescita
unknown: non si osserva assenza di crescita | non assente | nessuna assenza di crescita
unknown: non nessuna crescita | nessuna crescita tranne flacone 3 | nessuna crescita in TSB
unknown: Crescita: Assente | Crescita: Nessuna osservata | non | senza | nessuna
unknown: non non conforme | quasi sterile | controllo negativo: nessuna crescita | non negativo
"""
PORTUGUESE = """
negative: ausência de crescimento | sem crescimento | não detetado | não detectado | conforme
negative: cumpre | estéril | Não se observou crescimento | não houve crescimento | negativo
negative: Sem crescimento após 14 dias | ausência de crescimento em ambos os meios | ausente
negative: nenhum crescimento observado | cultura negativa | crescimento não observado
negative: controlo positivo: crescimento; amostra: sem crescimento
negative: controle positivo: crescimento; amostra: sem crescimento
positive: crescimento | crescimento observado | não conforme | não cumpre | não estéril
positive: contaminado | presença de microrganismos | houve crescimento | positivo | detetado
positive: Crescimento de Candida albicans | crescimento no TSB | cultura positiva | reprovado
invalid: inválido | não válido | inconclusivo | não realizado | amostra insuficiente
invalid: controle positivo: sem crescimento; amostra: sem crescimento
pending: em curso | em andamento | pendente | a aguardar resultado | ensaio em curso
to-date: sem crescimento até à data | sem crescimento até o momento
to-date: Resultado preliminar: sem crescimento
unknown: não se observou ausência de crescimento | não ausente | não sem crescimento
unknown: sem crescimento exceto frasco 3 | sem crescimento no TSB | não | sem | nenhum
unknown: Crescimento: Nenhum observado | não não conforme | quase estéril | não negativo
unknown: controlo negativo: sem crescimento | no crescimento | sem ausência de crescimento
"""
ENGLISH = """
negative: culture negative | no growth in both bottles | no visible growth was observed | sterile
positive: culture positive | contamination | microorganisms present | Growth of Candida albicans
unknown: Growth: None observed | Growth: Not detected | not without growth | no absence of growth
unknown: never sterile | without no growth | Growth: Absent throughout | Growth: Nothing seen
"""
MYCOPLASMA = """
negative: Mykoplasmen nicht nachweisbar | mykoplasmenfrei | kein Nachweis von Mykoplasmen
negative: absence de mycoplasmes | mycoplasmes non détectés | exempt de mycoplasmes
negative: ausencia de micoplasma | micoplasma no detectado | libre de micoplasmas
negative: assenza di micoplasmi | micoplasmi non rilevati | esente da micoplasmi
negative: ausência de micoplasmas | micoplasma não detetado | isento de micoplasmas
positive: Mykoplasmen nachgewiesen | présence de mycoplasmes | micoplasma detectado
positive: presenza di micoplasmi | presença de micoplasmas | Nachweis von Mykoplasmen
unknown: nicht mykoplasmenfrei | no libre de micoplasmas | non esente da micoplasmi
unknown: não isento de micoplasmas | pas exempt de mycoplasmes | stérile | kein Nachweis fehlt
"""


def cases(table: str) -> list[tuple[str, str]]:
    """Give every wording of a table with its class."""
    lines = [line.partition(":") for line in table.strip().splitlines()]
    return [(text.strip(), kind) for kind, _, texts in lines for text in texts.split(" | ")]


BY_LANGUAGE = [ENGLISH, GERMAN, FRENCH, SPANISH, ITALIAN, PORTUGUESE]


def classed(reading: Reading) -> str:
    return "to-date" if reading.to_date else reading.kind


@pytest.mark.parametrize(("text", "kind"), [case for table in BY_LANGUAGE for case in cases(table)])
def test_wording_of_sterility_has_its_class(text: str, kind: str) -> None:
    assert classed(WORDS.result(text, "sterility")) == kind


@pytest.mark.parametrize(("text", "kind"), cases(MYCOPLASMA))
def test_wording_of_mycoplasma_has_its_class(text: str, kind: str) -> None:
    assert classed(WORDS.result(text, "mycoplasma")) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("nicht reaktiv", "negative"),
        ("non réactif", "negative"),
        ("no reactivo", "negative"),
        ("non reattivo", "negative"),
        ("não reagente", "negative"),
        ("reagente", "positive"),
        ("reattivo", "positive"),
        ("kein Wachstum", "unknown"),
    ],
)
def test_wording_of_a_donor_test_has_its_class(text: str, kind: str) -> None:
    assert WORDS.result(text, "hiv").kind == kind


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("Kein Wachstum bis Tag 7", Reading("negative", day=7)),
        ("Absence de croissance à 14 jours", Reading("negative", day=14)),
        ("Nessuna crescita dopo 14 giorni di incubazione", Reading("negative", day=14)),
        ("Sem crescimento após 14 dias de incubação", Reading("negative", day=14)),
        ("Sin crecimiento tras 14 días de incubación", Reading("negative", day=14)),
        (
            "bisher kein Wachstum (Tag 6)",
            _so_far(6),
        ),
        (
            "Nessuna crescita dopo 48 ore",
            _so_far(2),
        ),
        ("Crescita: Micrococcus luteus", Reading("positive", "Micrococcus luteus")),
    ],
)
def test_reading_keeps_its_day_and_organism(text: str, reading: Reading) -> None:
    assert WORDS.result(text, "sterility") == reading


@pytest.mark.parametrize(
    "text",
    [
        "entspricht",
        "conforme",
        "cumple",
        "cumpre",
        "nicht nachweisbar",
        "non rilevato",
        "não detetado",
    ],
)
def test_words_say_nothing_good_of_a_number(text: str) -> None:
    assert WORDS.result(text, "endotoxin").kind == "unknown"


PASSING = """
bestanden|konform|entspricht|Die Probe entspricht den Anforderungen|erfüllt|conforme
L'échantillon est conforme aux spécifications|satisfaisant|cumple|apto
La muestra cumple con la especificación|Il campione è conforme alle specifiche|idoneo
Il campione risulta conforme|A amostra cumpre a especificação|cumpre|aprovado|satisfatório
O produto está conforme|Das Produkt erfüllt die Anforderungen
"""
FAILING = """
nicht bestanden|nicht konform|entspricht nicht|Die Probe entspricht nicht den Anforderungen
nicht erfüllt|Das Produkt erfüllt die Anforderungen nicht|non conforme|hors spécification
L'échantillon n'est pas conforme|no cumple|La muestra no cumple con la especificación|no apto
Il campione non è conforme|non idoneo|fuori specifica|Il campione non soddisfa i requisiti
não conforme|A amostra não cumpre a especificação|reprovado|fora da especificação|insatisfatório
rechazado|abgelehnt
"""


@pytest.mark.parametrize("text", PASSING.strip().replace("\n", "|").split("|"))
def test_laboratory_verdict_that_passes(text: str) -> None:
    assert WORDS.verdict(text) == "pass"


@pytest.mark.parametrize("text", FAILING.strip().replace("\n", "|").split("|"))
def test_laboratory_verdict_that_fails(text: str) -> None:
    assert WORDS.verdict(text) == "fail"


@pytest.mark.parametrize(
    "text",
    ["nicht", "no", "non", "não", "pas", "nicht nicht bestanden", "no no cumple", "kein konform"],
)
def test_negation_alone_or_twice_is_no_verdict(text: str) -> None:
    assert WORDS.verdict(text) is None


# --- properties ----------------------------------------------------------------------------

NEGATIONS = """
no not non nicht kein keine keinen pas sans aucun aucune ne sin ningún ninguna sem não nenhum
nenhuma nessun nessuna senza without never ohne keinerlei ni né weder nunca mai jamais neither
""".split()  # noqa: SIM905  a list of these is four times as long
NEGATIVES = [
    phrase
    for phrase, meanings in sorted(WORDS._results.items())
    if any(meaning.reading == "negative" and not meaning.aside for meaning in meanings)
]
TESTS = ["sterility", "mycoplasma", "gram_stain", "hiv"]


@given(st.sampled_from(NEGATIONS), st.sampled_from(NEGATIVES), st.sampled_from(TESTS))
def test_negation_before_a_negative_wording_is_never_negative(
    negation: str, phrase: str, test: str
) -> None:
    assert WORDS.result(f"{negation} {phrase}", test).kind != "negative"


def test_no_negative_wording_is_another_with_a_negation_in_it() -> None:
    known = set(NEGATIVES)
    doubled = [
        phrase
        for phrase in NEGATIVES
        for words in [phrase.split()]
        for place, word in enumerate(words)
        if word in map(key, NEGATIONS) and " ".join(words[:place] + words[place + 1 :]) in known
    ]

    assert doubled == []


@pytest.mark.parametrize("test", TESTS)
def test_no_wording_means_both_for_one_test(test: str) -> None:
    family = WORDS.tests[test].family

    for phrase, meanings in WORDS._results.items():
        kinds = {m.reading for m in meanings if m.families is None or family in m.families}
        assert not {"negative", "positive"} <= kinds, phrase


@pytest.mark.parametrize("verdict", ["pass", "fail"])
def test_verdicts_and_results_agree(verdict: str) -> None:
    other = {"pass": "positive", "fail": "negative"}[verdict]

    for phrase, said in WORDS._verdicts.items():
        if said == verdict:
            assert WORDS.result(phrase, "sterility").kind != other, phrase
