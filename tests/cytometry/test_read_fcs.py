"""List-mode files: real ones, scale values, spillover."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import numpy as np
import pytest
from fcs_writer import fcs_bytes

from qcvalidate.cytometry import read_fcs, verify
from qcvalidate.errors import DocumentError
from qcvalidate.record import Severity

# Refused rightly: not FCS at all; a header without its data; HEADER and TEXT place DATA at
# different bytes.
REFUSED = {
    "corrupted.fcs": "fcs-magic",
    "sample_header.fcs": "fcs-truncated",
    "data_start_offset_discrepancy_example.fcs": "fcs-inconsistent",
}
# The manifest gives no hash: the reference set's file is proved by its gates, the LMD below.
PROVED_ELSEWHERE = {"data1.fcs", "coulter.lmd"}


@pytest.mark.corpus
def test_every_real_file_is_read_right_or_refused_with_its_reason(cytometry: Path) -> None:
    with (cytometry / "MANIFEST.csv").open(newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if _is_list_mode(row)]
    matched, refused = [], {}
    for row in rows:
        path = cytometry / row["path"]
        try:
            (tube,) = read_fcs(path)
        except DocumentError as error:
            refused[path.name] = error.slug
            continue
        values = np.ascontiguousarray(tube.events.to_numpy(dtype=np.float64))
        assert hashlib.sha256(values.tobytes()).hexdigest()[:16] == row["sha_values_f64"], path
        assert all(one.severity is not Severity.HOLD for one in (*tube.findings, *verify(tube)))
        matched.append(path.name)

    assert refused == REFUSED
    assert len(matched) + len(refused) == len(rows)
    assert (len(matched), len(refused)) == (26, 3)


def _is_list_mode(row: dict[str, str]) -> bool:
    name = Path(row["path"]).name
    return name not in PROVED_ELSEWHERE and bool(row["fcs_version"] or name in REFUSED)


@pytest.mark.corpus
def test_both_data_sets_of_an_lmd_hold_the_same_events(cytometry: Path) -> None:
    path = cytometry / "whitews+FlowIO/data/fcs_files/coulter.lmd"

    ten_bits, twenty_bits = read_fcs(path)

    assert (ten_bits.version, twenty_bits.version) == ("FCS2.0", "FCS3.0")
    assert ten_bits.total == twenty_bits.total == 18110
    assert "$CYT" in ten_bits.keywords
    assert "$CYT" not in twenty_bits.keywords
    coarse = ten_bits.events["FS Lin"].to_numpy(dtype=float)
    fine = twenty_bits.events["FS"].to_numpy(dtype=float)
    assert np.array_equal(coarse, np.floor(fine / 1024))


def test_a_log_amplifier_is_undone_once() -> None:
    # FCS 3.1, 3.2.20: scale value = 10^(decades * channel / range) * offset.
    log = {"$P1E": "4,1", "$P1R": "1024"}
    content = fcs_bytes([[0], [256], [1023]], ["FL1-H"], datatype="I", bits=16, keywords=log)

    scaled = read_fcs(content)[0].scaled()["FL1-H"]

    assert scaled.tolist() == pytest.approx([1.0, 10.0, 10 ** (4 * 1023 / 1024)])


def test_a_log_offset_of_zero_is_one() -> None:
    log = {"$P1E": "4,0", "$P1R": "1024"}
    content = fcs_bytes([[220]], ["FL1-H"], datatype="I", bits=16, keywords=log)

    # Channel 220 is 7.2339 on the scale (measured on data1.fcs of the reference set).
    assert read_fcs(content)[0].scaled()["FL1-H"][0] == pytest.approx(7.2339, abs=5e-5)


def test_a_beckman_log_offset_is_kept() -> None:
    log = {"$P1E": " 4.0,0.1024", "$P1R": "1024"}
    content = fcs_bytes([[512]], ["FL1 Log"], datatype="I", bits=16, keywords=log)

    assert read_fcs(content)[0].scaled()["FL1 Log"][0] == pytest.approx(10.24)


def test_a_linear_gain_divides() -> None:
    content = fcs_bytes([[100]], ["SSC-H"], datatype="I", bits=16, keywords={"$P1G": "8"})

    assert read_fcs(content)[0].scaled()["SSC-H"][0] == 12.5


def test_a_gain_is_not_applied_to_a_log_parameter() -> None:
    both = {"$P1E": "4,1", "$P1R": "1024", "$P1G": "8"}
    content = fcs_bytes([[256]], ["FL1-H"], datatype="I", bits=16, keywords=both)

    assert read_fcs(content)[0].scaled()["FL1-H"][0] == pytest.approx(10.0)


def test_time_is_scaled_by_its_step() -> None:
    content = fcs_bytes(
        [[250]], ["Time"], datatype="I", bits=32, keywords={"$TIMESTEP": "0.01", "$P1G": "3"}
    )

    assert read_fcs(content)[0].scaled()["Time"][0] == pytest.approx(2.5)


def test_floats_are_scale_values_already() -> None:
    declared = {"$P1E": "4,1", "$P1R": "1024", "$P2G": "8", "$TIMESTEP": "0.01"}
    content = fcs_bytes([[512.0, 100.0, 7.0]], ["FL1-A", "SSC-A", "Time"], keywords=declared)

    (tube,) = read_fcs(content, "tube.fcs")

    assert tube.scaled().to_numpy().tolist() == [[512.0, 100.0, 7.0]]
    assert "log $PnE" in tube.findings[0].message


def test_events_stay_raw_after_scaling() -> None:
    content = fcs_bytes([[256]], ["FL1-H"], datatype="I", bits=16, keywords={"$P1E": "4,1"})
    (tube,) = read_fcs(content)

    tube.scaled()

    assert tube.events["FL1-H"][0] == 256


def test_spillover_is_read_by_name() -> None:
    matrix = [[1.0, 0.2], [0.05, 1.0]]
    content = fcs_bytes([[1, 2, 3]], ["A", "B", "C"], spillover=(["C", "A"], matrix))

    spillover = read_fcs(content)[0].spillover

    assert spillover is not None
    assert spillover.names == ("C", "A")
    assert spillover.matrix.tolist() == matrix


@pytest.mark.parametrize(
    ("printed", "fault"),
    [
        ("2,A,B,1,0,0", "expected 2 names and 4 coefficients"),
        ("2,A,X,1,0,0,1", "'X', which is no parameter"),
        ("2,A,A,1,0,0,1", "twice"),
        ("2,A,B,1,x,0,1", "no number"),
        ("2,A,B,1,nan,0,1", "no number"),
        ("two,A,B,1,0,0,1", "expected the number of detectors"),
        ("9,A,B,1,0,0,1", "expected the number of detectors"),
        ("2,1,7,1,0,0,1", "parameter 7"),
    ],
)
def test_a_damaged_spillover_says_what_is_wrong(printed: str, fault: str) -> None:
    content = fcs_bytes([[1, 2]], ["A", "B"], keywords={"$SPILLOVER": printed})

    (tube,) = read_fcs(content)

    assert tube.spillover is None
    assert fault in str(tube.spillover_fault)


def test_a_spillover_without_coefficients_is_none() -> None:
    (tube,) = read_fcs(fcs_bytes([[1, 2]], ["A", "B"], keywords={"$SPILLOVER": "2,A,B"}))

    assert tube.spillover is None
    assert tube.spillover_fault is None


def test_a_spillover_may_name_detectors_by_number() -> None:
    printed = {"$SPILLOVER": "2,2,1,1,0.1,0,1"}

    (tube,) = read_fcs(fcs_bytes([[1, 2]], ["A", "B"], keywords=printed))

    assert tube.spillover is not None
    assert tube.spillover.names == ("B", "A")


def test_two_different_spillovers_are_a_fault() -> None:
    both = {"$SPILLOVER": "2,A,B,1,0,0,1", "SPILL": "2,A,B,1,0.5,0,1"}

    (tube,) = read_fcs(fcs_bytes([[1, 2]], ["A", "B"], keywords=both))

    assert "different matrices" in str(tube.spillover_fault)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be opened"):
        read_fcs(tmp_path / "none.fcs")


def test_a_signalling_nan_is_a_value() -> None:
    content = fcs_bytes([[1.0], [2.0]], ["FL1-A"])[:-4] + b"\x01\x00\x80\x7f"

    scaled = read_fcs(content)[0].scaled()["FL1-A"]

    assert scaled[0] == 1.0
    assert np.isnan(scaled[1])
