"""What a data set's keywords say that a reader of the report must know."""

from __future__ import annotations

import pytest
from fcs_writer import fcs_bytes

from qcvalidate.cytometry import read_fcs
from qcvalidate.record import Finding, Severity

NAMES = ("FSC-H", "FL1-H", "Time")


def findings(**keywords: str) -> tuple[Finding, ...]:
    form = {f"${key}": value for key, value in keywords.items()}
    content = fcs_bytes([[1, 2, 3]], NAMES, datatype="I", bits=16, keywords=form)
    return read_fcs(content, "tube.fcs")[0].findings


def test_what_was_undone_is_recorded_with_its_numbers() -> None:
    (finding,) = findings(P2E="4,0", P1G="8", TIMESTEP="0.01")

    assert (finding.slug, finding.severity) == ("fcs-scaled", Severity.INFORMATION)
    assert finding.message == (
        "tube.fcs: scale values undo the gain ($PnG: 8) of FSC-H; the log amplifier ($PnE: 4 "
        "decades from 1 (where $PnE says 0)) of FL1-H; the time step ($TIMESTEP: 0.01 s) of Time"
    )


def test_nothing_undone_is_nothing_said() -> None:
    assert findings(P2E="0,0", P1G="1") == ()


@pytest.mark.parametrize(("key", "word"), [("ABRT", "aborted"), ("LOST", "lost")])
def test_lost_events_are_a_warning_with_their_number(key: str, word: str) -> None:
    (finding,) = findings(**{key: "1204"})

    assert (finding.slug, finding.severity) == ("fcs-events-lost", Severity.WARNING)
    assert f"${key} is 1,204" in finding.message
    assert word in finding.message


@pytest.mark.parametrize("printed", ["0", "", " 0 ", "0.0"])
def test_no_lost_events_are_nothing_said(printed: str) -> None:
    assert findings(ABRT=printed, LOST=printed) == ()


@pytest.mark.parametrize("printed", ["many", "-3", "nan"])
def test_a_loss_that_is_no_number_is_told(printed: str) -> None:
    (finding,) = findings(LOST=printed)

    assert (finding.slug, finding.severity) == ("fcs-odd", Severity.WARNING)
    assert repr(printed) in finding.message


def test_a_comment_is_shown_and_holds_nothing() -> None:
    (finding,) = findings(COM="clog after\n 10,000 events")

    assert (finding.slug, finding.severity) == ("fcs-comment", Severity.INFORMATION)
    assert "'clog after 10,000 events'" in finding.message


@pytest.mark.parametrize(
    ("printed", "words", "severity"),
    [
        ("2,FSC-H,FL1-H,1,0,0,1", "identity", Severity.INFORMATION),
        ("2,FL1-H,FSC-H,1,0,0,1", "identity", Severity.INFORMATION),
        ("2,FSC-H,FL1-H,1,1,1,1", "cannot be inverted", Severity.WARNING),
        ("2,FSC-H,FL1-H,0,0,0,0", "cannot be inverted", Severity.WARNING),
        ("2,FSC-H,PE-A,1,0.1,0,1", "'PE-A', which is no parameter", Severity.WARNING),
        ("2,FSC-H,FSC-H,1,0.1,0,1", "twice", Severity.WARNING),
        ("2,FSC-H,FL1-H,1,0.1", "coefficients", Severity.WARNING),
    ],
)
def test_a_spillover_that_compensates_nothing_is_told(
    printed: str, words: str, severity: Severity
) -> None:
    (finding,) = findings(SPILLOVER=printed)

    assert (finding.slug, finding.severity) == ("fcs-spillover", severity)
    assert finding.message.startswith("tube.fcs: ")
    assert words in finding.message


def test_a_good_spillover_is_nothing_said() -> None:
    assert findings(SPILLOVER="2,FL1-H,FSC-H,1,0.2,0.1,1") == ()


def test_list_mode_needs_no_saying_in_fcs_3_2() -> None:
    content = fcs_bytes([[1.0]], ["FSC-A"], version="FCS3.2", without=["$MODE"])

    assert read_fcs(content)[0].findings == ()


def test_an_end_one_too_large_is_worth_knowing() -> None:
    content = fcs_bytes([[1.0]], ["FSC-A"])
    end = int(content[34:42])
    content = content.replace(f"{end:012d}".encode(), f"{end + 1:012d}".encode())
    content = content[:34] + f"{end + 1:8d}".encode() + content[42:] + b" "

    (finding,) = read_fcs(content)[0].findings

    assert (finding.slug, finding.severity) == ("fcs-odd", Severity.INFORMATION)
    assert "one too large" in finding.message


def test_unicode_values_are_a_warning_that_names_them() -> None:
    found = findings(UNICODE="1200,$P1S,$COM", P1S="\0C\0D\0" + "3")

    (finding,) = [one for one in found if "UNICODE" in one.message]
    assert (finding.slug, finding.severity) == ("fcs-odd", Severity.WARNING)
    assert "$UNICODE says that $P1S, $COM are in code page 1200" in finding.message
    assert "may be read wrongly" in finding.message


@pytest.mark.parametrize(
    ("printed", "severity"),
    [("0,$P1S", Severity.INFORMATION), ("0", Severity.WARNING), ("0,$P9S", Severity.WARNING)],
)
def test_plain_values_that_are_called_unicode_are_no_danger(
    printed: str, severity: Severity
) -> None:
    (finding,) = findings(UNICODE=printed, P1S="CD3")

    assert (finding.slug, finding.severity) == ("fcs-odd", severity)


def test_no_claim_of_unicode_is_nothing_said() -> None:
    assert findings(UNICODE=" ") == ()
