"""Starts, resumes and ends one day's run: the order in which parts come up and go down.

Crash recovery is the start path. Every run first replays its journal, empty or not; then the
simulated venues are brought back by the commands in it, the audit log is compared with it, and the
day goes on from the first thing that is not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from typing import Final

import attrs

from wattbook.containers import MarketContainer, RecordsContainer
from wattbook.documents import REMIT_FOLDER, Witness, summary_of, write_documents
from wattbook.parts import DayParts, build_parts
from wattbook.plugin_manager import Catalogue
from wattbook.run_folder import RunFolder
from wattbook.settings import LoadedSettings
from wattbook_adapters.storage.audit_file import AuditFile
from wattbook_application.closing import ClosedDay, ClosingPorts, close, journal_documents
from wattbook_application.engine import Engine
from wattbook_application.handlers import TRADING_DAY
from wattbook_application.operations.audit_day import audit_day
from wattbook_application.replay import Replayed, replay
from wattbook_application.state import DayState
from wattbook_application.trading.send import commands_of, sender
from wattbook_application.trading_day import DayPorts, TradingDay
from wattbook_contracts.ports.progress import Progress
from wattbook_contracts.schemas.day_summary import DaySummary

REGIME_ID: Final = "REMIT-1"


def run_day(
    loaded: LoadedSettings,
    catalogue: Catalogue,
    *,
    day: date,
    folder: RunFolder,
    progress: Progress,
) -> DaySummary:
    """Run one day, or go on with one that was interrupted, and write its files.

    Raises:
        PlatformFault: one clear line; what was journalled stays, and the run can go on.
    """
    # 1. Everything that can be refused is refused before anything is written.
    parts = build_parts(loaded, catalogue, day)
    run_id = parts.setup.run_id
    # 2. The folder is this run's, or it is left alone.
    folder.claim(run_id, profile=loaded.profile)
    records = folder.records(run_id)
    # 3. Store, journal and audit log come up, and go down in reverse whatever happens.
    with _opened(records) as audit_log:
        # 4. The journal is replayed, and the world brought to where it ends.
        running = _recovered(parts, records, audit_log)
        # 5. The day goes on from there to its close.
        ports = _day_ports(parts, progress)
        TradingDay(parts.setup, engine=running.engine, ports=ports).run()
        closing = _closing_ports(parts, records, progress)
        closed = close(running.engine, parts.published.history, closing)
        # 6. Files are written first, their hashes journalled and audited after.
        return _documented(running, closed, parts, folder, audit_log)


@attrs.frozen
class _Running:
    """An engine with the witness that audits it."""

    engine: Engine[DayState]
    witness: Witness


@contextmanager
def _opened(records: RecordsContainer) -> Iterator[AuditFile]:
    """Hold store, journal and audit log open."""
    with ExitStack() as stack:
        stack.callback(records.store().close)
        stack.callback(records.journal().close)
        yield stack.enter_context(records.audit_log())


def _recovered(parts: DayParts, records: RecordsContainer, audit_log: AuditFile) -> _Running:
    """Return an engine that stands where the journal ends, with everything before it audited."""
    witness = Witness(audit_day(audit_log, parts.setup.run_id))
    journal, world = records.journal(), parts.world
    replayed = replay(TRADING_DAY, journal, observe=witness.follow)
    engine = Engine(
        TRADING_DAY,
        journal=journal,
        clock=records.clock(),
        perform=sender(world.session().gateways),
        observe=witness.follow,
        replayed=replayed,
    )
    world.sink().attach(engine)
    _bring_back(world, replayed)
    engine.drain()
    return _Running(engine, witness)


def _bring_back(world: MarketContainer, replayed: Replayed[DayState]) -> None:
    """Bring the simulated venues to where the journal left them; lost reports come again."""
    state = replayed.state
    if state.market is None or state.closed_at_hash is not None:
        return  # nothing was sent yet, or nothing will be sent any more
    cleared_at = None if state.auction is None else state.auction.at
    world.session().rebuild(commands_of(replayed.effects), cleared_at=cleared_at)


def _day_ports(parts: DayParts, progress: Progress) -> DayPorts:
    analytics, world = parts.analytics, parts.world
    return DayPorts(
        feed=parts.published.feed,
        models=(analytics.model(), analytics.fallback()),
        optimiser=analytics.optimiser(),
        generation=world.generation(),
        strategies=analytics.strategies(),
        session=world.session(),
        progress=progress,
    )


def _closing_ports(parts: DayParts, records: RecordsContainer, progress: Progress) -> ClosingPorts:
    return ClosingPorts(
        optimiser=parts.analytics.optimiser(),
        reporter=parts.reporter,
        regime_id=REGIME_ID,
        transport=records.outbox(),
        folder=REMIT_FOLDER,
        unit_of_work=records.unit_of_work,
        progress=progress,
    )


def _documented(
    running: _Running,
    closed: ClosedDay,
    parts: DayParts,
    folder: RunFolder,
    audit_log: AuditFile,
) -> DaySummary:
    """Write summary and page, and journal what they hash to."""
    engine, witness = running.engine, running.witness
    witness.follower.flush()
    notes = tuple(note.explain() for note in parts.published.prices.notes)
    summary = summary_of(engine.state, closed, witness=witness, audit_log=audit_log, notes=notes)
    journal_documents(engine, write_documents(folder.path, summary))
    witness.follower.flush()
    return summary
