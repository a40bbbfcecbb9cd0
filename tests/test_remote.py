"""Lots in an object store: a real S3 server, and nothing judged that did not arrive whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from clusters import cluster
from lots import LABORATORY, TODAY, criterion, manifest, row, slugs, specification, table, write_lot
from stores import s3_server

from qcvalidate import remote
from qcvalidate.assessment import Assessment, Run, Verdict
from qcvalidate.errors import UsageError
from qcvalidate.pipeline import Options, assess_paths, assess_submissions
from qcvalidate.remote import find_stored
from qcvalidate.reports import jsonl
from qcvalidate.submission import Submission
from qcvalidate.urls import Url, place

NEEDED = "not installed: pip install 'qcvalidate[test]'"
s3fs = pytest.importorskip("s3fs", reason=NEEDED)
boto3 = pytest.importorskip("boto3", reason=NEEDED)
pytest.importorskip("moto", reason=NEEDED)
pytest.importorskip("flask_cors", reason=NEEDED)

VIABILITY = specification(criterion("viability", "at_least: '70'", "%"))
LOTS = Url("s3://bucket/in/lots")


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    """Give what a program must find in its environment to talk to the server."""
    with s3_server() as address:
        yield {
            "AWS_ENDPOINT_URL": address,
            "AWS_ACCESS_KEY_ID": "of-nobody",
            "AWS_SECRET_ACCESS_KEY": "of-nobody",
            "AWS_DEFAULT_REGION": "eu-central-1",
        }


@pytest.fixture
def bucket(server: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give a client of an empty bucket."""
    for name, value in server.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3")
    place = {"LocationConstraint": "eu-central-1"}
    client.create_bucket(Bucket="bucket", CreateBucketConfiguration=place)
    yield client
    for one in client.list_objects_v2(Bucket="bucket").get("Contents", ()):
        client.delete_object(Bucket="bucket", Key=one["Key"])
    client.delete_bucket(Bucket="bucket")
    client.close()


def put(client: Any, key: str, content: bytes | str) -> None:
    client.put_object(Bucket="bucket", Key=key, Body=content)


def write_lots(folder: Path, number: int) -> tuple[Path, Options]:
    spec = folder / "mine.yaml"
    spec.write_text(VIABILITY, encoding="utf-8")
    for at in range(number):
        text = table(row("viability", "41.0" if at == 1 else "92.1", "%", lot=f"L-{at:03}"))
        lot_yaml = "lot: [" if at == 2 else manifest().replace("L-1", f"L-{at:03}")
        write_lot(folder / "lots" / f"L-{at:03}", {"flow/counts.csv": text}, lot_yaml)
    return folder / "lots", Options(TODAY, specification=str(spec))


