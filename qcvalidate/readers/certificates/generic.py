"""Reads a certificate of any laboratory by its geometry and the words of the vocabulary.

Words are laid out to lines and cells; labels give the header, tables and sentences give the
results; then what the document says is held against itself. What is not understood is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from qcvalidate.documents import Document
from qcvalidate.documents.flow import is_laid_out, laid_out
from qcvalidate.errors import DocumentError
from qcvalidate.frames import observations
from qcvalidate.labs import LabProfile
from qcvalidate.quantity import Locale
from qcvalidate.readers import Context
from qcvalidate.readers.certificates import profiles
from qcvalidate.readers.certificates.agreement import state_by_vocabulary, unconfirmed
from qcvalidate.readers.certificates.besides import ended_early
from qcvalidate.readers.certificates.crosschecks import conclude, crosschecks
from qcvalidate.readers.certificates.dateline import number_of_title, place_and_date
from qcvalidate.readers.certificates.doubts import doubtful_text
from qcvalidate.readers.certificates.faint import faint_words
from qcvalidate.readers.certificates.header import Found, candidates, place, settle, signatures
from qcvalidate.readers.certificates.keyvalues import KeyValue
from qcvalidate.readers.certificates.labelled import (
    is_result,
    is_told,
    labelled_results,
    named_organisms,
)
from qcvalidate.readers.certificates.layout import Layout, lay_out
from qcvalidate.readers.certificates.leftovers import leftovers, missing_pages, tested_person
from qcvalidate.readers.certificates.letters import found_in_prose
from qcvalidate.readers.certificates.lines import Block
from qcvalidate.readers.certificates.measured import measured
from qcvalidate.readers.certificates.phrasebook import Phrasebook, phrasebook
from qcvalidate.readers.certificates.prose import Sentence
from qcvalidate.readers.certificates.results import Reported, report_row, report_statement
from qcvalidate.readers.certificates.rows import Row
from qcvalidate.readers.certificates.rowtests import role_in
from qcvalidate.readers.certificates.segments import (
    At,
    Scope,
    part_about,
    place_of,
    segments,
    shared,
)
from qcvalidate.readers.certificates.setting import Setting
from qcvalidate.readers.certificates.stamps import stamped, unclear_answers
from qcvalidate.readers.certificates.standing import Standing, report_status
from qcvalidate.readers.certificates.subject import (
    headings,
    method_in_type_of_test,
    test_of_document,
    unknown_types,
)
from qcvalidate.readers.certificates.titles import headlines, number_in_title, title_of
from qcvalidate.readers.certificates.whatfor import keep_to_product, other_lots, purpose
from qcvalidate.record import Field, Finding, Record, Role, Severity, Source, State, Status
from qcvalidate.vocabulary import TestName

# Asked only where no reader of a certain laboratory, software or format claims the document.
LAST_RESORT = True


def claims(document: Document, context: Context) -> bool:  # noqa: ARG001
    """Take whatever has pages for a certificate; one without a result is refused in reading."""
    return is_laid_out(document)


def read(document: Document, context: Context) -> Record:
    """Say what a certificate says; raise `DocumentError` when it holds no test result."""
    document = laid_out(document)
    profile, book, layout = _understood(document, context)
    scope, header, findings = _header(document, layout, context.locale, book, profile)
    setting = scope.whole
    reported = Reported()
    labelled = [*labelled_results(layout, scope)]
    for row in (*layout.rows, *labelled):
        report_row(row, scope.at(row.block), reported)
    for sentence, row in measured(layout.prose.sentences, setting):
        report_row(row, scope.at(row.block), reported)
        layout.prose.unclear = [s for s in layout.prose.unclear if s is not sentence]
    findings += (_muddled(document.name, b) for table in layout.tables for b in table.muddled)
    for statement in layout.prose.statements:
        if statement.reading == "negative" and _is_aside(statement.sentence, layout):
            # "No growth was observed" under `Previous results`.
            continue
        report_statement(statement, scope.at(statement.sentence.block), reported)
    if reported.observations:
        layout.prose.unclear += [s.sentence for s in layout.prose.bare if s.reading != "negative"]
    else:
        for statement in layout.prose.bare:
            if statement.reading == "negative" and _is_aside(statement.sentence, layout):
                continue
            report_statement(statement, scope.at(statement.sentence.block), reported)
    named = named_organisms(layout.pairs)
    reported.name_organisms([*layout.prose.organisms, *(block.text for _, block in named)])
    findings += reported.findings
    title = title_of(layout.lines, document.pages[0].height)
    has_grown = any(
        row.reading == "positive" and row.role == Role.SAMPLE for row in reported.observations
    )
    told = [pair for pair, _ in named] if has_grown else []
    pairs = [p for p in layout.pairs if not is_told(p, labelled) and p not in told]
    findings += leftovers(document.name, pairs, title, setting.status, book)
    findings += doubtful_text(document.name, layout.loose)
    findings += ended_early(layout.prose.sentences, setting)
    findings += faint_words(document.name, layout, book)
    findings += stamped(document.name, layout.lines, len(document.pages))
    findings += unclear_answers(document.name, layout.lines, pairs, book)
    findings += missing_pages(document.name, document.pages, layout.lines)
    findings += tested_person(document.name, layout.lines)
    findings += other_lots(document.name, layout.lines, layout.pairs, layout.tables, header)
    heads = headlines(layout.lines, document.pages[0].height)
    said = purpose(title, heads, layout.pairs)
    findings += keep_to_product(document.name, said, reported)
    findings += unknown_types(document.name, layout.pairs, book)
    findings += crosschecks(
        document.name, layout.prose, layout.pairs, header, reported, setting.status
    )
    if not reported.observations and said.other is None:
        raise _nothing_found(document, findings)
    return Record(
        source=Source(document.name, document.sha256, document.kind, "certificates.generic"),
        header=header,
        observations=observations(reported.observations),
        findings=tuple(dict.fromkeys((*document.findings, *findings))),
    )


def _is_aside(sentence: Sentence, layout: Layout) -> bool:
    return any(id(word) in layout.aside for word in sentence.words)


def read_header(document: Document, context: Context) -> dict[str, Field]:
    """Say only what the header of a document says, whether or not it holds results."""
    document = laid_out(document)
    profile, book, layout = _understood(document, context)
    return _header(document, layout, context.locale, book, profile)[1]


def _understood(
    document: Document, context: Context
) -> tuple[LabProfile | None, Phrasebook, Layout]:
    """Lay a document out; once more with a lab profile's words where one knows the paper."""
    book = phrasebook(context.vocabulary)
    layout = lay_out(document.pages, book)
    profile = profiles.recognised(document, layout.lines, layout.pairs, context)
    if profile is not None:
        book = profiles.phrasebook_with(profile, context)
        layout = lay_out(document.pages, book)
        profiles.without_harmless(profile, layout.prose)
    return profile, book, layout


