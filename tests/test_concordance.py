"""Raw events against what was reported of them."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from qcvalidate.catalogue import open_catalogue
from qcvalidate.cli.check import command
from qcvalidate.concordance import concordance
from qcvalidate.cytometry import gate, read_fcs
from qcvalidate.cytometry.acquisition import acquisition
from qcvalidate.cytometry.importing import import_strategy
from qcvalidate.documents import open_document
from qcvalidate.errors import SpecificationError
from qcvalidate.frames import Observation, Population, observations, populations
from qcvalidate.manifest import Manifest
from qcvalidate.readers import Context, read_document
from qcvalidate.record import Acquisition, Finding, Place, Record, Reported, Severity, Share, Source
from qcvalidate.specification import find_specification, load_specification
from qcvalidate.vocabulary import load_vocabulary

LOT = "SVF-2026-0042"
RAW = f"{LOT}/flow/{LOT}-FP.fcs"
ALL, CELLS = ("Cells",), ("Cells", "Singlets")
VIABLE = (*CELLS, "Viable")
COUNTED = {
    ALL: 17672,
    CELLS: 16407,
    VIABLE: 14477,
    (*VIABLE, "CD34+"): 8408,
    (*VIABLE, "CD31+"): 1724,
    (*VIABLE, "CD45+"): 4398,
}


def checked(lot: Path, *options: str) -> dict[str, Any]:
    done = CliRunner().invoke(command, [str(lot), *options, "--format", "json"])
    found: dict[str, Any] = json.loads(done.stdout)["lots"][0]
    return found


def told(found: dict[str, Any], slug: str) -> list[str]:
    return [one["message"] for one in found["findings"] if one["slug"] == slug]


def table(counts: dict[tuple[str, ...], int], total: int = 21000, name: str = RAW[14:]) -> str:
    """Write a FlowJo table of one sample."""
    headings = ["Count", *(f"{'/'.join(path)} | Count" for path in counts)]
    row = [name.rpartition("/")[2], str(total), *(str(count) for count in counts.values())]
    return f",{','.join(headings)}\n{','.join(row)}\n"


@pytest.fixture
def svf(samples: Path, tmp_path: Path) -> Path:
    lot = tmp_path / LOT
    shutil.copytree(samples / LOT, lot)
    with (lot / "lot.yaml").open("a", encoding="utf-8") as manifest:
        manifest.write(f"samples: [{LOT}-FP]\n")
    return lot


def test_what_agrees_is_told_and_the_recomputed_one_judges(svf: Path) -> None:
    (svf / "table.csv").write_text(table(COUNTED), encoding="utf-8")

    found = checked(svf)

    assert found["verdict"] == "PASS"
    assert told(found, "counts-disagree") == []
    assert len(told(found, "counts-agree")) == 1
    cd34 = next(one for one in found["criteria"] if one["id"] == "cd34_positive")
    assert [one["path"] for one in cd34["evidence"]] == [RAW, f"{LOT}/table.csv"]


# A name without its parents has its place by its counts: 14477 of 16407 are 88.24 %, and
# 15200 of them 92.64 %.
@pytest.mark.parametrize(
    ("viable", "verdict", "slug"),
    [("14477,88.24", "PASS", "counts-agree"), ("15200,92.64", "HOLD", "counts-disagree")],
)
def test_an_export_that_names_no_parents_is_held_against_its_file(
    svf: Path, viable: str, verdict: str, slug: str
) -> None:
    head = (
        "Tube Name:,All Events Events,Cells Events,Cells % Parent,Singlets Events,"
        "Singlets % Parent,Viable Events,Viable % Parent"
    )
    row = f"{LOT}-FP,21000,17672,84.15,16407,92.84,{viable}"
    (svf / "tubes.csv").write_text(f"Experiment Name:,E\n\n{head}\n{row}\n", encoding="utf-8")

    found = checked(svf)

    assert found["verdict"] == verdict
    assert "Cells/Singlets/Viable" in told(found, slug)[0] or verdict == "PASS"


# 0.5 % of 14477 are 72 events, and of 1724 they are 8.
@pytest.mark.parametrize(
    ("path", "count", "verdict"),
    [
        (VIABLE, 14477 + 72, "PASS"),
        (VIABLE, 14477 - 72, "PASS"),
        (VIABLE, 14477 + 73, "HOLD"),
        (VIABLE, 14477 - 73, "HOLD"),
        ((*VIABLE, "CD31+"), 1724 + 8, "PASS"),
        ((*VIABLE, "CD31+"), 1724 + 9, "HOLD"),
    ],
)
def test_the_tolerance_is_a_share_of_the_population(
    svf: Path, path: tuple[str, ...], count: int, verdict: str
) -> None:
    (svf / "table.csv").write_text(table({**COUNTED, path: count}), encoding="utf-8")

    found = checked(svf)

    assert found["verdict"] == verdict
    assert bool(told(found, "counts-disagree")) is (verdict == "HOLD")


def test_a_disagreement_names_population_counts_files_and_cause(svf: Path) -> None:
    wrong = {**COUNTED, VIABLE: 15200}
    (svf / "table.csv").write_text(table(wrong), encoding="utf-8")

    (message,) = told(checked(svf), "counts-disagree")

    for word in ("table.csv", "Cells/Singlets/Viable", "15200", RAW[14:], "14477", "other gates"):
        assert word in message


# The raw events give 88.24 % (14477 of 16407). The good number may stand on either side, and
# within the tolerance of the other.
@pytest.mark.parametrize(
    ("limit", "reported"), [("70", 9844), ("95", 16000), ("88.2", 14440), ("88.3", 14520)]
)
def test_two_numbers_astride_a_limit_are_no_pass(
    svf: Path, tmp_path: Path, limit: str, reported: int
) -> None:
    shipped = next(
        one for one in open_catalogue().files("specifications") if one.stem == "svf-same-day"
    )
    own = tmp_path / "svf-same-day.yaml"
    text = shipped.read_text("utf-8")
    text = text.replace('accept: {at_least: "70"}\n    alert: {at_least: "75"}',
                        f'accept: {{at_least: "{limit}"}}', 1)  # fmt: skip
    assert f'"{limit}"' in text
    own.write_text(text, encoding="utf-8")
    counts = (svf / "counts.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in counts if ";viability;" not in line]
    (svf / "counts.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    (svf / "table.csv").write_text(table({CELLS: 16407, VIABLE: reported}), encoding="utf-8")

    assert checked(svf, "--spec", str(own))["verdict"] in ("HOLD", "FAIL")


def test_a_reported_row_need_not_bring_what_the_recomputed_one_brings(svf: Path) -> None:
    """Of a share without counts nobody knows the events; those of the raw file are enough."""
    heading = "Cells/Singlets/Viable | Freq. of Parent (%)"
    text = f",Count,{heading}\n{LOT}-FP.fcs,21000,88.2\n"
    (svf / "table.csv").write_text(text, encoding="utf-8")

    found = checked(svf)

    assert found["verdict"] == "PASS"


def test_another_number_of_events_is_another_file(svf: Path) -> None:
    (svf / "table.csv").write_text(table(COUNTED, total=20000), encoding="utf-8")

    found = checked(svf)

    assert found["verdict"] == "HOLD"
    (message,) = told(found, "analysis-of-other-file")
    assert "20000" in message
    assert "21000" in message


def test_a_certificate_of_other_percentages_holds(svf: Path) -> None:
    with (svf / "counts.csv").open(encoding="utf-8") as stream:
        header = stream.readline().strip().split(";")
    values = {"lot": LOT, "test": "cd34_positive", "result": "61,3", "unit": "%"}
    row = ";".join(values.get(name, "") for name in header)
    (svf / "more.csv").write_text(f"{';'.join(header)}\n{row}\n", encoding="utf-8")

    found = checked(svf)

    assert found["verdict"] == "HOLD"
    (message,) = told(found, "counts-disagree")
    assert "61,3" in message
    assert "8408 of 14477" in message


def test_a_specification_may_not_allow_everything(tmp_path: Path) -> None:
    catalogue = open_catalogue()
    shipped = next(one for one in catalogue.files("specifications") if one.stem == "svf-same-day")
    own = tmp_path / "svf-same-day.yaml"
    own.write_text(shipped.read_text("utf-8") + '\ncount_tolerance: "9"\n', encoding="utf-8")

    with pytest.raises(SpecificationError, match="count_tolerance 9 % is above 5 %"):
        load_specification(own, catalogue, load_vocabulary(catalogue))


# --- the same in values ----------------------------------------------------------------------


def raw(file: Acquisition, counts: dict[tuple[str, ...], int] = COUNTED) -> Record:
    rows = [
        Population(
            id="/".join(path), path=path, parent=None, count=count, parent_count=21000,
            total=21000, percent_of_parent=count / 210, ci_low=0.0, ci_high=100.0,
        )
        for path, count in counts.items()
    ]  # fmt: skip
    source = Source(file.names[0], file.names[0], "listmode", "exports.listmode")
    return Record(source, {}, observations([]), populations=populations(rows), acquired=file)


def analysed(*reported: Reported) -> Record:
    source = Source("panel.wsp", "panel", "structured", "exports.flowjo_workspace")
    samples: dict[str, tuple[Finding, ...]] = {one.sample: () for one in reported}
    return Record(source, {}, observations([]), samples=samples, reported=reported)


def held(*records: Record, rows: tuple[Observation, ...] = ()) -> list[tuple[str, str]]:
    catalogue = open_catalogue()
    vocabulary = load_vocabulary(catalogue)
    specification = find_specification("svf-same-day", catalogue, vocabulary)
    assert specification is not None
    manifest = Manifest(lot=LOT, samples=("one", "two"))
    found = concordance(list(records), rows, manifest, specification, vocabulary)
    return [(one.slug, one.message) for one in found.findings]


PLACE = Place("panel.wsp", region="one")
DAY = dt.datetime(2026, 6, 17, 12, 0)
FILE = Acquisition(("one.fcs",), "aaaa", 21000, DAY)


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        (Acquisition(("one.fcs",), "bbbb", 21000, DAY), "GUID is bbbb"),
        (Acquisition(("one.fcs",), "aaaa", 20999, DAY), "20999 events"),
        (Acquisition(("one.fcs",), "aaaa", 21000, DAY + dt.timedelta(days=1)), "2026-06-18"),
    ],
)
def test_each_mismatch_of_the_file_is_named(origin: Acquisition, words: str) -> None:
    one = Reported("one", VIABLE, PLACE, 14477, origin=origin)

    ((slug, message),) = held(raw(FILE), analysed(one))

    assert slug == "analysis-of-other-file"
    assert words in message


def test_each_sample_is_held_against_its_own_file() -> None:
    other = {path: count // 2 for path, count in COUNTED.items()}
    second = Acquisition(("two.fcs",), "cccc", 21000, DAY)
    export = analysed(
        Reported("one", VIABLE, PLACE, 14477), Reported("two", VIABLE, PLACE, 14477 // 2)
    )

    found = held(raw(second, other), raw(FILE), export)

    assert [slug for slug, _ in found] == ["counts-agree", "counts-agree"]


def test_a_count_that_was_never_computed_is_no_disagreement() -> None:
    ((slug, _),) = held(raw(FILE), analysed(Reported("one", VIABLE, PLACE, None)))

    assert slug == "counts-not-compared"


@pytest.mark.parametrize(
    ("percent", "of", "slug", "words"),
    [
        ("88.2", CELLS, "counts-agree", ""),  # 88.237 %
        ("88.7", CELLS, "counts-agree", ""),  # 0.5 % of it more are 88.678 %
        ("88.8", CELLS, "counts-disagree", "bins"),
        ("81.9", CELLS, "counts-disagree", "another parent: it is the share of “Cells”"),
        ("50.0", CELLS, "counts-disagree", "other gates"),
    ],
)
def test_a_share_without_counts_is_held_too(
    percent: str, of: tuple[str, ...], slug: str, words: str
) -> None:
    share = Share(of, Decimal(percent), f"{percent} %")

    ((found, message),) = held(raw(FILE), analysed(Reported("one", VIABLE, PLACE, None, (share,))))

    assert found == slug
    assert words in message


def test_what_lies_in_a_population_that_differs_is_not_told_again() -> None:
    export = analysed(
        Reported("one", VIABLE, PLACE, 12000), Reported("one", (*VIABLE, "CD34+"), PLACE, 7000)
    )

    ((slug, message),) = held(raw(FILE), export)

    assert slug == "counts-disagree"
    assert "12000" in message


def test_a_file_gated_without_compensation_is_a_likely_cause() -> None:
    bare = Finding("uncompensated", Severity.INFORMATION, "", Place("one.fcs"))
    record = raw(FILE)
    record = Record(
        record.source, {}, record.observations, (bare,), record.populations, acquired=FILE
    )

    ((_, message),) = held(record, analysed(Reported("one", VIABLE, PLACE, 9000)))

    assert "another compensation" in message


@pytest.mark.corpus
def test_a_real_workspace_agrees_with_its_real_file(corpus: Path) -> None:
    folder = corpus / "cytometry/SofieVG+FlowSOM/inst/extdata"
    workspace = open_document(folder / "gating.wsp")
    gates = import_strategy((folder / "gating.wsp").read_bytes(), "gating.wsp").strategy
    (tube,) = read_fcs(folder / "68983.fcs")
    source = Source("68983.fcs", "fcs", "listmode", "exports.listmode")
    counted = Record(
        source, {}, observations([]), populations=gate(tube, gates), acquired=acquisition(tube)
    )
    catalogue = open_catalogue()
    vocabulary = load_vocabulary(catalogue)
    specification = find_specification("svf-same-day", catalogue, vocabulary)
    assert specification is not None
    context = Context(vocabulary, Manifest().locale)
    manifest = Manifest(lot=LOT, samples=("68983",))

    found = concordance(
        [read_document(workspace, context), counted], (), manifest, specification, vocabulary
    )

    (finding,) = found.findings
    assert finding.slug == "counts-agree", finding.message
