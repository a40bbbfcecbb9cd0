"""Finds the folder `schemas/`: in the wheel, at the root of a checkout, or the user's own."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from qcvalidate.errors import SpecificationError, UsageError
from qcvalidate.files import regular_size

# Ours are below 100,000.
LARGEST_YAML = 1_000_000

_PACKAGE = Path(__file__).parent
# What lots are judged by; the others are for reports, or are roots of trust.
_JUDGES = ("specifications", "vocabulary", "labs", "exports", "panels")
_KINDS = (*_JUDGES, "templates", "trust")
_NULL = ("", "~", "null", "Null", "NULL")
_DEEPEST = 32
_QUOTED = 80


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
            found.update(_yaml_files(folder / kind))
        return iter(found[name] for name in sorted(found))

    def judges(self) -> list[Path]:
        """List every file that an assessment may rest on, those that stand in for others first.

        Among them what only lies there, and a folder itself where it cannot be listed.
        """
        folders = [folder / kind for folder in self.folders for kind in _JUDGES]
        found = [path for folder in folders if folder.is_dir() for path in _sorted(folder)]
        return [*found, *self.json_schemas().values()]

    def json_schema(self, name: str) -> Path:
        """Give the path of the JSON Schema `name` (`"lot"`, `"specification"`, ...)."""
        return _shipped() / f"{name}.schema.json"

    def json_schemas(self) -> dict[str, Path]:
        """List the JSON Schemas by name."""
        found = sorted(_shipped().glob("*.schema.json"))
        return {path.name.removesuffix(".schema.json"): path for path in found}


def open_catalogue(user_folder: Path | None = None) -> Catalogue:
    """Open our schemas, with the user's own folder in front when one is given."""
    if user_folder is None:
        return Catalogue((_shipped(),))
    # A name that is too long is no folder, and no bug.
    if not os.path.isdir(user_folder):  # noqa: PTH112
        raise UsageError(
            f"{user_folder}: is not a folder; --schemas wants one laid out like schemas/"
        )
    known = any((user_folder / kind).is_dir() for kind in _KINDS)
    if not known and not (user_folder / "clinic.yaml").is_file():
        raise UsageError(
            f"{user_folder}: holds none of the folders {', '.join(_KINDS)}, and no clinic.yaml; "
            "--schemas wants a folder laid out like schemas/"
        )
    return Catalogue((user_folder, _shipped()))


def _sorted(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return [folder]


def _yaml_files(folder: Path) -> dict[str, Path]:
    """Map the names in a folder to its YAML files; one that looks like it and is not is told.

    Were the user's own `mine.yml` or an unreadable folder passed by, ours would stand in for it.
    """
    if not folder.exists():
        return {}
    try:
        paths = [path for path in folder.iterdir() if not path.name.startswith(".")]
    except OSError as error:
        raise UsageError(f"{folder}: cannot be listed ({error.strerror})") from error
    for path in paths:
        if path.suffix != ".yaml" and path.suffix.lower() in (".yaml", ".yml"):
            raise UsageError(f"{path}: is not read under this name; it must end in .yaml")
    return {path.name: path for path in paths if path.suffix == ".yaml"}


def load_yaml(path: Path) -> tuple[Any, str]:
    """Read a YAML file with every scalar as text; give it with the SHA-256 of its bytes.

    Only null is special: YAML 1.1 would read `0x12`, `1_000`, `012` and `12:30:45` as numbers
    and `no` as false. What a file of settings never needs is refused, since it makes small
    files into large or endless ones: anchors, aliases, tags, keys that are no text, and more
    than 32 levels.

    Raises `SpecificationError` that names the line when the file is not such YAML, has a key
    twice, or is no regular file of at most a megabyte.
    """
    try:
        size = regular_size(path)
        if size > LARGEST_YAML:
            raise SpecificationError(
                f"{path}: is {size:,} bytes; at most {LARGEST_YAML:,} are read of a YAML file"
            )
        content = path.read_bytes()
    except OSError as error:
        raise SpecificationError(f"{path}: cannot be opened ({error.strerror})") from error
    try:
        return _built(content.decode("utf-8-sig")), hashlib.sha256(content).hexdigest()
    except UnicodeDecodeError as error:
        raise SpecificationError(f"{path}: is not UTF-8 text (byte {error.start})") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "is not YAML"
        raise SpecificationError(f"{path}{line}: {problem}") from error


def _built(text: str) -> Any:
    """Build the one document of a text straight from the parser's events, none held back."""
    events: Iterator[Any] = yaml.parse(text, Loader=yaml.CSafeLoader)
    content = None
    documents = 0
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _Refused("a second document begins here; a file holds one", event)
        elif isinstance(event, yaml.NodeEvent):
            content = _node(event, events, 0)
    return content


def _node(event: Any, events: Iterator[Any], depth: int) -> Any:
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        raise _Refused("anchors (&) and aliases (*) are not read; write the value out", event)
    if event.tag is not None:
        raise _Refused("tags (!) are not read; write the value without one", event)
    if isinstance(event, yaml.ScalarEvent):
        return None if event.implicit[0] and event.value in _NULL else event.value
    if depth == _DEEPEST:
        raise _Refused(f"lies more than {_DEEPEST} levels deep", event)
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        for inner in events:
            if isinstance(inner, yaml.SequenceEndEvent):
                break
            items.append(_node(inner, events, depth + 1))
        return items
    return _mapping(events, depth)


def _mapping(events: Iterator[Any], depth: int) -> dict[str, Any]:
    pairs: dict[str, Any] = {}
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            break
        key = _node(event, events, depth + 1)
        if not isinstance(key, str):
            raise _Refused("a key must be text; null needs quotes to be a key", event)
        if key in pairs:
            raise _Refused(f"the key {shortened(key)} stands twice", event)
        pairs[key] = _node(next(events), events, depth + 1)
    return pairs


class _Refused(yaml.MarkedYAMLError):
    """What is YAML, and not what we read of it."""

    def __init__(self, problem: str, event: Any) -> None:
        super().__init__(problem=problem, problem_mark=event.start_mark)


def shortened(text: str) -> str:
    """Quote a text in a message, its beginning only where it is long."""
    return repr(text) if len(text) <= _QUOTED else f"{text[:_QUOTED]!r}..."
