"""Changes of a certificate that is a DOCX file or a workbook: what the program writes beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font

from benchmarks.mutants import oracle
from benchmarks.mutants.kinds import HARMLESS, UNSAFE, Change, one_of
from benchmarks.mutants.lots import Form, Lot
from benchmarks.mutants.office import Style, deleted, inserted, paragraph, run
from benchmarks.mutants.papers import test_of

_BAD = ("Growth", "Positive", "Reactive")
_TAKEN_BACK = (
    "The test is invalid and must be repeated.", "This report is withdrawn.",
    "The sample was contaminated.",
)  # fmt: skip


def _chosen(lot: Lot, random: Random, drawer: str) -> tuple[str, Form] | None:
    """Give a certificate of this kind whose first row is one that is asked for."""
    found = [
        (name, form)
        for name, form in lot.of(Form).items()
        if form.drawer == drawer and test_of(form.said.rows[0]) in oracle.required(lot)
    ]
    return one_of(random, found)


def _styled(style: Callable[[Random], Style]) -> Change:
    def change(lot: Lot, random: Random) -> Lot | None:
        found = _chosen(lot, random, "word")
        if found is None:
            return None
        name, form = found
        options = {**form.options, "style": style(random)}
        return lot.with_file(name, replace(form, options=options))

    return change


def _styled_unsafe(name: str) -> Callable[[Callable[[Random], Style]], Change]:
    def add(style: Callable[[Random], Style]) -> Change:
        return UNSAFE(f"docx: {name}")(_styled(style))

    return add


def _marked(properties: str) -> Callable[[Random], Style]:
    return lambda _: Style(lambda text: text.replace("<w:rPr>", f"<w:rPr>{properties}"))


# --- DOCX ----------------------------------------------------------------------------------

UNSAFE("docx: result inserted, and accepted by nobody")(_styled(lambda _: Style(inserted)))


@_styled_unsafe("another result deleted beside it, and accepted by nobody")
def _deleted(random: Random) -> Style:
    was = deleted(random.choice(_BAD))
    return Style(lambda text: was + text)


@_styled_unsafe("a bad result inserted beside it, and accepted by nobody")
def _inserted(random: Random) -> Style:
    more = inserted(run(random.choice(_BAD)))
    return Style(lambda text: text + more)


UNSAFE("docx: result struck through")(_styled(_marked("<w:strike/>")))
UNSAFE("docx: result hidden")(_styled(_marked("<w:vanish/>")))
UNSAFE("docx: result in white")(_styled(_marked('<w:color w:val="FFFFFF"/>')))
UNSAFE("docx: every page says that it is of no worth")(
    _styled(
        lambda random: replace(
            Style(),
            **{
                random.choice(("top", "bottom")): paragraph(
                    random.choice(("DRAFT", "CANCELLED", "VOID"))
                )
            },
        )
    )
)
UNSAFE("docx: a hidden sentence that takes the result back")(
    _styled(lambda random: Style(more=paragraph(random.choice(_TAKEN_BACK), "<w:vanish/>")))
)
HARMLESS("docx: tables without lines")(_styled(lambda _: Style(ruled=False)))
HARMLESS("docx: result in bold")(_styled(_marked("<w:b/>")))
HARMLESS("docx: a name and the page below each page")(
    _styled(lambda _: Style(bottom=paragraph("FRM-007 Rev. 2")))
)


# --- workbooks -----------------------------------------------------------------------------

Touch = Callable[[openpyxl.Workbook, "openpyxl.cell.cell.Cell", Random], None]


def _touched(touch: Touch) -> Change:
    """Change the book; `touch` is given the cell of the first result, too."""

    def change(lot: Lot, random: Random) -> Lot | None:
        found = _chosen(lot, random, "workbook")
        if found is None:
            return None
        name, form = found
        seed = random.random()

        def work(book: openpyxl.Workbook) -> None:
            sheet = book.worksheets[0]
            test = str(form.said.rows[0][0])
            row = next(cells for cells in sheet.iter_rows() if cells[0].value == test)
            column = [text.casefold() for text in form.said.columns]
            place = column.index("observation" if "observation" in column else "result")
            touch(book, row[place], Random(seed))

        return lot.with_file(name, replace(form, options={"touch": work}))

    return change


def _unsafe(name: str) -> Callable[[Touch], Touch]:
    def add(touch: Touch) -> Touch:
        UNSAFE(f"xlsx: {name}")(_touched(touch))
        return touch

    return add


@_unsafe("row of a result hidden")
def _hidden_row(book: openpyxl.Workbook, cell: openpyxl.cell.cell.Cell, random: Random) -> None:
    book.worksheets[0].row_dimensions[cell.row].hidden = True


@_unsafe("column of the results hidden")
def _hidden_column(book: openpyxl.Workbook, cell: openpyxl.cell.cell.Cell, random: Random) -> None:
    book.worksheets[0].column_dimensions[cell.column_letter].hidden = True


@_unsafe("a hidden sheet with other results")
def _hidden_sheet(book: openpyxl.Workbook, cell: openpyxl.cell.cell.Cell, random: Random) -> None:
    sheet = book.create_sheet("Data")
    sheet.append([book.worksheets[0].cell(cell.row, 1).value, random.choice(_BAD)])
    sheet.sheet_state = random.choice(("hidden", "veryHidden"))


@_unsafe("a second sheet that takes the results back")
def _second_sheet(book: openpyxl.Workbook, cell: openpyxl.cell.cell.Cell, random: Random) -> None:
    book.create_sheet("Notes").append([random.choice(_TAKEN_BACK)])


@_unsafe("result is a formula that was never computed")
def _formula(book: openpyxl.Workbook, cell: openpyxl.cell.cell.Cell, random: Random) -> None:
    cell.value = '=IF(TRUE,"No growth","Growth")'


@_unsafe("result struck through")
def _struck(book: openpyxl.Workbook, cell: openpyxl.cell.cell.Cell, random: Random) -> None:
    cell.font = Font(strike=True)


@_unsafe("result in white")
def _white(book: openpyxl.Workbook, cell: openpyxl.cell.cell.Cell, random: Random) -> None:
    cell.font = Font(color="FFFFFFFF")


@_unsafe("result with a comment that takes it back")
def _comment(book: openpyxl.Workbook, cell: openpyxl.cell.cell.Cell, random: Random) -> None:
    cell.comment = Comment(random.choice(_TAKEN_BACK), "A. Sample")


def _wider(book: openpyxl.Workbook, cell: openpyxl.cell.cell.Cell, random: Random) -> None:
    for letter in "ABCDE":
        book.worksheets[0].column_dimensions[letter].width = random.randint(12, 60)


def _bold(book: openpyxl.Workbook, cell: openpyxl.cell.cell.Cell, random: Random) -> None:
    cell.font = Font(bold=True, name="Arial")


def _empty_sheet(book: openpyxl.Workbook, cell: openpyxl.cell.cell.Cell, random: Random) -> None:
    book.create_sheet(random.choice(("Sheet2", "Tabelle2")))


HARMLESS("xlsx: columns of another width")(_touched(_wider))
HARMLESS("xlsx: result in bold")(_touched(_bold))
HARMLESS("xlsx: an empty sheet besides")(_touched(_empty_sheet))