def upload(client: Any, folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            put(client, f"in/lots/{path.relative_to(folder).as_posix()}", path.read_bytes())


def judged(options: Options) -> list[Assessment]:
    submissions = find_stored([LOTS], LABORATORY.catalogue)
    return list(assess_submissions(submissions, LABORATORY, options))


def lines(assessments: list[Assessment]) -> list[dict[str, Any]]:
    told = [json.loads(jsonl.line(Run(TODAY, "0", ()), one)) for one in assessments]
    return [json.loads(json.dumps(one).replace(f"{LOTS}/", "lots/")) for one in told]


def test_lots_in_a_store_come_out_as_on_a_disk(bucket: Any, tmp_path: Path) -> None:
    folder, options = write_lots(tmp_path, 4)
    (folder / "stray").mkdir()
    (folder / "stray" / "coa.pdf").write_bytes(b"%PDF-1.4")
    (folder / "L-003" / ".hidden.pdf").write_bytes(b"%PDF-1.4")
    upload(bucket, folder)
    # Whoever makes a folder in a console leaves such an object, and it is none.
    put(bucket, "in/lots/empty/", b"")
    put(bucket, "in/lots-of-another/lot.yaml", manifest())

    stored = judged(options)
    here = list(assess_paths([folder], LABORATORY, options))

    assert [one.path for one in stored[:2]] == [f"{LOTS}/L-000", f"{LOTS}/L-001"]
    assert [one.verdict.name for one in stored] == ["PASS", "FAIL", "HOLD", "HOLD", "HOLD"]
    for one, other in zip(lines(stored), lines(here), strict=True):
        one.pop("folder", None)
        other.pop("folder", None)
        assert one == other


def test_workers_of_a_cluster_bring_the_lots_themselves(bucket: Any, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason=NEEDED)
    folder, options = write_lots(tmp_path, 4)
    upload(bucket, folder)

    alone = judged(options)
    with cluster(tmp_path, 1, "--no-nanny") as running:
        shared = judged(replace(options, scheduler=running.address))

    assert lines(shared) == lines(alone)
    assert [one.verdict.name for one in shared] == ["PASS", "FAIL", "HOLD", "PASS"]


def test_the_command_judges_and_reports_in_the_store(
    bucket: Any, tmp_path: Path, server: dict[str, str]
) -> None:
    folder, options = write_lots(tmp_path, 2)
    upload(bucket, folder)
    report = f"jsonl:s3://bucket/out/{'r' * 5}.jsonl"
    command = [sys.executable, "-m", "qcvalidate", "check", f"{LOTS}/", "--report", report]
    environment = os.environ | server | {"PYTHONPATH": os.pathsep.join(sys.path)}

    done = subprocess.run(
        [*command, "--spec", str(options.specification), "--jobs", "2"],
        capture_output=True,
        check=False,
        env=environment,
        cwd=tmp_path,
    )

    assert (done.returncode, done.stderr) == (1, b"")
    written = bucket.get_object(Bucket="bucket", Key="out/rrrrr.jsonl")["Body"].read()
    assert [json.loads(one)["verdict"] for one in written.splitlines()] == ["PASS", "FAIL"]
    assert b"s3://bucket/in/lots/L-000" in written


def test_a_report_is_never_written_over_anothers_object(
    bucket: Any, tmp_path: Path, server: dict[str, str]
) -> None:
    folder, options = write_lots(tmp_path, 1)
    upload(bucket, folder)
    put(bucket, "out.jsonl", b'{"of": "another"}')
    command = [sys.executable, "-m", "qcvalidate", "check", LOTS, "--report"]
    environment = os.environ | server | {"PYTHONPATH": os.pathsep.join(sys.path)}

    for report in ("jsonl:s3://bucket/out.jsonl", f"jsonl:{LOTS}/L-000/out.jsonl"):
        done = subprocess.run(
            [*command, report, "--spec", str(options.specification)],
            capture_output=True,
            check=False,
            env=environment,
            cwd=tmp_path,
        )
        assert done.returncode == 2, done.stderr
    assert bucket.get_object(Bucket="bucket", Key="out.jsonl")["Body"].read().startswith(b'{"of"')


@pytest.mark.parametrize(
    "key",
    ["L-000/../../evil.csv", "L-000/./counts.csv", "L-000//counts.csv", "L-000/a\\..\\b.csv"],
)
def test_a_name_that_leaves_its_folder_holds_the_lot(bucket: Any, tmp_path: Path, key: str) -> None:
    folder, options = write_lots(tmp_path, 2)
    upload(bucket, folder)
    put(bucket, f"in/lots/{key}", b"x")

    first, second, *_ = judged(options)

    assert (first.lot, first.verdict) == ("L-000", Verdict.HOLD)
    assert "no name that a file can have" in first.findings[0].message
    assert second.verdict is Verdict.FAIL


def test_a_refused_name_outside_of_lots_does_not_go_unseen(bucket: Any, tmp_path: Path) -> None:
    folder, options = write_lots(tmp_path, 1)
    upload(bucket, folder)
    put(bucket, "in/lots/../coa.pdf", b"x")

    assert [one.verdict.name for one in judged(options)] == ["PASS", "HOLD"]


def held(options: Options, submissions: list[Submission]) -> str:
    (found,) = assess_submissions(submissions, LABORATORY, options)
    assert (found.verdict, slugs(found)) == (Verdict.HOLD, {"lot-unjudged"})
    return found.findings[0].message


def test_a_lot_that_changes_after_it_was_listed_is_held(bucket: Any, tmp_path: Path) -> None:
    folder, options = write_lots(tmp_path, 1)
    upload(bucket, folder)
    submissions = find_stored([LOTS], LABORATORY.catalogue)
    put(bucket, "in/lots/L-000/sterility.pdf", b"%PDF-1.4")

    assert "changed since the lots were looked for" in held(options, submissions)


def test_a_lot_that_changes_while_it_is_brought_is_held(
    bucket: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, options = write_lots(tmp_path, 1)
    upload(bucket, folder)
    bring = remote._brought_one

    def meanwhile(*given: Any) -> str | None:
        put(bucket, "in/lots/L-000/sterility.pdf", b"%PDF-1.4")
        return bring(*given)

    monkeypatch.setattr(remote, "_brought_one", meanwhile)

    assert "changed while it was brought" in held(
        options, find_stored([LOTS], LABORATORY.catalogue)
    )


@pytest.mark.parametrize(
    ("arrived", "told"), [(b"", "0 bytes arrived"), (None, "arrived with other bytes")]
)
def test_what_arrives_cut_or_damaged_holds_the_lot(
    bucket: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arrived: bytes | None,
    told: str,
) -> None:
    folder, options = write_lots(tmp_path, 1)
    upload(bucket, folder)
    submissions = find_stored([LOTS], LABORATORY.catalogue)
    get = s3fs.S3FileSystem._get_file

    async def damaged(self: Any, path: str, local: str, **more: Any) -> None:
        await get(self, path, local, **more)
        content = bytearray(Path(local).read_bytes())
        content[0] ^= 1
        Path(local).write_bytes(content if arrived is None else arrived)

    # A connection that is kept has the methods of before.
    s3fs.S3FileSystem.clear_instance_cache()
    monkeypatch.setattr(s3fs.S3FileSystem, "_get_file", damaged)

    assert told in held(options, submissions)
    s3fs.S3FileSystem.clear_instance_cache()


def test_a_bucket_that_is_not_there_is_told(bucket: Any) -> None:  # noqa: ARG001
    with pytest.raises(UsageError, match="s3://nowhere/lots"):
        find_stored([Url("s3://nowhere/lots")], LABORATORY.catalogue)


def test_an_address_without_lots_is_told(bucket: Any) -> None:
    put(bucket, "in/lots/notes.bin", b"x")

    with pytest.raises(UsageError, match="holds no lot"):
        find_stored([LOTS], LABORATORY.catalogue)


def test_credentials_in_an_address_are_refused_and_not_repeated() -> None:
    with pytest.raises(UsageError, match="environment") as caught:
        place("s3://key:secret@bucket/lots")

    assert "secret" not in str(caught.value)


def test_a_file_address_is_a_path() -> None:
    assert place("file:///lots/L%201") == Path("/lots/L 1")


def test_a_store_that_is_unknown_is_refused() -> None:
    with pytest.raises(UsageError, match="no store that is known"):
        place("ftp://host/lots")
