"""The words of certificates: from domain-facts 4.3 and 8, notes-certificates, and the corpus."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from qcvalidate.catalogue import load_yaml, open_catalogue
from qcvalidate.errors import SpecificationError
from qcvalidate.quantity import CANONICAL, ScaledUnit
from qcvalidate.record import HEADER_FIELDS
from qcvalidate.vocabulary import Reading, TestName, Vocabulary, load_vocabulary

WORDS = load_vocabulary(open_catalogue())


def _so_far(day: int | None = None) -> Reading:
    return Reading("pending", day=day, to_date=True, so_far="negative")


# The ids and units that specifications use.
TESTS = [
    "sterility", "in_process_culture", "gram_stain", "endotoxin", "endotoxin_ppc", "mycoplasma",
    "viability", "cell_concentration", "viable_cell_concentration",
    "nucleated_cell_concentration", "total_cell_count", "viable_cell_count",
    "total_nucleated_cells", "volume", "viable_dose", "viable_dose_per_kg", "cd34_dose_per_kg",
    "viable_cd34_count", "cd34_absolute", "cd34_viability", "cd105_positive", "cd73_positive",
    "cd90_positive", "cd45_positive", "cd34_positive", "cd14_positive", "cd11b_positive",
    "cd79a_positive", "cd19_positive", "hla_dr_positive", "negative_cocktail_positive",
    "cd13_positive", "cd29_positive", "cd44_positive", "cd31_positive", "cd235a_positive",
    "cfu_f", "appearance", "hiv", "hiv_antibody", "hiv_nat", "hbv",
    "hbs_antigen", "hbc_antibody", "hbv_nat", "hcv", "hcv_antibody", "hcv_nat", "hiv_hbv_hcv_nat",
    "syphilis", "htlv", "cmv",
]  # fmt: skip


def test_every_test_is_here_and_has_known_units() -> None:
    assert sorted(WORDS.tests) == sorted(TESTS)
    for test in WORDS.tests.values():
        assert set(test.units) <= {unit.unit for unit in CANONICAL.values()}, test.id


def test_our_files_keep_to_their_json_schema() -> None:
    catalogue = open_catalogue()
    schema = json.loads(catalogue.json_schema("vocabulary").read_text("utf-8"))

    for path in catalogue.files("vocabulary"):
        jsonschema.validate(load_yaml(path)[0], schema)


@pytest.mark.parametrize(
    ("text", "test", "part", "unit"),
    [
        ("Fluid Thioglycollate Medium (FTM)", "sterility", "anaerobic", None),
        ("Soybean Casein Digest Broth (SCDB)", "sterility", "aerobic", None),
        ("Trypticase Soy Broth (TSB)", "sterility", "aerobic", None),
        (
            "Sterility, automated (BACT/ALERT 3D), aerobic bottle iFA Plus",
            "sterility",
            "aerobic",
            None,
        ),
        (
            "Sterility, automated (BACT/ALERT 3D), anaerobic bottle iFN Plus",
            "sterility",
            "anaerobic",
            None,
        ),
        ("Sterility (aerobic and anaerobic)", "sterility", None, None),
        ("FTM/TSB", "sterility", None, None),
        ("Prüfung auf Sterilität", "sterility", None, None),
        ("Essai de stérilité", "sterility", None, None),
        ("Ensayo de esterilidad", "sterility", None, None),
        ("In-process sterility (FTM)", "in_process_culture", "anaerobic", None),
        ("Gram stain", "gram_stain", None, None),
        ("Bacterial endotoxins, kinetic chromogenic (Method D)", "endotoxin", None, None),
        ("Bakterien-Endotoxine", "endotoxin", None, None),
        ("Endotoxines bactériennes", "endotoxin", None, None),
        ("Endotoxin (EU/kg)", "endotoxin", None, "EU/kg"),
        ("positive product control", "endotoxin_ppc", None, None),
        ("Endotoxin (PPC recovery)", "endotoxin_ppc", None, None),
        ("Mycoplasma, NAT", "mycoplasma", None, None),
        ("Mykoplasmen (PCR)", "mycoplasma", None, None),
        ("Mycoplasmes", "mycoplasma", None, None),
        ("Viability (%)", "viability", None, "%"),
        ("% viable", "viability", None, "%"),
        ("Viabilität", "viability", None, None),
        ("VIABILITÉ :", "viability", None, None),
        ("CD105+ (%)", "cd105_positive", None, "%"),
        ("CD 34".replace(" ", ""), "cd34_positive", None, None),
        ("HLA–DR", "hla_dr_positive", None, None),
        ("CD34 viability", "cd34_viability", None, None),
        ("Viable CD34+ cells/kg", "cd34_dose_per_kg", None, "cells/kg"),
        ("CD34+ cells/µL", "cd34_absolute", None, "cells/µL"),
        ("Total (x10^6) cells/mL", "cell_concentration", None, "(x10^6) cells/mL"),
        ("Viable (x10^6) cells/mL", "viable_cell_concentration", None, "(x10^6) cells/mL"),
        ("Live (cells/ml)", "viable_cell_concentration", None, "cells/ml"),
        ("viable_dose_per_kg", "viable_dose_per_kg", None, None),
    ],
)
def test_a_name_means_one_test(text: str, test: str, part: str | None, unit: str | None) -> None:
    assert WORDS.test(text) == TestName(test, part, unit)


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "aerobic", "Gesamtkeimzahl (TAMC)", "Viability, pre-freeze", "Non-viable (%)"),
        *("CD45- (%)", "CD105 negative (%)", "CD34-/CD45+", "CD73/CD90/CD105", "Endotoxin (%)"),
        *("Sterility (positive control)", "Endotoxin specification", "Dead (cells/ml)", "Zellzahl"),
        *("Viable cells", "Sterilitty", "Endotoxin limit", "viability viability cell count"),
    ],
)
def test_what_names_no_test_or_two_is_none(text: str) -> None:
    assert WORDS.test(text) is None


def test_a_unit_elsewhere_in_the_row_can_settle_the_test() -> None:
    assert WORDS.test("Zellzahl", unit="/ml") == TestName("cell_concentration", None, "/ml")


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Positive control", "positive_control"),
        ("Negative Control:", "negative_control"),
        ("Growth promotion", "positive_control"),
        ("Negativkontrolle", "negative_control"),
        ("Sample", "sample"),
        ("Sterility", None),
    ],
)
def test_a_control_is_a_role_and_no_test(text: str, role: str | None) -> None:
    assert WORDS.role(text) == role
    assert role is None or WORDS.test(text) is None


@pytest.mark.parametrize(
    ("text", "field"),
    [
        *((text, "lot") for text in ("Lot #:", "LOT NO.", "Batch No.", "Chargenbezeichnung:")),
        *((text, "lot") for text in ("N° de lot :", "Lot / Charge:", "Nº de lote", "n.º de lote")),
        *((text, "report_number") for text in ("REPORT #:", "Certificate no.", "Report ID:")),
        *((text, "report_number") for text in ("Prüfbericht-Nr.:", "N° de rapport :")),
        *((text, "date_started") for text in ("DATE TESTED:", "Test start", "Incubation start")),
        *(
            (text, "date_started")
            for text in ("Prüfbeginn:", "Début d'analyse :", "Début d’analyse")
        ),
        *((text, "date_completed") for text in ("DATE COMPLETED:", "Test end:", "Prüfende:")),
        *((text, "date_completed") for text in ("Fin d'analyse :",)),
        *((text, "date_issued") for text in ("Report date", "Berichtsdatum:", "Date d'émission :")),
        *(
            (text, "date_received")
            for text in ("Probeneingang:", "Date de réception :", "Received:")
        ),
        *((text, "replaces") for text in ("Replaces", "Supersedes", "Ersetzt", "Remplace")),
        *((text, "client") for text in ("CLIENT:", "Auftraggeber:", "Customer:")),
        *((text, "signed_by") for text in ("Reviewed by", "APPROVED BY:")),
        *((text, "conclusion") for text in ("Gesamtbewertung:", "Conclusion générale :")),
        *((text, None) for text in ("MANUFACTURE DATE:", "TEST SOP #:", "Media lot", "Tested by")),
    ],
)
def test_a_label_names_its_field(text: str, field: str | None) -> None:
    assert WORDS.label(text) == field
    assert WORDS.is_label(text)


def test_a_bilingual_label_of_two_fields_is_none() -> None:
    assert WORDS.label("Lot / Client") is None
    assert not WORDS.is_label("MSC-2026-0018")


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Test", "test"), ("Analysis", "test"), ("Prüfung", "test"), ("Essai", "test"),
        ("Result", "result"), ("OBSERVATION", "result"), ("Ergebnis", "result"),
        ("Résultat", "result"), ("Specification", "specification"), ("Range", "specification"),
        ("Evaluation", "verdict"), ("Bewertung", "verdict"), ("Conclusion", "verdict"),
        ("MEDIA", "part"), ("TURBIDITY", "turbidity"), ("Unit", "unit"), ("sample_id", "sample_id"),
        ("Sample ID", "sample_id"), ("Batch", "lot"), ("Analysis date/time", "measured_at"),
        ("Viability (%)", None),
    ],
)  # fmt: skip
def test_a_heading_names_its_column(text: str, role: str | None) -> None:
    assert WORDS.column(text) == role


# domain-facts 4.3, class by class.
NEGATIVE = (
    """
