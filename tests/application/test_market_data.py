"""Reference prices and books: where they come from, how they age, what the gate makes of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.application.days import (
    DAYAHEAD,
    ENERGEX,
    POWERX,
    PRICE,
    WINTER,
    Day,
    eve,
    kinds,
    open_day,
)
from tests.application.scripted_venue import ScriptedVenue

from wattbook_application.effects import TellRefusal
from wattbook_application.event_sink import EngineSink
from wattbook_application.facts import AuctionCleared
from wattbook_application.program import Effect, HandlerFault
from wattbook_application.trading.open_day import REFERENCE_AGE_MAX_NS
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.orders.vocabulary import OrderType
from wattbook_domain.risk.denial import DenialCode


@pytest.fixture
def day() -> Day:
    return open_day()


def reference(day: Day, index: int = 12) -> tuple[int, int] | None:
    found = day.state.references.get(day.market.intraday[index].instrument_id)
    return None if found is None else (found.ticks, found.at)


def code(effects: list[Effect]) -> DenialCode:
    (told,) = effects
    assert isinstance(told, TellRefusal)
    return DenialCode(told.verdict.code)


def test_the_auction_s_price_is_the_first_reference_of_both_markets(day: Day) -> None:
    prices = [100 * hour - 500 for hour in range(len(day.market.intervals))]
    day.clear(prices)
    for row in (day.market.day_ahead, day.market.intraday):
        found = [day.state.references[i.instrument_id].ticks for i in row]
        assert found == prices


def test_an_auction_that_leaves_an_interval_out_stops_the_day(day: Day) -> None:
    with pytest.raises(HandlerFault, match="each of the 24 intervals"):
        day.post(AuctionCleared(at=day.at, venue_id=DAYAHEAD, price_ticks=(1,) * 23))


@given(st.integers(-1000, 1000), st.integers(1, 100))
def test_the_mid_is_the_reference_and_half_a_tick_goes_to_the_bid(bid: int, spread: int) -> None:
    day = _SHARED
    day.show(12, bids=[(bid, 1)], asks=[(bid + spread, 1)], at=day.later())
    ticks, _ = reference(day) or (None, None)
    assert ticks == bid + spread // 2


def test_without_a_side_the_last_reference_stays_with_its_age(day: Day) -> None:
    day.show(12, bids=[(4_480, 1)], asks=[(4_500, 1)])
    known = reference(day)
    day.show(12, bids=[(4_400, 1)], at=day.later())
    day.show(12, asks=[(4_600, 1)], at=day.later())
    assert reference(day) == known == (4_490, known[1] if known else 0)


def test_without_both_sides_and_without_an_auction_there_is_no_reference(day: Day) -> None:
    day.show(12, bids=[(4_400, 1)])
    assert reference(day) is None


def test_an_older_picture_changes_nothing(day: Day) -> None:
    early = day.at
    newer = day.show(12, bids=[(4_480, 1)], asks=[(4_500, 1)], at=day.later())
    day.show(12, bids=[(1, 1)], asks=[(3, 1)], at=early)
    assert day.state.depths[POWERX, newer.instrument_id] == newer
    assert reference(day) == (4_490, newer.at)


def test_a_slower_venue_does_not_turn_the_reference_back(day: Day) -> None:
    early = day.at
    newer = day.show(12, bids=[(4_480, 1)], asks=[(4_500, 1)], at=day.later())
    slower = day.show(12, bids=[(4_400, 1)], asks=[(4_420, 1)], venue=ENERGEX, at=early)
    assert day.state.depths[ENERGEX, newer.instrument_id] == slower  # its book is still its book
    assert reference(day) == (4_490, newer.at)


def test_continuous_orders_need_a_reference_and_auction_bids_do_not(day: Day) -> None:
    assert code(day.decide(day.order(venue=POWERX))) is DenialCode.REFERENCE_MISSING
    day.at = eve(WINTER, 11, 30)
    assert kinds(day.decide(day.order(venue=DAYAHEAD))) == ["SendOrder"]


def test_the_collar_is_judged_by_the_newest_mid(day: Day) -> None:
    day.clear(PRICE)
    # 50 % of 45 EUR/MWh is less than the floor of 40: 85 is the most one may bid.
    assert kinds(day.decide(day.order(ticks=8_500))) == ["SendOrder"]
    assert code(day.decide(day.order(ticks=8_501))) is DenialCode.PRICE_COLLAR
    day.show(12, bids=[(-1_010, 1)], asks=[(-990, 1)], at=day.later())
    assert code(day.decide(day.order(ticks=3_001, lots=9))) is DenialCode.PRICE_COLLAR
    assert kinds(day.decide(day.order(ticks=3_000, lots=8))) == ["SendOrder"]


def test_a_reference_grows_too_old(day: Day) -> None:
    last = len(day.market.intervals) - 1
    formed = UtcNs(day.market.intervals[last].start - REFERENCE_AGE_MAX_NS - 3_600_000_000_000)
    day.clear(at=formed)
    day.at = UtcNs(formed + REFERENCE_AGE_MAX_NS)
    assert kinds(day.decide(day.order(index=last))) == ["SendOrder"]
    day.at = UtcNs(day.at + 1)
    assert code(day.decide(day.order(index=last, lots=9))) is DenialCode.REFERENCE_STALE


def test_a_market_order_is_reserved_at_the_edge_of_the_collar(day: Day) -> None:
    day.clear(PRICE)
    order = day.order(ticks=None, lots=10)
    assert order.order_type is OrderType.MARKET
    assert kinds(day.decide(order)) == ["SendOrder"]
    held = day.state.book.held(order.client_order_id)
    assert held is not None
    assert held.reserve_ticks == PRICE + 4_000


@pytest.fixture
def sink(day: Day) -> EngineSink:
    attached = EngineSink()
    attached.attach(day.engine)
    return attached


def test_a_known_report_is_not_posted_again(day: Day, sink: EngineSink) -> None:
    day.clear()
    order, venue = day.order(), ScriptedVenue()
    day.decide(order)
    report = venue.accept(order)
    sink.report_received(report)
    day.engine.drain()
    entries = day.journal.head().seq
    sink.report_received(report)
    assert day.engine.pending_count == 0
    sink.report_received(venue.fill(order.client_order_id, 1, PRICE))
    day.engine.drain()
    assert day.journal.head().seq == entries + 1


def test_stale_depth_is_not_posted(day: Day, sink: EngineSink) -> None:
    early = day.at
    newer = day.show(12, bids=[(4_480, 1)], at=day.later())
    entries = day.journal.head().seq
    for stale in (newer, day.show(13, bids=[(1, 1)], at=early)):
        sink.depth_received(stale)
    assert day.engine.pending_count == 0
    assert day.journal.head().seq == entries + 1  # the book of the other hour, shown by hand


def test_nothing_may_be_dropped_into_a_sink_without_an_engine(day: Day) -> None:
    day.clear()
    order = day.order()
    with pytest.raises(RuntimeError, match="attach it first"):
        EngineSink().report_received(ScriptedVenue().accept(order))


_SHARED = open_day()
