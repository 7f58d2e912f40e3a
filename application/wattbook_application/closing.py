"""Closes a day: step eight, the regulator's files, the records, and the last fact.

Everything here is derived from the state, so it can be done again after a crash and gives the same
bytes. Files are written first and their hashes journalled after, never the other way round.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs

from wattbook_application.compliance.report_trade import prepare_day
from wattbook_application.engine import Engine
from wattbook_application.facts import DayClosed, DocumentWritten, StepFinished
from wattbook_application.state import DayState, fingerprint
from wattbook_application.steps import TradingStep
from wattbook_application.views.day_view import DayView, surviving_fills, view_day
from wattbook_contracts.ports.optimiser import Optimiser
from wattbook_contracts.ports.progress import Progress
from wattbook_contracts.ports.regulator import ReportBatch, Reporter, ReportTransport
from wattbook_contracts.ports.repositories import FiledReport
from wattbook_contracts.ports.unit_of_work import UnitOfWork
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.regulation.submission import Submission
from wattbook_domain.signals.series import DayTable


@attrs.frozen(kw_only=True)
class ClosingPorts:
    """What closing needs. `regime_id` names the regime in the records, `folder` the outbox."""

    optimiser: Optimiser
    reporter: Reporter
    regime_id: str
    transport: ReportTransport
    folder: str
    unit_of_work: Callable[[], UnitOfWork]
    progress: Progress


@attrs.frozen(kw_only=True)
class ClosedDay:
    """What a closed day leaves: the view, the regulator's batch and where it went."""

    view: DayView
    batch: ReportBatch
    submissions: tuple[Submission, ...]


def close(engine: Engine[DayState], history: DayTable, ports: ClosingPorts) -> ClosedDay:
    """Close the day, or go on with an interrupted closing.

    Raises:
        PlatformFault: from a port; the day can be closed again.
    """
    state = engine.state
    at = state.opened.intervals[-1].end
    view = view_day(state, history=history, optimiser=ports.optimiser)
    _finish_profit(engine, view, ports.progress, at=at)
    batch = prepare_day(state, ports.reporter)
    submissions: tuple[Submission, ...] = ()
    if batch.is_submittable:
        submissions = ports.transport.send(batch.documents, sent_at=at)
        _journal(engine, [(f"{ports.folder}/{d.name}", d.sha256) for d in batch.documents], at=at)
    _record(state, batch, ports, at=at)
    if state.closed_at_hash is None:
        engine.post(DayClosed(at=at, state_hash=fingerprint(state)))
        engine.drain()
    return ClosedDay(view=view, batch=batch, submissions=submissions)


def journal_documents(engine: Engine[DayState], written: Sequence[tuple[str, str]]) -> None:
    """Journal the name and hash of files that were written after the day was closed."""
    _journal(engine, written, at=engine.state.opened.intervals[-1].end)


def _finish_profit(
    engine: Engine[DayState], view: DayView, progress: Progress, *, at: UtcNs
) -> None:
    result = view.result
    parts = ", ".join(f"{name} {amount.rounded():,}" for name, amount in result.parts)
    text = (
        f"{result.total.rounded():,} {result.total.currency}: {parts}; "
        f"unexplained {result.unexplained.rounded()}"
    )
    if TradingStep.PROFIT_AND_LOSS not in engine.state.finished:
        engine.post(StepFinished(at=at, step=TradingStep.PROFIT_AND_LOSS, result=text))
        engine.drain()
    progress.finished(
        TradingStep.PROFIT_AND_LOSS, engine.state.finished[TradingStep.PROFIT_AND_LOSS]
    )


def _journal(engine: Engine[DayState], written: Sequence[tuple[str, str]], *, at: UtcNs) -> None:
    for name, sha256 in written:
        if engine.state.documents.get(name) != sha256:
            engine.post(DocumentWritten(at=at, name=name, sha256=sha256))
    engine.drain()


def _record(state: DayState, batch: ReportBatch, ports: ClosingPorts, *, at: UtcNs) -> None:
    """Keep orders, fills, positions, instruments and reports as records; saving again is safe."""
    with ports.unit_of_work() as unit:
        unit.instruments.save([i.spec for i in state.opened.instruments.values()])
        unit.orders.save(list(state.orders.values()))
        unit.fills.save(list(surviving_fills(state)))
        unit.positions.save(list(state.positions.snapshot()))
        unit.reports.save(
            [
                FiledReport(regime=ports.regime_id, document=document, written_at=at)
                for document in batch.documents
            ]
        )
        unit.commit()
