"""Sentences of certificates in six languages: what every paper says, and what may be trouble."""

from __future__ import annotations

import pytest

from qcvalidate.readers.certificates.telling import cell_tells, telling

HARMLESS = """
UC-MSC cell suspension, 10 mL
Investigational medicinal product
Medicamento en investigación
Mesenchymale Stromazellen in Suspension, kryokonserviert
Suspension de cellules souches mésenchymateuses de la moelle osseuse
Células madre mesenquimales de médula ósea, criopreservadas
Sospensione di cellule staminali mesenchimali da cordone ombelicale
Suspensão de células estromais mesenquimais do cordão umbilical
Expandierte MSC, Passage 4, 2 × 10^6 Zellen/kg
Volumen ensayado: 10 mL por medio
Inoculazione diretta, 14 giorni di incubazione a 20-25 °C
This report shall not be reproduced except in full without the written approval of the laboratory.
The results relate only to the items tested.
The results apply to the sample as received.
The laboratory is accredited according to ISO/IEC 17025:2017.
Tests marked with * are not within the scope of accreditation.
This certificate was generated electronically and is valid without signature.
Measurement uncertainty is not taken into account in the statement of conformity.
Samples are discarded four weeks after the report has been issued.
Sampling was performed by the client.
End of report
CFU = colony forming units; n.d. = not detected
Electronically signed document
Die Ergebnisse beziehen sich ausschließlich auf die geprüften Gegenstände.
Die Prüfergebnisse beziehen sich nur auf die untersuchten Proben.
Ohne Genehmigung des Labors darf der Bericht nicht auszugsweise vervielfältigt werden.
Dieser Prüfbericht darf nur vollständig und unverändert vervielfältigt werden.
Das Labor ist durch die DAkkS nach DIN EN ISO/IEC 17025 akkreditiert (D-PL-12345-01-00).
Die mit * gekennzeichneten Verfahren sind nicht akkreditiert.
Dieses Dokument wurde elektronisch erstellt und ist ohne Unterschrift gültig.
Die Messunsicherheit wurde bei der Konformitätsbewertung nicht berücksichtigt.
Die Medien wurden visuell auf mikrobielles Wachstum geprüft.
Die wachstumsfördernden Eigenschaften der Nährmedien wurden nachgewiesen.
Abweichungen: keine
Keine Abweichungen.
Negativkontrolle: kein Wachstum.
Die Probe wurde 14 Tage bei 20-25 °C inkubiert.
KBE = Koloniebildende Einheiten
Probenahme durch den Auftraggeber.
Ende des Prüfberichts
Ce rapport ne peut être reproduit que dans son intégralité.
La reproduction de ce rapport n'est autorisée que sous sa forme intégrale.
Ce rapport ne doit pas être reproduit, sinon en entier, sans l'autorisation écrite du laboratoire.
Les résultats ne se rapportent qu'aux objets soumis à l'essai.
Les résultats s'appliquent à l'échantillon tel qu'il a été reçu.
Le laboratoire est accrédité par le COFRAC sous le n° 1-1234 selon la norme ISO/CEI 17025.
L'incertitude de mesure n'est pas prise en compte dans la déclaration de conformité.
Les milieux ont été examinés visuellement pour détecter une croissance microbienne.
La fertilité des milieux a été vérifiée.
Déviations : aucune
Aucune déviation n'a été observée.
Témoin négatif : absence de croissance.
Document signé électroniquement.
Fin du rapport
Los resultados se refieren únicamente a las muestras ensayadas.
Este informe no podrá ser reproducido parcialmente sin la aprobación por escrito del laboratorio.
El laboratorio está acreditado por ENAC según la norma UNE-EN ISO/IEC 17025 (n.º 123/LE456).
La incertidumbre de medida no se ha tenido en cuenta en la declaración de conformidad.
Los medios se inspeccionaron visualmente para detectar crecimiento microbiano.
Se verificó la promoción del crecimiento de los medios.
Desviaciones: ninguna
Sin desviaciones.
Control negativo: sin crecimiento.
Documento firmado electrónicamente.
Fin del informe
I risultati si riferiscono esclusivamente ai campioni sottoposti a prova.
Il rapporto non può essere riprodotto parzialmente senza l'autorizzazione del laboratorio.
Il laboratorio è accreditato ACCREDIA n. 0123 secondo la norma UNI CEI EN ISO/IEC 17025.
I terreni sono stati ispezionati visivamente per la crescita microbica.
La fertilità dei terreni è stata verificata.
Deviazioni: nessuna
Nessuna deviazione.
Controllo negativo: nessuna crescita.
Documento firmato digitalmente.
Fine del rapporto di prova
Os resultados referem-se exclusivamente às amostras ensaiadas.
Este relatório só pode ser reproduzido na íntegra.
Este relatório não pode ser reproduzido parcialmente sem a autorização por escrito do laboratório.
O laboratório é acreditado pelo IPAC segundo a norma NP EN ISO/IEC 17025.
Os meios foram inspecionados visualmente quanto a crescimento microbiano.
A promoção de crescimento dos meios foi verificada.
Desvios: nenhum
Sem desvios.
Controlo negativo: sem crescimento.
Controle negativo: sem crescimento.
Documento assinado eletronicamente.
Fim do relatório
CFU: colony forming units
n.n. = nicht nachweisbar
This report is not valid without signature and stamp.
Die Rückstellproben werden vier Wochen aufbewahrt.
Muestreo realizado por el cliente.
Campionamento a cura del committente.
L'échantillonnage a été effectué par le client.
Colheita efetuada pelo cliente.
""".strip().splitlines()
TELLS = """
Die Probe wies am Tag 9 eine Trübung auf.
Das Ergebnis ist nicht gültig.
Die Prüfung wurde wiederholt.
Es wurde eine Abweichung festgestellt (ABW-26-11).
Dieser Bericht ersetzt den Bericht R-99.
Die Charge darf nicht freigegeben werden.
Vorläufiges Ergebnis.
Außerhalb der Spezifikation.
Die Eignung der Methode wurde nicht nachgewiesen.
Die Inkubation wurde nach 7 Tagen abgebrochen.
Probe undicht angeliefert.
Positivkontrolle: kein Wachstum.
ENTWURF
Keine Freigabe.
Une pousse a été observée au jour 9.
Le résultat n'est pas valable.
L'essai a été répété.
Un écart a été constaté.
Ce rapport annule et remplace le rapport R-99.
Le lot ne peut pas être libéré.
Résultat provisoire.
Hors spécification.
Flacon fuyant à réception.
Des levures ont été isolées.
Témoin positif : absence de croissance.
BROUILLON
Aucune libération possible.
Se observó turbidez en el frasco 3.
El resultado no es válido.
Se repitió el ensayo.
Se registró una desviación.
Este informe sustituye al informe R-99.
El lote no puede ser liberado.
Resultado preliminar.
Fuera de especificación.
Se aislaron hongos.
Muestra derramada en la recepción.
BORRADOR
Control positivo: sin crecimiento.
Il flacone 3 è risultato torbido al giorno 9.
Il risultato non è valido.
La prova è stata ripetuta.
È stato rilevato uno scostamento.
È stata registrata una deviazione.
Il presente rapporto sostituisce il rapporto R-99.
Il lotto non può essere rilasciato.
Risultato provvisorio.
Fuori specifica.
Sono state isolate muffe.
Sono stati isolati batteri.
Campione inquinato.
BOZZA
Il saggio è stato interrotto.
Controllo positivo: nessuna crescita.
Sono presenti lieviti.
Observou-se turvação no frasco 3.
O resultado não é válido.
O ensaio foi repetido.
Foi registado um desvio.
Este relatório substitui o relatório R-99.
O lote não pode ser libertado.
Resultado provisório.
Fora de especificação.
Foram isoladas leveduras.
Foram isolados bolores.
Amostra com fuga.
RASCUNHO
O ensaio foi interrompido.
Controlo positivo: sem crescimento.
O ensaio falhou.
Estéril: não
Valido: no
Stérile : non
Gültig: Nein
Válido: não
Desvios: sim
Deviazioni: vedi allegato
The report is not valid.
The test was not performed on samples sampled by the client.
The sample was discarded after two weeks.
no sin crecimiento en FTM
nicht ohne Wachstum
Sin crecimiento excepto en el frasco 3.
Kein Wachstum außer in Flasche 3.
Absence de croissance sauf flacon 3.
Nessuna crescita tranne nel flacone 3.
Sem crescimento exceto no frasco 3.
Die Medien wurden geprüft und zeigten Wachstum.
Les milieux examinés présentent une croissance.
Resultado parcial.
Teilergebnis
Der Bericht ist nicht gültig.
""".strip().splitlines()


