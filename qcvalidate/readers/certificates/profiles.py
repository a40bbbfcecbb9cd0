"""Reads a certificate with the lab profile that it is recognised by.

The profile's words are added to the vocabulary's, its regions to the candidates of the header.
What stands at a word or a place of the profile's is looked at twice: a profile may be wrong, and
must never be the reason why something bad is not seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from qcvalidate.dates import date_order_proofs
from qcvalidate.documents import Document
from qcvalidate.documents.signatures import missing_signature
from qcvalidate.errors import DocumentError
from qcvalidate.labs import LabProfile, Region, extended
from qcvalidate.numerals import decimal_proofs
from qcvalidate.quantity import Locale, settled_locale
from qcvalidate.readers import Context
from qcvalidate.readers.certificates.header import DATE_FIELDS, Found, chosen, place
from qcvalidate.readers.certificates.keyvalues import KeyValue, plain
from qcvalidate.readers.certificates.lines import Block, Line, joined
from qcvalidate.readers.certificates.phrasebook import Phrasebook, phrasebook
from qcvalidate.readers.certificates.prose import Prose
from qcvalidate.readers.certificates.resulttable import ResultTable
from qcvalidate.readers.certificates.telling import says_none, telling
from qcvalidate.record import Finding, Place, Severity
from qcvalidate.vocabulary import key

# A laboratory names itself in the upper part of the first page, or in the foot of any.
_HEAD, _FOOT = 0.3, 0.85


def recognised(
    document: Document, lines: Sequence[Line], pairs: Sequence[KeyValue], context: Context
) -> LabProfile | None:
    """Give the profile whose laboratory or form a document names; None for none.

    Raises `DocumentError` that names both when two profiles fit.
    """
    if not context.profiles:
        return None
    heads = list(_heads(document, lines, pairs))
    texts = [line.text for line in lines]
    fitting = [profile for profile in context.profiles if profile.fits(heads, texts)]
    if len(fitting) > 1:
        names = " and ".join(f"{profile.id} {profile.version}" for profile in fitting)
        raise DocumentError(
            f"{document.name}: the lab profiles {names} both fit this document; make what they "
            "are recognised by narrower, so that one fits",
            slug="document-claimed-twice",
        )
    return fitting[0] if fitting else None


def _heads(document: Document, lines: Sequence[Line], pairs: Sequence[KeyValue]) -> Iterator[str]:
    """Give the lines where a laboratory names itself, without what names somebody else."""
    others = {
        id(word)
        for pair in pairs
        if pair.field not in (None, "laboratory")
        for value in pair.values[:1]
        for word in value.words
    }
    heights = {page.number: page.height for page in document.pages}
    for line in lines:
        page, height = line.blocks[0].page, heights[line.blocks[0].page]
        in_head = page == document.pages[0].number and line.box[3] <= _HEAD * height
        if in_head or line.box[1] >= _FOOT * height:
            words = [w.text for b in line.blocks for w in b.words if id(w) not in others]
            yield " ".join(words)
    for pair in pairs:
        if pair.field == "laboratory":
            yield from (value.text for value in pair.values[:1])


def phrasebook_with(profile: LabProfile, context: Context) -> Phrasebook:
    """Give the phrasebook that knows the profile's words, too."""
    return phrasebook(extended(context.vocabulary, profile))


def used(document: Document, profile: LabProfile) -> Iterator[Finding]:
    """Say which profile a document was read with, which is evidence, and what it requires of it."""
    yield Finding(
        "lab-profile-used",
        Severity.INFORMATION,
        f"{document.name}: was read with the lab profile {profile.id} {profile.version} of "
        f"{profile.laboratory} (SHA-256 {profile.sha256})",
        Place(document.name),
    )
    if profile.digital_signature_required:
        asker = f"the lab profile {profile.id}"
        missing = missing_signature(document, document.findings, asker)
        yield from (missing,) if missing is not None else ()


# --- the locale --------------------------------------------------------------------------------


