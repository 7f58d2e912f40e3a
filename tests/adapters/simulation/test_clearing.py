"""Clearing: the best welfare, then the most volume, then the stated price and shares."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wattbook_adapters.simulation.clearing import Bid, PriceLimits, clear, share_pro_rata
from wattbook_domain.orders.vocabulary import Side

LIMITS = PriceLimits(floor_ticks=-500, cap_ticks=3000)
SMALL = PriceLimits(floor_ticks=-4, cap_ticks=4)
BUY, SELL = Side.BUY, Side.SELL
bids = st.lists(
    st.builds(Bid, st.sampled_from(Side), st.integers(-4, 4), st.integers(1, 3)), max_size=5
)
large_bids = st.lists(
    st.builds(Bid, st.sampled_from(Side), st.integers(-500, 3000), st.integers(1, 10_000)),
    max_size=40,
)


def welfare(book: list[Bid], accepted: tuple[int, ...]) -> int:
    return sum(b.side.sign * b.limit_ticks * lots for b, lots in zip(book, accepted, strict=True))


def bought(book: list[Bid], accepted: tuple[int, ...], side: Side) -> int:
    return sum(lots for b, lots in zip(book, accepted, strict=True) if b.side is side)


@settings(max_examples=300)
@given(book=bids)
def test_no_allocation_has_more_welfare_or_the_same_and_more_volume(book):
    outcome = clear(book, SMALL)
    best = max(
        (welfare(book, lots), bought(book, lots, BUY))
        for lots in product(*(range(b.lots + 1) for b in book))
        if bought(book, lots, BUY) == bought(book, lots, SELL)
    )
    assert (welfare(book, outcome.accepted_lots), outcome.volume_lots) == best


@settings(max_examples=200)
@given(book=large_bids)
def test_every_order_is_treated_as_the_one_price_demands(book):
    outcome = clear(book, LIMITS)
    price = outcome.price_ticks
    for side in Side:
        assert bought(book, outcome.accepted_lots, side) == outcome.volume_lots
    assert (price is None) == (outcome.volume_lots == 0)
    for bid, lots in zip(book, outcome.accepted_lots, strict=True):
        assert 0 <= lots <= bid.lots
        if price is not None:
            advantage = bid.side.sign * (bid.limit_ticks - price)
            assert advantage >= 0 or lots == 0
            assert advantage <= 0 or lots == bid.lots


@settings(max_examples=200)
@given(book=bids)
def test_the_price_is_the_middle_of_all_prices_that_clear(book):
    def lots(side: Side, price: int, least_advantage: int) -> int:
        return sum(
            b.lots
            for b in book
            if b.side is side and side.sign * (b.limit_ticks - price) >= least_advantage
        )

    def clears(price: int) -> bool:
        return lots(BUY, price, 1) <= lots(SELL, price, 0) and lots(SELL, price, 1) <= lots(
            BUY, price, 0
        )

    outcome = clear(book, SMALL)
    if outcome.price_ticks is not None:
        clearing = [price for price in range(-4, 5) if clears(price)]
        assert outcome.price_ticks == (min(clearing) + max(clearing)) // 2


def test_a_book_that_does_not_meet_has_no_price():
    outcome = clear([Bid(BUY, -10, 5), Bid(SELL, -9, 5)], LIMITS)
    assert outcome.price_ticks is None
    assert outcome.accepted_lots == (0, 0)
    assert clear([], LIMITS).price_ticks is None


def test_the_margin_is_shared_in_whole_lots_and_the_earlier_order_gets_the_odd_one():
    book = [Bid(SELL, -5, 10), Bid(SELL, -5, 10), Bid(SELL, -5, 10), Bid(BUY, 3000, 20)]
    outcome = clear(book, LIMITS)
    assert outcome.price_ticks == -5
    assert outcome.accepted_lots == (7, 7, 6, 20)


def test_scarcity_clears_at_the_cap_and_rations_the_buyers():
    outcome = clear([Bid(BUY, 3000, 30), Bid(BUY, 3000, 10), Bid(SELL, 100, 20)], LIMITS)
    assert outcome.price_ticks == 3000
    assert outcome.accepted_lots == (15, 5, 20)


def test_zero_is_a_price_like_any_other():
    assert clear([Bid(BUY, 0, 1), Bid(SELL, 0, 1)], LIMITS).price_ticks == 0


@given(lots=st.lists(st.integers(1, 50), min_size=1, max_size=8), available=st.integers(0, 500))
def test_shares_lose_no_lot_and_stay_within_one_of_exact_proportion(lots, available):
    shares = share_pro_rata(lots, available)
    given_out = min(available, sum(lots))
    assert sum(shares) == given_out
    for share, wanted in zip(shares, lots, strict=True):
        assert 0 <= share <= wanted
        assert abs(share * sum(lots) - wanted * given_out) < sum(lots)


def test_a_bid_outside_the_price_limits_is_misuse():
    with pytest.raises(ValueError, match="limit_ticks must lie between -500 and 3000"):
        clear([Bid(BUY, 3001, 1)], LIMITS)
