from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import runs

from qcvalidate.assessment import Outcome, Run, Verdict
from qcvalidate.reports import console, render
from qcvalidate.reports._layout import columns_of

FAILING_80 = """\
MSC-2026-0018  Culture-expanded MSC, allogeneic, cryopreserved              FAIL
  msc-expanded-allogeneic-cryopreserved 1.0.0 (9f1c2ab0)
  x FAIL         301 viability-below-limit
                 Viability after thaw: 64.2 %, wanted at least 70 %
                 in counts.csv row 14 “Viability (%)”
                 64.2 % rounds to 64 %, below the limit of 70 %
  x FAIL         203 lot-mismatch
                 the certificate says lot MSC-2026-0081, the manifest says
                 MSC-2026-0018
                 in sterility.pdf page 1
  ! MISSING      534 mycoplasma-missing
                 Mycoplasma: no result, wanted not detected
                 no document of this lot reports a mycoplasma test
  . PENDING      503 sterility-final-pending
                 Sterility, 14 days: No growth at day 6, wanted no growth after
                 14 days
                 in sterility.pdf page 1 and 1 more
                 preliminary: day 6 of 14, no growth to date; due 2026-05-28
  x FAIL         401 count-out-of-limits
                 CFU-F: 0.5 %, wanted at least 1 %
                 0.5 % is below 1 %; the verdict does not wait for it
                 (information only)
  ~ ALERT        606 phenotype-alert
                 CD105 positive: 95.3 %, wanted at least 95 %
                 in flow/panel.fcs gate Cells/Singlets/CD105+
                 meets the limit, but lies inside the alert limit of 97 %
  - INFORMATION  147 uncompensated: the file holds no spillover matrix; it ...
  6 criteria: 1 pass, 1 alert, 2 fail (1 not required), 1 pending, 1 missing
  4 documents in samples/MSC-2026-0018
  qcvalidate explain 301
  --verbose tells all of the notes
Computed; release requires an authorised person.
"""

# One line of the report a list: it is longer than a line of this file may be.
FAILING_160 = [
    "MSC-2026-0018  Culture-expanded MSC, allogeneic, cryopreserved  "
    "msc-expanded-allogeneic-cryopreserved 1.0.0 (9f1c2ab0)" + " " * 38 + "FAIL",
    "  x FAIL         301 viability-below-limit    Viability after thaw: 64.2 %",
    "  ! MISSING      534 mycoplasma-missing       Mycoplasma: no result",
    "  . PENDING      503 sterility-final-pending  Sterility, 14 days: No growth at day 6",
    " " * 46 + "preliminary: day 6 of 14, no growth to date; due 2026-05-28",
    "  - INFORMATION  147 uncompensated: the file holds no spillover matrix; it was gated "
    "as it is; in flow/panel.fcs keyword $SPILLOVER",
    "  6 criteria: 1 pass, 1 alert, 2 fail (1 not required), 1 pending, 1 missing   "
    "4 documents in samples/MSC-2026-0018   qcvalidate explain 301",
]

MANY_80 = """\
MSC-2026-0018   FAIL         301 Viability after thaw: 64.2 %, wanted at least
                             70 %
MSC-2026-0019   PASS
MSC-2026-0020   CONDITIONAL  503 Sterility, 14 days: No growth at day 6, wanted
                             no growth after 14 days
lot not stated  HOLD         903 lot.yaml is not there; without it the product
                             is not known
MSC-2026-0019   PASS         document scope only
5 lots: 2 pass, 1 fail, 1 conditional, 1 hold                               FAIL
Computed; release requires an authorised person.
"""

ONE_DOCUMENT_80 = """\
MSC-2026-0019  Culture-expanded MSC, allogeneic, cryopreserved              PASS
  msc-expanded-allogeneic-cryopreserved 1.0.0 (9f1c2ab0)
  document scope: only what this document can answer was judged, not the lot
  1 criterion: 1 pass   1 document in papers
Computed; release requires an authorised person.
"""

