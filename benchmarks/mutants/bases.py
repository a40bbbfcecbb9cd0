"""The lots that are changed: each meets its specification, some but for a running culture."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple
from unittest.mock import patch

import yaml

from benchmarks.mutants import oracle
from benchmarks.mutants.lots import Form, Json, Lot, Paper, Row, Sheet, Tube
from benchmarks.mutants.papers import result_column
from benchmarks.mutants.sheets import MESSAGES

# isort: split
from _make import cryopreserved, folder, fresh, papers, progenitors
from _make.papers import Sample, Test

SAMPLES: Mapping[str, Callable[[], Mapping[str, bytes]]] = {
    **cryopreserved.LOTS,
    **fresh.LOTS,
    **progenitors.LOTS,
}
PASSING = ("MSC-2026-0018", "BMAC-2026-0104", "SVF-2026-0042", "HPCA-2026-0007")
WAITING = ("MSC-2026-0030",)


class _Parts(bytes):
    """Stands for a paper's bytes while a sample is made, and keeps what it is drawn from."""

    paper: Form | Tube


def _kept(paper: Form | Tube) -> _Parts:
    parts = _Parts(b"")
    parts.paper = paper
    return parts


@cache
def sample(name: str) -> Lot:
    """Make a sample lot, of papers that are still in their parts."""
    return _captured(name, SAMPLES[name])


def _captured(name: str, make: Callable[[], Mapping[str, bytes]]) -> Lot:
    def draws(drawer: str) -> Callable[[Any], bytes]:
        return lambda said: _kept(Form(drawer, said))

    with ExitStack() as stack:
        for drawer in ("us_form", "european_report", "plain_columns"):
            stack.enter_context(patch.object(papers, drawer, draws(drawer)))
        tube: Callable[..., bytes] = lambda *of: _kept(Tube(*of))  # noqa: E731
        stack.enter_context(patch.object(folder, "write_fcs", tube))
        files = dict(make())
    manifest = yaml.load(files.pop("lot.yaml"), Loader=yaml.BaseLoader)  # noqa: S506 - texts alone
    return Lot(name, manifest, {key: _paper(key, held) for key, held in files.items()})


def _paper(name: str, held: bytes) -> Paper:
    if isinstance(held, _Parts):
        return held.paper
    if not name.endswith(".csv"):
        return held
    text = held.decode()
    mark = ";" if ";" in text.split("\n", 1)[0] else ","
    return Sheet(tuple(csv.DictReader(io.StringIO(text), delimiter=mark)), "csv", {"mark": mark})


def _cord_blood() -> Mapping[str, bytes]:
    """Give the cord blood unit of the samples, cultured for all of its fourteen days."""
    number, made = "HPCC-2026-0004", dt.date(2026, 6, 8)
    day = dt.timedelta(1)
    product = Sample(number, f"{number}-FP", "HPC, cord blood, by-product 2 mL", made, made + day)
    culture = Test("EX-ST-26-0004", made + day, made + 15 * day, made + 16 * day)
    mother = Sample(number, "DN-0004", "Maternal serum and plasma", made, made + day)
    screening = Test("SD-26-0004", made + 2 * day, made + 3 * day, made + 4 * day)
    clear = ("-", "No growth after 14 days", "P")
    din = "W0000 26 100003"
    made_before = SAMPLES["HPCC-2026-0003"]()
    manifest = made_before["lot.yaml"].replace(b"HPCC-2026-0003", number.encode())
    return {
        "lot.yaml": manifest,
        "sterility.pdf": papers.us_sterility(product, culture, (clear, clear)),
        "maternal-donor.pdf": papers.donor(
            mother, screening, din, leukocytes=True, subject="Birth mother"
        ),
        "counts.csv": made_before["counts.csv"].replace(b"HPCC-2026-0003", number.encode()),
    }


# --- lots whose papers are one table -------------------------------------------------------

HARVESTED = dt.date(2026, 3, 16)
_PHENOTYPE = {"cd105": "98.4", "cd73": "99.5", "cd90": "99.2", "cd45": "0.6", "cd34": "0.5",
              "cd14": "0.4", "cd19": "0.3"}  # fmt: skip


def day(days: int) -> str:
    return (HARVESTED + dt.timedelta(days)).isoformat()


class Told(NamedTuple):
    """What lot.yaml tells: relation and tissue, manipulation and freezing, route, kg and mL."""

    donor: str
    made: str
    dose: str


