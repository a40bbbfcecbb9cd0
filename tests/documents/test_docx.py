from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from word_files import cell, paragraph, relations, row, styles, table, write_docx

from qcvalidate import read
from qcvalidate.documents import Document, archive, open_document
from qcvalidate.documents.docx import OPENER
from qcvalidate.errors import DocumentError
from qcvalidate.readers.certificates.lines import lines
from qcvalidate.record import Severity

_BOX = "<wps:txbx><w:txbxContent>{}</w:txbxContent></wps:txbx>"


def _open(tmp_path: Path, body: str, parts: dict[str, str] | None = None) -> Document:
    return open_document(write_docx(tmp_path / "report.docx", body, parts))


def _seen(document: Document) -> list[str]:
    """Give the lines that readers see, with a bar where they cut."""
    return [
        " | ".join(block.text for block in line.blocks)
        for page in document.pages
        for line in lines(page)
    ]


def _slugs(document: Document) -> list[str]:
    return [finding.slug for finding in document.findings]


def _drawing(content: str, *, place: str = "inline", wrap: str = "", size: int = 1_000_000) -> str:
    """Draw a shape; `place` is inline or anchor, `size` in units of which 12 700 are a point."""
    return (
        f'<w:r><w:drawing><wp:{place}><wp:extent cx="{size}" cy="{size}"/>{wrap}'
        '<wp:docPr id="1" name="a"/><a:graphic><a:graphicData '
        'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f"<wps:wsp>{content}</wps:wsp></a:graphicData></a:graphic></wp:{place}></w:drawing></w:r>"
    )


def _picture(size: int = 3_000_000) -> str:
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent cx="{size}" cy="{size // 4}"/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        "<pic:pic/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


# --- what is read --------------------------------------------------------------------------


def test_a_paragraph_is_a_line_with_the_name_of_its_place(tmp_path: Path) -> None:
    document = _open(tmp_path, paragraph("Lot: A1") + paragraph("") + paragraph("No growth"))

    assert _seen(document) == ["Lot: A1", "No growth"]
    assert [word.region for word in document.pages[0].words] == [
        "paragraph 1", "paragraph 1", "paragraph 2", "paragraph 2",
    ]  # fmt: skip
    assert not document.findings


def test_a_tab_is_a_wide_gap_and_a_line_break_a_new_line(tmp_path: Path) -> None:
    runs = "<w:r><w:t>Lot:</w:t><w:tab/><w:t>A1</w:t><w:br/><w:t>End</w:t></w:r>"

    assert _seen(_open(tmp_path, f"<w:p>{runs}</w:p>")) == ["Lot: | A1", "End"]


def test_runs_that_touch_are_one_word(tmp_path: Path) -> None:
    runs = (
        "<w:r><w:rPr><w:b/></w:rPr><w:t>No gr</w:t></w:r><w:proofErr/>"
        "<w:r><w:t>ow</w:t><w:noBreakHyphen/><w:t>t</w:t><w:softHyphen/><w:t>h</w:t></w:r>"
    )

    assert _seen(_open(tmp_path, f"<w:p>{runs}</w:p>")) == ["No grow-th"]


def test_a_raised_number_stays_raised(tmp_path: Path) -> None:
    runs = (
        "<w:r><w:t>5.2 × 10</w:t></w:r>"
        '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>6</w:t></w:r>'
    )

    assert _seen(_open(tmp_path, f"<w:p>{runs}</w:p>")) == ["5.2 × 10⁶"]


@pytest.mark.parametrize(
    ("sign", "shown"),
    [
        ('<w:sym w:font="Symbol" w:char="F0A3"/>', "≤"),
        ('<w:sym w:font="Symbol" w:char="F0B3"/>', "≥"),
        ('<w:sym w:font="Wingdings" w:char="F0FE"/>', "☑"),
        ("<w:t>\uf0b3</w:t>", "≥"),
        ("<w:t>m</w:t>", "µ"),
    ],
)
def test_a_sign_of_a_font_of_symbols_is_what_it_shows(
    tmp_path: Path, sign: str, shown: str
) -> None:
    font = '<w:rPr><w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/></w:rPr>'
    document = _open(tmp_path, f"<w:p><w:r>{font}{sign}</w:r></w:p>")

    assert _seen(document) == [shown]
    assert not document.findings


