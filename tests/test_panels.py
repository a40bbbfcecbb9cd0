"""Panels: either/or pairs, cocktails, sequences and parents; on both sides of each edge."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from fcs_writer import fcs_bytes
from gating_ml import dimension, gating_ml, matrix, rectangle
from lots import (
    LABORATORY,
    assess,
    criterion,
    outcome,
    row,
    slugs,
    specification,
    table,
    write_lot,
)

from qcvalidate.assessment import Assessment, Outcome, Verdict
from qcvalidate.cytometry import read_fcs, read_strategy
from qcvalidate.cytometry.sequences import dye_of
from qcvalidate.dyes import dye_in
from qcvalidate.errors import SpecificationError
from qcvalidate.record import Severity
from qcvalidate.specification import (
    Specification,
    specification_ids,
    specification_of_product,
)

MSC = "msc-expanded-allogeneic-cryopreserved"
ISHAGE = "hpc-apheresis-ishage"
NEGATIVE = ("cd45", "cd34", "cd14", "cd79a")


def shipped(product: str) -> Specification:
    found = specification_of_product(product, LABORATORY.catalogue, LABORATORY.vocabulary)
    assert found is not None
    return found


# --- the panel of ISCT 2006 ----------------------------------------------------------------


def text_of(product: str) -> str:
    """Give a shipped specification as one of the tests' own."""
    path = specification_ids(LABORATORY.catalogue)[product]
    return path.read_text(encoding="utf-8").replace(f"id: {product}\n", "id: mine\n")


def isct(tmp_path: Path, *rows: str, product: str = MSC) -> Assessment:
    lot = write_lot(tmp_path / "L-1", {"flow.csv": table(*rows)})
    return assess(lot, text_of(product))


def markers(percent: str, *names: str) -> list[str]:
    return [row(f"{name}_positive", percent, "%") for name in names]


@pytest.mark.parametrize(("percent", "met"), [("95", True), ("94.4", False)])
def test_positive_markers(tmp_path: Path, percent: str, met: bool) -> None:
    found = isct(tmp_path, *markers(percent, "cd105", "cd73", "cd90"))

    outcomes = {outcome(found, f"{name}_positive").outcome for name in ("cd105", "cd73", "cd90")}
    assert outcomes == {Outcome.ALERT if met else Outcome.FAIL}


@pytest.mark.parametrize(("percent", "expected"), [("2", Outcome.PASS), ("3", Outcome.FAIL)])
@pytest.mark.parametrize(
    ("marker", "id_"),
    [
        ("cd45", "cd45_positive"),
        ("cd34", "cd34_positive"),
        ("cd14", "cd14_or_cd11b_positive"),
        ("cd11b", "cd14_or_cd11b_positive"),
        ("cd79a", "cd79a_or_cd19_positive"),
        ("cd19", "cd79a_or_cd19_positive"),
    ],
)
def test_negative_markers_and_either_of_a_pair(
    tmp_path: Path, marker: str, id_: str, percent: str, expected: Outcome
) -> None:
    found = isct(tmp_path, *markers(percent, marker))

    assert outcome(found, id_).outcome is expected


def test_both_of_a_pair_must_meet(tmp_path: Path) -> None:
    found = isct(tmp_path, *markers("1", "cd14"), *markers("5", "cd11b"))

    assert outcome(found, "cd14_or_cd11b_positive").outcome is Outcome.FAIL


@pytest.mark.parametrize(("percent", "expected"), [("2", Outcome.PASS), ("3", Outcome.FAIL)])
def test_a_cocktail_is_one_result_and_answers_no_marker(
    tmp_path: Path, percent: str, expected: Outcome
) -> None:
    found = isct(
        tmp_path,
        *markers("99", "cd105", "cd73", "cd90"),
        row("negative_cocktail_positive", percent, "%"),
    )

    assert outcome(found, "negative_cocktail").outcome is expected
    for id_ in ("cd45", "cd34", "cd14_or_cd11b", "cd79a_or_cd19"):
        result = outcome(found, f"{id_}_positive")
        assert result.outcome is Outcome.MISSING
        assert "reports a cocktail, which is one result" in result.reason


