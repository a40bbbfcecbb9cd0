"""Opens DOCX: the text that a person sees, laid out on made pages; all that cannot be judged holds.

An own walk of the XML: what a person reads may stand in content controls, text boxes, headers,
notes and tracked insertions, which libraries for writing documents leave out. The numbers and
bullets of lists are left out.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qcvalidate.documents import Opener
from qcvalidate.documents.archive import OLE_MAGIC, opened
from qcvalidate.documents.document import Document, Page
from qcvalidate.documents.flow import pages_of
from qcvalidate.documents.pictures import SIGNATURE, SIGNS
from qcvalidate.documents.word.blocks import Part, Picture, Story, numbering_of, text_of
from qcvalidate.documents.word.inline import Paragraphs, Said
from qcvalidate.documents.word.look import looks_of
from qcvalidate.documents.word.package import Package, switched_on, value
from qcvalidate.errors import DocumentError
from qcvalidate.record import Finding, Place, Severity

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_LONGEST = 80
# A picture above all text and no higher than this, in points, is an emblem.
_HIGHEST_EMBLEM = 120.0
_SMALLEST_PICTURE = 3.0
_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _open(path: Path, name: str, sha256: str) -> Document:
    """Read a document and say what in it was not read, is hidden, or may be shown otherwise."""
    with path.open("rb") as stream:
        if stream.read(len(OLE_MAGIC)) == OLE_MAGIC:
            raise DocumentError(
                f"{name}: wants a password or is an old .doc; save it as .docx without one"
            )
    with opened(path, name, "a DOCX document") as archive:
        package = Package(archive, name)
        try:
            read = _Read(package)
        except RecursionError as error:
            raise DocumentError(f"{name}: is nested too deeply to be a report") from error
        findings = [*_package_findings(package, read.main), *read.findings()]
    pages = pages_of(read.flow, "docx")
    if not any(word.visible for page in pages for word in page.words):
        raise DocumentError(
            f"{name}: holds no text that a person sees"
            + (", only pictures" if read.pictures else ""),
            slug="no-text-layer" if read.pictures else "document-empty",
        )
    return Document(
        path=path,
        name=name,
        sha256=sha256,
        media_type=_MEDIA_TYPE,
        kind="pages",
        pages=pages,
        findings=(*findings, *_struck(pages, name)),
    )


OPENER = Opener(suffixes=(".docx", ".docm"), open=_open)


class _Read:
    """The walk of all stories of one document, in the order in which they are laid out."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.main = package.main()
        self._tree = package.xml(self.main)
        body = self._tree.find("w.body")
        if body is None:
            raise DocumentError(f"{package.name}: has no body, so it is no DOCX document")
        self._looks = looks_of(package, self.main, self._tree)
        self._numbering = numbering_of(package, self.main)
        self._said = Said()
        self.pictures: list[Picture] = []
        parts = list(self._margins())
        heads = [self._story(part, "header", "header").flow for part in parts if part[0] == "h"]
        self._body = self._story(("", self.main, body), "body", None)
        notes = [
            self._story(("", part, note), "body", f"{kind} {number}").flow
            for kind in ("footnote", "endnote")
            for number, part, note in self._notes(kind)
        ]
        feet = [self._story(part, "footer", "footer").flow for part in parts if part[0] == "f"]
        self.flow: list[Part] = [
            part for flow in (*heads, self._body.flow, *notes, *feet) for part in flow
        ]

    def _story(self, part: tuple[str, str, Element], kind: str, called: str | None) -> Story:
        inline = Paragraphs(self.package, self.main, self._looks, self._said, kind)
        story = Story(inline, self._numbering, called)
        story.read(part[2])
        self.pictures += story.pictures
        return story

    def _margins(self) -> Iterator[tuple[str, str, Element]]:
        """Give the headers and footers that are shown, each once."""
        settings = self.package.related(self.main, "settings")
        tree = self.package.xml(settings) if settings else None
        facing = tree is not None and bool(switched_on(tree.find("w.evenAndOddHeaders")))
        relations = self.package.relations(self.main)
        seen: set[str] = set()
        for section in self._tree.iter("w.sectPr"):
            kinds = {"default"} | ({"even"} if facing else set())
            kinds |= {"first"} if switched_on(section.find("w.titlePg")) else set()
            for reference in section:
                relation = relations.get(reference.get("r.id", ""))
                if (
                    reference.tag in ("w.headerReference", "w.footerReference")
                    and (reference.get("w.type", "default")) in kinds
                    and relation is not None
                    and relation.target not in seen
                ):
                    seen.add(relation.target)
                    which = "h" if reference.tag == "w.headerReference" else "f"
                    yield which, relation.target, self.package.xml(relation.target)

    def _notes(self, kind: str) -> Iterator[tuple[int, str, Element]]:
        """Give the footnotes or endnotes that the text refers to."""
        part = self.package.related(self.main, f"{kind}s")
        if part is None:
            return
        asked = {e.get("w.id") for e in self._tree.iter(f"w.{kind}Reference")}
        notes = [n for n in self.package.xml(part).findall(f"w.{kind}") if n.get("w.id") in asked]
        for number, note in enumerate(notes, start=1):
            yield number, part, note

    def findings(self) -> Iterator[Finding]:
        """Tell what was changed, is hidden, or cannot be judged."""
        name = self.package.name
        yield from _tracked(self._said, name)
        for reason, texts in self._said.hidden.items():
            yield Finding(
                "text-hidden",
                Severity.HOLD,
                f"{name}: holds text that a person cannot see ({reason}): "
                f"“{_excerpt(' '.join(texts))}”; ask the laboratory for a clean file",
                Place(name),
            )
        for slug, what, region in dict.fromkeys(self._said.problems):
            yield Finding(
                slug,
                Severity.HOLD,
                f"{name} {region}: holds {what}; ask the laboratory for the report as a PDF, or "
                "look at it and say what it is",
                Place(name, region=region),
            )
        yield from self._picture_findings()
        yield from self._comments()

    def _comments(self) -> Iterator[Finding]:
        part = self.package.related(self.main, "comments")
        name = self.package.name
        for comment in self.package.xml(part).findall("w.comment") if part else ():
            text = " ".join(
                "".join(e.text or "" for e in p.iter("w.t")) for p in comment.iter("w.p")
            )
            if text.strip():
                yield Finding(
                    "page-unread",
                    Severity.HOLD,
                    f"{name}: a comment says “{_excerpt(text)}” and was not read; ask the "
                    "laboratory for a report without it",
                    Place(name, region="comment"),
                )

    def _picture_findings(self) -> Iterator[Finding]:
        body = self._body
        first = next((at for at, part in enumerate(body.flow) if text_of(part).strip()), 0)
        name = self.package.name
        for picture in self.pictures:
            shape = picture.shape
            if min(shape.width, shape.height) < _SMALLEST_PICTURE:
                continue
            inside = picture.near is not None
            emblem = picture in body.pictures and picture.at <= first and not inside
            if emblem and shape.height <= _HIGHEST_EMBLEM:
                continue
            near = picture.near or _near(body.flow, picture.at)
            small = shape.width <= SIGNATURE[0] and shape.height <= SIGNATURE[1]
            signed = small and any(SIGNS.match(word) for word in near.split())
            what = f"{name} {picture.region}: {shape.unread}"
            place = Place(name, region=picture.region)
            if signed:
                message = f"{what} where a signature belongs was not read"
                yield Finding("page-unread", Severity.WARNING, message, place)
            else:
                yield Finding(
                    "page-unread",
                    Severity.HOLD,
                    f"{what} among the text was not read; ask the laboratory for a report in "
                    "text, or read it and say what it is",
                    place,
                )