no growth|no growth observed for ftm and tsb|no growth after 14 days|no growth detected
no microbial growth was detected|no contamination detected|no aerobic, anaerobic and fungal growth
negative/negative|sterile|absence of micro organisms|complies|meets|not detected|none detected
no detect|pass|kein wachstum|entspricht|steril|conforme|absence de croissance
ausencia de crecimiento|No Growth|(-) No Growth|N.G.|must comply
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
POSITIVE = (
    """
growth|growth detected|positive - Staphylococcus epidermidis|gram positive cocci in clusters
gram-negative rods seen|presumptive positive|turbid - confirmed|does not comply|fails|non-sterile
not sterile|contaminated|Growth of Cutibacterium acnes|entspricht nicht|Non conforme
negative/positive|FTM: no growth; TSB: growth|growth observed for Trypticase Soy Broth (TSB)
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
INVALID = (
    """
test invalid|inconclusive|control failure|negative control turbid|no growth in positive control
sample insufficient|not tested|cancelled|quantity not sufficient (QNS)
positive control: no growth; sample: no growth|Positive control: failed; sample: no growth
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
UNKNOWN = [
    *(
        "",
        " ",
        "ND",
        "+",
        "-",
        "?",
        "n/a",
        "No growth?",
        "No growth*",
        "not negative",
        "Gram negative",
    ),
    *("growth promotion: pass", "positive control: growth", "negative control: no growth"),
    *("no growth except bottle 37", "no growth in bottles 1 to 40 except 37", "No growth in FTM"),
    *("FTM: no growth", "no growth before day 3", "No, growth observed", "No. Growth observed"),
    "No growth was observed in the Negative Control. Growth was observed in the Positive Control.",
    *("Abbreviations (+) Growth (-) No Growth (P) Pass F (Fail)", "Growth, none", "no growth yet?"),
    *(
        "~~No growth~~ GROWTH",
        "no no growth",
        "no longer negative",
        "nearly sterile",
        "No.Growth seen",
    ),
    *("no growth after 7 days, no growth after 14 days", "nο grοwth"),  # Greek omicrons
]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((text, "negative") for text in NEGATIVE),
        *((text, "positive") for text in POSITIVE),
        *((text, "invalid") for text in INVALID),
        *((text, "unknown") for text in UNKNOWN),
    ],
)
def test_a_wording_of_sterility_has_its_class(text: str, kind: str) -> None:
    assert WORDS.result(text, "sterility").kind == kind


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("negative-to-date", _so_far()),
        ("no growth to date", _so_far()),
        ("no growth to date (day 6)", _so_far(6)),
        (
            "no growth at 48 hours (interim)",
            _so_far(2),
        ),
        ("no growth at 48 hours", _so_far(2)),
        ("Preliminary: no growth", _so_far()),
        ("no growth, culture continues", _so_far()),
        ("pending", Reading("pending")),
        ("No growth after 14 days", Reading("negative", day=14)),
        ("No growth at 7 days", Reading("negative", day=7)),
        ("Kein Wachstum nach 14 Tagen", Reading("negative", day=14)),
        ("Absence de croissance après 14 jours", Reading("negative", day=14)),
        ("growth observed for TSB on day 6", Reading("positive", day=6)),
        ("Growth of Cutibacterium acnes", Reading("positive", "Cutibacterium acnes")),
        ("positive - Candida albicans", Reading("positive", "Candida albicans")),
    ],
)
def test_a_reading_keeps_its_day_and_organism(text: str, reading: Reading) -> None:
    assert WORDS.result(text, "sterility") == reading


