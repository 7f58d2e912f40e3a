"""A card fails what is wrong, and is skipped only by what is not declared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext

import attrs
import pytest

from wattbook_adapters.storage.memory import MemoryJournal
from wattbook_contracts.capabilities import (
    STORAGE_CAPABILITIES,
    VENUE_CAPABILITIES,
    Capability,
)
from wattbook_contracts.conformance.cards import (
    Card,
    Outcome,
    card,
    deck,
    failures,
    require,
    require_equal,
    run_cards,
)
from wattbook_contracts.conformance.journal import JOURNAL_CARDS
from wattbook_contracts.conformance.records import RECORD_CARDS
from wattbook_contracts.conformance.venue import VENUE_CARDS
from wattbook_contracts.errors import StoreLockedFault
from wattbook_contracts.ports.journal import Journal, JournalReader
from wattbook_domain.audit.chain import ChainHead, JournalEntry, PendingEntry


@card("TEST-01")
def positive(harness: int) -> None:
    """The number is positive."""
    require(harness > 0, f"number: expected a positive one, found {harness}")


@card("TEST-02", Capability.ICEBERG, Capability.FOK)
def even(harness: int) -> None:
    """The number is even."""
    require_equal("remainder", harness % 2, 0)


def outcomes(number: int, *declared: Capability) -> list[Outcome]:
    results = run_cards([positive, even], lambda: nullcontext(number), frozenset(declared))
    return [result.outcome for result in results]


def test_cards_pass_fail_and_are_skipped_by_capability() -> None:
    both = (Capability.ICEBERG, Capability.FOK)
    assert outcomes(2, *both) == [Outcome.PASSED, Outcome.PASSED]
    assert outcomes(-1, *both) == [Outcome.FAILED, Outcome.FAILED]
    assert outcomes(3, Capability.FOK) == [Outcome.PASSED, Outcome.SKIPPED]


def test_a_skip_names_what_is_not_declared_and_a_failure_what_was_found() -> None:
    results = run_cards([positive, even], lambda: nullcontext(-3), frozenset({Capability.FOK}))
    assert results[1].detail == "not declared: ICEBERG"
    assert failures(results) == (
        "TEST-01 The number is positive. -> CardFailure: number: expected a positive one, found -3"
    )


def test_each_card_gets_a_harness_of_its_own_which_is_closed_whatever_happens() -> None:
    told: list[str] = []

    @contextmanager
    def harness() -> Iterator[int]:
        told.append("opened")
        yield -1
        told.append("closed only when nothing was raised")

    @contextmanager
    def guarded() -> Iterator[int]:
        with harness() as number:
            try:
                yield number
            finally:
                told.append("closed")

    run_cards([positive, positive], guarded, frozenset())
    assert told == ["opened", "closed"] * 2


def test_an_adapter_that_raises_fails_the_card_with_its_words() -> None:
    results = run_cards([positive], lambda: nullcontext("text"), frozenset())  # type: ignore[list-item]
    assert results[0].outcome is Outcome.FAILED
    assert results[0].detail.startswith("TypeError: ")


def test_a_card_must_state_its_requirement() -> None:
    with pytest.raises(ValueError, match="TEST-09 must state its requirement"):

        @card("TEST-09")
        def silent(harness: int) -> None:
            pass


def test_a_deck_has_each_number_once_and_in_order() -> None:
    with pytest.raises(ValueError, match="each number once"):
        deck(positive, positive)
    with pytest.raises(ValueError, match="in order"):
        deck(even, positive)


@pytest.mark.parametrize(
    ("cards", "prefix", "declarable"),
    [
        (JOURNAL_CARDS, "STORE", STORAGE_CAPABILITIES),
        (RECORD_CARDS, "RECORD", STORAGE_CAPABILITIES),
        (VENUE_CARDS, "EXEC", VENUE_CAPABILITIES),
    ],
)
def test_decks_are_numbered_without_a_gap_and_need_what_can_be_declared(
    cards: Sequence[Card[object]], prefix: str, declarable: frozenset[Capability]
) -> None:
    assert [c.number for c in cards] == [f"{prefix}-{n:02d}" for n in range(1, len(cards) + 1)]
    assert frozenset[Capability]().union(*(c.needs for c in cards)) <= declarable
    assert all(c.requirement.endswith(".") for c in cards)


def test_every_capability_belongs_to_venues_or_to_stores() -> None:
    assert set(Capability) == VENUE_CAPABILITIES | STORAGE_CAPABILITIES
    assert not VENUE_CAPABILITIES & STORAGE_CAPABILITIES


class Forgetful(MemoryJournal):
    """Loses the last of a group."""

    def append(self, pending: Sequence[PendingEntry]) -> tuple[JournalEntry, ...]:
        return super().append(pending[:-1]) if len(pending) > 1 else super().append(pending)


class Unlinked(MemoryJournal):
    """Starts every group at the genesis."""

    def head(self) -> ChainHead:
        return ChainHead(super().head().seq, "0" * 64)


class Careless(MemoryJournal):
    """Reads one too many."""

    def read(self, *, after_seq: int = 0) -> Iterator[JournalEntry]:
        return super().read(after_seq=max(after_seq - 1, 0))


class Mangling(MemoryJournal):
    """Takes bytes for text."""

    def append(self, pending: Sequence[PendingEntry]) -> tuple[JournalEntry, ...]:
        kept = super().append(pending)
        self._entries = [
            attrs.evolve(e, payload=e.payload.decode(errors="replace").encode())
            for e in self._entries
        ]
        return kept


@attrs.frozen
class BrokenHarness:
    journal: MemoryJournal

    def writer(self) -> AbstractContextManager[Journal]:
        return nullcontext(self.journal)

    def reader(self) -> JournalReader:
        return self.journal


@pytest.mark.parametrize(
    ("journal", "caught_by"),
    [
        (Forgetful, "STORE-04"),
        (Unlinked, "STORE-03"),
        (Careless, "STORE-06"),
        (Mangling, "STORE-02"),
        (MemoryJournal, "STORE-09"),
    ],
)
def test_a_broken_journal_is_caught_by_its_card(
    journal: type[MemoryJournal], caught_by: str
) -> None:
    results = run_cards(
        JOURNAL_CARDS, lambda: nullcontext(BrokenHarness(journal())), STORAGE_CAPABILITIES
    )
    failed = {result.number for result in results if result.outcome is Outcome.FAILED}
    assert caught_by in failed
    assert Outcome.SKIPPED not in {result.outcome for result in results}


def test_a_second_writer_refused_by_anything_but_the_fault_is_a_failure() -> None:
    class Harness(BrokenHarness):
        pass

    (one_writer,) = (c for c in JOURNAL_CARDS if c.number == "STORE-09")
    with pytest.raises(AssertionError, match="expected StoreLockedFault, found admittance"):
        one_writer(Harness(MemoryJournal()))
    assert StoreLockedFault.is_retryable
