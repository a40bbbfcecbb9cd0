"""Does the same work on several things in processes of their own.

Threads would not do: between its short calls into numpy, gating holds the interpreter's lock. Of
twenty list-mode files two threads gated none faster than one, two processes did in half the time.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing.context import BaseContext

Share = TypeVar("Share")
Task = TypeVar("Task")
Result = TypeVar("Result")

# What every worker was given when it started, so that no task brings it along.
_given: list[Any] = []


def cores() -> int:
    """Give the number of cores that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_processes(
    work: Callable[[Share, Task], Result],
    share: Share,
    tasks: Sequence[Task],
    jobs: int,
    *,
    loaded: str,
) -> Iterator[Result | None]:
    """Give `work(share, task)` of every task, in their order; None where its worker died twice.

    `work` is a module's own function; it, `share`, tasks and results are sent to other processes
    by pickle. `loaded` is a module that holds what `work` needs, to be imported once. A task whose
    worker is killed, or runs out of memory, is tried once more, with no other beside it. An error
    that `work` raises is raised here.
    """
    # A twentieth of a second to import, for nothing in most lots.
    from concurrent.futures import BrokenExecutor, ProcessPoolExecutor  # noqa: PLC0415

    context = _context(loaded)
    pool = partial(
        ProcessPoolExecutor, mp_context=context, initializer=_begin, initargs=(work, share)
    )
    with pool(min(jobs, len(tasks))) as workers:
        running = [_begun(workers, task) for task in tasks]
        for future, task in zip(running, tasks, strict=True):
            try:
                yield future.result()
            except BrokenExecutor:
                yield _alone(pool, task)
            except BaseException:
                workers.shutdown(wait=False, cancel_futures=True)
                raise


def _begun(workers: ProcessPoolExecutor, task: Any) -> Future[Any]:
    """Hand in a task; a pool that is broken by now takes none, which is told as its result."""
    from concurrent.futures import BrokenExecutor, Future  # noqa: PLC0415

    try:
        return workers.submit(_work, task)
    except BrokenExecutor as error:
        broken: Future[Any] = Future()
        broken.set_exception(error)
        return broken


def _alone(pool: Callable[[int], ProcessPoolExecutor], task: Any) -> Any:
    from concurrent.futures import BrokenExecutor  # noqa: PLC0415

    with pool(1) as worker:
        try:
            return worker.submit(_work, task).result()
        except BrokenExecutor:
            return None


def _context(loaded: str) -> BaseContext:
    """Fork where that is safe; a second for a new interpreter and its imports is saved.

    A process with another thread, OCR leaves some behind, might be copied while that thread holds
    a lock; so it forks from a server, or starts afresh.
    """
    import multiprocessing  # noqa: PLC0415

    if _is_single_threaded():
        importlib.import_module(loaded)
        return multiprocessing.get_context("fork")
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([loaded])
    return context


def _is_single_threaded() -> bool:
    """Ask the system, for a library's own threads are unknown to Python."""
    try:
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208 - a count is all
    except OSError:
        return False


def _begin(work: Callable[[Any, Any], Any], share: Any) -> None:
    """Make a worker ready; it leaves Ctrl-C to the process that the person talks to."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _given[:] = [work, share]


def _work(task: Any) -> Any:
    work, share = _given
    return work(share, task)
