"""What each specification asks, written down by hand from its text: which change is unsafe.

Nothing here is taken from what the program says. A limit has a margin, so that rounding by the
specification's own rule never decides; a criterion that only warns or informs is not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from benchmarks.mutants.lots import Lot, Row

ALLOGENEIC = "msc-expanded-allogeneic-cryopreserved"
FRESH = "msc-expanded-autologous-fresh"
BMAC, SVF = "bmac-same-day", "svf-same-day"
APHERESIS, CORD = "hpc-apheresis", "hpc-cord-blood"
# A clinic's own, in schemas/ beside this file.
OWN_MSC, OWN_HPC = "clinic-msc", "clinic-hpc"
CULTURED = (ALLOGENEIC, FRESH)
# Their staged plan lets the final sterility result follow; the others wait for it.
STAGED = (FRESH, BMAC, SVF, APHERESIS)

_ISCT_HIGH = ("cd105_positive", "cd73_positive", "cd90_positive")
_ISCT_LOW = ("cd45_positive", "cd34_positive", "cd14_positive", "cd19_positive")
DONOR = (
    "hiv_antibody", "hiv_nat", "hbs_antigen", "hbc_antibody", "hbv_nat", "hcv_antibody", "hcv_nat",
    "syphilis",
)  # fmt: skip

# Without any row of one of these the lot cannot pass. CD14 and CD19 are the only ones of their
# pairs in the lots here; apheresis takes its dose from any of three tests, so none is here.
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    ALLOGENEIC: (
        "viability", "viable_cell_concentration", *_ISCT_HIGH, *_ISCT_LOW, "sterility",
        "in_process_culture", "endotoxin", "mycoplasma", *DONOR,
    ),
    FRESH: (
        "viability", "viable_cell_concentration", *_ISCT_HIGH, *_ISCT_LOW, "sterility",
        "in_process_culture", "gram_stain", "endotoxin", "mycoplasma",
    ),
    BMAC: ("sterility", "gram_stain"),
    SVF: ("viability", "sterility", "gram_stain", "endotoxin"),
    APHERESIS: ("sterility",),
    OWN_MSC: (
        "viability", "viable_cell_concentration", "sterility", "gram_stain", "endotoxin",
        "endotoxin_ppc", "mycoplasma",
    ),
    OWN_HPC: ("sterility",),
    CORD: (
        "total_nucleated_cells", "viable_cd34_count", "viability", "sterility", *DONOR, "htlv",
    ),
}  # fmt: skip
# A bad result of one of these holds or fails the lot; some of them need not be there at all.
_WORDS: Mapping[str, tuple[str, ...]] = {
    ALLOGENEIC: (
        "sterility", "in_process_culture", "mycoplasma", "gram_stain", *DONOR, "htlv"
    ),
    FRESH: ("sterility", "in_process_culture", "mycoplasma", "gram_stain"),
    BMAC: ("sterility", "gram_stain"),
    SVF: ("sterility", "gram_stain"),
    OWN_MSC: ("sterility", "gram_stain", "mycoplasma"),
    OWN_HPC: ("sterility",),
    APHERESIS: ("sterility", "gram_stain", *DONOR, "htlv"),
    CORD: ("sterility", "gram_stain", *DONOR, "htlv"),
}  # fmt: skip
# The clinic's own is guarded by 4 %.
_VIABILITY = {ALLOGENEIC: 69, FRESH: 69, SVF: 69, CORD: 84, OWN_MSC: 73}
_NUMBERS: Mapping[str, tuple[str, ...]] = {
    ALLOGENEIC: ("viability", "viable_cell_concentration", *_ISCT_HIGH, *_ISCT_LOW),
    FRESH: ("viability", "viable_cell_concentration", *_ISCT_HIGH, *_ISCT_LOW),
    BMAC: (),
    SVF: ("viability",),
    OWN_MSC: ("viability", "viable_cell_concentration"),
    OWN_HPC: (),
    APHERESIS: ("cd34_dose_per_kg", "viable_cd34_count", "cd34_absolute"),
    CORD: ("total_nucleated_cells", "viable_cd34_count", "viability"),
}
_PER_ML = {"cells/mL": 1, "cells/uL": 1000, "1e3/uL": 1_000_000}


def required(lot: Lot) -> tuple[str, ...]:
    """Give the tests without which this lot cannot pass."""
    of_donor = (*DONOR, "htlv") if lot.product == APHERESIS and _allogeneic(lot) else ()
    return (*_REQUIRED[lot.product], *of_donor)


def days(lot: Lot) -> int:
    """Give the days that the lot's cultures are read after, at the least."""
    return 7 if lot.product == OWN_MSC else 14


def alone(lot: Lot) -> tuple[str, ...]:
    """Give the required tests whose rows in a table are their only result.

    Viability stands in the list-mode file too: without the row of the counter it is still there.
    """
    gated = any(name.endswith(".fcs") for name in lot.files)
    return tuple(test for test in required(lot) if not (gated and test == "viability"))


def in_words(lot: Lot) -> tuple[str, ...]:
    """Give the tests whose bad result in words holds or fails this lot.

    An autologous donor's own infection excludes nobody (21 CFR 1271.90).
    """
    asked = _WORDS[lot.product]
    if lot.product == APHERESIS and not _allogeneic(lot):
        return tuple(test for test in asked if test not in (*DONOR, "htlv"))
    return asked


def in_numbers(lot: Lot) -> tuple[str, ...]:
    """Give the tests whose number is held against a limit that blocks."""
    return (*_NUMBERS[lot.product], "endotoxin", "endotoxin_ppc")


def _allogeneic(lot: Lot) -> bool:
    return lot.stated("donor", "relation") == "allogeneic"


def misses(lot: Lot, test: str, value: Decimal, unit: str) -> bool:
    """Say whether a number is past its limit, clearly; False where the specification only warns."""
    if test not in in_numbers(lot):
        return False
    weight = Decimal(lot.stated("dose", "recipient_weight_kg") or 0)
    volume = Decimal(lot.stated("dose", "volume_mL") or 0)
    if test == "viability":
        return value < _VIABILITY[lot.product]
    if test in _ISCT_HIGH:
        return value < 94
    if test in _ISCT_LOW:
        return value > Decimal("2.6")
    if test == "endotoxin_ppc":
        return not 49 <= value <= 201
    if not weight or not volume:
        return False
    if test == "endotoxin":
        most = "0.25" if lot.stated("dose", "route") == "intrathecal" else "5.6"
        return value * volume / weight > Decimal(most)
    cells = value * _PER_ML[unit] * volume if unit in _PER_ML else value
    least = {
        ALLOGENEIC: Decimal("1.9e6") * weight,
        FRESH: Decimal("74e6"),
        OWN_MSC: Decimal("74e6"),
        APHERESIS: Decimal("1.9e6") * (1 if unit == "cells/kg" else weight),
        CORD: Decimal("4.9e8") if test == "total_nucleated_cells" else Decimal("1.2e6"),
    }
    return cells < least[lot.product]


def asked(lot: Lot, row: Row) -> bool:
    """Say whether the result of a row can hold or fail the lot: it is a sample's, and blocks."""
    if row.get("role"):
        return False
    return row["test"] in (*required(lot), *in_words(lot), *in_numbers(lot))
