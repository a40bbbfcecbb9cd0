"""The commands as a person or a pipeline calls them: output, files, exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from lots import criterion, manifest, row, specification, table, write_lot

from qcvalidate.reports import formats

VIABILITY = specification(criterion("viability", "at_least: '70'", "%"))
GOOD = table(row("viability", "92.1", "%"))
BAD = table(row("viability", "64.2", "%"))


def run(
    *arguments: str | Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "qcvalidate", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=os.environ | {"COLUMNS": "80"} | (environment or {}),
    )


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    folder = tmp_path / "schemas" / "specifications"
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text(VIABILITY, encoding="utf-8")
    return folder.parent


@pytest.fixture
def lots(tmp_path: Path) -> Path:
    folder = tmp_path / "lots"
    write_lot(folder / "a", {"counts.csv": GOOD})
    write_lot(folder / "b", {"counts.csv": BAD})
    return folder


@pytest.mark.parametrize(("lot", "status"), [("a", 0), ("b", 1), ("", 1)])
def test_the_exit_status_is_the_worst_lots(
    lots: Path, schemas: Path, lot: str, status: int
) -> None:
    assert run("check", lots / lot, "--schemas", schemas).returncode == status


def test_a_failing_lot_says_what_where_and_why(lots: Path, schemas: Path) -> None:
    shown = run("check", lots / "b", "--schemas", schemas).stdout

    for words in (
        "FAIL",
        "301 viability-below-limit",
        "64.2 %",
        "at least 70 %",
        "counts.csv row 2",
    ):
        assert words in shown


def test_several_reports_are_written_in_one_run(lots: Path, schemas: Path, tmp_path: Path) -> None:
    done = run(
        *("check", lots, "--schemas", schemas, "--format", "json"),
        *("--report", f"html:{tmp_path / 'out' / 'report.html'}"),
        *("--report", f"json:{tmp_path / 'out' / 'report.json'}"),
    )

    assert json.loads(done.stdout)["verdict"] == "FAIL"
    assert (tmp_path / "out" / "report.json").read_text(encoding="utf-8") == done.stdout
    assert "64.2 %" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "report.html",
        "report.json",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check"], "Missing argument"),
        (["check", "nowhere"], "there is no such file or folder"),
        (["check", ".", "--format", "yaml"], "'yaml' is not one of"),
        (["check", ".", "--report", "html"], "should be FORMAT:PATH"),
        (["check", ".", "--report", "docx:x"], "'docx' is no report format"),
        (["check", ".", "--report", "json:x.pdf"], "'json' writes no PDF"),
        (["check", ".", "--report", "csv:x.PDF"], "a format that does: coa, pdf, summary"),
        (["check", ".", "--report", "pdf:x.parquet"], "a format that does: csv, observations"),
        (["check", ".", "--as-of", "30/03/2026"], "is not a date like 2026-03-30"),
        *(
            (["check", ".", "--as-of", day], "is not a date like 2026-03-30")
            for day in ("2026-W01-1", "20260407", "2026-04-07T00:00", "２０２６-04-07")
        ),
        (["check", ".", "--as-of", "0001-01-01"], "is not in the years 1990 to 2100"),
        (["check", ".", "--report", "json:x", "--report", "html:./x"], "two reports would go to"),
        (["check", ".", "--spec", "x" * 5000], "longer than any id or path"),
        (["explain", "viability-below-limt"], "viability-below-limit"),
        (["spec", "show", "bmac"], "did you mean 'bmac-same-day'?"),
    ],
)
def test_a_wrong_call_exits_with_2_and_says_what_to_write(arguments: list[str], said: str) -> None:
    done = run(*arguments)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_the_path_s_ending_chooses_the_type_of_file(
    lots: Path, schemas: Path, tmp_path: Path
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pip install 'qcvalidate[parquet]'")
    call = ("check", lots, "--schemas", schemas, "--as-of", "2026-05-20")
    reports = [
        option
        for kind in ("csv", "observations")
        for ending in ("csv", "Parquet")
        for option in ("--report", f"{kind}:{tmp_path / kind}.{ending}")
    ]

    first = run(*call, *reports, "--jobs", "1")
    made = {kind: (tmp_path / f"{kind}.Parquet").read_bytes() for kind in ("csv", "observations")}
    # A report of ours may be written over, and the number of processes leaves no trace.
    again = run(*call, *reports, "--jobs", "2")

    assert (first.returncode, again.returncode) == (1, 1), first.stderr + again.stderr
    for kind, content in made.items():
        assert (tmp_path / f"{kind}.Parquet").read_bytes() == content
        lines = (tmp_path / f"{kind}.csv").read_text(encoding="utf-8").splitlines()
        assert parquet.read_table(tmp_path / f"{kind}.Parquet").num_rows == len(lines) - 1


def test_without_the_extra_nothing_is_read(lots: Path, tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    # Stands for an environment without it.
    (hidden / "sitecustomize.py").write_text(
        "import importlib.util as known\n"
        "find = known.find_spec\n"
        "known.find_spec = lambda name, *rest: None if name == 'pyarrow' else find(name, *rest)\n"
    )
    paths = os.pathsep.join([str(hidden), *filter(None, [os.environ.get("PYTHONPATH")])])
    (lots / "a" / "lot.yaml").write_text("no manifest")

    done = run(
        *("check", lots, "--report", f"csv:{tmp_path / 'out.parquet'}"),
        environment={"PYTHONPATH": paths},
    )

    assert done.returncode == 2
    assert "pip install 'qcvalidate[parquet]'" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("name", ["lots/a/counts.csv", "lots/a/report.html", "lots/r.json"])
def test_a_report_is_never_put_among_the_papers(
    lots: Path, schemas: Path, tmp_path: Path, name: str
) -> None:
    done = run("check", lots, "--schemas", schemas, "--report", f"json:{tmp_path / name}")

    assert done.returncode == 2
    assert "write it elsewhere" in done.stderr
    assert (lots / "a" / "counts.csv").read_text() == GOOD
    assert sorted(path.name for path in (lots / "a").iterdir()) == ["counts.csv", "lot.yaml"]


def test_a_report_replaces_a_report_and_nothing_else(
    lots: Path, schemas: Path, tmp_path: Path
) -> None:
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(b"%PDF-1.7 the laboratory's")
    (tmp_path / "folder").mkdir()
    (tmp_path / "device").symlink_to("/dev/null")

    def written(kind: str, name: str) -> int:
        report = f"{kind}:{tmp_path / name}"
        return run("check", lots / "a", "--schemas", schemas, "--report", report).returncode

    assert [written("json", name) for name in ("paper.pdf", "folder", "device")] == [2, 2, 2]
    assert paper.read_bytes() == b"%PDF-1.7 the laboratory's"
    assert (tmp_path / "device").is_symlink()


def test_every_format_is_written_in_one_run_and_replaces_its_own_report(
    lots: Path, schemas: Path, tmp_path: Path
) -> None:
    wanted = [
        option
        for kind in formats()
        for option in ("--report", f"{kind}:{tmp_path / 'out' / f'report.{kind}'}")
    ]

    done = [run("check", lots / "a", "--schemas", schemas, *wanted) for _ in range(2)]

    assert [(one.returncode, one.stderr) for one in done] == [(0, "")] * 2
    assert sorted(path.suffix[1:] for path in (tmp_path / "out").iterdir()) == list(formats())


def test_a_broken_specification_is_listed_as_such(schemas: Path) -> None:
    (schemas / "specifications" / "mine.yaml").write_text("a: [")
    (schemas / "specifications" / "other.yaml").write_text("[a]")

    done = run("spec", "list", "--schemas", schemas)

    assert done.returncode == 2
    assert "mine.yaml line" in done.stderr
    assert "bmac-same-day" in done.stdout


def test_an_empty_folder_exits_with_2(tmp_path: Path) -> None:
    done = run("check", tmp_path)

    assert done.returncode == 2
    assert "holds no lot" in done.stderr


def test_a_single_document_wants_a_specification(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(GOOD)

    done = run("check", path)

    assert done.returncode == 2
    assert "--spec ID" in done.stderr


def test_a_specification_that_cannot_be_meant_exits_with_2(lots: Path, schemas: Path) -> None:
    path = schemas / "specifications" / "mine.yaml"
    path.write_text(VIABILITY.replace("at_least", "at_lest"), encoding="utf-8")

    done = run("check", lots / "a", "--schemas", schemas)
    linted = run("spec", "lint", "mine", "--schemas", schemas)

    assert done.returncode == linted.returncode == 2
    assert "unknown verb 'at_lest'" in " ".join(done.stdout.split())
    assert "unknown verb 'at_lest'" in linted.stderr


@pytest.mark.parametrize(
    "environment",
    [{"PANDERA_VALIDATION_ENABLED": "False"}, {"PANDERA_VALIDATION_DEPTH": "SCHEMA_ONLY"}],
)
def test_a_disabled_pandera_exits_with_2(
    lots: Path, schemas: Path, environment: dict[str, str]
) -> None:
    done = run("check", lots / "b", "--schemas", schemas, environment=environment)

    assert done.returncode == 2
    assert "901 pandera-disabled" in done.stderr


def test_an_unread_document_exits_with_4(tmp_path: Path, schemas: Path) -> None:
    lot = write_lot(tmp_path / "lot", {"a.fcs": b"no FCS at all " * 9, "counts.csv": GOOD})

    assert run("check", lot, "--schemas", schemas).returncode == 4
    assert run("read", lot / "a.fcs").returncode == 4


def test_a_conditional_lot_exits_with_3_or_as_allowed(tmp_path: Path, schemas: Path) -> None:
    staged = (
        VIABILITY.replace(
            "title: Mine\n",
            "title: Mine\nstaged_release: {plan: wait, requires: [viability], call: the physician,"
            " reference: SOP 1}\n",
        )
        + "  - {id: sterility, title: Sterility, test: sterility, accept: {one_of: [negative]},"
        " evidence: {min_days: '14'}, reference: SOP 1, severity: pending_allowed}\n"
    )
    (schemas / "specifications" / "mine.yaml").write_text(staged, encoding="utf-8")
    pending = row("sterility", "No growth to date", status="preliminary", started="2026-04-10")
    lot = write_lot(tmp_path / "lot", {"counts.csv": table(row("viability", "92.1", "%"), pending)})
    call = ("check", lot, "--schemas", schemas, "--as-of", "2026-04-20")

    done = run(*call)

    assert done.returncode == 3
    assert "CONDITIONAL" in done.stdout
    assert "2026-04-24" in done.stdout
    assert run(*call, "--allow-conditional").returncode == 0
    assert run(*call[:-1], "2026-04-25", "--allow-conditional").returncode == 3


def test_colour_is_for_terminals_alone(lots: Path, schemas: Path) -> None:
    assert "\x1b[" not in run("check", lots, "--schemas", schemas).stdout


def test_read_shows_values_with_their_places(lots: Path) -> None:
    done = run("read", lots / "b" / "counts.csv", "--format", "json")

    (observation,) = json.loads(done.stdout)["observations"]
    assert done.returncode == 0
    assert (observation["test"], observation["result"]) == ("viability", "64.2")
    assert observation["lower"] == observation["upper"] == 64.2
    assert "row 2" in observation["region"]


def test_explain_takes_a_code_and_a_slug() -> None:
    by_code, by_slug = run("explain", "301"), run("explain", "viability-below-limit")

    assert by_code.stdout == by_slug.stdout
    assert by_code.stdout.startswith("301 viability-below-limit")


def test_explain_takes_several_codes() -> None:
    found = run("explain", "301", "204")

    assert found.returncode == 0
    assert found.stdout.startswith("301 viability-below-limit")
    assert "\n204 lot-near-miss\n" in found.stdout


def test_spec_show_tells_what_is_judged_only_when_reported() -> None:
    words = run("spec", "show", "bmac-same-day").stdout

    endotoxin = words[words.index("\nendotoxin:") : words.index("\nendotoxin_intrathecal:")]
    gram_stain = words[words.index("\ngram_stain:") : words.index("\nendotoxin:")]
    assert "judged when a paper reports it" in endotoxin
    assert "judged when a paper reports it" not in gram_stain


def test_rules_are_listed_in_order() -> None:
    codes = [int(line.split()[0]) for line in run("rules").stdout.splitlines()]

    assert codes == sorted(codes)
    assert {203, 301, 503, 806, 901} <= set(codes)


def test_a_specification_is_copied_and_compared(schemas: Path) -> None:
    copy = schemas / "specifications" / "ours.yaml"

    made = run("spec", "new", "--from", "mine", "--output", copy, "--schemas", schemas)

    assert made.returncode == 0
    assert run("spec", "diff", "mine", "ours", "--schemas", schemas).returncode == 0
    copy.write_text(copy.read_text("utf-8").replace("'70'", "'80'"), encoding="utf-8")
    told = run("spec", "diff", "mine", "ours", "--schemas", schemas)
    assert told.returncode == 1
    assert "viability: limit raised from at least 70 % to at least 80 %: stricter" in told.stdout
    assert run("spec", "diff", "mine", "theirs", "--schemas", schemas).returncode == 2
    assert run("spec", "new", "--from", "mine", "--output", copy).returncode == 2


def test_specifications_are_listed_shown_and_linted() -> None:
    assert "bmac-same-day" in run("spec", "list").stdout
    assert (
        "viability: Viability of nucleated cells, at least 70 %"
        in run("spec", "show", "bmac-same-day").stdout
    )
    assert run("spec", "lint").returncode == 0


def test_limits_of_acquisition_and_controls_are_shown(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        "id: mine\nversion: 1.0.0\ntitle: Mine\ncriteria:\n"
        "  - {id: viability, title: Viability, test: viability, unit: '%', "
        "accept: {at_least: '70'}, reference: SOP 1, severity: blocking}\n"
        "acquisition: {min_events: '20000', instruments: [FACSLyric]}\n"
        "controls: {max_control_pct_in_gate: '2'}\n",
        encoding="utf-8",
    )

    shown = run("spec", "show", mine).stdout

    for words in ("min_events 20000", "instruments FACSLyric", "max_control_pct_in_gate 2"):
        assert words in shown


def test_a_manifest_that_names_an_unknown_product_exits_with_2(tmp_path: Path) -> None:
    lot = write_lot(tmp_path / "lot", {"counts.csv": GOOD}, manifest("bmac-sameday"))

    assert run("check", lot).returncode == 2


def test_tests_are_listed_with_their_units() -> None:
    shown = run("tests").stdout

    assert "endotoxin                     Endotoxin (EU/mL or EU/kg)" in shown
    assert "parts aerobic, anaerobic" in shown


def test_a_lot_folder_is_never_judged_in_document_scope(lots: Path, schemas: Path) -> None:
    done = run("check", lots / "a", "--schemas", schemas, "--scope", "document")

    assert done.returncode == 2
    assert "judges a single document" in done.stderr


def test_a_pdf_is_written_over_ours_and_never_over_a_laboratory_s(
    lots: Path, schemas: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.pdf"
    theirs = tmp_path / "certificate.pdf"
    theirs.write_bytes(b"%PDF-1.4\n(a certificate that mentions qcvalidate)\n%%EOF\n")

    first, second, refused = (
        run("check", lots, "--schemas", schemas, "--report", f"pdf:{path}")
        for path in (report, report, theirs)
    )

    assert (first.returncode, second.returncode) == (1, 1)
    assert report.read_bytes().startswith(b"%PDF-1.7")
    assert refused.returncode == 2
    assert "exists and is no report of qcvalidate's" in refused.stderr


def test_standard_output_gets_the_bytes_of_a_pdf(lots: Path, schemas: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "qcvalidate",
            "check",
            lots,
            "--schemas",
            schemas,
            "--format",
            "pdf",
        ],
        capture_output=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stdout.startswith(b"%PDF-1.7")
    assert done.stdout.rstrip().endswith(b"%%EOF")


def test_a_summary_and_a_certificate_are_pages_or_pdfs_as_their_names_end(
    lots: Path, schemas: Path, tmp_path: Path
) -> None:
    (schemas / "clinic.yaml").write_text("name: Example Cell Clinic (fictitious)\n")
    paths = [tmp_path / name for name in ("s.html", "s.pdf", "c.html", "c.PDF")]
    kinds = ("summary", "summary", "coa", "coa")
    asked = [f"{kind}:{path}" for kind, path in zip(kinds, paths, strict=True)]

    done = run(
        "check", lots, "--schemas", schemas, *(w for one in asked for w in ("--report", one))
    )

    assert done.returncode == 1
    starts = [path.read_bytes()[:5] for path in paths]
    assert starts == [b"<!doc", b"%PDF-", b"<!doc", b"%PDF-"]
    assert "Example Cell Clinic (fictitious)" in paths[2].read_text(encoding="utf-8")
