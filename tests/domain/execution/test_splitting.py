"""Splitting: never worse than trying every division, and no lot lost on the way to children."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.execution.fees import FeeSchedule, LotTerms
from wattbook_domain.execution.scoring import VenueView, score_venues
from wattbook_domain.execution.splitting import VENUES_MAX, ParentOrder, split_order
from wattbook_domain.foundation.identifiers import (
    AlgorithmId,
    ClientOrderId,
    DeskId,
    InstrumentId,
    LedgerId,
    TraderId,
    VenueId,
)
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.marketdata.depth import DepthLevel, MarketDepth
from wattbook_domain.orders.commands import OrderOwner
from wattbook_domain.orders.vocabulary import Side, TimeInForce
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.money import Currency, Money
from wattbook_domain.quantities.price import Price

EUR = Currency.EUR
HOUR = InstrumentId("DE-H09")
TERMS = LotTerms(tick=Price.of("0.01", EUR), lot_energy=Energy.of_mwh("0.1"))
OWNER = OrderOwner(
    desk_id=DeskId("D"),
    ledger_id=LedgerId("L"),
    trader_id=TraderId("T"),
    algorithm_id=AlgorithmId("A"),
)


def fees(taker: str = "0", per_order: str = "0") -> FeeSchedule:
    return FeeSchedule(
        maker=Price.of(0, EUR), taker=Price.of(taker, EUR), per_order=Money.of(per_order, EUR)
    )


def view(
    name: str,
    *,
    bids: list[tuple[int, int]] = (),
    asks: list[tuple[int, int]] = (),
    charge: FeeSchedule | None = None,
    minimum_lots: int = 1,
    fill_ratio: Fraction = Fraction(1),
) -> VenueView:
    return VenueView(
        depth=MarketDepth(
            venue_id=VenueId(name),
            instrument_id=HOUR,
            at=UtcNs(0),
            bids=tuple(DepthLevel(*level) for level in bids),
            asks=tuple(DepthLevel(*level) for level in asks),
        ),
        fees=charge or fees(),
        minimum_lots=minimum_lots,
        fill_ratio=fill_ratio,
    )


def parent(side: Side = Side.BUY, lots: int = 10, limit: int | None = None) -> ParentOrder:
    return ParentOrder(
        client_order_id=ClientOrderId("P1"),
        instrument_id=HOUR,
        owner=OWNER,
        side=side,
        quantity_lots=lots,
        limit_ticks=limit,
        decided_at=UtcNs(5),
    )


def placed(plan) -> dict[str, tuple[int, int | None]]:
    return {child.venue_id: (child.quantity_lots, child.limit_ticks) for child in plan.children}


def test_the_cheaper_price_after_fees_wins_and_its_depth_is_used_up_first():
    # POWERX asks 100 but charges 5 ticks a lot; ENERGEX asks 103 and charges 1: 105 against 104.
    plan = split_order(
        parent(lots=12),
        [
            view("POWERX", asks=[(100, 8), (101, 8)], charge=fees("0.05")),
            view("ENERGEX", asks=[(103, 5), (110, 50)], charge=fees("0.01")),
        ],
        terms=TERMS,
    )
    assert placed(plan) == {"ENERGEX": (5, 103), "POWERX": (7, 100)}
    assert plan.cost_tick_lots == 5 * 104 + 7 * 105
    assert plan.unplaced_lots == 0


def test_a_fee_per_order_keeps_a_small_order_on_one_venue():
    # 0.50 EUR per order is worth 500 tick-lots here: dearer than two lots at one tick more.
    views = [
        view("POWERX", asks=[(100, 8)], charge=fees(per_order="0.50")),
        view("ENERGEX", asks=[(101, 8)], charge=fees(per_order="0.50")),
    ]
    assert TERMS.fee_tick_lots(Money.of("0.50", EUR)) == 500
    assert placed(split_order(parent(lots=8), views, terms=TERMS)) == {"POWERX": (8, 100)}
    assert set(placed(split_order(parent(lots=10), views, terms=TERMS))) == {"POWERX", "ENERGEX"}


def test_negative_prices_are_ordinary_for_buyer_and_seller():
    views = [view("POWERX", bids=[(-10, 4)], asks=[(-8, 4)]), view("ENERGEX", bids=[(-9, 2)])]
    assert placed(split_order(parent(Side.SELL, 5), views, terms=TERMS)) == {
        "ENERGEX": (2, -9),
        "POWERX": (3, -10),
    }
    assert placed(split_order(parent(Side.BUY, 4), views, terms=TERMS)) == {"POWERX": (4, -8)}


def test_the_limit_holds_on_every_level_and_what_is_missing_is_said():
    plan = split_order(
        parent(lots=10, limit=100), [view("POWERX", asks=[(100, 3), (101, 9)])], terms=TERMS
    )
    assert placed(plan) == {"POWERX": (3, 100)}
    assert plan.unplaced_lots == 7


def test_a_venue_that_seldom_keeps_its_quotes_must_be_cheaper_by_the_expected_miss():
    views = [
        view("POWERX", asks=[(100, 10)], fill_ratio=Fraction(1, 2)),
        view("ENERGEX", asks=[(102, 10)]),
    ]
    near = split_order(parent(), views, terms=TERMS, miss_cost_ticks=Fraction(3))
    far = split_order(parent(), views, terms=TERMS, miss_cost_ticks=Fraction(5))
    assert set(placed(near)) == {"POWERX"}
    assert set(placed(far)) == {"ENERGEX"}


def test_children_are_named_after_their_parent_and_live_for_one_moment():
    plan = split_order(
        parent(lots=4), [view("B", asks=[(1, 2)]), view("A", asks=[(1, 2)])], terms=TERMS
    )
    names = [(child.client_order_id, child.venue_id) for child in plan.children]
    assert names == [("P1.0", "A"), ("P1.1", "B")]
    assert {c.time_in_force for c in plan.children} == {TimeInForce.IOC}
    assert {c.decided_at for c in plan.children} == {5}


@pytest.mark.parametrize(
    ("views", "words"),
    [
        ([view("A"), view("A")], "each venue may be seen once"),
        ([view(f"V{i}") for i in range(VENUES_MAX + 1)], "at most 10 venues"),
    ],
)
def test_views_that_do_not_fit_are_misuse(views, words):
    with pytest.raises(ValueError, match=words):
        split_order(parent(), views, terms=TERMS)


def test_a_view_of_another_instrument_is_misuse():
    other = MarketDepth(VenueId("A"), InstrumentId("DE-H10"), UtcNs(0), (), ())
    with pytest.raises(ValueError, match="every view must show DE-H09"):
        split_order(parent(), [VenueView(depth=other, fees=fees())], terms=TERMS)


ladders = st.lists(st.integers(1, 4), max_size=3)
small_views = st.builds(
    lambda start, gaps, sizes, taker, per_order, minimum, tenths: (
        start,
        gaps,
        sizes,
        taker,
        per_order,
        minimum,
        tenths,
    ),
    st.integers(-5, 5),
    st.lists(st.integers(1, 3), min_size=3, max_size=3),
    ladders,
    st.integers(-2, 3),
    st.integers(0, 6),
    st.integers(1, 4),
    st.integers(5, 10),
)


def build(name: str, side: Side, drawn) -> VenueView:
    start, gaps, sizes, taker, per_order, minimum, tenths = drawn
    levels, price = [], start
    for gap, lots in zip(gaps, sizes, strict=False):
        levels.append((price, lots))
        price += side.sign * gap
    return view(
        name,
        asks=levels if side is Side.BUY else [],
        bids=levels if side is Side.SELL else [],
        charge=FeeSchedule(
            maker=Price.of(0, EUR),
            taker=TERMS.tick * taker,
            per_order=TERMS.tick_lot * per_order,
        ),
        minimum_lots=minimum,
        fill_ratio=Fraction(tenths, 10),
    )


def cost_of(v: VenueView, side: Side, lots: int, limit: int | None, miss: int) -> Fraction | None:
    """Take lots one by one at one venue; `None` where that is not allowed."""
    levels = v.depth.asks if side is Side.BUY else v.depth.bids
    one_by_one = [
        level.price_ticks
        for level in levels
        for _ in range(level.quantity_lots)
        if limit is None or side.sign * level.price_ticks <= side.sign * limit
    ]
    if lots == 0:
        return Fraction(0)
    if lots < v.minimum_lots or lots > len(one_by_one):
        return None
    price = sum(side.sign * p for p in one_by_one[:lots])
    per_lot = v.fees.taker / TERMS.tick + (1 - v.fill_ratio) * miss
    return price + lots * per_lot + v.fees.per_order / TERMS.tick_lot


@given(
    side=st.sampled_from(Side),
    lots=st.integers(1, 9),
    limit=st.one_of(st.none(), st.integers(-6, 8)),
    miss=st.integers(0, 4),
    drawn=st.lists(small_views, min_size=1, max_size=3),
)
def test_no_other_division_places_more_or_costs_less(side, lots, limit, miss, drawn):
    views = [build(f"V{number}", side, one) for number, one in enumerate(drawn)]
    plan = split_order(
        parent(side, lots, limit), views, terms=TERMS, miss_cost_ticks=Fraction(miss)
    )
    best: tuple[int, Fraction] | None = None
    for division in product(range(lots + 1), repeat=len(views)):
        costs = [cost_of(v, side, x, limit, miss) for v, x in zip(views, division, strict=True)]
        if sum(division) <= lots and None not in costs:
            key = (-sum(division), sum(costs))
            best = key if best is None else min(best, key)
    children = sum(child.quantity_lots for child in plan.children)
    assert children + plan.unplaced_lots == lots
    assert (-children, plan.cost_tick_lots) == best
    for child in plan.children:
        v = next(v for v in views if v.venue_id == child.venue_id)
        assert child.quantity_lots >= v.minimum_lots
        sweep = (v.depth.to_buy if side is Side.BUY else v.depth.to_sell)(
            child.quantity_lots, child.limit_ticks
        )
        assert sweep.filled_lots == child.quantity_lots
        assert sweep.worst_ticks == child.limit_ticks


def test_scores_put_expected_lots_first_and_price_after_fees_second():
    scores = score_venues(
        [
            view("DEEP", asks=[(110, 50)]),
            view("CHEAP", asks=[(100, 10)], charge=fees("0.20", "0.10")),
            view("FAIR", asks=[(105, 10)]),
            view("SHY", asks=[(90, 10)], fill_ratio=Fraction(1, 2)),
            view("LARGE", asks=[(90, 10)], minimum_lots=11),
        ],
        side=Side.BUY,
        lots=10,
        terms=TERMS,
    )
    assert [score.venue_id for score in scores] == ["FAIR", "DEEP", "CHEAP", "SHY", "LARGE"]
    by_name = {score.venue_id: score for score in scores}
    # 20 ticks a lot for taking, and 0.10 EUR = 100 tick-lots over ten lots: 10 ticks more.
    assert by_name["CHEAP"].all_in_ticks == 130
    assert by_name["SHY"].expected_lots == 5
    assert by_name["LARGE"].all_in_ticks is None


def test_a_fill_ratio_outside_its_range_is_misuse():
    with pytest.raises(ValueError, match="fill_ratio must lie in"):
        view("A", fill_ratio=Fraction(0))