def _near(flow: Sequence[Part], at: int) -> str:
    """Give the text of the paragraphs around a place, blank ones left out."""
    before = [text_of(part) for part in flow[:at] if text_of(part).strip()]
    after = [text_of(part) for part in flow[at:] if text_of(part).strip()]
    return " ".join((*before[-1:], *after[:2]))


def _tracked(said: Said, name: str) -> Iterator[Finding]:
    out, into = _quoted(said.taken_out), _quoted(said.put_in)
    parts = [f"took out {out}"] if out else []
    parts += [f"put in {into}"] if into else []
    restyled = _quoted(said.restyled)
    parts += [f"changed how {restyled} is shown"] if restyled else []
    if parts:
        yield Finding(
            "document-tracked-changes",
            Severity.HOLD,
            f"{name}: is two documents in one: tracked changes {' and '.join(parts)}; ask the "
            "laboratory for the report with its changes accepted or rejected",
            Place(name),
        )


def _quoted(texts: Sequence[str]) -> str:
    told = [text for text in (_excerpt(text) for text in texts) if text]
    more = f" and {len(told) - 5} more" if len(told) > 5 else ""
    return ", ".join(f"“{text}”" for text in told[:5]) + more


def _struck(pages: Sequence[Page], name: str) -> Iterator[Finding]:
    struck = [word for page in pages for word in page.words if word.struck and word.visible]
    if struck:
        text = _excerpt(" ".join(word.text for word in struck))
        yield Finding(
            "text-struck",
            Severity.HOLD,
            f"{name} {struck[0].region}: “{text}” is struck through; "
            "ask the laboratory for an amended report",
            Place(name, struck[0].page, struck[0].region),
        )


