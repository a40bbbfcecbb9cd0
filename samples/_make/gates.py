"""Gating-ML 2.0 files, written by hand as an analyst would draw the gates."""

from __future__ import annotations

from dataclasses import asdict, dataclass

# Cells lie to the right of the debris; singlets have the height that their area calls for.
CELLS = ((27000, 6000), (27000, 60000), (60000, 190000), (262144, 240000), (262144, 6000))
SINGLETS = ((24000, 15500), (24000, 24000), (262144, 260000), (262144, 172000))

_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<gating:Gating-ML
    xmlns:gating="http://www.isac-net.org/std/Gating-ML/v2.0/gating"
    xmlns:transforms="http://www.isac-net.org/std/Gating-ML/v2.0/transformations"
    xmlns:data-type="http://www.isac-net.org/std/Gating-ML/v2.0/datatypes">
    <!-- {title}. Gates for the simulated list-mode files of qcvalidate. -->

    <transforms:transformation transforms:id="Logicle">
        <transforms:logicle transforms:T="262144" transforms:W="0.5"
            transforms:M="4.5" transforms:A="0" />
    </transforms:transformation>
"""

_RANGE = """
    <gating:RectangleGate gating:id="{id}" gating:parent_id="{parent}">
        <gating:dimension gating:compensation-ref="FCS" gating:transformation-ref="Logicle"
            gating:{side}="{at}">
            <data-type:fcs-dimension data-type:name="{detector}" />
        </gating:dimension>
    </gating:RectangleGate>
"""


@dataclass(frozen=True)
class Range:
    """The part of `parent` that a detector sees from a logicle value on, or below it."""

    id: str
    detector: str
    at: float
    parent: str = "Viable"
    side: str = "min"


@dataclass(frozen=True)
class Box:
    """A rectangle on logicle axes: the least and the greatest value, None without that end."""

    id: str
    parent: str | None
    sides: dict[str, tuple[float | None, float | None]]


def strategy(title: str, *ranges: Range) -> str:
    """Write Cells and Singlets, then the ranges in their order."""
    cells = _polygon("Cells", None, ("FSC-A", "SSC-A"), CELLS)
    singlets = _polygon("Singlets", "Cells", ("FSC-A", "FSC-H"), SINGLETS)
    return _written(title, cells, singlets, *(_RANGE.format(**asdict(gate)) for gate in ranges))


def _written(title: str, *gates: str) -> str:
    return "".join([_HEAD.format(title=title), *gates, "\n</gating:Gating-ML>\n"])


def _polygon(
    name: str, parent: str | None, axes: tuple[str, str], corners: tuple[tuple[float, float], ...]
) -> str:
    of = f' gating:parent_id="{parent}"' if parent else ""
    lines = [f'\n    <gating:PolygonGate gating:id="{name}"{of}>']
    for axis in axes:
        scatter = axis.startswith(("FSC", "SSC"))
        # Light is compensated and lies on the logicle scale; scatter stays as it is.
        how = '"uncompensated"' if scatter else '"FCS" gating:transformation-ref="Logicle"'
        lines += [
            f"        <gating:dimension gating:compensation-ref={how}>",
            f'            <data-type:fcs-dimension data-type:name="{axis}" />',
            "        </gating:dimension>",
        ]
    for x, y in corners:
        lines += [
            "        <gating:vertex>",
            f'            <gating:coordinate data-type:value="{x}" />',
            f'            <gating:coordinate data-type:value="{y}" />',
            "        </gating:vertex>",
        ]
    return "\n".join([*lines, "    </gating:PolygonGate>\n"])


def _box(box: Box) -> str:
    of = f' gating:parent_id="{box.parent}"' if box.parent else ""
    lines = [f'\n    <gating:RectangleGate gating:id="{box.id}"{of}>']
    for detector, ends in box.sides.items():
        limits = "".join(
            f' gating:{side}="{at}"'
            for side, at in zip(("min", "max"), ends, strict=True)
            if at is not None
        )
        lines += [
            '        <gating:dimension gating:compensation-ref="FCS" '
            f'gating:transformation-ref="Logicle"{limits}>',
            f'            <data-type:fcs-dimension data-type:name="{detector}" />',
            "        </gating:dimension>",
        ]
    return "\n".join([*lines, "    </gating:RectangleGate>\n"])


MSC = strategy(
    "MSC identity: viable single cells, then each marker against them",
    Range("Viable", "Y670-A", 0.52, "Singlets", "max"),
    Range("CD105+", "R660-A", 0.47),
    Range("CD73+", "Y585-A", 0.50),
    Range("CD90+", "B530-A", 0.50),
    Range("CD45+", "V525-A", 0.50),
    Range("CD34+", "R730-A", 0.46),
    Range("CD14+", "R780-A", 0.48),
    Range("CD19+", "Y780-A", 0.46),
    Range("HLA-DR+", "V450-A", 0.45),
)

MARROW = strategy(
    "Leukocytes and CD34+ cells among viable single cells",
    Range("Viable", "Y670-A", 0.54, "Singlets", "max"),
    Range("CD45+", "B530-A", 0.44),
    Range("CD34+", "Y585-A", 0.55),
)

# As ISHAGE asks, viability is that of the CD34+ cells themselves.
APHERESIS = strategy(
    "Leukocytes, CD34+ cells, and the viable among the CD34+",
    Range("CD45+", "B530-A", 0.44, "Singlets"),
    Range("CD34+", "Y585-A", 0.55, "Singlets"),
    Range("Viable", "Y670-A", 0.54, "CD34+", "max"),
)

# The sequence of ISHAGE. The beads shine beyond all cells, so that CD45+ ends before them.
ISHAGE = _written(
    "CD34 enumeration by the ISHAGE sequence, with counting beads",
    _box(Box("Beads", None, {"B530-A": (0.92, None), "Y585-A": (0.88, None)})),
    _box(Box("CD45+", None, {"B530-A": (0.44, 0.92)})),
    _box(Box("CD34+", "CD45+", {"Y585-A": (0.55, None)})),
    _polygon(
        "CD45dim",
        "CD34+",
        ("B530-A", "SSC-A"),
        ((0.46, 4000), (0.46, 52000), (0.68, 52000), (0.72, 30000), (0.72, 4000)),
    ),
    _polygon(
        "Lymph-blast",
        "CD45dim",
        ("FSC-A", "SSC-A"),
        ((28000, 5000), (28000, 34000), (52000, 52000), (110000, 52000), (110000, 5000)),
    ),
    _RANGE.format(**asdict(Range("Viable", "Y670-A", 0.54, "Lymph-blast", "max"))),
)

SVF = strategy(
    "Stromal vascular fraction: each marker against viable single cells",
    Range("Viable", "Y670-A", 0.54, "Singlets", "max"),
    Range("CD45+", "V450-A", 0.50),
    Range("CD31+", "B530-A", 0.52),
    Range("CD34+", "Y585-A", 0.52),
    Range("CD235a+", "R660-A", 0.52),
)
