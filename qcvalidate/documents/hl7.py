"""Opens HL7 v2: segments with bars, as information systems send them.

The separators are those that each message names itself (MSH-1 and MSH-2); a text is unescaped
only after it has been cut, so that an escaped bar cuts nothing.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qcvalidate.documents import Opener
from qcvalidate.documents.document import Document
from qcvalidate.documents.structured import Node, Structured, refuse_size
from qcvalidate.errors import DocumentError
from qcvalidate.record import Finding, Place, Severity

_LARGEST = 16 * 2**20
_HEADERS = ("FHS", "BHS", "MSH")
_NAME = re.compile(r"[A-Z][A-Z0-9]{2}")
# The minimal lower layer protocol puts these around a message.
_FRAME = b"\x0b\x1c"
# MSH-18, HL7 table 0211.
_CHARSETS = {
    "": "ascii",
    "ASCII": "ascii",
    "8859/1": "iso-8859-1",
    "8859/2": "iso-8859-2",
    "8859/9": "iso-8859-9",
    "8859/15": "iso-8859-15",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    "UNICODE UTF-16": "utf-16",
}


@dataclass(frozen=True)
class _Marks:
    """The five characters that cut and escape, as a message names them."""

    field: str
    component: str
    repetition: str
    escape: str
    subcomponent: str


def _open(path: Path, name: str, sha256: str) -> Document:
    refuse_size(path.stat().st_size, name, _LARGEST)
    text, findings = _decoded(path.read_bytes(), name)
    if text.rstrip(" \x00")[-1:] not in ("\r", "\n", "\x1c"):
        what = "its last segment does not end with a carriage return; the file may be cut off"
        findings.append(
            Finding("document-unreadable", Severity.HOLD, f"{name}: {what}", Place(name))
        )
    return Document(
        path=path,
        name=name,
        sha256=sha256,
        media_type="x-application/hl7-v2+er7",
        kind="structured",
        content=Structured("hl7v2", parse_hl7(text, name)),
        findings=tuple(findings),
    )


OPENER = Opener((".hl7",), _open)


def parse_hl7(text: str, name: str) -> Node:
    """Cut a file into messages, segments, fields, repetitions, components and subcomponents.

    The tree is: file, "message", the segment's name, "field" (its number in `type`),
    "repetition", "component", "subcomponent"; only the last has text. Raises `DocumentError` for
    what is no HL7 v2, or ends in its middle.
    """
    lines = [line for line in re.split(r"\r\n|\r|\n", text) if line.strip("\x0b\x1c ")]
    if not lines or lines[0][:3] not in _HEADERS:
        raise DocumentError(f"{name}: is no HL7 v2 message: it does not begin with MSH")
    marks: _Marks | None = None
    messages: list[list[Node]] = []
    envelope: list[Node] = []
    counts: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        kind = line[:3]
        if kind in _HEADERS:
            marks = _marks(line, name, number)
        if marks is None or not _NAME.fullmatch(kind) or line[3:4] not in ("", marks.field):
            raise DocumentError(
                f"{name} line {number}: is no segment of HL7 v2: “{line[:40]}”; a line break in "
                "the middle of a field must be escaped"
            )
        if kind == "MSH":
            messages.append([])
            counts = {}
        counts[kind] = counts.get(kind, 0) + 1
        place = f"{kind} {counts[kind]}"
        if len(messages) > 1:
            place = f"message {len(messages)} {place}"
        segment = Node(kind, place, children=tuple(_fields(line, place, marks, kind)))
        held = envelope if kind in ("FHS", "BHS", "BTS", "FTS") or not messages else messages[-1]
        held.append(segment)
    _refuse_cut_batch(envelope, len(messages), name)
    made = [
        Node("message", f"message {at}", children=tuple(segments))
        for at, segments in enumerate(messages, start=1)
    ]
    return Node("file", "", children=tuple(made))


def _decoded(content: bytes, name: str) -> tuple[str, list[Finding]]:
    """Decode by the byte-order mark, else by what the first message says (MSH-18)."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return _strictly(content, encoding, name), []
    content = content.lstrip(_FRAME + b"\r\n ").rstrip(b" \x00")
    stated = {_charset(line) for line in re.split(rb"[\r\n]+", content) if line[:3] == b"MSH"}
    if len(stated) > 1:
        raise DocumentError(f"{name}: its messages are in several character sets; split the file")
    charset = next(iter(stated), "")
    if charset not in _CHARSETS:
        raise DocumentError(
            f"{name} MSH field 18: the character set “{charset}” is not read; expected one of "
            f"{', '.join(filter(None, _CHARSETS))}"
        )
    if charset or content.isascii():
        return _strictly(content, _CHARSETS[charset], name), []
    told = Finding(
        "encoding-assumed",
        Severity.INFORMATION,
        f"{name}: MSH field 18 names no character set; read as UTF-8, which it is",
        Place(name),
    )
    return _strictly(content, "utf-8", name), [told]


