"""Checks the papers of a cell-product lot against its release specification.

assessments = qcvalidate.assess("samples/MSC-2026-0018")
record = qcvalidate.read("sterility.pdf")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

# First of all, so that what is edited later is known to be.
from qcvalidate.beginning import BEGUN as _BEGUN  # noqa: F401

if TYPE_CHECKING:
    import datetime as dt
    from os import PathLike
    from pathlib import Path

    from qcvalidate.assessment import Assessment
    from qcvalidate.record import Record

__version__ = "0.1.0"
__all__ = ["__version__", "assess", "read"]


def assess(
    path: str | PathLike[str],
    specification: str | None = None,
    *,
    as_of: dt.date | None = None,
    schemas: str | PathLike[str] | None = None,
) -> list[Assessment]:
    """Assess every lot at this path: a lot folder, a folder of them, or a single document.

    `specification` is an id or the path of a file, in place of the product that lot.yaml names.
    `as_of` stands for today. Raises `UsageError` where there is no lot.
    """
    import datetime as dt  # noqa: PLC0415 - `import qcvalidate` must stay quick
    import os  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    from qcvalidate.environment import refuse_disabled_checks  # noqa: PLC0415

    # Before pandera is imported.
    refuse_disabled_checks(os.environ)

    from qcvalidate.pipeline import Options, assess_paths, open_laboratory  # noqa: PLC0415

    laboratory = open_laboratory(Path(schemas) if schemas is not None else None)
    options = Options(dt.date.today(), as_of, specification)
    return list(assess_paths([_given(path)], laboratory, options))


def read(path: str | PathLike[str]) -> Record:
    """Read one document: what it says, each value with its place, and no verdict.

    Raises `DocumentError` when it cannot be read safely.
    """
    import os  # noqa: PLC0415

    from qcvalidate.environment import refuse_disabled_checks  # noqa: PLC0415

    refuse_disabled_checks(os.environ)
    from qcvalidate.pipeline import open_laboratory  # noqa: PLC0415
    from qcvalidate.pipeline import read as read_path  # noqa: PLC0415

    return read_path(_given(path), open_laboratory())


def _given(path: str | PathLike[str]) -> Path:
    """Refuse an empty path: it was never set, and does not mean the current folder."""
    import os  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    from qcvalidate.errors import UsageError  # noqa: PLC0415

    if not os.fspath(path).strip():
        raise UsageError("the path is empty")
    return Path(path)
