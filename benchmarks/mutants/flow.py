"""Unsafe changes of a list-mode file, or of the gates that it is read with."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from benchmarks.mutants import oracle
from benchmarks.mutants.dates import lookalike, other_number
from benchmarks.mutants.kinds import UNSAFE, one_of
from benchmarks.mutants.lots import Lot, Tube

_GATES = "flow/gates.xml"
_HIGH = ("CD105+", "CD73+", "CD90+")
_LOW = ("CD45+", "CD34+", "CD14+", "CD19+")
# Where a percentage of the tube blocks: of the other products it only warns.
_JUDGED = (*oracle.CULTURED, oracle.SVF)


def _tube(lot: Lot) -> tuple[str, Tube] | None:
    return next(iter(lot.of(Tube).items()), None)


def _acquired(name: str, change: Callable[[Lot, Random], dict[str, Any] | None]) -> None:
    @UNSAFE(f"flow: {name}")
    def _(lot: Lot, random: Random) -> Lot | None:
        found = _tube(lot)
        changes = change(lot, random) if found else None
        if found is None or changes is None:
            return None
        path, tube = found
        return lot.with_file(path, replace(tube, acquisition=replace(tube.acquisition, **changes)))


def _judged(change: Callable[[Random], dict[str, Any]]) -> Callable[..., dict[str, Any] | None]:
    return lambda lot, random: change(random) if lot.product in _JUDGED else None


_acquired("events lost", _judged(lambda random: {"events": random.randint(60, 900)}))
_acquired("tube of another lot", lambda lot, random: {"lot": other_number(lot.number, random)})
_acquired("tube's lot with O for 0", lambda lot, random: {"lot": lookalike(lot.number, random)})
_acquired(
    "sample of another lot",
    lambda lot, random: {
        "sample_id": f"{lot.number[:-1]}{(int(lot.number[-1]) + random.randint(1, 9)) % 10}-FP"
    },
)
_acquired(
    "sample named like a control",
    lambda lot, random: {"sample_id": random.choice(("FMO CD105", "Unstained", "Comp beads"))},
)
_acquired("acquired in the future", lambda lot, random: {"date": f"01-JUN-{2030}"})
_acquired(
    "acquired before the harvest",
    lambda lot, random: {"date": "03-FEB-2026"} if lot.product in _JUDGED else None,
)
_acquired(
    "acquired too long after the thaw",
    lambda lot, random: (
        {"begin": f"{random.randint(12, 22)}:30:00"} if lot.product == oracle.ALLOGENEIC else None
    ),
)


def _with_tube(lot: Lot, **changes: Any) -> Lot | None:
    found = _tube(lot)
    if found is None:
        return None
    path, tube = found
    return lot.with_file(path, replace(tube, **changes))


@UNSAFE("flow: cells dead")
def _dead(lot: Lot, random: Random) -> Lot | None:
    """Half of the living take up the dye: viability is far below 70 %."""
    found = _tube(lot)
    if found is None or lot.product not in _JUDGED:
        return None
    share = random.uniform(0.3, 0.6)
    populations = []
    for population in found[1].populations:
        if population.dead or population.name == "debris":
            populations.append(population)
            continue
        kept = replace(population, share=population.share * share)
        dying = replace(population, share=population.share * (1 - share), dead=True)
        populations += [kept, dying]
    return _with_tube(lot, populations=populations)


@UNSAFE("flow: cells of another kind")
def _impure(lot: Lot, random: Random) -> Lot | None:
    from _make import panels  # noqa: PLC0415 - found once the samples' folder is known

    if lot.product not in oracle.CULTURED:
        return None
    pure = random.uniform(0.5, 0.9)
    leukocytes = random.uniform(0.08, 0.3)
    populations = random.choice(
        (panels.msc(0.93, pure=pure), panels.msc(0.93, leukocytes=leukocytes))
    )
    return _with_tube(lot, populations=populations)


@UNSAFE("flow: markers swapped in the tube")
def _swapped(lot: Lot, random: Random) -> Lot | None:
    """The detectors are called by each other's marker: the gates lie on the wrong one."""
    found = _tube(lot)
    if found is None or lot.product not in oracle.CULTURED:
        return None
    one, two = random.choice([(h[:-1], w[:-1]) for h in _HIGH for w in _LOW])
    other = {one: two, two: one}

    def rename(content: bytes) -> bytes:
        def turn(match: re.Match[bytes]) -> bytes:
            return match[1] + other.get(match[2].decode(), match[2].decode()).encode() + b"|"

        head, data = content[:6000], content[6000:]
        renamed = re.sub(rb"(\$P\d+S\|)([^|]+)\|", turn, head)
        return renamed.ljust(len(head)) + data if len(renamed) == len(head) else content

    # Of equal length, so that no offset moves: CD105 is swapped with none of the others.
    return None if len(one) != len(two) else _with_tube(lot, after=rename)


@UNSAFE("flow: file cut off")
def _cut(lot: Lot, random: Random) -> Lot | None:
    share = random.uniform(0.02, 0.95)
    return _with_tube(lot, after=lambda content: content[: int(len(content) * share)])


@UNSAFE("flow: not a list-mode file")
def _magic(lot: Lot, random: Random) -> Lot | None:
    head = random.choice((b"JPEG", b"\0\0\0\0\0\0", b"FCS9.9"))
    return _with_tube(lot, after=lambda content: head + content[len(head) :])


@UNSAFE("flow: file missing")
def _no_tube(lot: Lot, random: Random) -> Lot | None:
    """Where the phenotype is asked, and stands in no other paper."""
    found = _tube(lot)
    return lot.without(found[0]) if found and lot.product in oracle.CULTURED else None