def settled(
    declared: Locale,
    profile: LabProfile | None,
    *,
    dates: Iterable[str],
    numbers: Iterable[str],
    name: str,
) -> tuple[Locale, list[Finding]]:
    """Give the locale of a document, and say where the profile contradicts it or lot.yaml.

    What the document proves goes first, then lot.yaml, then the profile. Of two that contradict
    one another none holds: what only they could settle stays ambiguous.
    """
    dates, numbers = list(dates), list(numbers)
    if profile is None:
        return settled_locale(declared, dates=dates, numbers=numbers), []
    findings: list[Finding] = []
    parts = (
        ("dates", declared.dates, profile.locale.dates, date_order_proofs(dates)),
        ("decimal", declared.decimal, profile.locale.decimal, decimal_proofs(numbers)),
    )
    kept: dict[str, str | None] = {}
    for part, said, own, proofs in parts:
        kept[part] = _part(said, own, proofs)
        finding = _contradiction(part, said, own, proofs, profile, name)
        findings += [finding] if finding else []
    return Locale(**kept), findings


def _part(said: str | None, own: str | None, proofs: set[str]) -> str | None:
    if own and proofs - {own}:
        return None
    if proofs:
        return next(iter(proofs)) if len(proofs) == 1 else None
    return None if said and own and said != own else said or own


def _contradiction(
    part: str, said: str | None, own: str | None, proofs: set[str], profile: LabProfile, name: str
) -> Finding | None:
    what = {"dates": "the order of dates", "decimal": "the decimal mark"}[part]
    if own and proofs - {own}:
        proved = " and ".join(sorted(proofs))
        message = (
            f"{name}: the lab profile {profile.id} declares {what} as {own}, and this document "
            f"proves {proved}; correct the profile, or ask the laboratory"
        )
        return Finding("lab-profile-misfit", Severity.HOLD, message, Place(name))
    if own and said and own != said and not proofs:
        message = (
            f"{name}: lot.yaml declares {what} as {said}, and the lab profile {profile.id} as "
            f"{own}; neither was used. Correct the one that is wrong"
        )
        return Finding("lab-profile-misfit", Severity.WARNING, message, Place(name))
    return None


# --- the header --------------------------------------------------------------------------------


def learnt_places(
    document: Document,
    profile: LabProfile,
    lines: Sequence[Line],
    pairs: Sequence[KeyValue],
) -> tuple[list[Found], list[Finding]]:
    """Give what stands at the profile's places as candidates of the header."""
    found = [*_at_bare_labels(profile, lines, pairs)]
    findings: list[Finding] = []
    for region in profile.regions:
        blocks = [b for line in lines for b in line.blocks if _touches(b, region)]
        label = f"the place that the lab profile {profile.id} names"
        problem = _region_problem(document, region, blocks, pairs)
        if problem is not None:
            findings.append(_misfit(document.name, profile, region, problem, bool(blocks)))
        else:
            found.append(Found(region.field, joined(blocks), label))
    return found, findings


def _at_bare_labels(
    profile: LabProfile, lines: Sequence[Line], pairs: Sequence[KeyValue]
) -> Iterator[Found]:
    """Give `Consignment mark MSC-26-014`: a label of the profile's, and the value behind it.

    Without a colon only a value with a shape tells that the words before it are its label.
    """
    taken = {id(word) for pair in pairs for word in pair.label.words}
    for block in (block for line in lines for block in line.blocks):
        words = block.words
        if id(words[0]) in taken:
            continue
        for field, labels in profile.labels.items():
            for size in {len(label.split()) for label in labels} if field in _SHAPED else ():
                label = Block(words[:size], block.cell)
                if len(words) > size and key(label.text) in map(key, labels):
                    value = Block(words[size:], block.cell)
                    kept = chosen(KeyValue(field, label, (value,)))
                    if kept is not None and len(value.words) <= _LONGEST_BARE:
                        yield Found(field, kept, label.text)