def test_a_cocktail_by_its_markers_names_is_one_result_too(tmp_path: Path) -> None:
    found = isct(tmp_path, row("CD45/CD34/CD14/CD19/HLA-DR", "0.4", "%"))

    assert outcome(found, "negative_cocktail").outcome is Outcome.PASS
    assert outcome(found, "cd45_positive").outcome is Outcome.MISSING
    assert outcome(found, "hla_dr_positive").outcome is Outcome.NOT_APPLICABLE


def refused(tmp_path: Path, text: str) -> str:
    lot = write_lot(tmp_path / "L-1", {"flow.csv": table(row("viability", "90", "%"))})
    with pytest.raises(SpecificationError) as error:
        assess(lot, text)
    return str(error.value)


def several(*tests: str, more: str = "") -> str:
    return criterion("cd45_positive", "at_most: '2'", "%", more).replace(
        "test: cd45_positive", f"test: [{', '.join(tests)}]"
    )


def test_a_cocktail_in_a_markers_criterion_is_refused(tmp_path: Path) -> None:
    for more in ("", "either_or: true"):
        text = specification(several("cd45_positive", "negative_cocktail_positive", more=more))
        assert "one result and never its markers" in refused(tmp_path, text)


def test_several_markers_are_a_declared_pair_or_refused(tmp_path: Path) -> None:
    text = specification(several("cd45_positive", "cd34_positive"))
    assert "the others would stay unmeasured" in refused(tmp_path, text)
    text = specification(several("cd45_positive", more="either_or: true"))
    assert "it names one" in refused(tmp_path, text)


def test_one_gate_cannot_answer_two_markers(tmp_path: Path) -> None:
    limits = [criterion(f"{name}_positive", "at_most: '2'", "%") for name in NEGATIVE]
    mapped = "".join(
        f"  {name}_positive: {{of: [Cells], is: [Cells, Lineage+]}}\n" for name in NEGATIVE
    )
    text = specification(*limits) + f"populations:\n{mapped}"

    assert "Cells/Lineage+ answers both cd45_positive and cd34_positive" in refused(tmp_path, text)


def test_every_shipped_percentage_stands_on_living_cells() -> None:
    for product in (MSC, "msc-expanded-autologous-fresh", "svf-same-day"):
        populations = shipped(product).populations
        assert {of for test, (of, _) in populations.items() if test != "viability"} == {
            ("Cells", "Singlets", "Viable")
        }


@pytest.mark.parametrize(
    ("marker", "edge", "beyond"),
    [("cd34", "21", "20"), ("cd31", "19", "20"), ("cd45", "49", "50"), ("cd90", "41", "40")],
)
def test_the_panel_of_svf(tmp_path: Path, marker: str, edge: str, beyond: str) -> None:
    def found(name: str, percent: str) -> Outcome:
        lot = isct(tmp_path / name, *markers(percent, marker), product="svf-same-day")
        return outcome(lot, f"{marker}_positive").outcome

    assert found("a", edge) is Outcome.PASS
    assert found("b", beyond) is Outcome.FAIL


# --- parents -------------------------------------------------------------------------------

PLAIN = ("FSC-A", "7AAD-A", "PE-A")
SHARE = (
    specification(criterion("cd105_positive", "at_least: '95'", "%"))
    + "populations:\n  cd105_positive: {of: [Cells, Viable], is: [Cells, Viable, CD105+]}\n"
)


def parents(tmp_path: Path, parent: str | None, *, dead: int = 100) -> Assessment:
    living, gone = (500.0, 10.0, 900.0), (500.0, 900.0, 900.0)
    events = np.vstack([np.tile(living, (200, 1)), np.tile(gone, (dead, 1))])
    gates = gating_ml(
        rectangle("Cells", dimension("FSC-A", low=100)),
        rectangle("Viable", dimension("7AAD-A", high=100), parent="Cells"),
        rectangle("CD105+", dimension("PE-A", low=100), parent=parent),
    )
    keywords = {"$P2S": "7-AAD", "$P3S": "CD105", "LOT": "L-1"}
    files: dict[str, str | bytes] = {
        "flow/tube.fcs": fcs_bytes(events, PLAIN, keywords=keywords),
        "flow/gates.xml": gates,
    }
    return assess(write_lot(tmp_path / "L-1", files), SHARE)


