"""Sentences of papers that sound harmless and are not: each holds the certificate it stands on.

They were written down from what laboratories print, before the reader was asked; most tell of no
growth and no failure, and take back, limit or put off a result that stands elsewhere.
"""

from __future__ import annotations

import pytest
from word_tables import entries

from qcvalidate.readers.certificates.reservations import reservation
from qcvalidate.readers.certificates.telling import telling

HARMFUL = """
However, the positive control failed.
No growth was observed. However, the positive control failed.
This result is preliminary and subject to change.
Results are preliminary until the 14-day incubation is completed.
The sample was received outside the required temperature range.
The sample was received thawed.
Sample arrived at 22 °C instead of 2-8 °C.
The container was leaking on arrival.
Insufficient volume was received; a reduced volume was inoculated.
Only one of two bottles was inoculated.
The test was repeated because of an invalid negative control.
A retest was requested.
Initial result was out of specification; see OOS-26-014.
An investigation has been opened.
A deviation was recorded during incubation.
See deviation report DEV-2026-004.
Incubator alarm on day 3; temperature 41 °C for 6 hours.
Growth promotion test did not meet the acceptance criteria.
Growth promotion of the TSB lot is pending.
Method suitability has not been demonstrated for this product.
The method has not been validated for this matrix.
This test has not been verified for this sample type.
The results of this report are not valid for product release.
Not for release purposes.
For research use only. Not for clinical use.
For information only.
This report is a draft and has not been approved.
Not yet reviewed by quality assurance.
This certificate replaces certificate 26-118, which is withdrawn.
The previous report was issued in error.
The client was notified of the positive result by telephone.
Staphylococcus epidermidis was identified.
Isolate sent for identification.
Subculture performed on day 14 because of product turbidity.
The medium became turbid on addition of the product; subcultured on day 14 and read on day 18.
The sample inhibited the PCR; internal control not amplified.
The internal control failed to amplify.
Spike recovery was outside 50-200 %.
The product interferes with the test.
The sample expired before testing.
Testing started after the maximum holding time of 24 hours.
The sample was tested beyond its stability.
The reading on day 7 was not performed.
Day 14 reading was missed.
Incubation was terminated on day 10.
Incubation was shortened to 7 days at the request of the client.
The anaerobic bottle was broken during incubation.
The label of the sample was illegible.
The sample label did not match the submission form.
Identity of the sample could not be verified.
The lot number on the vial differs from that on the form.
The results refer to a different lot.
Testing was performed on a surrogate sample.
Testing was performed on culture supernatant in place of final product.
Testing was subcontracted to a laboratory that is not accredited.
The laboratory's accreditation for this test is suspended.
Antibiotics were present in the sample and may mask growth.
Antibiotics in the product were not neutralised.
The result must be interpreted with caution.
The result should be confirmed by a second sample.
Please submit a new sample.
A false negative result cannot be excluded.
Interpret with caution because the sample was haemolysed.
The values are estimated.
The count exceeds the limit of the instrument.
The specification was changed after testing.
The limit was exceeded.
One of the duplicates showed growth.
Four of five replicates complied.
All samples complied except sample 3.
With the exception of TSB, no growth was observed.
The conclusion does not take the second bottle into account.
Acceptance criteria were not met.
Result accepted under deviation.
Released under quarantine.
Released by exception.
Conditional release pending sterility.
Die Positivkontrolle zeigte kein Wachstum.
Die Negativkontrolle war bewachsen.
Das Ergebnis ist vorläufig.
Die Prüfung musste wiederholt werden.
Die Probe traf aufgetaut ein.
Die Probe wurde außerhalb des Temperaturbereichs angeliefert.
Die Probenmenge war nicht ausreichend.
Es wurde nur eine Flasche beimpft.
Die Eignung der Methode wurde nicht nachgewiesen.
Das Verfahren ist für diese Matrix nicht validiert.
Abweichung: Bebrütung bei 28 °C statt 30-35 °C.
Nicht zur Freigabe verwendbar.
Ein Nachtrag folgt.
Der Endbericht folgt nach Abschluss der Bebrütung.
Die Ablesung an Tag 7 entfiel.
Die Inkubation wurde nach 10 Tagen abgebrochen.
Eine OOS-Untersuchung wurde eingeleitet.
Mit Ausnahme von TSB kein Wachstum.
Das Etikett war unleserlich.
Die Angaben auf der Probe stimmen nicht mit dem Auftrag überein.
Ergebnis unter Vorbehalt.
Le témoin positif n'a pas poussé.
Le témoin négatif était trouble.
Résultat provisoire sous réserve de la lecture à J14.
Résultat sous réserve.
L'échantillon est arrivé décongelé.
L'échantillon a été reçu hors température.
Volume insuffisant pour l'essai.
L'essai a été recommencé.
L'adéquation de la méthode n'a pas été démontrée.
Un seul flacon a été ensemencé.
Écart constaté : incubation à 28 °C.
Ne pas utiliser pour la libération du lot.
Lecture à J7 non réalisée.
Conforme sauf pour le milieu TSB.
Analyse réalisée hors délai.
Une non-conformité a été ouverte.
El control positivo no presentó crecimiento.
El control negativo presentó turbidez.
Resultado provisional a la espera de la lectura final.
La muestra llegó descongelada.
La muestra se recibió fuera del rango de temperatura.
Volumen insuficiente para el ensayo.
Se repitió el ensayo.
No se ha demostrado la idoneidad del método.
Desviación: incubación a 28 °C.
No válido para la liberación del lote.
Solo se inoculó un frasco.
Cumple excepto en el medio TSB.
Se ha abierto una investigación.
Il controllo positivo non ha mostrato crescita.
Il controllo negativo è risultato torbido.
Risultato provvisorio in attesa della lettura finale.
Il campione è arrivato scongelato.
Campione ricevuto fuori temperatura.
Volume insufficiente per la prova.
La prova è stata ripetuta.
L'idoneità del metodo non è stata dimostrata.
Scostamento: incubazione a 28 °C.
Non valido per il rilascio del lotto.
È stato inoculato un solo flacone.
Conforme ad eccezione del terreno TSB.
È stata aperta un'indagine.
O controlo positivo não apresentou crescimento.
O controle negativo apresentou turvação.
Resultado provisório a aguardar a leitura final.
A amostra chegou descongelada.
Amostra recebida fora da temperatura.
Volume insuficiente para o ensaio.
O ensaio foi repetido.
A adequação do método não foi demonstrada.
Desvio: incubação a 28 °C.
Não válido para a libertação do lote.
Apenas um frasco foi inoculado.
Conforme exceto no meio TSB.
Foi aberta uma investigação.
This report shall not be reproduced except in full and the result is void.
The results relate only to the aerobic bottle.
The laboratory is not accredited for this test, and the method is not validated.
This certificate is not valid.
This certificate is valid only with the final report.
Electronically signed, not reviewed.
Signature missing.
End of preliminary report.
Samples were stored at room temperature for 5 days before testing.
Samples were kept frozen before the sterility test.
The results apply to the sample as received, which was thawed.
The measurement uncertainty exceeds the distance to the limit.
With the uncertainty taken into account the result does not meet the limit.
Sampling was not performed aseptically.
The sample was taken from the waste bag.
Sampling was performed after the addition of antibiotics.
The sample was drawn from another bag.
The result of day 14 will be reported separately.
A final report will be issued after 14 days.
This report contains partial results.
This is an interim report.
Partial report.
Results marked with * are outside the specification.
Results in bold are out of limits.
Values in red do not meet the specification.
Tests marked with # were not performed.
Test marked ** was performed on a different lot.
Tests marked with * were performed after the expiry date.
CFU = colony forming units; 3 CFU found.
Method modified at the client's request.
Deviation from the method: incubation 7 days.
Non-compendial, unvalidated method.
The instrument was out of calibration.
The calibration of the balance had expired.
The media lot was past its expiry date.
The lysate was past expiry.
The standard curve did not meet the criteria.
Correlation coefficient below 0.980.
The negative control well was positive.
The NTC showed amplification.
Isotype control was not run.
Fewer than 10,000 events were acquired.
Cells were clumped.
The viability could not be determined.
Cell count performed on a clotted sample.
Culture overgrown.
Kindly repeat with a fresh sample.
Please correlate clinically; result doubtful.
On receipt the dry ice had completely evaporated.
The shipment was delayed by two days.
The cool chain was interrupted.
The bag was opened before sampling.
The seal of the container was missing.
The cap was loose on arrival.
Vial 2 was not available for testing.
Only 2 mL could be inoculated instead of 10 mL.
A smaller sample volume than specified was used.
The test could be carried out in a single medium only.
Day 14 was not read.
One bottle was removed from the incubator on day 9.
The power failed for 3 hours on day 5.
The incubation temperature dropped to 15 °C overnight.
The result is subject to confirmation.
Results subject to revision.
This result supersedes an earlier result.
A confirmatory test is under way.
The assay was rerun.
The run was repeated with a new extraction.
The first run was discarded.
Interpretation limited by low sample volume.
The sensitivity of the test may be reduced by antibiotics.
The matrix suppressed the signal.
Dilution required because of inhibition.
The standard deviation of the replicates was above 25 %.
The duplicate results disagree.
The operator was not qualified for this method.
The analyst was in training.
Data integrity issue under review.
The audit trail was disabled.
Not reviewed.
Not approved.
Unsigned copy.
Copy without signature: for internal use.
The test was done with expired reagents.
The kit lot used has been recalled by the manufacturer.
The laboratory takes no responsibility for the viability result.
The customer requested that the sample be tested despite the deviation.
Testing was continued at the customer's risk.
Result accepted by the customer despite the limit.
Bis auf Flasche 2 waren alle Flaschen klar.
Die Kühlkette war unterbrochen.
Bei Eingang war das Trockeneis verdampft.
Ein Behälter war geöffnet.
Statt 10 ml wurden nur 2 ml beimpft.
Die Prüfung erfolgte auf Risiko des Auftraggebers.
Das Ergebnis ist nur eingeschränkt verwertbar.
Die Wiederholungsprüfung steht noch aus.
Die Bestätigung folgt.
Ergebnis unter dem Vorbehalt der Endablesung.
La chaîne du froid a été rompue.
Le flacon anaérobie n'a pas été ensemencé.
Résultat à confirmer.
L'essai sera répété.
Interprétation à prendre avec prudence.
Se rompió la cadena de frío.
Resultado pendiente de confirmación.
Resultado no concluyente, se solicita nueva muestra.
El frasco anaerobio no fue inoculado.
La catena del freddo è stata interrotta.
Risultato da confermare.
Il flacone anaerobico non è stato inoculato.
A cadeia de frio foi interrompida.
Resultado a confirmar.
O frasco anaeróbio não foi inoculado.
Please note that the aerobic bottle was under-filled.
The volume in the anaerobic bottle was too low.
Bottle 2 was overfilled.
The rinse step was left out.
The membrane was torn during filtration.
Filtration could only be completed partially.
The sample could be filtered only in part due to clogging.
The media were not pre-warmed.
The lot tested is not the lot stated on the request.
The sample was mislabelled.
Two samples were swapped.
The analysis was carried out on the wash solution.
Sample taken before formulation.
Test performed before the final wash.
The tested sample does not represent the final product.
Not representative of the batch.
Representativity of the sample is questionable.
This result does not replace the compendial sterility test.
Result for orientation only.
Screening result.
Result from a non-validated assay.
The limit of detection was not reached.
Specification under revision.
No specification available.
No statement of conformity can be made.
A statement on conformity is not made.
Conformity cannot be assessed.
The laboratory has no evidence of sample integrity.
Chain of custody was broken.
The sample was left at the courier depot over the weekend.
Transport took 5 days.
Received without cooling.
Received after the deadline.
Held at the client's request.
Result withheld.
Report blocked by QA.
Waiver granted.
The customer accepted the result under concession.
Die Probe wurde ungekühlt transportiert.
Die Flasche war unterfüllt.
Die Filtration wurde abgebrochen.
Die Probe ist nicht repräsentativ.
Ergebnis nur orientierend.
Eine Konformitätsaussage ist nicht möglich.
Die Proben wurden vertauscht.
L'échantillon n'est pas représentatif du lot.
Résultat donné à titre indicatif.
La membrane s'est déchirée.
Échantillon prélevé avant formulation.
La muestra no es representativa del lote.
Resultado orientativo.
Las muestras fueron intercambiadas.
Il campione non è rappresentativo del lotto.
Risultato indicativo.
I campioni sono stati scambiati.
A amostra não é representativa do lote.
Resultado indicativo.
As amostras foram trocadas.
"""

