"""A waiver changes exactly what it names, stays visible, and gives no evidence."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path

import pytest
from contracts import held_to
from lots import (
    LABORATORY,
    assess,
    criterion,
    manifest,
    outcome,
    row,
    slugs,
    specification,
    table,
    write_lot,
)

from qcvalidate.assessment import (
    Assessment,
    CriterionResult,
    Evidence,
    ExitStatus,
    Importance,
    Outcome,
    Run,
    Verdict,
)
from qcvalidate.record import Finding, Place, Severity
from qcvalidate.reports import console
from qcvalidate.reports import html as html_report
from qcvalidate.reports import json as json_report
from qcvalidate.rules import rule, rules
from qcvalidate.waivers import Judged, read_waivers, waived

DAY = dt.date(2026, 4, 20)
SPEC = specification(
    criterion("viability", 'at_least: "70"', "%"),
    criterion("gram_stain", "one_of: [negative]"),
)
ENTRY = {
    "rule": "301",
    "criterion": "viability",
    "reason": "autologous, no second harvest possible",
    "approver": "A. Person, Qualified Person",
    "deviation": "DEV-2026-014",
    "approved": "2026-04-20",
    "expires": "2026-04-27",
    "observed": "68 %",
}


def entry(**changed: str | None) -> str:
    held = {**ENTRY, **changed}
    if held["criterion"] is None and "observed" not in changed:
        held["observed"] = None
    kept = {key: value for key, value in held.items() if value is not None}
    return "- " + "\n  ".join(f"{key}: {json.dumps(value)}" for key, value in kept.items()) + "\n"


def lot(
    folder: Path,
    waivers: str | None,
    viability: str = "68",
    gram: str = "negative",
    spec: str = SPEC,
) -> Assessment:
    files: dict[str, str | bytes] = {
        "r.csv": table(row("viability", viability, "%"), row("gram_stain", gram))
    }
    if waivers is not None:
        files["waivers.yaml"] = waivers
    return assess(write_lot(folder / "L-1", files), spec, as_of=DAY)


def found(assessment: Assessment, slug: str) -> Finding:
    (one,) = [each for each in assessment.findings if each.slug == slug]
    return one


def test_without_a_waiver_the_lot_fails(tmp_path: Path) -> None:
    assert lot(tmp_path, None).verdict is Verdict.FAIL


@pytest.mark.parametrize("name", ["301", "viability-below-limit"])
def test_a_waiver_turns_the_named_failure_into_a_waived_one(tmp_path: Path, name: str) -> None:
    assessment = lot(tmp_path, entry(rule=name))

    result = outcome(assessment, "viability")
    assert assessment.verdict is Verdict.PASS
    assert assessment.exit_status is ExitStatus.PASS
    assert (result.outcome, result.original) == (Outcome.WAIVED, Outcome.FAIL)
    assert "DEV-2026-014" in result.reason
    assert len(assessment.waivers) == 1


def test_every_report_says_that_the_verdict_leans_on_a_waiver(tmp_path: Path) -> None:
    run = Run(DAY, "1", (lot(tmp_path, entry()),))

    said = held_to("assessment", json_report.render(run))["lots"][0]
    assert said["verdict_in_words"] == "PASS with 1 waiver"
    assert said["waivers"][0]["approver"] == ENTRY["approver"]
    assert said["criteria"][0]["waived"] == {"original": "FAIL", "deviation": "DEV-2026-014"}
    assert "PASS with 1 waiver" in console.render(run)
    assert "PASS with 1 waiver" in html_report.render(run)


def test_the_waivers_are_an_input_with_their_hash(tmp_path: Path) -> None:
    assessment = lot(tmp_path, entry())

    digests = {source.path: source.sha256 for source in assessment.inputs}
    assert digests["waivers.yaml"] == hashlib.sha256(entry().encode()).hexdigest()


@pytest.mark.parametrize(
    ("as_of", "verdict", "slug"),
    [
        (dt.date(2026, 4, 19), Verdict.FAIL, "waiver-not-valid-yet"),
        (dt.date(2026, 4, 20), Verdict.PASS, None),
        (dt.date(2026, 4, 27), Verdict.PASS, None),
        (dt.date(2026, 4, 28), Verdict.FAIL, "waiver-expired"),
    ],
)
def test_a_waiver_counts_on_its_days(
    tmp_path: Path, as_of: dt.date, verdict: Verdict, slug: str | None
) -> None:
    lot(tmp_path, entry())

    assessment = assess(tmp_path / "L-1", SPEC, as_of=as_of)

    assert assessment.verdict is verdict
    assert slug is None or found(assessment, slug).severity is Severity.HOLD


@pytest.mark.parametrize(
    ("changed", "slug", "says"),
    [
        ({"rule": "viability-below-limt"}, "waiver-unknown", "nearest: viability-below-limit"),
        ({"criterion": "viabilty"}, "waiver-unknown", "did you mean 'viability'"),
        ({"criterion": None}, "waiver-unknown", "it is one of viability"),
        ({"criterion": "gram_stain"}, "waiver-unknown", "is a rule of viability"),
        ({"rule": "unsigned"}, "waiver-unknown", "leave the criterion out"),
        ({"rule": "304"}, "waiver-forbidden", "a waiver is no evidence"),
        ({"rule": "501"}, "waiver-forbidden", "may infect"),
        ({"rule": "203", "criterion": None}, "waiver-forbidden", "nobody can waive"),
        ({"observed": "67 %"}, "waiver-misfit", "'68 %'"),
        ({"document": "r.csv"}, "waiver-misfit", "leave the document out"),
    ],
)
def test_an_unusable_waiver_is_told_and_changes_nothing(
    tmp_path: Path, changed: dict[str, str | None], slug: str, says: str
) -> None:
    assessment = lot(tmp_path, entry(**changed))

    assert says in found(assessment, slug).message
    assert found(assessment, slug).severity is Severity.HOLD
    assert outcome(assessment, "viability").outcome is Outcome.FAIL
    assert assessment.verdict is Verdict.FAIL


def test_an_unusable_waiver_holds_a_lot_that_would_pass(tmp_path: Path) -> None:
    assert lot(tmp_path, entry(criterion="viabilty"), viability="80").verdict is Verdict.HOLD


def test_a_waiver_that_was_not_needed_warns(tmp_path: Path) -> None:
    assessment = lot(tmp_path, entry(), viability="80")

    assert found(assessment, "waiver-unused").severity is Severity.WARNING
    assert assessment.verdict is Verdict.PASS
    assert assessment.waivers == ()


def test_of_two_waivers_for_one_thing_none_counts(tmp_path: Path) -> None:
    assessment = lot(tmp_path, entry() + entry(rule="viability-below-limit", deviation="DEV-2"))

    assert slugs(assessment) == {"waiver-duplicate"}
    assert assessment.verdict is Verdict.FAIL


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rule: 301",
        "[]",
        *(entry(**{key: None}) for key in ENTRY if key not in ("criterion", "observed")),
        entry(reason=" "),
        entry(expires="2026-02-30"),
        entry(expires="2026-04-19"),
        entry(waives="all"),
    ],
)
def test_a_file_that_cannot_be_used_holds_the_lot_as_one_of_integrity(
    tmp_path: Path, text: str
) -> None:
    assessment = lot(tmp_path, text, viability="80")

    assert slugs(assessment) == {"waivers-unusable"}
    assert assessment.verdict is Verdict.HOLD
    assert assessment.exit_status is ExitStatus.INTEGRITY
    assert "waivers.yaml" in {source.path for source in assessment.inputs}


def test_growth_cannot_be_waived(tmp_path: Path) -> None:
    waiver = entry(rule="511", criterion="gram_stain")

    assessment = lot(tmp_path, waiver, viability="80", gram="positive")

    assert slugs(assessment) == {"waiver-forbidden"}
    assert assessment.verdict is Verdict.FAIL


@pytest.mark.parametrize("viability", ["", "not tested", "pending"])
def test_what_is_missing_or_open_cannot_be_waived(tmp_path: Path, viability: str) -> None:
    every = "".join(entry(rule=str(code)) for code in range(301, 310))

    assessment = lot(tmp_path, every, viability=viability)

    assert assessment.verdict is Verdict.HOLD
    assert assessment.waivers == ()


def test_a_preliminary_failure_cannot_be_waived(tmp_path: Path) -> None:
    files = table(row("viability", "68", "%", status="preliminary"), row("gram_stain", "negative"))
    folder = write_lot(tmp_path / "L-1", {"r.csv": files, "waivers.yaml": entry()})

    assessment = assess(folder, SPEC, as_of=DAY)

    assert "open besides" in found(assessment, "waiver-misfit").message
    assert assessment.verdict is Verdict.FAIL


def test_a_failure_beside_an_open_result_cannot_be_waived(tmp_path: Path) -> None:
    rows = [row("viability", "68", "%"), row("viability", "", "%"), row("gram_stain", "negative")]
    folder = write_lot(tmp_path / "L-1", {"r.csv": table(*rows), "waivers.yaml": entry()})

    assessment = assess(folder, SPEC, as_of=DAY)

    assert "blank" in found(assessment, "waiver-misfit").message
    assert assessment.verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("observed", "verdict"),
    [(None, Verdict.FAIL), (["68 %"], Verdict.FAIL), (["68 %", "41 %"], Verdict.PASS)],
)
def test_of_several_failures_each_must_be_named(
    tmp_path: Path, observed: list[str] | None, verdict: Verdict
) -> None:
    rows = [row("viability", "68", "%"), row("viability", "41", "%"), row("gram_stain", "negative")]
    text = entry(observed=None) + (f"  observed: {json.dumps(observed)}\n" if observed else "")
    folder = write_lot(tmp_path / "L-1", {"r.csv": table(*rows), "waivers.yaml": text})

    assessment = assess(folder, SPEC, as_of=DAY)

    assert assessment.verdict is verdict
    if verdict is Verdict.FAIL:
        assert "'68 %', '41 %'" in found(assessment, "waiver-misfit").message


@pytest.mark.parametrize(
    ("measured_at", "verdict"),
    [("", Verdict.FAIL), ("2026-04-20 09:00", Verdict.PASS), ("2026-04-21 09:00", Verdict.FAIL)],
)
def test_a_result_that_nothing_dates_must_be_the_observed_one(
    tmp_path: Path, measured_at: str, verdict: Verdict
) -> None:
    # On the day of the approval it was 68 %; the table was written anew since.
    rows = [row("viability", "41", "%", measured_at=measured_at), row("gram_stain", "negative")]
    files = {"r.csv": table(*rows), "waivers.yaml": entry(observed=None)}

    assessment = assess(write_lot(tmp_path / "L-1", files), SPEC, as_of=dt.date(2026, 4, 21))

    assert assessment.verdict is verdict
    if not measured_at:
        said = found(assessment, "waiver-misfit").message
        assert "under `observed` which result it is for ('41 %')" in said


def test_a_waived_criterion_does_not_fulfil_the_staged_plan(tmp_path: Path) -> None:
    spec = """
