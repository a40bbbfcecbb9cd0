"""Absolute counts of a lot: beads, an acquired volume, two platforms; and what holds each."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from fcs_writer import fcs_bytes
from gating_ml import dimension, gating_ml, rectangle
from lots import (
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

from qcvalidate.assessment import Assessment, Outcome, Run, Verdict
from qcvalidate.errors import SpecificationError
from qcvalidate.record import Severity
from qcvalidate.reports import render

NAMES = ("FSC-A", "SSC-A", "FITC-A", "PE-A", "APC-A")
MARKERS = {"$P3S": "CD45", "$P4S": "CD34", "LOT": "L-1", "$DATE": "16-MAR-2026"}
CELLS = "[Leukocytes, CD34+]"
BEADS = f"""
absolute_counts:
  cd34_absolute: {{method: beads, cells: {CELLS}, beads: [Beads]}}
"""
VOLUMETRIC = f"""
absolute_counts:
  cd34_absolute: {{method: volumetric, cells: {CELLS}, dilution: "2"}}
"""
DECLARED = """
counting:
  flow/tube.fcs:
    beads: {lot: "23-101", per_test: "49850", expires: 2026-03-16}
    sample_volume_uL: "100"
    dilution: "1"
"""
COUNT = criterion("cd34_absolute", "at_least: '30'", "cells/uL")


def events(cells: int = 100, beads: int = 1000, both: int = 0) -> np.ndarray:
    """Draw leukocytes without CD34, CD34+ cells, beads, and beads that look like CD34+ cells."""
    kinds = ((500, 10, 900, 5, 10), (500, 10, 400, 900, 10), (900, 900, 5, 5, 5000))
    parts = [np.tile(kind, (n, 1)) for kind, n in zip(kinds, (300, cells, beads), strict=True)]
    return np.vstack([*parts, np.tile((500, 10, 400, 900, 5000), (both, 1))])


def strategy(marker: str = "FITC-A", own: str = "PE-A", parent: str | None = "Leukocytes") -> bytes:
    return gating_ml(
        rectangle("Leukocytes", dimension(marker, low=100)),
        rectangle("CD34+", dimension(own, low=100), parent=parent),
        rectangle("Beads", dimension("APC-A", low=1000)),
    )


def judged(
    tmp_path: Path,
    *,
    counts: str = BEADS,
    declared: str = DECLARED,
    drawn: np.ndarray | None = None,
    gates: bytes | None = None,
    keywords: Mapping[str, str] | None = None,
    without: tuple[str, ...] = (),
    limits: str = COUNT,
    **more: str,
) -> Assessment:
    files: dict[str, str | bytes] = {
        "flow/tube.fcs": fcs_bytes(
            events() if drawn is None else drawn,
            NAMES,
            keywords={**MARKERS, **(keywords or {})},
            without=without,
        ),
        "flow/gates.xml": gates or strategy(),
        **more,
    }
    lot = write_lot(tmp_path / "L-1", files, manifest() + declared)
    return assess(lot, specification(limits) + counts)


def said(found: Assessment, slug: str) -> str:
    (one,) = [one for one in found.findings if one.slug == slug]
    assert one.severity is Severity.HOLD
    return one.message


def test_a_count_by_beads_is_the_published_one(tmp_path: Path) -> None:
    found = judged(tmp_path)

    assert found.verdict is Verdict.PASS
    result = outcome(found, "cd34_absolute")
    # 100 cells x 49850 / (1000 beads x 100 uL), within 40.17 to 61.28.
    assert result.observed is not None
    assert result.observed.startswith("49.85 cells/uL (100 cells and 1000 beads of lot 23-101")
    (evidence,) = result.evidence
    assert str(evidence.place) == "flow/tube.fcs gate Leukocytes/CD34+"


def test_a_count_is_told_for_the_report(tmp_path: Path) -> None:
    (count,) = judged(tmp_path).cell_counts

    assert (count.test, count.population) == ("cd34_absolute", "Leukocytes/CD34+")
    assert (count.cells, count.beads, count.bead_population) == (100, 1000, "Beads")
    assert count.interval == pytest.approx((40.17, 61.28), abs=0.005)
    assert count.stated == (
        "beads of lot 23-101, expiry 2026-03-16",
        "49850 beads in a test of 100 uL",
        "undiluted",
    )


def test_a_count_stands_in_the_report_for_machines(tmp_path: Path) -> None:
    runs = [judged(tmp_path / "1"), judged(tmp_path / "2", drawn=events(beads=20))]
    report = json.loads(render("json", Run(dt.date(2026, 3, 30), "0", tuple(runs))))

    schema = Path(__file__).parents[1] / "schemas" / "assessment.schema.json"
    jsonschema.validate(report, json.loads(schema.read_text(encoding="utf-8")))
    (count,), (refused,) = (lot["cell_counts"] for lot in report["lots"])
    assert (count["value"], count["cells"], count["beads"]) == (49.85, 100, 1000)
    assert (count["ci_low"], count["ci_high"]) == pytest.approx((40.17, 61.28), abs=0.005)
    assert refused["value"] is None
    assert "holds 20 beads" in refused["refused"]


def test_a_count_that_is_refused_is_told_with_its_reason(tmp_path: Path) -> None:
    found = judged(tmp_path, drawn=events(beads=20))

    (count,) = found.cell_counts
    assert count.value is None
    assert "holds 20 beads; at least 1000 are needed" in count.refused
    page = render("html", Run(dt.date(2026, 3, 30), "0", (found,)))
    assert "Not counted:</strong> Beads holds 20 beads" in page


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        ("40.1", Outcome.PASS),
        ("40.3", Outcome.ALERT),
        ("49.8", Outcome.ALERT),
        ("50.0", Outcome.FAIL),
    ],
)
def test_an_interval_that_reaches_over_the_limit_alerts(
    tmp_path: Path, limit: str, expected: Outcome
) -> None:
    limits = criterion("cd34_absolute", f"at_least: '{limit}'", "cells/uL")

    assert outcome(judged(tmp_path, limits=limits), "cd34_absolute").outcome is expected


def test_the_interval_is_converted_with_the_value(tmp_path: Path) -> None:
    # 49.85 per uL in 100 mL for 70 kg are 7.12e4 per kg; the lower end is 5.74e4.
    def found(name: str, limit: str) -> Outcome:
        limits = criterion("cd34_absolute", f"at_least: '{limit}'", "cells/kg")
        return outcome(judged(tmp_path / name, limits=limits), "cd34_absolute").outcome

    assert found("a", "5.7e4") is Outcome.PASS
    assert found("b", "5.8e4") is Outcome.ALERT
    assert found("c", "7.2e4") is Outcome.FAIL


def test_a_declared_error_widens_the_interval(tmp_path: Path) -> None:
    limits = criterion("cd34_absolute", "at_least: '40.1'", "cells/uL")
    counts = BEADS.replace("beads: [Beads]", 'beads: [Beads], volume_cv_percent: "10"')

    found = judged(tmp_path, limits=limits, counts=counts)

    assert outcome(found, "cd34_absolute").outcome is Outcome.ALERT
    assert "count-error-undeclared" in slugs(found)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('lot: "23-101", ', "", "the lot of the beads"),
        ('per_test: "49850", ', "", "the number of beads in a test"),
        (", expires: 2026-03-16", "", "when the beads expire"),
        ('    sample_volume_uL: "100"\n', "", "the volume of sample"),
        ('    dilution: "1"\n', "", "the dilution"),
        ("flow/tube.fcs", "flow/other.fcs", "the lot of the beads (beads.lot) and the number"),
    ],
)
def test_what_is_not_declared_is_named_and_holds(
    tmp_path: Path, old: str, new: str, named: str
) -> None:
    assert old in DECLARED

    found = judged(tmp_path, declared=DECLARED.replace(old, new))

    assert found.verdict is Verdict.HOLD
    assert named in said(found, "count-undeclared")
    assert outcome(found, "cd34_absolute").outcome is Outcome.MISSING


def test_the_specification_may_fix_what_the_method_fixes(tmp_path: Path) -> None:
    fixed = BEADS.replace("beads: [Beads]", 'beads: [Beads], sample_volume_uL: "100"')
    alike = judged(tmp_path / "a", counts=fixed)
    alone = judged(
        tmp_path / "b", counts=fixed, declared=DECLARED.replace('    sample_volume_uL: "100"\n', "")
    )
    unlike = judged(tmp_path / "c", counts=fixed.replace('"100"', '"50"'))

    assert alike.verdict is alone.verdict is Verdict.PASS
    assert unlike.verdict is Verdict.HOLD
    assert "sample volume uL 50, and lot.yaml 100" in said(unlike, "count-declared-twice")


@pytest.mark.parametrize(("beads", "enough"), [(1000, True), (999, False), (0, False)])
def test_a_count_rests_on_enough_beads(tmp_path: Path, beads: int, enough: bool) -> None:
    found = judged(tmp_path, drawn=events(cells=200, beads=beads))

    assert (found.verdict is Verdict.PASS) is enough
    if not enough:
        assert f"holds {beads} beads; at least 1000" in said(found, "beads-too-few")


def test_the_specification_says_how_many_beads_are_enough(tmp_path: Path) -> None:
    fewer = BEADS.replace("beads: [Beads]", 'beads: [Beads], min_beads: "100"')

    assert judged(tmp_path, counts=fewer, drawn=events(beads=100)).verdict is Verdict.PASS


def test_a_bead_among_the_cells_holds(tmp_path: Path) -> None:
    found = judged(tmp_path, drawn=events(both=1))

    assert found.verdict is Verdict.HOLD
    assert "1 events of Leukocytes/CD34+ are in Beads too" in said(found, "beads-among-cells")


def test_a_bead_among_the_cells_of_a_percentage_holds(tmp_path: Path) -> None:
    share = f"populations:\n  cd34_positive: {{of: [Leukocytes], is: {CELLS}}}\n"
    limits = criterion("cd34_positive", "at_least: '1'", "%")

    clean = judged(tmp_path / "a", counts=BEADS + share, limits=limits)
    soiled = judged(tmp_path / "b", counts=BEADS + share, limits=limits, drawn=events(both=2))

    assert clean.verdict is Verdict.PASS
    assert soiled.verdict is Verdict.HOLD
    assert "beads-among-cells" in slugs(soiled)


@pytest.mark.parametrize(
    ("day", "words"),
    [("17-MAR-2026", "expired 2026-03-16"), ("16/03/26", "nobody can tell"), ("", "no $DATE")],
)
def test_expired_beads_hold(tmp_path: Path, day: str, words: str) -> None:
    without = () if day else ("$DATE",)

    found = judged(tmp_path, keywords={"$DATE": day or "x"}, without=without)

    assert found.verdict is Verdict.HOLD
    assert words in said(found, "beads-expired")


def test_a_strategy_without_a_gate_of_beads_holds(tmp_path: Path) -> None:
    gates = gating_ml(
        rectangle("Leukocytes", dimension("FITC-A", low=100)),
        rectangle("CD34+", dimension("PE-A", low=100), parent="Leukocytes"),
    )

    found = judged(tmp_path, gates=gates)

    assert found.verdict is Verdict.HOLD
    assert "no gate defines its beads, Beads" in said(found, "population-missing")


def test_a_count_on_another_antigen_holds(tmp_path: Path) -> None:
    found = judged(tmp_path, gates=strategy(own="FSC-A"), drawn=events())

    assert found.verdict is Verdict.HOLD
    assert "none of its gates lies on CD34" in said(found, "marker-mismatch")


@pytest.mark.parametrize(("own", "verdict"), [("PE-A", Verdict.PASS), ("FSC-A", Verdict.HOLD)])
def test_a_count_of_living_cells_is_told_by_more_than_scatter(
    tmp_path: Path, own: str, verdict: Verdict
) -> None:
    gates = gating_ml(
        rectangle("Leukocytes", dimension("FSC-A", low=100, high=700)),
        rectangle("CD34+", dimension(own, low=100), parent="Leukocytes"),
        rectangle("Beads", dimension("APC-A", low=1000)),
    )
    limits = criterion("viable_cell_concentration", "at_least: '100'", "cells/mL")
    counts = BEADS.replace("cd34_absolute", "viable_cell_concentration")

    found = judged(tmp_path, gates=gates, limits=limits, counts=counts)

    assert found.verdict is verdict
    assert ("marker-mismatch" in slugs(found)) is (verdict is Verdict.HOLD)


def test_fewer_cells_than_needed_hold(tmp_path: Path) -> None:
    def found(name: str, cells: int) -> Outcome:
        more = "evidence: {min_events: '100'}"
        limits = criterion("cd34_absolute", "at_least: '1'", "cells/uL", more)
        lot = judged(tmp_path / name, limits=limits, drawn=events(cells=cells))
        return outcome(lot, "cd34_absolute").outcome

    assert found("a", 100) is Outcome.PASS
    assert found("b", 99) is Outcome.INDETERMINATE


# --- an acquired volume --------------------------------------------------------------------


def test_a_count_by_volume(tmp_path: Path) -> None:
    # 100 cells in 25.016 uL of a sample diluted twice are 7.995 per uL.
    keywords = {"$VOL": "25016", "$BTIM": "21:28:25", "$ETIM": "21:30:07"}
    limits = criterion("cd34_absolute", "at_least: '5'", "cells/uL")

    found = judged(tmp_path, counts=VOLUMETRIC, declared="", keywords=keywords, limits=limits)

    assert found.verdict is Verdict.PASS
    assert "7.99488 cells/uL (100 cells in 25.016 uL acquired" in str(
        outcome(found, "cd34_absolute").observed
    )
    (count,) = found.cell_counts
    assert count.stated == ("25.016 uL acquired, by $VOL", "diluted 2 times")
    assert count.beads is None


@pytest.mark.parametrize(
    ("volume", "words"), [("", "has no $VOL"), ("25", "without a unit"), ("3000", "without a unit")]
)
def test_an_unclear_volume_holds(tmp_path: Path, volume: str, words: str) -> None:
    keywords = {"$VOL": volume} if volume else {}

    found = judged(tmp_path, counts=VOLUMETRIC, declared="", keywords=keywords)

    assert found.verdict is Verdict.HOLD
    assert words in said(found, "acquired-volume-unclear")


def test_a_declared_unit_of_the_volume_settles_it(tmp_path: Path) -> None:
    counts = VOLUMETRIC.replace('dilution: "2"', 'dilution: "2", acquired_volume_unit: uL')
    limits = criterion("cd34_absolute", "at_least: '5'", "cells/uL")

    found = judged(tmp_path, counts=counts, declared="", keywords={"$VOL": "25"}, limits=limits)

    assert found.verdict is Verdict.PASS


# --- two platforms -------------------------------------------------------------------------

DUAL = f"""
populations:
  cd34_positive: {{of: [Leukocytes], is: {CELLS}}}