def test_a_share_of_the_living_cells_counts(tmp_path: Path) -> None:
    assert parents(tmp_path, "Viable").verdict is Verdict.PASS


@pytest.mark.parametrize(("parent", "named"), [(None, "all events"), ("Cells", "stands on Cells")])
def test_a_share_of_another_parent_holds(tmp_path: Path, parent: str | None, named: str) -> None:
    found = parents(tmp_path, parent)

    assert found.verdict is Verdict.HOLD
    (one,) = [one for one in found.findings if one.slug == "population-elsewhere"]
    assert one.severity is Severity.HOLD
    assert "asks for CD105+ in Cells/Viable" in one.message
    assert named in one.message


@pytest.mark.parametrize("readable", [True, False])
def test_a_gate_that_was_not_read_holds_a_test_judged_when_reported(
    tmp_path: Path,
    readable: bool,
) -> None:
    own = dimension("FITC-A", low=100)
    other = rectangle("CD31+", own, parent="Viable")
    gates = gating_ml(
        rectangle("Cells", dimension("FSC-A", low=100)),
        rectangle("Viable", dimension("7AAD-A", high=100), parent="Cells"),
        rectangle("CD105+", dimension("PE-A", low=100), parent="Viable"),
        other if readable else other.replace("RectangleGate", "CurlyGate"),
    )
    keywords = {"$P2S": "7-AAD", "$P3S": "CD105", "$P4S": "CD31", "LOT": "L-1"}
    files: dict[str, str | bytes] = {
        "flow/tube.fcs": fcs_bytes(
            np.tile((500.0, 10.0, 900.0, 900.0), (99, 1)), (*PLAIN, "FITC-A"), keywords=keywords
        ),
        "flow/gates.xml": gates,
    }
    reported = criterion("cd31_positive", "at_least: '1'", "%", "presence: when_reported")
    limits = specification(criterion("cd105_positive", "at_least: '95'", "%"), reported)
    mapped = "  cd31_positive: {of: [Cells, Viable], is: [Cells, Viable, CD31+]}\n"

    text = limits + SHARE[SHARE.index("populations:") :] + mapped
    found = assess(write_lot(tmp_path / "L-1", files), text)

    assert found.verdict is (Verdict.PASS if readable else Verdict.HOLD)
    assert ("population-missing" in slugs(found)) is not readable


def test_an_empty_parent_holds(tmp_path: Path) -> None:
    events = np.tile((500.0, 900.0, 900.0), (200, 1))
    gates = gating_ml(
        rectangle("Cells", dimension("FSC-A", low=100)),
        rectangle("Viable", dimension("7AAD-A", high=100), parent="Cells"),
        rectangle("CD105+", dimension("PE-A", low=100), parent="Viable"),
    )
    keywords = {"$P2S": "7-AAD", "$P3S": "CD105", "LOT": "L-1"}
    files: dict[str, str | bytes] = {
        "flow/tube.fcs": fcs_bytes(events, PLAIN, keywords=keywords),
        "flow/gates.xml": gates,
    }

    found = assess(write_lot(tmp_path / "L-1", files), SHARE)

    assert found.verdict is Verdict.HOLD
    assert "population-not-evaluable" in slugs(found)
    assert outcome(found, "cd105_positive").outcome is Outcome.MISSING


# --- the sequence of ISHAGE ----------------------------------------------------------------

SEQUENCE = ("FSC-A", "SSC-A", "FITC-A", "PE-A", "7AAD-A", "APC-A")
STAINS = {"$P3S": "CD45", "$P4S": "CD34", "$P5S": "7-AAD", "LOT": "L-1", "$DATE": "16-MAR-2026"}
STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("CD45+", (dimension("FITC-A", low=100), dimension("SSC-A", low=0))),
    ("CD34+", (dimension("PE-A", low=100), dimension("SSC-A", low=0))),
    ("CD45dim", (dimension("FITC-A", high=600), dimension("SSC-A", high=300))),
    ("Lymph-blast", (dimension("FSC-A", low=100), dimension("SSC-A", high=300))),
    ("Viable", (dimension("7AAD-A", high=100),)),
)
COUNTING = """
lot: L-1
product: mine
donor: {relation: autologous, tissue: peripheral_blood}
manufacture: {manipulation: minimal, harvested: 2026-03-16, cryopreserved: false}
dose: {route: intravenous, recipient_weight_kg: 70, volume_mL: 200}
counting:
  flow/tube.fcs:
    beads: {lot: "23-101", per_test: "50000", expires: 2026-12-31}
    sample_volume_uL: "100"
    dilution: "10"
"""