_SHAPED = ("lot", "sample_id", "din", "report_number", "replaces", *DATE_FIELDS)
# Words; `W0000 26 123456`, `R-102 Rev. 2`, `19 March 2026` are such values.
_LONGEST_BARE = 3


def _touches(block: Block, region: Region) -> bool:
    left, top, right, bottom = region.box
    box = block.box
    return (
        block.page == region.page
        and box[0] < right
        and box[2] > left
        and top < (box[1] + box[3]) / 2 < bottom
    )


def _region_problem(
    document: Document, region: Region, blocks: Sequence[Block], pairs: Sequence[KeyValue]
) -> str | None:
    if region.page > len(document.pages):
        return f"the document has {len(document.pages)} pages"
    if not blocks:
        return "nothing stands there"
    left, _, right, _ = region.box
    text = " ".join(block.text for block in blocks)
    if any(block.box[0] < left - 1 or block.box[2] > right + 1 for block in blocks):
        # Half a lot number is another lot number.
        return f"its edge cuts through “{text[:80]}”"
    words = {id(word) for block in blocks for word in block.words}
    for pair in pairs:
        of_pair = pair.values[:1]
        if pair.field == region.field or not of_pair:
            continue
        if any(id(word) in words for value in of_pair for word in value.words):
            return f"“{text[:80]}” stands there at the label “{plain(pair.label.text)}”"
    if telling(text):
        return f"“{text[:80]}” stands there, which may speak of a result"
    return None


def _misfit(name: str, profile: LabProfile, region: Region, problem: str, filled: bool) -> Finding:
    where = Place(name, region.page, ",".join(f"{edge:g}" for edge in region.box))
    return Finding(
        "lab-profile-misfit",
        Severity.HOLD if filled else Severity.WARNING,
        f"{where}: here the lab profile {profile.id} looks for {region.field}, and {problem}; "
        "the paper has another layout, or the profile is wrong",
        where,
    )


# --- what a profile's words must not hide ------------------------------------------------------


def told_beside(
    name: str,
    profile: LabProfile,
    pairs: Sequence[KeyValue],
    tables: Sequence[ResultTable],
    book: Phrasebook,
) -> Iterator[Finding]:
    """Hold what stands at a label or under a heading of the profile's and may speak of a result."""
    labels = {key(label) for labels in profile.labels.values() for label in labels}
    for pair in pairs:
        label = plain(pair.label.text)
        if pair.field in ("conclusion", "status") or key(label) not in labels:
            continue
        for value in pair.values:
            if not says_none(value.text) and telling(value.text):
                yield _told(name, profile, value, f"at “{label}”", pair.field)
    headings = {key(heading) for texts in profile.columns.values() for heading in texts}
    for table in tables:
        for at, column in enumerate(table.columns):
            if column.meaning in _OF_RESULTS or key(column.heading) not in headings:
                continue
            for cell in (row[at] for row in table.rows):
                if cell is not None and _is_bad(cell.text, column.meaning, book):
                    where = f"under “{column.heading}”"
                    yield _told(name, profile, cell, where, f"the {column.meaning}")


# The columns whose cells are read as results, or name a test.
_OF_RESULTS = ("result", "verdict", "organism", "test", "named", "test_column")


def _is_bad(text: str, meaning: str | None, book: Phrasebook) -> bool:
    if meaning == "specification":
        # A limit may name what it forbids; as a whole it is no bad result.
        return book.is_failure(text)
    return not says_none(text) and telling(text) is not None


def _told(name: str, profile: LabProfile, block: Block, where: str, meant: str | None) -> Finding:
    at = place(name, block)
    return Finding(
        "lab-profile-misfit",
        Severity.HOLD,
        f"{at}: {where} the lab profile {profile.id} expects {meant}, and "
        f"“{block.text[:120]}” may speak of a result; look at it",
        at,
    )


def without_harmless(profile: LabProfile, prose: Prose) -> None:
    """Take the profile's harmless sentences out of those that nobody understood."""
    prose.unclear = [s for s in prose.unclear if not profile.is_harmless(s.text)]
