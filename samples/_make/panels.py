"""The panels of antibodies, and what a tube of each product holds."""

from __future__ import annotations

from _make.listmode import Detector, Panel, Population, Stain

MSC = Panel(
    "MSC identity, one tube",
    (
        Detector("V450-A", "HLA-DR", 410),
        Detector("V525-A", "CD45", 425),
        Detector("B530-A", "CD90", 400),
        Detector("Y585-A", "CD73", 415),
        Detector("Y670-A", "7-AAD", 450),
        Detector("Y780-A", "CD19", 520),
        Detector("R660-A", "CD105", 480),
        Detector("R730-A", "CD34", 500),
        Detector("R780-A", "CD14", 515),
    ),
    {
        ("V450-A", "V525-A"): 0.09,
        ("V525-A", "V450-A"): 0.05,
        ("V525-A", "B530-A"): 0.02,
        ("B530-A", "V525-A"): 0.04,
        ("B530-A", "Y585-A"): 0.05,
        ("Y585-A", "Y670-A"): 0.14,
        ("Y585-A", "Y780-A"): 0.015,
        ("Y670-A", "Y780-A"): 0.11,
        ("Y670-A", "R660-A"): 0.06,
        ("Y670-A", "R730-A"): 0.05,
        ("Y780-A", "R780-A"): 0.07,
        ("R660-A", "R730-A"): 0.12,
        ("R660-A", "R780-A"): 0.03,
        ("R730-A", "R780-A"): 0.15,
        ("R780-A", "Y780-A"): 0.04,
    },
)

# Blood cells are read with few dyes: CD45, CD34 and the dye of dead cells.
BLOOD = Panel(
    "CD34 enumeration, one tube",
    (
        Detector("B530-A", "CD45", 410),
        Detector("Y585-A", "CD34", 430),
        Detector("Y670-A", "7-AAD", 455),
    ),
    {
        ("B530-A", "Y585-A"): 0.16,
        ("Y585-A", "B530-A"): 0.01,
        ("Y585-A", "Y670-A"): 0.17,
        ("Y670-A", "Y585-A"): 0.02,
    },
)

SVF = Panel(
    "SVF composition, one tube",
    (
        Detector("V450-A", "CD45", 420),
        Detector("B530-A", "CD31", 415),
        Detector("Y585-A", "CD34", 430),
        Detector("Y670-A", "7-AAD", 455),
        Detector("R660-A", "CD235a", 470),
    ),
    {
        ("V450-A", "B530-A"): 0.03,
        ("B530-A", "Y585-A"): 0.14,
        ("Y585-A", "Y670-A"): 0.16,
        ("Y670-A", "Y585-A"): 0.02,
        ("Y670-A", "R660-A"): 0.07,
    },
)


def msc(viable: float, *, pure: float = 0.985, leukocytes: float = 0.006) -> list[Population]:
    """Give a culture of MSC: the share of viable cells, of CD105+ ones, of left-over leukocytes."""
    stains = {
        "CD105": Stain(15_000, 0.40, pure),
        "CD73": Stain(38_000, 0.32, 0.996),
        "CD90": Stain(30_000, 0.36, 0.994),
        "HLA-DR": Stain(2_600, 0.45, 0.009),
        "CD34": Stain(2_200, 0.45, 0.004),
    }
    faded = {marker: Stain(s.median * 0.6, 0.5, s.share) for marker, s in stains.items()}
    whole, pairs, debris = 0.86 - leukocytes, 0.05, 0.09
    return [
        Population("debris", debris, 11_000, 9_000, {}, size_spread=0.42, glow=40),
        Population("viable", whole * viable, 84_000, 66_000, stains),
        Population(
            "dead",
            whole * (1 - viable),
            70_000,
            80_000,
            faded,
            size_spread=0.2,
            glow=160,
            dead=True,
        ),
        Population("doublets", pairs * viable, 84_000, 66_000, stains, doublet=True),
        Population(
            "dead doublets", pairs * (1 - viable), 70_000, 80_000, faded, dead=True, doublet=True
        ),
        Population(
            "monocytes",
            leukocytes * 0.5,
            62_000,
            46_000,
            {"CD45": Stain(22_000), "CD14": Stain(26_000), "HLA-DR": Stain(14_000)},
        ),
        Population(
            "B cells",
            leukocytes * 0.5,
            44_000,
            20_000,
            {"CD45": Stain(30_000), "CD19": Stain(9_000), "HLA-DR": Stain(17_000)},
        ),
    ]