def _muddled(name: str, block: Block) -> Finding:
    where = place(name, block)
    return Finding(
        "result-wording-unknown",
        Severity.HOLD,
        f"{where}: this row does not fit the columns of its table, and was not read: "
        f"“{block.text[:120]}”",
        where,
    )


def _nothing_found(document: Document, findings: Sequence[Finding]) -> DocumentError:
    # The error takes the place of the findings, so the gravest of them are told in it.
    held = [finding for finding in findings if finding.severity is Severity.HOLD]
    opened = [one for one in document.findings if one.severity is not Severity.INFORMATION]
    said = [finding.message for finding in (*opened, *held)][:3]
    beside = f" ({'; '.join(said)})" if said else ""
    return DocumentError(
        f"{document.name}: no test result was found on it; if it is a certificate, teach its "
        f"layout with `qcvalidate learn`, or enter its results by hand{beside}",
        slug="document-unclaimed",
    )


# --- header --------------------------------------------------------------------------------


def _header(
    document: Document,
    layout: Layout,
    declared: Locale,
    book: Phrasebook,
    profile: LabProfile | None,
) -> tuple[Scope, dict[str, Field], list[Finding]]:
    name = document.name
    loose = [block for line in layout.lines for block in line.blocks]
    parts = segments(layout.pairs, _results(layout, book), book, layout.headings)
    own = [c for part in parts for c in candidates([p for p in part.pairs if _is_plain(p)])]
    found = [*candidates([p for p in shared(layout.pairs, parts) if _is_plain(p)])]
    found = [*_numbered(document, layout, found), *signatures(layout.pairs, loose)]
    if not any(candidate.field == "method" for candidate in found):
        found += method_in_type_of_test(layout.pairs)
    found += found_in_prose(layout.lines, [*found, *own], book)
    found += _unlabelled(document, layout, [*found, *own], book)
    locale, odd = profiles.settled(
        declared, profile, dates=_dates(loose), numbers=_numbers(layout), name=name
    )
    if profile is not None:
        placed, misfits = profiles.learnt_places(document, profile, layout.lines, layout.pairs)
        found += placed
        told = profiles.told_beside(name, profile, layout.pairs, layout.tables, book)
        odd += [*misfits, *told, *profiles.used(document, profile)]
    settled = settle(found, locale, name)
    header = dict(settled.fields)
    title = title_of(layout.lines, document.pages[0].height)
    if title is not None:
        header["title"] = Field(title.text, title.text, place(name, title))
    standing = report_status(layout.pages, layout.lines, layout.pairs, title, book, name)
    status, said = standing.status, [*standing.findings]
    if standing.block is not None:
        header["status"], doubts = _status_field(standing.block, standing, book, name)
        said += doubts
    replaced = header.get("replaces")
    if (
        replaced is not None
        and replaced.value
        and status is Status.FINAL
        and "status" not in header
    ):
        # "This report cancels and replaces report 26-117."
        status = Status.AMENDED
        header["status"] = Field(replaced.text, status.value, replaced.place, replaced.state)
    conclusion, unclear = conclude(layout.pairs, layout.prose, status, book, name)
    if conclusion is not None:
        header["conclusion"] = conclusion
    test = test_of_document([title, *headings(layout)], layout.pairs, book)

    def setting(fields: Mapping[str, Field], about: TestName | None) -> Setting:
        made = Setting.of(name, locale, book, about, fields, status)
        return replace(made, signs=layout.signs, notes=layout.notes)

    scoped = []
    apart: list[Mapping[str, Field]] = []
    for part in parts:
        local = settle([*candidates([p for p in part.pairs if _is_plain(p)])], locale, name)
        odd += local.findings
        about = part_about(part, book) or test
        mine = setting({**header, **local.fields}, about)
        names = [local.fields[name] for name in ("lot", "sample_id") if name in local.fields]
        is_sure = all(field.state is State.CONFIRMED for field in names)
        scoped.append((part, replace(mine, is_sure=is_sure)))
        if part.names.field is None:
            apart.append(local.fields)
    scope = Scope(setting(header, test), tuple(scoped))
    header |= _told_once(apart, header)
    return scope, header, [*odd, *settled.findings, *said, *unclear]


