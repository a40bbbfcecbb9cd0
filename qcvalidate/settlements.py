"""Remembers what limits say of evidence, so that very many lots ask pandera once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from qcvalidate.criteria import Settled, compile_limit
from qcvalidate.judging import Asked, Bounds, evidence_frame


class Settlements:
    """What each limit said of each distinct row of evidence.

    It is a `judging.Settle`: what it has not heard of yet it asks pandera, in one frame. What a
    limit says depends on nothing but these values.
    """

    def __init__(self) -> None:
        self._said: dict[Asked, dict[Bounds, Settled]] = {}

    def __call__(self, asked: Asked, bounds: Sequence[Bounds]) -> list[Settled]:
        """Say of each row of evidence what it says about a limit."""
        if not bounds:
            raise ValueError("no evidence: absence is decided before a limit is asked")
        said = self._said.setdefault(asked, {})
        new = [one for one in dict.fromkeys(bounds) if one not in said]
        if new:
            said.update(self._settled(asked, new))
        return [said[one] for one in bounds]

    def ask(self, questions: Iterable[tuple[Asked, Bounds]]) -> None:
        """Ask about many rows of evidence at once, a frame for each limit."""
        gathered: dict[Asked, list[Bounds]] = defaultdict(list)
        for asked, bounds in questions:
            gathered[asked].append(bounds)
        for asked, several in gathered.items():
            self(asked, several)

    @staticmethod
    def _settled(asked: Asked, new: Sequence[Bounds]) -> dict[Bounds, Settled]:
        settled = compile_limit(*asked).settle(evidence_frame(new))
        return dict(zip(new, settled, strict=True))
