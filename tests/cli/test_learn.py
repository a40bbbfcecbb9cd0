from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from nonesuch import nonesuch

from qcvalidate.cli.labs import command as labs
from qcvalidate.cli.learn import command as learn
from qcvalidate.errors import QCValidateError, UsageError
from qcvalidate.pipeline import open_laboratory, read

# A form that ours does not know.
FORM = "Form NAH-F-077"


def run(folder: Path, *options: str, form: str = FORM) -> Result:
    path = folder / "certificate.pdf"
    path.write_bytes(nonesuch(form=form))
    marks = ["--laboratory", "Nonesuch Assay House", "--form", form.removeprefix("Form ")]
    return CliRunner().invoke(learn, [str(path), *marks, *options], catch_exceptions=True)


VALUES = ["--set", "lot=MSC-26-014", "--set", "date_issued=2026-05-04"]


def test_the_profile_is_shown_and_the_rest_is_told(tmp_path: Path) -> None:
    result = run(tmp_path, *VALUES)

    assert result.exit_code == 0
    assert 'lot: ["Consignment mark"]' in result.stdout
    assert "lot: not read -> MSC-26-014" in result.stderr
    assert "id: nonesuch-assay-house\n" in result.stdout


def test_it_is_written_where_the_person_says_and_never_over_another(tmp_path: Path) -> None:
    output = tmp_path / "labs" / "house.yaml"

    first = run(tmp_path, *VALUES, "--output", str(output))
    again = run(tmp_path, *VALUES, "--output", str(output))
    forced = run(tmp_path, *VALUES, "--output", str(output), "--force")

    assert (first.exit_code, forced.exit_code) == (0, 0)
    assert isinstance(again.exception, UsageError)
    assert output.read_text(encoding="utf-8").count("id: house\n") == 1


def test_nothing_is_written_while_a_value_is_not_read(tmp_path: Path) -> None:
    output = tmp_path / "house.yaml"

    result = run(tmp_path, "--set", "lot=MSC-26-015", "--output", str(output))

    assert result.exit_code == 3
    assert "NOT LEARNT" in result.stderr
    assert not output.exists()


def test_values_may_stand_in_a_file(tmp_path: Path) -> None:
    values = tmp_path / "values.yaml"
    values.write_text("lot: MSC-26-014\ndate_issued: 2026-05-04\n")

    result = run(tmp_path, "--values", str(values))

    assert result.exit_code == 0
    assert "dates: DMY" in result.stdout


def test_what_the_papers_are_recognised_by_is_the_persons_word(tmp_path: Path) -> None:
    path = tmp_path / "certificate.pdf"
    path.write_bytes(nonesuch(form=FORM))

    result = CliRunner().invoke(learn, [str(path), *VALUES])

    assert isinstance(result.exception, UsageError)
    assert "--laboratory 'NONESUCH ASSAY HOUSE'" in str(result.exception)
    assert "--form 'NAH-F-077'" in str(result.exception)


@pytest.mark.parametrize(
    "options",
    [
        ["--set", "lots=1"],
        ["--output", "house.txt"],
        ["--wording", "Broth quiet=good"],
        ["--set", "date_issued=04/05/2026"],
    ],
)
def test_a_slip_is_told(options: list[str], tmp_path: Path) -> None:
    assert isinstance(run(tmp_path, *options).exception, QCValidateError)


def test_the_profiles_are_listed_and_linted(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("id: bad\nversion: 1.0.0\nlaboratory: B\nrecognised_by: {laboratory: [a]}\n")

    listed, linted = CliRunner().invoke(labs, []), CliRunner().invoke(labs, [str(bad)])

    assert listed.exit_code == 0
    assert "nonesuch-sterility 1.0.0" in listed.stdout
    assert linted.exit_code == 2
    assert "may stand on any laboratory's paper" in linted.stderr


def test_the_readmes_example_is_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    found = re.search(r"^ {4}(qcvalidate learn theirs\.pdf .*(?:\n {8}.*)*)", readme, re.MULTILINE)
    assert found is not None
    words = shlex.split(found[1].replace("\\\n", " "))
    monkeypatch.chdir(tmp_path)
    Path("theirs.pdf").write_bytes(nonesuch(form="Form NAH-F-077"))

    result = CliRunner().invoke(learn, words[2:], catch_exceptions=False)

    assert result.exit_code == 0
    written = Path("my-schemas/labs/nonesuch.yaml").read_text(encoding="utf-8")
    assert 'left of “MSC-26-014”\n  lot: ["Consignment mark"]' in written
    linted = CliRunner().invoke(labs, ["--schemas", "my-schemas"])
    assert (linted.exit_code, "nonesuch 0.1.0" in linted.stdout) == (0, True)
    record = read(Path("theirs.pdf"), open_laboratory(Path("my-schemas")))
    assert record.stated("lot") == "MSC-26-014"
