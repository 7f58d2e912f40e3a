"""A battery's plan becomes bids that fill at any price, or guarded ones at break-even."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.plugins.strategies.desk import (
    BATTERY,
    LIMITS,
    LONG,
    NORMAL,
    SHORT,
    auction_of,
    before,
    context,
    farm,
    intervals_of,
    schedule,
)

from wattbook_contracts.ports.strategy import PriceLimits, Strategy
from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.orders.vocabulary import OrderType, Side, TimeInForce
from wattbook_domain.portfolio.horizon import Horizon, PriceStrip
from wattbook_domain.quantities.money import Currency
from wattbook_domain.quantities.price import Price
from wattbook_plugins.strategies.battery import plugin
from wattbook_plugins.strategies.battery.bidding import BatteryDayAhead, BiddingStyle
from wattbook_plugins.strategies.battery.guard import break_even

TAKER: Strategy = BatteryDayAhead()
GUARDED: Strategy = BatteryDayAhead(style=BiddingStyle.GUARDED)

lots = st.lists(st.integers(-100, 100), min_size=23, max_size=25).filter(
    lambda p: len(p) in (23, 24, 25)
)
DAY_OF = {23: SHORT, 24: NORMAL, 25: LONG}


@given(lots)
def test_the_bids_are_the_plan_and_every_clearing_price_accepts_them(plan):
    day = DAY_OF[len(plan)]
    intervals = intervals_of(day)
    wanted = schedule([f"{n / 10:.1f}" for n in plan], intervals)
    orders = TAKER.decide(
        context(wanted=wanted, instruments=auction_of(day), decided_at=before(intervals[0], 14))
    )
    traded = {o.instrument_id: -o.side.sign * o.quantity_lots for o in orders}
    named = {i.instrument_id: n for i, n in zip(auction_of(day), plan, strict=True) if n}
    assert traded == named
    for order in orders:
        limit = LIMITS.max_ticks if order.side is Side.BUY else LIMITS.min_ticks
        assert order.limit_ticks == limit
        assert order.order_type is OrderType.LIMIT
        assert order.time_in_force is TimeInForce.DAY
        assert order.venue_id == "DAYAHEAD"
    assert len({o.client_order_id for o in orders}) == len(orders)


def test_the_same_context_gives_the_same_orders_with_ids_of_the_decision():
    wanted = schedule([10, -5], intervals_of()[:2])
    first, second = TAKER.decide(context(wanted=wanted))
    assert TAKER.decide(context(wanted=wanted)) == (first, second)
    assert (first.client_order_id, second.client_order_id) == ("D1-20170124.0", "D1-20170124.1")


def test_asked_again_it_bids_only_what_is_missing():
    intervals = intervals_of()[:3]
    wanted = schedule([10, -5, 4], intervals)
    sold = schedule([10, -2], intervals[:2])
    second, third = TAKER.decide(context(wanted=wanted, contracted=sold))
    assert (second.side, second.quantity_lots) == (Side.BUY, 30)
    assert (third.side, third.quantity_lots) == (Side.SELL, 40)


def test_after_the_gate_nothing_is_bid():
    wanted = schedule([10], intervals_of()[:1])
    noon = auction_of()[0].gate_closes_at
    assert noon is not None
    assert TAKER.decide(context(wanted=wanted, decided_at=noon)) == ()
    assert len(TAKER.decide(context(wanted=wanted, decided_at=noon - 1))) == 1


def test_quarter_hours_are_bid_as_quarter_hours():
    quarters = intervals_of(granularity=Granularity.MINUTES_15)
    orders = TAKER.decide(
        context(
            wanted=schedule(["0.1"] * 96, quarters),
            instruments=auction_of(granularity=Granularity.MINUTES_15),
        )
    )
    assert len(orders) == 96
    assert {o.quantity_lots for o in orders} == {1}


def test_a_plan_off_the_lot_grid_is_misuse():
    with pytest.raises(ValueError, match=r"step|multiple|whole"):
        TAKER.decide(context(wanted=schedule(["0.05"], intervals_of()[:1])))


def test_a_farm_is_no_battery():
    with pytest.raises(ValueError, match=r"needs a battery, found W1"):
        TAKER.decide(context(asset=farm()))


def test_a_bid_needs_an_auction():
    wanted = schedule([1], intervals_of()[:1])
    with pytest.raises(ValueError, match=r"give its venue_id"):
        TAKER.decide(context(wanted=wanted, venue_id=None))


def expected(*euros: int) -> PriceStrip:
    return PriceStrip.of(Horizon(intervals_of()[: len(euros)]), euros, Currency.EUR)


def test_guards_are_the_break_even_of_the_plan():
    """Buy 10 MWh at 20, sell 9.025 of them at 60, wear 5, round trip 0.9025: worth buying up to
    0.9025 * 55 = 49.6375, worth selling from 20 / 0.9025 + 5 = 27.1606... on."""
    plan = schedule([-10, 9], intervals_of()[:2])
    orders = GUARDED.decide(context(wanted=plan, expected_prices=expected(20, 60)))
    assert [(o.side, o.limit_ticks) for o in orders] == [(Side.BUY, 4963), (Side.SELL, 2717)]


def test_guards_of_negative_prices_are_negative():
    """Paid 80 to take, selling at -30 after wear is still worth it: 0.9025 * (-35) = -31.5875."""
    plan = schedule([-10, 9], intervals_of()[:2])
    guards = break_even(BATTERY, plan=plan, prices=expected(-80, -30))
    assert guards.dearest_buy == Price.of("-31.5875", Currency.EUR)
    assert guards.cheapest_sell == Price.of(Fraction(-80) / Fraction("0.9025") + 5, Currency.EUR)


def test_a_plan_with_one_side_only_has_nothing_to_guard():
    (order,) = GUARDED.decide(
        context(wanted=schedule([5], intervals_of()[:1]), expected_prices=expected(60))
    )
    assert order.limit_ticks == LIMITS.min_ticks


def test_a_guard_keeps_to_the_technical_limits():
    plan = schedule([-10, 9], intervals_of()[:2])
    tight = PriceLimits(min_ticks=0, max_ticks=3000)
    orders = GUARDED.decide(
        context(wanted=plan, expected_prices=expected(20, 60), price_limits=tight)
    )
    assert [o.limit_ticks for o in orders] == [3000, 2717]


def test_guarded_bids_need_a_forecast():
    with pytest.raises(ValueError, match=r"need expected prices"):
        GUARDED.decide(context(wanted=schedule([1], intervals_of()[:1])))


@given(
    buy=st.integers(-10_000, 20_000),
    gain=st.integers(0, 10_000),
    charge=st.integers(1, 100),
)
def test_at_its_expected_prices_a_profitable_plan_is_never_stopped(buy, gain, charge):
    """Whenever selling returns the purchase and the wear, both guards lie beyond the prices."""
    cost = Fraction(buy, 100)
    sale = cost / BATTERY.round_trip_efficiency + 5 + Fraction(gain, 100)
    plan = schedule([f"-{charge}", charge], intervals_of()[:2])
    prices = PriceStrip.of(Horizon(intervals_of()[:2]), [cost, sale], Currency.EUR)
    guards = break_even(BATTERY, plan=plan, prices=prices)
    assert guards.dearest_buy is not None
    assert guards.cheapest_sell is not None
    assert guards.dearest_buy.amount >= cost
    assert guards.cheapest_sell.amount <= sale


def test_the_plugin_offers_both_styles():
    descriptors = plugin.wattbook_register_strategies()
    built = [descriptor.build() for descriptor in descriptors]
    assert [d.name for d in descriptors] == [s.name for s in built]
    assert [s.name for s in built] == ["battery-day-ahead", "battery-day-ahead-guarded"]
    assert not plugin.MANIFEST.is_simulated
    assert plugin.MANIFEST.name == "battery"