absolute_counts:
  cd34_absolute: {{method: dual_platform, share: cd34_positive, of: nucleated_cell_concentration}}
"""


def dual(tmp_path: Path, *rows: str, least: str = "9000") -> Assessment:
    limits = criterion("cd34_absolute", f"at_least: '{least}'", "cells/uL")
    return judged(
        tmp_path, counts=DUAL, declared="", limits=limits, **{"counter.csv": table(*rows)}
    )


def test_a_count_on_two_platforms_says_so(tmp_path: Path) -> None:
    # 100 of 400 leukocytes are 25 %, of 40,000 per uL.
    found = dual(tmp_path, row("nucleated_cell_concentration", "40000", "cells/uL", method="XN-20"))

    assert found.verdict is Verdict.PASS
    observed = str(outcome(found, "cd34_absolute").observed)
    assert observed.startswith("10000 cells/uL (25.00 % (100 of 400) x 40000 cells/uL")


def test_the_interval_of_the_percentage_is_that_of_the_count(tmp_path: Path) -> None:
    # Clopper-Pearson of 100 in 400 is 20.8 to 29.5 %: 8330 to 11800 per uL.
    counted = row("nucleated_cell_concentration", "40000", "cells/uL")

    assert outcome(dual(tmp_path / "a", counted), "cd34_absolute").outcome is Outcome.ALERT
    less = dual(tmp_path / "b", counted, least="8000")
    assert outcome(less, "cd34_absolute").outcome is Outcome.PASS


def test_a_percentage_without_its_concentration_holds(tmp_path: Path) -> None:
    found = dual(tmp_path, row("viability", "93", "%"))

    assert found.verdict is Verdict.HOLD
    assert "no document reports nucleated_cell_concentration" in said(
        found, "dual-platform-unclear"
    )


@pytest.mark.parametrize("result", ["> 40000", "0", "many"])
def test_a_concentration_that_is_no_number_holds(tmp_path: Path, result: str) -> None:
    found = dual(tmp_path, row("nucleated_cell_concentration", result, "cells/uL"))

    assert found.verdict is Verdict.HOLD
    assert "is no number, or not above nothing" in said(found, "dual-platform-unclear")


# --- what is declared ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (BEADS.replace(", beads: [Beads]", ""), "beads needs 'beads'"),
        (BEADS.replace("[Beads]", "[Leukocytes]"), "not kept apart"),
        (BEADS.replace("[Beads]", "[Leukocytes, CD34+, Beads]"), "not kept apart"),
        (BEADS.replace("[Beads]", '[Beads], min_beads: "0"'), "min_beads is 1 to"),
        (BEADS.replace("[Beads]", '[Beads], dilution: "0"'), "not within 1 to"),
        (BEADS.replace("[Beads]", "[Beads], share: cd34_positive"), "'share' is not of the method"),
        (BEADS.replace("cd34_absolute", "viability"), "is not in cells/uL or cells/mL"),
        (BEADS.replace("cd34_absolute", "cd34_absolut"), "is no test"),
        (DUAL.replace("share: cd34_positive", "share: endotoxin"), "is no test in %"),
        (DUAL.replace(", of: nucleated_cell_concentration", ""), "needs 'of'"),
        (f"{BEADS}gates_lie_on: {{CD99: [CD99]}}\n", "in the path of no population"),
    ],
)
def test_a_count_that_cannot_be_meant_is_refused(tmp_path: Path, counts: str, words: str) -> None:
    with pytest.raises(SpecificationError, match=words):
        judged(tmp_path, counts=counts)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"49850"', '"4"', "not within 100"),
        ("2026-03-16}", "2026-02-30}", "not a date"),
        ('"100"', '"0"', "not within 1 "),
        ('dilution: "1"', 'dilution: "0.5"', "not within 1 "),
    ],
)
def test_a_tube_that_cannot_be_meant_is_refused(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    assert old in DECLARED

    found = judged(tmp_path, declared=DECLARED.replace(old, new))

    assert found.verdict is Verdict.HOLD
    assert words in said(found, "manifest-unusable")


def test_the_value_keeps_its_digits(tmp_path: Path) -> None:
    found = judged(tmp_path, drawn=events(cells=333, beads=1001))

    # 333 x 49850 / (1001 x 100) = 165.83466
    assert str(outcome(found, "cd34_absolute").observed).startswith("165.835 cells/uL")


@pytest.mark.parametrize(
    ("day", "verdict"), [("2026-04-17", Verdict.PASS), ("2026-03-20", Verdict.HOLD)]
)
def test_two_platforms_count_on_one_day(tmp_path: Path, day: str, verdict: Verdict) -> None:
    counts = (
        "\nabsolute_counts:\n  cd34_absolute: {method: dual_platform, share: cd34_positive, "
        "of: nucleated_cell_concentration}\n"
    )
    rows = (
        row("cd34_positive", "1.0", "%", measured_at="2026-04-16T12:00:00"),
        row("nucleated_cell_concentration", "41.2", "1e3/uL", measured_at=f"{day}T12:00:00"),
    )

    found = assess(
        write_lot(tmp_path / "L-1", {"counts.csv": table(*rows)}), specification(COUNT) + counts
    )

    assert found.verdict is verdict
    assert ("dual-platform-unclear" in slugs(found)) is (verdict is Verdict.HOLD)