def manifest_of(lot: str, product: str, told: Told, **more: object) -> Json:
    """Write lot.yaml of a lot that was harvested on day 0, and is judged on day 17."""
    relation, tissue = told.donor.split()
    manipulation, frozen = told.made.split()
    route, weight, volume = told.dose.split()
    manufacture = {"manipulation": manipulation, "cryopreserved": frozen}
    manufacture |= {"harvested": f"{HARVESTED} 08:00"}
    if frozen == "true":
        manufacture |= {"expires": "2028-03-16"}
    if product.startswith("msc") and frozen == "true":
        manufacture |= {"thawed": f"{day(15)} 09:00"}
    return {
        "lot": lot,
        "product": product,
        "donor": {"relation": relation, "tissue": tissue, "recovered": day(0)},
        "manufacture": manufacture,
        "dose": {"route": route, "recipient_weight_kg": weight, "volume_mL": volume},
        "locale": {"dates": "YMD", "decimal": "."},
        "judged_on": day(17),
        **more,
    }


def measured(
    lot: str, *results: tuple[str, str, str], when: str, culture: bool = True
) -> list[Row]:
    """Write the rows of measured results, and those of a culture of the final product."""
    common = {"lot": lot, "sample_id": f"{lot}-FP", "status": "final"}
    rows: list[Row] = [
        {**common, "test": test, "result": result, "unit": unit}
        | ({"measured_at": when} if unit else {"started": when[:10], "ended": when[:10]})
        for test, result, unit in results
    ]
    if culture:
        ran = {"started": day(0), "ended": day(14), "turbidity": "clear"}
        rows += [
            {**common, **ran, "test": "sterility", "part": part, "result": "No growth"}
            for part in ("aerobic", "anaerobic")
        ]
    return rows


def _screened(lot: str, tests: Sequence[str], of: str = "donor") -> list[Row]:
    """Write the rows of a donor's panel."""
    common = {"lot": lot, "sample_id": f"{lot}-DS", "status": "final", "result": "Non-reactive"}
    ran = {"sampled": day(0), "started": day(1), "ended": day(1), "specimen_of": of}
    return [{**common, **ran, "test": test, "unit": ""} for test in tests]


def _controls(lot: str) -> list[Row]:
    ran = {"lot": lot, "test": "sterility", "part": "aerobic", "status": "final"}
    ran |= {"started": day(0), "ended": day(14)}
    return [
        {**ran, "sample_id": "NC-1", "role": "negative_control", "result": "No growth"},
        {**ran, "sample_id": "PC-1", "role": "positive_control", "result": "Growth"},
    ]


def _tables() -> Iterator[tuple[Json, list[Row]]]:
    share = [(f"{marker}_positive", value, "%") for marker, value in _PHENOTYPE.items()]
    clean = [("endotoxin", "<0.5", "EU/mL"), ("endotoxin_ppc", "104", "%")]
    gram = ("gram_stain", "No organisms seen", "")
    mycoplasma = ("mycoplasma", "Not detected", "")
    donor, leukocytes = oracle.DONOR, ("htlv", "cmv")
    fresh_day, thawed = f"{day(0)}T10:30:00", f"{day(15)}T09:40:00"

    lot = "MSC-2026-0101"
    rows = measured(
        lot, ("viability", "92.8", "%"), ("viable_cell_concentration", "7.8e6", "cells/mL"),
        *share, *clean, mycoplasma, when=thawed,
    ) + _screened(lot, donor)  # fmt: skip
    early = {"started": day(-3), "ended": day(11), "sample_id": f"{lot}-IP"}
    culture = next(row for row in rows if row["test"] == "sterility")
    rows.append({**culture, **early, "test": "in_process_culture", "part": "", "turbidity": ""})
    product = "msc-expanded-allogeneic-cryopreserved"
    told = Told("allogeneic bone_marrow", "culture_expanded true", "intravenous 70 20")
    yield manifest_of(lot, product, told), rows + _controls(lot)

    lot = "MSC-2026-0102"
    rows = measured(
        lot, ("viability", "94.6", "%"), ("viable_cell_concentration", "4.6e6", "cells/mL"),
        *share, *clean, gram, mycoplasma, when=fresh_day,
    )  # fmt: skip
    early |= {"sample_id": f"{lot}-IP", "ended": day(0)}
    rows.append({**rows[-1], **early, "test": "in_process_culture", "part": "", "turbidity": ""})
    told = Told("autologous bone_marrow", "culture_expanded false", "intraarticular 81 20")
    yield manifest_of(lot, "msc-expanded-autologous-fresh", told), rows + _controls(lot)

    lot = "BMAC-2026-0103"
    rows = measured(
        lot, ("viability", "95.3", "%"), ("nucleated_cell_concentration", "4.12e7", "cells/mL"),
        ("volume", "8.0", "mL"), gram, *clean, when=fresh_day,
    )  # fmt: skip
    told = Told("autologous bone_marrow", "minimal false", "intraarticular 78 8")
    yield manifest_of(lot, "bmac-same-day", told), rows + _controls(lot)

    lot = "SVF-2026-0104"
    rows = measured(
        lot, ("viability", "87.6", "%"), ("viable_cell_concentration", "1.9e6", "cells/mL"),
        ("cd34_positive", "52", "%"), ("cd45_positive", "30", "%"), gram, *clean, when=fresh_day,
    )  # fmt: skip
    told = Told("autologous adipose", "enzymatic false", "intraarticular 82 10")
    yield manifest_of(lot, "svf-same-day", told), rows + _controls(lot)

    lot = "HPCA-2026-0105"
    rows = measured(
        lot, ("cd34_dose_per_kg", "5.43e6", "cells/kg"), ("viable_cd34_count", "4.07e8", "cells"),
        ("cd34_absolute", "1850", "cells/uL"), ("cd34_viability", "97.2", "%"), gram,
        when=fresh_day,
    ) + _screened(lot, (*donor, *leukocytes))  # fmt: skip
    told = Told("allogeneic peripheral_blood", "minimal false", "intravenous 75 220")
    yield manifest_of(lot, "hpc-apheresis", told), rows + _controls(lot)

    lot = "HPCC-2026-0106"
    rows = measured(
        lot, ("total_nucleated_cells", "1.12e9", "cells"), ("viable_cd34_count", "3.4e6", "cells"),
        ("viability", "93.1", "%"), when=fresh_day,
    ) + _screened(lot, (*donor, *leukocytes), "birth mother")  # fmt: skip
    told = Told("allogeneic cord_blood", "minimal true", "intravenous 24 25")
    yield manifest_of(lot, "hpc-cord-blood", told), rows + _controls(lot)