id: mine
version: 1.0.0
title: Mine
staged_release: {plan: wait, requires: [viability], call: the physician, reference: SOP 1}
criteria:
  - {id: viability, title: V, test: viability, unit: "%", accept: {at_least: "70"},
     reference: SOP 1, severity: blocking}
  - {id: sterility, title: S, test: sterility, accept: {one_of: [negative]},
     evidence: {min_days: "14"}, reference: SOP 1, severity: pending_allowed}
"""
    rows = [
        row("viability", "68", "%"),
        row("sterility", "pending", status="preliminary", started="2026-04-18"),
    ]
    folder = write_lot(tmp_path / "L-1", {"r.csv": table(*rows), "waivers.yaml": entry()})

    assert assess(folder, spec, as_of=DAY).verdict is Verdict.HOLD


EXPIRED = manifest().replace("cryopreserved: false", "cryopreserved: false, expires: 2026-04-19")
LOT_EXPIRED = entry(rule="lot-expired", criterion=None)


def test_a_formal_finding_is_waived_and_stays_visible(tmp_path: Path) -> None:
    rows = table(row("viability", "80", "%"), row("gram_stain", "negative"))
    files: dict[str, str | bytes] = {"r.csv": rows, "waivers.yaml": LOT_EXPIRED}
    folder = write_lot(tmp_path / "L-1", files, EXPIRED)

    assessment = assess(folder, SPEC, as_of=DAY)

    told = found(assessment, "lot-expired")
    assert (told.severity, told.original) == (Severity.WAIVED, Severity.HOLD)
    assert assessment.verdict is Verdict.PASS
    said = held_to("assessment", json_report.render(Run(DAY, "1", (assessment,))))["lots"][0]
    assert said["findings"][0]["waived"]["original"] == "hold"
    assert said["verdict_in_words"] == "PASS with 1 waiver"


def unsigned(*papers: str) -> tuple[Finding, ...]:
    words = "names nobody who authorised it"
    return tuple(Finding("unsigned", Severity.HOLD, words, Place(paper)) for paper in papers)


def held(tmp_path: Path, text: str, findings: tuple[Finding, ...], **issued: dt.date) -> Judged:
    path = tmp_path / "waivers.yaml"
    path.write_text(text, encoding="utf-8")
    waivers, _ = read_waivers(path, LABORATORY.catalogue)
    papers = {f"{name}.pdf": day for name, day in issued.items()}
    return waived(waivers, Judged((), findings, {}, papers, {}, DAY))


@pytest.mark.parametrize(
    ("document", "waived_papers"), [(None, []), ("a.pdf", ["a.pdf"]), ("c.pdf", [])]
)
def test_a_waiver_is_of_one_paper(
    tmp_path: Path, document: str | None, waived_papers: list[str]
) -> None:
    text = entry(rule="804", criterion=None, document=document)

    after = held(tmp_path, text, unsigned("a.pdf", "b.pdf"))

    papers = [one.place.path for one in after.findings if one.severity is Severity.WAIVED]
    assert papers == waived_papers


@pytest.mark.parametrize(("day", "counts"), [(20, True), (21, False)])
def test_a_waiver_is_not_older_than_its_paper(tmp_path: Path, day: int, counts: bool) -> None:
    text = entry(rule="804", criterion=None, expires="2026-12-31")

    after = held(tmp_path, text, unsigned("a.pdf"), a=dt.date(2026, 4, day))

    assert (after.findings[0].severity is Severity.WAIVED) is counts
    assert counts or after.findings[1].slug == "waiver-not-valid-yet"


@pytest.mark.parametrize(("day", "verdict"), [("20", Verdict.PASS), ("21", Verdict.FAIL)])
def test_a_waiver_is_not_older_than_its_result(tmp_path: Path, day: str, verdict: Verdict) -> None:
    rows = [
        row("viability", "68", "%", measured_at=f"2026-04-{day} 09:00"),
        row("gram_stain", "negative"),
    ]
    folder = write_lot(tmp_path / "L-1", {"r.csv": table(*rows), "waivers.yaml": entry()})

    assert assess(folder, SPEC, as_of=dt.date(2026, 4, 21)).verdict is verdict


CERTIFICATE = """Certificate of Analysis

