"""Wordings of results and conclusions that laboratories print, by hand, in six languages."""

from __future__ import annotations

import pytest
from word_tables import cases, entries

from qcvalidate.catalogue import open_catalogue
from qcvalidate.vocabulary import load_vocabulary

WORDS = load_vocabulary(open_catalogue())

# Wordings that pass for no result: each may be said of a sample that grew.
UNCLEAR = """
sterility: Trübung | Turbidez | Turbidity observed | Opalescence | No result | Not growth negative
sterility: No growth in positive | No obvious growth | Possible growth | Growth? | No growth (TSB)
sterility: Kein Wachstum außer in TSB | Absence de croissance sauf en TSB | Sin crecimiento excepto
sterility: No growth expected | No growth required | Keine Freigabe | Not free from growth
sterility: No growth of Candida | No growth of Gram negative rods | Below detection limit
mycoplasma: No amplification | < LOD | Target | Not below detection limit | Absence not shown
mycoplasma: Limit of detection | Detection limit: 10 CFU/mL | Free of inhibitors | No target
gram_stain: No Gram positive cocci | No cocci seen | No gram negative rods seen | No stain
"""
FAILING = """
The sample does not meet the release criteria | does not conform to the specification
did not comply with all release specifications | entspricht nicht den Freigabekriterien
Die Probe erfüllt die Freigabekriterien nicht | non conforme aux critères de libération
ne répond pas aux critères d'acceptation | no cumple con los criterios de liberación
non soddisfa i criteri di rilascio | não cumpre os critérios de libertação
"""
PASSING = """
meets the release criteria | conforms to the specification | entspricht den Freigabekriterien
erfüllt die Freigabekriterien | conforme aux critères de libération
cumple con los criterios de liberación | soddisfa i criteri di rilascio
cumpre os critérios de libertação
"""
STERILITY = """
negative: No growth | No growth observed | No growth after 14 days | No microbial growth detected
negative: No growth detected | Sterile | Negative | Not detected | None detected
negative: No contamination detected | Absence of growth | Free from microbial growth
negative: No evidence of microbial growth | No growth in FTM and TSB | Complies
negative: Meets requirements | Passes | Pass | No organisms isolated
negative: No aerobic or anaerobic growth | Negative after 14 days | No turbidity observed
negative: No visible growth | No growth in either medium | Test sample: no growth
negative: No bacterial or fungal growth | No growth of microorganisms
negative: No growth after 14 days of incubation | Conforms | No viable microorganisms detected
negative: Negative for growth | Complies with the test for sterility | Satisfactory
negative: Culture negative | No growth (14 days) | No growth at 14 d
negative: Kein Wachstum | Kein Wachstum nachweisbar | Kein mikrobielles Wachstum | Steril
negative: Negativ | Nicht nachweisbar | Entspricht | Kein Wachstum nach 14 Tagen
negative: Keine Keime nachweisbar | Kein Keimwachstum | Anforderung erfüllt | Bestanden
negative: Keine Trübung | Konform | Entspricht den Anforderungen | Kein Wachstum beobachtet
negative: Wachstum nicht feststellbar | Frei von Mikroorganismen
negative: Kein Wachstum von Mikroorganismen
negative: Absence de croissance | Pas de croissance | Aucune croissance | Stérile | Négatif
negative: Conforme | Absence de germes | Non détecté | Aucune croissance observée
negative: Absence de croissance microbienne | Pas de pousse | Absence de croissance après 14 jours
negative: Conforme aux exigences | Culture négative | Aucun germe | Absence de micro-organismes
negative: Absence de contamination | Satisfaisant | Absence de croissance à J14
negative: Négatif à 14 jours | Culture stérile
negative: Sin crecimiento | Ausencia de crecimiento | Estéril | Negativo | Cumple | No detectado
negative: No se observa crecimiento | Ausencia de microorganismos | Sin crecimiento microbiano
negative: No se observó crecimiento | Ausencia de crecimiento microbiano
negative: Sin crecimiento a los 14 días | Conforme | No crecimiento | No se detecta crecimiento
negative: Sin desarrollo microbiano | No hubo crecimiento | Cultivo negativo
negative: Ausencia de contaminación | Satisfactorio
negative: Assenza di crescita | Nessuna crescita | Sterile | Negativo | Conforme | Non rilevato
negative: Assenza di microrganismi | Nessuna crescita osservata | Assenza di crescita microbica
negative: Nessuna crescita dopo 14 giorni | Assente | Non si osserva crescita | Coltura negativa
negative: Privo di crescita microbica | Nessuno sviluppo microbico | Idoneo
negative: Nessuna contaminazione
negative: Sem crescimento | Ausência de crescimento | Estéril | Negativo | Conforme | Não detetado
negative: Não detectado | Ausência de microrganismos | Sem crescimento microbiano
negative: Não houve crescimento | Não se observou crescimento | Cumpre
negative: Ausência de crescimento microbiano | Ausência de crescimento após 14 dias | Satisfatório
negative: Aprovado | Cultura negativa | Não foi observado crescimento | Ausência de contaminação
positive: Growth | Growth observed | Growth detected | Growth in TSB | Positive
positive: Positive - Staphylococcus epidermidis | Non-sterile | Not sterile | Contaminated
positive: Does not comply | Fails | Fail | Turbid | Growth of Gram positive cocci
positive: Presumptive positive | Growth on day 5 | Microbial growth detected
positive: Does not meet requirements | Not satisfactory | Unsatisfactory | Bacterial growth
positive: Fungal growth | Growth present | Light growth | Scanty growth | Heavy growth
positive: Positive at 36 hours | Detected | Signal positive | Flagged positive
positive: Out of specification | OOS | Non-conforming | Nonconforming
positive: Wachstum | Wachstum nachweisbar | Positiv | Unsteril | Nicht steril | Kontaminiert
positive: Entspricht nicht | Nicht bestanden | Keimwachstum | Anforderung nicht erfüllt
positive: Nachweisbar | Positiv - Staphylococcus epidermidis | Nicht konform | Vereinzelt Wachstum
positive: Wachstum von Bacillus cereus | Nicht erfüllt
positive: Croissance | Présence de croissance | Positif | Non stérile | Non conforme | Contaminé
positive: Présence de germes | Croissance observée | Culture positive | Détecté | Non satisfaisant
positive: Présence de micro-organismes
positive: Crecimiento | Se observa crecimiento | Presencia de crecimiento | Positivo | No estéril
positive: No cumple | Contaminado | Crecimiento de Staphylococcus aureus | Detectado
positive: Cultivo positivo | No conforme | No satisfactorio | Presencia de microorganismos
positive: Crescita | Presenza di crescita | Positivo | Non sterile | Non conforme | Contaminato
positive: Rilevato | Crescita osservata | Coltura positiva | Torbido | Non idoneo | Presente
positive: Crescita microbica
positive: Crescimento | Presença de crescimento | Positivo | Não estéril | Não conforme
positive: Contaminado | Detetado | Crescimento observado | Não cumpre | Reprovado
positive: Cultura positiva | Turvo | Insatisfatório
pending: No growth to date | Pending | In progress | No growth at 7 days (interim)
pending: Preliminary: no growth | Negative to date | Incubation ongoing | To follow
pending: Result pending | Ausstehend | Bisher kein Wachstum | In Bearbeitung | Vorläufig negativ
pending: Folgt | En cours | Absence de croissance à ce jour | Résultat à venir | En attente
pending: En curso | Pendiente | Sin crecimiento hasta la fecha | In corso | In attesa
pending: Nessuna crescita al momento | Em curso | Pendente | Sem crescimento até à data
pending: Em andamento | Sem crescimento até o momento | Awaiting results | No growth so far
pending: Not yet available
invalid: Invalid | Test invalid | Inconclusive | Not tested | Sample insufficient | QNS
invalid: Cancelled | Control failure | Indeterminate | Ungültig | Nicht auswertbar
invalid: Nicht durchgeführt | Probenmenge nicht ausreichend | Invalide | Non valide | Non réalisé
invalid: Ininterprétable | Inválido | No realizado | No concluyente | No valorable | Non valido
invalid: Non eseguito | Inconclusivo | Não realizado | Não conclusivo | Non concluant
invalid: Test not performed | Equivocal
"""
MYCOPLASMA = """
negative: Not detected | Negative | Mycoplasma not detected | No mycoplasma detected | Absent
negative: Absence of mycoplasma | Free of mycoplasma | Mycoplasma negative
negative: Mycoplasma DNA not detected | Below detection limit | Nicht nachweisbar
negative: Keine Mykoplasmen nachweisbar | Mykoplasmenfrei | Negativ | Non détecté
negative: Absence de mycoplasmes | Mycoplasmes non détectés | No detectado
negative: Ausencia de micoplasmas | Micoplasma no detectado | Non rilevato | Assenza di micoplasmi
negative: Micoplasmi assenti | Não detetado | Ausência de micoplasmas | Micoplasma não detectado
negative: No mycoplasma DNA detected | Target not detected | Complies | Undetectable
negative: Keine Mykoplasmen-DNA nachweisbar
positive: Detected | Mycoplasma detected | Positive | Mycoplasma DNA detected
positive: Mycoplasma positive | Presence of mycoplasma | Nachgewiesen | Mykoplasmen nachgewiesen
positive: Positiv | Mycoplasmes détectés | Présence de mycoplasmes | Détecté
positive: Presencia de micoplasmas | Detectado | Rilevato | Presenza di micoplasmi
positive: Presença de micoplasmas | Detetado | Target detected | Mycoplasma contaminated
"""
OTHERS = """
gram_stain/negative: No organisms seen | No bacteria seen | Negative | No microorganisms observed
gram_stain/negative: No organisms observed | Keine Bakterien gesehen
gram_stain/negative: Keine Mikroorganismen nachweisbar
gram_stain/negative: Absence de germes | Aucun germe observé | Absence de bactéries
gram_stain/negative: No se observan microorganismos | No se observan bacterias
gram_stain/negative: Nessun microrganismo osservato | Assenza di batteri
gram_stain/negative: Não se observam microrganismos
gram_stain/negative: Ausência de bactérias | Negativ | No bacteria observed | Keine Keime
gram_stain/positive: Gram positive cocci | Gram-negative rods seen | Organisms seen
gram_stain/positive: Gram positive cocci in clusters | Bacteria seen | Grampositive Kokken
gram_stain/positive: Gramnegative Stäbchen | Cocci Gram positif | Bacilles Gram négatif
gram_stain/positive: Cocos grampositivos
gram_stain/positive: Cocchi Gram positivi | Cocos Gram positivos | Yeast seen
gram_stain/positive: Budding yeast cells
hiv/negative: Non-reactive | Negative | Not reactive | Nonreactive | Not detected | Nicht reaktiv
hiv/negative: Non réactif | No reactivo | Non reattivo | Não reagente | Negativ | Não reativo
hiv/negative: Non réactive | Negativo
hiv/positive: Reactive | Positive | Repeatedly reactive | Reaktiv | Réactif | Reactivo | Reattivo
hiv/positive: Reagente | Detected | Initially reactive
appearance/negative: Complies | Conforms | Meets specification | Entspricht | Conforme | Cumple
"""


