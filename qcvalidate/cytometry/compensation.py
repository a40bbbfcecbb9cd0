"""Spillover matrices: read, judged, and applied by name, never by position."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from qcvalidate.cytometry.parameters import number
from qcvalidate.errors import DocumentError

# Beyond this ratio of its largest to its smallest singular value, a matrix amplifies the noise
# of a 20-bit detector over its whole range.
_WORST_CONDITION = 1e6


@dataclass(frozen=True, eq=False)
class Spillover:
    """How much of each fluorochrome (row) each detector (column) sees.

    In an FCS file the fluorochromes are named like their detectors. `inverted` says that the
    matrix is the compensation itself: detectors in rows, fluorochromes in columns.
    """

    id: str
    names: tuple[str, ...]
    detectors: tuple[str, ...]
    matrix: npt.NDArray[np.float64] = field(repr=False)
    inverted: bool = False

    @property
    def is_identity(self) -> bool:
        """Say whether applying it changes nothing."""
        return self.names == self.detectors and bool(
            np.array_equal(self.matrix, np.eye(len(self.names)))
        )


def compensation_matrix(spillover: Spillover, file_name: str) -> npt.NDArray[np.float64]:
    """Give what detector values are multiplied with: detectors in rows, fluorochromes in columns.

    With more detectors than fluorochromes it is the least-squares solution (unmixing). Raises
    `DocumentError` when the matrix is singular, or near enough.
    """
    matrix = spillover.matrix
    values = np.linalg.svd(matrix, compute_uv=False)
    if not values[0] < _WORST_CONDITION * values[-1]:
        raise DocumentError(
            f"{file_name}: the compensation {spillover.id} cannot be inverted (it is singular, "
            "or nearly so); expected a spillover matrix with ones on its diagonal",
            slug="compensation-unusable",
        )
    if spillover.inverted:
        return matrix
    if matrix.shape[0] == matrix.shape[1]:
        return np.linalg.inv(matrix)
    return np.linalg.pinv(matrix)


def file_spillover(
    keywords: Mapping[str, str], parameters: Sequence[str]
) -> tuple[Spillover | None, str | None]:
    """Read the spillover matrix that a file brings, and what makes it unusable, if anything."""
    keys = [key for key in ("$SPILLOVER", "SPILL", "SPILLOVER") if keywords.get(key, "").strip()]
    if not keys:
        return None, _older_compensation(keywords)
    readings = [_matrix(key, keywords[key], parameters) for key in keys]
    for _, fault in readings:
        if fault:
            return None, fault
    found = [matrix for matrix, _ in readings if matrix is not None]
    if not found:
        return None, None
    if any(not _same(found[0], other) for other in found[1:]):
        return None, f"{' and '.join(keys)} hold different matrices"
    return found[0], None


def _same(one: Spillover, other: Spillover) -> bool:
    return one.names == other.names and np.array_equal(one.matrix, other.matrix)


def _older_compensation(keywords: Mapping[str, str]) -> str | None:
    """Name a compensation of FCS 2.0 or 3.0 that is there, not neutral, and not read by us."""
    crossed = [
        key
        for key, value in keywords.items()
        if re.fullmatch(r"\$DFC\d+TO\d+", key) and number(value) != 0
    ]
    if crossed:
        return f"{crossed[0]} holds a compensation of an older standard, which is not read"
    if keywords.get("$COMP", "").strip():
        return "$COMP holds a compensation of an older standard, which is not read"
    return None


def _matrix(
    key: str, printed: str, parameters: Sequence[str]
) -> tuple[Spillover | None, str | None]:
    parts = [part.strip() for part in printed.strip().split(",")]
    if not parts[0].isdigit() or not 1 <= int(parts[0]) <= len(parameters):
        return None, f"{key} begins with {parts[0][:20]!r}; expected the number of detectors"
    size = int(parts[0])
    if len(parts) == 1 + size:
        # The MACSQuant names its detectors and leaves the coefficients out.
        return None, None
    if len(parts) != 1 + size + size * size:
        return None, (
            f"{key} has {len(parts) - 1} entries; expected {size} names and "
            f"{size * size} coefficients"
        )
    names = parts[1 : 1 + size]
    if not set(names) <= set(parameters) and all(name.isdigit() for name in names):
        # The Accuri names its detectors by their number.
        places = [int(name) for name in names]
        if max(places) > len(parameters) or min(places) < 1:
            return None, f"{key} names parameter {max(places)}, which the file does not have"
        names = [parameters[place - 1] for place in places]
    missing = [name for name in names if name not in parameters]
    if missing:
        return None, f"{key} names {missing[0]!r}, which is no parameter of the file"
    if len(set(names)) != size:
        return None, f"{key} names a detector twice"
    coefficients = [number(part) for part in parts[1 + size :]]
    if any(coefficient is None for coefficient in coefficients):
        return None, f"{key} holds a coefficient that is no number"
    matrix = np.array(coefficients, np.float64).reshape(size, size)
    return Spillover(key, tuple(names), tuple(names), matrix), None
