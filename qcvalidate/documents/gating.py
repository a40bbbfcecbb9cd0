"""Opens gating strategies: Gating-ML."""

from __future__ import annotations

from pathlib import Path

from qcvalidate.documents.document import Document


def open_gating(path: Path, name: str, sha256: str) -> Document:
    """Open a gating strategy; raise `DocumentError` for XML of any other kind."""
    from qcvalidate.cytometry import read_strategy  # noqa: PLC0415  numpy

    return Document(
        path=path,
        name=name,
        sha256=sha256,
        media_type="application/xml",
        kind="gating",
        strategy=read_strategy(path, name),
    )
