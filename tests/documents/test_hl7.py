from __future__ import annotations

from pathlib import Path

import pytest

from qcvalidate.documents import open_document
from qcvalidate.documents.hl7 import parse_hl7
from qcvalidate.documents.structured import Node, Structured
from qcvalidate.errors import DocumentError
from qcvalidate.record import Severity

HEADER = r"MSH|^~\&|LIS|LAB|||20260320||ORU^R01|M1|P|2.5.1"


def _value(text: str) -> list[str | None]:
    """Give the texts of OBX-5 of a message whose one result is this."""
    root = parse_hl7(f"{HEADER}\rOBX|1|ST|X||{text}|\r", "a.hl7")
    segment = root.children[0].children[1]
    field = next(each for each in segment.children if each.type == "5")
    return [node.text for node in field.walk() if node.name == "subcomponent"]


@pytest.mark.parametrize(
    ("written", "texts"),
    [
        ("No growth", ["No growth"]),
        ("a^b&c~d", ["a", "b", "c", "d"]),
        (r"\F\ \S\ \T\ \R\ \E\ ", ["| ^ & ~ \\ "]),
        (r"a\S\b^c", ["a^b", "c"]),
        (r"one\.br\two", ["one\ntwo"]),
        (r"\H\Growth\N\ ", ["Growth "]),
        (r"\X41\\X42\ ", ["AB "]),
        # What is not known, or no letter of ASCII, stays as it is written.
        (r"\Zq\no growth", [r"\Zq\no growth"]),
        (r"\XFF\no growth", [r"\XFF\no growth"]),
        ("a \\ b", ["a \\ b"]),
    ],
)
def test_a_field_is_cut_before_it_is_unescaped(written: str, texts: list[str]) -> None:
    assert _value(written) == texts


def test_every_segment_has_its_place() -> None:
    text = f"{HEADER}\rOBX|1\rNTE|1\rOBX|2|NM\r{HEADER}\rOBX|1|ST|x\r"

    messages = parse_hl7(text, "a.hl7").children

    assert [node.place for node in messages[0].children] == ["MSH 1", "OBX 1", "NTE 1", "OBX 2"]
    assert messages[0].children[3].children[1].place == "OBX 2 field 2"
    assert messages[1].children[1].children[2].place == "message 2 OBX 1 field 3"


def test_the_separator_is_the_headers_first_field() -> None:
    header = parse_hl7(f"{HEADER}\r", "a.hl7").children[0].children[0]

    numbered = {field.type: [n.text for n in field.walk() if n.text] for field in header.children}
    assert (numbered["1"], numbered["2"]) == (["|"], [r"^~\&"])
    assert (numbered["3"], numbered["9"], numbered["12"]) == (["LIS"], ["ORU", "R01"], ["2.5.1"])


@pytest.mark.parametrize(
    "content",
    [
        "PID|1\r",
        "",
        "MSH\r",
        "MSH|^~\r",
        r"MSH|^^\&|LIS" + "\r",
        r"MSH|^~\A|LIS" + "\r",
        f"{HEADER}\rOBX|1|TX|X||No growth\nin bottles 1-36\r",
        f"{HEADER}\robx|1\r",
        f"{HEADER}\rOBX^1\r",
        f"FHS|^~\\&\rBHS|^~\\&\r{HEADER}\r",
        f"FHS|^~\\&\rBHS|^~\\&\r{HEADER}\rBTS|2\rFTS|1\r",
        "FHS|^~\\&\rFTS|0\r",
    ],
    ids=[
        "no header", "empty", "bare", "few marks", "twice", "letter", "line break", "case",
        "other separator", "cut batch", "message lost", "no message",
    ],
)  # fmt: skip
def test_what_is_garbled_is_refused(content: str) -> None:
    with pytest.raises(DocumentError):
        parse_hl7(content, "a.hl7")


def test_a_whole_batch_is_its_messages() -> None:
    batch = f"FHS|^~\\&\rBHS|^~\\&\r{HEADER}\r{HEADER}\rBTS|2\rFTS|1\r"

    assert len(parse_hl7(batch, "a.hl7").children) == 2


def _opened(tmp_path: Path, content: bytes) -> Node:
    path = tmp_path / "lab.hl7"
    path.write_bytes(content)
    document = open_document(path)
    assert isinstance(document.content, Structured)
    return document.content.root


def _stating(charset: str) -> str:
    return f"{HEADER}||||||{charset}\rNTE|1||Trübung\r"


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("8859/1", "latin-1"),
        ("8859/15", "iso-8859-15"),
        ("UNICODE UTF-8", "utf-8"),
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ("", "utf-16"),
    ],
)
def test_a_message_is_read_in_the_letters_that_it_names(
    tmp_path: Path, charset: str, encoding: str
) -> None:
    root = _opened(tmp_path, _stating(charset).encode(encoding))

    assert any(node.text == "Trübung" for node in root.walk())


@pytest.mark.parametrize(
    "content",
    [
        _stating("").encode("latin-1"),
        _stating("ASCII").encode("latin-1"),
        _stating("UNICODE UTF-8").encode("latin-1"),
        _stating("ISO IR87").encode(),
        _stating("8859/1").encode("latin-1") + _stating("UNICODE UTF-8").encode(),
        _stating("ASCII").replace("Trübung", "a\x00b").encode(),
    ],
    ids=["unsaid", "lie", "other lie", "unknown", "two", "control character"],
)
def test_letters_that_are_not_told_are_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(DocumentError):
        _opened(tmp_path, content)


def test_the_frame_of_a_transport_is_taken_off(tmp_path: Path) -> None:
    root = _opened(tmp_path, b"\x0b" + f"{HEADER}\rNTE|1||x\r".encode() + b"\x1c\r")

    assert [node.name for node in root.children[0].children] == ["MSH", "NTE"]


@pytest.mark.parametrize(("end", "held"), [("\r", False), ("\r\n", False), ("", True)])
def test_a_last_segment_without_its_end_may_be_cut_off(
    tmp_path: Path, end: str, held: bool
) -> None:
    path = tmp_path / "lab.hl7"
    path.write_bytes(f"{HEADER}\rNTE|1||x{end}".encode())

    findings = open_document(path).findings

    assert any(each.severity is Severity.HOLD for each in findings) == held