def ishage(
    tmp_path: Path,
    steps: Sequence[tuple[str, tuple[str, ...]]] = STEPS,
    *,
    living: int = 400,
    leukocytes: int = 75_000,
    stains: dict[str, str] = STAINS,
    lot_yaml: str = COUNTING,
    parts: Sequence[str] = (),
) -> Assessment:
    kinds = {
        (500, 100, 900, 5, 10, 10): leukocytes,
        (500, 100, 400, 900, 10, 10): living,
        (500, 100, 400, 900, 900, 10): 40,
        # Platelets and debris with CD34, too bright in CD45, or too granular.
        (500, 100, 900, 900, 10, 10): 30,
        (500, 900, 400, 900, 10, 10): 20,
        (50, 900, 5, 5, 5, 5000): 10_000,
    }
    events = np.vstack([np.tile(kind, (n, 1)) for kind, n in kinds.items()])
    gates, parent = [], None
    for name, dimensions in steps:
        gates.append(rectangle(name, *dimensions, parent=parent))
        parent = name
    gates.append(rectangle("Beads", dimension("APC-A", low=1000)))
    files: dict[str, str | bytes] = {
        "flow/tube.fcs": fcs_bytes(events, SEQUENCE, keywords=stains),
        "flow/gates.xml": gating_ml(*parts, *gates),
    }
    return assess(write_lot(tmp_path / "L-1", files, lot_yaml), text_of(ISHAGE))


def test_the_sequence_counts_the_viable_progenitors(tmp_path: Path) -> None:
    found = ishage(tmp_path)

    # 400 x 50,000 / (10,000 x 100) x 10 = 200 per uL; in 200 mL for 70 kg 5.7e5 per kg.
    dose = outcome(found, "cd34_dose")
    assert str(dose.observed).startswith("200 cells/uL (400 cells and 10000 beads")
    assert dose.outcome is Outcome.FAIL
    viability = outcome(found, "cd34_viability")
    assert (viability.outcome, viability.observed) == (Outcome.PASS, "90.91 % (400 of 440; 7-AAD)")
    share = outcome(found, "cd34_positive")
    assert (share.outcome, share.observed) == (Outcome.PASS, "0.58 % (440 of 75490)")
    asked = {"population-elsewhere", "gate-on-other-parameter", "marker-mismatch"}
    assert not asked & slugs(found)


@pytest.mark.parametrize(("living", "expected"), [(100, Outcome.PASS), (99, Outcome.INDETERMINATE)])
def test_the_sequence_wants_a_hundred_events(
    tmp_path: Path, living: int, expected: Outcome
) -> None:
    # 100 x 50,000 / (10,000 x 100) x 10 are 50 per uL; in 20 L for 70 kg 1.4e7 per kg.
    found = ishage(tmp_path, living=living, lot_yaml=COUNTING.replace("mL: 200", "mL: 20000"))

    assert outcome(found, "cd34_dose").outcome is expected


@pytest.mark.parametrize(
    ("leukocytes", "expected"), [(74_510, Outcome.PASS), (74_509, Outcome.INDETERMINATE)]
)
def test_the_sequence_wants_75000_leukocytes(
    tmp_path: Path, leukocytes: int, expected: Outcome
) -> None:
    # 400 living and 40 dead progenitors and 50 others with CD34 are CD45+ too.
    found = ishage(tmp_path, leukocytes=leukocytes)

    assert outcome(found, "cd34_positive").outcome is expected


def test_a_sequence_that_leaves_a_step_out_holds(tmp_path: Path) -> None:
    found = ishage(tmp_path, [step for step in STEPS if step[0] != "CD45dim"])

    assert found.verdict is Verdict.HOLD
    assert "population-elsewhere" in slugs(found)
    assert outcome(found, "cd34_dose").outcome is Outcome.MISSING