@pytest.mark.parametrize(
    ("text", "test", "kind", "organism"),
    [
        (
            "Growth: Staphylococcus epidermidis",
            "sterility",
            "positive",
            "Staphylococcus epidermidis",
        ),
        ("Growth, day 6: Cutibacterium acnes", "sterility", "positive", "Cutibacterium acnes"),
        ("POSITIVE - S. aureus", "sterility", "positive", "S. aureus"),
        # These name no species called "not".
        ("Mycoplasma not detected", "mycoplasma", "negative", None),
        ("Growth not detected", "sterility", "negative", None),
        ("Organism not isolated", "sterility", "unknown", None),
        ("Growth: none", "sterility", "unknown", None),
    ],
)
def test_an_organism_is_a_name_and_never_a_negation(
    text: str, test: str, kind: str, organism: str | None
) -> None:
    found = WORDS.result(text, test)

    assert (found.kind, found.organism) == (kind, organism)


@pytest.mark.parametrize(
    ("text", "test", "kind"),
    [
        ("Gram-negative rods seen", "gram_stain", "positive"),  # T4
        ("no organisms seen (negative)", "gram_stain", "negative"),
        ("gram stain: negative", "gram_stain", "negative"),
        ("no bacteria seen, no wbc seen", "gram_stain", "negative"),
        ("no wbc seen, gram positive cocci seen", "gram_stain", "positive"),
        ("non-sterile", "sterility", "positive"),  # T5
        ("does not comply", "sterility", "positive"),  # T5
        ("positive control: growth; sample: no growth", "sterility", "negative"),  # T5
        ("nicht nachweisbar", "mycoplasma", "negative"),
        ("nachweisbar", "mycoplasma", "positive"),
        ("Non détecté", "mycoplasma", "negative"),
        ("ND", "mycoplasma", "unknown"),
        ("non-reactive", "hiv", "negative"),
        ("Repeatedly reactive", "hiv", "positive"),
        ("no growth at 48 hours", "in_process_culture", "negative"),
        ("complies", "viability", "unknown"),
        ("not detected", "endotoxin", "unknown"),
        ("negative", "endotoxin", "unknown"),
        ("pending", "endotoxin", "pending"),
        ("not tested", "endotoxin", "invalid"),
        ("sterile", "mycoplasma", "unknown"),
        ("negative", "no such test", "unknown"),
        ("complies", None, "unknown"),
        ("does not comply", None, "positive"),
        ("no growth observed", None, "negative"),
    ],
)
def test_the_test_decides_what_a_wording_can_mean(text: str, test: str | None, kind: str) -> None:
    assert WORDS.result(text, test).kind == kind