def _excerpt(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


# --- the package ----------------------------------------------------------------------------


def _package_findings(package: Package, main: str) -> Iterator[Finding]:
    """Tell what a document carries or calls besides its text."""
    told = [
        *_carried(package.archive),
        *_called(package, main),
        *_settings(package, main),
    ]
    for slug, what in dict.fromkeys(told):
        yield Finding(
            slug,
            Severity.HOLD,
            f"{package.name}: {what}; ask the laboratory for the report as a PDF",
            Place(package.name),
        )


def _carried(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    names = [entry.casefold() for entry in archive.namelist()]
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        yield "shown-otherwise", "carries macros, which were not run and can change what it shows"
    if any("/embeddings/" in name or "/activex/" in name for name in names):
        yield "page-unread", "holds embedded files, which were not read"


def _called(package: Package, main: str) -> Iterator[tuple[str, str]]:
    fonts = package.related(main, "fontTable")
    if fonts is not None and any(r.kind == "font" for r in package.relations(fonts).values()):
        yield "shown-otherwise", "carries fonts of its own, which may draw other letters"
    for entry in package.archive.namelist():
        if not entry.endswith(".rels") or "/_rels/" not in f"/{entry}":
            continue
        folder, _, file = entry.rpartition("_rels/")
        for relation in package.relations(folder + file.removesuffix(".rels")).values():
            if not relation.external or relation.kind == "hyperlink":
                continue
            # A template on the laboratory's own disk is where its reports begin.
            fetched = relation.target.casefold().startswith(("http:", "https:", "ftp:"))
            if relation.kind != "attachedTemplate" or fetched:
                yield (
                    "shown-otherwise",
                    f"takes content ({relation.kind}) from {_excerpt(relation.target)}, which was "
                    "not fetched",
                )


def _settings(package: Package, main: str) -> Iterator[tuple[str, str]]:
    part = package.related(main, "settings")
    tree = package.xml(part) if part else None
    if tree is None:
        return
    if switched_on(tree.find("w.updateFields")):
        yield "shown-otherwise", "has its fields renewed whenever it is opened"
    merged = tree.find("w.mailMerge")
    if merged is not None and value(merged.find("w.viewMergedData")) is not None:
        yield "shown-otherwise", "shows data of a mail merge from elsewhere"