CONDITIONAL_80 = """\
MSC-2026-0020  Culture-expanded MSC, allogeneic, cryopreserved       CONDITIONAL
  msc-expanded-allogeneic-cryopreserved 1.0.0 (9f1c2ab0)
  nothing fails; the last result is due 2026-05-28
  . PENDING  503 sterility-final-pending
"""

UNUSABLE_80 = """\
lot not stated  no specification was applied                                HOLD
  ! HOLD  903 manifest-unusable
          lot.yaml is not there; without it the product is not known
  0 criteria: none   0 documents in samples/unnamed   qcvalidate explain 903
Computed; release requires an authorised person.
"""

HELD_80 = """\
MSC-2026-0019  Culture-expanded MSC, allogeneic, cryopreserved              HOLD
  msc-expanded-allogeneic-cryopreserved 1.0.0 (9f1c2ab0)
  nothing shows that a required criterion is met
  0 criteria: none   3 documents in samples/MSC-2026-0019
Computed; release requires an authorised person.
"""

QUIET_80 = """\
MSC-2026-0018   FAIL         301 Viability after thaw: 64.2 %, wanted at least
                             70 %
MSC-2026-0020   CONDITIONAL  503 Sterility, 14 days: No growth at day 6, wanted
                             no growth after 14 days
lot not stated  HOLD         903 lot.yaml is not there; without it the product
                             is not known
MSC-2026-0019   PASS         document scope only
5 lots: 2 pass, 1 fail, 1 conditional, 1 hold                               FAIL
Computed; release requires an authorised person.
"""

PASSES_80 = """\
MSC-2026-0019  Culture-expanded MSC, allogeneic, cryopreserved              PASS
  msc-expanded-allogeneic-cryopreserved 1.0.0 (9f1c2ab0)
  + PASS  Endotoxin per kilogram of recipient: < 0.05 EU/mL (below 0.0714
          EU/kg), wanted at most 5.0 EU/kg; in endotoxin.pdf page 1
  + PASS  CD105 positive: 95.3 %, wanted at least 95 %; in flow/panel.fcs gate
          Cells/Singlets/CD105+
  2 criteria: 2 pass   3 documents in samples/MSC-2026-0019
Computed; release requires an authorised person.
"""

EVERY = (runs.FAILING, runs.PASSING, runs.CONDITIONAL, runs.HOLDING, runs.ONE_DOCUMENT)


def test_a_failing_lot_at_80_columns() -> None:
    assert render("console", runs.run(runs.FAILING), width=80) == FAILING_80


def test_a_failing_lot_at_160_columns_has_a_line_for_each_matter() -> None:
    lines = render("console", runs.run(runs.FAILING), width=160).splitlines()

    assert lines[0] == FAILING_160[0]
    for expected in FAILING_160[1:]:
        assert any(line.startswith(expected) for line in lines), expected
    viability = next(line for line in lines if "viability-below-limit" in line)
    missing = next(line for line in lines if "mycoplasma-missing" in line)
    assert viability.endswith("  counts.csv row 14 “Viability (%)”")
    assert viability.index("at least 70 %") == missing.index("not detected")


def test_many_lots_end_in_a_table() -> None:
    assert render("console", runs.run(*EVERY), width=80).endswith("\n\n" + MANY_80)


def test_one_document_says_so_below_its_verdict() -> None:
    assert render("console", runs.run(runs.ONE_DOCUMENT)) == ONE_DOCUMENT_80


def test_a_conditional_lot_says_when_the_last_result_is_due() -> None:
    assert render("console", runs.run(runs.CONDITIONAL)).startswith(CONDITIONAL_80)


def test_a_lot_without_a_manifest() -> None:
    assert render("console", runs.run(runs.HOLDING)) == UNUSABLE_80


def test_a_hold_that_nothing_explains_is_explained() -> None:
    held = replace(runs.PASSING, verdict=Verdict.HOLD, results=())

    assert render("console", runs.run(held)) == HELD_80


