"""Runs the program: `qcvalidate` and `python -m qcvalidate`."""

from __future__ import annotations

import gc
import sys
import traceback

import click

from qcvalidate.cli import main as commands
from qcvalidate.errors import DocumentError, QCValidateError

_USAGE, _UNREAD, _BUG = 2, 4, 70  # as in assessment.ExitStatus


def main() -> None:
    """Run the command line; an error that the user can mend is a message, a bug a traceback."""
    # Looking for garbage among the half million objects that pandas brings finds none, and took
    # a tenth of the time of a small lot.
    gc.set_threshold(100_000, 20, 20)
    for stream in (sys.stdout, sys.stderr):
        # What a terminal cannot show must not end the run.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        sys.exit(commands.main(prog_name="qcvalidate", standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(_USAGE)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        sys.exit(130)
    except DocumentError as error:
        click.echo(f"qcvalidate: {error} ({error.slug})", err=True)
        sys.exit(_UNREAD)
    except QCValidateError as error:
        click.echo(f"qcvalidate: {error}", err=True)
        sys.exit(_USAGE)
    except BrokenPipeError:
        # Whoever read the output has closed it, `head` for instance: no verdict was delivered.
        sys.stderr.close()
        sys.exit(_USAGE)
    except Exception:  # noqa: BLE001 - the one place that turns a bug into its exit status
        traceback.print_exc()
        click.echo("qcvalidate: this is a bug in qcvalidate; no verdict was made", err=True)
        sys.exit(_BUG)


if __name__ == "__main__":
    main()
