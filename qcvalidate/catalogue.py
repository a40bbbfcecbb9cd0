"""Finds the folder `schemas/`: in the wheel, at the root of a checkout, or the user's own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from qcvalidate.errors import SpecificationError, UsageError

_PACKAGE = Path(__file__).parent


def _shipped() -> Path:
    """Give the schemas of this installation; a checkout keeps them beside the package."""
    for folder in (_PACKAGE / "schemas", _PACKAGE.parent / "schemas"):
        if (folder / "specifications").is_dir():
            return folder
    raise UsageError(
        f"{_PACKAGE}: the folder schemas/ is neither in the package nor beside it; "
        "install qcvalidate again"
    )


@dataclass(frozen=True)
class Catalogue:
    """Folders laid out like `schemas/`, the user's before ours.

    A file in an earlier folder stands in for the file of the same name in a later one.
    """

    folders: tuple[Path, ...]

    def files(self, kind: str) -> Iterator[Path]:
        """List the YAML files of one kind (`"specifications"`, `"vocabulary"`) by name."""
        found: dict[str, Path] = {}
        for folder in reversed(self.folders):
            found.update({path.name: path for path in (folder / kind).glob("*.yaml")})
        return iter(found[name] for name in sorted(found))

    def json_schema(self, name: str) -> Path:
        """Give the path of the JSON Schema `name` (`"lot"`, `"specification"`, ...)."""
        return _shipped() / f"{name}.schema.json"


def open_catalogue(user_folder: Path | None = None) -> Catalogue:
    """Open our schemas, with the user's own folder in front when one is given."""
    if user_folder is None:
        return Catalogue((_shipped(),))
    if not user_folder.is_dir():
        raise UsageError(
            f"{user_folder}: is not a folder; --schemas wants one laid out like schemas/"
        )
    return Catalogue((user_folder, _shipped()))


class _TextLoader(yaml.CSafeLoader):
    """YAML in which only true, false and null are special: a limit, a lot and a date stay text.

    YAML 1.1 reads `0x12`, `1_000`, `012` and `12:30:45` as numbers and `no` as false.
    """


_KEPT = ("tag:yaml.org,2002:null", "tag:yaml.org,2002:merge")
_TextLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag in _KEPT]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def _construct_mapping(loader: _TextLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    loader.flatten_mapping(node)
    pairs = [
        (loader.construct_object(key, deep=True), loader.construct_object(value, deep=True))
        for key, value in node.value
    ]
    keys = [key for key, _ in pairs]
    for key, mark in zip(keys, [key.start_mark for key, _ in node.value], strict=True):
        if keys.count(key) > 1:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key!r} stands twice", mark
            )
    return dict(pairs)


_TextLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _construct_mapping)


def load_yaml(path: Path) -> tuple[Any, str]:
    """Read a YAML file with every scalar as text; give it with the SHA-256 of its bytes.

    Raises `SpecificationError` that names the line when the file is not YAML or has a key twice.
    """
    try:
        content = path.read_bytes()
        # The loader is a safe one with fewer kinds of scalar.
        data = yaml.load(content.decode("utf-8-sig"), _TextLoader)  # noqa: S506
        return data, hashlib.sha256(content).hexdigest()
    except OSError as error:
        raise SpecificationError(f"{path}: cannot be opened ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise SpecificationError(f"{path}: is not UTF-8 text (byte {error.start})") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "is not YAML"
        raise SpecificationError(f"{path}{line}: {problem}") from error
