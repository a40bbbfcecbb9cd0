"""Writes Gating-ML 2.0 for tests."""

from __future__ import annotations

_ISAC = "http://www.isac-net.org/std/Gating-ML/v2.0"
_COMPLEMENT = ' gating:use-as-complement="true"'


def gating_ml(*parts: str) -> bytes:
    """Put gates and transformations into a file."""
    return (
        f'<gating:Gating-ML xmlns:gating="{_ISAC}/gating" '
        f'xmlns:transforms="{_ISAC}/transformations" xmlns:data-type="{_ISAC}/datatypes">'
        f"{''.join(parts)}</gating:Gating-ML>"
    ).encode()


def dimension(
    name: str,
    *,
    low: float | None = None,
    high: float | None = None,
    compensation: str = "uncompensated",
    transformation: str | None = None,
    new: bool = False,
) -> str:
    """Write one dimension; `new` names a ratio."""
    given = {"min": low, "max": high, "transformation-ref": transformation}
    extra = "".join(f' gating:{key}="{value}"' for key, value in given.items() if value is not None)
    inner = (
        f'<data-type:new-dimension data-type:transformation-ref="{name}"/>'
        if new
        else f'<data-type:fcs-dimension data-type:name="{name}"/>'
    )
    return (
        f'<gating:dimension gating:compensation-ref="{compensation}"{extra}>{inner}'
        "</gating:dimension>"
    )


def _gate(kind: str, id: str, parent: str | None, inner: str) -> str:  # noqa: A002
    of = "" if parent is None else f' gating:parent_id="{parent}"'
    return f'<gating:{kind} gating:id="{id}"{of}>{inner}</gating:{kind}>'


def rectangle(id: str, *dimensions: str, parent: str | None = None) -> str:  # noqa: A002
    """Write a rectangle or range gate."""
    return _gate("RectangleGate", id, parent, "".join(dimensions))


def polygon(
    id: str,  # noqa: A002
    one: str,
    other: str,
    vertices: list[tuple[float, float]],
    parent: str | None = None,
) -> str:
    """Write a polygon gate."""
    corners = "".join(
        "<gating:vertex>"
        f'<gating:coordinate data-type:value="{x}"/><gating:coordinate data-type:value="{y}"/>'
        "</gating:vertex>"
        for x, y in vertices
    )
    return _gate("PolygonGate", id, parent, one + other + corners)


def boolean(id: str, operator: str, *gates: str, parent: str | None = None) -> str:  # noqa: A002
    """Write a boolean gate; a gate with `!` before it is taken as its complement."""
    references = "".join(
        f'<gating:gateReference gating:ref="{gate.removeprefix("!")}"'
        f"{_COMPLEMENT if gate.startswith('!') else ''}/>"
        for gate in gates
    )
    return _gate("BooleanGate", id, parent, f"<gating:{operator}>{references}</gating:{operator}>")


def transformation(id: str, kind: str, **parameters: float) -> str:  # noqa: A002
    """Write a transformation, like `transformation("L", "logicle", T=262144, ...)`."""
    given = "".join(f' transforms:{key}="{value}"' for key, value in parameters.items())
    return (
        f'<transforms:transformation transforms:id="{id}"><transforms:{kind}{given}/>'
        "</transforms:transformation>"
    )


def ratio(id: str, numerator: str, denominator: str) -> str:  # noqa: A002
    """Write the plain ratio of two parameters."""
    names = "".join(
        f'<data-type:fcs-dimension data-type:name="{name}"/>' for name in (numerator, denominator)
    )
    return (
        f'<transforms:transformation transforms:id="{id}"><transforms:fratio transforms:A="1" '
        f'transforms:B="0" transforms:C="0">{names}</transforms:fratio>'
        "</transforms:transformation>"
    )


def matrix(
    id: str,  # noqa: A002
    fluorochromes: list[str],
    detectors: list[str],
    rows: list[list[float]],
) -> str:
    """Write a spectrum matrix."""
    named = "".join(
        f"<transforms:{what}>"
        + "".join(f'<data-type:fcs-dimension data-type:name="{name}"/>' for name in names)
        + f"</transforms:{what}>"
        for what, names in (("fluorochromes", fluorochromes), ("detectors", detectors))
    )
    spectra = "".join(
        "<transforms:spectrum>"
        + "".join(f'<transforms:coefficient transforms:value="{value}"/>' for value in row)
        + "</transforms:spectrum>"
        for row in rows
    )
    return (
        f'<transforms:spectrumMatrix transforms:id="{id}">{named}{spectra}'
        "</transforms:spectrumMatrix>"
    )
