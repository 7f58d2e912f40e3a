"""Booking: once each, in any order, and a bust leaves no trace."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.domain.orders.examples import OWNER
from tests.domain.positions.examples import EUR, KEY, fill, fills

from wattbook_domain.foundation.identifiers import ExecutionId, InstrumentId, LedgerId, VenueId
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.foundation.verdict import Refused
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.positions.arithmetic import NET_LOTS_ABS_MAX
from wattbook_domain.positions.fills import Fill, FillBusted, FillCorrected, FillEvent
from wattbook_domain.positions.ledger import Booking, BookingRefusal, Positions
from wattbook_domain.positions.position import Position, PositionKey, fold
from wattbook_domain.quantities.money import Currency, Money


def bust(of: Fill, name: str = "B1") -> FillBusted:
    return FillBusted(execution_id=ExecutionId(name), original=of.key, at=UtcNs(6))


def correction(
    of: Fill, lots: int, ticks: int, name: str = "C1", fee: Money | None = None
) -> FillCorrected:
    return FillCorrected(
        execution_id=ExecutionId(name),
        original=of.key,
        ticks=ticks,
        lots=lots,
        at=UtcNs(6),
        fee=fee,
    )


def booked(*events: FillEvent) -> Positions:
    positions = Positions()
    for event in events:
        positions.apply(event)
    return positions


BUY = fill("E1", Side.BUY, 4, -500)
SELL = fill("E2", Side.SELL, 3, 100)


def test_a_position_that_never_traded_is_flat() -> None:
    position = Positions().position(KEY)
    assert position == Position(key=KEY)
    assert position.is_flat
    assert position.average_ticks is None
    assert Positions().snapshot() == ()


@given(fills())
def test_positions_are_the_fold_of_their_fills(made: list[Fill]) -> None:
    positions = booked(*made, *made)
    assert positions.position(KEY) == fold(KEY, made)
    assert positions.fills(KEY) == tuple(made)
    assert positions.position(KEY).net_lots == sum(one.signed_lots for one in made)


@given(fills(), st.data())
def test_a_bust_leaves_the_position_in_which_the_fill_never_happened(
    made: list[Fill], data: st.DataObject
) -> None:
    mistaken = data.draw(st.sets(st.sampled_from(made)) if made else st.just(set()))
    busts: list[FillEvent] = [bust(one, f"B{one.execution_id}") for one in mistaken]
    events = data.draw(st.permutations([*made, *busts]))
    remaining = [one for one in events if isinstance(one, Fill) and one not in mistaken]
    positions = booked(*events)
    assert positions.position(KEY) == fold(KEY, remaining)
    assert positions.unmatched == ()


@given(fills(), st.data(), st.integers(1, 50), st.integers(-300, 300))
def test_a_correction_leaves_the_position_in_which_the_fill_was_right(
    made: list[Fill], data: st.DataObject, lots: int, ticks: int
) -> None:
    if not made:
        return
    wrong = data.draw(st.sampled_from(made))
    right = attrs.evolve(wrong, lots=lots, ticks=ticks)
    place = data.draw(st.integers(0, len(made)))
    events: list[FillEvent] = [*made[:place], correction(wrong, lots, ticks), *made[place:]]
    expected = fold(KEY, [right if one == wrong else one for one in made])
    assert booked(*events, *events).position(KEY) == expected


def test_what_becomes_of_an_event_is_told() -> None:
    positions = Positions()
    assert positions.apply(BUY) is Booking.BOOKED
    assert positions.apply(BUY) is Booking.DUPLICATE
    assert positions.apply(correction(BUY, 5, -400)) is Booking.CORRECTED
    assert positions.apply(correction(BUY, 5, -400)) is Booking.DUPLICATE
    assert positions.apply(bust(BUY)) is Booking.REVERSED
    assert positions.apply(bust(BUY)) is Booking.DUPLICATE
    assert positions.apply(bust(BUY, "B2")) is Booking.DUPLICATE
    assert positions.apply(correction(BUY, 6, -400, "C2")) is Booking.VOID
    assert positions.apply(BUY) is Booking.DUPLICATE
    assert positions.apply(bust(SELL, "B3")) is Booking.AWAITING_FILL
    assert positions.unmatched == (SELL.key,)
    assert positions.apply(SELL) is Booking.VOID
    assert positions.unmatched == ()
    assert positions.position(KEY).is_flat


def test_an_older_correction_that_comes_again_does_not_undo_a_newer_one() -> None:
    first, second = correction(BUY, 5, -400, "C1"), correction(BUY, 6, -300, "C2")
    positions = booked(BUY, first, second, first)
    assert positions.position(KEY) == fold(KEY, [attrs.evolve(BUY, lots=6, ticks=-300)])


def test_a_correction_may_come_before_its_fill_and_may_change_the_fee() -> None:
    fee = Money.of("0.30", EUR)
    early = booked(correction(BUY, 5, -400, fee=fee))
    assert early.apply(BUY) is Booking.BOOKED
    assert early.position(KEY).fees == (fee,)
    assert early.position(KEY).net_lots == 5


def test_one_execution_id_on_two_venues_is_two_fills_and_with_other_contents_a_conflict() -> None:
    elsewhere = attrs.evolve(BUY, venue_id=VenueId("NORDPOOL"))
    positions = booked(BUY, elsewhere)
    assert positions.position(KEY).net_lots == 8
    outcome = positions.apply(attrs.evolve(BUY, lots=5))
    assert isinstance(outcome, Refused)
    assert outcome.code is BookingRefusal.CONFLICTING_EXECUTION
    assert positions.position(KEY).net_lots == 8


def test_ledgers_and_instruments_are_kept_apart_and_listed_in_order() -> None:
    other_ledger = attrs.evolve(
        fill("E3", Side.BUY, 1, 0), owner=attrs.evolve(OWNER, ledger_id=LedgerId("HEDGE"))
    )
    other_hour = fill("E4", Side.BUY, 2, 0, instrument_id=InstrumentId("EPEX:DE:ID:H08"))
    positions = booked(BUY, other_ledger, other_hour)
    listed = [(one.key.ledger_id, one.key.instrument_id, one.net_lots)
              for one in positions.snapshot()]  # fmt: skip
    assert listed == [
        ("HEDGE", "EPEX:DE:ID:H09", 1),
        ("INTRADAY", "EPEX:DE:ID:H08", 2),
        ("INTRADAY", "EPEX:DE:ID:H09", 4),
    ]


def test_the_bounds_of_the_arithmetic_are_kept_and_a_refused_event_changes_nothing() -> None:
    half = NET_LOTS_ABS_MAX // 2
    one, two = fill("E1", Side.BUY, half, 1), fill("E2", Side.BUY, half, 1)
    sale, third = fill("E3", Side.SELL, half, 1), fill("E4", Side.BUY, half, 1)
    positions = booked(one, two)
    beyond = positions.apply(fill("E9", Side.BUY, 1, 1))
    assert isinstance(beyond, Refused)
    assert beyond.code is BookingRefusal.NET_LOTS_BEYOND_BOUNDS
    positions = booked(one, two, sale, third)
    before = positions.snapshot()
    for event in (bust(sale), correction(one, half + 1, 1), correction(sale, 1, 1, "C3")):
        outcome = positions.apply(event)
        assert isinstance(outcome, Refused)
        assert outcome.facts["net_lots_abs_max"] == NET_LOTS_ABS_MAX
        assert positions.snapshot() == before
    with pytest.raises(ValueError, match="net lots must stay within"):
        positions.position(KEY).after(fill("E9", Side.BUY, 1, 1))


def test_fees_are_summed_by_currency_and_vanish_when_they_cancel() -> None:
    pound, euro = Money.of(2, Currency.GBP), Money.of("0.10", EUR)
    made = [
        attrs.evolve(BUY, fee=pound),
        attrs.evolve(SELL, fee=euro),
        fill("E3", Side.SELL, 1, 0, fee=euro),
    ]
    assert fold(KEY, made).fees == (euro + euro, pound)
    rebate = fill("E4", Side.SELL, 1, 0, fee=-pound)
    assert fold(KEY, [*made, rebate]).fees == (euro + euro,)


def test_misuse_is_an_error() -> None:
    stranger = fill("E5", Side.BUY, 1, 1, instrument_id=InstrumentId("H1"))
    with pytest.raises(ValueError, match="E5 belongs to"):
        fold(KEY, [stranger])
    with pytest.raises(ValueError, match="net_lots must be bought less sold"):
        Position(key=KEY, net_lots=1)
    with pytest.raises(ValueError, match="a flat position has no cost"):
        Position(key=KEY, cost_tick_lots=1)
    with pytest.raises(ValueError, match="lots must lie"):
        fill("E1", Side.BUY, 0, 1)
    with pytest.raises(ValueError, match="ticks must lie"):
        correction(BUY, 1, 2**23)
    assert PositionKey.of(BUY) == KEY


class Bookkeeping(RuleBasedStateMachine):
    """Fills, busts and corrections in any order and number against a plain dictionary."""

    def __init__(self) -> None:
        super().__init__()
        self.positions = Positions()
        self.known: dict[str, Fill] = {}
        self.wanted: dict[str, tuple[int, int] | None] = {}
        self.sequence: list[str] = []
        self.restated = 0
        self.history: list[FillEvent] = []

    def _apply(self, event: FillEvent) -> None:
        self.history.append(event)
        self.positions.apply(event)

    @rule(side=st.sampled_from(Side), lots=st.integers(1, 30), ticks=st.integers(-200, 200),
          arrives=st.booleans())  # fmt: skip
    def trade(self, side: Side, lots: int, ticks: int, arrives: bool) -> None:
        name = f"E{len(self.known)}"
        self.known[name] = fill(name, side, lots, ticks, fee=Money.of(lots, EUR))
        self.wanted[name] = (lots, ticks)
        if arrives:
            self.arrive(name)

    def arrive(self, name: str) -> None:
        if name not in self.sequence:
            self.sequence.append(name)
        self._apply(self.known[name])

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        self.arrive(data.draw(st.sampled_from(sorted(self.known))))

    @precondition(lambda self: self.known)
    @rule(data=st.data())
    def bust(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.known)))
        self.wanted[name] = None
        self.restated += 1
        self._apply(bust(self.known[name], f"B{self.restated}"))

    @precondition(lambda self: self.known)
    @rule(data=st.data(), lots=st.integers(1, 30), ticks=st.integers(-200, 200))
    def correct(self, data: st.DataObject, lots: int, ticks: int) -> None:
        name = data.draw(st.sampled_from(sorted(self.known)))
        self.restated += 1
        if self.wanted[name] is not None:
            self.wanted[name] = (lots, ticks)
        self._apply(correction(self.known[name], lots, ticks, f"C{self.restated}"))

    @precondition(lambda self: self.history)
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        before = self.positions.snapshot()
        event = data.draw(st.sampled_from(self.history))
        self.positions.apply(event)
        assert self.positions.snapshot() == before

    @invariant()
    def lots_cash_and_fees_are_those_of_what_was_really_traded(self) -> None:
        position = self.positions.position(KEY)
        net = cash = fees = 0
        for name in self.sequence:
            terms = self.wanted[name]
            if terms is not None:
                sign = self.known[name].side.sign
                net += sign * terms[0]
                cash -= sign * terms[0] * terms[1]
                fees += self.known[name].lots
        assert (position.net_lots, position.cash_tick_lots) == (net, cash)
        assert sum((fee.amount for fee in position.fees), start=0) == fees
        profit = position.realised_tick_lots + net * 13 - position.cost_tick_lots
        assert profit == cash + net * 13


TestBookkeeping = Bookkeeping.TestCase
