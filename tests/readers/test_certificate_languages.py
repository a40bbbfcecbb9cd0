"""Whole certificates in five languages, passing and failing: every field, row and finding."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from certificate_layouts import Paper, ruled

from qcvalidate.catalogue import open_catalogue
from qcvalidate.documents import open_document
from qcvalidate.errors import DocumentError
from qcvalidate.frames import Observation, rows
from qcvalidate.quantity import Locale
from qcvalidate.readers import Context, read_document
from qcvalidate.record import Record, Severity
from qcvalidate.vocabulary import load_vocabulary


@dataclass(frozen=True)
class Language:
    """The words of one laboratory; `labels` are in the order of `VALUES`."""

    title: str
    labels: tuple[str, ...]
    dates: tuple[str, ...]
    heading: tuple[str, ...]
    tests: tuple[str, ...]
    none: str
    growth: str
    good: str
    bad: str
    notes: tuple[str, ...]


# Report, client, sample, lot, then received, started, completed, issued.
VALUES = ("R-26-118", "Meridian", "S-4471", "MSC-26-014")
READ = ("2026-03-04", "2026-03-05", "2026-03-19", "2026-03-20")
FIELDS = ("report_number", "client", "sample_id", "lot",
          "date_received", "date_started", "date_completed", "date_issued")  # fmt: skip

LANGUAGES = {
    "de": Language(
        "Prüfbericht",
        ("Prüfbericht-Nr.", "Auftraggeber", "Proben-Nr.", "Chargen-Nr.", "Probeneingang",
         "Prüfbeginn", "Prüfende", "Berichtsdatum"),
        ("4. März 2026", "05.03.2026", "19.03.2026", "20.03.2026"),
        ("Prüfparameter", "Methode", "Spezifikation", "Ergebnis", "Bewertung"),
        ("Sterilität, Thioglykolat", "Sterilität, CASO-Bouillon", "Bakterien-Endotoxine",
         "Viabilität", "Mykoplasmen"),
        "Kein Wachstum", "Wachstum", "entspricht", "entspricht nicht",
        ("Die Ergebnisse beziehen sich nur auf die geprüften Gegenstände.",
         "Freigegeben durch: Dr. Erika Muster", "Abweichungen: keine"),
    ),
    "fr": Language(
        "Certificat d'analyse",
        ("Rapport n°", "Client", "N° d'échantillon", "Numéro de lot", "Date de réception",
         "Début d'analyse", "Fin d'analyse", "Date d'émission"),
        ("4 mars 2026", "05/03/2026", "19/03/2026", "20/03/2026"),
        ("Paramètre", "Méthode", "Spécification", "Résultat", "Conclusion"),
        ("Stérilité, thioglycolate", "Stérilité, trypticase soja", "Endotoxines bactériennes",
         "Viabilité", "Mycoplasmes"),
        "Absence de croissance", "Croissance", "conforme", "non conforme",
        ("Ce rapport ne peut être reproduit que dans son intégralité.",
         "Approuvé par : Anne Exemple", "Déviations : aucune"),
    ),
    "es": Language(
        "Certificado de análisis",
        ("Informe nº", "Cliente", "Código de muestra", "Nº de lote", "Fecha de recepción",
         "Fecha de inicio", "Fecha de finalización", "Fecha de emisión"),
        ("4 de marzo de 2026", "05/03/2026", "19/03/2026", "20/03/2026"),
        ("Ensayo", "Método", "Especificación", "Resultado", "Conclusión"),
        ("Esterilidad, tioglicolato", "Esterilidad, TSB", "Endotoxinas bacterianas",
         "Viabilidad", "Micoplasmas"),
        "Sin crecimiento", "Crecimiento", "cumple", "no cumple",
        ("Los resultados se refieren únicamente a las muestras ensayadas.",
         "Aprobado por: Ana Ejemplo", "Desviaciones: ninguna"),
    ),
    "it": Language(
        "Certificato di analisi",
        ("Rapporto di prova n.", "Committente", "Codice campione", "Lotto n.",
         "Data di ricevimento", "Data inizio prova", "Data fine prova", "Data di emissione"),
        ("4 marzo 2026", "05/03/2026", "19/03/2026", "20/03/2026"),
        ("Saggio", "Metodo", "Specifica", "Risultato", "Esito"),
        ("Sterilità, tioglicolato", "Sterilità, TSB", "Endotossine batteriche", "Vitalità",
         "Micoplasmi"),
        "Nessuna crescita", "Crescita", "conforme", "non conforme",
        ("I risultati si riferiscono esclusivamente ai campioni sottoposti a prova.",
         "Approvato da: Anna Esempio", "Deviazioni: nessuna"),
    ),
    "pt": Language(
        "Certificado de análise",
        ("Relatório n.º", "Cliente", "Código da amostra", "Lote n.º", "Data de receção",
         "Data de início", "Data de conclusão", "Data de emissão"),
        ("4 de março de 2026", "05/03/2026", "19/03/2026", "20/03/2026"),
        ("Ensaio", "Método", "Especificação", "Resultado", "Parecer"),
        ("Esterilidade, tioglicolato", "Esterilidade, TSB", "Endotoxinas bacterianas",
         "Viabilidade", "Micoplasmas"),
        "Sem crescimento", "Crescimento", "conforme", "não conforme",
        ("Os resultados referem-se exclusivamente às amostras ensaiadas.",
         "Aprovado por: Ana Exemplo", "Desvios: nenhum"),
    ),
    "pt-br": Language(
        "Laudo de análise",
        ("Laudo nº", "Contratante", "ID amostra", "Número do lote", "Data de recebimento",
         "Início do ensaio", "Término do ensaio", "Data de emissão"),
        ("4 de março de 2026", "05/03/2026", "19/03/2026", "20/03/2026"),
        ("Análise", "Método", "Especificações", "Resultado", "Conclusão"),
        ("Esterilidade, tioglicolato", "Esterilidade, caldo TSB", "Endotoxina bacteriana",
         "Viabilidade celular", "Micoplasma"),
        "Ausência de crescimento", "Crescimento", "cumpre", "não cumpre",
        ("Este laudo só pode ser reproduzido na íntegra.", "Aprovado por: Ana Exemplo",
         "Controle negativo: sem crescimento."),
    ),
}  # fmt: skip
NOT_DETECTED = {
    "de": "nicht nachweisbar", "fr": "non détecté", "es": "no detectado", "it": "non rilevato",
    "pt": "não detetado", "pt-br": "não detectado",
}  # fmt: skip


def read(language: str, folder: Path, *, grown: bool = False) -> Record:
    words = LANGUAGES[language]
    ftm, tsb, endotoxin, viability, mycoplasma = words.tests
    seen, verdict = (words.growth, words.bad) if grown else (words.none, words.good)
    none = NOT_DETECTED[language]
    table = [
        (ftm, "Ph. Eur. 2.6.1", words.none, words.none, words.good),
        (tsb, "Ph. Eur. 2.6.1", words.none, seen, verdict),
        (endotoxin, "Ph. Eur. 2.6.14", "<= 5,0 EU/mL", "< 0,05 EU/mL", words.good),
        (viability, "Ph. Eur. 2.7.29", ">= 70,0 %", "92,4 %", words.good),
        (mycoplasma, "Ph. Eur. 2.6.7", none, none, words.good),
    ]
    content = ruled(
        title=words.title,
        pairs=list(zip(words.labels, (*VALUES, *words.dates), strict=True)),
        header=words.heading,
        rows=table,
        notes=words.notes,
        widths=(148, 75, 122, 122, 75),
    )
    path = folder / f"{language}.pdf"
    path.write_bytes(content)
    context = Context(load_vocabulary(open_catalogue()), Locale())
    return read_document(open_document(path), context)


def samples(record: Record) -> list[Observation]:
    return [row for row in rows(record.observations) if row.role == "sample"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_of_the_header_is_read(tmp_path: Path, language: str) -> None:
    header = read(language, tmp_path).header

    values = {name: header[name].value for name in FIELDS if name in header}
    assert values == dict(zip(FIELDS, (*VALUES, *READ), strict=True))
    assert header["title"].value == LANGUAGES[language].title
    assert "signed_by" in header


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_of_a_passing_certificate_is_read(tmp_path: Path, language: str) -> None:
    record = read(language, tmp_path)

    found = {(row.test, row.part): row for row in samples(record)}
    assert set(found) == {
        ("sterility", "anaerobic"), ("sterility", "aerobic"), ("endotoxin", None),
        ("viability", None), ("mycoplasma", None),
    }  # fmt: skip
    qualitative = [row for row in found.values() if row.test in ("sterility", "mycoplasma")]
    assert {row.reading for row in qualitative} == {"negative"}
    endotoxin, viability = found["endotoxin", None], found["viability", None]
    bound = (endotoxin.upper, endotoxin.upper_closed, endotoxin.unit)
    assert bound == (Decimal("0.05"), False, "EU/mL")
    exact = (viability.lower, viability.upper, viability.unit)
    assert exact == (Decimal("92.4"), Decimal("92.4"), "%")
    assert {row.status for row in found.values()} == {"final"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_passing_certificate_is_not_held(tmp_path: Path, language: str) -> None:
    findings = read(language, tmp_path).findings

    assert [f.message for f in findings if f.severity is Severity.HOLD] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_growth_is_read_as_growth(tmp_path: Path, language: str) -> None:
    record = read(language, tmp_path, grown=True)

    readings = {row.part: row.reading for row in samples(record) if row.test == "sterility"}
    assert readings == {"anaerobic": "negative", "aerobic": "positive"}
    assert any(f.slug == "laboratory-verdict-failed" for f in record.findings)


SAID = [
    ("Prüfbericht Sterilität", "Chargen-Nr.", "In FTM und TSB wurde kein Wachstum beobachtet."),
    ("Rapport de stérilité", "N° de lot", "Aucune croissance n'a été observée dans FTM et TSB."),
    ("Informe de esterilidad", "Nº de lote", "No se observó crecimiento en FTM y TSB."),
    ("Rapporto di sterilità", "Lotto n.", "Nessuna crescita in FTM e TSB dopo 14 giorni."),
    ("Relatório de esterilidade", "Lote n.º", "Não se observou crescimento em FTM e TSB."),
]
NOT_SAID = [
    "Kein Wachstum in FTM und TSB außer Flasche 3.",
    "Absence de croissance dans FTM et TSB sauf flacon 3.",
    "No se observó crecimiento en TSB, pero sí en FTM.",
    "Sin crecimiento en FTM y TSB salvo el frasco 3.",
    "Nessuna crescita in FTM e TSB tranne il flacone 3.",
    "Não é certo que sem crescimento em FTM e TSB.",
    "Solo inicialmente sin crecimiento en FTM y TSB.",
]


def letter(title: str, label: str, sentence: str, folder: Path) -> Record:
    paper = Paper()
    paper.title(title)
    paper.pairs([(label, "MSC-26-014")])
    paper.line(sentence)
    path = folder / "letter.pdf"
    path.write_bytes(paper.done())
    context = Context(load_vocabulary(open_catalogue()), Locale())
    return read_document(open_document(path), context)


@pytest.mark.parametrize(("title", "label", "sentence"), SAID)
def test_sentence_gives_each_medium_its_result(
    tmp_path: Path, title: str, label: str, sentence: str
) -> None:
    record = letter(title, label, sentence, tmp_path)

    found = {(row.part, row.reading) for row in samples(record)}
    assert found == {("anaerobic", "negative"), ("aerobic", "negative")}
    assert record.header["lot"].value == "MSC-26-014"


@pytest.mark.parametrize("sentence", NOT_SAID)
def test_sentence_with_a_reserve_is_not_read(tmp_path: Path, sentence: str) -> None:
    with pytest.raises(DocumentError, match="was not understood"):
        letter("Sterility report", "Lot No.", sentence, tmp_path)


@pytest.mark.parametrize(
    "signed",
    ["Freigegeben durch: ausstehend", "Approuvé par : en attente", "Aprobado por: pendiente",
     "Approvato da: in attesa", "Aprovado por: não aprovado", "Aprovado por: pendente"],
)  # fmt: skip
def test_what_stands_for_no_signature_is_no_name(tmp_path: Path, signed: str) -> None:
    path = tmp_path / "unsigned.pdf"
    path.write_bytes(ruled(notes=[signed]))
    context = Context(load_vocabulary(open_catalogue()), Locale())

    assert "signed_by" not in read_document(open_document(path), context).header


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("Vorläufiger Prüfbericht", "preliminary"), ("Rapport provisoire", "preliminary"),
        ("Informe preliminar", "preliminary"), ("Rapporto di prova provvisorio", "preliminary"),
        ("Relatório preliminar", "preliminary"), ("Entwurf Prüfbericht", "preliminary"),
        ("Korrigierter Bericht", "amended"), ("Rapport rectificatif", "amended"),
        ("Informe corregido", "amended"), ("Rapporto rettificato", "amended"),
        ("Relatório corrigido", "amended"), ("Prüfbericht storniert", "cancelled"),
        ("Rapport annulé", "cancelled"), ("Informe anulado", "cancelled"),
        ("Rapporto annullato", "cancelled"), ("Laudo cancelado", "cancelled"),
    ],
)  # fmt: skip
def test_title_says_how_far_a_paper_has_come(tmp_path: Path, title: str, status: str) -> None:
    path = tmp_path / "standing.pdf"
    path.write_bytes(ruled(title=title))
    context = Context(load_vocabulary(open_catalogue()), Locale())

    record = read_document(open_document(path), context)

    assert {row.status for row in samples(record)} == {status}


@pytest.mark.parametrize(
    "title",
    ["Prüfbericht Umgebungsmonitoring", "Rapport de contrôle : eau purifiée",
     "Informe de monitoreo ambiental", "Rapporto di monitoraggio ambientale",
     "Relatório de monitorização ambiental", "Certificat milieu de culture"],
)  # fmt: skip
def test_what_is_no_product_gives_no_result(tmp_path: Path, title: str) -> None:
    path = tmp_path / "other.pdf"
    path.write_bytes(ruled(title=title))
    context = Context(load_vocabulary(open_catalogue()), Locale())

    record = read_document(open_document(path), context)

    assert samples(record) == []
    assert "test-unknown" in {finding.slug for finding in record.findings}


@pytest.mark.parametrize(
    "sentence",
    ["Nessuna crescita in entrambi i terreni.", "Sem crescimento em ambos os meios.",
     "Sin crecimiento en los dos medios.", "Kein Wachstum in beiden Nährmedien.",
     "Absence de croissance dans les deux milieux."],
)  # fmt: skip
def test_both_media_have_the_result_of_both(tmp_path: Path, sentence: str) -> None:
    path = tmp_path / "both.pdf"
    row = ("Sterility", "Ph. Eur. 2.6.1", "", sentence.rstrip("."), "Pass")
    path.write_bytes(ruled(rows=[row], widths=(60, 80, 70, 230, 65)))
    context = Context(load_vocabulary(open_catalogue()), Locale())

    found = {
        (row.part, row.reading) for row in samples(read_document(open_document(path), context))
    }

    assert found == {("anaerobic", "negative"), ("aerobic", "negative")}


def test_lot_of_a_medium_in_a_sentence_is_not_the_lot_that_was_tested(tmp_path: Path) -> None:
    paper = Paper()
    paper.title("Rapporto di sterilità")
    paper.line("Nessuna crescita in FTM e TSB.")
    paper.line("Il brodo TSB, lotto F-2231, e il terreno FTM, partita F-2240, sono validi.")
    path = tmp_path / "media.pdf"
    path.write_bytes(paper.done())
    context = Context(load_vocabulary(open_catalogue()), Locale())

    assert "lot" not in read_document(open_document(path), context).header
