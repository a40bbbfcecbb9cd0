"""Gating-ML 1.5: the reference sets of the standard, and what is refused of it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from fcs_writer import fcs_bytes

from qcvalidate.cytometry import gate, membership, read_fcs, read_strategy
from qcvalidate.errors import DocumentError

_ISAC = "http://www.isac-net.org/std/Gating-ML/v1.5"


def file_of(*parts: str) -> bytes:
    return (
        f'<g:Gating-ML xmlns:g="{_ISAC}/gating" xmlns:d="{_ISAC}/datatypes" '
        f'xmlns:t="{_ISAC}/transformations">{"".join(parts)}</g:Gating-ML>'
    ).encode()


def rectangle(name: str, attributes: str, parent: str = "") -> str:
    return (
        f'<g:RectangleGate g:id="{name}" {parent}><g:dimension {attributes}>'
        '<d:parameter d:name="FS"/></g:dimension></g:RectangleGate>'
    )


@pytest.mark.corpus
def test_the_reference_sets_agree(corpus: Path) -> None:
    folder = corpus / "gatingml15"
    with (folder / "expected.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    (data,) = read_fcs(folder / "int-gating_test_file.fcs")

    counts = {}
    for name in sorted({row["Gating File"] for row in rows}):
        table = gate(data, read_strategy(folder / name))
        counts |= {(name, i): n for i, n in zip(table["id"], table["count"], strict=True)}

    wrong = [
        row["Gate ID"]
        for row in rows
        if counts[row["Gating File"], row["Gate ID"]] != int(row["Events Inside"])
    ]
    assert len(rows) == 34
    assert wrong == []


def test_channels_are_gated_before_their_amplification() -> None:
    # Channel 512 of a parameter with 4 decades over 1024 is 100 on its scale.
    (data,) = read_fcs(
        fcs_bytes(
            [[512], [100]],
            ["FS"],
            datatype="I",
            bits=16,
            keywords={"$P1R": "1024", "$P1E": "4,1"},
        )
    )
    strategy = read_strategy(file_of(rectangle("R", 'g:min="500"')))

    assert membership(data, strategy)["R"].tolist() == [True, False]


def test_what_is_not_known_is_refused_with_what_stands_on_it() -> None:
    strategy = read_strategy(
        file_of(
            '<g:EllipsoidGate g:id="E"/>',
            rectangle("Below", 'g:min="1"', 'g:parent_id="E"'),
            rectangle("R", 'g:min="1"'),
            rectangle("T", 'g:min="1" g:transformation-ref="x"'),
        )
    )

    assert list(strategy.gates) == ["R"]
    assert set(strategy.refused) == {"E", "Below", "T"}


@pytest.mark.parametrize(
    "parts",
    [
        (rectangle("R", ""),),
        (rectangle("R", 'g:min="9" g:max="1"'),),
        (rectangle("R", 'g:min="one"'),),
        (rectangle("R", 'g:min="1"'), rectangle("R", 'g:min="1"')),
        ('<g:PolygonGate g:id="P"/>',),
        ('<t:transformation t:id="x"/>',),
        (rectangle("R", 'g:min="1"', 'g:parent_id="gone"'),),
        (rectangle("R", 'g:min="1"').replace('d:name="FS"', ""),),
        (),
    ],
)
def test_slips_are_refused(parts: tuple[str, ...]) -> None:
    with pytest.raises(DocumentError, match=r"^g\.xml: "):
        read_strategy(file_of(*parts), "g.xml")
