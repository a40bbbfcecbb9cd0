"""Holds what an analysis or a certificate reports against what the raw events give.

Where a lot has both the list-mode file and somebody's numbers from it, the recomputed ones judge
and the reported ones stand beside them. Software bins before it gates, so that a specification
says how far the two may lie apart; what lies further apart holds the lot.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal

from qcvalidate.figures import plain
from qcvalidate.frames import Observation
from qcvalidate.manifest import Manifest
from qcvalidate.origins import (
    AnalysedSample,
    RawFile,
    analysed_samples,
    differences,
    paired,
    raw_files,
)
from qcvalidate.record import Finding, Record, Reported, Role, Severity, Share, State, Status
from qcvalidate.specification import Specification
from qcvalidate.sufficiency import place_of
from qcvalidate.supersession import current
from qcvalidate.vocabulary import Vocabulary

Path = tuple[str, ...]

_QUOTIENT = Context(prec=12)
# Up to here binning, or a gate that was moved a little, is likelier than another gate.
_SLIGHT = Decimal(2)
# What else may differ is listed behind the first ones.
_MOST = 4
# A tube is acquired in minutes, and programs stamp its beginning or its end.
_SAME_TIME = dt.timedelta(minutes=15)
# Viability is often counted beside the cytometer; only what says that it was not is held.
_BY_FLOW = ("flow", "facs", "cytom", "citom", "zytom", "durchfluss", "7-aad", "7aad", "ishage")
_NOT_BY_FLOW = (
    "imag",
    "bild",
    "counter",
    "trypan",
    "haemocyto",
    "hemocyto",
    "microscop",
    "elisa",
    "pcr",
)


@dataclass(frozen=True)
class Concordance:
    """What is to be told, and which observations agree with recomputed ones of their tests."""

    findings: tuple[Finding, ...] = ()
    beside: frozenset[Observation] = frozenset()


def concordance(
    records: Sequence[Record],
    supporting: Sequence[Observation],
    manifest: Manifest,
    specification: Specification,
    vocabulary: Vocabulary,
) -> Concordance:
    """Hold every reported count and share of this lot against the raw events.

    `supporting` are the lot's own observations that still count.
    """
    counting, _ = current(records)
    files = raw_files(counting, manifest)
    if not files:
        return Concordance()
    within = specification.count_tolerance
    samples = analysed_samples(counting, manifest)
    pairs = paired(samples, files)
    findings: list[Finding] = []
    settled: dict[tuple[str, str | None], bool] = {}
    for sample in samples:
        raw = pairs.get((sample.record.source.path, sample.name))
        if raw is not None:
            found = list(_held(sample, raw, within))
            findings += found
            settled[sample.record.source.path, sample.name] = all(
                one.severity is not Severity.HOLD for one in found
            )
    recomputed = _recomputed(supporting, files)
    said, beside = _tests(supporting, recomputed, (specification, vocabulary), settled, counting)
    return Concordance((*findings, *said), beside)


# --- population by population ---------------------------------------------------------------


def _held(sample: AnalysedSample, raw: RawFile, within: Decimal) -> Iterator[Finding]:
    """Hold the populations of one sample against those of its file."""
    other = differences(sample.file, raw)
    if other:
        message = (
            f"{sample.said}: is not of the list-mode file that is here: {'; '.join(other)}. Put "
            "the file that was analysed into the lot folder, or have this one analysed"
        )
        yield Finding("analysis-of-other-file", Severity.HOLD, message, sample.place)
        return
    wrong: list[Path] = []
    agreed = []
    for path in sorted(set(sample.populations) & set(raw.counts), key=len):
        if not path:
            continue
        one = sample.populations[path]
        fault = _fault(one, raw, within)
        if fault is None:
            agreed += [path] if one.count is not None or one.shares else []
            continue
        # What lies in a population that differs differs with it.
        if not any(path[: len(above)] == above for above in wrong):
            yield Finding("counts-disagree", Severity.HOLD, f"{one.place}: {fault}", one.place)
        wrong.append(path)
    if agreed and not wrong:
        message = (
            f"{sample.said}: {len(agreed)} of its populations agree with the events of {raw.path} "
            f"within {plain(within)} %, {_named(agreed[0])} among them"
        )
        yield Finding("counts-agree", Severity.INFORMATION, message, sample.place)
    elif not wrong:
        message = (
            f"{sample.said}: none of its populations has a count or share that could be held "
            f"against a gate on {raw.path}; name gates and populations alike"
        )
        yield Finding("counts-not-compared", Severity.WARNING, message, sample.place)


def _fault(one: Reported, raw: RawFile, within: Decimal) -> str | None:
    """Say where a population's count, or else a share, is not that of the raw events."""
    count = raw.counts[one.path]
    if one.count is not None:
        if abs(one.count - count) <= allowed(count, within):
            return None
        return (
            f"{_named(one.path)} is reported with {one.count} events; {raw.path} gives {count} "
            f"({_apart(Decimal(one.count), Decimal(count))}, and {plain(within)} % is allowed). "
            f"Likely: {_cause(one, raw, Decimal(one.count), Decimal(count))}"
        )
    for share in one.shares:
        base = raw.counts.get(share.of)
        if not base:
            continue
        exact = _QUOTIENT.divide(Decimal(100 * count), Decimal(base))
        if share_agrees(share.percent, exact, within):
            continue
        return (
            f"{_named(one.path)} is reported as {share.text} of {_named(share.of)}; {raw.path} "
            f"gives {exact:.3f} % ({count} of {base}; {_apart(share.percent, exact)}, and "
            f"{plain(within)} % is allowed). Likely: {_of_other(one, share, raw, within)}"
        )
    return None