def test_a_sequence_in_another_order_holds(tmp_path: Path) -> None:
    found = ishage(tmp_path, [STEPS[1], STEPS[0], *STEPS[2:]])

    assert found.verdict is Verdict.HOLD
    assert outcome(found, "cd34_dose").outcome is Outcome.MISSING


def test_a_step_on_other_axes_holds(tmp_path: Path) -> None:
    steps = list(STEPS)
    steps[2] = ("CD45dim", (dimension("FITC-A", high=600), dimension("FSC-A", low=100)))

    found = ishage(tmp_path, steps)

    (one,) = [one for one in found.findings if one.slug == "gate-on-other-parameter"]
    assert one.severity is Severity.HOLD
    assert "CD45dim of flow/gates.xml must lie on SSC" in one.message


def test_a_step_on_a_fluorochrome_is_that_of_its_detector(tmp_path: Path) -> None:
    own = matrix("M", ["FITC", "PE"], ["FITC-A", "PE-A"], [[1.0, 0.1], [0.0, 1.0]])
    steps = list(STEPS)
    steps[0] = ("CD45+", (dimension("FITC", low=100, compensation="M"),))

    assert "gate-on-other-parameter" not in slugs(ishage(tmp_path / "a", steps, parts=(own,)))

    steps[0] = ("CD45+", (dimension("PE", low=-1000, compensation="M"),))
    assert "gate-on-other-parameter" in slugs(ishage(tmp_path / "b", steps, parts=(own,)))


def test_a_printed_count_does_not_answer_the_raw_one(tmp_path: Path) -> None:
    text = specification(
        criterion("cd34_absolute", "at_least: '10'", "cells/uL", 'evidence: {counted: "true"}')
    )
    lot = write_lot(tmp_path / "L-1", {"a.csv": table(row("cd34_absolute", "200", "cells/uL"))})

    found = outcome(assess(lot, text), "cd34_absolute")

    assert found.outcome is Outcome.INDETERMINATE
    assert "without the counts of events" in found.reason


# --- the dye of a viability ----------------------------------------------------------------


def test_a_gated_viability_names_its_dye(tmp_path: Path) -> None:
    plain = {key: text for key, text in STAINS.items() if key != "$P5S"}
    unnamed = tuple(name.replace("7AAD", "PerCP") for name in SEQUENCE)
    assert outcome(ishage(tmp_path / "a", stains=plain), "cd34_viability").outcome is Outcome.PASS

    listmode = read_fcs(fcs_bytes([[0.0] * 6], unnamed, keywords=plain))[0]
    gates = read_strategy(gating_ml(rectangle("Viable", dimension("PerCP-A", high=1))))
    assert dye_of(listmode, gates, ("Viable",)) is None


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("Trypan blue exclusion", Outcome.PASS),
        ("AO/DAPI image cytometry", Outcome.PASS),
        ("flow cytometry, CD45/CD34", Outcome.INDETERMINATE),
        ("", Outcome.INDETERMINATE),
    ],
)
def test_a_specification_can_ask_for_the_dye(
    tmp_path: Path, method: str, expected: Outcome
) -> None:
    text = specification(
        criterion("viability", "at_least: '70'", "%", 'evidence: {names_dye: "true"}')
    )
    rows = table(row("viability", "91", "%", method=method))

    found = assess(write_lot(tmp_path / "L-1", {"a.csv": rows}), text)

    assert outcome(found, "viability").outcome is expected


@pytest.mark.parametrize(
    ("text", "dye"),
    [
        ("7AAD-A", "7-AAD"),
        ("Viability (PI)", "propidium iodide"),
        ("Trypanblau", "trypan blue"),
        ("LIVE/DEAD Fixable Aqua", "fixable viability dye"),
        ("DRAQ7", "DRAQ7"),
        ("CD105 APC", None),
        ("Pacific Blue", None),
        ("APC-H7", None),
        ("", None),
    ],
)
def test_dyes_are_known_by_their_names(text: str, dye: str | None) -> None:
    assert dye_in(text) == dye
