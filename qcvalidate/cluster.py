"""Judges lots on the workers of a Dask cluster, with the outcome that one process gives.

A task is a group of lots, so small that no worker waits for the last one at the end and so large
that the scheduler's share is nothing. It is pure and named by the fingerprints of its lots, so that
it may be done again wherever a worker died. What a worker may judge, `errands` says; a lot that has
no fingerprint is judged here.
"""

from __future__ import annotations

import hashlib
import math
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qcvalidate.assessing import Laboratory, Options, assess_submission, lost
from qcvalidate.assessment import Assessment
from qcvalidate.errands import (
    Judged,
    Lot,
    Terms,
    Unfit,
    Unjudged,
    carried_out,
    lot_of,
    terms,
)
from qcvalidate.errors import UsageError
from qcvalidate.scheduling import LOCAL, Cluster, connected, refused
from qcvalidate.submission import Submission

if TYPE_CHECKING:
    from distributed import Future

# What a task should take, in seconds, and the most lots of one: the scheduler needs a thousandth of
# a second for each task, whatever is in it.
_SECONDS, _MOST = 0.4, 200
# How many tasks for each worker are handed in before the first one's result is taken.
_AHEAD = 8


def on_cluster(
    submissions: Sequence[Submission], laboratory: Laboratory, options: Options
) -> Iterator[Assessment]:
    """Judge these lots on the workers of the scheduler that the options name, in their order.

    A lot whose workers died again and again is held, and none of the others is lost. `UsageError`
    where there is no scheduler, no worker, or one that might judge otherwise than this program.
    """
    if all(one.problem is not None for one in submissions):
        yield from (assess_submission(one, laboratory, options) for one in submissions)
        return
    asked = terms(laboratory, options)
    with connected(options.scheduler or LOCAL, options.jobs) as cluster:
        cluster.refuse_unfit_workers(asked.installed)
        run = _Run(cluster, laboratory, options, asked, len(submissions))
        try:
            yield from run.assessments(submissions)
        finally:
            run.stop()


@dataclass
class _Group:
    """Lots of one task; without `lots` it is one for this process to judge."""

    submissions: tuple[Submission, ...]
    lots: tuple[Lot, ...] = ()
    keys: tuple[str, ...] = ()
    future: Future[Any] | None = None


@dataclass
class _Run:
    """What is under way: the groups that were handed in, and what a lot costs so far."""

    cluster: Cluster
    laboratory: Laboratory
    options: Options
    terms: Terms
    remaining: int
    handed: deque[_Group] = field(default_factory=deque)
    seconds_of_lot: float | None = None

    def assessments(self, submissions: Sequence[Submission]) -> Iterator[Assessment]:
        groups = self._groups(submissions)
        while True:
            self.cluster.look()
            while len(self.handed) < max(1, self.cluster.workers) * _AHEAD:
                group = next(groups, None)
                if group is None:
                    break
                self._hand_in(group)
            if not self.handed:
                return
            group = self.handed.popleft()
            yield from self._assessed(group)

    def stop(self) -> None:
        """Take back what nobody will ask for any more."""
        self.cluster.take_back(one.future for one in self.handed if one.future is not None)

    def _groups(self, submissions: Sequence[Submission]) -> Iterator[_Group]:
        """Take the fingerprints of lots and put them together, as many as are worth a task."""
        made = _Group(())
        for submission in submissions:
            ready = lot_of(submission, self.terms)
            self.remaining -= 1
            if ready is not None:
                lot, key = ready
                made = _Group((*made.submissions, submission), (*made.lots, lot), (*made.keys, key))
            if made.lots and (ready is None or len(made.lots) >= self._size()):
                yield made
                made = _Group(())
            if ready is None:
                yield _Group((submission,))
        if made.lots:
            yield made

    def _size(self) -> int:
        if self.seconds_of_lot is None:
            return 1
        worth = int(_SECONDS / max(self.seconds_of_lot, 1e-6))
        # Towards the end every worker should have its share.
        share = math.ceil(self.remaining / (4 * max(1, self.cluster.workers)))
        return max(1, min(worth, share, _MOST))

    def _hand_in(self, group: _Group, name: str = "lots") -> None:
        if group.lots:
            group.future = self._submitted(group.lots, group.keys, name)
        self.handed.append(group)

    def _submitted(self, lots: Sequence[Lot], keys: Sequence[str], name: str) -> Future[Any]:
        of = hashlib.sha256("".join(keys).encode("ascii")).hexdigest()
        return self.cluster.submit(f"{name}-{of}", carried_out, lots, self.terms)

    def _assessed(self, group: _Group) -> Iterator[Assessment]:
        from distributed import KilledWorker  # noqa: PLC0415

        if group.future is None:
            yield self._assessed_here(group.submissions[0])
            return
        try:
            found = self._result(group.future)
        except KilledWorker:
            # Which of them it was is not told, nor whether it was one of these at all.
            found = [Unjudged()] * len(group.lots)
        group.future = None
        for at, one in enumerate(found):
            if isinstance(one, Unjudged) and one.reason is None:
                one = self._judged_alone(group.lots[at], group.keys[at])  # noqa: PLW2901
            yield one if isinstance(one, Assessment) else self._held(group.submissions[at], one)

    def _assessed_here(self, submission: Submission) -> Assessment:
        try:
            return assess_submission(submission, self.laboratory, self.options)
        except MemoryError:
            return lost(submission, self.options)

    def _judged_alone(self, lot: Lot, key: str) -> Assessment | Unjudged:
        """Judge a lot while no other is under way, so that it dies of itself if it dies."""
        from distributed import KilledWorker  # noqa: PLC0415

        for one in self.handed:
            if one.future is not None:
                self.cluster.wait_for(one.future)
        try:
            (found,) = self._result(self._submitted([lot], [key], "alone"))
        except KilledWorker:
            return Unjudged()
        return found

    def _held(self, submission: Submission, why: Unjudged) -> Assessment:
        if why.reason is None:
            told = (
                "every worker that judged this lot was ended or ran out of memory; nothing of it "
                "was judged. Give the workers more memory, or check it by itself with --jobs 1"
            )
        else:
            told = f"nothing of this lot was judged: {why.reason}"
        return lost(submission, self.options, told)

    def _result(self, future: Future[Any]) -> Sequence[Assessment | Unjudged]:
        self.cluster.wait_for(future)
        found = future.result()
        if isinstance(found, Unfit):
            raise UsageError(refused([f"a worker on {found.machine} {found.reason}"]))
        assert isinstance(found, Judged)  # noqa: S101 - nothing else is sent back
        each = found.seconds / len(found.lots)
        before = self.seconds_of_lot
        self.seconds_of_lot = each if before is None else 0.8 * before + 0.2 * each
        return found.lots
