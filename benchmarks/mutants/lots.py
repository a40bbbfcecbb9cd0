"""A lot as a value: its manifest and its papers, each still in parts that can be changed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
if str(SAMPLES) not in sys.path:
    sys.path.insert(0, str(SAMPLES))

from _make import certificates, listmode  # noqa: E402 - found by the line above

from benchmarks.mutants import sheets  # noqa: E402

Row = Mapping[str, str]
Json = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Form:
    """A certificate: `drawer` draws it as a PDF, or is "word" or "workbook".

    `after` changes the bytes of the drawn file; `options` are the drawer's own.
    """

    drawer: str
    said: certificates.Certificate
    after: Callable[[bytes], bytes] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_office(self) -> bool:
        """Say whether it is a file of an office program, without pages."""
        return self.drawer in ("word", "workbook")


@dataclass(frozen=True, eq=False)
class Tube:
    """A simulated list-mode file; `after` changes its bytes."""

    acquisition: listmode.Acquisition
    panel: listmode.Panel
    populations: Sequence[listmode.Population]
    after: Callable[[bytes], bytes] | None = None


@dataclass(frozen=True, eq=False)
class Sheet:
    """A table of results in one `form` of `sheets.FORMS`; `options` say how it is written."""

    rows: tuple[Row, ...]
    form: str = "csv"
    options: Mapping[str, Any] = field(default_factory=dict)

    def carries(self, column: str) -> bool:
        """Say whether what stands in this column is written in this form at all."""
        if column.startswith("_"):
            return self.form == ("fhir" if column == "_elements" else "hl7")
        return self.form not in sheets.MESSAGES or column in sheets.MESSAGE_COLUMNS


Paper = Form | Tube | Sheet | bytes


@dataclass(frozen=True, eq=False)
class Lot:
    """A lot's folder: `manifest` is lot.yaml, `files` its papers by their path."""

    name: str
    manifest: Json
    files: Mapping[str, Paper]

    @property
    def product(self) -> str:
        return str(self.manifest["product"])

    @property
    def number(self) -> str:
        return str(self.manifest["lot"])

    def stated(self, group: str, key: str) -> str | None:
        """Give what lot.yaml states in a group, as text."""
        found = self.manifest.get(group, {}).get(key)
        return None if found is None else str(found)

    def with_file(self, name: str, paper: Paper) -> Lot:
        return replace(self, files={**self.files, name: paper})

    def without(self, name: str) -> Lot:
        return replace(self, files={key: p for key, p in self.files.items() if key != name})

    def stating(self, group: str, **changes: str | None) -> Lot:
        """Change what lot.yaml states in a group; None takes a key away."""
        kept = {**self.manifest.get(group, {}), **changes}
        said = {key: value for key, value in kept.items() if value is not None}
        return replace(self, manifest={**self.manifest, group: said})

    def saying(self, **changes: object) -> Lot:
        """Change the keys of lot.yaml that stand in no group."""
        return replace(self, manifest={**self.manifest, **changes})

    def of(self, kind: type[Any]) -> dict[str, Any]:
        """Give the papers of one kind, by their path."""
        return {name: paper for name, paper in self.files.items() if isinstance(paper, kind)}


def manifest_bytes(manifest: Json) -> bytes:
    return yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True).encode()


def drawn(paper: Paper) -> bytes:
    """Give the bytes of a paper."""
    return paper if isinstance(paper, bytes) else _drawn(paper)


@lru_cache(maxsize=256)
def _drawn(paper: Form | Tube | Sheet) -> bytes:
    if isinstance(paper, Sheet):
        return sheets.FORMS[paper.form](paper.rows, paper.options)
    if isinstance(paper, Form):
        content: bytes = _drawer(paper.drawer)(paper.said, **paper.options)
    else:
        content = listmode.write_fcs(paper.acquisition, paper.panel, paper.populations)
    return paper.after(content) if paper.after else content


def _drawer(name: str) -> Callable[..., bytes]:
    from benchmarks.mutants import office  # noqa: PLC0415 - it draws what is made here

    found: Callable[..., bytes] = getattr(office if hasattr(office, name) else certificates, name)
    return found
