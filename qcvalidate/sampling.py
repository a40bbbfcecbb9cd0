"""Holds the sample that a paper tested against the final product: when it was taken, and its name.

A clean sample of the donor, or of the culture before harvest, says nothing of what is given.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Sequence

from qcvalidate.folding import key
from qcvalidate.frames import Observation
from qcvalidate.identity import identity_key
from qcvalidate.manifest import Manifest
from qcvalidate.patterns import LazyPattern
from qcvalidate.record import Finding, Place, Record, Role, Severity

# Behind the lot's own number these say of what the sample was taken; alone, "IP-26-018" may be
# how a laboratory counts.
_BEHIND = frozenset(("IP", "IPC", "INP", "INPROC", "BULK", "SUP", "SUPERNATANT", "DN", "DON"))
_ANYWHERE = re.compile(
    r"(?:donor|spender(?:in)?|donneur|donante|donatore|doador|inprocess|inprozess|mcb|wcb)s?"
)
_OF_DONOR = LazyPattern(
    r"\bdonor(?: s)? (?:bone )?(?:marrow|blood|serum|plasma|samples?|specimens?|tissue|swabs?|fat"
    r"|aspirates?|lipoaspirates?|screening)\b"
    r"|\bspender(?:blut|serum|plasma|proben?|mark|knochenmark|gewebe|fett|abstrich)\w*"
    r"|\b(?:moelle|sang|serum|plasma|prelevement|tissu|echantillon)(?: osseuse)?"
    r" (?:du |de la |de )?donneu(?:r|se)\b"
    r"|\b(?:medula|sangre|suero|plasma|muestra|tejido)(?: osea)? (?:del? |de la )?donante\b"
    r"|\b(?:midollo|sangue|siero|plasma|campione|tessuto)(?: osseo)? (?:del |della )?donatore\b"
    r"|\b(?:medula|sangue|soro|plasma|amostra|tecido)(?: ossea)? (?:do |da )?doador\b"
)
# A column that is meant for the method is where a stage is written, too.
_EARLY_METHOD = re.compile(
    r"in[ -]?process(?: control)?|pre[ -]?(?:collection|apheresis|leukapheresis)\b.*"
    r"|pre[ -]?(?:freeze|freezing|wash|harvest)|supernatant"
    r"|before (?:the )?(?:freez(?:e|ing)|wash(?:ing)?|harvest)",
    re.IGNORECASE,
)
# Tests that are made of the donor, or before the harvest.
_EARLY = ("in_process_culture", "mycoplasma")


def sampling_findings(
    record: Record, own: Sequence[Observation], manifest: Manifest, final: Collection[str]
) -> Iterator[Finding]:
    """Look at the sample of each result; `final` are the tests that want the final product."""
    tested = [row for row in own if row.role == Role.SAMPLE and row.test not in _EARLY]
    yield from _too_early(record, [row for row in tested if row.test in final], manifest)
    header = record.stated("sample_id")
    for sample in sorted({row.sample_id or header or "" for row in tested if row.test in final}):
        meant = _named_early(sample, manifest.lot)
        if meant:
            row = next(row for row in tested if (row.sample_id or header or "") == sample)
            yield _not_final(f"sample {sample!r} is named “{meant}”", row)
    for row in tested:
        if row.test in final and row.method and _EARLY_METHOD.fullmatch(row.method.strip()):
            yield _not_final(f"its method is “{row.method.strip()}”", row)
    product = record.stated("product")
    # What is not cultured may be the donor's marrow itself.
    cultured = manifest.facts.get("manipulation") == "culture_expanded"
    of_final = [row for row in tested if row.test in final]
    if product and cultured and of_final and _OF_DONOR.search(key(product)):
        yield _not_final(f"it is about “{product}”", of_final[0])


def _too_early(
    record: Record, rows: Sequence[Observation], manifest: Manifest
) -> Iterator[Finding]:
    stated = record.stated("date_sampled")
    taken = dt.datetime.fromisoformat(stated).date() if stated else None
    if taken and rows and manifest.harvested and taken < manifest.harvested.date():
        what = (
            f"the sample for {rows[0].test} was taken on {taken}, before the harvest on "
            f"{manifest.harvested.date()}; expected a sample of the final product"
        )
        yield record.finding("dates-out-of-order", Severity.HOLD, what, "date_sampled")


def _not_final(what: str, row: Observation) -> Finding:
    place = Place(row.source, row.page, row.region)
    message = (
        f"{place}: {what}, which is not the final product that {row.test} is about; ask for the "
        "final product's own result"
    )
    return Finding("sample-not-final", Severity.HOLD, message, place)


def _named_early(sample: str, lot: str | None) -> str | None:
    """Give the part of a sample's name that says it is no sample of the final product.

    >>> _named_early("MSC-2026-0018-IP", "MSC-2026-0018"), _named_early("IP-26-018", "MSC-18")
    ('IP', None)
    """
    written, own = identity_key(sample), identity_key(lot or "")
    is_behind = bool(own) and own in written
    rest = written.replace(own, " ", 1) if is_behind else written
    for token in re.split(r"[^0-9A-Z]+", re.sub(r"IN[-_]PROCESS", "INPROCESS", rest)):
        plain = token.rstrip("0123456789")
        if (is_behind and plain in _BEHIND) or _ANYWHERE.fullmatch(plain.casefold()):
            return token
    return None