def _charset(header: bytes) -> str:
    fields = header.split(header[3:4])
    # MSH-1 is the separator itself, so that field 18 is the eighteenth piece.
    stated = fields[17] if len(fields) > 17 else b""
    return re.split(rb"[~^]", stated)[0].decode("ascii", "replace").strip().upper()


def _strictly(content: bytes, encoding: str, name: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"{name}: is not the {encoding} text that it should be (byte {error.start}); MSH field "
            "18 must name its character set"
        ) from error
    strange = re.search(r"[\x00-\x08\x0b\x0e-\x1f]", text.strip("\x0b\x1c\r\n"))
    if strange:
        raise DocumentError(
            f"{name}: holds the control character {strange.group()!r}; it is damaged, or no message"
        )
    return text


def _marks(line: str, name: str, number: int) -> _Marks:
    field = line[3:4]
    encoding = line[4:].split(field, maxsplit=1)[0] if field else ""
    # Version 2.7 adds a fifth that marks a cut text.
    if (
        len(encoding) not in (4, 5)
        or len(set(field + encoding)) != len(encoding) + 1
        or any(mark.isalnum() or mark.isspace() for mark in field + encoding)
    ):
        raise DocumentError(
            f"{name} line {number}: names its separators as “{line[3:9]}”; expected | and ^~\\&"
        )
    return _Marks(field, encoding[0], encoding[1], encoding[2], encoding[3])


def _fields(line: str, place: str, marks: _Marks, kind: str) -> Iterator[Node]:
    pieces = line.split(marks.field)[1:]
    if kind in _HEADERS:
        yield _leaf("field", f"{place} field 1", marks.field, "1")
        yield _leaf("field", f"{place} field 2", pieces[0], "2")
        pieces, first = pieces[1:], 3
    else:
        first = 1
    for number, piece in enumerate(pieces, start=first):
        where = f"{place} field {number}"
        repetitions = tuple(
            Node("repetition", where, children=tuple(_components(repetition, where, marks)))
            for repetition in piece.split(marks.repetition)
        )
        yield Node("field", where, type=str(number), children=repetitions)


def _leaf(name: str, place: str, text: str, number: str) -> Node:
    inner = Node("subcomponent", place, text)
    component = Node("component", place, children=(inner,))
    repetition = Node("repetition", place, children=(component,))
    return Node(name, place, type=number, children=(repetition,))


def _components(text: str, place: str, marks: _Marks) -> Iterator[Node]:
    for component in text.split(marks.component):
        yield Node(
            "component",
            place,
            children=tuple(
                Node("subcomponent", place, _unescaped(part, marks))
                for part in component.split(marks.subcomponent)
            ),
        )


def _unescaped(text: str, marks: _Marks) -> str:
    r"""Undo escapes: `\F\` is the bar, `\.br\` a new line, `\X41\` a byte; others stay as they are.

    A text that keeps an escape that we do not know is no wording that anyone knows either.
    """
    sign = re.escape(marks.escape)
    plain = {
        "F": marks.field,
        "S": marks.component,
        "T": marks.subcomponent,
        "R": marks.repetition,
        "E": marks.escape,
        "P": "#",
        # Highlighting.
        "H": "",
        "N": "",
    }

    def undo(match: re.Match[str]) -> str:
        code = match["code"]
        if code in plain:
            return plain[code]
        if re.fullmatch(r"\.(?:br|sp\+?[0-9]*)", code, re.IGNORECASE):
            return "\n"
        if re.fullmatch(r"\.(?:in|ti|sk|ce|fi|nf)[+-]?[0-9]*", code, re.IGNORECASE):
            return " "
        if re.fullmatch(r"X(?:[0-9A-Fa-f]{2})+", code):
            return _bytes(bytes.fromhex(code[1:]), match.group())
        return match.group()

    return re.sub(rf"{sign}(?P<code>[^{sign}]*){sign}", undo, text)


def _bytes(content: bytes, written: str) -> str:
    text = content.decode("ascii", "replace")
    if "\ufffd" in text:
        return written
    return "".join(c if c.isprintable() else "\n" for c in text)


def _refuse_cut_batch(envelope: Sequence[Node], messages: int, name: str) -> None:
    """A batch says how many messages it holds; one that was cut off does not end as it began."""
    kinds = [segment.name for segment in envelope]
    for first, last in (("FHS", "FTS"), ("BHS", "BTS")):
        if kinds.count(first) != kinds.count(last):
            raise DocumentError(
                f"{name}: begins with {first} and does not end with {last}; it was cut off"
            )
    stated = [_count(segment) for segment in envelope if segment.name == "BTS"]
    known = [count for count in stated if count is not None]
    if known and len(known) == len(stated) and sum(known) != messages:
        raise DocumentError(
            f"{name}: holds {messages} messages and says that they are {sum(known)}; it was cut off"
        )
    if not messages:
        raise DocumentError(f"{name}: is a batch without a message", slug="document-empty")


def _count(segment: Node) -> int | None:
    if len(segment.children) == 0:
        return None
    texts = [node.text for node in segment.children[0].walk() if node.text]
    return int(texts[0]) if texts and texts[0].isascii() and texts[0].isdigit() else None
