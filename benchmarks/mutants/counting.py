"""Unsafe changes of a count by beads, of what lot.yaml declares of it, and of control tubes."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from benchmarks.mutants import own
from benchmarks.mutants.kinds import HARMLESS, UNSAFE, one_of
from benchmarks.mutants.lots import Lot, Tube

_GATES = "flow/gates.xml"


def _declared(name: str, change: Callable[[dict[str, Any], Random], None]) -> None:
    """Change what lot.yaml declares of the tube's count."""

    @UNSAFE(f"count: {name}")
    def _(lot: Lot, random: Random) -> Lot | None:
        if "counting" not in lot.manifest:
            return None
        stated = copy.deepcopy(lot.manifest["counting"])
        change(stated[own.TUBE], random)
        return lot.saying(counting=stated)


def _without(*path: str) -> Callable[[dict[str, Any], Random], None]:
    def change(stated: dict[str, Any], _: Random) -> None:
        for key in path[:-1]:
            stated = stated[key]
        del stated[path[-1]]

    return change


_declared("lot of the beads not stated", _without("beads", "lot"))
_declared("number of the beads not stated", _without("beads", "per_test"))
_declared("expiry of the beads not stated", _without("beads", "expires"))
_declared("volume of the sample not stated", _without("sample_volume_uL"))
_declared("dilution not stated", _without("dilution"))
_declared(
    "beads expired",
    lambda stated, random: stated["beads"].update(expires=f"20{random.randint(10, 25)}-03-16"),
)
_declared(
    "so few beads in a test that the dose is too low",
    lambda stated, random: stated["beads"].update(per_test=str(random.randint(1000, 14_000))),
)
_declared(
    "so large a sample that the dose is too low",
    lambda stated, random: stated.update(sample_volume_uL=str(random.randint(400, 5000))),
)
_declared(
    "a number that is none",
    lambda stated, random: stated.update(
        {random.choice(("dilution", "sample_volume_uL")): random.choice(("0", "-1", "ten", "1e3"))}
    ),
)


@UNSAFE("count: declared for another tube")
def _other_tube(lot: Lot, random: Random) -> Lot | None:
    if "counting" not in lot.manifest:
        return None
    stated = lot.manifest["counting"][own.TUBE]
    return lot.saying(counting={f"flow/tube-{random.randint(2, 99)}.fcs": stated})


@UNSAFE("count: nothing declared")
def _undeclared(lot: Lot, random: Random) -> Lot | None:
    if "counting" not in lot.manifest:
        return None
    kept = {key: value for key, value in lot.manifest.items() if key != "counting"}
    return replace(lot, manifest=kept)


def _drawn(name: str, change: Callable[[Tube, Random], Tube], tube: str = "") -> None:
    @UNSAFE(f"count: {name}")
    def _(lot: Lot, random: Random) -> Lot | None:
        path = tube or own.TUBE
        found = lot.files.get(path)
        return lot.with_file(path, change(found, random)) if isinstance(found, Tube) else None


def _shared(tube: Tube, name: str, factor: float) -> Tube:
    """Give one population another share; the events that it leaves are debris-like platelets."""
    found = list(tube.populations)
    place = next(n for n, one in enumerate(found) if one.name == name)
    lost = found[place].share * (1 - factor)
    found[place] = replace(found[place], share=found[place].share * factor)
    found[0] = replace(found[0], share=found[0].share + lost)
    return replace(tube, populations=found)


_drawn(
    "too few beads in the tube",
    lambda tube, random: _shared(tube, "beads", random.uniform(0.1, 0.6)),
)
_drawn("too few CD34+ cells", lambda tube, random: _shared(tube, "CD34+", random.uniform(0.0, 0.2)))
_drawn(
    "too few events",
    lambda tube, random: replace(
        tube, acquisition=replace(tube.acquisition, events=random.randint(200, 5000))
    ),
)


@UNSAFE("count: the gate of the beads missing")
def _no_beads(lot: Lot, random: Random) -> Lot | None:
    return _gate(lot, "Beads", lambda _: "")


