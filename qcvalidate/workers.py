"""Does the same work on several things in processes of their own.

Threads would not do: between its short calls into numpy, gating holds the interpreter's lock. Of
twenty list-mode files two threads gated none faster than one, two processes did in half the time.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from qcvalidate import timings

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing.context import BaseContext

Share = TypeVar("Share")
Task = TypeVar("Task")
Result = TypeVar("Result")

# How many tasks for each process are handed in before the first one's result is taken: enough that
# none waits for work, few enough that a long list of results never lies in memory.
_AHEAD = 4
# How a process ends that is of no use any more; nobody asks.
_ENDED = 70

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
    tasks: Iterable[Task],
    jobs: int,
    *,
    loaded: str,
) -> Iterator[Result | None]:
    """Give `work(share, task)` of every task, in their order; None where its worker died twice.

    `work` is a module's own function; it, `share`, tasks and results are sent to other processes
    by pickle. `loaded` is a module that holds what `work` needs, to be imported once. A task whose
    worker is killed, or runs out of memory, is tried once more, with no other beside it. An error
    that `work` raises is raised here. Where the caller stops, by Ctrl-C too, the workers are ended.
    """
    # A twentieth of a second to import, for nothing in most lots.
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415
    from multiprocessing import active_children  # noqa: PLC0415

    begin = partial(
        ProcessPoolExecutor,
        mp_context=_context(loaded),
        initializer=_begin,
        initargs=(work, share, timings.is_on()),
    )
    others = active_children()
    try:
        yield from _results(begin, iter(tasks), jobs)
    finally:
        # None is left where all went well; one in the midst of its work would be waited for.
        for child in [one for one in active_children() if one not in others]:
            child.kill()
            child.join()


def _results(
    begin: Callable[[int], ProcessPoolExecutor], tasks: Iterator[Any], jobs: int
) -> Iterator[Any]:
    """Keep `jobs` processes at work; begin them anew where one of them has died."""
    from concurrent.futures import BrokenExecutor  # noqa: PLC0415

    handed: deque[tuple[Any, Future[Any]]] = deque()
    pool = begin(jobs)
    try:
        while True:
            for task in islice(tasks, jobs * _AHEAD - len(handed)):
                handed.append((task, _handed_in(pool, task)))
            if not handed:
                return
            task, future = handed.popleft()
            try:
                with timings.stage("wait"):
                    result = _result_of(future)
            except BrokenExecutor:
                pool.shutdown()
                # Whose work it was is not told: what is not done by now is done one by one.
                for each in [(task, future), *handed]:
                    yield _done_alone(begin, *each)
                handed.clear()
                pool = begin(jobs)
            else:
                yield result
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _handed_in(pool: ProcessPoolExecutor, task: Any) -> Future[Any]:
    """Hand in a task; a pool that is broken by now takes none, which is told as its result.

    So is it where the system begins no process more, or what begins them was killed.
    """
    from concurrent.futures import BrokenExecutor, Future  # noqa: PLC0415

    try:
        return pool.submit(_work, task)
    except (BrokenExecutor, OSError, EOFError) as error:
        broken: Future[Any] = Future()
        broken.set_exception(BrokenExecutor(str(error)))
        return broken


def _result_of(future: Future[Any]) -> Any:
    result, spent = future.result()
    timings.add(spent)
    return result


def _done_alone(begin: Callable[[int], ProcessPoolExecutor], task: Any, future: Future[Any]) -> Any:
    """Give a task's result; where its pool broke before it had one, by one worker of its own."""
    from concurrent.futures import BrokenExecutor  # noqa: PLC0415

    try:
        return _result_of(future)
    except BrokenExecutor:
        pass
    with begin(1) as pool:
        try:
            return _result_of(_handed_in(pool, task))
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


def _begin(work: Callable[[Any, Any], Any], share: Any, is_timed: bool) -> None:
    """Make a worker ready; it leaves Ctrl-C to the process that the person talks to."""
    if is_timed:
        timings.start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _given[:] = [work, share]


def _end_with_parent() -> None:
    """End a worker whose program was killed, and which would wait for work for ever."""
    from multiprocessing import parent_process  # noqa: PLC0415

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(_ENDED)


def _work(task: Any) -> tuple[Any, timings.Spent]:
    work, share = _given
    timings.taken()
    try:
        return work(share, task), timings.taken()
    except MemoryError:
        # As if the system had ended it: alone there may be enough.
        os._exit(_ENDED)
