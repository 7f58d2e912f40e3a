"""Wind is sold down to its floor, and its forecast error traded while that beats imbalance."""

from __future__ import annotations

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
    book,
    context,
    farm,
    instrument,
    intervals_of,
    schedule,
)

from wattbook_contracts.ports.strategy import Strategy
from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.delivery.schedule import DeliverySchedule
from wattbook_domain.execution.splitting import ParentOrder
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.money import Currency
from wattbook_domain.quantities.power import Power
from wattbook_domain.quantities.price import Price
from wattbook_plugins.strategies.wind import plugin
from wattbook_plugins.strategies.wind.day_ahead import WindDayAhead
from wattbook_plugins.strategies.wind.rebalancing import WindRebalancing

SALE: Strategy = WindDayAhead()
HOUR = intervals_of()[12]
TRADED = instrument(HOUR, is_auction=False)
COST = Price.of(5, Currency.EUR)


# Day-ahead.


@pytest.mark.parametrize("day", [SHORT, NORMAL, LONG])
def test_each_real_hour_is_sold_down_to_the_floor_and_never_more_than_forecast(day):
    intervals = intervals_of(day)
    forecast = [f"{(i * 7) % 50}.07" for i in range(len(intervals))]
    orders = SALE.decide(
        context(
            asset=farm(),
            wanted=schedule(forecast, intervals),
            instruments=auction_of(day),
            decided_at=before(intervals[0], 14),
        )
    )
    by_id = {o.instrument_id: o for o in orders}
    for traded, mw in zip(auction_of(day), forecast, strict=True):
        sold = (
            traded.power(by_id[traded.instrument_id].quantity_lots)
            if traded.instrument_id in by_id
            else Power.zero()
        )
        assert Power.zero() <= Power.of_mw(mw) - sold < Power.of_mw("0.1")
    # A floor of -20.005 is offered at -20.00: never below the floor.
    assert {(o.side, o.limit_ticks) for o in orders} == {(Side.SELL, -2000)}


def test_a_farm_that_must_run_sells_at_any_price():
    (order,) = SALE.decide(
        context(asset=farm(is_curtailable=False), wanted=schedule([20], intervals_of()[:1]))
    )
    assert order.limit_ticks == LIMITS.min_ticks


def test_what_is_sold_already_is_not_sold_again():
    sold = schedule([20, 25], intervals_of()[:2])
    assert (
        SALE.decide(
            context(asset=farm(), wanted=schedule([20, 20], intervals_of()[:2]), contracted=sold)
        )
        == ()
    )


# Intraday.


def beat(wanted, *depths, contracted=20, strategy=None, **given):
    """Ask once; wind and contracts are schedules, or megawatts in HOUR."""
    usual = {
        "asset": farm(),
        "venue_id": None,
        "instruments": (TRADED,),
        "wanted": _in_hour(wanted),
        "contracted": _in_hour(contracted),
        "imbalance_cost": COST,
        "decided_at": before(HOUR, 2),
        "depths": depths,
    }
    return (strategy or WindRebalancing()).decide(context(**(usual | given)))


def _in_hour(power) -> DeliverySchedule:
    return power if isinstance(power, DeliverySchedule) else schedule([power], [HOUR])


def deep():
    return book(TRADED, bids=[(2990, 500)], asks=[(3010, 500)])


def test_too_much_wind_is_sold_and_too_little_is_bought_back():
    (sale,) = beat(23, deep())
    assert isinstance(sale, ParentOrder)
    assert (sale.side, sale.quantity_lots, sale.limit_ticks) == (Side.SELL, 30, 2500)
    (purchase,) = beat("16.55", deep())
    assert (purchase.side, purchase.quantity_lots, purchase.limit_ticks) == (Side.BUY, 34, 3500)


@pytest.mark.parametrize(
    ("wanted", "orders"), [("20.5", 0), ("20.51", 1), ("19.5", 0), ("19.49", 1), (20, 0)]
)
def test_the_dead_band_leaves_small_distances_alone(wanted, orders):
    assert len(beat(wanted, deep())) == orders


def test_trading_stops_where_it_costs_more_than_imbalance():
    """Mid 30.00, imbalance 5.00: bids down to 25.00 are worth hitting, 24.99 is not."""
    ladder = book(TRADED, bids=[(2990, 5), (2500, 5), (2499, 500)], asks=[(3010, 5)])
    (order,) = beat(30, ladder)
    assert (order.quantity_lots, order.limit_ticks) == (10, 2500)
    wide = book(TRADED, bids=[(2400, 500)], asks=[(3600, 500)])
    assert beat(30, wide) == ()


def test_the_mid_price_is_that_of_all_venues_and_so_is_the_quantity():
    """Best bid 29.90 at one venue, best ask 30.10 at the other."""
    one = book(TRADED, bids=[(2990, 7)], asks=[(3400, 9)], venue="V1")
    other = book(TRADED, bids=[(2600, 8), (2400, 50)], asks=[(3010, 9)], venue="V2")
    (order,) = beat(40, one, other)
    assert (order.quantity_lots, order.limit_ticks) == (15, 2500)


def test_without_a_mid_price_nothing_is_traded():
    assert beat(30, book(TRADED, bids=[(2990, 500)])) == ()
    assert beat(30) == ()
    other = instrument(intervals_of()[13], is_auction=False)
    assert beat(30, book(other, bids=[(2990, 5)], asks=[(3010, 5)])) == ()