def test_an_unknown_sign_of_a_font_of_symbols_holds(tmp_path: Path) -> None:
    sign = '<w:r><w:sym w:font="Webdings" w:char="F061"/><w:t> 5</w:t></w:r>'

    assert _slugs(_open(tmp_path, f"<w:p>{sign}</w:p>")) == ["page-unread"]


def test_the_cells_of_a_table_are_ruled(tmp_path: Path) -> None:
    made = table(row(cell("Test"), cell("Result")), row(cell("Sterility"), cell("No growth")))
    document = _open(tmp_path, made)

    assert _seen(document) == ["Test | Result", "Sterility | No growth"]
    assert document.pages[0].words[-1].region == "table 1 row 2 column 2"
    assert all(block.cell for line in lines(document.pages[0]) for block in line.blocks)


def test_merged_cells_span(tmp_path: Path) -> None:
    begins, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    document = _open(
        tmp_path,
        table(
            row(cell("Test"), cell("Medium"), cell("Result")),
            row(cell("Sterility", begins), cell("FTM"), cell("No growth")),
            row(cell("", goes_on), cell("TSB"), cell("No growth")),
            row(cell("All of them", '<w:gridSpan w:val="2"/>'), cell("Pass")),
        ),
    )
    cells = {block.text: block.cell for line in lines(document.pages[0]) for block in line.blocks}

    assert cells["Sterility"][1] <= cells["FTM"][1]
    assert cells["Sterility"][3] >= cells["TSB"][3]
    assert cells["All of them"][2] == cells["TSB"][2]
    assert not document.findings


def test_a_table_within_a_cell_is_read(tmp_path: Path) -> None:
    inner = table(row(cell("FTM"), cell("No growth")))

    assert _seen(_open(tmp_path, table(row(cell("Outer"), cell(inner + paragraph("")))))) == [
        "Outer",
        "FTM | No growth",
    ]


def test_content_controls_are_read(tmp_path: Path) -> None:
    inside = "<w:sdt><w:sdtContent><w:r><w:t>A1</w:t></w:r></w:sdtContent></w:sdt>"
    around = f"<w:sdt><w:sdtContent>{paragraph('No growth')}</w:sdtContent></w:sdt>"
    in_table = table(
        f"<w:sdt><w:sdtContent>{row(cell('x'), cell('y'))}</w:sdtContent></w:sdt>",
        "<w:tr><w:sdt><w:sdtContent>" + cell("z") + "</w:sdtContent></w:sdt></w:tr>",
    )
    document = _open(tmp_path, f"<w:p><w:r><w:t>Lot: </w:t></w:r>{inside}</w:p>{around}{in_table}")

    assert _seen(document) == ["Lot: A1", "No growth", "x | y", "z"]


