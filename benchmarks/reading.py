"""How much of a certificate is read right, refused or wrong, by layouts not made for the reader.

python -m benchmarks.reading [--families a,b] [--folder DIR] [--seeds N] [--scans KINDS] [--show]
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from benchmarks.layouts import HERE, Family, families
from benchmarks.layouts.corpus import certificates
from benchmarks.layouts.scans import KINDS, scan
from benchmarks.layouts.truth import Truth
from benchmarks.row import Row
from benchmarks.scoring import REFUSED, RIGHT, WRONG, Score, refused, score
from qcvalidate.errors import DocumentError
from qcvalidate.locale import UNDECLARED, Locale
from qcvalidate.manifest import Manifest
from qcvalidate.pipeline import Laboratory, open_laboratory, read

_SEEDS = 12
# The shares of critical fields that may be left to a person.
_NOT_RIGHT = {"text": 0.03, "scan200": 0.30}


@dataclass(frozen=True)
class Reading:
    """One certificate that was read: of which family, from which seed, in which shape."""

    family: str
    seed: int
    shape: str
    score: Score


def rows() -> list[Row]:
    """Score the layouts that are in the project: none wrong, and at most so many not right.

    Of scans, there is one of each family: two engines take some seconds for a page.
    """
    with tempfile.TemporaryDirectory() as folder:
        readings = list(read_all(families(), range(_SEEDS), Path(folder)))
        found = _rows("text", readings, _NOT_RIGHT["text"])
        if importlib.util.find_spec("rapidocr") is not None:
            scans = list(read_all(families(), range(1), Path(folder), ("scan200",)))
            found += _rows("scanned", scans, _NOT_RIGHT["scan200"])
    return found


def _rows(kind: str, readings: Sequence[Reading], allowed: float) -> list[Row]:
    count = _counted(readings)
    return [
        Row(
            f"critical fields of {kind} certificates that are not read right",
            count["fields"] - count[RIGHT],
            count["fields"],
            allowed,
            "fields",
        ),
        Row(
            f"critical fields of {kind} certificates that are confirmed and wrong",
            count[WRONG],
            count["fields"],
            0.0,
            "fields",
        ),
    ]


def read_all(
    found: Mapping[str, Family],
    seeds: Sequence[int],
    folder: Path,
    shapes: Sequence[str] = ("text",),
) -> Iterator[Reading]:
    """Draw, read and score every family from every seed, as text or as one of the scans."""
    laboratory = open_laboratory()
    for name, family in found.items():
        for seed in seeds:
            truth = family.compose(Random(f"{name} {seed}"))
            path = folder / f"{name}-{seed}.pdf"
            family.draw(truth, path)
            for shape in shapes:
                printed = path if shape == "text" else scan(path, shape, Random(seed))
                locale = getattr(family, "LOCALE", UNDECLARED)
                yield Reading(name, seed, shape, score_file(printed, truth, laboratory, locale))


def read_corpus(shapes: Sequence[str]) -> Iterator[Reading]:
    """Score the made certificates of the corpus, where it is present."""
    laboratory = open_laboratory()
    for path, shape, truth in certificates():
        if shape in shapes:
            yield Reading(
                f"corpus {path.name.partition('.')[0]}",
                0,
                shape,
                score_file(path, truth, laboratory),
            )


def score_file(
    path: Path, truth: Truth, laboratory: Laboratory, locale: Locale = UNDECLARED
) -> Score:
    """Read one file and compare it with its truth; a refusal is no error.

    `locale` is what the lot.yaml of such a laboratory's customer would declare.
    """
    try:
        record = read(path, laboratory, Manifest(locale=locale))
    except DocumentError as error:
        return refused(truth, str(error), error.slug)
    return score(record, truth)


def table(readings: Sequence[Reading]) -> str:
    """Lay out the counts by family, the total last."""
    names = list(dict.fromkeys((reading.family, reading.shape) for reading in readings))
    lines = [
        f"{'family':<24}{'shape':<10}{'files':>6}{'fields':>8}{'right':>8}{'refused':>9}{'wrong':>7}{'held':>6}{'silent':>8}"
    ]
    for family, shape in names:
        group = [r for r in readings if (r.family, r.shape) == (family, shape)]
        lines.append(_counts_line(family, shape, group))
    lines += [
        _counts_line("TOTAL", shape, [r for r in readings if r.shape == shape])
        for shape in dict.fromkeys(shape for _, shape in names)
    ]
    return "\n".join(lines)


def _counts_line(family: str, shape: str, group: Sequence[Reading]) -> str:
    count = _counted(group)
    share = 100 * count[RIGHT] / max(1, count["fields"])
    return (
        f"{family:<24}{shape:<10}{len(group):>6}{count['fields']:>8}{share:>7.1f}%"
        f"{count[REFUSED]:>9}{count[WRONG]:>7}{count['held']:>6}{count['silent']:>8}"
    )


def _counted(readings: Sequence[Reading]) -> Counter[str]:
    count: Counter[str] = Counter()
    for reading in readings:
        count.update(mark.outcome for mark in reading.score.marks)
        count["held"] += bool(reading.score.false_holds)
        count["silent"] += reading.score.silent
    count["fields"] = count[RIGHT] + count[REFUSED] + count[WRONG]
    return count


def false_holds(readings: Sequence[Reading]) -> list[tuple[int, str]]:
    """Count the certificates that each undeserved kind of finding holds, with one example."""
    by_slug: Counter[tuple[str, str]] = Counter()
    example: dict[tuple[str, str], str] = {}
    for reading in readings:
        for message in dict.fromkeys(m.partition(":")[0] for m in reading.score.false_holds):
            key = (reading.family, message)
            by_slug[key] += 1
            full = next(m for m in reading.score.false_holds if m.startswith(message))
            example.setdefault(key, full)
    return [
        (n, f"{family}: {example[family, slug]}") for (family, slug), n in by_slug.most_common()
    ]


def details(readings: Sequence[Reading]) -> Iterator[str]:
    """Tell every field that is not right, by certificate, wrong ones first."""
    for reading in readings:
        bad = [mark for mark in reading.score.marks if mark.outcome != RIGHT]
        if not bad and not reading.score.false_holds:
            continue
        told = " SILENT" if reading.score.silent else ""
        yield f"\n{reading.family} seed {reading.seed} {reading.shape}{told}"
        alike = len({(mark.told, mark.outcome) for mark in bad}) == 1 < len(bad)
        if alike and bad[0].outcome == REFUSED:
            # A document that was refused as a whole: once is enough.
            yield f"  REFUSED {len(bad)} fields, all of them"
            bad = []
        for mark in sorted(bad, key=lambda mark: mark.outcome, reverse=True):
            yield f"  {mark.outcome.upper():<8}{mark.field}: {mark.told}"
        for message in reading.score.false_holds:
            yield f"  HOLD    {message}"


def main(arguments: Sequence[str]) -> int:
    """Score, print the table, and give 1 where something confirmed was wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("--families", help="only these, with commas between")
    parser.add_argument("--folder", type=Path, default=HERE, help="a folder of layouts")
    parser.add_argument("--seeds", type=int, default=_SEEDS, help="certificates of each family")
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--scans", default="", help=f"read pictures instead: {', '.join(KINDS)}")
    parser.add_argument("--show", action="store_true", help="tell every field that is not right")
    parser.add_argument("--corpus", action="store_true", help="the certificates of the corpus too")
    parser.add_argument("--keep", type=Path, help="leave the certificates in this folder")
    parser.add_argument("--json", type=Path, help="write every mark to this file")
    options = parser.parse_args(arguments)
    shapes = options.scans.split(",") if options.scans else ["text"]
    found = families(options.folder)
    if options.families is not None:
        found = {name: found[name] for name in options.families.split(",") if name}
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    with tempfile.TemporaryDirectory() as made:
        folder = options.keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        readings = list(read_all(found, seeds, folder, shapes))
    if options.corpus:
        readings += read_corpus(shapes)
    print(table(readings))
    print("\nholds that no certificate deserved, by number of certificates:")
    for number, message in false_holds(readings):
        print(f"{number:>5}  {message}")
    if options.show:
        print("\n".join(details(readings)))
    if options.json:
        options.json.write_text(json.dumps([asdict(reading) for reading in readings], indent=1))
    return 1 if _counted(readings)[WRONG] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