Laboratory: Nonesuch Laboratories
Lot number: L-1
Date of issue: 2026-04-20
Authorised by: A. Person

Test          Specification        Result                  Verdict
Viability     >= 70 %              68 %                    Fail
Gram stain    No organisms seen    No organisms seen       {verdict}
"""


@pytest.mark.parametrize(("gram", "verdict"), [("Pass", Verdict.PASS), ("Fail", Verdict.HOLD)])
def test_the_laboratorys_own_verdict_on_the_waived_row_alone_is_waived_with_it(
    tmp_path: Path, gram: str, verdict: Verdict
) -> None:
    files: dict[str, str | bytes] = {
        "c.txt": CERTIFICATE.format(verdict=gram),
        "waivers.yaml": entry(),
    }

    assessment = assess(write_lot(tmp_path / "L-1", files), SPEC, as_of=DAY)

    assert assessment.verdict is verdict
    assert outcome(assessment, "viability").outcome is Outcome.WAIVED
    assert found(assessment, "laboratory-verdict-failed" if gram == "Pass" else "row-conflict")


@pytest.mark.parametrize(
    ("region", "severity"),
    [
        ("40,100,500,112", Severity.WAIVED),  # the row around the result
        ("40,120,500,132", Severity.HOLD),  # the row below
        (None, Severity.HOLD),  # the whole page
        ("row 4", Severity.HOLD),
    ],
)
def test_on_a_page_the_row_is_the_box_around_the_result(
    tmp_path: Path, region: str | None, severity: Severity
) -> None:
    failed = CriterionResult(
        id="viability",
        code=301,
        slug="viability-below-limit",
        title="Viability",
        outcome=Outcome.FAIL,
        importance=Importance.BLOCKING,
        observed="68 %",
        limit="at least 70 %",
        unit="%",
        reason="68 %",
        reference="SOP 1",
        evidence=(Evidence(Place("c.pdf", 1, "200,100,240,112"), "68 %"),),
        failing=("68 %",),
    )
    theirs = Finding(
        "laboratory-verdict-failed", Severity.HOLD, "failed", Place("c.pdf", 1, region)
    )
    path = tmp_path / "waivers.yaml"
    path.write_text(entry(), encoding="utf-8")
    waivers, _ = read_waivers(path, LABORATORY.catalogue)
    families = {"viability": frozenset(["viability"])}

    after = waived(waivers, Judged((failed,), (theirs,), families, {}, {}, DAY))

    assert after.results[0].outcome is Outcome.WAIVED
    assert after.findings[0].severity is severity


MAY_BE_WAIVED = {
    *("viability-below-limit", "count-out-of-limits", "dose-out-of-limits", "volume-out-of-limits"),
    *("endotoxin-above-limit", "appearance-not-met"),
    *("phenotype-out-of-limits", "acquisition-out-of-limits"),
    *("unsigned", "signed-before-completion", "lot-expired"),
    *("signature-required", "strategy-unapproved"),
}


@pytest.mark.parametrize("slug", sorted(one.slug for one in rules()))
def test_only_what_is_named_here_can_ever_be_waived(tmp_path: Path, slug: str) -> None:
    known = rule(slug)
    kept = None if known.family is None else "viability"
    finding = Finding(slug, Severity.HOLD, "told", Place("a.pdf"))

    after = held(tmp_path, entry(rule=slug, criterion=kept), (finding,))

    forbidden = "waiver-forbidden" in {one.slug for one in after.findings[1:]}
    assert forbidden is (slug not in MAY_BE_WAIVED)
