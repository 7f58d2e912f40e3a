"""The day-ahead auction: bound to the published price, on short, long and ordinary days."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_adapters.simulation.auction import (
    AuctionTerms,
    SimulatedAuction,
    price_taker_curve,
)
from wattbook_adapters.simulation.clearing import Bid, PriceLimits, clear
from wattbook_domain.foundation.canonical import state_hash
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.orders.order import Order
from wattbook_domain.orders.vocabulary import OrderType, Side, TimeInForce

LIMITS = PriceLimits(floor_ticks=-50_000, cap_ticks=300_000)
TERMS = AuctionTerms(opens_at=UtcNs(1_000), closes_at=UtcNs(2_000), limits=LIMITS)

# Some German day-ahead prices of 29 October 2017, EUR/MWh (EPEX, in the Lago et al. 2021 data).
NEGATIVE_DAY = (-79.94, -83.0, -83.03, -83.03, -83.04, -0.92, 8.51, 27.62)


def auction(sim, names, listener=None):
    return SimulatedAuction(
        sim.descriptor("DAYAHEAD"), names, terms=TERMS, sink=listener or sim.Listener()
    )


@pytest.mark.parametrize("euros", NEGATIVE_DAY)
def test_without_us_it_clears_exactly_at_the_published_price(euros):
    ticks = round(euros * 100)
    curve = price_taker_curve(ticks, bound_lots=2_000, limits=LIMITS)
    assert clear(curve, LIMITS).price_ticks == ticks


own_bids = st.lists(
    st.builds(Bid, st.sampled_from(Side), st.integers(-50_000, 300_000), st.integers(1, 100)),
    max_size=10,
)


@given(published=st.integers(-50_000, 300_000), own=own_bids)
def test_our_bounded_volume_never_moves_the_price(published, own):
    curve = price_taker_curve(published, bound_lots=1_000, limits=LIMITS)
    outcome = clear((*own, *curve), LIMITS)
    assert outcome.price_ticks == published
    for bid, lots in zip(own, outcome.accepted_lots, strict=False):
        advantage = bid.side.sign * (bid.limit_ticks - published)
        if advantage > 0:
            assert lots == bid.lots
        if advantage < 0:
            assert lots == 0


def test_beyond_the_bound_the_price_moves_against_us():
    curve = price_taker_curve(4_000, bound_lots=100, limits=LIMITS, step_ticks=25)
    assert clear((Bid(Side.BUY, 300_000, 150), *curve), LIMITS).price_ticks == 4_025
    assert clear((Bid(Side.SELL, -50_000, 150), *curve), LIMITS).price_ticks == 3_975


@pytest.mark.parametrize(
    ("day", "count"),
    [(date(2017, 3, 26), 23), (date(2017, 1, 24), 24), (date(2017, 10, 29), 25)],
)
def test_a_day_clears_every_hour_it_really_has(sim, day, count):
    names = [instrument.instrument_id for instrument in sim.hours(day)]
    listener = sim.Listener()
    house = auction(sim, names, listener)
    for index, name in enumerate(names):
        house.submit(
            sim.approve(sim.order(f"B{index}", name, ticks=300, lots=7, at=1_500, venue="DAYAHEAD"))
        )
    curves = {
        name: price_taker_curve(100 * index - 900, bound_lots=100, limits=LIMITS)
        for index, name in enumerate(names)
    }
    results = house.clear(curves, UtcNs(2_500))
    assert len(results) == count
    assert [r.price_ticks for r in results] == [100 * i - 900 for i in range(count)]
    # Limit 300: better than the price in hours 0 to 11, worse from hour 13. Hour 12 is at the
    # margin, where supply (200) is longer than demand (107): buyers get all, sellers share.
    accepted = [r.accepted_lots[f"B{i}"] for i, r in enumerate(results)]
    assert accepted == [7] * 13 + [0] * (count - 13)
    fills = [r for r in listener.reports if r.last_lots]
    assert {r.last_ticks for r in fills} <= {r.price_ticks for r in results}


def test_orders_of_ours_accept_every_report_of_the_auction(sim):
    listener = sim.Listener()
    house = auction(sim, ["H1", "H2"], listener)
    commands = [
        sim.order("S", "H1", side=Side.SELL, ticks=-200, lots=10, at=1_000, venue="DAYAHEAD"),
        sim.order("M", "H1", kind=OrderType.MARKET, ticks=None, lots=3, at=1_000, venue="DAYAHEAD"),
        sim.order("E", "H2", ticks=40, lots=9, at=1_001, venue="DAYAHEAD"),
        sim.order("N", "H2", ticks=39, lots=9, at=1_001, venue="DAYAHEAD"),
        sim.order("C", "H2", ticks=90, lots=9, at=1_001, venue="DAYAHEAD"),
        sim.order("R", "H2", ticks=90, lots=9, at=1_001, venue="DAYAHEAD"),
    ]
    for command in commands:
        house.submit(sim.approve(command))
    house.cancel(sim.cancel("C2", "C", at=1_002))
    house.replace(sim.approve(sim.replace("R2", "R", lots=4, ticks=10, at=1_002)))
    house.clear(
        {n: price_taker_curve(40, bound_lots=50, limits=LIMITS) for n in ("H1", "H2")},
        UtcNs(2_000),
    )
    orders = {command.client_order_id: Order.of(command) for command in commands}
    roots = {"C2": "C", "R2": "R"}
    for report in listener.reports:
        root = roots.get(report.client_order_id, report.client_order_id)
        orders[root] = orders[root].apply(report)
        assert isinstance(orders[root], Order)
    ends = {name: (o.status.name, o.filled_lots) for name, o in orders.items()}
    # At the margin 59 lots want what is left of supply: 100 offered, 50 bought by the market.
    assert ends == {
        "S": ("FILLED", 10),
        "M": ("FILLED", 3),
        "E": ("FILLED", 9),
        "N": ("EXPIRED", 0),
        "C": ("CANCELED", 0),
        "R": ("EXPIRED", 0),
    }


def test_an_order_at_the_published_price_shares_the_margin(sim):
    listener = sim.Listener()
    house = auction(sim, ["H1"], listener)
    house.submit(
        sim.approve(
            sim.order("S", "H1", side=Side.SELL, ticks=40, lots=20, at=1_000, venue="DAYAHEAD")
        )
    )
    (result,) = house.clear(
        {"H1": price_taker_curve(40, bound_lots=50, limits=LIMITS)}, UtcNs(2_000)
    )
    # 120 lots are offered at 40 and 50 are wanted: 20 * 50 / 120 = 8.33, and the remainder's lot
    # goes to the market's larger fraction.
    assert result.accepted_lots == {"S": 8}
    assert listener.events() == [("S", "ACCEPTED"), ("S", "PARTIAL_FILL"), ("S", "EXPIRED")]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"at": 999}, "opens at"),
        ({"at": 2_000}, "gate closed at"),
        ({"ticks": 300_001}, "price must lie between"),
        ({"tif": TimeInForce.IOC}, "not IOC"),
        ({"kind": OrderType.ICEBERG, "display": 1}, "nothing to hide"),
    ],
)
def test_what_an_auction_cannot_take_is_rejected_with_the_reason(sim, changes, reason):
    listener = sim.Listener()
    house = auction(sim, ["H1"], listener)
    house.submit(sim.approve(sim.order("X", "H1", **{"at": 1_500, "venue": "DAYAHEAD", **changes})))
    (report,) = listener.reports
    assert report.event.name == "REJECTED"
    assert reason in report.reason


def test_after_the_gate_nothing_changes_and_late_requests_are_refused(sim):
    listener = sim.Listener()
    house = auction(sim, ["H1"], listener)
    house.submit(sim.approve(sim.order("A", "H1", at=1_500, venue="DAYAHEAD")))
    house.cancel(sim.cancel("A1", "A", at=2_000))
    house.replace(sim.approve(sim.replace("A2", "A", lots=1, ticks=0, at=2_000)))
    assert [event for _, event in listener.events()] == [
        "ACCEPTED",
        "CANCEL_REJECTED",
        "REPLACE_REJECTED",
    ]


def test_clearing_comes_after_the_gate_once_and_with_every_curve(sim):
    house = auction(sim, ["H1"])
    curve = price_taker_curve(1, bound_lots=5, limits=LIMITS)
    with pytest.raises(ValueError, match="clears after its gate"):
        house.clear({"H1": curve}, UtcNs(1_999))
    with pytest.raises(ValueError, match=r"missing \['H1'\]"):
        house.clear({}, UtcNs(2_000))
    house.clear({"H1": curve}, UtcNs(2_000))
    with pytest.raises(ValueError, match="cleared already"):
        house.clear({"H1": curve}, UtcNs(2_000))


def test_a_rebuilt_auction_repeats_itself_execution_ids_included(sim):
    history = [
        sim.approve(sim.order("A", "H1", at=1_500, ticks=0, venue="DAYAHEAD")),
        sim.approve(sim.replace("A2", "A", lots=9, ticks=5, at=1_600)),
        sim.approve(sim.order("B", "H1", at=1_700, venue="DAYAHEAD")),
        sim.cancel("B2", "B", at=1_800),
    ]
    curves = {"H1": price_taker_curve(-700, bound_lots=50, limits=LIMITS)}
    first, second = sim.Listener(), sim.Listener()
    lived = auction(sim, ["H1"], first)
    lived.submit(history[0])
    lived.replace(history[1])
    lived.submit(history[2])
    lived.cancel(history[3])
    rebuilt = auction(sim, ["H1"], second)
    rebuilt.rebuild(history)
    for house in (lived, rebuilt):
        assert [r.price_ticks for r in house.clear(curves, UtcNs(2_000))] == [-700]
    assert state_hash(first.reports) == state_hash(second.reports)
    with pytest.raises(ValueError, match="only a fresh DAYAHEAD"):
        rebuilt.rebuild(history)
