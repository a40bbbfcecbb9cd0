"""Refuses an environment in which pandera would not check what we ask it to check."""

from __future__ import annotations

from collections.abc import Mapping

from qcvalidate.errors import UsageError

# A value that pandera takes as its default, for each of its variables that could disarm a check.
_HARMLESS = {
    "PANDERA_VALIDATION_ENABLED": ("True",),
    "PANDERA_VALIDATION_DEPTH": ("SCHEMA_AND_DATA",),
    # Another backend need not know the checks that we hand to this one.
    "PANDERA_USE_NARWHALS_BACKEND": ("False", "false", "0", ""),
}


def refuse_disabled_checks(environment: Mapping[str, str]) -> None:
    """Refuse to run where the environment switches pandera off: everything would pass.

    Call it before pandera is imported, which reads these variables once, and fails at some.
    """
    wrong = [
        f"{name}={environment[name][:80]}"
        for name, harmless in _HARMLESS.items()
        if name in environment and environment[name] not in harmless
    ]
    if wrong:
        raise UsageError(
            f"901 pandera-disabled: {' and '.join(wrong)} would switch checks off; unset "
            f"{'it' if len(wrong) == 1 else 'them'} and run again"
        )
