"""Writes FlowJo workspaces and FACSDiva experiments for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_ISAC = "http://www.isac-net.org/std/Gating-ML/v2.0"
LINEAR = 'linear transforms:minRange="0" transforms:maxRange="1000" gain="1"'
BIEX = (
    'biex transforms:length="256" transforms:maxRange="262144" transforms:neg="0" '
    'transforms:width="-100" transforms:pos="4.418539922"'
)


def workspace(*samples: str, groups: Mapping[str, Sequence[str]] | None = None) -> bytes:
    """Put samples into a workspace; groups name the ids of theirs."""
    nodes = "".join(
        f'<GroupNode name="{name}"><Group name="{name}"><SampleRefs>'
        + "".join(f'<SampleRef sampleID="{one}"/>' for one in ids)
        + "</SampleRefs></Group></GroupNode>"
        for name, ids in (groups or {}).items()
    )
    return (
        f'<Workspace version="20.0" flowJoVersion="10.8.1" xmlns:gating="{_ISAC}/gating" '
        f'xmlns:transforms="{_ISAC}/transformations" xmlns:data-type="{_ISAC}/datatypes">'
        f"<Groups>{nodes}</Groups><SampleList>{''.join(samples)}</SampleList></Workspace>"
    ).encode()


def sample(
    *populations: str,
    name: str = "tube.fcs",
    id: str = "1",  # noqa: A002
    scales: Mapping[str, str] | None = None,
    keywords: Mapping[str, str] | None = None,
    matrix: str = "",
    parameters: Sequence[str] = ("FSC-A", "SSC-A", "FL1-A", "FL2-A"),
) -> str:
    """Write a sample; parameters without a scale are linear to 1000."""
    drawn = {**dict.fromkeys(parameters, LINEAR), **(scales or {})}
    transformations = "".join(
        f'<transforms:{scale}><data-type:parameter data-type:name="{parameter}"/>'
        f"</transforms:{scale.split()[0]}>"
        for parameter, scale in drawn.items()
    )
    stated = {f"$P{n}N": one for n, one in enumerate(parameters, 1)} | dict(keywords or {})
    words = "".join(f'<Keyword name="{key}" value="{value}"/>' for key, value in stated.items())
    return (
        f'<Sample><DataSet sampleID="{id}"/>{matrix}'
        f"<Transformations>{transformations}</Transformations><Keywords>{words}</Keywords>"
        f'<SampleNode name="{name}" sampleID="{id}" count="-1">{_below(populations)}</SampleNode>'
        "</Sample>"
    )


def population(name: str, gate: str, *below: str, count: int = -1) -> str:
    """Write a population with its gate."""
    return (
        f'<Population name="{name}" count="{count}"><Gate>{gate}</Gate>{_below(below)}</Population>'
    )


def boolean(kind: str, name: str, *paths: str) -> str:
    """Write an AndNode, OrNode or NotNode."""
    dependents = "".join(f'<Dependent name="{path}"/>' for path in paths)
    return f'<{kind} name="{name}"><Dependents>{dependents}</Dependents></{kind}>'


def rectangle(**ends: tuple[float | None, float | None]) -> str:
    """Write a rectangle; a keyword's _ stands for the - of a parameter."""
    inner = "".join(
        _dimension(name.replace("_", "-"), low, high) for name, (low, high) in ends.items()
    )
    return f'<gating:RectangleGate eventsInside="1">{inner}</gating:RectangleGate>'


def polygon(x: str, y: str, corners: Sequence[tuple[float, float]]) -> str:
    """Write a polygon."""
    points = "".join(_vertex(corner) for corner in corners)
    return (
        '<gating:PolygonGate eventsInside="1" gateResolution="256">'
        f"{_dimension(x)}{_dimension(y)}{points}</gating:PolygonGate>"
    )


