"""Opens FCS list-mode files: guarded, decoded, and decoded a second time."""

from __future__ import annotations

from pathlib import Path

from qcvalidate.documents import Opener
from qcvalidate.documents.document import Document


def open_listmode(path: Path, name: str, sha256: str) -> Document:
    """Open an FCS file with all its data sets.

    Raises `DocumentError` when the file contradicts itself, or two decoders read different events.
    """
    from qcvalidate.cytometry import read_fcs, verify  # noqa: PLC0415  numpy and pandas
    from qcvalidate.cytometry.copies import copy_findings  # noqa: PLC0415

    data_sets = tuple(read_fcs(path, name))
    findings = [finding for one in data_sets for finding in (*one.findings, *verify(one))]
    return Document(
        path=path,
        name=name,
        sha256=sha256,
        media_type="application/vnd.isac.fcs",
        kind="listmode",
        listmode=data_sets,
        findings=(*findings, *copy_findings(data_sets)),
    )


OPENER = Opener((".fcs", ".lmd"), open_listmode)
