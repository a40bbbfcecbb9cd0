"""Hands work to the workers of a Dask cluster, each of which must be this very installation.

A run ends where its scheduler goes, or where nobody works for it any more; it never waits for ever.
"""

from __future__ import annotations

import hashlib
import logging
import math
import pickle
import platform
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from qcvalidate.errands import here, one_at_a_time, unfit
from qcvalidate.errors import UsageError
from qcvalidate.installed import Installed, installed

if TYPE_CHECKING:
    from distributed import Client, Future

Share = TypeVar("Share")
Task = TypeVar("Task")
Result = TypeVar("Result")

LOCAL = "local"

# In seconds: until a scheduler must answer; how often is looked who works there; how long a run
# waits for a first worker, and for another when the last has gone.
_ANSWER, _LOOK, _PATIENCE = 30, 5, 120
# An error, such as of a disk that hesitates, is asked for once more before it is one.
_RETRIES = 1
# How many tasks for each worker are handed in before the first one's result is taken.
_AHEAD = 2

# What the last task on this worker was given besides itself, and its hash.
_unpacked: list[tuple[str, Any]] = []


@dataclass
class Cluster:
    """A scheduler that this process is connected to, and how many work for it."""

    client: Client
    address: str
    workers: int = 1
    looked: float = -math.inf
    deserted: float | None = None

    def refuse_unfit_workers(self, wanted: Installed) -> None:
        """Refuse a cluster with a worker that might judge otherwise, before anything is judged."""
        try:
            self.client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            raise UsageError(
                f"--scheduler: the scheduler has had no worker for {_PATIENCE} seconds; start one "
                "with `dask worker ADDRESS`"
            ) from error
        answers = self.client.run(here, on_error="return")
        told = []
        for worker, answer in sorted(answers.items()):
            if isinstance(answer, BaseException):
                problem = f"{type(answer).__name__}: {answer}"
                told.append(f"{worker} cannot run this qcvalidate ({problem})")
            else:
                reason = unfit(answer, wanted)
                told += [] if reason is None else [f"{worker} {reason}"]
        if told:
            raise UsageError(refused(told))

    def submit(self, name: str, function: Callable[..., Result], *given: object) -> Future[Result]:
        """Hand in a task; `name` says what it is of, for it may be done again elsewhere."""
        key = f"qcvalidate-{name}"
        future: Future[Result] = self.client.submit(function, *given, key=key, retries=_RETRIES)
        return future

    def take_back(self, futures: Iterable[Future[Any]]) -> None:
        """Take back what nobody will ask for any more."""
        several = list(futures)
        if several and self.client.status == "running":
            self.client.cancel(several)

    def wait_for(self, future: Future[Any]) -> None:
        """Wait until a task is done or lost, and not for ever where nobody works any more."""
        while not future.done():
            try:
                future.exception(timeout=_LOOK)
            except TimeoutError:
                self.look()
            except CancelledError:
                break
            except OSError as error:
                raise UsageError(self.gone()) from error
        if future.cancelled():
            raise UsageError(self.gone())

    def look(self) -> None:
        """See how many workers there are, every now and then."""
        now = time.monotonic()
        if now - self.looked < _LOOK:
            return
        self.looked = now
        try:
            self.workers = len(self.client.nthreads())
        except (OSError, TimeoutError) as error:
            raise UsageError(self.gone()) from error
        if self.workers:
            self.deserted = None
        elif self.deserted is None:
            self.deserted = now
        elif now - self.deserted > _PATIENCE:
            raise UsageError(
                f"{self.address}: has had no worker for {_PATIENCE} seconds; the lots "
                "that were not told are not judged"
            )

    def gone(self) -> str:
        """Say that a run ends without its scheduler."""
        return f"{self.address}: the scheduler has gone; the lots that were not told are not judged"


