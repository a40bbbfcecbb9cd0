"""Runs the program: `qcvalidate` and `python -m qcvalidate`."""

from __future__ import annotations

import errno
import gc
import io
import os
import sys
import traceback
from collections.abc import Callable

from qcvalidate.runners import without_commands

_USAGE, _UNREAD, _BUG, _STOPPED = 2, 4, 70, 130  # the first three as in assessment.ExitStatus


def main() -> None:
    """Run the command line; an error that the user can mend is a message, a bug a traceback.

    Python's own status for a program that broke is 1, which here says that a lot failed.
    """
    # Looking for garbage among the quarter of a million objects that a small lot makes, nearly all
    # of them in imports, finds none, and took a tenth of its time.
    gc.set_threshold(300_000, 20, 20)
    # The matrices here have a dozen rows; numpy's library would let a thread for each core wait
    # for larger ones, and burn the core that another process could work on.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # The allocator of pyarrow, which pandas loads where it is installed, starts a thread to tidy
    # up; a process with a second thread is not forked, and other processes take a second to begin.
    os.environ.setdefault("JE_ARROW_MALLOC_CONF", "background_thread:false")
    try:
        _open_streams()
        status = _run()
    except KeyboardInterrupt:
        _say("stopped")
        status = _STOPPED
    except BrokenPipeError:
        status = _undelivered()
    except Exception as error:  # noqa: BLE001 - the one place that turns a bug into its exit status
        if _is_full(error):
            _say("qcvalidate: the output cannot be written (No space left on device)")
            status = _undelivered()
        else:
            _say(traceback.format_exc())
            _say("qcvalidate: this is a bug in qcvalidate; no verdict was made")
            status = _BUG
    # Before it ends, Python looks through all that was ever imported for garbage, a quarter of a
    # second where pandas was. What must be done at the end (atexit, open files) still is.
    gc.freeze()
    sys.exit(status)


def _run() -> int:
    import click  # noqa: PLC0415 - an installation without it must not look like a failed lot

    from qcvalidate.cli import main as commands  # noqa: PLC0415
    from qcvalidate.errors import DocumentError, QCValidateError  # noqa: PLC0415

    try:
        _refuse_lost_folder()
        if "_QCVALIDATE_COMPLETE" in os.environ:
            commands.main(prog_name="qcvalidate")
        # Its own `main` would end with 1 where whoever read the output has closed it.
        with commands.make_context("qcvalidate", sys.argv[1:]) as context:
            commands.invoke(context)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else _BUG if end.code else 0
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.Abort:
        _say("stopped")
        return _STOPPED
    except click.ClickException as error:
        shown = io.StringIO()
        error.show(shown)
        _say(shown.getvalue().rstrip("\n"))
        return _USAGE
    except DocumentError as error:
        _say(f"qcvalidate: {error} ({error.slug})")
        return _UNREAD
    except QCValidateError as error:
        _say(f"qcvalidate: {error}")
        return _USAGE
    return 0


def _is_full(error: Exception) -> bool:
    """Say whether a stream took nothing more; a file that is full has a name."""
    return isinstance(error, OSError) and error.errno == errno.ENOSPC and error.filename is None


def _open_streams() -> None:
    """Give the program its three streams where the caller has closed one.

    A file that is opened next would otherwise take the closed stream's number, and whatever a
    library prints would go into it.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123
        elif mode == "w" and hasattr(stream, "reconfigure"):
            # What a terminal cannot show must not end the run.
            stream.reconfigure(errors="backslashreplace")


def _refuse_lost_folder() -> None:
    from qcvalidate.errors import UsageError  # noqa: PLC0415

    try:
        os.getcwd()  # noqa: PTH109
    except OSError as error:
        raise UsageError(
            f"the folder that you are in is no longer there ({error.strerror}); change to another"
        ) from error


def _undelivered() -> int:
    """End where whoever read the output has closed it, `head` for instance: nobody saw a verdict.

    Python flushes once more at the end, which must find an open stream.
    """
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(nothing, stream.fileno())
    return _USAGE


def _say(message: str) -> None:
    _told(lambda: print(without_commands(message), file=sys.stderr, flush=True))


def _told(tell: Callable[[], object]) -> None:
    """Tell on standard error, if it takes any; the exit status says it as well."""
    try:
        tell()
    except OSError:
        _undelivered()


if __name__ == "__main__":
    main()
