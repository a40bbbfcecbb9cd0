"""Gates the list-mode files of a lot: each with its strategy, into observations and plots."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

import pandas as pd

from qcvalidate.cytometry import (
    Evaluation,
    GatingStrategy,
    data_set_for,
    gate_plots,
    gating_findings,
    population_table,
)
from qcvalidate.cytometry.acquisition import acquisition, measured_at
from qcvalidate.cytometry.annotation import (
    control_findings,
    marker_findings,
    scale_findings,
)
from qcvalidate.cytometry.approval import fault_of
from qcvalidate.cytometry.controls import declared_control_findings, unusable
from qcvalidate.cytometry.directions import direction_findings
from qcvalidate.cytometry.enumeration import absolute_observations, bead_findings
from qcvalidate.cytometry.limits import quality_findings
from qcvalidate.cytometry.observing import population_observations
from qcvalidate.cytometry.quality import measure
from qcvalidate.cytometry.sequences import (
    antigen_findings,
    dye_of,
    lie_findings,
    sequence_findings,
)
from qcvalidate.documents import Document
from qcvalidate.errors import DocumentError
from qcvalidate.frames import observations
from qcvalidate.manifest import Manifest
from qcvalidate.record import Finding, Place, Record, Severity
from qcvalidate.specification import Specification


def choose_strategy(
    document: Document,
    strategies: Sequence[Document],
    manifest: Manifest,
    unread: Sequence[str] = (),
    tubes: Sequence[str] = (),
) -> Document:
    """Choose the strategy that lot.yaml names, else the one beside the file, else the only one.

    `unread` names the files of the lot that may have been meant as one and could not be read,
    `tubes` all of its list-mode files: a strategy in a folder without any may be meant for each.
    Raises `DocumentError` when there is none, or when it takes a person to choose.
    """
    named = manifest.strategies.get(document.name)
    if named is not None:
        chosen = [strategy for strategy in strategies if strategy.name == named]
        if not chosen and named in unread:
            raise _ungated(document, [named])
        if not chosen:
            raise DocumentError(
                f"{document.name}: lot.yaml names {named} as its strategy, which is no gating "
                "strategy that could be read",
                slug="strategy-missing",
            )
        return chosen[0]
    folder = PurePosixPath(document.name).parent
    beside = [one for one in strategies if PurePosixPath(one.name).parent == folder]
    others = {PurePosixPath(name).parent for name in tubes}
    for_all = [one for one in strategies if PurePosixPath(one.name).parent not in others]
    candidates = [*beside, *(for_all if tubes else ())] if beside else list(strategies)
    if not candidates and unread:
        raise _ungated(document, unread)
    if not candidates:
        raise DocumentError(
            f"{document.name}: no gating strategy to gate it with; put the laboratory's Gating-ML "
            "2.0 file beside it",
            slug="strategy-missing",
        )
    if len(candidates) > 1:
        names = " and ".join(one.name for one in candidates)
        raise DocumentError(
            f"{document.name}: {names} could both gate it; name one under `strategies` in lot.yaml",
            slug="strategy-ambiguous",
        )
    return candidates[0]


def _ungated(document: Document, unread: Sequence[str]) -> DocumentError:
    return DocumentError(
        f"{document.name}: was not gated, because {' and '.join(unread)} could not be read",
        slug="strategy-unreadable",
    )


def gate_record(
    record: Record,
    document: Document,
    strategy: Document,
    specification: Specification,
    manifest: Manifest,
    *,
    plots: bool,
) -> Record:
    """Add to a list-mode file's record what its gates count, and how it was acquired.

    Only populations that the specification maps to a test and that the strategy defines become
    observations; a test left without one is missing, and its criterion says so. Absolute counts
    take what `manifest` declares of the file.
    """
    gates = strategy.strategy
    if gates is None:
        raise AssertionError(f"{strategy.name} was opened as a gating strategy and holds none")
    listmode = data_set_for(document.listmode, gates)
    evaluation = Evaluation(listmode, gates)
    populations = population_table(evaluation)
    defined = set(populations["path"])
    wanted = {
        test: (of, is_)
        for test, (of, is_) in specification.populations.items()
        if of in defined and is_ in defined
    }
    counted = {
        test: one for test, one in specification.absolute_counts.items() if one.cells in defined
    }
    lot, sample_id = record.stated("lot"), record.stated("sample_id")
    dyes = {test: dye_of(listmode, gates, is_[len(of) :]) for test, (of, is_) in wanted.items()}
    found, findings = population_observations(
        populations,
        wanted,
        source=document.name,
        lot=lot,
        sample_id=sample_id,
        measured_at=measured_at(listmode),
        dyes={test: dye for test, dye in dyes.items() if dye and "viability" in test},
    )
    absolute, uncounted, cell_counts = absolute_observations(
        evaluation,
        counted,
        manifest.counting.get(document.name),
        source=document.name,
        lot=lot,
        sample_id=sample_id,
        measured_at=measured_at(listmode),
    )
    used = [*(path for pair in wanted.values() for path in pair)]
    used += [path for one in counted.values() for path in (one.cells, one.beads) if path in defined]
    quality = measure(listmode)
    said = [
        *record.findings,
        *strategy_findings(gates, specification.gating_strategies),
        *control_findings(listmode),
        *marker_findings(listmode, gates, wanted, specification.gates_lie_on),
        *scale_findings(listmode, gates, wanted),
        *gating_findings(listmode, gates),
        *findings,
        *quality_findings(quality, specification.acquisition, manifest),
        *uncounted,
        *bead_findings(evaluation, specification.absolute_counts, wanted, document.name),
        *sequence_findings(listmode, gates, _asked_paths(specification)),
        *antigen_findings(listmode, gates, {test: one.cells for test, one in counted.items()}),
        *direction_findings(
            evaluation,
            wanted,
            {test: one.cells for test, one in counted.items()},
            quality,
            specification.gates_lie_on,
        ),
        *lie_findings(listmode, gates, used, specification.gates_lie_on),
        *([] if wanted or counted else [_no_population(document, strategy, specification)]),
    ]
    return replace(
        record,
        observations=_joined(record.observations, observations([*found, *absolute])),
        findings=tuple(said),
        populations=populations,
        acquired=acquisition(listmode),
        plots=gate_plots(evaluation) if plots else (),
        acquisition=quality,
        cell_counts=tuple(cell_counts),
    )


def compared_controls(
    documents: Mapping[str, Document | None],
    manifest: Manifest,
    specification: Specification,
    unread: Sequence[str] = (),
    days: Collection[dt.date] = (),
) -> Iterator[Finding]:
    """Hold each control that lot.yaml declares beside its gate.

    `documents` are those of the lot by name, None where one could not be read; `days` are those
    on which the lot's own tubes were acquired.
    """
    strategies = [one for one in documents.values() if one and one.kind == "gating"]
    tubes = [name for name, one in documents.items() if one and one.kind == "listmode"]
    for control in manifest.controls:
        document = documents.get(control.file)
        if control.file in manifest.ignore:
            yield unusable(control, "lot.yaml also lists under `ignore`")
        elif control.file not in documents:
            yield unusable(control, "is not in the folder")
        elif document is None:
            yield unusable(control, "could not be read")
        elif document.kind != "listmode":
            yield unusable(control, "is no list-mode file")
        else:
            try:
                chosen = choose_strategy(document, strategies, manifest, unread, tubes)
            except DocumentError as error:
                yield unusable(control, f"has no gates to be held beside: {error}")
                continue
            gates = chosen.strategy
            if gates is None:
                raise AssertionError(f"{chosen.name} was opened as a gating strategy, holds none")
            day = acquisition(document.listmode[0]).day
            if day is not None and days and day not in days:
                of_lot = ", ".join(str(one) for one in sorted(days))
                why = f"was acquired on {day}, and the lot's own tubes on {of_lot}"
                yield unusable(control, f"{why}: voltages and stains are of a day")
            yield from declared_control_findings(
                document.listmode, gates, control, specification.controls
            )


def strategy_findings(
    strategy: GatingStrategy, approved: Sequence[str] | None = None
) -> list[Finding]:
    """Say whether anybody stands behind a strategy, and what of it was not read.

    `approved` are the hashes that the specification allows, of a file or of what it says; None
    where it names none.
    """
    place = Place(strategy.id)
    found = [
        Finding("gate-left-out", Severity.WARNING, f"{strategy.id}: gate {gate!r} {why}", place)
        for gate, why in strategy.refused.items()
    ]
    found += [
        Finding("strategy-note", Severity.INFORMATION, f"{strategy.id}: {note}", place)
        for note in strategy.notes
    ]
    if approved is not None and not {strategy.sha256, strategy.content_sha256} & set(approved):
        message = (
            f"{strategy.id}: is none of the gating strategies that the specification allows (its "
            f"SHA-256 is {strategy.content_sha256})"
        )
        found.append(Finding("strategy-not-allowed", Severity.HOLD, message, place))
    if strategy.card is not None:
        fault = fault_of(strategy.card, strategy.content_sha256)
        if fault is not None:
            slug, words = fault
            found.append(Finding(slug, Severity.HOLD, f"{strategy.id}: {words}", place))
    elif approved is None:
        message = (
            f"{strategy.id}: does not say who approved it; its SHA-256 is {strategy.sha256}, to be "
            "held against the laboratory's own record"
        )
        found.append(Finding("strategy-without-card", Severity.INFORMATION, message, place))
    return found


def _asked_paths(specification: Specification) -> dict[str, tuple[str, ...]]:
    """Map each test to the path of the population that the specification asks for."""
    asked = {test: is_ for test, (_, is_) in specification.populations.items()}
    asked |= {test: one.cells for test, one in specification.absolute_counts.items() if one.cells}
    return asked


def _joined(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    return second if first.empty else pd.concat([first, second], ignore_index=True)


def _no_population(document: Document, strategy: Document, specification: Specification) -> Finding:
    message = (
        f"{strategy.name}: none of its gates is a population that {specification.identity.id} "
        f"maps to a test; {document.name} answers nothing"
    )
    return Finding("population-missing", Severity.HOLD, message, Place(document.name))
