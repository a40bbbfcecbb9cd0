from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from qcvalidate.documents import open_document
from qcvalidate.documents.unpacking import LARGEST_STREAM_BYTES
from qcvalidate.errors import DocumentError

OPERATORS = b"0 0 m 1 1 l S\n"


def written(folder: Path, content: bytes, filters: str, more: str = "") -> Path:
    """Write a PDF of one page with this packed content."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>>>",
        f"<</Length {len(content)}/Filter{filters}{more}>>".encode()
        + b"stream\n"
        + content
        + b"\nendstream",
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, o) for n, o in enumerate(objects, 1))
    path = folder / "paper.pdf"
    path.write_bytes(b"%PDF-1.7\n" + body + b"trailer\n<</Size 5/Root 1 0 R>>\n%%EOF\n")
    return path


def packed(size: int) -> bytes:
    return zlib.compress(OPERATORS * (size // len(OPERATORS)), 9)


def test_content_that_unpacks_to_more_than_any_paper_is_refused_unopened(tmp_path: Path) -> None:
    path = written(tmp_path, packed(LARGEST_STREAM_BYTES + 2**20), "/FlateDecode")

    with pytest.raises(DocumentError, match="more than 32 MB") as raised:
        open_document(path)

    assert raised.value.slug == "document-too-large"


def test_content_that_is_packed_twice_is_unpacked_twice(tmp_path: Path) -> None:
    twice = zlib.compress(packed(LARGEST_STREAM_BYTES + 2**20), 9)
    path = written(tmp_path, twice, "[/FlateDecode/FlateDecode]")

    with pytest.raises(DocumentError) as raised:
        open_document(path)

    assert raised.value.slug == "document-too-large"


@pytest.mark.parametrize("content", [packed(2**20), b"not packed at all"])
def test_what_is_small_or_does_not_unpack_is_left_to_the_reader(
    tmp_path: Path, content: bytes
) -> None:
    with pytest.raises(DocumentError) as raised:
        open_document(written(tmp_path, content, "/FlateDecode"))

    # There is no text on this page: that is another refusal.
    assert raised.value.slug != "document-too-large"
