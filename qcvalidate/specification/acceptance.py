"""What a limit may say, and how it is said."""

from __future__ import annotations

from dataclasses import dataclass

# What a limit may say; `criteria.py` gives each its meaning. The words are for the report.
VERBS = {
    "at_least": "at least {}",
    "more_than": "more than {}",
    "at_most": "at most {}",
    "less_than": "less than {}",
    "within": "{} to {}",
    "one_of": "{}",
}
UPPER_LIMITS = ("at_most", "less_than")
LOWER_LIMITS = ("at_least", "more_than")


@dataclass(frozen=True)
class Acceptance:
    """One verb with its limits as written; their digits decide the rounding."""

    verb: str
    limits: tuple[str, ...]

    def words(self, unit: str | None) -> str:
        """Say the limit as a person would: `at least 70 %`."""
        shown = [" or ".join(self.limits)] if self.verb == "one_of" else list(self.limits)
        text = VERBS[self.verb].format(*shown)
        return f"{text} {unit}" if unit else text
