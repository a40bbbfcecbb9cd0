"""The clinic's certificate of analysis: its fields, its marks, and templates of a clinic's own."""

from __future__ import annotations

from dataclasses import replace

import papers
import pytest
import runs
from runners import COMMANDS, commands
from test_html import Page as Html

from qcvalidate.assessment import Assessment, Outcome, Run
from qcvalidate.errors import UsageError
from qcvalidate.facts import Clinic
from qcvalidate.record import Severity
from qcvalidate.reports import render

CLINIC = Clinic(
    name="Example Cell Clinic (fictitious)",
    address=("1 Nowhere Lane", "00000 Anytown"),
    contact="quality@clinic.example",
)
HELD = (runs.FAILING, runs.CONDITIONAL, runs.HOLDING, runs.ONE_DOCUMENT)
STERILE = replace(runs.STERILITY, outcome=Outcome.PASS, observed="No growth", due=None)
OWN = "<p>{{ certificate.lot }} by {{ certificate.clinic }}</p>{% for row in certificate.results %}"
OWN += "<p>{{ row.test }}: {{ row.observed }}</p>{% endfor %}"


def run(*lots: Assessment, clinic: Clinic | None = CLINIC) -> Run:
    return replace(runs.run(*lots), clinic=clinic)


def both(given: Run) -> tuple[str, str]:
    """Give the words of the page and those of the PDF."""
    page = Html(str(render("coa", given))).words
    return page, papers.words(papers.open_pdf(render("coa", given, suffix=".pdf")))


def with_own(**templates: str) -> Clinic:
    named = {f"coa.{kind}": text for kind, text in templates.items()}
    return replace(CLINIC, templates=named)


def test_the_fields_stand_in_the_order_of_iso_17025() -> None:
    lot = replace(runs.PASSING, results=(runs.ENDOTOXIN, STERILE))

    for words in both(run(lot)):
        order = [
            "Certificate of analysis",
            "Given by Example Cell Clinic (fictitious) 1 Nowhere Lane 00000 Anytown",
            "quality@clinic.example",
            "Number CoA MSC-2026-0019 2026-05-20",
            "Customer ____",
            "Product Culture-expanded MSC, allogeneic, cryopreserved",
            "Donation allogeneic bone marrow",
            "Condition cryopreserved",
            "Date of issue",
            "Sampling plan",
            "MSC-2026-0018-FP 2026-05-14 2026-05-14 sterility.pdf",
            "Results",
            "The results relate only to the items tested.",
            "< 0.05 EU/mL (below 0.0714 EU/kg) at most 5.0 EU/kg",
            "method: USP <71>",
            "2026-05-14 to open external: Muster Analytik GmbH (fictitious)",
            "Deviations",
            "Not tested, or left out",
            "External providers",
            "Muster Analytik GmbH (fictitious), report EX-ST-26-0018, issued 2026-05-20",
            "Conformity PASS. The evidence meets the specification. Decision rule:",
            "Opinions and interpretations None.",
            "Authorised for lot MSC-2026-0019",
            "End of CoA MSC-2026-0019",
        ]
        places = [words.index(text, words.index("Given by") - 40) for text in order]
        assert places == sorted(places)


@pytest.mark.parametrize("lot", HELD, ids=["fail", "conditional", "hold", "document"])
def test_what_is_not_a_pass_of_a_lot_does_not_look_releasable(lot: Assessment) -> None:
    given = run(lot)

    for words in both(given):
        assert "Not a certificate of analysis" in words
        assert "NOT FOR RELEASE: " in words
        assert "There is nothing to sign here." in words
        assert "Authorised for lot" not in words
    reader = papers.open_pdf(render("coa", given, suffix=".pdf"))
    assert all("NOT FOR RELEASE: " in page.extract_text() for page in reader.pages)
    assert reader.metadata is not None
    assert (reader.metadata.title or "").startswith("Not for release")


def test_a_pass_that_nobody_gives_out_is_a_draft() -> None:
    for words in both(run(runs.PASSING, clinic=None)):
        assert "DRAFT, NOT FOR RELEASE: PASS, but no clinic.yaml says who gives out" in words
        assert "Authorised for lot" not in words
    reader = papers.open_pdf(render("coa", run(runs.PASSING, clinic=None), suffix=".pdf"))
    heads = ["DRAFT, NOT FOR RELEASE" in page.extract_text().splitlines() for page in reader.pages]
    assert all(heads)