def test_a_text_box_is_read_once(tmp_path: Path) -> None:
    box = _drawing(_BOX.format(paragraph("In the box")))
    drawn = box.removeprefix("<w:r>").removesuffix("</w:r>")
    old = (
        "<w:pict><v:shape><v:textbox><w:txbxContent>"
        + paragraph("In the box")
        + "</w:txbxContent></v:textbox></v:shape></w:pict>"
    )
    both = (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'>{drawn}</mc:Choice>"
        f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    document = _open(tmp_path, f"<w:p>{both}<w:r><w:t>Text</w:t></w:r></w:p>")

    assert _seen(document) == ["Text", "In the box"]
    assert document.pages[0].words[-1].region == "text box 1"
    assert not document.findings


def test_a_text_box_with_two_versions_holds(tmp_path: Path) -> None:
    drawn = _drawing(_BOX.format(paragraph("No growth"))).removeprefix("<w:r>")
    old = "<w:pict><v:shape><v:textbox><w:txbxContent>" + paragraph("Growth")
    both = (
        f"<w:r><mc:AlternateContent><mc:Choice>{drawn.removesuffix('</w:r>')}</mc:Choice>"
        f"<mc:Fallback>{old}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )

    assert _slugs(_open(tmp_path, f"<w:p>{both}</w:p>")) == ["shown-otherwise"]


def test_headers_notes_and_footers_that_are_shown_are_read(tmp_path: Path) -> None:
    ns = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = (
        '<w:p><w:r><w:t>Text</w:t><w:footnoteReference w:id="2"/></w:r></w:p><w:sectPr>'
        '<w:headerReference w:type="default" r:id="rId1"/>'
        '<w:headerReference w:type="first" r:id="rId2"/>'
        '<w:footerReference w:type="default" r:id="rId3"/></w:sectPr>'
    )
    links = relations(
        ("header", "header1.xml"),
        ("header", "header2.xml"),
        ("footer", "footer1.xml"),
        ("footnotes", "footnotes.xml"),
    )
    note = '<w:footnote w:id="{}">{}</w:footnote>'
    parts = {
        "word/header1.xml": f"<w:hdr {ns}>{paragraph('Head')}</w:hdr>",
        "word/header2.xml": f"<w:hdr {ns}>{paragraph('Of a title page')}</w:hdr>",
        "word/footer1.xml": f"<w:ftr {ns}>{paragraph('Foot')}</w:ftr>",
        "word/footnotes.xml": f"<w:footnotes {ns}>{note.format(1, paragraph('Unused'))}"
        f"{note.format(2, paragraph('A note'))}</w:footnotes>",
    }
    path = write_docx(tmp_path / "report.docx", body, parts, links)

    document = open_document(path)

    assert _seen(document) == ["Head", "Text", "A note", "Foot"]
    assert [word.region for word in document.pages[0].words] == [
        "header", "paragraph 1", "footnote 1", "footnote 1", "footer",
    ]  # fmt: skip


def _field(instruction: str, shown: str, begin: str = "") -> str:
    return (
        f'<w:r><w:fldChar w:fldCharType="begin" {begin}/></w:r>'
        f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{shown}</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def test_of_a_field_only_its_result_is_read(tmp_path: Path) -> None:
    nested = _field(f"IF {_field('DOCPROPERTY x', 'Growth')} = 1 Growth", "No growth")
    simple = '<w:fldSimple w:instr="DOCPROPERTY Lot"><w:r><w:t>A1</w:t></w:r></w:fldSimple>'

    assert _seen(_open(tmp_path, f"<w:p>{nested}</w:p><w:p>{simple}</w:p>")) == ["No growth", "A1"]


def test_a_field_of_page_numbers_fits_our_pages(tmp_path: Path) -> None:
    runs = f"<w:r><w:t>Page </w:t></w:r>{_field('PAGE', '2')}<w:r><w:t> of </w:t></w:r>"

    document = _open(tmp_path, f"<w:p>{runs}{_field('NUMPAGES', '7')}</w:p>")

    assert _seen(document) == ["Page 1 of 1"]


def test_pages_end_where_the_document_says_so(tmp_path: Path) -> None:
    broken = '<w:p><w:r><w:t>One</w:t><w:br w:type="page"/><w:t>Two</w:t></w:r></w:p>'
    noted = "<w:p><w:r><w:lastRenderedPageBreak/><w:t>Three</w:t></w:r></w:p>"

    document = _open(tmp_path, broken + noted)

    assert [[word.text for word in page.words] for page in document.pages] == [
        ["One"],
        ["Two"],
        ["Three"],
    ]


def test_old_form_fields_show_their_state(tmp_path: Path) -> None:
    ticked = '<w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:checked/></w:checkBox>'
    choice = (
        '<w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="1"/>'
        '<w:listEntry w:val="No growth"/><w:listEntry w:val="Growth"/></w:ddList>'
    )
    end = '</w:ffData></w:fldChar></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    body = f"<w:p><w:r>{ticked}{end}<w:r><w:t> Pass</w:t></w:r></w:p><w:p><w:r>{choice}{end}</w:p>"

    assert _seen(_open(tmp_path, body)) == ["☒ Pass", "Growth"]


def test_words_of_a_list_are_read_and_its_numbers_are_not(tmp_path: Path) -> None:
    ns = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    level = '<w:lvl w:ilvl="0"><w:lvlText w:val="{}"/></w:lvl>'
    parts = {
        "word/numbering.xml": f"<w:numbering {ns}>"
        f'<w:abstractNum w:abstractNumId="1">{level.format("%1.")}</w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="2">{level.format("FAIL:")}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num></w:numbering>'
    }
    body = "".join(
        paragraph("item", paragraph_properties=f'<w:numPr><w:numId w:val="{n}"/></w:numPr>')
        for n in (1, 2)
    )

    assert _seen(_open(tmp_path, body, parts)) == ["item", "FAIL: item"]


# --- what is shown otherwise ----------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        '<w:del w:id="1"><w:r><w:delText>No growth</w:delText></w:r></w:del>'
        '<w:ins w:id="2"><w:r><w:t>Growth</w:t></w:r></w:ins>',
        '<w:moveFrom w:id="1"><w:r><w:t>No growth</w:t></w:r></w:moveFrom>'
        '<w:moveTo w:id="2"><w:r><w:t>Growth</w:t></w:r></w:moveTo>',
    ],
)
def test_tracked_changes_hold_and_both_texts_are_told(tmp_path: Path, change: str) -> None:
    document = _open(tmp_path, f"<w:p>{change}</w:p>")

    (finding,) = document.findings
    assert _seen(document) == ["Growth"]
    assert (finding.slug, finding.severity) == ("document-tracked-changes", Severity.HOLD)
    assert "took out “No growth” and put in “Growth”" in finding.message


def test_a_row_that_was_taken_out_holds(tmp_path: Path) -> None:
    gone = row(cell("TSB"), cell("Growth"), properties="<w:del/>")
    document = _open(tmp_path, table(row(cell("FTM"), cell("No growth")), gone))

    assert _seen(document) == ["FTM | No growth"]
    assert _slugs(document) == ["document-tracked-changes"]


def test_struck_text_is_marked_and_holds(tmp_path: Path) -> None:
    document = _open(tmp_path, paragraph("Pass", "<w:strike/>") + paragraph("Fail"))

    assert _seen(document) == ["Fail"]
    assert [word.struck for word in document.pages[0].words] == [True, False]
    assert _slugs(document) == ["text-struck"]


_STYLED = {
    "hidden": '<w:style w:type="character" w:styleId="X"><w:rPr><w:vanish/></w:rPr></w:style>',
    "white by its base": '<w:style w:type="character" w:styleId="Y"><w:rPr>'
    '<w:color w:val="FFFFFF"/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="X"><w:basedOn w:val="Y"/></w:style>',
    "white of the theme": '<w:style w:type="character" w:styleId="X"><w:rPr>'
    '<w:color w:val="000000" w:themeColor="background1"/></w:rPr></w:style>',
    "tiny by default": '<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="2"/></w:rPr>'
    "</w:rPrDefault></w:docDefaults>",
}


@pytest.mark.parametrize("written", _STYLED.values(), ids=_STYLED)
def test_text_that_a_style_hides_is_not_seen(tmp_path: Path, written: str) -> None:
    seen = paragraph("Growth", '<w:sz w:val="20"/>')
    document = _open(
        tmp_path,
        seen + paragraph("No growth", '<w:rStyle w:val="X"/>'),
        {"word/styles.xml": styles(written)},
    )

    assert _seen(document) == ["Growth"]
    assert _slugs(document) == ["text-hidden"]


@pytest.mark.parametrize(
    "properties",
    [
        "<w:vanish/>",
        '<w:sz w:val="3"/>',
        '<w:color w:val="FEFEFE"/>',
        '<w:color w:val="112222"/><w:highlight w:val="black"/>',
        '<w:color w:val="AA0000"/><w:shd w:val="clear" w:fill="AA0011"/>',
        '<w:shd w:val="solid" w:color="101010"/><w:color w:val="000000"/>',
        '<w:w w:val="1"/>',
        '<w:spacing w:val="-120"/>',
        '<w:position w:val="300"/>',
        "<w14:textFill><w14:noFill/></w14:textFill>",
    ],
)
def test_text_that_nobody_sees_holds(tmp_path: Path, properties: str) -> None:
    document = _open(tmp_path, paragraph("Growth") + paragraph("No growth", properties))

    assert _seen(document) == ["Growth"]
    assert _slugs(document) == ["text-hidden"]


@pytest.mark.parametrize(
    "properties",
    [
        '<w:spacing w:line="10" w:lineRule="exact"/>',
        '<w:ind w:left="-9000"/>',
        '<w:ind w:left="400" w:firstLine="20000"/>',
        '<w:framePr w:x="50000" w:y="10"/>',
    ],
)
def test_a_line_that_is_not_on_the_paper_is_not_seen(tmp_path: Path, properties: str) -> None:
    document = _open(tmp_path, paragraph("Growth") + paragraph("No growth", "", properties))

    assert _seen(document) == ["Growth"]
    assert _slugs(document) == ["text-hidden"]


@pytest.mark.parametrize(
    "made",
    [
        table(row(cell("No growth"), properties="<w:hidden/>")),
        table(row(cell("No growth"), properties='<w:trHeight w:val="1" w:hRule="exact"/>')),
        table(
            row(cell("No growth")),
            properties='<w:tblLayout w:type="fixed"/>',
            columns='<w:gridCol w:w="0"/>',
        ),
        table(
            row(cell("Growth", '<w:vMerge w:val="restart"/>')),
            row(cell("No growth", "<w:vMerge/>")),
        ),
        table(row(cell("No growth")), properties='<w:tblpPr w:tblpX="1" w:tblpY="-30000"/>'),
        table(
            row(
                cell("Growth", '<w:hMerge w:val="restart"/>'),
                cell("No growth", '<w:hMerge w:val="continue"/>'),
            )
        ),
    ],
    ids=["hidden row", "flat row", "narrow column", "merged down", "off", "merged across"],
)
def test_cells_that_nobody_sees_hold(tmp_path: Path, made: str) -> None:
    document = _open(tmp_path, paragraph("Seen") + made)

    assert "No growth" not in " ".join(_seen(document))
    assert _slugs(document) == ["text-hidden"]


def test_white_letters_on_a_dark_heading_are_seen(tmp_path: Path) -> None:
    white = '<w:color w:val="FFFFFF" w:themeColor="background1"/>'
    of_table = (
        '<w:style w:type="table" w:styleId="T"><w:tblStylePr w:type="firstRow">'
        f"<w:rPr>{white}</w:rPr><w:tcPr><w:shd w:val='clear' w:fill='4472C4'/></w:tcPr>"
        "</w:tblStylePr></w:style>"
    )
    styled = table(
        row(cell("Test")),
        row(cell("FTM")),
        properties='<w:tblStyle w:val="T"/><w:tblLook w:firstRow="1"/>',
    )
    shaded = table(row(cell(paragraph("Medium", white), '<w:shd w:val="clear" w:fill="203864"/>')))
    fill = '<wps:spPr><a:solidFill><a:srgbClr val="203864"/></a:solidFill></wps:spPr>'
    box = f"<w:p>{_drawing(fill + _BOX.format(paragraph('Box', white)))}</w:p>"
    document = _open(tmp_path, styled + shaded + box, {"word/styles.xml": styles(of_table)})

    assert _seen(document) == ["Test", "FTM", "Medium", "Box"]
    assert not document.findings


def test_a_picture_among_the_text_holds(tmp_path: Path) -> None:
    document = _open(tmp_path, f"{paragraph('Result:')}<w:p>{_picture()}</w:p>{paragraph('x')}")

    (finding,) = document.findings
    assert (finding.slug, finding.severity) == ("page-unread", Severity.HOLD)


def test_an_emblem_above_the_text_holds_nothing(tmp_path: Path) -> None:
    assert not _open(tmp_path, f"<w:p>{_picture()}</w:p>{paragraph('Report')}").findings


def test_the_picture_of_a_signature_is_said(tmp_path: Path) -> None:
    signed = table(row(cell("Approved by"), cell(f"<w:p>{_picture(1_500_000)}</w:p>")))

    (finding,) = _open(tmp_path, paragraph("Text") + signed).findings

    assert finding.severity is Severity.WARNING


_ABOVE = "<wp:wrapNone/>"
_FILLED = "<wps:spPr><a:solidFill><a:srgbClr val='FFFFFF'/></a:solidFill></wps:spPr>"


@pytest.mark.parametrize(
    "content", [_FILLED, "<wps:spPr/>", _FILLED + _BOX.format(paragraph("No growth"))]
)
def test_a_drawing_that_may_cover_text_holds(tmp_path: Path, content: str) -> None:
    drawn = _drawing(content, place="anchor", wrap=_ABOVE)

    assert _slugs(_open(tmp_path, f"<w:p>{drawn}<w:r><w:t>Growth</w:t></w:r></w:p>")) == [
        "shown-otherwise"
    ]


def test_a_text_box_that_text_flows_around_holds_nothing(tmp_path: Path) -> None:
    drawn = _drawing(_FILLED + _BOX.format(paragraph("x")), place="anchor", wrap="<wp:wrapSquare/>")

    assert not _open(tmp_path, f"<w:p>{drawn}<w:r><w:t>Growth</w:t></w:r></w:p>").findings


def test_a_watermark_stands_across_the_page(tmp_path: Path) -> None:
    mark = (
        '<w:r><w:pict><v:shape style="position:absolute;width:400pt;height:100pt">'
        '<v:textpath string="DRAFT"/></v:shape></w:pict></w:r>'
    )
    document = _open(tmp_path, f"<w:p>{mark}<w:r><w:t>Text</w:t></w:r></w:p>")

    assert [(word.text, word.upright) for word in document.pages[0].words] == [
        ("DRAFT", False),
        ("Text", True),
    ]


_BINDING = (
    "<w:sdt><w:sdtPr><w:dataBinding w:prefixMappings=\"xmlns:n='urn:x'\" "
    'w:xpath="/n:root[1]/n:result[1]"/></w:sdtPr><w:sdtContent><w:r><w:t>{}</w:t></w:r>'
    "</w:sdtContent></w:sdt>"
)


def test_data_that_are_there_twice_decide_nothing(tmp_path: Path) -> None:
    item = '<root xmlns="urn:x"><result>{}</result></root>'
    path = write_docx(
        tmp_path / "report.docx",
        f"<w:p>{_BINDING.format('No growth')}</w:p>",
        {
            "customXml/item1.xml": item.format("Growth"),
            "customXml/item2.xml": item.format("No growth"),
        },
        relations(("customXml", "../customXml/item1.xml"), ("customXml", "../customXml/item2.xml")),
    )

    assert _slugs(open_document(path)) == ["shown-otherwise"]


@pytest.mark.parametrize(("shown", "slugs"), [("Growth", []), ("No growth", ["shown-otherwise"])])
def test_a_bound_control_must_show_its_data(tmp_path: Path, shown: str, slugs: list[str]) -> None:
    path = write_docx(
        tmp_path / "report.docx",
        f"<w:p>{_BINDING.format(shown)}</w:p>",
        {"customXml/item1.xml": '<root xmlns="urn:x"><result>Growth</result></root>'},
        relations(("customXml", "../customXml/item1.xml")),
    )

    assert _slugs(open_document(path)) == slugs


def test_a_checkbox_must_show_its_state(tmp_path: Path) -> None:
    box = (
        '<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="1"/></w14:checkbox></w:sdtPr>'
        "<w:sdtContent><w:r><w:t>{}</w:t></w:r></w:sdtContent></w:sdt>"
    )

    assert _slugs(_open(tmp_path, f"<w:p>{box.format('☒')}</w:p>")) == []
    assert _slugs(_open(tmp_path, f"<w:p>{box.format('☐')}</w:p>")) == ["shown-otherwise"]


_DIRTY = 'w:dirty="true"'


@pytest.mark.parametrize(
    "body",
    [
        f"<w:p>{_field('INCLUDETEXT other.docx', 'No growth')}</w:p>",
        f"<w:p>{_field('IF 1 = 1', 'No growth', _DIRTY)}</w:p>",
        '<w:p><w:bdo w:val="rtl"><w:r><w:t>htworg oN</w:t></w:r></w:bdo></w:p>',
        paragraph("\u202ehtworg oN"),
        paragraph("&lt; 0.05", "<w:rtl/>"),
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p>',
        "<mc:AlternateContent><mc:Choice Requires='new'>"
        f"{paragraph('No growth')}</mc:Choice></mc:AlternateContent>",
    ],
    ids=[
        "from elsewhere",
        "renewed",
        "turned",
        "turned by letters",
        "backwards",
        "a field without an end",
        "for a program to come",
    ],
)
def test_what_may_be_shown_otherwise_holds(tmp_path: Path, body: str) -> None:
    document = _open(tmp_path, paragraph("Seen") + body)

    assert _slugs(document) == ["shown-otherwise"]
    assert document.findings[0].severity is Severity.HOLD


@pytest.mark.parametrize(
    ("parts", "links", "slug"),
    [
        ({"word/vbaProject.bin": "x"}, (), "shown-otherwise"),
        ({"word/embeddings/a.xlsx": "x"}, (), "page-unread"),
        ({}, (("attachedTemplate", "https://example.org/a.dotm", "out"),), "shown-otherwise"),
        ({}, (("attachedTemplate", "file:///C:/a.dotx", "out"),), None),
        ({}, (("hyperlink", "https://example.org", "out"),), None),
        ({}, (("frame", "https://example.org", "out"),), "shown-otherwise"),
    ],
)
def test_what_a_file_carries_and_calls_is_told(
    tmp_path: Path,
    parts: dict[str, str],
    links: tuple[tuple[str, str, str], ...],
    slug: str | None,
) -> None:
    path = write_docx(tmp_path / "report.docx", paragraph("x"), parts, relations(*links))

    assert _slugs(open_document(path)) == ([slug] if slug else [])


def test_a_comment_holds(tmp_path: Path) -> None:
    ns = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    said = f"<w:comments {ns}><w:comment>{paragraph('wrong sample')}</w:comment></w:comments>"
    (finding,) = _open(tmp_path, paragraph("x"), {"word/comments.xml": said}).findings

    assert finding.slug == "page-unread"
    assert "wrong sample" in finding.message


def test_an_embedded_document_holds(tmp_path: Path) -> None:
    assert _slugs(_open(tmp_path, paragraph("x") + '<w:altChunk r:id="rId9"/>')) == ["page-unread"]


def test_text_in_an_unknown_part_holds(tmp_path: Path) -> None:
    assert _slugs(_open(tmp_path, paragraph("x") + f"<w:new>{paragraph('Growth')}</w:new>")) == [
        "page-unread"
    ]


# --- what is refused -------------------------------------------------------------------------


def _entry(path: Path, name: str, content: str = "x") -> Path:
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, content)
    return path


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "entry", ["word/document.xml", "word/Document.xml", "../evil.xml", "/evil.xml", "a\\evil.xml"]
)
def test_an_archive_that_programs_may_see_differently_is_refused(
    tmp_path: Path, entry: str
) -> None:
    path = _entry(write_docx(tmp_path / "report.docx", paragraph("x")), entry)

    with pytest.raises(DocumentError) as caught:
        open_document(path)

    assert caught.value.slug == "document-dishonest"


