"""The same cards on every store; each card a test of its own, skipped by capability only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import attrs
import pytest

from wattbook_adapters.storage.journal import SqlJournal, SqlJournalReader
from wattbook_adapters.storage.memory import MemoryJournal
from wattbook_adapters.storage.store import SqlStore, open_store
from wattbook_adapters.storage.unit_of_work import SqlUnitOfWork
from wattbook_contracts.capabilities import STORAGE_CAPABILITIES, Capability
from wattbook_contracts.conformance.cards import Card, CardResult, Outcome, failures, run_cards
from wattbook_contracts.conformance.journal import JOURNAL_CARDS
from wattbook_contracts.conformance.records import RECORD_CARDS
from wattbook_contracts.ports.journal import Journal, JournalReader
from wattbook_contracts.ports.unit_of_work import UnitOfWork
from wattbook_domain.foundation.identifiers import RunId

SQL_CAPABILITIES = STORAGE_CAPABILITIES - {Capability.MULTI_WRITER}
MEMORY_CAPABILITIES = frozenset({Capability.CONCURRENT_READ})
RUN = RunId("demo-2017-01-24")


@attrs.frozen
class SqlHarness:
    store: SqlStore

    def writer(self) -> AbstractContextManager[Journal]:
        return SqlJournal(self.store, RUN)

    def reader(self) -> JournalReader:
        return SqlJournalReader(self.store, RUN)

    def unit(self) -> UnitOfWork:
        return SqlUnitOfWork(self.store, RUN)


@contextmanager
def sql_harness(url: str) -> Iterator[SqlHarness]:
    store = open_store(url)
    try:
        yield SqlHarness(store)
    finally:
        store.close()


@attrs.frozen
class MemoryHarness:
    journal: MemoryJournal = attrs.field(factory=MemoryJournal)

    def writer(self) -> AbstractContextManager[Journal]:
        return nullcontext(self.journal)

    def reader(self) -> JournalReader:
        return self.journal


def named(card: Card[object]) -> str:
    return card.number


def require_passed(results: tuple[CardResult, ...]) -> None:
    assert failures(results) == ""
    assert [result.outcome for result in results] == [Outcome.PASSED]


@pytest.mark.parametrize("card", [*JOURNAL_CARDS, *RECORD_CARDS], ids=named)
def test_a_store_in_sql_meets_every_card(card: Card[SqlHarness], url: str) -> None:
    require_passed(run_cards([card], lambda: sql_harness(url), SQL_CAPABILITIES))


def test_a_journal_in_memory_meets_its_cards_and_says_which_it_cannot() -> None:
    results = run_cards(JOURNAL_CARDS, lambda: nullcontext(MemoryHarness()), MEMORY_CAPABILITIES)
    assert failures(results) == ""
    skipped = {r.number: r.detail for r in results if r.outcome is Outcome.SKIPPED}
    assert skipped == {
        "STORE-08": "not declared: DURABLE",
        "STORE-09": "not declared: SINGLE_WRITER",
    }