_SUFFIXES = {"csv": "csv", "xlsx": "xlsx", "json": "json", "fhir": "json", "hl7": "hl7"}
STAGED = ("msc-expanded-autologous-fresh", "bmac-same-day", "svf-same-day", "hpc-apheresis")


def in_form(manifest: Json, rows: Sequence[Row], form: str) -> Lot:
    kept = [row for row in rows if form not in MESSAGES or not row.get("role")]
    options: dict[str, str] = {}
    files: dict[str, Paper | Sheet] = {}
    if form in MESSAGES:
        options = {"issued": manifest["judged_on"], "patient": f"P-{manifest['lot'][-4:]}"}
        manifest = {**manifest, "identifiers": {"patient": options["patient"]}}
        # A report of one specimen says when it was taken; the donor's is on a paper of its own.
        screened = tuple(row for row in kept if "specimen_of" in row)
        kept = [row for row in kept if "specimen_of" not in row]
        files |= {"donor.csv": Sheet(screened, "csv", {})} if screened else {}
    sheet = Sheet(tuple(kept), form, options)
    return Lot(
        f"{manifest['lot']} {form}", manifest, {f"results.{_SUFFIXES[form]}": sheet, **files}
    )


def _waiting(manifest: Json, rows: Sequence[Row]) -> Lot:
    """Let the culture of the final product still run on day 4."""
    early = {"ended": "", "status": "preliminary", "result": "No growth to date, day 4"}
    running = [
        {**row, **early} if row["test"] == "sterility" else row
        for row in rows
        if not row.get("role")
    ]
    # The papers of day 4 cannot hold what was measured later.
    lot = in_form({**manifest, "judged_on": day(4)}, running, "csv")
    return replace(lot, name=f"{manifest['lot']} csv, pending")


def _in_office(lot: Lot, drawer: str) -> Lot:
    """Write a lot's certificates as files of an office program."""
    suffix = {"word": "docx", "workbook": "xlsx"}[drawer]
    made = replace(lot, name=f"{lot.name} {suffix}")
    for name, form in lot.of(Form).items():
        options = {"column": result_column(form)} if drawer == "word" else {}
        paper = replace(form, drawer=drawer, options=options)
        made = made.without(name).with_file(name.replace("pdf", suffix), paper)
    return made


@cache
def passing() -> tuple[Lot, ...]:
    """Give the lots whose verdict is PASS."""
    tables = [in_form(*made, form) for made in _tables() for form in _SUFFIXES]
    of_papers = [sample(name) for name in PASSING]
    cord = _captured("HPCC-2026-0004", _cord_blood)
    office = [
        *(_in_office(cord, drawer) for drawer in ("word", "workbook")),
        _in_office(sample("HPCA-2026-0007"), "word"),
        _in_office(sample("SVF-2026-0042"), "workbook"),
    ]
    return (*of_papers, cord, *office, *tables)


@cache
def conditional() -> tuple[Lot, ...]:
    """Give the lots whose verdict is CONDITIONAL: their final culture still runs."""
    running = [_waiting(*made) for made in _tables() if made[0]["product"] in STAGED]
    early = [sample(name) for name in WAITING]
    return (*early, *(_in_office(lot, "word") for lot in early), *running)