@pytest.mark.parametrize("text", ["NO GROWTH 0D", "No growth after 0 days", "No growth (day 0)"])
def test_nothing_has_grown_on_the_day_of_the_start_and_that_is_no_result(text: str) -> None:
    reading = WORDS.result(text, "sterility")

    assert (reading.kind, reading.to_date) == ("pending", True)


@given(st.text(max_size=40))
@example("nο growth")
def test_an_unknown_text_is_never_negative(text: str) -> None:
    # Hypothesis tries words of the program, too: a pass of a sterility test is a negative result.
    assume(WORDS.verdict(text) != "pass" and not text.casefold().startswith(tuple(NEGATIVE)))

    reading = WORDS.result(text, "sterility")

    assert reading.kind in ("unknown", "positive", "invalid", "pending")


@given(
    st.sampled_from(NEGATIVE), st.sampled_from(["not", "never", "hardly", "no longer", "without"])
)
def test_a_negation_before_a_negative_is_not_negative(text: str, negation: str) -> None:
    assert WORDS.result(f"{negation} {text}", "mycoplasma").kind != "negative"


@given(st.sampled_from(POSITIVE), st.text("abcdefghijklmnopqrstuvwxyz -;:,.", max_size=12))
def test_nothing_added_behind_makes_a_positive_negative(text: str, more: str) -> None:
    assert WORDS.result(f"{text} {more}", "sterility").kind != "negative"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        *((text, "pass") for text in ("P", "Pass", "PASSED", "complies", "entspricht", "Conforme")),
        *((text, "pass") for text in ("Meets specification", "Meets", "cumple")),
        *(
            (text, "fail")
            for text in ("F", "Fail", "entspricht nicht", "NON CONFORME", "no cumple")
        ),
        *((text, "fail") for text in ("does not meet the specification", "does not comply", "OOS")),
        *((text, "fail") for text in ("Die Probe entspricht NICHT den Anforderungen.",)),
        *((text, None) for text in ("", "see comment", "No growth", "NI", "pass/fail")),
    ],
)
def test_a_verdict_is_a_listed_word(text: str, verdict: str | None) -> None:
    assert WORDS.verdict(text) == verdict


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("+", "positive"),
        ("-", "negative"),
        ("–", "negative"),
        ("(-)", "negative"),
        ("", "unknown"),
        ("turbid", "positive"),
        ("no turbidity", "negative"),
        ("Klar", "negative"),
        ("hazy?", "unknown"),
    ],
)
def test_a_sign_speaks_only_in_a_turbidity_column(text: str, kind: str) -> None:
    assert WORDS.turbidity(text).kind == kind