def allowed(count: int, within: Decimal) -> Decimal:
    """Give how many events a reported count may lie off; one event may lie on a bin's edge.

    >>> allowed(20000, Decimal("0.5")), allowed(60, Decimal("0.5"))
    (Decimal('100.000'), Decimal('1'))
    """
    return max(Decimal(count) * within.scaleb(-2), Decimal(1))


def share_agrees(printed: Decimal, exact: Decimal, within: Decimal) -> bool:
    """Say whether a printed percentage, as exact as it is printed, lies within of a counted one.

    >>> share_agrees(Decimal("0.5"), Decimal("0.537"), Decimal("0.5"))
    True
    """
    return _meets(printed, printed, exact, within)


def _meets(lower: Decimal, upper: Decimal, exact: Decimal, within: Decimal) -> bool:
    allowance = exact * within.scaleb(-2)
    return lower - _half(lower) - allowance <= exact <= upper + _half(upper) + allowance


def _half(printed: Decimal) -> Decimal:
    """Give half of the last printed digit: what rounding may have taken or added."""
    exponent = printed.as_tuple().exponent
    return Decimal((0, (5,), exponent - 1)) if isinstance(exponent, int) else Decimal(0)


def _apart(reported: Decimal, recomputed: Decimal) -> str:
    if not recomputed:
        return "where there is none"
    relative = _QUOTIENT.divide(100 * abs(reported - recomputed), recomputed)
    return f"{relative:.2f} % apart"


def _cause(one: Reported, raw: RawFile, reported: Decimal, recomputed: Decimal) -> str:
    if not reported:
        return "the software never computed it"
    if recomputed and abs(reported - recomputed) * 100 <= _SLIGHT * recomputed:
        return "the software bins before it gates, or the gate was moved a little"
    above = one.path[:-1]
    same = [path for path, count in raw.counts.items() if one.count == count and path]
    if same:
        return f"another population: {_named(same[0])} has as many events"
    if raw.uncompensated:
        return "another compensation (the raw events were gated without one), or other gates"
    inside = f" in {_named(above)}" if above else ""
    return f"other gates{inside}, another compensation, or another file"


def _of_other(one: Reported, share: Share, raw: RawFile, within: Decimal) -> str:
    count = raw.counts[one.path]
    for depth in range(len(one.path)):
        of = one.path[:depth]
        base = raw.counts.get(of)
        if of != share.of and base:
            exact = _QUOTIENT.divide(Decimal(100 * count), Decimal(base))
            if share_agrees(share.percent, exact, within):
                return f"another parent: it is the share of {_named(of)}"
    exact = _QUOTIENT.divide(Decimal(100 * count), Decimal(raw.counts[share.of]))
    return _cause(one, raw, share.percent, exact)


# --- test by test ----------------------------------------------------------------------------


def _recomputed(
    supporting: Sequence[Observation], files: Sequence[RawFile]
) -> dict[str, list[tuple[Observation, RawFile]]]:
    by_path = {raw.path: raw for raw in files}
    found: dict[str, list[tuple[Observation, RawFile]]] = {}
    for row in supporting:
        if row.source in by_path and row.denominator:
            found.setdefault(row.test, []).append((row, by_path[row.source]))
    return found


