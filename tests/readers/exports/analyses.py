"""Writes what cytometry software exports of its populations; names and numbers are made up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

FLOWJO_HEAD = (
    ",Cells | Count,Cells/Singlets | Count,Cells/Singlets/Viable | Count,"
    "Cells/Singlets/Viable | Freq. of Parent (%),Cells/Singlets/Viable | Median (Comp-PE-A)"
)


def flowjo(*rows: str, head: str = FLOWJO_HEAD) -> str:
    return "\n".join([head, *rows, "Mean,1,1,1,50.0,1", "SD,0,0,0,0,0"]) + "\n"


def workspace(*samples: tuple[str, Mapping[str, int]]) -> str:
    """Write a workspace; each sample has a root count under "" and counts by path."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Workspace version="20.0" flowJoVersion="10.9.0">'
        f"<SampleList>{''.join(_sample(name, counts) for name, counts in samples)}</SampleList>"
        "</Workspace>\n"
    )


def _sample(name: str, counts: Mapping[str, int]) -> str:
    return (
        '<Sample><Keywords><Keyword name="$DATE" value="21-MAR-2026"/>'
        '<Keyword name="$BTIM" value="15:38:26.92"/></Keywords>'
        f'<SampleNode name="{name}" count="{counts[""]}" sampleID="1">'
        f"{_below('', counts)}</SampleNode></Sample>"
    )


def _below(path: str, counts: Mapping[str, int]) -> str:
    inner = [one for one in counts if one and one.rpartition("/")[0] == path]
    nodes = "".join(
        f'<Population name="{one.rpartition("/")[2]}" count="{counts[one]}">'
        f"{_below(one, counts)}</Population>"
        for one in inner
    )
    return f"<Subpopulations>{nodes}</Subpopulations>" if nodes else ""


def experiment(*tubes: tuple[str, Mapping[str, int]]) -> str:
    """Write a FACSDiva experiment; gates by their full names below `All Events`."""
    text = "".join(
        f'<tube name="{name}"><data_begin_date>2026-03-21T15:38:26</data_begin_date><gates>'
        + "".join(
            f'<gate fullname="{full}" type="Region_Classifier"><num_events>{count}</num_events>'
            "</gate>"
            for full, count in counts.items()
        )
        + "</gates></tube>"
        for name, counts in tubes
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<bdfacs version="Version 6.2"><experiment '
        'name="E"><worksheet_template><gates><gate fullname="All Events"><num_events>7</num_events>'
        f'</gate></gates></worksheet_template><specimen name="S">{text}</specimen></experiment>'
        "</bdfacs>\n"
    )


DIVA_HEAD = "Population,Parent Name,#Events,%Parent,%Grand Parent,%Total,PE-A Mean"
DIVA_ROWS = (
    "All Events,####,10000,####,####,100.0,5",
    "Cells,All Events,8000,80.0,####,80.0,5",
    "Singlets,Cells,7500,93.8,75.0,75.0,5",
    "Viable,Singlets,7125,95.0,89.1,71.3,",
)


def diva(tube: str, rows: Sequence[str] = DIVA_ROWS) -> str:
    return (
        f"Experiment Name,E\nSpecimen Name,\nTube Name,{tube}\n"
        f'Record Date,"Mar 21, 2026 12:38:58 PM"\n\n{DIVA_HEAD}\n' + "\n".join(rows) + "\n"
    )