def test_the_ehrlich_unit_is_no_endotoxin_unit() -> None:
    assert WORDS.unit("[EU]/mL") is None
    assert WORDS.unit("{EU}/mL") == WORDS.unit("[IU]/mL") == WORDS.unit("I.E./ml") == "EU/mL"


# --- users' own words ----------------------------------------------------------------------


def _with(tmp_path: Path, content: str) -> Vocabulary:
    folder = tmp_path / "vocabulary"
    folder.mkdir()
    (folder / "our-lab.yaml").write_text(content, "utf-8")
    return load_vocabulary(open_catalogue(tmp_path))


def test_a_users_file_adds_to_ours(tmp_path: Path) -> None:
    words = _with(
        tmp_path,
        "tests:\n  residual_dmso:\n    title: Residual DMSO\n    family: appearance\n"
        '    kind: quantitative\n    units: ["%"]\n    synonyms: [dmso]\n'
        "labels:\n  lot: [Serie]\n",
    )

    assert words.test("DMSO (%)") == TestName("residual_dmso", None, "%")
    assert words.label("Serie:") == words.label("Lot:") == "lot"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            "tests:\n  other:\n    title: Other\n    family: viability\n    kind: quantitative\n"
            '    units: ["%"]\n    synonyms: [Viability]\n',
            "other and viability|viability and other",
        ),
        ("tests:\n  viability:\n    title: V\n    family: viability\n    kind: qualitative\n"
         "    synonyms: []\n", "already"),
        ("tests:\n  other:\n    title: O\n    family: nonsense\n    kind: qualitative\n"
         "    synonyms: []\n", "nonsense"),
        ("labels:\n  lot: [Client]\n", "client and lot|lot and client"),
        ("labels:\n  colour: [Colour]\n", "colour"),
        ("wonders: []\n", "wonders"),
        ("units:\n  EU/mL:\n    spellings: [x]\n", "already"),
        ("to_date: yesterday\n", "to_date"),
        ("units:\n  foo: {spellings: [], scaled: {bar: '1E9999999999'}}\n", "does not fit"),
        ("units:\n  foo: {spellings: [], scaled: {bar: '1E99'}}\n", "between"),
        ("units:\n  foo: {spellings: [], scaled: {bar: '0'}}\n", "between"),
        ("tests:\n  zap: {title: Z, family: count, kind: quantitative, units: [nounit],"
         " synonyms: []}\n", "nounit is no canonical unit"),
        ("results:\n  - {reading: negative, phrases: ['" + "[a|b|c|d] " * 25 + "']}\n",
         "more than 10,000 spellings"),
        ("results:\n  - {reading: negative, phrases: ['[[((']}\n", "bracket"),
        ("results:\n  - {reading: negative, phrases: ['no [growth']}\n", "bracket"),
        ("results:\n  - {reading: negative, phrases: ['[x]']}\n", "nothing at all"),
        ("roles: {blank: ['(x|)']}\n", "nothing at all"),
    ],
)  # fmt: skip
def test_a_vocabulary_that_contradicts_itself_is_refused(
    tmp_path: Path, content: str, said: str
) -> None:
    with pytest.raises(SpecificationError, match=said):
        _with(tmp_path, content)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("results", "results:\n  - {reading: negative, phrases: [no growth]}\n", "to_date"),
        ("tests", "qualifiers: [bactec]\n", "tests, parts"),
        ("labels", "labels: {lot: [lot]}\n", "columns"),
        ("units", "units:\n  '%': {spellings: []}\n", "no canonical unit"),
    ],
)
def test_a_file_in_place_of_ours_must_hold_what_ours_holds(
    tmp_path: Path, name: str, content: str, said: str
) -> None:
    folder = tmp_path / "vocabulary"
    folder.mkdir()
    (folder / f"{name}.yaml").write_text(content, "utf-8")

    with pytest.raises(SpecificationError, match=said):
        load_vocabulary(open_catalogue(tmp_path))