def _told_once(
    parts: Sequence[Mapping[str, Field]], header: Mapping[str, Field]
) -> dict[str, Field]:
    """Give the days of testing that one part alone tells: they are the paper's, too."""
    return {
        name: field
        for fields in parts
        for name, field in fields.items()
        if name in ("date_started", "date_completed")
        and name not in header
        and sum(name in others for others in parts) == 1
    }


def _status_field(
    block: Block, standing: Standing, book: Phrasebook, name: str
) -> tuple[Field, list[Finding]]:
    where = place(name, block)
    if not standing.is_sure:
        return Field(block.text, None, where, State.AMBIGUOUS), []
    state = state_by_vocabulary(block, book.status)
    doubts = [unconfirmed(name, "the status", block, Severity.HOLD)]
    field = Field(block.text, standing.status.value, where, state)
    return field, [] if state is State.CONFIRMED else doubts


def _numbered(document: Document, layout: Layout, found: Sequence[Found]) -> list[Found]:
    """Add the number and the date of a title that names both, where no label does."""
    titled = next(number_in_title(layout.lines, document.pages[0].height), None)
    if titled is None:
        return [*found]
    inside = {id(word) for block in titled for word in block.words}
    # What a label took of the title was both together.
    kept = [one for one in found if not any(id(word) in inside for word in one.block.words)]
    known = {one.field for one in kept}
    new = (
        Found(field, block, "title")
        for field, block in zip(("report_number", "date_issued"), titled, strict=True)
    )
    return [*kept, *(one for one in new if one.field not in known)]


def _unlabelled(
    document: Document, layout: Layout, found: Sequence[Found], book: Phrasebook
) -> Iterator[Found]:
    """Give the number at the end of a title and the date beside a place, where no label does."""
    known = {one.field for one in found}
    if "report_number" not in known:
        titles = headlines(layout.lines, document.pages[0].height)
        yield from number_of_title(titles, layout.lines, book)
    if "date_issued" not in known:
        yield from place_and_date(layout.lines)


def _is_plain(pair: KeyValue) -> bool:
    return pair.field not in _APART


def _results(layout: Layout, book: Phrasebook) -> list[At]:
    """Give where the results of samples stand; those of controls make no part of a document."""
    found = [row.block for row in layout.rows if not _is_of_control(row, book)]
    found += [pair.label for pair in layout.pairs if is_result(pair, book)]
    said = (*layout.prose.statements, *layout.prose.bare)
    found += [statement.sentence.block for statement in said if statement.role is None]
    return [place_of(block) for block in found]


def _is_of_control(row: Row, book: Phrasebook) -> bool:
    texts = (row.subject, row.part, row.text("role"), row.text("sample_id"), row.section)
    return any(role_in(text, book) is not None for text in texts if text)


# These need more than their label.
_APART = ("signed_by", "signed_on", "title", "status", "conclusion")
# A number in 115/03/2026-B is no date.
_DATE_LIKE = re.compile(r"(?<![\w/.-])\d{1,2}[/.-]\d{1,2}[/.-]\d{4}(?![\w/-]|\.\d)")


def _dates(blocks: Sequence[Block]) -> Iterator[str]:
    """Give all that looks like a date anywhere: one 27/02/2026 proves the order for all."""
    for block in blocks:
        yield from _DATE_LIKE.findall(block.text)


def _numbers(layout: Layout) -> Iterator[str]:
    """Give the results and the limits, which may prove the decimal mark."""
    for row in layout.rows:
        yield from (answer.text for answer in row.answers)
        yield row.text("specification")
