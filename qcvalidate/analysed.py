"""Answers tests from the populations that an analysed export reports, as the specification maps.

No name is guessed: a population answers a test where the specification names its whole path, and
the path of the population that it is a share of.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from qcvalidate.frames import Observation, observations
from qcvalidate.readers.counting import counted_share
from qcvalidate.record import Finding, Record, Reported, Severity, State
from qcvalidate.specification import Specification

Path = tuple[str, ...]


def answered(record: Record, specification: Specification) -> Record:
    """Add an observation for each test that a sample's populations answer.

    What they cannot answer is said of that sample; a test without an answer is missing, and its
    criterion says so.
    """
    if not record.reported:
        return record
    told = {name: list(found) for name, found in (record.samples or {}).items()}
    rows: list[Observation] = []
    for sample in dict.fromkeys(one.sample for one in record.reported):
        known = {one.path: one for one in record.reported if one.sample == sample}
        wanted = {
            test: pair for test, pair in specification.populations.items() if pair[1] in known
        }
        if not wanted:
            told[sample].append(_unmapped(record, sample, known, specification))
        for test, (of, what) in wanted.items():
            found = _answer(test, known, of, what)
            if isinstance(found, Observation):
                rows.append(found)
            else:
                told[sample].append(found)
    frame = observations(rows)
    whole = frame if record.observations.empty else pd.concat([record.observations, frame])
    return replace(
        record,
        observations=whole.reset_index(drop=True),
        samples={name: tuple(found) for name, found in told.items()},
    )


def _answer(
    test: str, known: Mapping[Path, Reported], of: Path, what: Path
) -> Observation | Finding:
    one, base = known[what], known.get(of)
    if what[: len(of)] != of or what == of:
        message = f"{_named(what)} does not lie within {_named(of)}, so it is no share of it"
        return _finding("population-missing", test, message, one)
    counted = base is not None and base.count is not None and one.count is not None
    share = next((share for share in one.shares if share.of == of), None)
    if counted and base is not None and base.count == 0:
        message = f"{_named(of)} holds no events, and a share of nothing is not 0 %"
        return _finding("population-not-evaluable", test, message, one)
    if counted and base is not None and base.count and one.count is not None:
        if one.count <= base.count:
            return _counted(test, one, base, one.count, base.count)
        message = one.doubt or f"{_named(what)} has more events than {_named(of)}"
        return _finding("field-conflict", test, message, one)
    if share is not None:
        return Observation(
            test=test,
            result=share.text,
            source=one.place.path,
            sample_id=one.sample,
            method=f"% of {_plain(of)}",
            lower=share.percent,
            upper=share.percent,
            unit="%",
            measured_at=one.measured_at,
            region=one.place.region,
            state=(State.CONFLICT if one.doubt else State.CONFIRMED).value,
        )
    return _unanswered(test, known, of, what)


def _counted(test: str, one: Reported, base: Reported, count: int, total: int) -> Observation:
    share = counted_share(count, total)
    doubtful = one.doubt or base.doubt
    return Observation(
        test=test,
        result=share.text,
        source=one.place.path,
        sample_id=one.sample,
        method=f"% of {_plain(base.path)}",
        lower=share.percent,
        upper=share.percent,
        unit="%",
        measured_at=one.measured_at,
        numerator=count,
        denominator=total,
        ci_low=share.low,
        ci_high=share.high,
        region=one.place.region,
        state=(State.CONFLICT if doubtful else State.CONFIRMED).value,
    )


def _unanswered(test: str, known: Mapping[Path, Reported], of: Path, what: Path) -> Finding:
    """Say why a population that is there gives no share of the one that is asked."""
    one = known[what]
    if one.doubt:
        return _finding("field-conflict", test, one.doubt, one)
    if one.shares:
        others = " and ".join(f"{share.text} of {_plain(share.of)}" for share in one.shares)
        message = (
            f"{_named(what)} is reported as {others}, and is asked in % of {_plain(of)}; export "
            "the counts of both, or that share"
        )
        return _finding("share-of-other-parent", test, message, one)
    if of in known and known[of].count is None and one.count is None:
        message = f"the counts of {_named(what)} and of {_named(of)} are not there"
        return _finding("population-not-evaluable", test, message, one)
    absent = what if one.count is None else of
    message = f"the count of {_named(absent)} is not there, so that there is no share"
    return _finding("population-not-evaluable", test, message, one)


def _unmapped(
    record: Record, sample: str, known: Mapping[Path, Reported], specification: Specification
) -> Finding:
    place = next(iter(known.values())).place
    shown = _listed([_plain(path) for path in known if path])
    message = (
        f"{record.source.path}: none of the populations of sample “{sample}” ({shown}) is one that "
        f"{specification.identity.id} maps to a test; it answers nothing"
    )
    return Finding("population-missing", Severity.HOLD, message, place)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    return ", ".join(names[:6]) + more if names else "it has none"


def _finding(slug: str, test: str, message: str, one: Reported) -> Finding:
    return Finding(
        slug, Severity.HOLD, f"{one.place}: {test} cannot be answered: {message}", one.place
    )


def _named(path: Path) -> str:
    return f"“{'/'.join(path)}”" if path else "all events"


def _plain(path: Path) -> str:
    return "/".join(path) or "all events"
