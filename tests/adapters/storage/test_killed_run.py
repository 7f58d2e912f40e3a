"""kill -9 in the middle of a run, on a real store: the finished run is the unbroken one.

The child process runs the example desk and kills itself at some effect, before or after the venue
has it. The simulated venue dies with it; the run is then done again against its own journal.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import attrs
import pytest
from tests.application.engine.desk import PROGRAM, CountingClock, DeskState, OrderWanted, Venue

from wattbook_adapters.storage.journal import SqlJournal, SqlJournalReader
from wattbook_adapters.storage.memory import MemoryJournal
from wattbook_adapters.storage.store import SqlStore, open_store
from wattbook_application.engine import Engine
from wattbook_application.program import Effect
from wattbook_application.replay import RetracedJournal, replay
from wattbook_contracts.errors import StoreLockedFault
from wattbook_contracts.ports.journal import Journal
from wattbook_domain.audit.chain import JournalEntry
from wattbook_domain.foundation.identifiers import ClientOrderId, RunId
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.orders.vocabulary import Side

RUN = RunId("killed")
ROOT = Path(__file__).parents[3]


def trade(journal: Journal, *, killed_at: int = -1) -> Engine[DeskState]:
    """Trade nine orders; die at the `killed_at`-th half of an effect."""
    venue, halves = Venue(), 0

    def half() -> None:
        nonlocal halves
        if halves == killed_at:
            os.kill(os.getpid(), signal.SIGKILL)
        halves += 1

    def perform(effect: Effect) -> None:
        half()
        venue.perform(effect)
        half()

    engine = Engine(PROGRAM, journal=journal, clock=CountingClock(), perform=perform)
    venue.tell = engine.post
    for n in range(1, 10):
        order = ClientOrderId(f"D1-{n}")
        engine.post(OrderWanted(order_id=order, side=Side.SELL, lots=n, ticks=-n, at=UtcNs(n)))
        if n % 3 == 0:
            engine.drain()
    return engine


def admitted(store: SqlStore) -> SqlJournal:
    """Become the writer as soon as a server has noticed that the last one is gone."""
    for _ in range(1_000):
        try:
            return SqlJournal(store, RUN)
        except StoreLockedFault:
            continue
    raise AssertionError("the lock of a killed writer was never released")


def without_receipt(entries: list[JournalEntry]) -> list[JournalEntry]:
    return [attrs.evolve(entry, received_ns=UtcNs(0)) for entry in entries]


@pytest.mark.parametrize("killed_at", [0, 1, 9, 20])
def test_a_killed_run_resumes_and_ends_as_if_unbroken(url: str, killed_at: int) -> None:
    unbroken = MemoryJournal()
    expected = trade(unbroken)
    program = (
        "from tests.adapters.storage.test_killed_run import *\n"
        f"trade(SqlJournal(open_store({url!r}), RUN), killed_at={killed_at})\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=60)
    assert done.returncode == -signal.SIGKILL
    store = open_store(url)
    try:
        kept = list(SqlJournalReader(store, RUN).read())
        assert without_receipt(kept) == without_receipt(list(unbroken.read()))[: len(kept)]
        assert len(kept) < unbroken.head().seq
        with admitted(store) as journal:
            engine = trade(RetracedJournal(journal))
            assert engine.state_hash == expected.state_hash
            assert journal.head() == unbroken.head()
            assert replay(PROGRAM, journal).state_hash == expected.state_hash
    finally:
        store.close()