@contextmanager
def connected(address: str, jobs: int) -> Iterator[Cluster]:
    """Connect to a scheduler, or begin one here with a worker for each of the jobs (`LOCAL`)."""
    try:
        import dask.config  # noqa: PLC0415 - an extra, and half a second
    except ModuleNotFoundError as error:
        raise UsageError(
            "--scheduler needs Dask; install it with pip install 'qcvalidate[cluster]'"
        ) from error
    # What matters of it comes as an error, or as the reason why a lot is held.
    quiet = {"distributed": "critical", "distributed.client": "critical", "tornado": "critical"}
    dask.config.set({"logging": quiet | dask.config.get("logging", {})})
    from distributed import Client, LocalCluster  # noqa: PLC0415

    if address == LOCAL:
        with (
            dask.config.set({"distributed.scheduler.allowed-failures": 1}),
            LocalCluster(
                n_workers=jobs,
                threads_per_worker=1,
                dashboard_address=None,
                silence_logs=logging.CRITICAL,
            ) as cluster,
            Client(cluster, set_as_default=False) as client,
        ):
            yield Cluster(client, address)
        return
    try:
        client = Client(address, timeout=_ANSWER, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise UsageError(f"{address}: no scheduler answers ({error})") from error
    with client:
        yield Cluster(client, address)


def refused(told: list[str]) -> str:
    """Say why no worker of this cluster is asked."""
    more = f"; and {len(told) - 3} more" if len(told) > 3 else ""
    return (
        f"--scheduler: {'; '.join(told[:3])}{more}. Such a worker may judge otherwise than this "
        "program; run client and workers from one image, and start again"
    )


def on_workers(
    work: Callable[[Share, Task], Result],
    share: Share,
    tasks: Iterable[Task],
    address: str,
    jobs: int,
) -> Iterator[Result | None]:
    """Give `work(share, task)` of every task, in their order, as `workers.in_processes` does.

    None where each worker that tried died, or had no memory left. `work` must give the same when it
    is done again; the files that it reads and writes lie where every machine sees them.
    """
    wanted = installed()
    if wanted is None:
        raise UsageError("--scheduler: qcvalidate changed since the program began; start again")
    packed = pickle.dumps(share)
    digest = hashlib.sha256(packed).hexdigest()
    with connected(address, jobs) as cluster:
        cluster.refuse_unfit_workers(wanted)
        # Sent once, and not with every task. The scheduler keeps it, and gives it to a worker that
        # comes later, or after the one that had it died.
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Sending large graph", UserWarning)
            sent = cluster.submit(f"share-{digest}", _itself, packed)
        given = (work, sent, digest, wanted)
        handed: deque[Future[Result]] = deque()
        left = iter(tasks)
        try:
            while True:
                cluster.look()
                # There may be fewer workers than when the last task was handed in.
                room = cluster.workers * _AHEAD - len(handed)
                for task in islice(left, max(room, 0 if handed else 1)):
                    of = hashlib.sha256(pickle.dumps((digest, task))).hexdigest()
                    name = f"{work.__name__.strip('_')}-{of}"
                    handed.append(cluster.submit(name, _done, *given, task))
                if not handed:
                    return
                yield _result(cluster, handed.popleft())
        finally:
            cluster.take_back(handed)


def _result(cluster: Cluster, future: Future[Result]) -> Result | None:
    from distributed import KilledWorker  # noqa: PLC0415

    cluster.wait_for(future)
    try:
        return future.result()
    except (KilledWorker, MemoryError):
        return None
    except CancelledError as error:
        raise UsageError(cluster.gone()) from error


def _itself(packed: bytes) -> bytes:
    return packed


def _done(
    work: Callable[[Any, Task], Result], packed: bytes, digest: str, wanted: Installed, task: Task
) -> Result:
    """Do one task on a worker; one that is unfit for it does none."""
    with one_at_a_time:
        reason = unfit(here(), wanted)
        if reason is not None:
            raise UsageError(refused([f"a worker on {platform.node()} {reason}"]))
        if not _unpacked or _unpacked[0][0] != digest:
            _unpacked[:] = [(digest, pickle.loads(packed))]  # noqa: S301 - the client's own
        return work(_unpacked[0][1], task)