@UNSAFE("count: the gate of the beads on the cells")
def _beads_on_cells(lot: Lot, random: Random) -> Lot | None:
    detector = random.choice(("B530-A", "Y585-A"))
    return _gate(
        lot, "Beads",
        lambda text: text.replace("R660-A", detector).replace('="0.75"', '="0.45"'),
    )  # fmt: skip


@UNSAFE("count: the gate of the CD34+ cells on another stain")
def _other_stain(lot: Lot, random: Random) -> Lot | None:
    detector = random.choice(("B530-A", "Y670-A"))
    return _gate(lot, "CD34+", lambda text: text.replace("Y585-A", detector))


def _gate(lot: Lot, gate: str, change: Callable[[str], str]) -> Lot | None:
    held = lot.files.get(_GATES)
    if "counting" not in lot.manifest or not isinstance(held, bytes):
        return None
    pattern = rf'<gating:RectangleGate gating:id="{re.escape(gate)}".*?</gating:RectangleGate>'
    text = held.decode()
    changed = re.sub(pattern, lambda match: change(match[0]), text, flags=re.DOTALL)
    return lot.with_file(_GATES, changed.encode()) if changed != text else None


# --- control tubes -------------------------------------------------------------------------


def _control(lot: Lot) -> Tube | None:
    found = lot.files.get(own.CONTROL)
    return found if isinstance(found, Tube) else None


@UNSAFE("control: it reaches into its gate")
def _reaching(lot: Lot, random: Random) -> Lot | None:
    tube = _control(lot)
    if tube is None:
        return None
    share = random.uniform(0.05, 0.3)
    return lot.with_file(own.CONTROL, replace(tube, populations=own.populations(share)))


@UNSAFE("control: missing")
def _missing(lot: Lot, random: Random) -> Lot | None:
    return lot.without(own.CONTROL) if _control(lot) else None


@UNSAFE("control: too few events to show anything")
def _few(lot: Lot, random: Random) -> Lot | None:
    tube = _control(lot)
    if tube is None:
        return None
    few = replace(tube.acquisition, events=random.randint(5, 60))
    return lot.with_file(own.CONTROL, replace(tube, acquisition=few))


@UNSAFE("control: not a list-mode file, or cut off")
def _spoilt(lot: Lot, random: Random) -> Lot | None:
    tube = _control(lot)
    if tube is None:
        return None
    share = random.uniform(0.02, 0.9)
    spoil = random.choice(
        (lambda held: held[: int(len(held) * share)], lambda held: b"JPEG" + held)
    )
    return lot.with_file(own.CONTROL, replace(tube, after=spoil))


@UNSAFE("control: of a gate that there is not, or of another lot")
def _elsewhere(lot: Lot, random: Random) -> Lot | None:
    if _control(lot) is None:
        return None
    stated = [{**lot.manifest["controls"][0], "gate": random.choice(("CD34", "CD117+", "Blasts"))}]
    return lot.saying(controls=stated)


@UNSAFE("control: it counts as a sample")
def _as_sample(lot: Lot, random: Random) -> Lot | None:
    """Without its declaration the tube would be one more of the product's."""
    if _control(lot) is None:
        return None
    return replace(lot, manifest={k: v for k, v in lot.manifest.items() if k != "controls"})


@HARMLESS("count: the same tube acquired with another seed")
def _again(lot: Lot, random: Random) -> Lot | None:
    found = lot.files.get(own.TUBE)
    if not isinstance(found, Tube):
        return None
    seed = replace(found.acquisition, seed=random.randint(1, 10**6))
    return lot.with_file(own.TUBE, replace(found, acquisition=seed))


@HARMLESS("count: more beads and more of them in a test")
def _more(lot: Lot, random: Random) -> Lot | None:
    if "counting" not in lot.manifest:
        return None
    stated = copy.deepcopy(lot.manifest["counting"])
    stated[own.TUBE]["beads"]["lot"] = one_of(random, ("23-102", "24-007"))
    stated[own.TUBE]["beads"]["cv_percent"] = "3"
    return lot.saying(counting=stated)