def test_entities_are_refused(tmp_path: Path) -> None:
    entity = '<!DOCTYPE w [<!ENTITY x "No growth">]><w:p xmlns:w="urn:x">&x;</w:p>'
    path = write_docx(tmp_path / "report.docx", "", {"word/document.xml": entity})

    with pytest.raises(DocumentError) as caught:
        open_document(path)

    assert caught.value.slug == "document-dishonest"


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_docx(tmp_path / "report.docx", paragraph("x" * 10_000))
    monkeypatch.setattr(archive, "LARGEST_XML_BYTES", 5_000)

    with pytest.raises(DocumentError) as caught:
        open_document(path)

    assert caught.value.slug == "document-too-large"


def test_the_document_is_the_one_that_its_package_names(tmp_path: Path) -> None:
    ns = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    other = f"<w:document {ns}><w:body>{paragraph('Growth')}</w:body></w:document>"
    path = write_docx(
        tmp_path / "report.docx",
        paragraph("No growth"),
        {"word/other.xml": other, "_rels/.rels": relations(("officeDocument", "word/other.xml"))},
    )

    assert _seen(open_document(path)) == ["Growth"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"0" * 64, "password"),
        (b"PK\x03\x04 truncated", "damaged"),
        (b"Certificate", "not a DOCX"),
    ],
)
def test_what_is_no_document_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "report.docx"
    path.write_bytes(content)

    with pytest.raises(DocumentError, match=said):
        open_document(path)


