"""YAML: text and nothing else, and no file that ends the program or never ends itself."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qcvalidate.catalogue import LARGEST_YAML, load_yaml, open_catalogue
from qcvalidate.errors import SpecificationError, UsageError

LEVELS = "".join(f"{name}: &{name} [{before}]\n" for name, before in
                 [("a", "x, x"), ("b", "*a, *a"), ("c", "*b, *b")])  # fmt: skip


def read(folder: Path, text: str) -> object:
    path = folder / "a.yaml"
    path.write_bytes(text.encode())
    return load_yaml(path)[0]


def test_every_scalar_stays_text(tmp_path: Path) -> None:
    text = "a: 0x12\nb: 012\nc: no\nd: 12:30:45\ne: 1_000\nf: 2026-01-01\ng: 'null'\nh: \"\"\n<<: x"

    assert read(tmp_path, text) == {
        **{"a": "0x12", "b": "012", "c": "no", "d": "12:30:45", "e": "1_000", "f": "2026-01-01"},
        **{"g": "null", "h": "", "<<": "x"},
    }


def test_a_value_left_out_is_none(tmp_path: Path) -> None:
    assert read(tmp_path, "a:\nb: ~\nc: null\nd: [x, {e: }]\n") == {
        **{"a": None, "b": None, "c": None, "d": ["x", {"e": None}]}
    }


def test_a_block_of_text_is_folded(tmp_path: Path) -> None:
    assert read(tmp_path, "\ufeffa: >-\n  one\n  two\n") == {"a": "one two"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x: 1\na: " + "[" * 100_000 + "]" * 100_000, "line 2: lies more than 32 levels deep"),
        ("a: " + "{a: " * 900 + "}" * 900, "line 1: lies more than 32 levels deep"),
        (LEVELS, "line 1: anchors"),
        ("a: &a [*a]\n", "line 1: anchors"),
        ("x: 1\ny: &x\n  <<: *x\n", "line 2: anchors"),
        ("x: 1\na: *b\n", "line 2: anchors"),
        ("a: !!int abc\n", "line 1: tags"),
        ("a: !!timestamp foo\n", "line 1: tags"),
        ("a: !!bool true\n", "line 1: tags"),
        ("a: !mine {b: c}\n", "line 1: tags"),
        ("a: !!python/object/apply:os.system [ls]\n", "line 1: tags"),
        ("a: ! b\n", "line 1: tags"),
        ("a: b\n? [a, b]\n: c\n", "line 2: a key must be text"),
        ("a: b\n{a: b}: c\n", "line 2: a key must be text"),
        ("null: b\n", "line 1: a key must be text"),
        ("a: b\nc: d\na: e\n", "line 3: the key 'a' stands twice"),
        ("a: b\n---\na: c\n", "line 2: a second document"),
        ("a: [b\n", "line 2"),
        ("a: \0\n", "is not YAML"),
        (f"'{'k' * 500}': 1\n'{'k' * 500}': 2\n", f"{'k' * 80}'... stands twice"),
    ],
)
def test_what_no_setting_needs_is_refused_with_its_line(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(SpecificationError) as refused:
        read(tmp_path, text)

    assert said in str(refused.value)
    assert len(str(refused.value)) < len(str(tmp_path)) + 250


def test_many_keys_are_read_quickly(tmp_path: Path) -> None:
    content = read(tmp_path, "".join(f"k{n}: 1\n" for n in range(60_000)))

    assert isinstance(content, dict)
    assert len(content) == 60_000


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "a.yaml").open("wb") as stream:
        stream.truncate(LARGEST_YAML + 1)

    with pytest.raises(SpecificationError, match="at most 1,000,000"):
        load_yaml(tmp_path / "a.yaml")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no named pipes")
def test_a_pipe_and_a_device_are_refused_unopened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.yaml")
    (tmp_path / "b.yaml").symlink_to("/dev/zero")

    for name in ("a.yaml", "b.yaml"):
        with pytest.raises(SpecificationError, match="and not a file"):
            load_yaml(tmp_path / name)


def test_the_users_file_comes_before_ours(tmp_path: Path) -> None:
    mine = tmp_path / "specifications" / "bmac-same-day.yaml"
    mine.parent.mkdir()
    mine.write_text("id: bmac-same-day\n")

    assert mine in list(open_catalogue(tmp_path).files("specifications"))


def test_a_folder_without_schemas_is_not_taken_for_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="laid out like schemas/"):
        open_catalogue(tmp_path)


@pytest.mark.parametrize("name", ["bmac-same-day.yml", "bmac-same-day.YAML"])
def test_ours_never_stands_in_for_the_users_own_in_silence(tmp_path: Path, name: str) -> None:
    (tmp_path / "specifications").mkdir()
    (tmp_path / "specifications" / name).write_text("id: bmac-same-day\n")

    with pytest.raises(UsageError, match="is not read under this name"):
        list(open_catalogue(tmp_path).files("specifications"))
