"""A PDF whose text is not what its pages show is told; fonts that are only odd are not."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path

import pypdf
import pytest
from pypdf.generic import DecodedStreamObject, NameObject
from reportlab.lib.colors import black, white
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from qcvalidate.documents import open_document
from qcvalidate.documents.shapes import has_own_fonts
from qcvalidate.record import Finding, Severity

# All letters and digits, so that an honest drawing of every character is there too.
HONEST = (
    "Sterility test by direct inoculation, lot MSC-2026-0031",
    "Jumping quick brown foxes vex lazy dwarf KBZ; NGPTRDFHQUVWXY 0123456789",
)


def drawn(
    font: str, lines: tuple[str, ...], *, inverse: bool = False, turned: bool = False
) -> bytes:
    """Draw lines with a font; the standard ones are not embedded, Vera comes with reportlab."""
    if font.startswith("Vera"):
        registerFont(TTFont(font, f"{font}.ttf"))
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=(500, 500), invariant=True)
    if turned:
        canvas.rotate(90)
        canvas.translate(0, -500)
    if inverse:
        canvas.setFillColor(black)
        canvas.rect(0, 0, 500, 500, stroke=0, fill=1)
    canvas.setFillColor(white if inverse else black)
    canvas.setFont(font, 11)
    for place, line in enumerate(lines):
        canvas.drawString(30, 450 - 30 * place, line)
    canvas.save()
    return content.getvalue()


def lying(content: bytes, claims: Mapping[str, str]) -> bytes:
    """Let the text say other characters than are drawn: `claims` has drawn ones and said ones."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    for reference in writer.pages[0]["/Resources"]["/Font"].values():  # type: ignore[index]
        font = reference.get_object()
        stream = DecodedStreamObject()
        if "/ToUnicode" in font:
            old = font["/ToUnicode"].get_object().get_data().decode()
            stream.set_data(_exchanged(old, claims).encode())
        else:
            said = "\n".join(
                f"<{ord(one):02X}> <{ord(other):04X}>" for one, other in claims.items()
            )
            stream.set_data(
                f"1 begincodespacerange <00> <FF> endcodespacerange\n{len(claims)} beginbfchar\n"
                f"{said}\nendbfchar".encode()
            )
        font[NameObject("/ToUnicode")] = writer._add_object(stream)
    result = io.BytesIO()
    writer.write(result)
    return result.getvalue()


def _exchanged(old: str, claims: Mapping[str, str]) -> str:
    said = {f"<{ord(one):04X}>": f"<{ord(other):04X}>" for one, other in claims.items()}
    return re.sub(
        r"(?<=^<[0-9A-F]{2}> )<[0-9A-F]{4}>$",
        lambda hit: said.get(hit[0], hit[0]),
        old,
        flags=re.MULTILINE,
    )


def differing(content: bytes, folder: Path) -> list[Finding]:
    path = folder / "paper.pdf"
    path.write_bytes(content)
    return [one for one in open_document(path).findings if one.slug == "text-differs"]


def claims(shown: str, said: str) -> dict[str, str]:
    assert len(shown) == len(said)
    return {one: other for one, other in zip(shown, said, strict=True) if one != other}


@pytest.mark.parametrize("font", ["Vera", "VeraBd", "VeraIt", "Helvetica", "Times-Roman"])
@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("Growth", "Absent"),
        ("FAIL", "PASS"),
        ("POSITIVE", "NEGATIVE"),
        ("7.5", "1.5"),
        ("0.25", "0.05"),
        ("3.2", "8.2"),
        ("9", "4"),
        ("> 95", "< 95"),
        ("3.50", "<.50"),
    ],
)
def test_text_that_says_another_word_than_the_page_holds(
    font: str, shown: str, said: str, tmp_path: Path
) -> None:
    content = lying(drawn(font, (*HONEST, f"Result {shown}")), claims(shown, said))

    findings = differing(content, tmp_path)

    assert [one.severity for one in findings] == [Severity.HOLD]
    assert findings[0].place is not None
    assert findings[0].place.page == 1


@pytest.mark.parametrize(
    "font", ["Vera", "VeraBd", "VeraIt", "VeraBI", "Helvetica", "Times-BoldItalic", "Courier"]
)
@pytest.mark.parametrize("inverse", [False, True])
def test_honest_text_is_not_told(font: str, inverse: bool, tmp_path: Path) -> None:
    assert not differing(drawn(font, HONEST, inverse=inverse), tmp_path)


def test_text_that_runs_up_the_page_is_compared_too(tmp_path: Path) -> None:
    honest = drawn("Vera", (*HONEST, "Result 7.5"), turned=True)

    assert not differing(honest, tmp_path)
    assert len(differing(lying(honest, claims("7.5", "1.5")), tmp_path)) == 1


def test_one_odd_letter_may_be_the_font_s_own(tmp_path: Path) -> None:
    content = lying(drawn("Vera", HONEST), {"G": "N"})

    assert not differing(content, tmp_path)


def test_message_quotes_the_word_and_both_characters(tmp_path: Path) -> None:
    (finding,) = differing(lying(drawn("Vera", (*HONEST, "Result 7.5")), {"7": "1"}), tmp_path)

    assert "in “0123456189”" in finding.message or "in “1.5”" in finding.message
    assert "something like “7” where the file's text says “1”" in finding.message


def test_file_with_standard_fonts_alone_is_not_drawn_again(tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"

    path.write_bytes(drawn("Helvetica", HONEST))
    assert not has_own_fonts(path)
    path.write_bytes(lying(drawn("Helvetica", HONEST), {"7": "1"}))
    assert has_own_fonts(path)
    path.write_bytes(drawn("Vera", HONEST).replace(b"/ToUnicode", b"/To#55nicode"))
    assert has_own_fonts(path)
