"""Runs written by hand: lots that fail, pass, hold and wait, and one whose papers are hostile."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace
from decimal import Decimal

import numpy as np

from qcvalidate.assessment import (
    Assessment,
    CriterionResult,
    Evidence,
    ExitStatus,
    Importance,
    Outcome,
    Run,
    Scope,
    SpecificationIdentity,
    Verdict,
)
from qcvalidate.facts import Answer, Asked, Facts, Paper
from qcvalidate.record import Finding, GatePlot, Place, Severity, Source

AS_OF = dt.date(2026, 5, 20)
# Outcomes that no verdict waits for.
SETTLED = (Outcome.PASS, Outcome.ALERT, Outcome.NOT_APPLICABLE, Outcome.WAIVED)

MSC = SpecificationIdentity(
    id="msc-expanded-allogeneic-cryopreserved",
    version="1.0.0",
    title="Culture-expanded MSC, allogeneic, cryopreserved",
    sha256="9f1c2ab0" + "0" * 56,
)

VIABILITY = CriterionResult(
    id="viability",
    code=301,
    slug="viability-below-limit",
    title="Viability after thaw",
    outcome=Outcome.FAIL,
    importance=Importance.BLOCKING,
    observed="64.2 %",
    limit="at least 70 %",
    unit="%",
    reason="64.2 % rounds to 64 %, below the limit of 70 %",
    reference="FDA, Content and review of CMC information for somatic cell therapy INDs (2008)",
    evidence=(Evidence(Place("counts.csv", None, "row 14 “Viability (%)”"), "64.2"),),
)
STERILITY = CriterionResult(
    id="sterility",
    code=503,
    slug="sterility-final-pending",
    title="Sterility, 14 days",
    outcome=Outcome.PENDING,
    importance=Importance.PENDING_ALLOWED,
    observed="No growth at day 6",
    limit="no growth after 14 days",
    unit=None,
    reason="preliminary: day 6 of 14, no growth to date",
    reference="USP <71>; Ph. Eur. 2.6.1",
    evidence=(
        Evidence(Place("sterility.pdf", 1, "72,310.5,500,322"), "No growth at day 6"),
        Evidence(Place("sterility.pdf", 1, "72,330.5,500,342"), "Preliminary report"),
        Evidence(Place("sterility.pdf", 2, "72,80,500,92"), "No growth at day 6"),
    ),
    due=dt.date(2026, 5, 28),
)
ENDOTOXIN = CriterionResult(
    id="endotoxin",
    code=521,
    slug="endotoxin-above-limit",
    title="Endotoxin per kilogram of recipient",
    outcome=Outcome.PASS,
    importance=Importance.BLOCKING,
    observed="< 0.05 EU/mL",
    limit="at most 5.0 EU/kg",
    unit="EU/kg",
    reason="< 0.05 EU/mL x 100 mL / 70 kg is below 0.0714 EU/kg",
    reference="USP <85>",
    evidence=(Evidence(Place("endotoxin.pdf", 1, "72,200,500,212"), "< 0.05 EU/mL"),),
)
CD105 = CriterionResult(
    id="cd105",
    code=606,
    slug="phenotype-alert",
    title="CD105 positive",
    outcome=Outcome.ALERT,
    importance=Importance.BLOCKING,
    observed="95.3 %",
    limit="at least 95 %",
    unit="%",
    reason="meets the limit, but lies inside the alert limit of 97 %",
    reference="Dominici et al., Cytotherapy 8 (2006) 315",
    evidence=(Evidence(Place("flow/panel.fcs", None, "gate Cells/Singlets/CD105+"), "9530"),),
)
MYCOPLASMA = CriterionResult(
    id="mycoplasma",
    code=534,
    slug="mycoplasma-missing",
    title="Mycoplasma",
    outcome=Outcome.MISSING,
    importance=Importance.BLOCKING,
    observed=None,
    limit="not detected",
    unit=None,
    reason="no document of this lot reports a mycoplasma test",
    reference="USP <63>; Ph. Eur. 2.6.7",
)
CFU = CriterionResult(
    id="cfu-f",
    code=401,
    slug="count-out-of-limits",
    title="CFU-F",
    outcome=Outcome.FAIL,
    importance=Importance.INFORMATION,
    observed="0.5 %",
    limit="at least 1 %",
    unit="%",
    reason="0.5 % is below 1 %",
    reference="in-house",
)
OTHER_LOT = Finding(
    slug="lot-mismatch",
    severity=Severity.FAIL,
    message="the certificate says lot MSC-2026-0081, the manifest says MSC-2026-0018",
    place=Place("sterility.pdf", 1, "72,90,200,102"),
)
UNCOMPENSATED = Finding(
    slug="uncompensated",
    severity=Severity.INFORMATION,
    message="the file holds no spillover matrix; it was gated as it is",
    place=Place("flow/panel.fcs", None, "keyword $SPILLOVER"),
)
INPUTS = (
    Source("sterility.pdf", "a" * 64, "certificate", "certificates.generic"),
    Source("endotoxin.pdf", "b" * 64, "certificate", "certificates.generic"),
    Source("counts.csv", "c" * 64, "table", "exports.table"),
    Source("flow/panel.fcs", "d" * 64, "list-mode", "cytometry"),
)

FACTS = Facts(
    stated={
        "relation": "allogeneic",
        "tissue": "bone_marrow",
        "manipulation": "culture_expanded",
        "cryopreserved": "true",
        "route": "intravenous",
    },
    clinic="Example Cell Clinic (fictitious)",
    din="W0000 26 100018",
    guidance="none",
    recovered=dt.date(2026, 2, 20),
    harvested=dt.datetime(2026, 3, 16),
    thawed=dt.datetime(2026, 5, 18, 9, 5),
    volume_mL=Decimal(100),
    live_cells=Decimal("1.569e8"),
    rounding="usp",
    asked={
        "viability": Asked(("viability",), "viability"),
        "sterility": Asked(("sterility",), "sterility"),
        "endotoxin": Asked(("endotoxin",), "endotoxin"),
        "cd105": Asked(("cd105_positive",), "phenotype"),
        "mycoplasma": Asked(("mycoplasma",), "mycoplasma"),
        "cfu-f": Asked(("cfu_f",), "count", guarded=True),
    },
    papers=(
        Paper(
            "sterility.pdf",
            title="STERILITY TEST REPORT",
            laboratory="Muster Analytik GmbH (fictitious)",
            report_number="EX-ST-26-0018",
            client="Example Cell Clinic (fictitious)",
            sample_id="MSC-2026-0018-FP",
            date_sampled="2026-05-14",
            date_received="2026-05-14",
            date_issued="2026-05-20",
        ),
        Paper("endotoxin.pdf"),
        Paper("counts.csv"),
    ),
    answers=(
        Answer(
            "viability",
            "64.2",
            "%",
            "counts.csv",
            measured_at=dt.datetime(2026, 5, 18, 9, 35),
            share=Decimal("64.2"),
        ),
        Answer("viability", "66", "%", "flow/panel.fcs", share=Decimal(66)),
        Answer(
            "sterility",
            "No growth at day 6",
            None,
            "sterility.pdf",
            part="aerobic",
            method="USP <71>",
            started=dt.date(2026, 5, 14),
        ),
    ),
)


def plot(seed: int = 1) -> GatePlot:
    """Draw two clouds of cells, with a gate around the upper one."""
    random = np.random.default_rng(seed)
    cells = random.normal((0.35, 0.62), (0.06, 0.08), (14000, 2))
    debris = random.normal((0.12, 0.15), (0.05, 0.05), (5000, 2))
    x, y = np.vstack((cells, debris)).T
    counts, _, _ = np.histogram2d(y, x, bins=128, range=((0, 1), (0, 1)))
    return GatePlot(
        path="flow/panel.fcs",
        population="Cells/Singlets",
        parent="Cells",
        count=13902,
        parent_count=19000,
        x_label="FSC-A",
        y_label="SSC-A",
        x_ticks=((0.0, "0"), (0.25, "65k"), (0.5, "131k"), (0.75, "197k"), (1.0, "262k")),
        y_ticks=((0.0, "0"), (0.5, "131k"), (1.0, "262k")),
        counts=counts.astype(np.uint32),
        outlines=(((0.2, 0.4), (0.5, 0.36), (0.58, 0.8), (0.25, 0.9)),),
    )


FAILING = Assessment(
    lot="MSC-2026-0018",
    path="samples/MSC-2026-0018",
    specification=MSC,
    verdict=Verdict.FAIL,
    scope=Scope.LOT,
    results=(ENDOTOXIN, CD105, VIABILITY, STERILITY, MYCOPLASMA, CFU),
    findings=(UNCOMPENSATED, OTHER_LOT),
    inputs=INPUTS,
    due=dt.date(2026, 5, 28),
    exit_status=ExitStatus.FAIL,
    plots=(plot(),),
    facts=FACTS,
)
PASSING = Assessment(
    lot="MSC-2026-0019",
    path="samples/MSC-2026-0019",
    specification=MSC,
    verdict=Verdict.PASS,
    scope=Scope.LOT,
    results=(ENDOTOXIN, replace(CD105, outcome=Outcome.PASS)),
    findings=(),
    inputs=INPUTS[1:],
    exit_status=ExitStatus.PASS,
    facts=FACTS,
)
CONDITIONAL = replace(
    PASSING,
    lot="MSC-2026-0020",
    path="samples/MSC-2026-0020",
    verdict=Verdict.CONDITIONAL,
    results=(ENDOTOXIN, STERILITY),
    due=STERILITY.due,
    inputs=INPUTS,
    exit_status=ExitStatus.OPEN,
)
HOLDING = replace(
    PASSING,
    lot=None,
    path="samples/unnamed",
    specification=None,
    verdict=Verdict.HOLD,
    results=(),
    findings=(
        Finding(
            "manifest-unusable",
            Severity.HOLD,
            "lot.yaml is not there; without it the product is not known",
            Place("lot.yaml"),
        ),
    ),
    inputs=(),
    exit_status=ExitStatus.USAGE,
    facts=None,
)
ONE_DOCUMENT = replace(
    PASSING, scope=Scope.DOCUMENT, results=(ENDOTOXIN,), inputs=INPUTS[1:2], path="papers"
)

HOSTILE_TEXTS = (
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "\"' onmouseover=alert(1) x='",
    "\x1b[31mPASS\x1b[0m\x07\x9b2J",
    "lot \u202e8100-6202-CSM\u2066\u200b",
    "PASS\r\nLOT-2 PASS\u2028all is well\x00",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    '\t+1,2;-3\r\n"=1"',
    "::stop-commands::x ##[add-mask]FAIL %0A::error::x",
    "]]><!-- [a](javascript:alert(1)) | --> &lt;b&gt;",
    "{{ 7 * 7 }}{% raw %}",
    "\udcff\ud800 not Unicode",
    "细胞" * 60,
    "x" * 10_000,
)


def hostile(text: str) -> Assessment:
    """Put one text in every field that a document or a manifest can bring."""
    place = Place(text, 1, text)
    result = replace(
        VIABILITY,
        id=text,
        title=text,
        observed=text,
        limit=text,
        unit=text,
        reason=text,
        reference=text,
        evidence=(Evidence(place, text), Evidence(Place(text, None, "row 1"), text)),
    )
    return replace(
        FAILING,
        lot=text,
        path=text,
        specification=SpecificationIdentity(text, text, text, "f" * 64),
        results=(result,),
        findings=(Finding("lot-mismatch", Severity.FAIL, text, place),),
        inputs=(Source(text, "a" * 64, text, text),),
        facts=Facts(
            stated={"relation": text, "tissue": text, "route": text},
            clinic=text,
            din=text,
            guidance=text,
            asked={text: Asked((text,), "sterility")},
            papers=(Paper(**{one.name: text for one in fields(Paper)}),),
            answers=(Answer(text, text, text, text, text, text),),
        ),
        plots=(
            replace(
                plot(),
                path=text,
                population=text,
                parent=text,
                x_label=text,
                y_label=text,
                x_ticks=((0.5, text),),
                y_ticks=((0.5, text),),
            ),
        ),
    )


def run(*assessments: Assessment) -> Run:
    """Run on the one day that these tests know."""
    return Run(as_of=AS_OF, version="0.1.0", assessments=assessments)
