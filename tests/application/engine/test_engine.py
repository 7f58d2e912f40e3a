"""The sequenced loop: what is kept, in which order, and what stops it."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import pytest
from tests.application.engine.desk import (
    PROGRAM,
    CountingClock,
    DeskState,
    OrderWanted,
    ReportReceived,
    SendOrder,
    Venue,
)

from wattbook_adapters.storage.memory import MemoryJournal
from wattbook_application.engine import GROUP_MAX, EffectFault, Engine
from wattbook_application.program import Effect, FactRegistry, HandlerFault, Program, Step
from wattbook_application.replay import replay
from wattbook_contracts.errors import CorruptionFault, StorageFault, StoreLockedFault
from wattbook_domain.audit.chain import EMPTY_HEAD, JournalEntry, PendingEntry, next_entries
from wattbook_domain.foundation.canonical import canonical_bytes
from wattbook_domain.foundation.identifiers import ClientOrderId
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.orders.vocabulary import Side


def wanted(number: int, lots: int = 2) -> OrderWanted:
    return OrderWanted(
        order_id=ClientOrderId(f"D1-{number}"), side=Side.BUY, lots=lots, ticks=-5, at=UtcNs(number)
    )


def engine_over(journal: MemoryJournal, venue: Venue, **more: object) -> Engine[DeskState]:
    engine = Engine(
        PROGRAM,
        journal=journal,
        clock=CountingClock(),
        perform=venue.perform,
        **more,  # type: ignore[arg-type]
    )
    venue.tell = engine.post
    return engine


def test_a_fact_is_in_the_journal_before_its_handler_and_its_effects() -> None:
    journal, told = MemoryJournal(), []

    def observe(step: Step, state: DeskState) -> None:
        told.append(("decided", step.entry.seq, journal.head().seq))

    def perform(effect: Effect) -> None:
        told.append(("performed", effect.order_id, journal.head().seq))  # type: ignore[attr-defined]

    engine = Engine(
        PROGRAM, journal=journal, clock=CountingClock(), perform=perform, observe=observe
    )
    engine.post(wanted(1))
    assert journal.head() == EMPTY_HEAD
    assert engine.drain() == 1
    assert told == [("decided", 1, 1), ("performed", "D1-1", 1)]


def test_an_answer_given_inside_perform_waits_for_its_turn() -> None:
    journal, venue = MemoryJournal(), Venue()
    engine = engine_over(journal, venue)
    engine.post(wanted(1, lots=4))
    engine.post(wanted(2, lots=6))
    assert engine.drain() == 6
    assert [entry.kind for entry in journal.read()] == ["order.wanted"] * 2 + [
        "report.received"
    ] * 4
    assert engine.state.position_lots == 10
    assert engine.state.cash_units == 50
    assert engine.pending_count == 0


def test_the_journal_holds_canonical_bytes_and_both_times() -> None:
    journal = MemoryJournal()
    engine = engine_over(journal, Venue())
    engine.post(wanted(7, lots=99))
    engine.drain()
    (entry,) = journal.read()
    assert entry.payload == canonical_bytes(wanted(7, lots=99))
    assert (entry.event_ns, entry.received_ns) == (7, 1)


def test_more_facts_than_a_group_keep_their_order() -> None:
    journal = MemoryJournal()
    engine = engine_over(journal, Venue())
    count = 2 * GROUP_MAX + 3
    for number in range(1, count + 1):
        engine.post(wanted(number, lots=99))
    assert engine.drain() == count
    assert [entry.event_ns for entry in journal.read()] == list(range(1, count + 1))


def test_draining_from_inside_is_misuse_and_leaves_the_engine_stopped() -> None:
    engine = Engine(
        PROGRAM,
        journal=MemoryJournal(),
        clock=CountingClock(),
        perform=lambda effect: engine.drain() and None,
    )
    engine.post(wanted(1))
    with pytest.raises(EffectFault, match="only its owner drains it"):
        engine.drain()


def test_an_unknown_fact_is_refused_before_it_is_queued() -> None:
    engine = engine_over(MemoryJournal(), Venue())
    with pytest.raises(TypeError, match=r"order\.wanted, report\.received; found Stranger"):
        engine.post(Stranger(at=UtcNs(1)))
    assert engine.pending_count == 0


def test_a_fact_without_a_canonical_form_is_refused_before_it_is_queued() -> None:
    engine = engine_over(MemoryJournal(), Venue())
    with pytest.raises(TypeError, match="no canonical form for set"):
        engine.post(attrs.evolve(wanted(1), ticks={1}))
    with pytest.raises(ValueError, match="must be finite"):
        engine.post(attrs.evolve(wanted(1), ticks=float("nan")))
    assert engine.pending_count == 0
    engine.post(wanted(1))
    engine.drain()
    assert engine.state.position_lots == 2


@attrs.frozen
class Stranger:
    at: UtcNs


def test_a_handler_that_raises_stops_the_engine_and_the_journal_keeps_the_fact() -> None:
    def broken(state: DeskState, fact: OrderWanted) -> Sequence[Effect]:
        raise ZeroDivisionError("no lots")

    program = attrs.evolve(PROGRAM, handlers={**PROGRAM.handlers, OrderWanted: broken})
    journal = MemoryJournal()
    engine = Engine(program, journal=journal, clock=CountingClock(), perform=Venue().perform)
    engine.post(wanted(1))
    with pytest.raises(HandlerFault, match=r"'order\.wanted' raised ZeroDivisionError") as caught:
        engine.drain()
    assert (caught.value.seq, caught.value.kind) == (1, "order.wanted")
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert journal.head().seq == 1
    engine.post(wanted(2))
    with pytest.raises(RuntimeError, match="stopped inside journal entry 1"):
        engine.drain()
    assert replay(PROGRAM, journal).state.orders.keys() == {"D1-1"}
    with pytest.raises(HandlerFault, match="journal entry 1"):
        replay(program, journal)


def test_an_effect_that_raises_stops_the_engine_and_names_its_place() -> None:
    def perform(effect: Effect) -> None:
        raise ConnectionError("line down")

    engine = Engine(PROGRAM, journal=MemoryJournal(), clock=CountingClock(), perform=perform)
    engine.post(wanted(1))
    with pytest.raises(EffectFault, match=r"effect 0 of the 'order\.wanted' at journal entry 1"):
        engine.drain()
    with pytest.raises(RuntimeError, match="resume from the journal"):
        engine.drain()


def test_an_observer_that_raises_stops_the_engine_before_anything_is_sent() -> None:
    venue = Venue()

    def observe(step: Step, state: DeskState) -> None:
        raise StorageFault("the audit log is full")

    engine = engine_over(MemoryJournal(), venue, observe=observe)
    engine.post(wanted(1))
    with pytest.raises(StorageFault, match="audit log is full"):
        engine.drain()
    assert venue.sent == {}
    with pytest.raises(RuntimeError):
        engine.drain()


class LockedOnce(MemoryJournal):
    """A store that somebody else holds at the first attempt."""

    attempts = 0

    def append(self, pending: Sequence[PendingEntry]) -> tuple[JournalEntry, ...]:
        self.attempts += 1
        if self.attempts == 1:
            raise StoreLockedFault("the store is locked")
        return super().append(pending)


def test_facts_that_could_not_be_kept_stay_queued_in_order() -> None:
    journal, venue = LockedOnce(), Venue()
    engine = engine_over(journal, venue)
    for number in (1, 2, 3):
        engine.post(wanted(number))
    with pytest.raises(StoreLockedFault):
        engine.drain()
    assert engine.state == DeskState()
    assert engine.pending_count == 3
    engine.drain()
    assert [e.event_ns for e in journal.read() if e.kind == "order.wanted"] == [1, 2, 3]


def test_an_engine_does_not_start_on_a_journal_it_has_not_replayed() -> None:
    journal = MemoryJournal()
    engine = engine_over(journal, Venue())
    engine.post(wanted(1))
    engine.drain()
    with pytest.raises(ValueError, match=r"the journal at 3\. Replay the journal first"):
        engine_over(journal, Venue())
    again = engine_over(journal, Venue(), replayed=replay(PROGRAM, journal))
    again.post(wanted(2))
    again.drain()
    assert [entry.seq for entry in journal.read()] == [1, 2, 3, 4, 5, 6]
    assert again.state.position_lots == 4


def test_a_program_needs_one_kind_and_one_handler_for_each_fact() -> None:
    with pytest.raises(ValueError, match="only one of both: ReportReceived"):
        attrs.evolve(PROGRAM, registry=FactRegistry({"order.wanted": OrderWanted}))
    with pytest.raises(ValueError, match="a fact class has one kind"):
        FactRegistry({"a": OrderWanted, "b": OrderWanted})
    with pytest.raises(TypeError, match="attrs class, found int"):
        FactRegistry({"a": int})  # type: ignore[dict-item]
    with pytest.raises(ValueError, match="fact kind"):
        FactRegistry({"no spaces": OrderWanted})


@pytest.mark.parametrize(
    ("kind", "payload", "message"),
    [
        ("order.eaten", b"{}", "unknown kind 'order.eaten'"),
        ("order.wanted", b"{", "not a 'order.wanted'"),
        ("order.wanted", b"{}", "lacks the field"),
        ("report.received", b"[]", "must be an object"),
        ("order.wanted", b"\xff", "not a 'order.wanted'"),
    ],
)
def test_an_entry_that_cannot_be_decoded_is_corruption(
    kind: str, payload: bytes, message: str
) -> None:
    pending = PendingEntry(kind=kind, event_ns=UtcNs(1), received_ns=UtcNs(1), payload=payload)
    journal = MemoryJournal(next_entries(EMPTY_HEAD, [pending]))
    with pytest.raises(CorruptionFault, match=message):
        replay(PROGRAM, journal)


def test_facts_are_decoded_as_they_were_posted() -> None:
    venue, heard = Venue(), []
    venue.tell = heard.append
    venue.perform(SendOrder(order_id=ClientOrderId("D1-1"), side=Side.SELL, lots=7, ticks=0))
    journal = MemoryJournal()
    engine = engine_over(journal, Venue())
    engine.post(wanted(1, lots=7))
    engine.drain()
    facts = [PROGRAM.registry.decode(entry) for entry in journal.read()]
    assert facts[0] == wanted(1, lots=7)
    assert [type(fact) for fact in facts[1:]] == [ReportReceived] * 3
    assert attrs.evolve(heard[0].report, side=Side.BUY, limit_ticks=-5) == facts[1].report


def test_the_program_type_is_generic_over_its_state() -> None:
    counter: Program[list[int]] = Program(
        registry=FactRegistry({"stranger": Stranger}),
        handlers={Stranger: lambda state, fact: state.append(fact.at) or []},
        initial=list,
    )
    engine = Engine(
        counter, journal=MemoryJournal(), clock=CountingClock(), perform=lambda effect: None
    )
    engine.post(Stranger(UtcNs(3)))
    engine.drain()
    assert engine.state == [3]
    assert engine.state_hash == counter.hash_state([3])
