"""Engine events per second: journal first, one handler, effects; in memory and durably on disk.

Workload: 2,000 orders of one lot, each answered at once by an accept and a fill, so 6,000 facts of
which 2,000 carry an effect; canonical JSON of about 100 to 500 bytes a fact. SQLite runs with a
write-ahead log and `synchronous=FULL`; the engine makes up to 256 facts durable together.
Replay verifies the chain, decodes and folds the same 6,000 facts. Answers are checked first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import count
from pathlib import Path

import attrs
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from wattbook_adapters.storage.journal import SqlJournal
from wattbook_adapters.storage.memory import MemoryJournal
from wattbook_adapters.storage.store import open_store
from wattbook_application.engine import Engine
from wattbook_application.program import Effect, FactRegistry, Program
from wattbook_application.replay import replay
from wattbook_contracts.ports.journal import Journal
from wattbook_domain.foundation.identifiers import (
    ClientOrderId,
    ExecutionId,
    InstrumentId,
    RunId,
    VenueId,
    VenueOrderId,
)
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.orders.reports import ExecutionEvent, ExecutionReport
from wattbook_domain.orders.vocabulary import Side

ORDERS = 2_000
FACTS = 3 * ORDERS


@attrs.frozen
class Wanted:
    order_id: ClientOrderId
    ticks: int
    at: UtcNs


@attrs.frozen
class Reported:
    report: ExecutionReport

    @property
    def at(self) -> UtcNs:
        return self.report.occurred_at


@attrs.frozen
class Send:
    order_id: ClientOrderId
    ticks: int


@attrs.define
class State:
    wanted_count: int = 0
    position_lots: int = 0
    cash_units: int = 0


def on_wanted(state: State, fact: Wanted) -> Sequence[Effect]:
    state.wanted_count += 1
    return (Send(fact.order_id, fact.ticks),)


def on_reported(state: State, fact: Reported) -> Sequence[Effect]:
    report = fact.report
    if report.last_lots is not None and report.last_ticks is not None:
        state.position_lots += report.side.sign * report.last_lots
        state.cash_units -= report.side.sign * report.last_lots * report.last_ticks
    return ()


PROGRAM: Program[State] = Program(
    registry=FactRegistry({"order.wanted": Wanted, "report.received": Reported}),
    handlers={Wanted: on_wanted, Reported: on_reported},
    initial=State,
)


class StoppedClock:
    def now(self) -> UtcNs:
        return UtcNs(1)


def report(order_id: ClientOrderId, event: ExecutionEvent, ticks: int | None) -> ExecutionReport:
    filled = 0 if ticks is None else 1
    return ExecutionReport(
        execution_id=ExecutionId(f"{order_id}.{filled}"),
        venue_id=VenueId("SIM-A"),
        venue_order_id=VenueOrderId(f"V-{order_id}"),
        client_order_id=order_id,
        instrument_id=InstrumentId("DE-H-20170124-09"),
        side=Side.BUY,
        event=event,
        leaves_lots=1 - filled,
        cumulative_lots=filled,
        quantity_lots=1,
        occurred_at=UtcNs(1_485_255_600_000_000_000),
        last_lots=filled or None,
        last_ticks=ticks,
    )


def run(journal: Journal) -> Engine[State]:
    def perform(effect: Effect) -> None:
        assert isinstance(effect, Send)
        engine.post(Reported(report(effect.order_id, ExecutionEvent.ACCEPTED, None)))
        engine.post(Reported(report(effect.order_id, ExecutionEvent.FILL, effect.ticks)))

    engine = Engine(PROGRAM, journal=journal, clock=StoppedClock(), perform=perform)
    for number in range(ORDERS):
        engine.post(Wanted(ClientOrderId(f"D1-{number}"), number % 100 - 50, UtcNs(number)))
    engine.drain()
    return engine


def check(engine: Engine[State], journal: Journal) -> None:
    assert journal.head().seq == FACTS
    assert engine.state == State(ORDERS, position_lots=ORDERS, cash_units=ORDERS // 2)


@contextmanager
def on_disk(folder: Path, numbers: Iterator[int]) -> Iterator[Journal]:
    store = open_store(f"sqlite:///{folder}/journal{next(numbers)}.sqlite")
    try:
        with SqlJournal(store, RunId("bench")) as journal:
            yield journal
    finally:
        store.close()


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
def test_engine_facts(benchmark: BenchmarkFixture, tmp_path: Path, kind: str) -> None:
    numbers = count()

    def journal() -> AbstractContextManager[Journal]:
        return nullcontext(MemoryJournal()) if kind == "memory" else on_disk(tmp_path, numbers)

    with journal() as first:
        check(run(first), first)

    def rounds() -> None:
        with journal() as fresh:
            run(fresh)

    benchmark.pedantic(rounds, rounds=5, warmup_rounds=1)
    note_rate(benchmark)


def test_replay_facts(benchmark: BenchmarkFixture) -> None:
    journal = MemoryJournal()
    engine = run(journal)
    check(engine, journal)
    assert replay(PROGRAM, journal).state == engine.state
    benchmark.pedantic(replay, args=(PROGRAM, journal), rounds=5, warmup_rounds=1)
    note_rate(benchmark)


def note_rate(benchmark: BenchmarkFixture) -> None:
    if benchmark.stats is not None:  # absent under --benchmark-disable
        benchmark.extra_info["facts_per_second"] = round(FACTS / benchmark.stats.stats.median)
