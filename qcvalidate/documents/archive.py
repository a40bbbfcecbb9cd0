"""Opens the zip archives that office files are, and the XML inside, with nothing left to chance.

Two programs must see the same parts in one archive: an entry that is there twice, leads out of
the archive or hides behind another spelling is refused, and so are entities and huge contents.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from qcvalidate.errors import DocumentError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LARGEST_UNPACKED_BYTES = 256 * 2**20
# As a tree, XML takes some fifteen times its own size.
LARGEST_XML_BYTES = 32 * 2**20
_MOST_ENTRIES = 20_000

OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")


@contextmanager
def opened(path: Path, name: str, kind: str) -> Iterator[zipfile.ZipFile]:
    """Open an archive of which every entry can be trusted to be what its name says.

    `kind` is what it should be ("an XLSX workbook"). Raises `DocumentError`, also for damage
    that only shows while the archive is read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check(archive, name)
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise DocumentError(f"{name}: is not {kind}, or is damaged ({error})") from error


def _check(archive: zipfile.ZipFile, name: str) -> None:
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > LARGEST_UNPACKED_BYTES or len(entries) > _MOST_ENTRIES:
        raise DocumentError(
            f"{name}: unpacks to {unpacked:,} bytes in {len(entries):,} files; at most "
            f"{LARGEST_UNPACKED_BYTES:,} in {_MOST_ENTRIES:,} are read",
            slug="document-too-large",
        )
    seen: set[str] = set()
    for entry in entries:
        inner = entry.filename
        if entry.flag_bits & 1:
            raise DocumentError(f"{name}: wants a password; save it without one")
        # `orig_filename` still has what follows a zero byte.
        if _leads_out(inner) or inner != entry.orig_filename:
            raise DocumentError(
                f"{name}: holds an entry of the odd name {entry.orig_filename!r}; ask for a file "
                "that was saved by its own program",
                slug="document-dishonest",
            )
        # Programs differ in which of two they open, and in whether case matters.
        if inner.casefold() in seen:
            raise DocumentError(
                f"{name}: holds {inner!r} twice, and programs differ in which of the two they "
                "show; ask for a file that was saved by its own program",
                slug="document-dishonest",
            )
        seen.add(inner.casefold())


def _leads_out(inner: str) -> bool:
    return "\\" in inner or inner.startswith("/") or ".." in inner.split("/") or ":" in inner


def read_xml(archive: zipfile.ZipFile, inner: str, name: str) -> Element:
    """Parse one part; raise `DocumentError` where it is absent, damaged, huge or has entities."""
    # 20 ms that only office files should cost.
    from defusedxml import DefusedXmlException  # noqa: PLC0415
    from defusedxml.ElementTree import fromstring  # noqa: PLC0415

    try:
        size = archive.getinfo(inner).file_size
    except KeyError as error:
        raise DocumentError(f"{name}: lacks its part {inner}, so it is damaged") from error
    if size > LARGEST_XML_BYTES:
        raise DocumentError(
            f"{name}: its part {inner} has {size:,} bytes; at most {LARGEST_XML_BYTES:,} are read",
            slug="document-too-large",
        )
    try:
        tree: Element = fromstring(archive.read(inner), forbid_dtd=True)
    except DefusedXmlException as error:
        raise DocumentError(
            f"{name}: its part {inner} declares entities, which no office program writes; ask "
            "for a file that was saved by its own program",
            slug="document-dishonest",
        ) from error
    except (ParseError, LookupError, ValueError) as error:
        raise DocumentError(f"{name}: its part {inner} is damaged ({error})") from error
    return tree


def shorten(tree: Element, prefixes: Mapping[str, str]) -> None:
    """Rename what a tree holds to `prefix.name`, whatever prefixes the file uses.

    The paths of ElementTree would take a colon for a prefix that they must know.
    """
    for element in tree.iter():
        if isinstance(element.tag, str):
            element.tag = _short(element.tag, prefixes)
        if any(key.startswith("{") for key in element.attrib):
            short = {_short(key, prefixes): value for key, value in element.attrib.items()}
            element.attrib.clear()
            element.attrib.update(short)


def _short(tag: str, prefixes: Mapping[str, str]) -> str:
    if not tag.startswith("{"):
        return tag
    space, _, local = tag[1:].partition("}")
    prefix = prefixes.get(space)
    return f"{prefix}.{local}" if prefix else tag


def relative(part: str, target: str) -> str:
    """Give the name of the entry that a part of an archive points to."""
    if target.startswith("/"):
        return posixpath.normpath(target[1:])
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