def shown_with(run: Run, width: int, **detail: Any) -> str:
    return console.render_detailed(run, console.Detail(**detail), width=width, colour=False)


def test_quiet_is_a_line_for_each_lot_that_does_not_simply_pass() -> None:
    assert shown_with(runs.run(*EVERY), 80, quiet=True) == QUIET_80


def test_quiet_of_one_lot_that_passes_is_its_count() -> None:
    shown = shown_with(runs.run(runs.PASSING), 80, quiet=True)

    assert shown.splitlines()[0] == "1 lot: 1 pass" + " " * 63 + "PASS"


def test_what_passes_is_shown_when_asked_for() -> None:
    shown = shown_with(runs.run(runs.PASSING), 80, show=(Outcome.PASS,))

    assert shown == PASSES_80


def test_verbose_cuts_nothing_and_names_all_that_there_is() -> None:
    shown = shown_with(runs.run(runs.FAILING), 80, verbose=True)

    words = " ".join(shown.split())
    assert " ..." not in shown
    assert "the file holds no spillover matrix; it was gated as it is" in words
    assert "sterility.pdf page 1, sterility.pdf page 2" in words
    assert "endotoxin: at most 5.0 EU/kg; USP <85>" in words
    for source in runs.INPUTS:
        assert f"{source.path} ({source.kind}, {source.reader}) SHA-256 {source.sha256}" in words


def test_what_was_not_judged_says_why() -> None:
    why = "applies to route intrathecal; this lot's is intravenous"
    other = replace(runs.ENDOTOXIN, outcome=Outcome.NOT_APPLICABLE, observed=None, reason=why)

    shown = shown_with(runs.run(replace(runs.PASSING, results=(other,))), 80, verbose=True)

    assert why in " ".join(shown.split())


def test_no_finding_is_lost_where_notes_are_cut() -> None:
    lot = replace(runs.FAILING, findings=(runs.OTHER_LOT, *[runs.UNCOMPENSATED] * 30))

    shown = shown_with(runs.run(lot), 80)

    assert shown.count("147 uncompensated") == 30


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437", "utf-8"])
@pytest.mark.parametrize("width", [40, 80, 160])
def test_every_stream_can_take_it_and_no_line_is_too_wide(encoding: str, width: int) -> None:
    lots = [*EVERY, *(runs.hostile(f"{text} ≥ 70 “%” µm") for text in runs.HOSTILE_TEXTS)]

    shown = shown_with(runs.run(*lots), width, encoding=encoding, verbose=True)

    shown.encode(encoding)
    assert max(columns_of(line) for line in shown.splitlines()) <= width


def test_signs_have_plain_forms_and_letters_are_kept() -> None:
    lot = replace(runs.VIABILITY, observed="≥ 64.2 % – Müller", limit="“x” × 2 µL")

    shown = shown_with(runs.run(replace(runs.FAILING, results=(lot,))), 80, encoding="ascii")

    assert 'Viability after thaw: >= 64.2 % - M\\xfcller, wanted "x" x 2 uL' in shown


@pytest.mark.parametrize("width", [10, 40, 79, 80, 119, 120, 160, 500])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    lots = [*EVERY, *(runs.hostile(text) for text in runs.HOSTILE_TEXTS)]

    shown = render("console", runs.run(*lots), width=width)

    # A terminal of fewer columns than 40 is not laid out for.
    assert max(columns_of(line) for line in shown.splitlines()) <= max(40, width)


def test_colours_come_only_when_asked_for_and_change_no_text() -> None:
    plain = render("console", runs.run(*EVERY), width=80)
    coloured = render("console", runs.run(*EVERY), width=80, colour=True)

    assert "\x1b" not in plain
    assert "\x1b[1;31mx FAIL\x1b[0m" in coloured
    assert "\x1b[1;32mPASS\x1b[0m" in coloured
    for code in ("\x1b[1;31m", "\x1b[1;32m", "\x1b[1;33m", "\x1b[33m", "\x1b[36m", "\x1b[0m"):
        coloured = coloured.replace(code, "")
    assert coloured == plain