def test_negative_prices_trade_like_any_other_down_to_the_floor():
    below_zero = book(TRADED, bids=[(-1010, 500)], asks=[(-990, 500)])
    (order,) = beat(30, below_zero)
    assert (order.side, order.limit_ticks) == (Side.SELL, -1500)
    # Mid -18.00 less 5.00 would pass the floor of -20.005.
    near_floor = book(TRADED, bids=[(-1810, 500)], asks=[(-1790, 500)])
    (order,) = beat(30, near_floor)
    assert order.limit_ticks == -2000
    beyond = book(TRADED, bids=[(-4010, 500)], asks=[(-3990, 500)])
    assert beat(30, beyond) == ()
    (forced,) = beat(30, beyond, asset=farm(is_curtailable=False))
    assert forced.limit_ticks == -4500


def test_a_half_tick_mid_is_rounded_to_the_side_that_costs_no_more():
    odd = book(TRADED, bids=[(2990, 500)], asks=[(3011, 500)])
    assert beat(30, odd)[0].limit_ticks == 2501
    assert beat(10, odd)[0].limit_ticks == 3500


def test_after_gate_closure_nothing_is_traded():
    closes_at = TRADED.gate_closes_at
    assert closes_at is not None
    assert beat(30, deep(), decided_at=closes_at) == ()
    assert len(beat(30, deep(), decided_at=closes_at - 1)) == 1


def test_where_no_forecast_reaches_there_is_no_opinion():
    assert beat(DeliverySchedule(), deep()) == ()


def test_partial_fills_leave_only_the_rest_for_the_next_beat():
    (first,) = beat(23, deep())
    filled = first.quantity_lots - 12
    sold = DeliverySchedule.constant(HOUR, Power.of_mw(20) + TRADED.power(filled))
    (second,) = beat(23, deep(), contracted=sold)
    assert second.quantity_lots == 12


@given(
    wanted=st.integers(0, 50_000),
    contracted=st.integers(0, 50_000),
    shown=st.lists(st.integers(1, 120), min_size=1, max_size=8),
)
def test_beats_close_in_on_the_forecast_and_never_pass_it(wanted, contracted, shown):
    """However little each beat fills, the distance shrinks to the dead band and keeps its sign."""
    target, sold = Power.of_kw(wanted), Power.of_kw(contracted)
    for lots in shown:
        depth = book(TRADED, bids=[(2990, lots)], asks=[(3010, lots)])
        orders = beat(
            DeliverySchedule.constant(HOUR, target),
            depth,
            contracted=DeliverySchedule.constant(HOUR, sold),
        )
        distance = target - sold
        for order in orders:
            traded = TRADED.power(-order.side.sign * order.quantity_lots)
            assert abs(traded) <= abs(distance)
            assert traded.is_negative == distance.is_negative
            sold += traded
        if not orders:
            assert abs(distance) <= Power.of_kw(500)


def test_an_hour_and_its_quarters_share_one_distance():
    quarters = tuple(
        instrument(q, is_auction=False, granularity=Granularity.MINUTES_15)
        for q in HOUR.split(Granularity.MINUTES_15)
    )
    depths = [book(i, bids=[(2990, 500)], asks=[(3010, 500)]) for i in (TRADED, *quarters)]
    orders = beat(23, *depths, instruments=(TRADED, *quarters))
    assert [o.instrument_id for o in orders] == [TRADED.instrument_id]
    reversed_orders = beat(23, *depths, instruments=(*quarters, TRADED))
    assert [o.quantity_lots for o in reversed_orders] == [30] * 4


def test_a_block_trades_no_more_than_its_hour_with_the_smallest_distance():
    block = instrument(
        DeliveryPeriod(intervals_of()[12].start, intervals_of()[14].end, HOUR.zone),
        is_auction=False,
    )
    depth = book(block, bids=[(2990, 500)], asks=[(3010, 500)])
    three = intervals_of()[12:15]

    def lots(*wanted):
        orders = beat(
            schedule(wanted, three),
            depth,
            instruments=(block,),
            contracted=schedule([20, 20, 20], three),
        )
        return [(o.side, o.quantity_lots) for o in orders]

    assert lots(25, 22, 30) == [(Side.SELL, 20)]
    assert lots(15, 18, 10) == [(Side.BUY, 20)]
    assert lots(25, 15, 30) == []


@pytest.mark.parametrize("day", [SHORT, NORMAL, LONG])
def test_every_real_hour_of_a_day_is_rebalanced(day):
    intervals = intervals_of(day)
    traded = tuple(instrument(i, is_auction=False) for i in intervals)
    depths = tuple(book(i, bids=[(2990, 500)], asks=[(3010, 500)]) for i in traded)
    count = len(intervals)
    orders = beat(
        schedule([21] * count, intervals),
        *depths,
        instruments=traded,
        contracted=schedule([20] * count, intervals),
        decided_at=before(intervals[0], 1),
    )
    energy = sum(
        (i.energy(o.quantity_lots) for i, o in zip(traded, orders, strict=True)), Energy.zero()
    )
    assert energy == Energy.of_mwh(count)


def test_a_context_that_lacks_what_is_needed_is_misuse():
    with pytest.raises(ValueError, match=r"give the expected imbalance cost"):
        beat(30, deep(), imbalance_cost=None)
    for strategy in (WindRebalancing(), WindDayAhead()):
        with pytest.raises(ValueError, match=r"needs a wind farm, found B1"):
            beat(30, deep(), asset=BATTERY, strategy=strategy)
    with pytest.raises(ValueError, match=r"dead_band"):
        WindRebalancing(dead_band=Power.of_mw(-1))


def test_the_plugin_offers_both_strategies():
    descriptors = plugin.wattbook_register_strategies()
    built = [descriptor.build() for descriptor in descriptors]
    assert [d.name for d in descriptors] == [s.name for s in built]
    assert [s.name for s in built] == ["wind-day-ahead", "wind-rebalancing"]
