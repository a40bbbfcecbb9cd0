"""Labels and names of tests that laboratories print, by hand, in six languages."""

from __future__ import annotations

import re

import pytest
from word_tables import cases, entries

from qcvalidate.catalogue import open_catalogue
from qcvalidate.vocabulary import load_vocabulary

WORDS = load_vocabulary(open_catalogue())

# Names that say too little, or less than the whole of a test.
NO_TEST = """
Fungal culture
Fungi
Yeast and mould
Pilzkultur
Bacterial sterility
Microbial contamination
Controle microbiológico
Ph. Eur. 2.6.27
Blood culture
Total CD34+ cells
HLA class II
CMV IgG
Endosafe PTS
LAL reagent lot
Antibiotic culture
"""
# A method beside the name of a test is no second test.
METHOD_BESIDE = """
endotoxin_ppc: PPC recovery (LAL test)
endotoxin: Bacterial endotoxins (LAL test) | Endotoxins, recombinant factor C
mycoplasma: Mycoplasma (MycoAlert)
viability: Viability (trypan blue exclusion)
"""
NAMES = """
sterility: Sterility | Sterility test | Test for sterility | Sterility USP <71>
sterility: Sterility testing (direct inoculation) | Sterility, membrane filtration
sterility: Sterility test Ph. Eur. 2.6.1 | Microbiological control of cellular products
sterility: Microbiological examination of cell-based preparations | Sterility (BacT/ALERT)
sterility: Rapid sterility test | Automated sterility test | Bacterial and fungal culture
sterility: Sterility - 14 day culture | Sterility (aerobic, anaerobic, fungal)
sterility: Aerobic/anaerobic culture | Sterility culture | Microbial sterility
sterility: Sterility by automated growth detection | Final product sterility
sterility: Bacterial/fungal sterility | Sterility (final product) | Test of sterility
sterility: Sterilität | Prüfung auf Sterilität | Sterilitätsprüfung | Sterilitätstest
sterility: Mikrobiologische Kontrolle zellulärer Produkte | Sterilität (Direktbeschickung)
sterility: Sterilitätsprüfung nach Ph. Eur. 2.6.1
sterility: Mikrobiologische Prüfung zellbasierter Zubereitungen
sterility: Sterilitätsprüfung mittels Membranfiltration | Keimfreiheit
sterility: Stérilité | Essai de stérilité | Contrôle de stérilité | Test de stérilité
sterility: Contrôle microbiologique des produits cellulaires | Stérilité (filtration sur membrane)
sterility: Essai de stérilité par ensemencement direct | Stérilité bactérienne et fongique
sterility: Contrôle microbiologique des préparations à base de cellules
sterility: Esterilidad | Ensayo de esterilidad | Prueba de esterilidad
sterility: Control microbiológico de productos celulares | Esterilidad (inoculación directa)
sterility: Control de esterilidad | Ensayo de esterilidad por filtración de membrana
sterility: Test de esterilidad | Cultivo de bacterias y hongos
sterility: Sterilità | Saggio di sterilità | Test di sterilità | Prova di sterilità
sterility: Controllo microbiologico dei prodotti cellulari | Controllo di sterilità
sterility: Sterilità per inoculo diretto | Sterilità (filtrazione su membrana)
sterility: Esterilidade | Ensaio de esterilidade | Teste de esterilidade
sterility: Controlo microbiológico de produtos celulares
sterility: Teste de esterilidade por inoculação direta | Prova de esterilidade
sterility/aerobic: Aerobic bottle | Aerobic culture | BacT/ALERT FA Plus | Aerobic bacteria
sterility/aerobic: Tryptic soy broth | TSB | Soybean casein digest medium | SCDM | aerobe Flasche
sterility/aerobic: Aerobe Kultur | Flacon aérobie | Frasco aerobio | Flacone aerobio
sterility/aerobic: Frasco aeróbio | iFA Plus | Hémoculture aérobie | Cultivo aerobio
sterility/aerobic: Coltura aerobica | CASO-Bouillon | Milieu TSB | SCDB | BACTEC Plus Aerobic/F
sterility/aerobic: Bactéries aérobies | Bacterias aerobias | Batteri aerobi | Bactérias aeróbias
sterility/aerobic: Aerobe Bakterien
sterility/anaerobic: Anaerobic bottle | Anaerobic culture | BacT/ALERT FN Plus
sterility/anaerobic: Anaerobic bacteria | Fluid thioglycollate medium | FTM | Thioglycolate broth
sterility/anaerobic: anaerobe Flasche | Anaerobe Kultur | Flacon anaérobie | Frasco anaerobio
sterility/anaerobic: Flacone anaerobio | Frasco anaeróbio | iFN Plus | Hémoculture anaérobie
sterility/anaerobic: Cultivo anaerobio | Coltura anaerobica | Thioglykolat-Medium
sterility/anaerobic: Milieu thioglycolate | THIO | BACTEC Lytic/10 Anaerobic/F
sterility/anaerobic: Bactéries anaérobies | Bacterias anaerobias | Batteri anaerobi
sterility/anaerobic: Bactérias anaeróbias | Anaerobe Bakterien
gram_stain: Gram stain | Gram Stain, final product | Gram's stain | Direct Gram stain
gram_stain: Gramfärbung | Gram-Färbung | Gram-Präparat | Coloration de Gram | Examen direct (Gram)
gram_stain: Tinción de Gram | Tinción Gram | Colorazione di Gram | Coloração de Gram
gram_stain: Gram staining
endotoxin: Endotoxin | Bacterial endotoxins | Bacterial endotoxin test | Endotoxin (LAL)
endotoxin: LAL test | Endotoxins USP <85> | BET | Kinetic chromogenic LAL | Endotoxin, gel clot
endotoxin: Endotoxin content | Recombinant factor C | Bacterial Endotoxins (kinetic turbidimetric)
endotoxin: Endotoxin level | Endotoxin concentration
endotoxin: Endotoxin | Bakterien-Endotoxine | Prüfung auf Bakterien-Endotoxine | Endotoxine
endotoxin: LAL-Test | Endotoxingehalt | Endotoxines | Endotoxines bactériennes
endotoxin: Essai des endotoxines bactériennes | Dosage des endotoxines | Test LAL | Endotoxinas
endotoxin: Endotoxinas bacterianas | Ensayo de endotoxinas bacterianas | Prueba LAL | Endotossine
endotoxin: Endotossine batteriche | Saggio delle endotossine batteriche
endotoxin: Ensaio de endotoxinas bacterianas | Teste de endotoxinas
endotoxin: Endotoxinas bacterianas (LAL) | Teste LAL | Contenido de endotoxinas
endotoxin: Contenuto di endotossine
endotoxin_ppc: PPC recovery | Spike recovery | Positive product control recovery
endotoxin_ppc: PPC recovery (%) | Wiederfindung PPC | Récupération du CPP | Recuperación del CPP
endotoxin_ppc: Recupero CPP | Recuperação do CPP
mycoplasma: Mycoplasma | Mycoplasma (PCR) | Mycoplasma detection by qPCR | Mycoplasma testing
mycoplasma: Mycoplasmas Ph. Eur. 2.6.7 | MycoAlert | Mycoplasma culture | Mycoplasma, NAT
mycoplasma: Mycoplasma DNA | Mycoplasma by real-time PCR | Mycoplasma USP <63> | Mykoplasmen
mycoplasma: Prüfung auf Mykoplasmen | Mykoplasmen-PCR | Mykoplasmen (NAT) | Mykoplasmentest
mycoplasma: Mykoplasmen-DNA | Mycoplasmes | Recherche de mycoplasmes | Mycoplasmes par PCR
mycoplasma: Micoplasma | Micoplasmas | Detección de micoplasma | Ensayo de micoplasmas
mycoplasma: Micoplasmi | Ricerca di micoplasmi | Saggio dei micoplasmi | Pesquisa de micoplasmas
mycoplasma: Deteção de micoplasma | Teste de micoplasma | Mycoplasma spp. | Absence of mycoplasma
viability: Viability | Cell viability | Viability (trypan blue) | Viability (%) | Viability, 7-AAD
viability: % viable cells | Viability by NucleoCounter | Viable cells (%) | Post-thaw viability
viability: Cell viability (AO/PI) | Viability by dye exclusion | Trypan blue exclusion
viability: Viability (DAPI) | Viability by flow cytometry | Percent viability | Vitalität
viability: Zellvitalität | Viabilität | Vitalität (Trypanblau) | Lebensfähigkeit
viability: Lebendzellanteil | Viabilité | Viabilité cellulaire | Viabilité (bleu de trypan)
viability: Viabilidad | Viabilidad celular | Viabilidad (azul tripán) | Vitalità
viability: Vitalità cellulare | Viabilità | Viabilità (Trypan blue) | Viabilidade
viability: Viabilidade celular | Viabilidade (azul de tripano)
cell_concentration [cells/mL]: Cell concentration | Cell count | Cell density | Zellkonzentration
cell_concentration [cells/mL]: Zellzahl | Zelldichte | Concentration cellulaire
cell_concentration [cells/mL]: Numération cellulaire | Concentración celular | Recuento celular
cell_concentration [cells/mL]: Concentrazione cellulare | Conta cellulare | Concentração celular
cell_concentration [cells/mL]: Contagem de células | Total cell concentration | Concentration
viable_cell_concentration [cells/mL]: Viable cell concentration | Viable cell density
viable_cell_concentration [cells/mL]: Lebendzellkonzentration | Lebendzellzahl
viable_cell_concentration [cells/mL]: Concentration en cellules viables
viable_cell_concentration [cells/mL]: Concentración de células viables
viable_cell_concentration [cells/mL]: Concentrazione di cellule vitali
viable_cell_concentration [cells/mL]: Concentração de células viáveis | Viable cells/mL | VCD
total_cell_count [cells]: Total cell count | Total cells | Total number of cells | Gesamtzellzahl
total_cell_count [cells]: Nombre total de cellules | Número total de células
total_cell_count [cells]: Recuento celular total | Numero totale di cellule
total_cell_count [cells]: Contagem total de células | Cell number | Cells per bag
viable_cell_count [cells]: Total viable cells | Viable cell count | Number of viable cells
viable_cell_count [cells]: Total viable cell count | Gesamtzahl lebender Zellen
viable_cell_count [cells]: Anzahl vitaler Zellen | Nombre de cellules viables
viable_cell_count [cells]: Nombre total de cellules viables | Células viables totales
viable_cell_count [cells]: Número de células viables | Cellule vitali totali
viable_cell_count [cells]: Numero di cellule vitali | Células viáveis totais
viable_cell_count [cells]: Número de células viáveis
total_nucleated_cells [cells]: TNC | Total nucleated cells | Total nucleated cell count
total_nucleated_cells [cells]: Kernhaltige Zellen gesamt | Gesamtzahl kernhaltiger Zellen
total_nucleated_cells [cells]: Cellules nucléées totales | Células nucleadas totales
total_nucleated_cells [cells]: Cellule nucleate totali | Células nucleadas totais | TNC count
nucleated_cell_concentration [cells/uL]: WBC | Nucleated cells | Nucleated cell count | Leukozyten
nucleated_cell_concentration [cells/uL]: Leucocytes | Leucocitos | Leucociti | Leucócitos
nucleated_cell_concentration [cells/uL]: White blood cell count | Nucleated cell concentration
volume [mL]: Volume | Total volume | Product volume | Fill volume | Bag volume | Volumen
volume [mL]: Gesamtvolumen | Volume total | Volume du produit | Volumen total | Volume totale
volume [mL]: Volume final | Net volume | Endvolumen | Füllvolumen | Final volume
cd34_positive [%]: CD34+ | CD34 | CD34 positive cells | CD34+ cells (%) | % CD34+
cd34_positive [%]: CD34-positive Zellen
cd73_positive [%]: CD73+ | CD73 expression | CD73 (%) | % CD73 positive | CD73 positive cells
cd90_positive [%]: CD90 | CD90+ (Thy-1) | CD90+ cells
cd105_positive [%]: CD105 | CD105+ | CD105 (Endoglin) | CD105+ cells
cd45_positive [%]: CD45 | CD45+ | CD45+ cells
hla_dr_positive [%]: HLA-DR | HLA DR+ | HLA-DR expression
cd34_viability [%]: Viability of CD34+ cells | CD34+ viability | CD34 viability
cd34_viability [%]: Vitalität der CD34+ Zellen
viable_cd34_count [cells]: Viable CD34+ cells | Total viable CD34+ cells
cfu_f: CFU-F | Colony forming unit fibroblast | CFU-F assay | CFU-F efficiency | CFU-Fibroblasts
cfu_f: UFC-F | KBE-F | Colony-forming units - fibroblast
appearance: Appearance | Visual inspection | Visual appearance | Description/Appearance | Aussehen
appearance: Visuelle Prüfung | Aspect | Aspecto | Aspetto | Inspection visuelle
appearance: Inspección visual | Ispezione visiva | Inspeção visual | Visuelle Inspektion
appearance: Colour and appearance
hiv: HIV | HIV-1/2 | VIH 1/2
hiv_antibody: HIV-1/2 Ab | Anti-HIV 1/2 | HIV Ag/Ab combo | HIV-1/2 antibody
hiv_nat: HIV-1 NAT | HIV RNA | HIV-1 RNA (PCR) | HIV PCR
hbv: HBV | Hepatitis B
hbs_antigen: HBsAg | Hepatitis B surface antigen
hbc_antibody: Anti-HBc | Hepatitis B core antibody | Anti-HBc total
hbv_nat: HBV NAT | HBV DNA
hcv: HCV | Hepatitis C
hcv_antibody: Anti-HCV | Hepatitis C antibody | HCV Ab
hcv_nat: HCV NAT | HCV RNA
hiv_hbv_hcv_nat: HIV-1/HCV/HBV NAT | Procleix Ultrio Elite
syphilis: Syphilis | Treponema pallidum antibody | Lues | RPR | TPHA | Sífilis | Sifilide
syphilis: Syphilis serology
htlv: HTLV I/II | Anti-HTLV-I/II | HTLV-1/2 antibody
cmv: CMV DNA | Anti-CMV
"""
LABELS = """
lot: Lot Number | Batch No. | Lot/Batch | Lot # | Batch/Lot ID | Cell batch | Product lot no.
lot: Finished product lot | Manufacturing lot | Lot ID | Sample Batch No.
lot: Charge | Chargen-Nr. | Chargennummer | Ch.-B. | Ch.-Bez. | Chargenbezeichnung | Produktcharge
lot: Los-Nr.
lot: N° de lot | Numéro de lot | Lot n° | Lot produit | Référence du lot
lot: Nº de lote | Número de lote | Lote | Código de lote | Lote nº | Partida
lot: Numero di lotto | Lotto n. | N. lotto | Partita | Codice lotto
lot: Número do lote | Lote n.º | N.º do lote | Identificação do lote
sample_id: Sample ID | Sample Number | Lab ID | Specimen ID | Sample reference
sample_id: Laboratory sample no. | Sample code | Specimen No. | Container ID | Test article ID
sample_id: Client Sample ID | Customer sample no.
sample_id: Proben-Nr. | Probennummer | Probenbezeichnung | Proben-ID | Labornummer | Muster-Nr.
sample_id: Probenkennung
sample_id: N° d'échantillon | Référence de l'échantillon | Identification de l'échantillon
sample_id: Code échantillon | Réf. échantillon
sample_id: Código de muestra | N.º de muestra | Identificación de la muestra
sample_id: Referencia de la muestra | Muestra nº
sample_id: Codice campione | N. campione | Identificazione del campione | ID campione
sample_id: Riferimento campione
sample_id: Código da amostra | N.º da amostra | Identificação da amostra | ID da amostra
sample_id: Referência da amostra
report_number: Report No. | Report Number | Certificate No. | CoA Number | Test report no.
report_number: Document No. | Report ID | Certificate ID | Report reference | Analysis no.
report_number: Lab report number | Work order | Accession number
report_number: Berichtsnummer | Prüfbericht-Nr. | Zertifikat-Nr. | Befund-Nr. | Prüfberichtsnummer
report_number: Bericht Nr.
report_number: N° de rapport | Numéro du rapport | Rapport n° | Certificat n°
report_number: Référence du rapport | N° du certificat | Bulletin n° | N° d'analyse
report_number: Nº de informe | Informe nº | Número de certificado | Certificado nº
report_number: Código de informe | Referencia del informe
report_number: Rapporto di prova n. | Numero rapporto | Certificato n. | N. rapporto di prova
report_number: Numero certificato
report_number: Relatório n.º | N.º do relatório | Número do laudo | Laudo n.º
report_number: Boletim de análise n.º | Certificado n.º | Relatório de ensaio n.º
date_received: Received Date | Date received | Date of receipt | Sample received | Received on
date_received: Receipt date | Date Sample Received | Sample receipt date
date_received: Eingangsdatum | Probeneingang | Eingang am | Datum des Probeneingangs
date_received: Eingegangen am | Wareneingang
date_received: Date de réception | Reçu le | Réception de l'échantillon
date_received: Date de réception de l'échantillon
date_received: Fecha de recepción | Fecha recepción | Recibido el | Fecha de entrada
date_received: Fecha de recepción de la muestra
date_received: Data di ricevimento | Data ricevimento campione | Ricevuto il | Data di arrivo
date_received: Data accettazione
date_received: Data de receção | Data de recebimento | Data de recepção | Recebido em
date_received: Data de entrada | Data de recebimento da amostra
date_sampled: Date sampled | Sampling date | Date of sampling | Collection date | Date collected
date_sampled: Sample date | Date/Time collected | Sample taken on
date_sampled: Probenahmedatum | Datum der Probenahme | Entnahmedatum | Probenahme am
date_sampled: Entnommen am
date_sampled: Date de prélèvement | Prélevé le | Date d'échantillonnage | Date du prélèvement
date_sampled: Fecha de muestreo | Fecha de toma de muestra | Fecha de la toma | Fecha muestreo
date_sampled: Fecha de extracción
date_sampled: Data di campionamento | Data campionamento | Data prelievo | Data del prelievo
date_sampled: Data de colheita | Data da coleta | Data de amostragem | Data da colheita
date_started: Date started | Test start date | Date initiated | Start of test | Testing started
date_started: Date of inoculation | Inoculation date | Analysis start | Date of test start
date_started: Incubation start
date_started: Prüfbeginn | Beginn der Prüfung | Untersuchungsbeginn | Ansatzdatum
date_started: Bebrütungsbeginn | Start der Prüfung
date_started: Début d'analyse | Date de début d'essai | Début de l'essai | Date de mise en culture
date_started: Date d'ensemencement | Date de début d'analyse
date_started: Fecha de inicio | Inicio del ensayo | Fecha inicio ensayo | Fecha de siembra
date_started: Fecha de inicio del análisis
date_started: Data inizio prova | Inizio prova | Data inizio analisi | Data di semina
date_started: Data di inizio
date_started: Data de início | Início do ensaio | Data de início da análise
date_started: Data do início do ensaio
date_completed: Date completed | Test end date | Completion date | End of test
date_completed: Date of completion | Testing completed | Date read | Final reading
date_completed: Incubation end | Analysis end date
date_completed: Prüfende | Ende der Prüfung | Untersuchungsende | Ablesedatum
date_completed: Abschluss der Prüfung | Endablesung
date_completed: Fin d'analyse | Date de fin d'essai | Fin de l'essai | Lecture finale
date_completed: Date de fin d'analyse
date_completed: Fecha de finalización | Fin del ensayo | Fecha fin ensayo | Fecha de término
date_completed: Lectura final | Fecha fin de análisis
date_completed: Data fine prova | Fine prova | Data fine analisi | Data di fine | Lettura finale
date_completed: Data de conclusão | Fim do ensaio | Data de fim | Data de término | Leitura final
date_completed: Data final da análise
date_issued: Date of issue | Issue date | Issued on | Report date | Date reported | Date of report
date_issued: Reported on | Date of certificate | Certificate date
date_issued: Ausstellungsdatum | Berichtsdatum | Datum des Berichts | Ausgestellt am
date_issued: Datum der Ausstellung | Erstellt am
date_issued: Date d'émission | Date du rapport | Émis le | Date d'édition | Édité le
date_issued: Fecha de emisión | Fecha del informe | Emitido el | Fecha informe
date_issued: Fecha de expedición
date_issued: Data di emissione | Data emissione | Data del rapporto | Emesso il | Data rapporto
date_issued: Data de emissão | Data do relatório | Emitido em | Data do laudo
client: Client | Customer | Sponsor | Customer Name | Submitted by | Client name | Applicant
client: Submitter | Requested by | Ordered by
client: Auftraggeber | Kunde | Einsender | Besteller | Antragsteller
client: Client | Demandeur | Commanditaire | Donneur d'ordre | Nom du client
client: Cliente | Solicitante | Peticionario | Nombre del cliente
client: Committente | Cliente | Richiedente | Ragione sociale
client: Requerente | Cliente | Contratante | Nome do cliente | Solicitante
laboratory: Laboratory | Testing laboratory | Test facility | Performing laboratory | Test site
laboratory: Testing facility | Tested at
laboratory: Prüflabor | Labor | Laboratorium | Prüfstelle | Durchführendes Labor
laboratory: Laboratoire | Laboratoire d'essai | Laboratoire d'analyses
laboratory: Laboratorio | Laboratorio de ensayo | Laboratorio di prova | Laboratorio di analisi
laboratory: Laboratório | Laboratório de ensaio | Laboratório responsável
accreditation: Accreditation no. | Accreditation | Accreditation number | CLIA number | CLIA ID
accreditation: Akkreditierungsnummer | Akkreditierung | Akkreditierungs-Nr. | N° d'accréditation
accreditation: Accréditation
accreditation: Nº de acreditación | Acreditación | Numero di accreditamento | Accreditamento n.
accreditation: N.º de acreditação | Acreditação
product: Product | Product name | Sample description | Material | Description | Test article
product: Sample name | Sample type | Item description | Cell type | Specimen type
product: Name of product
product: Produkt | Produktname | Bezeichnung | Probenart | Prüfgegenstand | Materialbezeichnung
product: Präparat | Material | Prüfgut
product: Produit | Désignation | Nom du produit | Nature de l'échantillon | Désignation du produit
product: Description de l'échantillon
product: Producto | Descripción | Nombre del producto | Descripción de la muestra
product: Tipo de muestra | Denominación
product: Prodotto | Descrizione | Denominazione | Descrizione campione | Tipo di campione
product: Nome del prodotto
product: Produto | Descrição | Nome do produto | Descrição da amostra | Tipo de amostra
product: Denominação
status: Status | Report status | Status of report
status: Status | Berichtsstatus | Statut | Statut du rapport | État du rapport
status: Estado | Estado del informe | Stato | Stato del rapporto | Situação | Estado do relatório
signed_by: Signed by | Approved by | Authorized by | Released by | Authorised signatory
signed_by: Laboratory director | Approved and released by | Electronically signed by
signed_by: Reviewed and approved by | QA approval
signed_by: Freigegeben von | Unterzeichnet von | Genehmigt von | Laborleitung | Freigabe durch
signed_by: Elektronisch signiert von
signed_by: Signé par | Approuvé par | Validé par | Autorisé par | Signataire
signed_by: Responsable du laboratoire
signed_by: Firmado por | Aprobado por | Autorizado por | Validado por | Director técnico
signed_by: Responsable técnico
signed_by: Firmato da | Approvato da | Autorizzato da | Responsabile del laboratorio
signed_by: Il responsabile del laboratorio
signed_by: Assinado por | Aprovado por | Autorizado por | Responsável técnico | Validado por
signed_by: Liberado por
signed_on: Signed on | Date signed | Approval date | Date of approval | Signature date
signed_on: Date authorised
signed_on: Unterzeichnet am | Freigegeben am | Freigabedatum | Datum der Freigabe | Signé le
signed_on: Date de signature | Date d'approbation | Date de validation
signed_on: Fecha de firma | Fecha de aprobación | Firmado el | Data firma | Data di approvazione
signed_on: Firmato il | Data de assinatura | Data de aprovação | Assinado em
method: Method | Test method | Procedure | Method reference | Test procedure | Methode
method: Prüfmethode | Verfahren | Prüfvorschrift | Méthode | Méthode d'essai | Référence méthode
method: Método | Método de ensayo | Metodo | Metodo di prova | Método de ensaio | Metodologia
conclusion: Conclusion | Overall result | Final result | Overall assessment
conclusion: Statement of compliance | Overall conclusion
conclusion: Beurteilung | Gesamtbeurteilung | Fazit | Gesamtergebnis | Schlussfolgerung
conclusion: Konformitätsaussage
conclusion: Conclusion | Avis | Déclaration de conformité | Conclusión | Dictamen | Conclusiones
conclusion: Conclusione | Giudizio | Conclusioni | Conclusão | Parecer | Conclusões
replaces: Replaces | Supersedes | Replaces report | Amends report | Ersetzt | Ersetzt Bericht
replaces: Remplace | Remplace le rapport | Annule et remplace | Sustituye a | Reemplaza a
replaces: Sostituisce | Annulla e sostituisce | Substitui | Substitui o relatório
none: Storage conditions | Expiry date | Expiration date | Manufacturing date
none: Date of manufacture | Condition on receipt | Sample condition | Temperature on receipt
none: Quantity received | Purchase order | PO number | Quote number | Contact | Phone | E-mail
none: Fax | Address | Attention | Page | Analyst | Tested by | Prepared by | Passage number
none: Donor ID | Number of containers | Sample volume | Incubation temperature
none: Incubation period | Volume inoculated | Instrument | Equipment | Revision | Version
none: Project | Study number | Protocol no. | Retest date | Country of origin | Container type
none: Batch size | Specification No. | Media lot | Sampled by | Sampling location
none: Sampling procedure
none: Lagerbedingungen | Haltbarkeit | Verfalldatum | Herstellungsdatum | Zustand bei Eingang
none: Eingangstemperatur | Probenmenge | Ansprechpartner | Telefon | Anschrift | Bearbeiter
none: Bestellnummer | Seite | Probenehmer | Kundennummer | Verpackung | Inkubationstemperatur
none: Bebrütungsdauer | Prüfspezifikation | Verwendbar bis | Probenahme durch | Passage
none: Conditions de conservation | Date de péremption | Date de fabrication | État à réception
none: Température à réception | Quantité reçue | Contact | Téléphone | Adresse | Analyste
none: Bon de commande | Page | Prélevé par | Conditionnement | Température d'incubation
none: Durée d'incubation | Rédigé par | Passage
none: Condiciones de almacenamiento | Fecha de caducidad | Fecha de fabricación
none: Estado de la muestra | Temperatura de recepción | Cantidad | Contacto | Teléfono | Dirección
none: Analista | Orden de compra | Página | Muestreado por | Envase | Temperatura de incubación
none: Realizado por | Elaborado por
none: Condizioni di conservazione | Data di scadenza | Data di produzione | Stato del campione
none: Temperatura all'arrivo | Quantità | Contatto | Telefono | Indirizzo | Analista
none: Ordine di acquisto | Pagina | Campionato da | Confezione | Temperatura di incubazione
none: Eseguito da | Redatto da
none: Condições de armazenamento | Data de validade | Data de fabricação | Data de fabrico
none: Estado da amostra | Temperatura de receção | Quantidade | Contacto | Contato | Telefone
none: Endereço | Morada | Analista | Ordem de compra | Página | Colhido por | Embalagem
none: Temperatura de incubação | Realizado por | Elaborado por
"""


@pytest.mark.parametrize("text", entries(NO_TEST))
def test_name_that_says_too_little_names_no_test(text: str) -> None:
    assert WORDS.test(text) is None


@pytest.mark.parametrize(("text", "test"), cases(METHOD_BESIDE))
def test_method_beside_a_name_is_no_second_test(text: str, test: str) -> None:
    found = WORDS.test(text)

    assert found is not None
    assert found.test == test


@pytest.mark.parametrize(("text", "meant"), cases(NAMES))
def test_name_of_a_test(text: str, meant: str) -> None:
    test, part, unit = re.fullmatch(r"(\w+)(?:/(\w+))?(?: \[(.*)\])?", meant).groups()  # type: ignore[union-attr]
    found = WORDS.test(text, unit)

    assert found is not None
    assert (found.test, found.part if part else None) == (test, part)


@pytest.mark.parametrize(("text", "field"), cases(LABELS))
def test_label_of_a_field(text: str, field: str) -> None:
    assert WORDS.is_label(text)
    assert WORDS.label(text) == (None if field == "none" else field)