@pytest.mark.parametrize(
    ("body", "slug"),
    [("", "document-empty"), (f"<w:p>{_picture()}</w:p>", "no-text-layer")],
)
def test_a_document_without_text_is_refused(tmp_path: Path, body: str, slug: str) -> None:
    with pytest.raises(DocumentError) as caught:
        _open(tmp_path, body)

    assert caught.value.slug == slug


def test_a_document_that_is_nested_too_deeply_is_refused(tmp_path: Path) -> None:
    body = paragraph("x")
    for _ in range(400):
        body = table(row(f"<w:tc>{body}</w:tc>"))

    with pytest.raises(DocumentError, match="nested"):
        _open(tmp_path, body)


def test_macros_have_a_suffix_of_their_own() -> None:
    assert OPENER.suffixes == (".docx", ".docm")


# --- certificates ----------------------------------------------------------------------------


def test_a_certificate_is_read_as_from_paper(tmp_path: Path) -> None:
    body = (
        paragraph("Certificate of Analysis")
        + table(
            row(cell("Report No.:"), cell("NM-2026-0417"), cell("Lot No.:"), cell("MSC-2026-0018"))
        )
        + table(
            row(cell("Test"), cell("Specification"), cell("Result")),
            row(cell("Sterility"), cell("No growth"), cell("No growth")),
            row(cell("Endotoxin"), cell("≤ 0.5 EU/mL"), cell("&lt; 0.05 EU/mL")),
        )
    )
    record = read(write_docx(tmp_path / "report.docx", body))

    assert record.stated("lot") == "MSC-2026-0018"
    assert record.stated("report_number") == "NM-2026-0417"
    assert record.observations[["test", "result", "region"]].values.tolist() == [
        ["sterility", "No growth", "table 2 row 2 column 3"],
        ["endotoxin", "< 0.05 EU/mL", "table 2 row 3 column 3"],
    ]


