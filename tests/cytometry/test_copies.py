"""Data sets that hold the same events twice, and those that only seem to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fcs_writer import fcs_bytes
from gating_ml import dimension, gating_ml, rectangle

from qcvalidate.cytometry import GatingStrategy, data_set_for, read_fcs, read_strategy
from qcvalidate.cytometry.copies import copy_findings
from qcvalidate.documents import open_document
from qcvalidate.errors import DocumentError

FINE = np.random.default_rng(7).integers(0, 2**20, (200, 2))
NAMES = ("FS INT", "SS INT")


def two(first: np.ndarray, second: np.ndarray, names: tuple[str, ...], **keywords: str) -> bytes:
    """Write a 10-bit data set in FCS 2.0 and a 20-bit one in FCS 3.0, as a Beckman LMD."""
    coarse = {"$P1R": "1024", "$P2R": "1024", "$NEXTDATA": "00008192"}
    coarse |= {f"${key}": value for key, value in keywords.items()}
    one = fcs_bytes(first, names, datatype="I", bits=16, version="FCS2.0", keywords=coarse)
    ranges = {"$P1R": str(2**20), "$P2R": str(2**20)}
    other = fcs_bytes(second, NAMES, datatype="I", version="FCS3.0", keywords=ranges)
    return one.ljust(8192) + other


def test_both_copies_are_named_and_the_finer_one_is_used(tmp_path: Path) -> None:
    path = tmp_path / "tube.lmd"
    path.write_bytes(two(FINE >> 10, FINE, ("FS INT LIN", "SS INT LIN")))

    (finding,) = (one for one in open_document(path).findings if one.slug == "fcs-copies")

    assert "data set 1 (FCS2.0, channels to 1,024)" in finding.message
    assert "data set 2 (FCS3.0, channels to 1,048,576)" in finding.message
    assert "same 200 events" in finding.message
    assert "data set 2 has the higher resolution" in finding.message


def test_other_events_are_no_copies() -> None:
    other = FINE[::-1]

    assert copy_findings(read_fcs(two(FINE >> 10, other, NAMES))) == []


def test_one_event_apart_is_no_copy() -> None:
    coarse = FINE >> 10
    coarse[17] ^= 1

    assert copy_findings(read_fcs(two(coarse, FINE, NAMES))) == []


@pytest.mark.corpus
def test_a_real_lmd_holds_two_copies(cytometry: Path) -> None:
    sets = read_fcs(cytometry / "whitews+FlowIO/data/fcs_files/coulter.lmd")

    (finding,) = copy_findings(sets)

    assert "18,110 events; data set 2" in finding.message


def strategy(tmp_path: Path, name: str) -> GatingStrategy:
    path = tmp_path / "gates.xml"
    path.write_bytes(gating_ml(rectangle("Cells", dimension(name, low=100))))
    return read_strategy(path)


def test_gates_that_fit_both_copies_on_one_scale_take_the_finer(tmp_path: Path) -> None:
    # A gain of 1/1024 puts the 10-bit channels on the scale of the 20-bit ones.
    gains = {"P1G": "0.0009765625", "P2G": "0.0009765625"}
    sets = read_fcs(two(FINE >> 10, FINE, NAMES, **gains))

    assert data_set_for(sets, strategy(tmp_path, "FS INT")).data_set == 2


def test_gates_that_fit_copies_on_two_scales_are_refused(tmp_path: Path) -> None:
    sets = read_fcs(two(FINE >> 10, FINE, NAMES))

    with pytest.raises(DocumentError, match="one scale") as caught:
        data_set_for(sets, strategy(tmp_path, "FS INT"))

    assert caught.value.slug == "strategy-ambiguous"


def test_gates_that_name_one_copy_take_it(tmp_path: Path) -> None:
    sets = read_fcs(two(FINE >> 10, FINE, ("FS INT LIN", "SS INT LIN")))

    assert data_set_for(sets, strategy(tmp_path, "FS INT LIN")).data_set == 1
    assert data_set_for(sets, strategy(tmp_path, "FS INT")).data_set == 2
