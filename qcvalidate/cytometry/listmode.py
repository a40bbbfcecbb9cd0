"""List-mode files: events, keywords, parameters, and the spillover that the file brings along."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import numpy.typing as npt

from qcvalidate.cytometry.compensation import Spillover, file_spillover
from qcvalidate.cytometry.decoding import ALL, Column, decode, uniform
from qcvalidate.cytometry.layout import Layout, Parameter, lay_out, number
from qcvalidate.cytometry.segments import (
    DataSet,
    hidden_data_set,
    integer,
    read_data_sets,
    shown,
)
from qcvalidate.errors import DocumentError
from qcvalidate.record import Finding, Place, Severity

if TYPE_CHECKING:
    import pandas as pd

# A cyclic redundancy check is 8 characters, and some writers pad their blocks.
_HARMLESS_TRAILER = 1024


@dataclass(frozen=True, eq=False)
class ListModeFile:
    """One data set of an FCS file.

    `name` is what the report calls the file and `data_set` counts from 1. `keywords` are in
    capitals, their values as printed. `spillover` is None when the file brings none;
    `spillover_fault` says why one that it does bring cannot be used.
    """

    name: str
    data_set: int
    version: str
    keywords: Mapping[str, str] = field(repr=False)
    parameters: tuple[Parameter, ...]
    total: int
    findings: tuple[Finding, ...]
    spillover: Spillover | None = field(repr=False)
    spillover_fault: str | None
    layout: Layout = field(repr=False)
    raw: npt.NDArray[np.uint8] = field(repr=False)
    origin: Path | bytes = field(repr=False)
    extent: tuple[int, int] = field(repr=False)

    @property
    def place(self) -> Place:
        """Where the data set stands, for findings."""
        region = f"data set {self.data_set}" if self.data_set > 1 else None
        return Place(self.name, region=region)

    @cached_property
    def events(self) -> pd.DataFrame:
        """Give `$TOT` rows and `$PAR` columns named by `$PnN`: raw channel values."""
        import pandas as pd  # noqa: PLC0415  the command line starts without it

        names = [parameter.name for parameter in self.parameters]
        whole = uniform(self.raw, self.layout)
        if whole is not None:
            return pd.DataFrame(whole, columns=names, copy=False)
        return pd.DataFrame({name: self.channel(i) for i, name in enumerate(names)})

    def scaled(self) -> pd.DataFrame:
        """Give the events as FCS scale values (float64), amplification and time step applied."""
        import pandas as pd  # noqa: PLC0415

        # A damaged file's signalling NaN is a value, not a reason to warn.
        with np.errstate(invalid="ignore", over="ignore"):
            columns = {parameter.name: self.scale(i) for i, parameter in self._numbered()}
        return pd.DataFrame(columns)

    @property
    def names(self) -> Collection[str]:
        """Every `$PnN`, in the file's order."""
        return self._places.keys()

    def index(self, name: str) -> int:
        """Give the place (from 0) of the parameter with this `$PnN`."""
        return self._places[name]

    def channel(self, index: int, rows: slice = ALL) -> Column:
        """Give one parameter's raw channel values; maybe a read-only view."""
        return decode(self.raw, self.layout, index, rows)

    def scale(self, index: int, rows: slice = ALL) -> npt.NDArray[np.float64]:
        """Give one parameter's scale values: `$PnE`, `$PnG` and `$TIMESTEP` applied once.

        Floating-point data are scale values already: 37 of 190 real files store floats and
        declare a log `$PnE` all the same, and applying it would ruin them.
        """
        return self.to_scale(index, self.channel(index, rows))

    def to_scale(self, index: int, values: Column) -> npt.NDArray[np.float64]:
        """Turn channel values of a parameter, maybe a choice of them, into scale values."""
        parameter = self.parameters[index]
        if parameter.kind != "I":
            return values.astype(np.float64)
        if parameter.log is not None:
            return _log_scale(values, parameter.log, int(parameter.range))
        step = self.time_step if parameter.name.casefold() == "time" else None
        return (
            values.astype(np.float64) * step if step else values.astype(np.float64) / parameter.gain
        )

    @property
    def time_step(self) -> float | None:
        """Seconds per unit of the time parameter, None when the file does not say."""
        step = number(self.keywords.get("$TIMESTEP", ""))
        return step if step and step > 0 else None

    @cached_property
    def _places(self) -> dict[str, int]:
        return {parameter.name: i for i, parameter in self._numbered()}

    def _numbered(self) -> list[tuple[int, Parameter]]:
        return list(enumerate(self.parameters))


