"""Finds what a clinic or a CI job sets once: qcvalidate.toml, or a table of pyproject.toml.

The nearest folder upwards from where the program was started counts, never one near the papers:
whoever uploads papers could put a file beside them that lets more pass.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qcvalidate.catalogue import LARGEST_YAML, shortened
from qcvalidate.errors import UsageError
from qcvalidate.files import regular_size
from qcvalidate.manifest import MANIFEST

FILE = "qcvalidate.toml"
PROJECT = "pyproject.toml"
TABLE = "tool.qcvalidate"
PREFIX = "QCVALIDATE_"

# What our own tests and .ci/run are told by, and no option is.
_FOR_TESTS = ("QCVALIDATE_CORPUS", "QCVALIDATE_INSTALLED", "QCVALIDATE_FLOWKIT_PYTHON")


@dataclass(frozen=True)
class Configuration:
    """What a file sets, by the names of options without their dashes; `path` is None without one.

    `table` is where in the file it stands, for messages.
    """

    path: Path | None = None
    table: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    def at(self, key: str) -> str:
        """Name file and key, as a message begins."""
        return f"{self.path}: {self.table}{key}"


def find_configuration(start: Path) -> Configuration:
    """Read the file that is nearest to a folder, upwards; `UsageError` where it cannot be used.

    A file that says nothing is found too: the search ends there.
    """
    # Not resolved: a person sees the path that the shell shows.
    for folder in (start, *start.parents):
        found = _in(folder)
        if found is not None:
            _refuse_within_lot(found)
            return found
    return Configuration()


def places(start: Path, found: Configuration) -> list[Path]:
    """List where the file in force stands, or would if it were there: what is gone counts, too."""
    folders = [start, *start.parents]
    if found.path is not None:
        folders = folders[: folders.index(found.path.parent) + 1]
    return [folder / name for folder in folders for name in (FILE, PROJECT)]


def _in(folder: Path) -> Configuration | None:
    own = _read(folder / FILE)
    project = _read(folder / PROJECT)
    tools = project.get("tool", {}) if project is not None else {}
    table = tools.get("qcvalidate") if isinstance(tools, dict) else None
    if own is not None and table is not None:
        raise UsageError(
            f"{folder / FILE}: {PROJECT} beside it has a table [{TABLE}], too; keep one of them"
        )
    if own is not None:
        return Configuration(folder / FILE, "", own)
    if table is None:
        return None
    if not isinstance(table, dict):
        raise UsageError(f"{folder / PROJECT}: {TABLE} should be a table, [{TABLE}]")
    return Configuration(folder / PROJECT, f"{TABLE}.", table)


def _read(path: Path) -> dict[str, Any] | None:
    """Read a TOML file, None where there is none."""
    if not os.path.lexists(path):
        return None
    import tomllib  # noqa: PLC0415 - most folders have no such file

    try:
        if regular_size(path) > LARGEST_YAML:
            raise UsageError(f"{path}: is larger than {LARGEST_YAML:,} bytes, and no configuration")
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be opened ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is not UTF-8 text (byte {error.start})") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"{path}: is not TOML: {error}") from error


def refuse_unknown_keys(found: Configuration, known: Iterable[str]) -> None:
    """Refuse keys that set nothing: whoever wrote them believes that they do."""
    names = list(known)
    for key in found.values:
        if key in names:
            continue
        near = difflib.get_close_matches(key, names, n=1, cutoff=0.6)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names)}"
        raise UsageError(f"{found.at('')}unknown key {shortened(key)}; {hint}")


def refuse_unknown_variables(environment: Mapping[str, str], known: Iterable[str]) -> None:
    """Refuse variables of ours that set nothing, and those that are empty.

    An empty one is a variable that was never filled, and not the wish for a default.
    """
    names = [PREFIX + key.upper().replace("-", "_") for key in known]
    for name in sorted(environment):
        if not name.startswith(PREFIX) or name in _FOR_TESTS:
            continue
        if name not in names:
            own = {one.removeprefix(PREFIX): one for one in names}
            near = difflib.get_close_matches(name.removeprefix(PREFIX), own, n=1, cutoff=0.6)
            hint = f"did you mean {own[near[0]]}?" if near else f"there are {', '.join(names)}"
            raise UsageError(f"environment: unknown variable {shortened(name)}; {hint}")
        if not environment[name].strip():
            raise UsageError(f"environment: {name} is empty; unset it, or give it a value")


def refuse_among_papers(found: Configuration, asked: Iterable[Path]) -> None:
    """Refuse a file in or below a folder that is checked: an uploader could have put it there."""
    if found.path is None:
        return
    for place in _places(found.path):
        for path in asked:
            if place.is_relative_to(os.path.realpath(path)):
                raise UsageError(
                    f"{found.path}: lies within {path}, which is checked, and whoever brings "
                    "papers could have written it; keep the lots in a folder of their own beside "
                    "it, such as lots/, and check that"
                )


def refuse_judges_among_papers(judges: Iterable[Path], asked: Iterable[Path]) -> None:
    """Refuse schemas, a specification or roots of trust in or below what is checked, as well."""
    asked = list(asked)
    for judge in judges:
        for place in _places(judge):
            lots = [above for above in place.parents if os.path.lexists(above / MANIFEST)]
            within = [path for path in asked if place.is_relative_to(os.path.realpath(path))]
            if lots or within:
                where = within[0] if within else f"the lot folder {lots[0].name}"
                raise UsageError(
                    f"{judge}: lies within {where}, and whoever brings papers could have written "
                    "it; what lots are judged by lies beside them, never among them"
                )


def _refuse_within_lot(found: Configuration) -> None:
    for place in _places(found.path) if found.path else ():
        lot = next((above for above in place.parents if os.path.lexists(above / MANIFEST)), None)
        if lot is not None:
            raise UsageError(
                f"{found.path}: lies within the lot folder {lot.name}, and whoever brings papers "
                "could have written it; start from a folder above the lots"
            )


def _places(path: Path) -> tuple[Path, Path]:
    """Give where a file stands, and where it leads if it is a link."""
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - a link is not followed
    return Path(os.path.realpath(whole.parent), whole.name), Path(os.path.realpath(path))
