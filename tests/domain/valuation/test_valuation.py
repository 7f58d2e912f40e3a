"""Mark to market conserves, and every change of profit is explained to zero."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.instruments.examples import BERLIN, GAS, POWER, bound, hour
from tests.domain.orders.examples import OWNER
from tests.domain.positions.examples import fill

from wattbook_domain.delivery import DeliveryPeriod
from wattbook_domain.foundation.identifiers import InstrumentId
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.instruments import products
from wattbook_domain.instruments.resolve import Instrument
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.positions.position import Position, PositionKey, fold
from wattbook_domain.quantities.money import Currency, Money
from wattbook_domain.valuation.explain import Effects, Explanation, PortfolioState, explain, value
from wattbook_domain.valuation.mark_to_market import Profit, Unmarked, mark_to_market, profit
from wattbook_domain.valuation.marks import Marks

EUR, GBP = Currency.EUR, Currency.GBP
LONG_DAY = date(2017, 10, 29)
BASE = bound(products.spot_block(POWER, DeliveryPeriod.day(LONG_DAY, BERLIN)))
NINTH = hour(9, LONG_DAY)
POUNDS = hour(10, LONG_DAY, attrs.evolve(GAS, currency=GBP))
ALL = {one.instrument_id: one for one in (BASE, NINTH, POUNDS)}
START, END = BASE.spec.delivery.start, BASE.spec.delivery.end


def position(
    instrument: Instrument, *trades: tuple[int, int], fee: Money | None = None
) -> Position:
    key = PositionKey(OWNER.desk_id, OWNER.ledger_id, instrument.instrument_id)
    return fold(
        key,
        [
            fill(
                f"E{index}",
                Side.BUY if lots > 0 else Side.SELL,
                abs(lots),
                ticks,
                instrument_id=instrument.instrument_id,
                fee=fee or Money.zero(EUR),
            )
            for index, (lots, ticks) in enumerate(trades)
        ],
    )


def marks(at: int = START, **given: Any) -> Marks:
    fields = {"ticks": dict.fromkeys(ALL, 0), "rates": {GBP: Fraction(6, 5)}} | given
    return Marks(valued_at=UtcNs(at), **fields)


def settled(instrument: Instrument, hours: int, ticks: int) -> dict[InstrumentId, dict[UtcNs, int]]:
    return {instrument.instrument_id: {i.start: ticks for i in instrument.intervals[:hours]}}


def test_a_worked_hour_at_negative_prices() -> None:
    """Buy 4 MW at -5.00, sell 1 MW at 1.00, mark at -2.00: realised 6.00, unrealised 9.00 EUR."""
    held = position(NINTH, (40, -500), (-10, 100))
    valuation = mark_to_market(held, NINTH, marks(ticks={NINTH.instrument_id: -200}))
    assert valuation.realised == Money.of(6, EUR)
    assert valuation.unrealised == Money.of(9, EUR)
    assert valuation.total == Money.of(15, EUR)


def test_delivery_turns_unrealised_into_realised_hour_by_hour() -> None:
    """1 MW base on the day of 25 hours, bought at 10.00; ten hours settle at 12.00, mark 9.00."""
    held = position(BASE, (10, 1_000))
    after_ten = BASE.intervals[9].end
    world = marks(after_ten, ticks={BASE.instrument_id: 900}, settled=settled(BASE, 25, 1_200))
    valuation = mark_to_market(held, BASE, world)
    assert valuation.realised == Money.of(20, EUR)
    assert valuation.unrealised == Money.of(-15, EUR)
    done = mark_to_market(held, BASE, attrs.evolve(world, valued_at=END, ticks={}))
    assert (done.realised, done.unrealised) == (Money.of(50, EUR), Money.zero(EUR))


def test_a_delivered_hour_without_a_settlement_price_stays_at_the_mark() -> None:
    held = position(BASE, (10, 1_000))
    valuation = mark_to_market(held, BASE, marks(END, ticks={BASE.instrument_id: 900}))
    assert valuation.realised.is_zero
    assert valuation.unrealised == Money.of(-25, EUR)


def test_without_a_mark_nothing_is_invented() -> None:
    held = position(NINTH, (40, -500), (-10, 100))
    valuation = mark_to_market(held, NINTH, marks(ticks={}))
    assert valuation.unrealised is None
    assert valuation.total is None
    assert valuation.realised == Money.of(6, EUR)
    flat = mark_to_market(position(NINTH, (1, 5), (-1, 7)), NINTH, marks(ticks={}))
    assert flat.unrealised == Money.zero(EUR)
    everything = [held, position(POUNDS, (1, 1))]
    assert profit(everything, ALL, marks(ticks={}), reporting=EUR) == Unmarked(
        tuple(sorted((NINTH.instrument_id, POUNDS.instrument_id)))
    )
    assert value(everything, ALL, marks(ticks={}), reporting=EUR) == Unmarked(
        tuple(sorted((NINTH.instrument_id, POUNDS.instrument_id)))
    )


def test_misuse_is_named() -> None:
    with pytest.raises(ValueError, match="cannot be valued as"):
        mark_to_market(position(NINTH, (1, 1)), BASE, marks())
    with pytest.raises(ValueError, match="needs the rate of GBP"):
        profit([position(POUNDS, (1, 1), (-1, 5))], ALL, marks(rates={}), reporting=EUR)
    with pytest.raises(ValueError, match=f"resolve {NINTH.instrument_id} first"):
        profit([position(NINTH, (1, 1))], {}, marks(), reporting=EUR)


def test_profit_adds_up_in_the_reporting_currency() -> None:
    fee = Money.of("0.50", GBP)
    held = [position(NINTH, (10, 100), fee=Money.of(1, EUR)), position(POUNDS, (1, 200), fee=fee)]
    world = marks(ticks={NINTH.instrument_id: 300, POUNDS.instrument_id: 600})
    outcome = profit(held, ALL, world, reporting=EUR)
    assert isinstance(outcome, Profit)
    assert outcome.unrealised == Money.of("4.4", EUR)
    assert outcome.fees == Money.of("1.6", EUR)
    assert outcome.net == Money.of("2.8", EUR)


trades = st.lists(
    st.tuples(st.integers(-40, 40).filter(bool), st.integers(-3_000, 3_000)), max_size=8
)
prices = st.integers(-3_000, 3_000)


@st.composite
def worlds(draw: st.DrawFn) -> Marks:
    at = draw(st.sampled_from([START - 1, *(interval.end for interval in BASE.intervals)]))
    hours = draw(st.integers(0, 25))
    return marks(
        at,
        ticks={name: draw(prices) for name in ALL},
        settled={
            BASE.instrument_id: {one.start: draw(prices) for one in BASE.intervals[:hours]},
            NINTH.instrument_id: {one.start: draw(prices) for one in NINTH.intervals},
        },
        rates={GBP: draw(st.fractions(Fraction(1, 2), 2, max_denominator=1000))},
    )


@st.composite
def growing(draw: st.DrawFn) -> tuple[tuple[Position, ...], tuple[Position, ...]]:
    """Positions before and after some more trades; a fee on every fill, one in pounds."""
    before, after = [], []
    for instrument in (BASE, NINTH, POUNDS):
        early, late = draw(trades), draw(trades)
        fee = Money(draw(st.fractions(0, 1, max_denominator=100)), instrument.spec.currency)
        if early:
            before.append(position(instrument, *early, fee=fee))
        if early or late:
            after.append(position(instrument, *early, *late, fee=fee))
    return tuple(before), tuple(after)


@given(trades, worlds())
def test_realised_and_unrealised_are_cash_and_value_exactly(
    made: list[tuple[int, int]], world: Marks
) -> None:
    """Reference: slot by slot, at settlement where there is one and at the mark elsewhere."""
    valuation = mark_to_market(position(BASE, *made), BASE, world)
    mark, known = world.ticks[BASE.instrument_id], world.settled[BASE.instrument_id]
    total = sum(
        lots * ((known[i.start] if i.end <= world.valued_at and i.start in known else mark) - ticks)
        * i.slots
        for lots, ticks in made
        for i in BASE.intervals
    )  # fmt: skip
    assert valuation.total == BASE.value(total)


@given(growing(), worlds(), worlds())
def test_every_change_is_explained_to_zero(
    held: tuple[tuple[Position, ...], tuple[Position, ...]], opening: Marks, closing: Marks
) -> None:
    outcome = explain(
        PortfolioState(held[0], opening), PortfolioState(held[1], closing), ALL, reporting=EUR
    )
    assert isinstance(outcome, Explanation)
    assert outcome.unexplained.is_zero
    before = profit(held[0], ALL, opening, reporting=EUR)
    after = profit(held[1], ALL, closing, reporting=EUR)
    assert isinstance(before, Profit)
    assert isinstance(after, Profit)
    assert outcome.change == after.net - before.net
    assert outcome.effects.total == outcome.change


@given(growing(), worlds(), worlds())
def test_each_effect_is_nothing_when_its_cause_did_not_change(
    held: tuple[tuple[Position, ...], tuple[Position, ...]], opening: Marks, closing: Marks
) -> None:
    def effects(after: tuple[Position, ...], world: Marks) -> Effects:
        outcome = explain(
            PortfolioState(held[0], opening), PortfolioState(after, world), ALL, reporting=EUR
        )
        assert isinstance(outcome, Explanation)
        return outcome.effects

    assert effects(held[0], opening) == Effects.none(EUR)
    same_positions = effects(held[0], closing)
    assert same_positions.volume.is_zero
    assert same_positions.fees.is_zero
    assert effects(held[1], attrs.evolve(closing, ticks=opening.ticks)).price.is_zero
    assert effects(held[1], attrs.evolve(closing, rates=opening.rates)).fx.is_zero
    same_time = attrs.evolve(closing, valued_at=opening.valued_at, settled=opening.settled)
    assert effects(held[1], same_time).time.is_zero
    assert effects(held[1], opening).fees == Money(
        sum(
            (opening.convert(fee, EUR).amount for one in held[0] for fee in one.fees),
            start=Fraction(0),
        )
        - sum(
            (opening.convert(fee, EUR).amount for one in held[1] for fee in one.fees),
            start=Fraction(0),
        ),
        EUR,
    )


def explained(before: Position, after: Position, opening: Marks, closing: Marks) -> Effects:
    outcome = explain(
        PortfolioState((before,), opening), PortfolioState((after,), closing), ALL, reporting=EUR
    )
    assert isinstance(outcome, Explanation)
    assert list(outcome.by_position) == [after.key]
    return outcome.effects


def test_a_worked_explanation() -> None:
    """Long 1 MW base at mark 10; price to 12 (25 h x 2 = 50); sell 0.5 MW at 13 (12.5 x 1);
    ten hours then settle at 15 against 12 (0.5 MW x 10 h x 3 = 15); fees 2."""
    before = position(BASE, (10, 1_000))
    fee = Money.of(1, EUR)
    after = attrs.evolve(position(BASE, (10, 1_000), (-5, 1_300), fee=fee))
    opening = marks(ticks={BASE.instrument_id: 1_000})
    closing = marks(
        BASE.intervals[9].end,
        ticks={BASE.instrument_id: 1_200},
        settled=settled(BASE, 10, 1_500),
    )
    effects = explained(before, after, opening, closing)
    assert effects == Effects(
        price=Money.of(50, EUR),
        volume=Money.of("12.5", EUR),
        time=Money.of(15, EUR),
        fees=Money.of(-2, EUR),
        fx=Money.zero(EUR),
    )


def test_a_pound_position_gains_from_the_pound_on_cash_and_value_and_fees() -> None:
    """Value 4 GBP at mark less 1 GBP of fees: 3 GBP x (1.30 - 1.20)."""
    held = position(POUNDS, (1, 200), fee=Money.of(1, GBP))
    opening = marks(ticks={POUNDS.instrument_id: 1_000})
    effects = explained(held, held, opening, attrs.evolve(opening, rates={GBP: Fraction(13, 10)}))
    assert effects == attrs.evolve(Effects.none(EUR), fx=Money.of("0.3", EUR))


def test_a_position_that_delivered_needs_no_closing_mark() -> None:
    """Bought at -3.00 and delivered meanwhile at +4.00: the settlement price stands in as mark."""
    bought = position(NINTH, (10, -300))
    none = Position(key=bought.key)
    closing = marks(END, ticks={}, settled=settled(NINTH, 1, 400))
    effects = explained(none, bought, marks(ticks={}), closing)
    assert effects == attrs.evolve(Effects.none(EUR), volume=Money.of(7, EUR))


def test_a_position_that_was_closed_needs_no_closing_mark() -> None:
    before, after = position(NINTH, (10, 100)), position(NINTH, (10, 100), (-10, 700))
    opening = marks(ticks={NINTH.instrument_id: 300})
    effects = explained(before, after, opening, marks(ticks={}))
    assert effects == attrs.evolve(Effects.none(EUR), volume=Money.of(4, EUR))


def test_an_explanation_names_what_has_no_mark() -> None:
    held = (position(NINTH, (10, 100)),)
    for opening, closing in ((marks(ticks={}), marks()), (marks(), marks(ticks={}))):
        outcome = explain(
            PortfolioState(held, opening), PortfolioState(held, closing), ALL, reporting=EUR
        )
        assert outcome == Unmarked((NINTH.instrument_id,))


def test_the_value_of_nothing_is_nothing() -> None:
    assert value((), ALL, marks(), reporting=EUR) == Money.zero(EUR)
    held = position(NINTH, (10, 100))
    assert value((held,), ALL, marks(), reporting=EUR) == Money.of(-1, EUR)
