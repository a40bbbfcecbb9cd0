"""Makes mutants under fixed seeds, has them judged, and counts the verdicts by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from benchmarks.mutants import (
    counting,
    dates,
    donors,
    flow,
    folders,
    harmless,
    messages,
    methods,
    offices,
    own,
    papers,
    replicates,
    rows,
    voided,
    waivers,
)
from benchmarks.mutants.bases import conditional
from benchmarks.mutants.bases import passing as shipped
from benchmarks.mutants.judging import Bench
from benchmarks.mutants.kinds import HARMLESS, UNSAFE, Kind
from benchmarks.mutants.lots import Lot
from benchmarks.mutants.oracle import STAGED
from qcvalidate.assessment import MET, Assessment
from qcvalidate.record import Severity

# Imported for the kinds that they add.
CHANGES = (
    rows, dates, methods, replicates, donors, papers, offices, messages, flow, counting, folders,
    waivers, harmless, voided,
)  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A changed lot: by which kind, from which seed; `base` is the lot before."""

    kind: Kind
    base: Lot
    seed: int
    lot: Lot

    @property
    def allowed(self) -> frozenset[str]:
        """Give the verdicts that are right after an unsafe change."""
        waits = self.kind.may_wait and self.base.product in STAGED
        return frozenset(("FAIL", "HOLD", "CONDITIONAL") if waits else ("FAIL", "HOLD"))

    @property
    def said(self) -> str:
        return f"{self.kind.name} | {self.base.name} | seed {self.seed}"


class Wrong(NamedTuple):
    """A mutant in words, the verdict that it should not have, and what speaks for another."""

    said: str
    verdict: str
    why: tuple[str, ...]


@dataclass
class Tally:
    """What became of the mutants: verdicts by kind, and those whose verdict is wrong."""

    verdicts: dict[str, Counter[str]] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def made(self) -> int:
        return sum(counted.total() for counted in self.verdicts.values())

    def add(self, mutant: Mutant, found: Assessment, allowed: frozenset[str]) -> None:
        verdict = found.verdict.name
        self.verdicts.setdefault(mutant.kind.name, Counter())[verdict] += 1
        if verdict not in allowed:
            self.wrong.append(Wrong(mutant.said, verdict, _why(found)))

    def join(self, other: Tally) -> None:
        for kind, counted in other.verdicts.items():
            self.verdicts.setdefault(kind, Counter()).update(counted)
        self.wrong += other.wrong


def _why(found: Assessment) -> tuple[str, ...]:
    told = [f"{finding.slug}: {finding.message}" for finding in found.findings
            if finding.severity in (Severity.HOLD, Severity.FAIL)]  # fmt: skip
    open_ = [f"{result.id}: {result.reason}" for result in found.results
             if result.required and result.outcome not in MET]  # fmt: skip
    return tuple([*told, *open_][:4])


def passing() -> tuple[Lot, ...]:
    """Give the lots whose verdict is PASS."""
    return (*shipped(), *own.lots())


def bases() -> tuple[Lot, ...]:
    return (*passing(), *conditional())


def mutants(kinds: Mapping[str, Kind], lots: Sequence[Lot], count: int) -> Iterator[Mutant]:
    """Give `count` mutants: one of each kind in turn, each time of another lot and seed."""
    made, seed = 0, 0
    asked = list(kinds.values())
    live = dict.fromkeys(kinds, 0)
    while made < count and asked:
        for kind in list(asked):
            found = _next(kind, lots, seed)
            if found is None:
                live[kind.name] += 1
                if live[kind.name] > len(lots):
                    asked.remove(kind)
                continue
            live[kind.name] = 0
            yield found
            made += 1
            if made == count:
                return
        seed += 1


def _next(kind: Kind, lots: Sequence[Lot], seed: int) -> Mutant | None:
    """Look for the next lot that the kind applies to, from a place that the seed gives."""
    for step in range(len(lots)):
        base = lots[(seed * 7 + step) % len(lots)]
        changed = kind.change(base, Random(f"{kind.name} {seed}"))
        if changed is not None and changed is not base:
            return Mutant(kind, base, seed, changed)
    return None


def judged_unsafe(bench: Bench, made: Iterator[Mutant]) -> Tally:
    tally = Tally()
    for mutant in made:
        tally.add(mutant, bench.judge(mutant.lot), mutant.allowed)
    return tally


def judged_harmless(bench: Bench, made: Iterator[Mutant]) -> Tally:
    tally = Tally()
    before: dict[int, str] = {}
    for mutant in made:
        if id(mutant.base) not in before:
            before[id(mutant.base)] = bench.judge(mutant.base).verdict.name
        tally.add(mutant, bench.judge(mutant.lot), frozenset((before[id(mutant.base)],)))
    return tally


def table(tally: Tally) -> str:
    """Lay the verdicts out by kind."""
    columns = ("FAIL", "HOLD", "CONDITIONAL", "PASS")
    lines: list[tuple[str, ...]] = [("kind of change", "made", *columns, "wrong"), ("---",) * 7]
    wrong = Counter(each.said.split(" | ")[0] for each in tally.wrong)
    for kind, counted in tally.verdicts.items():
        numbers = (counted.total(), *(counted[name] for name in columns), wrong[kind])
        lines.append((kind, *map(str, numbers)))
    total: Counter[str] = sum(tally.verdicts.values(), Counter())
    numbers = (total.total(), *(total[name] for name in columns), len(tally.wrong))
    lines.append(("all", *map(str, numbers)))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


KINDS = {"unsafe": UNSAFE, "harmless": HARMLESS}