@pytest.mark.parametrize(
    ("text", "alarms"),
    [
        ("Growth on day 3, reject", {"positive", "fail"}),
        ("reactive on repeat", {"positive"}),
        ("nicht bestanden", {"fail"}),
        ("does not meet the specification", {"fail"}),
        ("results to follow", set()),
        ("non-reactive", set()),
        ("page f of 3", set()),
        ("", set()),
    ],
)
def test_a_remark_is_searched_for_what_is_bad(text: str, alarms: set[str]) -> None:
    assert WORDS.alarms(text) == alarms


def test_a_catalogue_is_read_once() -> None:
    assert load_vocabulary(open_catalogue()) is WORDS
    assert isinstance(WORDS.units["%"], ScaledUnit)


# --- the corpus ----------------------------------------------------------------------------


@pytest.mark.corpus
def test_every_row_of_the_synthetic_certificates_is_understood(corpus: Path) -> None:
    seen = 0
    for path in sorted((corpus / "certificates" / "synthetic").glob("*.json")):
        for row in json.loads(path.read_text("utf-8"))["results"]:
            if row["test"] == "Gesamtkeimzahl (TAMC)":  # a test that no specification of ours has
                continue
            unit = "/ml" if row["result"].endswith("/ml") else None
            name = WORDS.test(row["test"], unit)
            assert name is not None, row["test"]
            if WORDS.tests[name.test].kind == "qualitative":
                positive = row["result"].casefold() in ("growth", "growth observed")
                kind = WORDS.result(row["result"], name.test).kind
                assert kind == ("positive" if positive else "negative"), row["result"]
            if "verdict" in row:
                failed = row["verdict"] in ("F", "entspricht nicht", "Non conforme")
                assert WORDS.verdict(row["verdict"]) == ("fail" if failed else "pass")
            seen += 1
    assert seen == 20


def test_labels_are_of_fields_that_records_have() -> None:
    assert {WORDS.label(name) for name in HEADER_FIELDS} == set(HEADER_FIELDS)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("No WBC seen", "unknown"),
        ("No organisms seen, no WBC seen", "negative"),
        ("Gram positive cocci in clusters; no WBC seen", "positive"),
    ],
)
def test_what_stands_beside_a_result_is_none_by_itself(text: str, kind: str) -> None:
    assert WORDS.result(text, "gram_stain").kind == kind


def test_a_code_of_a_message_names_its_test_and_its_words() -> None:
    words = load_vocabulary(open_catalogue())

    assert words.coded_test("http://loinc.org", "80698-4") == "cd34_viability"
    assert words.coded_test("http://example.org", "80698-4") is None
    assert words.coded_result("http://snomed.info/sct", "264868006") == "no growth"
    assert words.coded_result("http://snomed.info/sct", "1") is None