def ellipse(
    x: str, y: str, foci: Sequence[tuple[float, float]], edge: Sequence[tuple[float, float]]
) -> str:
    """Write an ellipse in bins of the display."""
    inside = "".join(map(_vertex, foci)), "".join(map(_vertex, edge))
    return (
        f'<gating:EllipsoidGate eventsInside="1" gating:distance="1">{_dimension(x)}'
        f"{_dimension(y)}<gating:foci>{inside[0]}</gating:foci>"
        f"<gating:edge>{inside[1]}</gating:edge></gating:EllipsoidGate>"
    )


def spillover(
    rows: Mapping[str, Mapping[str, float]], extra: str = "", prefix: str = "Comp-"
) -> str:
    """Write a sample's compensation: a row for each fluorochrome."""
    named = "".join(f'<data-type:parameter data-type:name="{name}"/>' for name in rows)
    spectra = "".join(
        f'<transforms:spillover data-type:parameter="{name}">'
        + "".join(
            f'<transforms:coefficient data-type:parameter="{detector}" transforms:value="{value}"/>'
            for detector, value in row.items()
        )
        + "</transforms:spillover>"
        for name, row in rows.items()
    )
    return (
        f'<transforms:spilloverMatrix prefix="{prefix}" suffix="" name="Day 1" {extra}>'
        f"<data-type:parameters>{named}</data-type:parameters>{spectra}"
        "</transforms:spilloverMatrix>"
    )


def experiment(*gates: str, settings: Mapping[str, bool] | None = None) -> bytes:
    """Write a FACSDiva experiment of one tube; settings say what can be compensated."""
    known = {"FSC-A": False, "SSC-A": False, "FITC-A": True} if settings is None else settings
    parameters = "".join(
        f'<parameter name="{name}"><can_be_compensated>{str(can).lower()}</can_be_compensated>'
        "</parameter>"
        for name, can in known.items()
    )
    return (
        '<bdfacs version="Version 8.0"><experiment name="E"><specimen name="S"><tube name="T">'
        f"<instrument_settings>{parameters}</instrument_settings><gates>"
        '<gate fullname="All Events" type="EventSource_Classifier"/>'
        f"{''.join(gates)}</gates></tube></specimen></experiment></bdfacs>"
    ).encode()


def region(
    path: str,
    kind: str,
    points: Sequence[tuple[float, float]],
    axes: tuple[str, str] = ("FSC-A", "SSC-A"),
    *,
    log: tuple[bool, bool] = (False, False),
    scaled: tuple[bool, bool] = (False, False),
    events: int = 0,
    input: str | None = None,  # noqa: A002
) -> str:
    """Write a FACSDiva gate with its region; paths are written with /."""
    names = path.split("/")
    above = "\\".join(["All Events", *names[:-1]])
    flags = "".join(
        f"<is_{side}_parameter_{word}>{str(flag).lower()}</is_{side}_parameter_{word}>"
        for word, pair in (("log", log), ("scaled", scaled))
        for side, flag in zip("xy", pair, strict=True)
    )
    drawn = "".join(f'<point x="{x}" y="{y}"/>' for x, y in points)
    return (
        f'<gate fullname="{above}\\{names[-1]}" type="Region_Classifier">'
        f"<num_events>{events}</num_events><parent>{above}</parent>"
        f'<region name="{names[-1]}" xparm="{axes[0]}" yparm="{axes[1]}" type="{kind}">'
        f"<points>{drawn}</points></region>{flags}<input>{input or above}</input></gate>"
    )


def _below(populations: Sequence[str]) -> str:
    return f"<Subpopulations>{''.join(populations)}</Subpopulations>" if populations else ""


def _dimension(name: str, low: float | None = None, high: float | None = None) -> str:
    ends = {"min": low, "max": high}
    given = "".join(f' gating:{key}="{value}"' for key, value in ends.items() if value is not None)
    return (
        f'<gating:dimension{given}><data-type:fcs-dimension data-type:name="{name}"/>'
        "</gating:dimension>"
    )


def _vertex(point: tuple[float, float]) -> str:
    coordinates = "".join(f'<gating:coordinate data-type:value="{value}"/>' for value in point)
    return f"<gating:vertex>{coordinates}</gating:vertex>"
