"""Writes a clinic's own copy of a specification, word for word but for its identity."""

from __future__ import annotations

import re
from pathlib import Path

from qcvalidate.errors import SpecificationError, UsageError

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# The path to the JSON Schema is right for our own folder alone.
_HINT = "# yaml-language-server:"


def own_copy(source: Path, parent: str, target: Path) -> str:
    """Give the text of a copy that extends `parent`; its id is the name of its file.

    Comments and the order of keys stay as they are, so that the copy can be compared by eye.
    """
    id_ = target.stem
    if not _ID.fullmatch(id_) or target.suffix != ".yaml":
        raise UsageError(
            f"{target}: the file's name becomes the specification's id; expected small letters, "
            "digits and hyphens, and .yaml, like my-bmac.yaml"
        )
    if id_ == parent:
        raise UsageError(f"{target}: a copy needs an id of its own, other than {parent}")
    lines = []
    replaced = {"id": f"id: {id_}\nextends: {parent}", "version": "version: 1.0.0"}
    for line in source.read_text(encoding="utf-8-sig").splitlines():
        key = line.partition(":")[0] if line[:1].isalpha() else ""
        if line.startswith(_HINT) or key in ("extends", "justifications"):
            continue
        lines.append(replaced.pop(key, line))
    if replaced:
        raise SpecificationError(
            f"{source}: {' and '.join(replaced)} is not at the start of a line; cannot be copied"
        )
    return "\n".join(lines) + "\n"