def test_waivers_stand_as_deviations_and_in_the_statement() -> None:
    from test_pdf import WAIVER  # noqa: PLC0415 - the one waiver of these tests

    waived = replace(runs.VIABILITY, outcome=Outcome.WAIVED, original=Outcome.FAIL, waiver=WAIVER)

    for words in both(run(replace(runs.PASSING, results=(runs.ENDOTOXIN, waived)))):
        assert "Viability after thaw: waived by deviation DEV-118, A. Example" in words
        assert "PASS with 1 waiver." in words
        assert "Authorised for lot MSC-2026-0019 with 1 waiver" in words


def test_what_else_was_found_is_counted() -> None:
    warning = replace(runs.UNCOMPENSATED, severity=Severity.WARNING)
    lot = replace(runs.PASSING, findings=(warning, warning, runs.UNCOMPENSATED))

    for words in both(run(lot)):
        assert "Findings, told in the report of this lot: 2 warning, 1 information." in words


def test_what_was_not_tested_is_named_and_is_no_result() -> None:
    missing = replace(runs.MYCOPLASMA, outcome=Outcome.NOT_APPLICABLE, reason="not asked")

    for words in both(run(replace(runs.PASSING, results=(runs.ENDOTOXIN, missing)))):
        assert "Mycoplasma: not applicable; not asked" in words


def test_a_guarded_limit_changes_the_decision_rule() -> None:
    cfu = replace(runs.CFU, outcome=Outcome.PASS)

    for words in both(run(replace(runs.PASSING, results=(runs.ENDOTOXIN, cfu)))):
        assert "for CFU-F the limit is guarded by the stated uncertainty" in words


def test_the_clinic_s_own_laboratory_is_not_external() -> None:
    lab = replace(CLINIC, name="Muster Analytik  GmbH (FICTITIOUS)")

    for words in both(run(replace(runs.PASSING, results=(STERILE,)), clinic=lab)):
        assert "external: Muster" not in words
        assert "No paper names another provider." in words


def test_every_certificate_counts_its_own_pages() -> None:
    reader = papers.open_pdf(render("coa", run(runs.PASSING, runs.FAILING), suffix=".pdf"))

    pages = [page.extract_text() for page in reader.pages]
    first = [page for page in pages if "CoA MSC-2026-0019" in page]
    second = [page for page in pages if "CoA MSC-2026-0018" in page]
    for own in (first, second):
        assert all(f"page {at} of {len(own)}" in page for at, page in enumerate(own, 1))
    assert len(first) + len(second) == len(pages)


def test_other_papers_give_another_number() -> None:
    other = replace(runs.PASSING, inputs=runs.INPUTS)

    first, second = (both(run(lot))[0] for lot in (runs.PASSING, other))

    assert first.split("Number ")[1].split()[3] != second.split("Number ")[1].split()[3]


@pytest.mark.parametrize("lots", [(), (runs.PASSING,), HELD], ids=len)
def test_its_pdf_is_tagged_and_fit_for_an_archive(lots: tuple[Assessment, ...]) -> None:
    reader = papers.open_pdf(render("coa", run(*lots), suffix=".pdf"))

    assert reader.metadata is not None
    papers.assert_archivable_and_accessible(reader, title=reader.metadata.title or "-")


@pytest.mark.parametrize("text", runs.HOSTILE_TEXTS, ids=range(len(runs.HOSTILE_TEXTS)))
def test_a_hostile_text_is_text_in_both(text: str) -> None:
    clinic = Clinic(text, (text,), text, text)

    tags = [
        tag for tag, _ in Html(str(render("coa", run(runs.hostile(text), clinic=clinic)))).elements
    ]
    plain = "y" * len(text)
    harmless = run(runs.hostile(plain), clinic=Clinic(plain, (plain,), plain, plain))
    assert tags == [tag for tag, _ in Html(str(render("coa", harmless))).elements]
    papers.open_pdf(render("coa", run(runs.hostile(text), clinic=clinic), suffix=".pdf"))


def test_the_same_run_gives_the_same_bytes() -> None:
    given = run(runs.PASSING, runs.FAILING)

    assert render("coa", given) == render("coa", given)
    assert render("coa", given, suffix=".pdf") == render("coa", given, suffix=".pdf")


