"""Depth, quotes, trades, phases; and quality codes that every shape ranks alike."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.orders.examples import HOUR, VENUE

from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.foundation.rows import from_rows, to_rows
from wattbook_domain.marketdata.depth import DepthLevel, MarketDepth
from wattbook_domain.marketdata.phases import PERMISSIONS, TradingPhase
from wattbook_domain.marketdata.quality import (
    QualityCode,
    is_crossed,
    is_gap,
    is_off_tick,
    is_out_of_order,
    is_stale,
    quote_code,
    sample_code,
)
from wattbook_domain.marketdata.quotes import Aggressor, TopOfBook, Trade

levels = st.dictionaries(st.integers(-50, 50), st.integers(1, 30), max_size=8)


def depth(bids: dict[int, int], asks: dict[int, int]) -> MarketDepth:
    return MarketDepth(
        VENUE,
        HOUR,
        UtcNs(7),
        tuple(DepthLevel(price, bids[price]) for price in sorted(bids, reverse=True)),
        tuple(DepthLevel(price, asks[price]) for price in sorted(asks)),
    )


BOOK = depth({-5: 10, -7: 20}, {0: 5, 3: 15})


def test_best_levels_spread_and_mid_live_on_both_sides_of_zero() -> None:
    assert BOOK.best_bid == DepthLevel(-5, 10)
    assert BOOK.best_ask == DepthLevel(0, 5)
    assert (BOOK.mid_ticks_x2, BOOK.spread_ticks) == (-5, 5)


@pytest.mark.parametrize("sides", [({}, {}), ({1: 1}, {}), ({}, {1: 1})])
def test_without_both_sides_there_is_no_mid(sides: tuple[dict[int, int], dict[int, int]]) -> None:
    book = depth(*sides)
    assert book.mid_ticks_x2 is None
    assert book.spread_ticks is None
    assert (book.best_bid is None, book.best_ask is None) == (not sides[0], not sides[1])


@given(levels, levels, st.integers(1, 200), st.none() | st.integers(-60, 60))
def test_a_sweep_takes_the_cheapest_lots_there_are(
    bids: dict[int, int], asks: dict[int, int], lots: int, limit: int | None
) -> None:
    """Reference: every single lot as an entry of a sorted list."""
    book = depth(bids, asks)
    singles = sorted(price for price, size in asks.items() for _ in range(size))
    wanted = [price for price in singles if limit is None or price <= limit][:lots]
    bought = book.to_buy(lots, limit)
    assert (bought.filled_lots, bought.value_tick_lots) == (len(wanted), sum(wanted))
    assert bought.worst_ticks == (max(wanted) if wanted else None)
    mirrored = depth({-price: size for price, size in asks.items()}, {})
    sold = mirrored.to_sell(lots, None if limit is None else -limit)
    assert (sold.filled_lots, sold.value_tick_lots) == (len(wanted), -sum(wanted))


def test_a_sweep_gives_the_average_exactly() -> None:
    sweep = BOOK.to_buy(12)
    assert Fraction(sweep.value_tick_lots, sweep.filled_lots) == Fraction(21, 12)
    assert sweep.worst_ticks == 3
    with pytest.raises(ValueError, match="lots must lie"):
        BOOK.to_buy(0)


@pytest.mark.parametrize("prices", [(1, 1), (1, 2)])
def test_levels_must_be_ordered_from_the_best(prices: tuple[int, int]) -> None:
    rising = tuple(DepthLevel(price, 1) for price in prices)
    with pytest.raises(ValueError, match="bids must fall strictly"):
        MarketDepth(VENUE, HOUR, UtcNs(7), rising, ())
    with pytest.raises(ValueError, match="asks must rise strictly"):
        MarketDepth(VENUE, HOUR, UtcNs(7), (), tuple(reversed(rising)))


def test_a_crossed_book_can_be_said() -> None:
    assert depth({5: 1}, {3: 1}).spread_ticks == -2


@given(levels, levels)
def test_a_top_of_book_survives_as_a_row(bids: dict[int, int], asks: dict[int, int]) -> None:
    book = depth(bids, asks)
    top = TopOfBook.of(book)
    assert (top.bid, top.ask) == (book.best_bid, book.best_ask)
    assert from_rows(TopOfBook, to_rows(TopOfBook, [top])) == (top,)


def test_half_a_level_is_misuse() -> None:
    with pytest.raises(ValueError, match="a bid has a price and lots, or neither"):
        TopOfBook(venue_id=VENUE, instrument_id=HOUR, at=UtcNs(1), bid_ticks=0, bid_lots=None,
                  ask_ticks=None, ask_lots=None)  # fmt: skip
    with pytest.raises(ValueError, match="quantity_lots must lie"):
        DepthLevel(1, 0)


@pytest.mark.parametrize("aggressor", [None, *Aggressor])
def test_a_trade_survives_as_a_row(aggressor: Aggressor | None) -> None:
    trade = Trade(venue_id=VENUE, instrument_id=HOUR, at=UtcNs(1), price_ticks=-1,
                  quantity_lots=3, aggressor=aggressor)  # fmt: skip
    assert from_rows(Trade, to_rows(Trade, [trade])) == (trade,)
    with pytest.raises(ValueError, match="price_ticks must lie"):
        Trade(venue_id=VENUE, instrument_id=HOUR, at=UtcNs(1), price_ticks=2**23, quantity_lots=3)


def test_every_phase_has_permissions_and_only_trading_matches() -> None:
    assert set(PERMISSIONS) == set(TradingPhase)
    assert [phase for phase, may in PERMISSIONS.items() if may.matches] == [TradingPhase.CONTINUOUS]
    assert all(may.cancel for may in PERMISSIONS.values() if may.enter)


@pytest.mark.parametrize(
    ("rule", "facts", "broken"),
    [
        (is_gap, (5, 4), False),
        (is_gap, (6, 4), True),
        (is_gap, (4, 4), False),
        (is_out_of_order, (9, 10), True),
        (is_out_of_order, (10, 10), False),
        (is_off_tick, (-45_370_000, 10_000), False),
        (is_off_tick, (-45_375_000, 10_000), True),
        (is_off_tick, (0, 10_000), False),
        (is_crossed, (3, 3, 1), True),
        (is_crossed, (2, 3, 1), False),
        (is_crossed, (9, 3, 0), False),
        (is_stale, (0, 100, 100), False),
        (is_stale, (0, 101, 100), True),
    ],
)
def test_each_quality_rule_at_its_edge(
    rule: Callable[..., object], facts: tuple[int, ...], broken: bool
) -> None:
    assert bool(rule(*facts)) is broken
    column = np.asarray(rule(*(np.array([fact, fact]) for fact in facts)))
    assert column.astype(bool).tolist() == [broken, broken]


flags = st.tuples(*[st.booleans()] * 5)


@given(st.lists(flags, min_size=1, max_size=20))
def test_the_first_broken_rule_is_named_in_every_shape(
    rows: list[tuple[bool, bool, bool, bool, bool]],
) -> None:
    for code, names, order in (
        (
            sample_code,
            ("present", "gap", "out_of_order", "off_tick", "stale"),
            (QualityCode.MISSING, QualityCode.GAP, QualityCode.OUT_OF_ORDER,
             QualityCode.OFF_TICK, QualityCode.STALE),
        ),
        (
            quote_code,
            ("present", "gap", "out_of_order", "crossed", "stale"),
            (QualityCode.MISSING, QualityCode.GAP, QualityCode.OUT_OF_ORDER,
             QualityCode.CROSSED, QualityCode.STALE),
        ),
    ):  # fmt: skip
        expected = []
        for row in rows:
            broken = (not row[0], *row[1:])
            hit = [rank for rank, is_broken in zip(order, broken, strict=True) if is_broken]
            expected.append(min(hit, default=QualityCode.GOOD))
        scalars = [code(**dict(zip(names, row, strict=True))) for row in rows]
        columns = dict(zip(names, map(np.array, zip(*rows, strict=True)), strict=True))
        assert scalars == expected
        assert np.asarray(code(**columns)).tolist() == expected