@pytest.mark.parametrize(("text", "test"), cases(UNCLEAR))
def test_unclear_wording_is_unknown(text: str, test: str) -> None:
    assert WORDS.result(text, test).kind == "unknown"


@pytest.mark.parametrize("text", [t for line in entries(FAILING) for t in line.split(" | ")])
def test_conclusion_that_fails(text: str) -> None:
    assert WORDS.verdict(text.removeprefix("The sample ")) == "fail"


@pytest.mark.parametrize("text", [t for line in entries(PASSING) for t in line.split(" | ")])
def test_conclusion_that_passes(text: str) -> None:
    assert WORDS.verdict(text) == "pass"


@pytest.mark.parametrize(("text", "kind"), cases(STERILITY))
def test_wording_of_sterility(text: str, kind: str) -> None:
    assert WORDS.result(text, "sterility").kind == kind


@pytest.mark.parametrize(("text", "kind"), cases(MYCOPLASMA))
def test_wording_of_mycoplasma(text: str, kind: str) -> None:
    assert WORDS.result(text, "mycoplasma").kind == kind


@pytest.mark.parametrize(("text", "meant"), cases(OTHERS))
def test_wording_of_another_test(text: str, meant: str) -> None:
    test, kind = meant.split("/")

    assert WORDS.result(text, test).kind == kind
