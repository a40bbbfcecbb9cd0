"""What a cache gives is what was kept, or nothing: never another verdict."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from lots import TODAY, criterion, manifest, row, specification, table, write_lot

from qcvalidate import __version__, cache, pipeline, reports
from qcvalidate.assessment import Assessment, ExitStatus, Run, Scope, Verdict
from qcvalidate.cache import Cache, open_cache, opened, remembered, sealed
from qcvalidate.errors import UsageError
from qcvalidate.fingerprints import take_fingerprint
from qcvalidate.pipeline import Options, assess_submission, assess_submissions, open_laboratory
from qcvalidate.record import Finding, Place, Severity, Source
from qcvalidate.submission import Submission, find_submissions

OPTIONS = Options(TODAY)
KEY, OTHER = "0a" * 32, "0a" * 31 + "0b"
BARE = Assessment(
    "L-1",
    "L-1",
    None,
    Verdict.HOLD,
    Scope.LOT,
    (),
    (Finding("lot-expired", Severity.HOLD, "too old", Place("lot.yaml")),),
    (Source("results.csv", "a" * 64, "table", "plain"),),
    TODAY,
)
LIMITS = specification(criterion("viability", "at_least: '70'", "%"))


def _silent(told: str) -> None:
    raise AssertionError(told)


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    (tmp_path / "schemas" / "specifications").mkdir(parents=True)
    (tmp_path / "schemas" / "specifications" / "mine.yaml").write_text(LIMITS)
    return tmp_path / "schemas"


@pytest.fixture
def lots(tmp_path: Path) -> Path:
    for number, result in enumerate(("92", "64", "", "88"), 1):
        name = f"L-{number}"
        files: dict[str, str | bytes] = {"results.csv": table(row("viability", result, "%"))}
        write_lot(tmp_path / "lots" / name, files)
    return tmp_path / "lots"


class Judged:
    """Assesses lots with a cache, and remembers which were judged."""

    def __init__(self, schemas: Path, folder: Path, options: Options = OPTIONS) -> None:
        self.laboratory = open_laboratory(schemas)
        self.options = options
        found = open_cache(folder, _silent)
        assert found is not None
        self.cache = found
        self.judged: list[str] = []
        self.before: Callable[[Submission], object] = lambda _submission: None

    def __call__(self, *paths: Path) -> list[Assessment]:
        self.judged = []
        submissions = find_submissions(paths, self.laboratory.catalogue)
        asked = self.laboratory, self.options, self.cache, self.assess
        return list(remembered(submissions, *asked))

    def assess(self, submissions: Sequence[Submission]) -> Iterator[Assessment]:
        for one in submissions:
            self.judged.append(one.name)
            self.before(one)
            yield assess_submission(one, self.laboratory, self.options)

    def entries(self) -> list[Path]:
        return sorted(self.cache.folder.glob("*/*"))


@pytest.fixture
def judge(schemas: Path, tmp_path: Path) -> Judged:
    return Judged(schemas, tmp_path / "cache")


# ---- an entry


def test_an_entry_comes_back() -> None:
    content = sealed(BARE, KEY)

    assert content is not None
    assert opened(content, KEY) == BARE


def test_an_entry_with_any_byte_flipped_is_none() -> None:
    content = sealed(BARE, KEY)
    assert content is not None

    for at in range(len(content)):
        for flip in (0x01, 0x20, 0x80, 0xFF):
            damaged = bytearray(content)
            damaged[at] ^= flip
            assert opened(bytes(damaged), KEY) is None, at


def test_an_entry_cut_short_or_with_more_behind_it_is_none() -> None:
    content = sealed(BARE, KEY)
    assert content is not None

    assert not any(opened(content[:length], KEY) for length in range(len(content)))
    assert opened(content + b"\0", KEY) is None
    assert opened(content + content, KEY) is None


def test_an_entry_under_another_key_is_none(tmp_path: Path) -> None:
    kept = Cache(tmp_path, _silent)
    kept.keep(KEY, BARE)
    (old,) = tmp_path.glob("*/*")
    other = Path(str(old).replace(KEY, OTHER))
    other.parent.mkdir(exist_ok=True)

    shutil.copy(old, other)

    assert kept.find(KEY) == BARE
    assert kept.has(OTHER)
    assert kept.find(OTHER) is None


def test_an_entry_of_another_form_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_FORM", b"qcvalidate assessment, form 2\n")
    content = sealed(BARE, KEY)
    monkeypatch.undo()

    assert content is not None
    assert opened(content, KEY) is None


# ---- a run


def test_what_was_judged_is_not_judged_again(judge: Judged, lots: Path) -> None:
    first = judge(lots)
    assert judge.judged == ["lots/L-1", "lots/L-2", "lots/L-3", "lots/L-4"]

    second = judge(lots)

    assert judge.judged == []
    assert second == first
    assert [one.verdict.value for one in second] == ["PASS", "FAIL", "HOLD", "PASS"]


def test_hits_and_misses_come_in_order(judge: Judged, lots: Path) -> None:
    judge(lots / "L-2", lots / "L-4")

    found = judge(lots / "L-1", lots / "L-2", lots / "L-3", lots / "L-4")

    assert [one.path for one in found] == ["L-1", "L-2", "L-3", "L-4"]
    assert judge.judged == ["L-1", "L-3"]


def test_a_changed_lot_is_judged_again_and_alone(judge: Judged, lots: Path) -> None:
    judge(lots)

    (lots / "L-4" / "results.csv").write_text(table(row("viability", "12", "%")))
    found = judge(lots)

    assert judge.judged == ["lots/L-4"]
    assert found[3].verdict is Verdict.FAIL


def test_a_lot_that_changes_while_those_before_it_are_judged_is_judged_again(
    judge: Judged, lots: Path
) -> None:
    judge(lots / "L-4")

    def change(_submission: Submission) -> None:
        (lots / "L-4" / "results.csv").write_text(table(row("viability", "12", "%")))

    judge.before = change
    found = judge(lots / "L-1", lots / "L-4")

    assert judge.judged == ["L-1", "L-4"]
    assert [one.verdict for one in found] == [Verdict.PASS, Verdict.FAIL]


def test_another_limit_judges_all_anew(judge: Judged, schemas: Path, lots: Path) -> None:
    judge(lots)

    harder = specification(criterion("viability", "at_least: '90'", "%"))
    (schemas / "specifications" / "mine.yaml").write_text(harder)
    again = Judged(schemas, judge.cache.folder)

    assert [one.verdict.value for one in again(lots)] == ["PASS", "FAIL", "HOLD", "FAIL"]


def test_the_next_day_judges_anew(judge: Judged, schemas: Path, lots: Path) -> None:
    judge(lots)

    later = Judged(schemas, judge.cache.folder, replace(OPTIONS, today=TODAY + dt.timedelta(1)))
    later(lots)

    assert len(later.judged) == 4


def test_a_damaged_entry_is_judged_again_and_mended(judge: Judged, lots: Path) -> None:
    first = judge(lots)
    for entry in judge.entries():
        content = bytearray(entry.read_bytes())
        content[-5] ^= 4
        entry.write_bytes(content)

    assert judge(lots) == first
    assert len(judge.judged) == 4
    assert judge(lots) == first
    assert judge.judged == []


def test_a_verdict_that_its_own_outcomes_do_not_give_is_not_believed(
    judge: Judged, lots: Path
) -> None:
    (right,) = judge(lots / "L-2")
    (submission,) = find_submissions([lots / "L-2"], judge.laboratory.catalogue)
    taken = take_fingerprint(submission, judge.laboratory, OPTIONS)
    assert taken is not None

    forged = replace(right, verdict=Verdict.PASS, exit_status=ExitStatus.PASS)
    judge.cache.keep(taken.key, forged)

    assert judge(lots / "L-2") == [right]
    assert judge.judged == ["L-2"]


def test_an_exit_status_that_the_verdict_does_not_give_is_not_believed(
    judge: Judged, lots: Path
) -> None:
    (right,) = judge(lots / "L-2")
    (submission,) = find_submissions([lots / "L-2"], judge.laboratory.catalogue)
    taken = take_fingerprint(submission, judge.laboratory, OPTIONS)
    assert taken is not None

    judge.cache.keep(taken.key, replace(right, exit_status=ExitStatus.PASS))

    assert judge(lots / "L-2") == [right]


def test_an_assessment_of_another_lot_under_this_ones_key_is_not_believed(
    judge: Judged, lots: Path
) -> None:
    (passing,) = judge(lots / "L-1")
    (submission,) = find_submissions([lots / "L-2"], judge.laboratory.catalogue)
    taken = take_fingerprint(submission, judge.laboratory, OPTIONS)
    assert taken is not None

    for forged in (passing, replace(passing, path="L-2")):
        judge.cache.keep(taken.key, forged)
        assert judge(lots / "L-2")[0].verdict is Verdict.FAIL


def test_samples_are_reported_in_the_same_bytes(
    samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(samples.parent)
    laboratory = open_laboratory()
    kept = open_cache(tmp_path, _silent)
    submissions = find_submissions([Path(samples.name)], laboratory.catalogue)
    asked = submissions, laboratory, OPTIONS
    first = tuple(assess_submissions(*asked, kept))
    assert len(list(tmp_path.glob("*/*"))) == len(first) >= 11

    def bug(*_given: object) -> Assessment:
        raise AssertionError("a lot was judged again")

    monkeypatch.setattr(pipeline, "assess_submission", bug)
    second = tuple(assess_submissions(*asked, kept))

    runs = [Run(TODAY, __version__, found) for found in (first, second)]
    for kind in reports.formats():
        try:
            reports.refuse_unavailable(kind)
        except UsageError:
            continue
        one, other = (reports.render(kind, run) for run in runs)
        assert one == other, kind


def test_where_the_program_runs_is_told_anew(
    judge: Judged, lots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = find_submissions([lots], judge.laboratory.catalogue), judge.laboratory, OPTIONS

    monkeypatch.chdir(lots.parent)
    first = [one.folder for one in assess_submissions(*asked, judge.cache)]
    monkeypatch.chdir(lots)
    second = [one.folder for one in assess_submissions(*asked, judge.cache)]

    assert first[0] == "lots/L-1"
    assert second[0] == "L-1"


def test_pandera_switched_off_is_refused_though_all_is_remembered(
    judge: Judged, lots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = find_submissions([lots], judge.laboratory.catalogue), judge.laboratory, OPTIONS
    assert len(list(assess_submissions(*asked, judge.cache))) == 4
    monkeypatch.setenv("PANDERA_VALIDATION_ENABLED", "False")

    with pytest.raises(UsageError, match="PANDERA_VALIDATION_ENABLED"):
        next(assess_submissions(*asked, judge.cache))


# ---- what is not kept


def _kept(judge: Judged, lot: Path) -> bool:
    judge(lot)
    before = len(judge.entries())
    judge(lot)
    return before == 1 and judge.judged == []


def test_a_lot_with_a_paper_that_was_not_read_is_not_kept(judge: Judged, lots: Path) -> None:
    (lots / "L-1" / "broken.pdf").write_bytes(b"%PDF-1.4 and no more")

    assert not _kept(judge, lots / "L-1")


@pytest.mark.parametrize("text", [manifest("unheard-of"), "lot: [", manifest() + "ignore: [x]\n"])
def test_a_lot_that_could_not_be_judged_is_not_kept(text: str, judge: Judged, lots: Path) -> None:
    (lots / "L-1" / "lot.yaml").write_text(text)

    assert not _kept(judge, lots / "L-1")


def test_a_lot_whose_waivers_cannot_be_read_is_not_kept(judge: Judged, lots: Path) -> None:
    (lots / "L-1" / "waivers.yaml").write_text("no list")

    assert not _kept(judge, lots / "L-1")


def test_a_lot_is_not_kept_when_a_paper_changed_before_it_was_read(
    judge: Judged, lots: Path
) -> None:
    paper = lots / "L-1" / "results.csv"
    old, times = paper.read_bytes(), paper.stat()

    def change(_submission: Submission) -> None:
        paper.write_text(table(row("viability", "12", "%")))

    judge.before = change
    assert judge(lots / "L-1")[0].verdict is Verdict.FAIL
    assert judge.entries() == []

    # As it was when it was hashed, down to its times.
    paper.write_bytes(old)
    os.utime(paper, ns=(times.st_atime_ns, times.st_mtime_ns))
    judge.before = lambda _submission: None
    assert judge(lots / "L-1")[0].verdict is Verdict.PASS


def test_a_lot_is_not_kept_when_a_paper_was_another_only_while_it_was_read(
    judge: Judged, lots: Path
) -> None:
    paper = lots / "L-1" / "results.csv"
    old = paper.read_bytes()

    def assess(asked: Sequence[Submission]) -> Iterator[Assessment]:
        for one in asked:
            paper.write_text(table(row("viability", "99", "%")))
            found = assess_submission(one, judge.laboratory, OPTIONS)
            paper.write_bytes(old)
            yield found

    submissions = find_submissions([lots / "L-1"], judge.laboratory.catalogue)
    list(remembered(submissions, judge.laboratory, OPTIONS, judge.cache, assess))

    assert judge.entries() == []


def test_a_lot_is_not_kept_when_a_limit_changed_meanwhile(
    judge: Judged, schemas: Path, lots: Path
) -> None:
    softer = specification(criterion("viability", "at_least: '10'", "%"))

    def change(_submission: Submission) -> None:
        (schemas / "specifications" / "mine.yaml").write_text(softer)

    judge.before = change
    judge(lots / "L-2")

    assert judge.entries() == []


@pytest.mark.parametrize(("day", "is_kept"), [(0, False), (1, True)])
def test_a_signed_lot_judged_for_today_is_not_kept(
    day: int, is_kept: bool, samples: Path, schemas: Path, tmp_path: Path
) -> None:
    pytest.importorskip("pyhanko", reason="pip install 'qcvalidate[sign]' to test signatures")
    import signing  # noqa: PLC0415 - pyhanko

    lot = tmp_path / "lot"
    shutil.copytree(samples / "MSC-2026-0018", lot)
    paper = next(lot.glob("*.pdf"))
    root = signing.authority()
    paper.write_bytes(signing.signed(paper.read_bytes(), signing.person(root)))
    today = dt.datetime.now(dt.UTC).date() - dt.timedelta(day)
    judge = Judged(schemas, tmp_path / "cache", replace(OPTIONS, as_of=today))

    (found,) = judge(lot)

    assert any(one.slug.startswith("signature-") for one in found.findings)
    assert (len(judge.entries()) == 1) is is_kept


# ---- the folder


def test_what_was_not_asked_for_the_longest_goes_first(tmp_path: Path) -> None:
    kept = Cache(tmp_path, _silent)
    keys = [f"{number:064x}" for number in range(8)]
    for at, key in enumerate(keys):
        kept.keep(key, BARE)
        os.utime(kept._path(key), (at, at))
    size = kept._path(keys[0]).stat().st_size
    assert kept.find(keys[0]) == BARE

    small = Cache(tmp_path, _silent, largest=6 * size)
    small.keep(f"{9:064x}", BARE)

    left = [key for key in keys if small.has(key)]
    assert left == [keys[0], *keys[5:]]
    assert sum(path.stat().st_size for path in tmp_path.glob("*/*")) <= 6 * size


def test_it_stays_within_its_size(tmp_path: Path) -> None:
    one = sealed(BARE, KEY)
    assert one is not None
    small = Cache(tmp_path, _silent, largest=5 * len(one) + 10)

    for number in range(40):
        small.keep(f"{number:064x}", BARE)
        assert sum(path.stat().st_size for path in tmp_path.glob("*/*")) <= small.largest

    assert small.find(f"{39:064x}") == BARE


def test_one_that_is_larger_than_all_is_not_kept(tmp_path: Path) -> None:
    small = Cache(tmp_path, _silent, largest=100)

    small.keep(KEY, BARE)

    assert not list(tmp_path.glob("*/*"))


def test_what_others_keep_in_the_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "0a").mkdir()
    theirs = [tmp_path / "note.txt", tmp_path / "0a" / "note.txt"]
    for path in theirs:
        path.write_text("mine" * 1000)
    forgotten = tmp_path / "0a" / f".{OTHER}.assessment.x1"
    forgotten.write_text("half")
    os.utime(forgotten, (1, 1))

    Cache(tmp_path, _silent, largest=1500).keep(KEY, BARE)

    assert all(path.exists() for path in theirs)
    assert not forgotten.exists()


def test_a_folder_that_cannot_be_is_told_once_and_the_run_goes_on(
    schemas: Path, lots: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    told: list[str] = []
    laboratory = open_laboratory(schemas)
    submissions = find_submissions([lots], laboratory.catalogue)

    kept = open_cache(tmp_path / "file" / "cache", told.append)
    found = list(assess_submissions(submissions, laboratory, OPTIONS, kept))

    assert [one.verdict.value for one in found] == ["PASS", "FAIL", "HOLD", "PASS"]
    assert len(told) == 1
    assert "the cache cannot be used (Not a directory)" in told[0]


@pytest.mark.skipif(os.name != "posix", reason="limits and modes of POSIX")
def test_a_full_disk_is_told_once_and_the_run_goes_on(
    schemas: Path, lots: Path, tmp_path: Path
) -> None:
    # No file may grow beyond a few bytes: what a disk that is full does, too.
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))\n"
        "sys.argv[0] = 'qcvalidate'; from qcvalidate.__main__ import main; main()"
    )
    done = subprocess.run(
        [
            *(sys.executable, "-B", "-c", code, "check", lots, "--schemas", schemas),
            *("--cache", tmp_path / "cache", "--as-of", TODAY.isoformat(), "--quiet"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.count("the cache cannot be used") == 1
    assert "4 lots: 2 pass, 1 fail, 1 hold" in done.stdout
    assert not list((tmp_path / "cache").glob("*/*"))


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_a_folder_that_everybody_may_write_to_is_not_believed(tmp_path: Path) -> None:
    told: list[str] = []
    Cache(tmp_path, _silent).keep(KEY, BARE)
    tmp_path.chmod(0o777)

    assert open_cache(tmp_path, told.append) is None
    assert len(told) == 1
    assert "everybody may write to it" in told[0]


_WRITER = """
import sys
from pathlib import Path
import test_cache as tests
from qcvalidate.cache import Cache

def fail(told):
    raise AssertionError(told)

kept = Cache(Path(sys.argv[1]), fail, largest=int(sys.argv[2]))
for turn in range(60):
    for number in range(6):
        key = f"{number:064x}"
        kept.keep(key, tests.BARE)
        assert kept.find(key) in (None, tests.BARE)
"""


def test_two_that_write_and_read_at_once_harm_nothing(tmp_path: Path) -> None:
    one = sealed(BARE, KEY)
    assert one is not None
    # Smaller than all that they write, so that each takes away what the other reads.
    command = [sys.executable, "-c", _WRITER, tmp_path / "cache", str(4 * len(one))]
    here = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])

    both = [
        subprocess.Popen(command, env={**os.environ, "PYTHONPATH": here}, stderr=subprocess.PIPE)
        for _ in range(2)
    ]

    for process in both:
        _, said = process.communicate()
        assert process.returncode == 0, said.decode()
    for path in (tmp_path / "cache").glob("*/*"):
        assert opened(path.read_bytes(), path.stem) == BARE
