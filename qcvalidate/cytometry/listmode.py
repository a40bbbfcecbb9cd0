"""List-mode files: events, keywords, parameters, and the spillover that the file brings along."""

from __future__ import annotations

import io
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import numpy.typing as npt

from qcvalidate.cytometry.compensation import Spillover, file_spillover
from qcvalidate.cytometry.decoding import ALL, Column, decode, mask_pattern, uniform
from qcvalidate.cytometry.layout import Layout, lay_out
from qcvalidate.cytometry.packing import unpacked
from qcvalidate.cytometry.parameters import Parameter, number
from qcvalidate.cytometry.peculiarities import peculiarities
from qcvalidate.cytometry.segments import read_data_sets
from qcvalidate.cytometry.surroundings import look_around
from qcvalidate.errors import DocumentError
from qcvalidate.record import Finding, Place, Severity

if TYPE_CHECKING:
    import pandas as pd


# Bytes of DATA that are masked and swapped at once, while they are in the processor's cache.
_CACHED = 2**18


@dataclass(frozen=True, eq=False)
class ListModeFile:
    """One data set of an FCS file.

    `name` is what the report calls the file and `data_set` counts from 1. `keywords` are in
    capitals, their values as printed. `spillover` is None when the file brings none;
    `spillover_fault` says why one that it does bring cannot be used. `analysis` are the keywords
    of its ANALYSIS segment, which decide nothing.
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
    analysis: Mapping[str, str] = field(default_factory=dict, repr=False)

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
            before = os.fstat(stream.fileno())
            found = _read(stream, name or path.name, path)
            after = os.fstat(stream.fileno())
    except OSError as error:
        raise DocumentError(f"{name or path.name}: cannot be opened ({error.strerror})") from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise DocumentError(
            f"{name or path.name}: changed while it was read; wait until it is copied, and check "
            "again",
            slug="document-changed",
        )
    return found


def _read(stream: BinaryIO, name: str, origin: Path | bytes) -> list[ListModeFile]:
    found = []
    for data_set in read_data_sets(stream, name):
        title = name if data_set.number == 0 else f"{name} data set {data_set.number + 1}"
        layout = lay_out(data_set, title)
        around = look_around(stream, data_set, layout, title)
        spillover, fault = file_spillover(
            data_set.keywords, tuple(parameter.name for parameter in layout.parameters)
        )
        place = Place(name, region=f"data set {data_set.number + 1}" if data_set.number else None)
        odd = (*data_set.remarks, *layout.remarks, *around.remarks)
        findings = [Finding("fcs-odd", Severity.WARNING, f"{place}: {text}", place) for text in odd]
        if around.checksum is not None:
            message = f"{place}: {around.checksum}; compare it with the file on the cytometer"
            findings.append(Finding("fcs-checksum", Severity.WARNING, message, place))
        findings += peculiarities(data_set.keywords, layout, spillover, fault, place)
        raw, layout = _load(stream, data_set.base + layout.start, layout, title)
        one = ListModeFile(
            name=name,
            data_set=data_set.number + 1,
            version=data_set.version,
            keywords=data_set.keywords,
            parameters=layout.parameters,
            total=layout.events,
            findings=tuple(findings),
            spillover=spillover,
            spillover_fault=fault,
            layout=layout,
            raw=raw,
            origin=origin,
            extent=(data_set.base, data_set.size),
            analysis=around.analysis,
        )
        found.append(one)
    return found


def _load(
    stream: BinaryIO, start: int, layout: Layout, name: str
) -> tuple[npt.NDArray[np.uint8], Layout]:
    """Read DATA into memory, and give the layout that it has there."""
    stream.seek(start)
    if layout.packing is not None:
        raw = unpacked(stream, layout.packing, layout.widths, layout.events, name)
    else:
        raw = np.empty(layout.length, np.uint8)
        pattern = mask_pattern(layout)
        step = 8 * layout.record * max(_CACHED // (8 * layout.record), 1)
        masks = None if pattern is None else np.tile(pattern, step // layout.record)
        swapped = layout.big_endian and set(layout.widths) in ({2}, {4}, {8})
        for place in range(0, layout.length, step):
            block = raw[place : place + step]
            if stream.readinto(block.data) != len(block):  # type: ignore[attr-defined]
                raise DocumentError(
                    f"{name}: ends inside DATA while it is read", slug="fcs-truncated"
                )
            if masks is not None:
                _clear(block, masks)
            if swapped:
                block.view(f"u{layout.widths[0]}").byteswap(inplace=True)
        layout = replace(layout, masked=True, big_endian=layout.big_endian and not swapped)
    raw.flags.writeable = False
    return raw, layout


def _clear(block: npt.NDArray[np.uint8], masks: npt.NDArray[np.uint8]) -> None:
    """Clear bits of whole records where they lie: a column at a time takes six times as long."""
    words = len(block) // 8 * 8
    block[:words].view(np.uint64)[:] &= masks[:words].view(np.uint64)
    block[words:] &= masks[words : len(block)]


def _log_scale(values: Column, log: tuple[float, float], top: int) -> npt.NDArray[np.float64]:
    decades, offset = log
    if top <= 2**16:
        # One power per possible channel, not per event: the same numbers, looked up.
        table = 10.0 ** (decades * np.arange(2 ** (top - 1).bit_length()) / top) * offset
        return np.asarray(table[values], np.float64)
    return np.asarray(10.0 ** (decades * values.astype(np.float64) / top) * offset)