@pytest.mark.parametrize("text", HARMLESS)
def test_what_every_honest_paper_says_is_harmless(text: str) -> None:
    assert telling(text) is None


@pytest.mark.parametrize("text", TELLS)
def test_what_may_speak_of_the_outcome_is_told(text: str) -> None:
    assert telling(text) is not None


@pytest.mark.parametrize("text", [text for text in HARMLESS if not text.endswith("Auftraggeber.")])
def test_growth_beside_a_harmless_sentence_is_told(text: str) -> None:
    for growth in ("growth", "Wachstum", "croissance", "crecimiento", "crescita", "crescimento"):
        assert telling(f"{text.rstrip('.')} {growth}") is not None


@pytest.mark.parametrize(
    "text",
    ["Vorläufiges Ergebnis", "Résultat provisoire", "Resultado preliminar", "Risultato provvisorio",
     "Resultado provisório", "Em andamento", "In corso", "Résultats partiels"],
)  # fmt: skip
def test_what_a_preliminary_paper_says_of_itself_is_understood(text: str) -> None:
    assert telling(text) is not None
    assert telling(text, is_preliminary=True) is None


@pytest.mark.parametrize(
    ("heading", "cell", "tells"),
    [
        ("Wachstum (J/N)", "N", False),
        ("Croissance", "négatif", False),
        ("Crecimiento", "ninguno", False),
        ("Crescita", "+", True),
        ("Crescimento", "sim", True),
        ("Steril", "nein", True),
        ("Estéril", "não", True),
        ("Bemerkung", "keine", False),
    ],
)
def test_cell_under_a_foreign_heading(heading: str, cell: str, tells: bool) -> None:
    assert cell_tells(heading, cell) is tells


@pytest.mark.parametrize(
    "text",
    [
        "All negative controls showed reactions.",
        "S. epidermidis",
        "C.acnes in FTM",
        "NG -> G",
        "F",
        "NOK",
        "Рост обнаружен.",
        "Wаchstum",  # with a Cyrillic a
        "阳性",
        "Haziness was seen in SCDM",
        "Note: pellicle",
        "Film in FTM",
        "The bottle was flagged at 31 h",
        "Only the diluent was tested.",
        "Results not reviewed by QA.",
        "The reviewer has not signed.",
        "The media were past their expiry date.",
    ],
)
def test_what_a_hostile_reader_found_is_told(text: str) -> None:
    assert telling(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Approved by: J. Sample",
        "R. Okafor",
        "Prüfung nach Ph. Eur. 2.6.27, 22,5 °C ± 2,5 °C",
        "Bericht Nr. µ-12, Lösung β",
        "The results relate only to the items tested.",
    ],
)
def test_names_and_signs_of_our_languages_are_not_told(text: str) -> None:
    assert telling(text) is None