@pytest.mark.corpus
def test_the_hard_document_tells_its_tracked_change(corpus: Path) -> None:
    document = open_document(corpus / "certificates" / "hard" / "t.docx")

    (finding,) = document.findings
    assert finding.slug == "document-tracked-changes"
    assert "took out “No growth” and put in “GROWTH”" in finding.message
    assert _seen(document) == [
        "HEADER: Report 77",
        "Tracked: GROWTH",
        "Result: SDT-INLINE No growth",
        "SDT-BLOCK: Lot B2",
        "Plain: LOT A1",
    ]


@pytest.mark.parametrize(
    ("properties", "faint"),
    [
        ('<w:color w:val="D0D0D0"/>', True),
        ('<w:color w:val="C0C0C0"/>', True),
        ('<w:color w:val="FFFF99"/>', True),
        ('<w:sz w:val="6"/>', True),
        ('<w:color w:val="A0A0A0"/>', False),
        ('<w:color w:val="808080"/><w:sz w:val="12"/>', False),
        ('<w:color w:val="FF0000"/>', False),
        ('<w:color w:val="auto"/>', False),
        ("", False),
    ],
)
def test_pale_and_tiny_words_are_marked(tmp_path: Path, properties: str, *, faint: bool) -> None:
    document = open_document(write_docx(tmp_path / "a.docx", paragraph("No", properties)))

    (word,) = document.pages[0].words
    assert (word.visible, word.faint) == (True, faint)