def _tests(
    supporting: Sequence[Observation],
    recomputed: Mapping[str, list[tuple[Observation, RawFile]]],
    asked: tuple[Specification, Vocabulary],
    settled: Mapping[tuple[str, str | None], bool],
    records: Sequence[Record],
) -> tuple[list[Finding], frozenset[Observation]]:
    """Hold each reported share that answers a test against the recomputed ones of that test."""
    specification, vocabulary = asked
    raw_paths = {row.source for rows in recomputed.values() for row, _ in rows}
    counters = {r.source.path for r in records if r.samples is not None and not r.reported}
    findings, beside = [], set()
    for row in supporting:
        against = recomputed.get(row.test, [])
        if not against or row.source in raw_paths or row.source in counters:
            continue
        if row.unit != "%" or row.lower is None or row.upper is None or row.role != Role.SAMPLE:
            continue
        if not _by_flow(row, vocabulary):
            continue
        known = settled.get((row.source, row.sample_id))
        other_day = _other_day(row, against)
        if known is None and other_day is not None:
            message = f"{place_of(row)}: {row.test} is of {other_day}; the two were not compared"
            finding = Finding("counts-not-compared", Severity.WARNING, message, place_of(row))
            findings.append(finding)
        elif known is not False and _agrees(row, against, specification.count_tolerance):
            if _is_plain(row, against):
                beside.add(row)
            if known is None:
                findings.append(_agreed(row, against, specification.count_tolerance))
        elif known is not False:
            findings.append(_disagreed(row, against, specification))
    return findings, frozenset(beside)


def _by_flow(row: Observation, vocabulary: Vocabulary) -> bool:
    method = (row.method or "").casefold()
    if method.startswith("% of "):
        # So an analysed export says of what a share is.
        return True
    if any(word in method for word in _NOT_BY_FLOW):
        return False
    return vocabulary.tests[row.test].family == "phenotype" or any(
        word in method for word in _BY_FLOW
    )


def _other_day(row: Observation, against: Sequence[tuple[Observation, RawFile]]) -> str | None:
    mine = row.measured_at.date() if row.measured_at else row.started
    days = {raw.file.measured_at.date() for _, raw in against if raw.file.measured_at}
    if mine is None or len(days) != 1 or mine in days:
        return None
    return f"{mine}, and the list-mode file of {next(iter(days))}"


def _agrees(
    row: Observation, against: Sequence[tuple[Observation, RawFile]], within: Decimal
) -> bool:
    lower, upper = row.lower, row.upper
    assert lower is not None and upper is not None  # noqa: S101, PT018  asked before
    shares = [_share(raw) for raw, _ in against]
    return any(_meets(lower, upper, exact, within) for exact in shares)


def _is_plain(row: Observation, against: Sequence[tuple[Observation, RawFile]]) -> bool:
    """Say whether nothing but its evidence is missing in a row; what is doubtful is judged."""
    times = [raw.measured_at for raw, _ in against if raw.measured_at is not None]
    late = row.measured_at is not None and any(
        abs(row.measured_at - time) > _SAME_TIME for time in times
    )
    certain = row.state == State.CONFIRMED and row.status in (Status.FINAL, Status.AMENDED)
    return certain and row.lower == row.upper and not late


def _share(row: Observation) -> Decimal:
    assert row.numerator is not None and row.denominator  # noqa: S101, PT018  asked before
    return _QUOTIENT.divide(Decimal(100 * row.numerator), Decimal(row.denominator))


def _agreed(
    row: Observation, against: Sequence[tuple[Observation, RawFile]], within: Decimal
) -> Finding:
    message = (
        f"{place_of(row)}: {row.test} “{row.result}” agrees with {_given(against)} within "
        f"{plain(within)} %"
    )
    return Finding("counts-agree", Severity.INFORMATION, message, place_of(row))


def _disagreed(
    row: Observation,
    against: Sequence[tuple[Observation, RawFile]],
    specification: Specification,
) -> Finding:
    of, what = specification.populations[row.test]
    first, raw = against[0]
    share = Share(of, row.upper or Decimal(0), row.result)
    one = Reported(row.sample_id or "", what, place_of(row))
    known = of in raw.counts and what in raw.counts and raw.counts[of]
    within = specification.count_tolerance
    likely = _of_other(one, share, raw, within) if known else "other gates, or another parent"
    message = (
        f"{place_of(row)}: {row.test} is reported as “{row.result}”; {_given(against)} "
        f"({plain(within)} % of it is allowed). Likely: {likely}, or another file than "
        f"{first.source}"
    )
    return Finding("counts-disagree", Severity.HOLD, message, place_of(row))


def _given(against: Sequence[tuple[Observation, RawFile]]) -> str:
    shown = [f"{row.result} of {_named_of(row)}" for row, _ in against[:_MOST]]
    more = f" and {len(against) - _MOST} more" if len(against) > _MOST else ""
    return " and ".join(shown) + more


def _named_of(row: Observation) -> str:
    return f"{row.region} in {row.source}" if row.region else row.source


def _named(path: Path) -> str:
    return f"“{'/'.join(path)}”" if path else "all events"