def read_fcs(source: Path | str | bytes, name: str | None = None) -> list[ListModeFile]:
    """Read every data set of an FCS file; `name` is what messages call it.

    Raises `DocumentError` for a file that is damaged, contradicts itself, or is of a kind that
    is not read. Our own decoder reads alone here; `verify` brings in the second one.
    """
    if isinstance(source, bytes):
        return _read(io.BytesIO(source), name or "FCS file", source)
    path = Path(source)
    try:
        with path.open("rb") as stream:
            return _read(stream, name or path.name, path)
    except OSError as error:
        raise DocumentError(f"{name or path.name}: cannot be opened ({error.strerror})") from error


def _read(stream: BinaryIO, name: str, origin: Path | bytes) -> list[ListModeFile]:
    found = []
    for data_set in read_data_sets(stream, name):
        title = name if data_set.number == 0 else f"{name} data set {data_set.number + 1}"
        layout = lay_out(data_set, title)
        trailer = _trailer(stream, data_set, layout, title)
        spillover, fault = file_spillover(
            data_set.keywords, tuple(parameter.name for parameter in layout.parameters)
        )
        place = Place(name, region=f"data set {data_set.number + 1}" if data_set.number else None)
        remarks = [*data_set.remarks, *layout.remarks, *trailer, *_odd_scales(data_set, layout)]
        found.append(
            ListModeFile(
                name=name,
                data_set=data_set.number + 1,
                version=data_set.version,
                keywords=data_set.keywords,
                parameters=layout.parameters,
                total=layout.events,
                findings=tuple(
                    Finding("fcs-odd", Severity.WARNING, f"{place}: {remark}", place)
                    for remark in remarks
                ),
                spillover=spillover,
                spillover_fault=fault,
                layout=layout,
                raw=_load(stream, data_set.base + layout.start, layout.length, title),
                origin=origin,
                extent=(data_set.base, data_set.size),
            )
        )
    return found


def _load(stream: BinaryIO, start: int, length: int, name: str) -> npt.NDArray[np.uint8]:
    stream.seek(start)
    raw = np.empty(length, np.uint8)
    if stream.readinto(raw.data) != length:  # type: ignore[attr-defined]
        raise DocumentError(f"{name}: ends inside DATA while it is read", slug="fcs-truncated")
    raw.flags.writeable = False
    return raw


def _log_scale(values: Column, log: tuple[float, float], top: int) -> npt.NDArray[np.float64]:
    decades, offset = log
    if top <= 2**16:
        # One power per possible channel, not per event: the same numbers, looked up.
        table = 10.0 ** (decades * np.arange(2 ** (top - 1).bit_length()) / top) * offset
        return np.asarray(table[values], np.float64)
    return np.asarray(10.0 ** (decades * values.astype(np.float64) / top) * offset)


def _trailer(stream: BinaryIO, data_set: DataSet, layout: Layout, name: str) -> list[str]:
    """Look at the bytes that no segment explains; refuse what may be events left unread."""
    keywords = data_set.keywords
    ends = [layout.start + layout.length, data_set.text.end + 1]
    others = ("$ENDSTEXT", "$ENDANALYSIS")
    ends += [integer(keywords, key, name, default=0) + 1 for key in others]
    end = max(end for end in ends if end <= data_set.size)
    left = data_set.size - end
    if left <= 0:
        return []
    hidden = hidden_data_set(stream, data_set.base + end, data_set.base + data_set.size)
    if hidden is not None:
        raise DocumentError(
            f"{name}: another data set seems to begin at byte {hidden:,}, but $NEXTDATA is "
            f"{keywords.get('$NEXTDATA', 'missing').strip()}; its events would stay unread",
            slug="fcs-inconsistent",
        )
    if left <= _HARMLESS_TRAILER or data_set.base + data_set.size != stream.seek(0, io.SEEK_END):
        return []
    return [f"{left:,} bytes after the last segment are explained by no keyword"]


def _odd_scales(data_set: DataSet, layout: Layout) -> list[str]:
    remarks = []
    floats = [p.name for p in layout.parameters if p.kind != "I" and p.log is not None]
    if floats:
        remarks.append(
            f"{_listed(floats)} are floating-point and declare a log $PnE, which is not applied"
        )
    step = data_set.keywords.get("$TIMESTEP", "").strip()
    if step and (number(step) or 0) <= 0:
        remarks.append(f"$TIMESTEP is {shown(step)}, which is no number of seconds")
    return remarks


def _listed(names: list[str]) -> str:
    if len(names) <= 3:
        return ", ".join(names)
    return f"{names[0]}, {names[1]} and {len(names) - 2} more"
