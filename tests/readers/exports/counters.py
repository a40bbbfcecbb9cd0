"""Writes exports of cell counters as each software does; the numbers are made up."""

from __future__ import annotations

BLU_HEAD = (
    "Sample ID,Cell count,Viable cells,Total (x10^6) cells/mL,Viable (x10^6) cells/mL,"
    "Viability (%),Average diameter (μm),Cell type,Analysis date/time,Reanalysis date/time,"
    "Analysis by,Reanalysis by,Dilution,Wash,Tag"
)


def blu_row(sample: str, viability: str = "96.0", **more: str) -> str:
    """Write a row of the Vi-CELL BLU: 960 of 1000 cells alive, 0.96 of 1.00 million a mL."""
    values = {
        "count": "1000",
        "viable": "960",
        "total": "1.00",
        "live": "0.96",
        "time": "3/21/2026 16:56",
        "dilution": "1",
        "tag": "",
        "again": "",
    } | more
    return (
        f"{sample},{values['count']},{values['viable']},{values['total']},{values['live']},"
        f"{viability},18.5,MSC,{values['time']},{values['again']},operator,,"
        f"{values['dilution']},Normal Wash,{values['tag']}"
    )


def blu(*rows: str) -> str:
    return "\n".join([BLU_HEAD, *rows]) + "\n"


XR = """Vi-CELL XR 2.06.3

Sample ID : {sample}
File name : {sample}.txt
RunDate : 21 Mar 2026  5:21:32 AM
Unit S/N : AB123

Results:
Images : 50
Total cells : 4000
Viable cells : 3800
Viability (%) : {viability}
Total cells / ml (x 10^6) : 80.0
Total viable cells / ml (x 10^6) : 76.0

Settings:
Cell type : MSC
Dilution : 20.00
Internal Dilution : 2.400
Comment :
"""

NC200 = """Viability and Cell Count Assay; ;
Image;20260321-0002-c-{sample};
Operator;somebody;
Viability (%);{viability};
Live (cells/ml);{live};
Dead (cells/ml);1.0E5;
Total (cells/ml);{total};
; ;
Multiplication factor;{factor};
;
Protocol template purpose;Cell Count and Viability with AO and DAPI
Instrument type;NucleoView NC-200
Date time;20260321 110300
Time zone offset;-7
"""


def nc200(
    sample: str,
    viability: str = "90.0",
    live: str = "9.00E5",
    total: str = "1.00E6",
    factor: str = "1.000",
) -> str:
    return NC200.format(sample=sample, viability=viability, live=live, total=total, factor=factor)
