"""Replay gives the same bytes; a crash anywhere, then a resume, ends where an unbroken run ends."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.application.engine.desk import (
    PROGRAM,
    CountingClock,
    DeskState,
    Fuse,
    FusedJournal,
    OrderWanted,
    PowerLost,
    Venue,
    is_answered,
)

from wattbook_adapters.storage.memory import MemoryJournal
from wattbook_application.engine import Engine, Post, resume
from wattbook_application.program import Effect, SequencedEffect, Step, effect_bytes, sequenced
from wattbook_application.replay import RetracedJournal, replay
from wattbook_contracts.errors import CorruptionFault, StoreLockedFault
from wattbook_contracts.ports.journal import Journal
from wattbook_domain.audit.chain import EMPTY_HEAD, JournalEntry, PendingEntry, first_broken
from wattbook_domain.foundation.identifiers import ClientOrderId
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.orders.vocabulary import Side

orders = st.lists(
    st.tuples(st.sampled_from(Side), st.integers(1, 60), st.integers(-500, 500)),
    min_size=1,
    max_size=6,
).map(
    lambda rows: [
        OrderWanted(
            order_id=ClientOrderId(f"D1-{n}"), side=side, lots=lots, ticks=ticks, at=UtcNs(n)
        )
        for n, (side, lots, ticks) in enumerate(rows)
    ]
)
fuses = st.lists(st.integers(1, 25), max_size=4)


def unbroken(wanted: Sequence[OrderWanted]) -> tuple[Engine[DeskState], MemoryJournal, list[Step]]:
    journal, venue, told = MemoryJournal(), Venue(), list[Step]()
    engine = Engine(
        PROGRAM,
        journal=journal,
        clock=CountingClock(),
        perform=venue.perform,
        observe=lambda step, state: told.append(step),
    )
    venue.tell = engine.post
    for fact in wanted:
        engine.post(fact)
    engine.drain()
    assert engine.state.position_lots == venue.position_lots
    return engine, journal, told


def stored(journal: Journal) -> list[JournalEntry]:
    """Entries without the receiving time, which differs between two runs of one day."""
    return [attrs.evolve(entry, received_ns=UtcNs(0)) for entry in journal.read()]


@given(orders)
def test_replay_reaches_the_same_state_and_asks_for_the_same_effects(
    wanted: list[OrderWanted],
) -> None:
    engine, journal, told = unbroken(wanted)
    replayed = replay(PROGRAM, journal, expected_head=journal.head())
    assert replayed.state_hash == engine.state_hash
    live = [effect for step in told for effect in sequenced(step)]
    assert effect_bytes(replayed.effects) == effect_bytes(live)
    assert replayed.head == journal.head()
    seen: list[Step] = []
    replay(PROGRAM, journal, observe=lambda step, state: seen.append(step))
    assert seen == told


@given(orders)
def test_the_same_day_twice_has_the_same_hashes(wanted: list[OrderWanted]) -> None:
    _, first, _ = unbroken(wanted)
    _, second, _ = unbroken(wanted)
    assert first.head() == second.head()


class LiveWorld:
    """A venue that survives our crashes, and an operator who repeats what we have not kept."""

    def __init__(self, wanted: Sequence[OrderWanted]) -> None:
        self.wanted = wanted
        self.venue = Venue()
        self.journal = MemoryJournal()

    def run(self, fuse: Fuse) -> Engine[DeskState]:
        def perform(effect: Effect) -> None:
            fuse.current()
            self.venue.perform(effect)
            fuse.current()

        def reconcile(unanswered: Sequence[SequencedEffect], post: Post) -> None:
            self.venue.tell = post
            for item in unanswered:
                self.venue.perform(item.effect)

        engine = resume(
            PROGRAM,
            journal=FusedJournal(self.journal, fuse),  # type: ignore[arg-type]
            clock=CountingClock(),
            perform=perform,
            is_answered=is_answered,
            reconcile=reconcile,
        )
        self.venue.tell = engine.post
        for fact in self.wanted:
            if fact.order_id not in engine.state.orders:
                engine.post(fact)
        engine.drain()
        return engine


@given(orders, fuses)
def test_crashes_anywhere_lose_no_fill_and_book_none_twice(
    wanted: list[OrderWanted], blown: list[int]
) -> None:
    expected, _, _ = unbroken(wanted)
    world = LiveWorld(wanted)
    for at in blown:
        try:
            world.run(Fuse(at))
        except PowerLost:
            assert first_broken(world.journal.read()) is None
    engine = world.run(Fuse(at=0))
    assert engine.state_hash == expected.state_hash
    assert engine.state.position_lots == world.venue.position_lots
    assert replay(PROGRAM, world.journal).state_hash == expected.state_hash


@given(orders, fuses)
def test_a_simulated_world_is_rebuilt_in_step_and_its_journal_is_the_unbroken_one(
    wanted: list[OrderWanted], blown: list[int]
) -> None:
    expected, journal, _ = unbroken(wanted)
    kept = MemoryJournal()

    def run(fuse: Fuse) -> Engine[DeskState]:
        venue = Venue()

        def perform(effect: Effect) -> None:
            fuse.current()
            venue.perform(effect)
            fuse.current()

        engine = Engine(
            PROGRAM,
            journal=RetracedJournal(FusedJournal(kept, fuse)),  # type: ignore[arg-type]
            clock=CountingClock(),
            perform=perform,
        )
        venue.tell = engine.post
        for fact in wanted:
            engine.post(fact)
        engine.drain()
        return engine

    for at in blown:
        try:
            run(Fuse(at))
        except PowerLost:
            assert stored(kept) == stored(journal)[: kept.head().seq]
    assert run(Fuse(at=0)).state_hash == expected.state_hash
    assert stored(kept) == stored(journal)


def pending(*numbers: int) -> list[PendingEntry]:
    return [
        PendingEntry(kind="n", event_ns=UtcNs(n), received_ns=UtcNs(n), payload=b"%d" % n)
        for n in numbers
    ]


def test_retracing_returns_what_was_kept_then_appends() -> None:
    recorded = MemoryJournal()
    kept = recorded.append(pending(1, 2, 3))
    retraced = RetracedJournal(recorded)
    assert (retraced.head(), retraced.is_retracing) == (EMPTY_HEAD, True)
    assert retraced.append(pending(1)) == kept[:1]
    assert list(retraced.read()) == list(kept[:1])
    assert retraced.append([]) == ()
    entries = retraced.append(pending(2, 3, 4))
    assert entries[:2] == kept[1:]
    assert entries[2].seq == 4
    assert (retraced.head(), retraced.is_retracing) == (recorded.head(), False)
    assert list(retraced.read(after_seq=2)) == list(entries[1:])
    assert retraced.append(pending(5))[0].seq == 5


def test_a_run_that_differs_from_its_journal_is_stopped_and_keeps_nothing() -> None:
    recorded = MemoryJournal()
    recorded.append(pending(1, 2))
    retraced = RetracedJournal(recorded)
    with pytest.raises(CorruptionFault, match="entry 2 is a 'n' at 2, the run now brings a 'n'"):
        retraced.append(pending(1, 7, 8))
    assert recorded.head().seq == 2
    assert [e.seq for e in retraced.append(pending(1, 2))] == [1, 2]


def test_a_store_that_is_locked_while_retracing_ends_does_not_lose_the_way() -> None:
    class LockedOnce(MemoryJournal):
        is_locked = False

        def append(self, pending: Sequence[PendingEntry]) -> tuple[JournalEntry, ...]:
            if self.is_locked:
                self.is_locked = False
                raise StoreLockedFault("the store is locked")
            return super().append(pending)

    recorded = LockedOnce()
    recorded.append(pending(1, 2))
    recorded.is_locked = True
    retraced = RetracedJournal(recorded)
    with pytest.raises(StoreLockedFault):
        retraced.append(pending(1, 2, 3))
    assert [e.seq for e in retraced.append(pending(1, 2, 3))] == [1, 2, 3]


def test_an_altered_journal_is_not_replayed_at_all() -> None:
    _, journal, _ = unbroken(
        [OrderWanted(order_id=ClientOrderId("D1"), side=Side.BUY, lots=4, ticks=1, at=UtcNs(1))]
    )
    entries = list(journal.read())
    entries[1] = attrs.evolve(entries[1], payload=entries[1].payload.replace(b'"BUY"', b'"SELL"'))
    told: list[Step] = []
    with pytest.raises(CorruptionFault, match="record 2 does not have the content"):
        replay(PROGRAM, MemoryJournal(entries), observe=lambda step, state: told.append(step))
    assert told == []
    with pytest.raises(CorruptionFault, match="record 3 is missing from the end"):
        replay(PROGRAM, MemoryJournal(list(journal.read())[:2]), expected_head=journal.head())