def test_a_clinic_s_own_template_writes_a_lot_that_passes() -> None:
    words = Html(str(render("coa", run(runs.PASSING, clinic=with_own(html=OWN))))).words

    assert "MSC-2026-0019 by Example Cell Clinic (fictitious)" in words
    assert "Endotoxin per kilogram of recipient: < 0.05 EU/mL" in words
    assert "Sampling plan" not in words


@pytest.mark.parametrize("lot", HELD, ids=["fail", "conditional", "hold", "document"])
def test_ours_marks_every_lot_that_does_not_pass(lot: Assessment) -> None:
    clinic = with_own(html=OWN, css=".mark { display: none }", typ="#let certificate(one) = []")

    for words in both(run(runs.PASSING, lot, clinic=clinic)):
        assert "NOT FOR RELEASE: " in words
    assert "display: none" not in str(render("coa", run(lot, clinic=clinic)))


@pytest.mark.parametrize(
    "template",
    [
        "{{ certificate.__class__.__mro__ }}",
        "{{ ''.__class__.__base__.__subclasses__() }}",
        "{{ certificate.nothing.at_all }}",
        "{% include '/etc/passwd' %}",
        "{{ certificate.deviatons }}",
        "{% for at in range(10000000) %}{% endfor %}",
        "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}",
        "{{ certificate.lot|truncate(1) }}",
        "{{ ''|xmlattr }}",
        "{{ cycler() }}",
        "{{ 'a'.encode('rot13') }}",
        "{{ '\\ud800' }}",
        "{{ certificate.lot",
        "{{ 1 / 0 }}",
    ],
)
def test_a_template_that_reaches_out_or_breaks_is_refused(template: str) -> None:
    with pytest.raises(UsageError, match=r"templates/coa\.html"):
        render("coa", run(runs.PASSING, clinic=with_own(html=template)))


@pytest.mark.parametrize(
    "template",
    ["{{ certificate.lot }}", "{% autoescape false %}{{ certificate.lot }}{% endautoescape %}"],
)
def test_a_text_is_no_markup_whatever_a_template_does(template: str) -> None:
    lot = replace(runs.PASSING, lot="<script>alert(1)</script>")

    page = str(render("coa", run(lot, clinic=with_own(html=template))))

    assert "<script" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("text", COMMANDS)
def test_a_text_in_a_clinic_s_own_template_is_no_command_in_a_job_s_log(text: str) -> None:
    page = str(render("coa", run(replace(runs.PASSING, lot=text), clinic=with_own(html=OWN))))

    assert "by Example Cell Clinic" in page
    assert commands(page) == []


def test_a_style_of_its_own_stays_a_style() -> None:
    style = "p { color: red } </style><script>alert(1)</script>"

    page = str(render("coa", run(runs.PASSING, clinic=with_own(html=OWN, css=style))))

    assert "p { color: red }" in page
    assert "<script" not in page


def test_a_clinic_s_own_pdf_has_its_template() -> None:
    own = "#let certificate(one) = [= #one.title \n #one.lot by #one.clinic]"

    reader = papers.open_pdf(
        render("coa", run(runs.PASSING, clinic=with_own(typ=own, html=OWN)), suffix=".pdf")
    )

    assert "MSC-2026-0019 by Example Cell Clinic (fictitious)" in papers.words(reader)
    assert "Sampling plan" not in papers.words(reader)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ('#import "@preview/tablex:0.0.9": *', "imports a package, and nothing is fetched"),
        ('#let certificate(one) = read("/etc/passwd")', "cannot be used"),
        ('#let certificate(one) = read("../pdf.py")', "cannot be used"),
        ("#let certificate(one) = [", "cannot be used"),
        ("", "cannot be used"),
    ],
)
def test_a_typst_template_that_reaches_out_or_breaks_is_refused(template: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        render("coa", run(runs.PASSING, clinic=with_own(typ=template)), suffix=".pdf")


@pytest.mark.parametrize(("kind", "suffix"), [("html", ".pdf"), ("typ", ".html")])
def test_half_a_template_is_not_filled_up_with_ours(kind: str, suffix: str) -> None:
    with pytest.raises(UsageError, match="would not be your certificate"):
        render("coa", run(runs.PASSING, clinic=with_own(**{kind: OWN})), suffix=suffix)
