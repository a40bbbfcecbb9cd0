"""Sentences that stand on every paper and tell nothing, in six languages."""

HARMLESS = """
The results relate only to the samples tested as submitted by the client.
Test results relate only to the items tested.
The results in this report relate only to the sample(s) submitted for analysis.
These results relate only to the sample(s) tested and do not guarantee the bulk of the material
  to be of equal quality.
The result applied to the sample as received.
Results apply to the samples as received and tested.
Results relate only to the sample received.
The test results apply only to the specific sample tested.
The above results pertain only to the sample tested.
The results reported herein pertain only to the samples submitted.
Results are reported on an as-received basis.
This report may not be reproduced, except in its entirety, without the written permission of the
  laboratory.
This certificate may not be reproduced other than in full, except with the prior written
  approval of the issuing laboratory.
This document shall not be copied in part without written consent of the laboratory.
Test report shall not be reproduced in full or part without the approval of the laboratory.
Reproduction of this report in part is not permitted without written authorization.
This is a computer generated report and does not require a physical signature.
This report is electronically generated and is valid without signature.
This is a computer-generated document. No signature is required.
This document has been electronically signed in accordance with 21 CFR Part 11.
Electronic signatures comply with 21 CFR Part 11.
Electronically signed by J. Smith on 12 March 2026 at 14:05 UTC.
Digitally signed by: Anna Meyer, Date: 2026.03.12 14:05:11 +01'00'
The electronic signature is legally binding and equivalent to a handwritten signature.
Authorised signatory
Authorized by the Laboratory Director
This report has been reviewed and approved by the Quality Unit.
Reviewed and released by Quality Assurance.
*** End of Report ***
-- End of certificate --
End of Test Report
End of document
Page 1 of 2
Page 2/2
Confidential
This product is not intended for diagnosis.
This report is confidential and intended solely for the addressee.
The information contained in this report is confidential.
Confidential - property of the client.
The laboratory accepts no liability for the use of this report.
The liability of the laboratory is limited to the cost of the test.
No liability is accepted for any loss arising from the use of this report.
Our general terms and conditions apply.
All work is performed under our General Terms and Conditions, available on request.
Terms and conditions are available at www.example.com.
This report was prepared for the exclusive use of the client.
Opinions and interpretations expressed herein are outside the scope of accreditation.
Opinions and interpretations are not covered by the accreditation.
Tests marked with an asterisk (*) are not included in the UKAS accreditation schedule for our
  laboratory.
Tests marked † are not accredited.
* Test not within the scope of accreditation
(*) accredited test
# Subcontracted test
Tests marked with S were subcontracted to an accredited laboratory.
This laboratory is accredited by A2LA, certificate number 1234.01.
ISO/IEC 17025:2017 accredited laboratory
The laboratory holds a manufacturing authorisation according to Directive 2001/83/EC.
The laboratory is GMP certified by the competent authority.
FDA registered, ISO 17025 accredited, CLIA certified laboratory.
Testing was performed in compliance with current Good Manufacturing Practice.
All tests were performed in accordance with GMP.
The tests were carried out in accordance with the current edition of the European Pharmacopoeia.
Testing was performed according to USP <71> Sterility Tests, current revision.
The uncertainty of measurement is available on request.
Measurement uncertainty is available upon request.
Expanded measurement uncertainty with coverage factor k=2, corresponding to a confidence level
  of 95 %.
The reported expanded uncertainty is based on a standard uncertainty multiplied by a coverage
  factor k = 2, providing a level of confidence of approximately 95 %.
Statements of conformity are made without taking measurement uncertainty into account.
Decision rule: simple acceptance (ILAC-G8:09/2019).
The decision rule agreed with the client is simple acceptance.
Conformity statements are based on the simple acceptance rule.
Samples will be retained for 30 days after the date of issue.
Retain samples are stored for one year.
The sample was provided by the client.
Samples were collected by the client.
The laboratory was not responsible for the sampling.
The laboratory is not responsible for the sampling stage.
The laboratory is not responsible for information supplied by the client.
Information supplied by the customer is marked with an asterisk.
The information is supplied by the customer and can affect the validity of results.
Lot number, product name and sampling date were supplied by the customer.
Sample condition: good
Samples were received in good condition.
Samples were received intact at 2-8 °C.
Sample received in sealed container.
Temperature on receipt: 5.2 °C
Store at 2-8 °C.
Keep in vapour phase of liquid nitrogen.
Storage: below -150 °C
Each test article was inoculated into 100 mL of Fluid Thioglycollate Medium and 100 mL of
  Soybean-Casein Digest Medium.
FTM was incubated at 30-35 °C and TSB at 20-25 °C for 14 days.
The bottles were incubated at 36 °C for 14 days in the BacT/ALERT 3D system.
The sample was filtered through a 0.45 µm membrane, rinsed with Fluid A and the membrane was
  transferred to the media.
The test is based on the detection of carbon dioxide produced by growing microorganisms.
The LAL test is based on the clotting of Limulus amebocyte lysate by bacterial endotoxin.
DNA was extracted with a commercial kit and amplified with primers for the 16S rRNA gene.
The assay detects more than 100 mycoplasma species.
The detection limit of the method is 10 CFU/mL.
Limit of detection: 10 CFU/mL for the species listed in Ph. Eur. 2.6.7.
The assay was validated according to Ph. Eur. 2.6.7.
The method has been validated according to ICH Q2(R1).
Method suitability was demonstrated under report VAL-24-031.
Method suitability (bacteriostasis/fungistasis): report MS-24-011
Test organisms: Staphylococcus aureus ATCC 6538, Bacillus subtilis ATCC 6633, Pseudomonas
  aeruginosa ATCC 9027, Clostridium sporogenes ATCC 19404, Candida albicans ATCC 10231,
  Aspergillus brasiliensis ATCC 16404
Viability was determined by trypan blue exclusion using a haemocytometer.
Cells were stained with 7-AAD and analysed on a flow cytometer.
At least 20,000 events were acquired per tube.
Gating was performed on single, viable cells.
Antibodies: CD73-APC (clone AD2), CD90-FITC (clone 5E10), CD105-PerCP-Cy5.5 (clone 266)
LOD: limit of detection; LOQ: limit of quantitation
CFU: colony-forming unit
EU: endotoxin unit
N/A: not applicable
TNTC = too numerous to count
NG = no growth
ND = not detected
< means below the limit of quantification
Abbreviations: FTM, fluid thioglycollate medium; TSB, tryptic soy broth
USP: United States Pharmacopeia
Ph. Eur.: European Pharmacopoeia
MVD: maximum valid dilution
Please contact us if you have any questions regarding this report.
For any queries, contact the laboratory.
Thank you for choosing our laboratory.
This certificate was issued on 12 March 2026 in Basel.
Basel, 12 March 2026
Any corrections invalidate this report.
Unauthorised alteration of this document is prohibited.
Form QC-F-012, version 4, valid from 01.02.2025
Template version 3.1, effective date 2025-01-15
Printed on 12.03.2026 14:05 by jsmith
This copy is uncontrolled when printed.
Uncontrolled if printed
VAT ID DE123456789
Bank details: IBAN DE00 0000 0000 0000 0000 00
Managing director: Dr. Hans Meyer
Registered office: Heidelberg, HRB 123456
Tel. +49 6221 123456, Fax +49 6221 123457, www.example-lab.de
Original to: client; copy: archive
Distribution list: client, QA
Analysed by: M. Keller
Results
Test results
Summary of results
Sample information
Client information
Remarks
Notes
Legend
Methods and equipment
Approval and signatures
Die Prüfergebnisse beziehen sich ausschließlich auf die erhaltenen und untersuchten Proben.
Die Ergebnisse gelten für die Probe wie erhalten.
Die Ergebnisse beziehen sich ausschließlich auf die oben genannten Prüfgegenstände.
Eine auszugsweise Veröffentlichung oder Vervielfältigung des Berichtes ist nur mit schriftlicher
  Genehmigung des Labors erlaubt.
Die auszugsweise Wiedergabe dieses Berichts bedarf der schriftlichen Genehmigung des Prüflabors.
Das Dokument wurde elektronisch schlussgezeichnet und ist ohne Unterschrift gültig.
Dieser Bericht wurde maschinell erstellt und ist auch ohne Unterschrift gültig.
Dieses Zertifikat wurde elektronisch freigegeben und trägt daher keine Unterschrift.
Elektronisch signiert von Dr. A. Meyer am 12.03.2026
* Die Untersuchung läuft außerhalb der Akkreditierung
Mit * gekennzeichnete Prüfungen sind nicht akkreditiert.
Durch die DAkkS nach DIN EN ISO/IEC 17025 akkreditiertes Prüflaboratorium
Die Akkreditierung gilt nur für den in der Urkundenanlage aufgeführten Akkreditierungsumfang.
Meinungen und Interpretationen sind nicht Gegenstand der Akkreditierung.
Die Messunsicherheit wird auf Anfrage mitgeteilt.
Angaben zur Messunsicherheit sind auf Anfrage erhältlich.
Die Konformitätsbewertung erfolgt ohne Berücksichtigung der Messunsicherheit.
Entscheidungsregel: einfache Akzeptanz
Die Prüfung erfolgte gemäß Ph. Eur. 2.6.1 in der aktuellen Fassung.
Die Prüfung wurde nach den Regeln der Guten Herstellungspraxis (GMP) durchgeführt.
Die Proben wurden in einwandfreiem Zustand angeliefert.
Zustand der Probe bei Eingang: einwandfrei
Probenzustand: ohne Beanstandung
Rückstellmuster werden 4 Wochen aufbewahrt.
Die Proben werden nach vier Wochen entsorgt.
Für die Probenahme ist der Auftraggeber verantwortlich.
Angaben zur Probe stammen vom Auftraggeber.
Die mit K gekennzeichneten Angaben wurden vom Kunden bereitgestellt.
Es gelten unsere Allgemeinen Geschäftsbedingungen.
Gerichtsstand ist Heidelberg.
Vertraulich
Seite 1 von 2
Ende des Berichts
Die Flaschen wurden 14 Tage bei 36 °C im BacT/ALERT inkubiert.
Thioglykolat-Bouillon: 30-35 °C, 14 Tage; Caso-Bouillon: 20-25 °C, 14 Tage
Nachweisgrenze: 10 KBE/ml
NWG: Nachweisgrenze; BG: Bestimmungsgrenze
n.n.: nicht nachweisbar
Das Verfahren wurde nach Ph. Eur. 2.6.7 validiert.
Heidelberg, den 12. März 2026
Mit freundlichen Grüßen
Bei Rückfragen stehen wir Ihnen gerne zur Verfügung.
Prüfergebnisse
Angaben zur Probe
Les résultats ne se rapportent qu'aux échantillons soumis pour analyse.
Les résultats ne se rapportent qu'aux échantillons soumis aux essais.
Les résultats ne concernent que les échantillons soumis à l'essai.
La reproduction de ce rapport d'essai n'est autorisée que sous sa forme intégrale.
Ce rapport ne peut être reproduit, sinon en entier, sans l'autorisation écrite du laboratoire.
Ce document a été signé électroniquement.
Document généré électroniquement, valable sans signature.
Signé électroniquement par A. Dupont le 12/03/2026
L'accréditation du COFRAC atteste de la compétence du laboratoire pour les seuls essais couverts
  par l'accréditation.
Les essais couverts par l'accréditation sont identifiés par le symbole *.
Les avis et interprétations ne sont pas couverts par l'accréditation.
Incertitude de mesure disponible sur demande.
Il n'a pas été tenu compte de l'incertitude pour déclarer la conformité.
Pour déclarer la conformité, il n'a pas été tenu explicitement compte de l'incertitude associée
  au résultat.
Règle de décision : acceptation simple
L'échantillonnage a été réalisé par le client.
Les informations fournies par le client n'engagent pas le laboratoire.
Le laboratoire n'est pas responsable des informations fournies par le client.
Les échantillons sont conservés 30 jours après émission du rapport.
Échantillon reçu en bon état.
État de l'échantillon à réception : conforme
Température à réception : 4 °C
Essai réalisé selon la Pharmacopée européenne, chapitre 2.6.1, édition en vigueur.
Les essais ont été réalisés conformément aux bonnes pratiques de fabrication.
Milieux incubés 14 jours à 20-25 °C et 30-35 °C.
LQ : limite de quantification ; LD : limite de détection
Nos conditions générales de vente s'appliquent.
Document confidentiel
Page 1 sur 2
Fin du rapport
Fait à Lyon, le 12 mars 2026
Veuillez agréer nos salutations distinguées.
Informations sur l'échantillon
Los resultados se refieren únicamente a la muestra ensayada.
Los resultados se refieren únicamente a los ítems ensayados, en las condiciones en que fueron
  recibidos por el laboratorio.
Los resultados de este informe solo afectan a la muestra analizada.
Este informe no podrá ser reproducido parcialmente sin la aprobación por escrito del laboratorio.
Este informe no debe reproducirse, excepto en su totalidad, sin la autorización escrita del
  laboratorio.
Documento firmado electrónicamente.
Firmado digitalmente por A. García el 12/03/2026
Los ensayos marcados con * no están amparados por la acreditación de ENAC.
Las opiniones e interpretaciones no están amparadas por la acreditación.
Laboratorio acreditado por ENAC con acreditación nº 123/LE456.
La incertidumbre de medida está disponible a petición del cliente.
La declaración de conformidad se emite sin considerar la incertidumbre de medición.
Regla de decisión: aceptación simple
Muestreo realizado por el cliente.
El laboratorio no se hace responsable de la información suministrada por el cliente.
El laboratorio no se responsabiliza de la toma de muestras.
Las muestras se conservan durante 30 días desde la emisión del informe.
Muestra recibida en buen estado.
Estado de la muestra a la recepción: correcto
Ensayo realizado según la Farmacopea Europea, capítulo 2.6.1, edición vigente.
Los ensayos se realizaron conforme a las normas de correcta fabricación (NCF).
Incubación durante 14 días a 20-25 °C y 30-35 °C.
LD: límite de detección; LC: límite de cuantificación
Información confidencial
Página 1 de 2
Fin del informe
Barcelona, 12 de marzo de 2026
Datos de la muestra
I risultati si riferiscono esclusivamente al campione sottoposto a prova.
I risultati riportati si riferiscono unicamente ai campioni analizzati.
I risultati si riferiscono al campione così come ricevuto.
Il presente rapporto non può essere riprodotto parzialmente senza l'approvazione scritta del
  laboratorio.
Documento firmato digitalmente ai sensi del D.Lgs. 82/2005.
Documento con firma digitale
Firmato digitalmente da M. Rossi il 12/03/2026
Le prove contrassegnate con * non sono accreditate da ACCREDIA.
Laboratorio accreditato ACCREDIA n. 1234
Pareri ed interpretazioni non sono oggetto dell'accreditamento ACCREDIA.
L'incertezza di misura è disponibile su richiesta.
L'incertezza estesa è calcolata con fattore di copertura k=2 e livello di confidenza del 95 %.
Regola decisionale: accettazione semplice
Campionamento a cura del committente.
Il laboratorio declina ogni responsabilità sui dati forniti dal cliente.
Il laboratorio non è responsabile delle informazioni fornite dal cliente.
I campioni sono conservati per 30 giorni dall'emissione del rapporto.
Campione ricevuto in buone condizioni.
Condizioni del campione al ricevimento: idonee
Saggio eseguito secondo Ph. Eur. 2.6.1, edizione corrente.
Le prove sono state eseguite in conformità alle norme di buona fabbricazione.
Incubazione per 14 giorni a 20-25 °C e 30-35 °C.
LOD: limite di rilevabilità; LOQ: limite di quantificazione
Riservato
Pagina 1 di 2
Fine del rapporto di prova
Milano, 12 marzo 2026
Dati del campione
Os resultados referem-se exclusivamente à amostra analisada.
Estes resultados referem-se exclusivamente às amostras ensaiadas.
Os resultados referem-se exclusivamente ao item ensaiado, tal como recebido pelo laboratório.
Este documento poderá ser reproduzido somente na íntegra.
Este relatório só pode ser reproduzido na íntegra.
Este relatório não pode ser reproduzido parcialmente sem autorização por escrito do laboratório.
Documento assinado eletronicamente.
Documento assinado digitalmente por A. Silva em 12/03/2026
Os ensaios assinalados com * não estão incluídos no âmbito da acreditação.
Laboratório acreditado pelo IPAC com o n.º L0123.
As opiniões e interpretações não estão incluídas no âmbito da acreditação.
A incerteza de medição está disponível mediante pedido.
Resultados apresentados sem considerar a incerteza de medição.
Regra de decisão: aceitação simples
A amostragem não foi da responsabilidade do laboratório.
Amostragem da responsabilidade do cliente.
A informação assinalada com (c) foi fornecida pelo cliente.
O laboratório não é responsável por essa informação.
As amostras são conservadas durante 30 dias após a emissão do relatório.
Amostra recebida em boas condições.
Estado da amostra à receção: adequado
Ensaio realizado segundo a Farmacopeia Europeia, capítulo 2.6.1, edição em vigor.
Os ensaios foram realizados de acordo com as boas práticas de fabrico.
Incubação durante 14 dias a 20-25 °C e 30-35 °C.
LD: limite de deteção; LQ: limite de quantificação
Confidencial
Fim do relatório
Lisboa, 12 de março de 2026
Dados da amostra
The laboratory accepts no responsibility for the sampling or the transport of the sample.
The laboratory shall not be liable for any damages arising from the use of this report.
The laboratory's liability is limited to the price of the analysis.
This report is intended for the addressee only.
This report is for the sole use of the client.
If you are not the intended recipient, please notify the sender and destroy this document.
Any unauthorised use, disclosure or copying is prohibited.
All rights reserved.
All services are subject to our General Terms and Conditions.
This document is issued by the company subject to its general conditions of service.
Unless otherwise stated, the results refer to the sample as received.
Unless otherwise stated the results shown in this test report refer only to the sample(s) tested.
Unless otherwise agreed, samples are stored for three months.
The name of the laboratory may not be used for advertising without written consent.
The use of the accreditation logo is not permitted without authorisation.
A list of accredited tests is available on the website of the accreditation body.
The original report is archived for 10 years.
Raw data are archived at the testing site.
This report consists of 3 pages.
This report contains 2 pages and may be reproduced only in full.
The report is issued in electronic form.
The electronic version of this report is the original.
Printed copies are not controlled.
Date format: DD.MM.YYYY
Decimal separator: comma
Dates are given as day/month/year.
The complete method description is available at the laboratory.
SOP MIC-014 rev. 7, Sterility testing by direct inoculation
Equipment: BacT/ALERT 3D, serial no. 12345, calibrated until 06/2027
Endosafe nexgen-PTS, cartridge lot 12345, sensitivity 0.01-1 EU/mL
Lysate: Pyrochrome, lot P1234, exp. 2027-03
LAL reagent lot: K1234L, expiry 2027-05
Control standard endotoxin lot E-4321, potency 10 EU/ng
MVD = 200
Test dilution 1:100
Routine test dilution: 1:50
Flow cytometer: BD FACSLyric, software FACSuite 1.5
Cell counter: NucleoCounter NC-200
Media were supplied by an accredited manufacturer.
Inoculated volume: 1 mL per medium
Number of units tested: 2
The sample was tested in duplicate.
Testing was performed in an ISO 5 isolator.
The work was carried out under a class II biological safety cabinet.
Incubation period: 14 days
The bottles were monitored continuously for 14 days.
The sample was diluted 1:10 in endotoxin-free water.
Endotoxin-free water was used as diluent.
The standard curve range was 0.005-50 EU/mL.
Correlation coefficient: -0.998
PPC recovery 50-200 % required
Cells were washed once and resuspended in PBS.
Cells were thawed in a water bath at 37 °C and analysed immediately.
Samples are stored at -80 °C until analysis.
The antibody panel follows the ISCT minimal criteria.
Marker expression is given in percent of viable cells.
Donor information is held by the tissue establishment.
Results are expressed as mean of two determinations.
Results are rounded to the number of digits of the specification.
Values below the limit of quantification are reported as < LOQ.
Sofern nicht anders angegeben, beziehen sich die Ergebnisse auf die Probe im Anlieferungszustand.
Änderungen und Irrtümer vorbehalten.
Alle Rechte vorbehalten.
Die Haftung des Labors ist auf den Auftragswert begrenzt.
Das Labor übernimmt keine Haftung für die Probenahme.
Der Bericht umfasst 2 Seiten.
Die Proben wurden im Doppelansatz untersucht.
Prüfzeitraum: 01.03.2026 - 15.03.2026
Ort der Prüfung: Heidelberg
Sauf indication contraire, les résultats se rapportent à l'échantillon tel que reçu.
Le laboratoire décline toute responsabilité quant à l'utilisation de ce rapport.
Ce rapport comporte 2 pages.
Lieu de réalisation des essais : Lyon
Salvo indicación contraria, los resultados se refieren a la muestra tal como se recibió.
El laboratorio no se hace responsable del uso de este informe.
Este informe consta de 2 páginas.
Salvo diversa indicazione, i risultati si riferiscono al campione come ricevuto.
Il laboratorio non si assume responsabilità per l'uso del presente rapporto.
Il presente rapporto è composto da 2 pagine.
Salvo indicação em contrário, os resultados referem-se à amostra tal como recebida.
O laboratório não se responsabiliza pelo uso deste relatório.
Este relatório é composto por 2 páginas.
"""