def marrow(viable: float) -> list[Population]:
    """Give a marrow concentrate: red-cell debris, nucleated red cells, leukocytes, few CD34+."""
    dead = 1 - viable
    return [
        Population("debris", 0.12, 9_000, 7_000, {}, size_spread=0.4, glow=35),
        Population("granulocytes", 0.45 * viable, 78_000, 88_000, {"CD45": Stain(5_200, 0.3)}),
        Population("lymphocytes", 0.21 * viable, 46_000, 19_000, {"CD45": Stain(32_000, 0.25)}),
        Population("monocytes", 0.06 * viable, 66_000, 44_000, {"CD45": Stain(20_000, 0.28)}),
        Population("nucleated red cells", 0.085 * viable, 40_000, 15_000, {}, glow=60),
        Population(
            "CD34+",
            0.015 * viable,
            54_000,
            21_000,
            {"CD45": Stain(4_400, 0.3), "CD34": Stain(15_000, 0.4)},
        ),
        Population(
            "dead", 0.82 * dead, 60_000, 70_000, {"CD45": Stain(5_000, 0.5, 0.8)}, dead=True
        ),
        Population("doublets", 0.06, 60_000, 50_000, {"CD45": Stain(9_000, 0.8)}, doublet=True),
    ]


def fat(viable: float) -> list[Population]:
    """Give a stromal vascular fraction: stroma, endothelium, leukocytes, some red cells."""
    dead = 1 - viable
    return [
        Population("debris", 0.16, 10_000, 9_000, {}, size_spread=0.45, glow=45),
        Population(
            "stroma", 0.36 * viable, 70_000, 52_000, {"CD34": Stain(14_000, 0.45)}, glow=130
        ),
        Population(
            "endothelium",
            0.09 * viable,
            62_000,
            40_000,
            {"CD34": Stain(9_000, 0.4), "CD31": Stain(16_000, 0.4)},
        ),
        Population("lymphocytes", 0.12 * viable, 45_000, 19_000, {"CD45": Stain(30_000, 0.28)}),
        Population("monocytes", 0.12 * viable, 66_000, 46_000, {"CD45": Stain(19_000, 0.3)}),
        Population("pericytes", 0.05 * viable, 64_000, 42_000, {}, glow=120),
        Population("red cells", 0.04 * viable, 36_000, 13_000, {"CD235a": Stain(28_000, 0.3)}),
        Population(
            "dead", 0.78 * dead, 58_000, 66_000, {"CD34": Stain(6_000, 0.5, 0.4)}, dead=True
        ),
        Population("doublets", 0.06, 62_000, 46_000, {"CD34": Stain(9_000, 0.7)}, doublet=True),
    ]


def apheresis(viable: float) -> list[Population]:
    """Give a mobilised apheresis product: leukocytes and the CD34+ cells among them."""
    dead = 1 - viable
    return [
        Population("platelets", 0.07, 8_000, 6_000, {}, size_spread=0.4, glow=30),
        Population("lymphocytes", 0.34 * viable, 46_000, 19_000, {"CD45": Stain(34_000, 0.25)}),
        Population("monocytes", 0.22 * viable, 66_000, 44_000, {"CD45": Stain(21_000, 0.28)}),
        Population("granulocytes", 0.29 * viable, 78_000, 86_000, {"CD45": Stain(5_600, 0.3)}),
        Population(
            "CD34+",
            0.012 * viable,
            55_000,
            21_000,
            {"CD45": Stain(4_600, 0.3), "CD34": Stain(17_000, 0.38)},
        ),
        Population(
            "dead CD34+",
            0.012 * dead,
            52_000,
            24_000,
            {"CD45": Stain(4_200, 0.35), "CD34": Stain(15_000, 0.4)},
            dead=True,
        ),
        Population(
            "dead", 0.85 * dead, 58_000, 60_000, {"CD45": Stain(5_000, 0.5, 0.9)}, dead=True
        ),
        Population("doublets", 0.06, 58_000, 44_000, {"CD45": Stain(14_000, 0.7)}, doublet=True),
    ]


def enumeration(viable: float, *, cd34: bool = True) -> list[Population]:
    """Give an apheresis product with counting beads; without `cd34` that antibody is left out."""
    dead = 1 - viable
    stem = {"CD45": Stain(4_600, 0.3), "CD34": Stain(17_000, 0.38)}
    beads = {
        "CD45": Stain(190_000, 0.05),
        "CD34": Stain(150_000, 0.06),
        "7-AAD": Stain(60_000, 0.1),
    }
    if not cd34:
        del stem["CD34"]
    return [
        Population("platelets", 0.01, 8_000, 6_000, {}, size_spread=0.4, glow=30),
        Population("beads", 0.026, 15_000, 70_000, beads, size_spread=0.08),
        Population("lymphocytes", 0.352 * viable, 46_000, 19_000, {"CD45": Stain(34_000, 0.25)}),
        Population("monocytes", 0.23 * viable, 66_000, 44_000, {"CD45": Stain(21_000, 0.28)}),
        Population("granulocytes", 0.34 * viable, 78_000, 86_000, {"CD45": Stain(5_600, 0.3)}),
        Population("CD34+", 0.012 * viable, 55_000, 21_000, stem),
        Population("dead CD34+", 0.012 * dead, 52_000, 24_000, stem, dead=True),
        Population("dead", 0.922 * dead, 58_000, 60_000, {"CD45": Stain(5_600, 0.35)}, dead=True),
        Population("doublets", 0.03, 58_000, 44_000, {"CD45": Stain(14_000, 0.5)}, doublet=True),
    ]