@UNSAFE("flow: a second tube that is bad")
def _second(lot: Lot, random: Random) -> Lot | None:
    from _make import panels  # noqa: PLC0415 - found once the samples' folder is known

    found = _tube(lot)
    if found is None or lot.product not in oracle.CULTURED:
        return None
    seed = random.randint(1, 10**6)
    bad = replace(
        found[1],
        populations=panels.msc(random.uniform(0.3, 0.6)),
        acquisition=replace(found[1].acquisition, seed=seed, file="second.fcs"),
    )
    return lot.with_file("flow/second.fcs", bad)


# --- gates ---------------------------------------------------------------------------------


def _gates(lot: Lot, change: Callable[[str], str]) -> Lot | None:
    held = lot.files.get(_GATES)
    if not isinstance(held, bytes):
        return None
    text = held.decode()
    changed = change(text)
    return lot.with_file(_GATES, changed.encode()) if changed != text else None


def _block(gate: str) -> str:
    return (
        rf'<gating:(?:Rectangle|Polygon)Gate gating:id="{re.escape(gate)}".*?'
        r"</gating:(?:Rectangle|Polygon)Gate>"
    )


def _gate(lot: Lot, gate: str, change: Callable[[str], str]) -> Lot | None:
    return _gates(
        lot,
        lambda text: re.sub(_block(gate), lambda match: change(match[0]), text, flags=re.DOTALL),
    )


@UNSAFE("flow: gates missing")
def _no_gates(lot: Lot, random: Random) -> Lot | None:
    return lot.without(_GATES) if _GATES in lot.files else None


@UNSAFE("flow: gates cut off")
def _cut_gates(lot: Lot, random: Random) -> Lot | None:
    share = random.uniform(0.1, 0.9)
    return _gates(lot, lambda text: text[: int(len(text) * share)])


@UNSAFE("flow: two strategies, and none is named")
def _two(lot: Lot, random: Random) -> Lot | None:
    held = lot.files.get(_GATES)
    if not isinstance(held, bytes):
        return None
    moved = held.replace(b"27000", str(random.randint(20000, 30000)).encode())
    return lot.with_file("flow/other.xml", moved)


@UNSAFE("flow: a gate that is asked for removed")
def _removed(lot: Lot, random: Random) -> Lot | None:
    if lot.product not in oracle.CULTURED:
        return None
    return _gate(lot, random.choice((*_HIGH, *_LOW)), lambda _: "")


@UNSAFE("flow: gate moved past the cells")
def _moved(lot: Lot, random: Random) -> Lot | None:
    """A threshold of a marker that must be high is put where hardly any cell reaches it."""
    if lot.product not in oracle.CULTURED:
        return None
    gate, at = random.choice(_HIGH), random.uniform(0.85, 0.97)
    return _gate(lot, gate, lambda text: re.sub(r'gating:min="[^"]+"', f'gating:min="{at}"', text))


@UNSAFE("flow: gate of living cells moved")
def _moved_viable(lot: Lot, random: Random) -> Lot | None:
    if lot.product not in _JUDGED:
        return None
    at = random.uniform(0.05, 0.2)
    return _gate(
        lot, "Viable", lambda text: re.sub(r'gating:max="[^"]+"', f'gating:max="{at}"', text)
    )


@UNSAFE("flow: side of a gate turned")
def _turned(lot: Lot, random: Random) -> Lot | None:
    """What is negative for a marker is called positive."""
    if lot.product not in oracle.CULTURED:
        return None
    gate = random.choice((*_HIGH, *_LOW))
    return _gate(lot, gate, lambda text: text.replace("gating:min=", "gating:max="))


@UNSAFE("flow: gate on another marker")
def _other_marker(lot: Lot, random: Random) -> Lot | None:
    if lot.product not in oracle.CULTURED:
        return None
    gates = {"CD105+": "B530-A", "CD73+": "B530-A", "CD90+": "Y585-A", "CD45+": "R730-A",
             "CD34+": "V525-A", "CD14+": "R730-A", "CD19+": "R730-A"}  # fmt: skip
    gate = one_of(random, sorted(gates)) or "CD105+"
    return _gate(
        lot,
        gate,
        lambda text: re.sub(r'data-type:name="[^"]+"', f'data-type:name="{gates[gate]}"', text),
    )


@UNSAFE("flow: gate on a detector that is not there")
def _no_detector(lot: Lot, random: Random) -> Lot | None:
    if lot.product not in _JUDGED:
        return None
    return _gate(lot, "Viable", lambda text: text.replace("Y670-A", f"Z{random.randint(1, 999)}-A"))


@UNSAFE("flow: parent changed")
def _parent(lot: Lot, random: Random) -> Lot | None:
    """A marker's share is asked of living single cells; of all events it says something else."""
    if lot.product not in oracle.CULTURED:
        return None
    gate, parent = random.choice((*_HIGH, *_LOW)), random.choice(("Cells", "Singlets", "Nowhere"))
    return _gate(
        lot,
        gate,
        lambda text: re.sub(r'gating:parent_id="[^"]+"', f'gating:parent_id="{parent}"', text),
    )


@UNSAFE("flow: gate of living cells has another parent")
def _viable_parent(lot: Lot, random: Random) -> Lot | None:
    if lot.product not in _JUDGED:
        return None
    parent = random.choice(("Cells", "Nowhere"))
    return _gate(lot, "Viable", lambda text: text.replace('"Singlets"', f'"{parent}"'))


@UNSAFE("flow: cells gated where there are hardly any")
def _empty(lot: Lot, random: Random) -> Lot | None:
    if lot.product not in _JUDGED:
        return None
    return _gate(
        lot, "Cells", lambda text: re.sub(r'value="(27000|60000)"', 'value="262100"', text)
    )