# A reservation's word, in a sentence that every paper has.
IDLE = """
Unless otherwise stated, the results refer to the sample as received.
Sofern nicht anders angegeben, beziehen sich die Ergebnisse auf die Probe im Anlieferungszustand.
Sauf indication contraire, les résultats se rapportent à l'échantillon tel que reçu.
Salvo indicación contraria, los resultados se refieren a la muestra tal como se recibió.
Salvo diversa indicazione, i risultati si riferiscono al campione come ricevuto.
Salvo indicação em contrário, os resultados referem-se à amostra tal como recebida.
Änderungen und Irrtümer vorbehalten.
Die Prüfung fand in Heidelberg statt.
Die Auswertung erfolgte wie folgt.
2 of 2 vials were tested.
No clumps were seen.
Antibiotic-free medium was used.
Cells were thawed in a water bath at 37 °C and analysed immediately.
Samples are stored at -80 °C until analysis.
"""


@pytest.mark.parametrize("sentence", entries(HARMFUL))
def test_harmful_sentence_is_told(sentence: str) -> None:
    assert telling(sentence) is not None


@pytest.mark.parametrize("sentence", entries(IDLE))
def test_sentence_with_the_word_of_a_reservation_may_be_harmless(sentence: str) -> None:
    assert telling(sentence) is None


def test_preliminary_paper_may_say_that_more_will_follow() -> None:
    folded = "the final report will follow"

    assert reservation(folded) is not None
    assert reservation(folded, is_preliminary=True) is None
    assert reservation("received thawed", is_preliminary=True) is not None
