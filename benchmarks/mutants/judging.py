"""Judges changed lots by the whole program; papers that are not changed are read only once."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.mutants.lots import Lot, drawn, manifest_bytes
from qcvalidate import gating, judging, papers, routing
from qcvalidate.assessment import Assessment
from qcvalidate.pipeline import Laboratory, Options, assess_paths, open_laboratory

# What stands for today where a lot does not say.
TODAY = dt.date(2026, 12, 31)


SCHEMAS = Path(__file__).parent / "schemas"


def laboratory() -> Laboratory:
    """Open the schemas, with those of a clinic's own."""
    return open_laboratory(SCHEMAS)


class Bench:
    """Writes lots into a folder and judges them; use it as a context."""

    def __init__(self, laboratory: Laboratory, place: Path) -> None:
        self._laboratory = laboratory
        self._store = place / "store"
        self._lot = place / "lot"
        self._store.mkdir()
        self._done: dict[Any, Any] = {}
        self._known: set[int] = set()

    def keep(self, lot: Lot) -> None:
        """Write the papers of a lot once: what they say is remembered while `remembering`."""
        for paper in lot.files.values():
            self._path(drawn(paper)).write_bytes(drawn(paper))

    def judge(self, lot: Lot, manifest: bytes | None = None) -> Assessment:
        """Write the lot's folder and give its assessment."""
        shutil.rmtree(self._lot, ignore_errors=True)
        self._lot.mkdir()
        (self._lot / "lot.yaml").write_bytes(manifest or manifest_bytes(lot.manifest))
        for name, paper in lot.files.items():
            path, content = self._lot / name, drawn(paper)
            path.parent.mkdir(parents=True, exist_ok=True)
            kept = self._path(content)
            if kept.exists():
                os.link(kept, path)
            else:
                path.write_bytes(content)
        (found,) = assess_paths([self._lot], self._laboratory, Options(TODAY, plots=False))
        return found

    def _path(self, content: bytes) -> Path:
        return self._store / hashlib.sha256(content).hexdigest()

    @contextmanager
    def remembering(self) -> Iterator[Bench]:
        """Do once what depends on what was not changed, and on nothing else.

        Each kept file is opened, read and gated once for each name and locale; a specification is
        loaded once; and a limit is asked once about the same evidence.
        """
        store = {path.stat().st_ino for path in self._store.iterdir()}
        documents, known = self._done, self._known

        def opened(path: Path, name: str, trust: Any) -> Any:
            inode = path.stat().st_ino if path.is_file() else 0
            if inode not in store:
                return open_document(path, name, trust)
            place = (inode, name, trust.day)
            if place not in documents:
                documents[place] = open_document(path, name, trust)
                known.add(id(documents[place]))
            return documents[place]

        def read(document: Any, context: Any) -> Any:
            if id(document) not in known:
                return read_document(document, context)
            place = (id(document), context.locale)
            if place not in documents:
                documents[place] = read_document(document, context)
                known.add(id(documents[place]))
            return documents[place]

        def gated(
            record: Any, document: Any, strategy: Any, asked: Any, manifest: Any, *, plots: bool
        ) -> Any:
            given = (record, document, strategy, asked, manifest)
            if {id(record), id(document), id(strategy)} - known:
                return gate_record(*given, plots=plots)
            place = (*map(id, given[:3]), asked.identity.sha256, repr(manifest))
            if place not in documents:
                documents[place] = gate_record(*given, plots=plots)
            return documents[place]

        def specified(name: str, catalogue: Any, vocabulary: Any) -> Any:
            if name not in documents:
                documents[name] = load_specification(name, catalogue, vocabulary)
            return documents[name]

        def compiled(acceptance: Any, rounding: str) -> Any:
            place = (repr(acceptance), rounding)
            if place not in documents:
                documents[place] = _Asked(compile_limit(acceptance, rounding))
            return documents[place]

        open_document: Callable[..., Any] = papers.open_document
        read_document: Callable[..., Any] = papers.read_document
        gate_record: Callable[..., Any] = gating.gate_record
        load_specification: Callable[..., Any] = routing.specification_of_product
        compile_limit: Callable[..., Any] = judging.compile_limit
        with (
            patch.object(routing, "specification_of_product", specified),
            patch.object(judging, "compile_limit", compiled),
            patch.object(papers, "open_document", opened),
            patch.object(papers, "read_document", read),
            patch.object(gating, "gate_record", gated),
        ):
            yield self


class _Asked:
    """A compiled limit that remembers what it said of the same evidence."""

    def __init__(self, limit: Any) -> None:
        self._limit = limit
        self._said: dict[str, Any] = {}

    def settle(self, evidence: Any) -> Any:
        place = repr(evidence.to_dict("list"))
        if place not in self._said:
            self._said[place] = self._limit.settle(evidence)
        return self._said[place]
