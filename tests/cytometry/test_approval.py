"""The card of a frozen strategy: who approved what, and what it is worth after a change."""

from __future__ import annotations

import pytest
from gating_ml import dimension, gating_ml, rectangle
from workspaces import population, sample, workspace
from workspaces import rectangle as drawn

from qcvalidate.cytometry import read_strategy
from qcvalidate.cytometry.approval import fault_of
from qcvalidate.cytometry.freezing import approve
from qcvalidate.cytometry.importing import import_strategy
from qcvalidate.cytometry.strategy import GatingStrategy
from qcvalidate.errors import DocumentError

TEXT = import_strategy(
    workspace(sample(population("Cells", drawn(FSC_A=(10, 20))))), "Panel.wsp"
).text


def read(text: str) -> GatingStrategy:
    return read_strategy(text.encode(), "strategy.xml")


def fault(text: str) -> str | None:
    strategy = read(text)
    assert strategy.card is not None
    found = fault_of(strategy.card, strategy.content_sha256)
    return found and found[0]


def test_an_imported_strategy_says_whose_it_is_and_that_nobody_approved_it() -> None:
    strategy = read(TEXT)

    assert strategy.card is not None
    source = strategy.card.source
    assert (source.name, source.program, source.sample) == (
        "Panel.wsp",
        "FlowJo 10.8.1",
        "tube.fcs",
    )
    assert len(source.sha256) == 64
    assert fault(TEXT) == "strategy-unapproved"


def test_an_approved_strategy_stands() -> None:
    approved, strategy = approve(TEXT, "strategy.xml", 'R. "Bob" <Meier> & Co', "2026-03-16")

    assert fault(approved) is None
    assert strategy.card is not None
    assert strategy.card.by == 'R. "Bob" <Meier> & Co'
    assert strategy.card.on == "2026-03-16"
    assert read(TEXT).content_sha256 == strategy.content_sha256


def test_an_approval_can_be_given_again() -> None:
    once, _ = approve(TEXT, "strategy.xml", "A", "2026-03-16")

    again, _ = approve(once.replace("20.0", "21.0"), "strategy.xml", "B", "2026-04-16")

    assert fault(again) is None
    assert once.replace("20.0", "21.0") != again


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("10.0", "10.1"),
        ("Panel.wsp", "Other.wsp"),
        ('gating:id="Cells"', 'gating:id="Cell"'),
        ("uncompensated", "FCS"),
    ],
)
def test_a_change_after_the_approval_is_found(old: str, new: str) -> None:
    approved, _ = approve(TEXT, "strategy.xml", "R. Meier", "2026-03-16")

    assert fault(approved.replace(old, new)) == "strategy-changed"


def test_how_a_file_is_laid_out_changes_nothing() -> None:
    approved, _ = approve(TEXT, "strategy.xml", "R. Meier", "2026-03-16")

    assert fault(approved.replace("\n", "\r\n").replace("  ", "\t")) is None
    assert fault(approved.replace("gating:", "g:").replace(":gating=", ":g=")) is None


@pytest.mark.parametrize("blank", ['by="R. Meier"', 'on="2026-03-16"'], ids=["nobody", "no day"])
def test_an_approval_without_name_or_day_is_none(blank: str) -> None:
    approved, _ = approve(TEXT, "strategy.xml", "R. Meier", "2026-03-16")

    assert fault(approved.replace(blank, f'{blank[:2]}=" "')) == "strategy-unapproved"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<qc:approval", "<qc:approvals"),
        ('by=""', 'by="" of=""'),
        ('on=""', 'on="yesterday"'),
        ('sample="tube.fcs"', ""),
        ("</qc:strategy>", "</qc:strategy><qc:strategy/>"),
    ],
)
def test_a_damaged_card_is_refused(old: str, new: str) -> None:
    assert old in TEXT

    with pytest.raises(DocumentError) as caught:
        read(TEXT.replace(old, new))

    assert caught.value.slug == "strategy-unreadable"


def test_a_file_of_the_laboratory_gets_a_card_and_keeps_its_gates() -> None:
    own = gating_ml(rectangle("Cells", dimension("FSC-A", low=1))).decode()

    approved, strategy = approve(own, "gates.xml", "R. Meier", "2026-03-16")

    assert fault(approved) is None
    assert list(strategy.gates) == ["Cells"]
    assert strategy.card is not None
    assert strategy.card.source.name == "gates.xml"


def test_a_card_cannot_be_put_where_another_program_keeps_its_notes() -> None:
    # Two lines that look like the approval: nobody can tell which of them is meant.
    doubled = TEXT.replace("</qc:strategy>", "</qc:strategy><!-- <qc:approval by='x'/> -->")

    with pytest.raises(DocumentError, match="place of its approval"):
        approve(doubled, "strategy.xml", "R. Meier", "2026-03-16")


def test_other_programs_notes_are_told() -> None:
    note = "<data-type:custom_info><x>1</x></data-type:custom_info>"

    strategy = read_strategy(
        gating_ml(note, rectangle("Cells", dimension("FSC-A", low=1))), "gates.xml"
    )

    assert strategy.notes == (
        "holds custom_info of another program in 1 places, which was not read",
    )
    assert strategy.card is None
    assert read(TEXT).notes == ()
