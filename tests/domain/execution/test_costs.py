"""Fees, slippage, shortfall, spreads, fill rates and slices, each by its formula."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.delivery.markets import GERMAN_POWER
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.execution.fees import FeeSchedule, LotTerms, ticks_after_fees
from wattbook_domain.execution.fill_rate import (
    OrderOutcome,
    Population,
    fill_curve,
    fill_rate,
)
from wattbook_domain.execution.schedule import TimeWindow, twap_slices
from wattbook_domain.execution.slippage import (
    Benchmark,
    PriceTrail,
    TradedLots,
    average_ticks,
    implementation_shortfall,
    mid_ticks,
    slippage,
    spread_cost,
    traded,
)
from wattbook_domain.execution.splitting import ParentOrder
from wattbook_domain.foundation.identifiers import (
    AlgorithmId,
    ClientOrderId,
    DeskId,
    ExecutionId,
    InstrumentId,
    LedgerId,
    TraderId,
    VenueId,
    VenueOrderId,
)
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.instruments.products import Listing, spot_interval
from wattbook_domain.instruments.resolve import resolve
from wattbook_domain.instruments.spec import Commodity
from wattbook_domain.marketdata.depth import DepthLevel, MarketDepth
from wattbook_domain.orders.commands import OrderOwner
from wattbook_domain.orders.reports import ExecutionEvent, ExecutionReport
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.money import Currency, Money
from wattbook_domain.quantities.price import Price

EUR = Currency.EUR
TICK = Price.of("0.01", EUR)
TERMS = LotTerms(tick=TICK, lot_energy=Energy.of_mwh("0.1"))
TRADES = st.lists(st.builds(TradedLots, st.integers(-500, 500), st.integers(1, 50)), max_size=5)
MIDS = st.integers(-1000, 1000).map(lambda doubled: Fraction(doubled, 2))


def test_a_fee_has_a_rate_for_each_role_and_the_order_fee_comes_once():
    fees = FeeSchedule(
        maker=Price.of("-0.01", EUR), taker=Price.of("0.07", EUR), per_order=Money.of("0.02", EUR)
    )
    energy = Energy.of_mwh(10)
    assert fees.of_fill(energy, is_aggressor=True, is_first=True) == Money.of("0.72", EUR)
    assert fees.of_fill(energy, is_aggressor=True, is_first=False) == Money.of("0.70", EUR)
    assert fees.of_fill(energy, is_aggressor=False, is_first=False) == Money.of("-0.10", EUR)


def test_a_fee_schedule_reads_what_a_venue_publishes():
    published = {
        "maker_per_mwh": Decimal("-0.01"),
        "taker_per_mwh": Decimal("0.05"),
        "per_order": Decimal("0.02"),
    }
    fees = FeeSchedule.of(**published, currency="EUR")
    assert fees.maker == Price.of("-0.01", EUR)
    assert fees.per_order == Money.of("0.02", EUR)
    with pytest.raises(ValueError, match="'ECU' is not a valid Currency"):
        FeeSchedule.of(**published, currency="ECU")


def test_a_fee_schedule_has_one_currency():
    with pytest.raises(ValueError, match="one currency"):
        FeeSchedule(
            maker=Price.of(0, EUR),
            taker=Price.of(0, EUR),
            per_order=Money.of(0, Currency.GBP),
        )


def test_terms_read_from_an_instrument():
    listing = Listing(
        prefix="DE",
        commodity=Commodity.POWER,
        currency=EUR,
        tick_size=Decimal("0.01"),
        lot_mw=Decimal("0.1"),
        delivery_point_eic="10Y1001A1001A82H",
    )
    hour = DeliveryPeriod.hour(date(2017, 10, 29), 2, "Europe/Berlin")
    instrument = resolve(spot_interval(listing, hour), calendar=GERMAN_POWER)
    assert LotTerms.of(instrument) == TERMS
    assert TERMS.tick_lot == instrument.tick_value
    assert TERMS.tick_lot == Money.of("0.001", EUR)


def test_fees_worsen_the_price_on_both_sides_of_zero():
    assert ticks_after_fees(-5, side=Side.BUY, fee_ticks=Fraction(2)) == -3
    assert ticks_after_fees(-5, side=Side.SELL, fee_ticks=Fraction(2)) == -7


def test_slippage_is_a_cost_for_the_buyer_who_paid_more_and_the_seller_who_got_less():
    trades = [TradedLots(4537, 10), TradedLots(4540, 5)]
    buy = slippage(
        trades,
        side=Side.BUY,
        benchmark=Benchmark.ARRIVAL_MID,
        benchmark_ticks=Fraction(9071, 2),
    )
    assert buy.ticks == Fraction(4538) - Fraction(9071, 2) == Fraction(5, 2)
    assert buy.per_mwh(TICK) == Price.of("0.025", EUR)
    assert buy.bps(TICK) == 10_000 * Fraction(25, 10) / Fraction(9071, 2)
    sell = slippage(
        trades,
        side=Side.SELL,
        benchmark=Benchmark.ARRIVAL_MID,
        benchmark_ticks=Fraction(9071, 2),
    )
    assert sell.ticks == -buy.ticks


@pytest.mark.parametrize("mid", [0, 1, -1, 999, 1000, -1000])
def test_there_are_no_basis_points_within_ten_euro_of_zero(mid):
    cost = slippage(
        [TradedLots(mid + 1, 1)],
        side=Side.BUY,
        benchmark=Benchmark.ARRIVAL_TOUCH,
        benchmark_ticks=Fraction(mid),
    )
    assert cost.ticks == 1
    assert cost.bps(TICK) is None


def test_basis_points_of_a_clearly_negative_price_keep_the_sign_of_the_cost():
    cost = slippage(
        [TradedLots(-7990, 1)],
        side=Side.BUY,
        benchmark=Benchmark.WINDOW_VWAP,
        benchmark_ticks=Fraction(-8000),
    )
    assert cost.bps(TICK) == Fraction(10_000 * 10, 8000)


def test_nothing_traded_is_no_slippage_rather_than_zero():
    assert average_ticks([]) is None
    assert (
        slippage([], side=Side.BUY, benchmark=Benchmark.DECISION_MID, benchmark_ticks=Fraction(1))
        is None
    )


@given(
    trades=TRADES,
    side=st.sampled_from(Side),
    unfilled=st.integers(0, 30),
    decision=MIDS,
    arrival=MIDS,
    end=MIDS,
    cents=st.integers(-100, 100),
)
def test_the_shortfall_is_paper_less_real_and_its_parts_close(
    trades, side, unfilled, decision, arrival, end, cents
):
    """Perold: paper trades all lots at the decision price; both are marked at the end price."""
    filled = sum(t.lots for t in trades)
    ordered = filled + unfilled
    fees = Money.of(Fraction(cents, 100), EUR)
    shortfall = implementation_shortfall(
        trades,
        side=side,
        ordered_lots=ordered,
        trail=PriceTrail(decision_ticks=decision, arrival_ticks=arrival, end_ticks=end),
        fees=fees,
        terms=TERMS,
    )
    paper = side.sign * ordered * (end - decision)
    real = side.sign * sum(t.lots * (end - t.ticks) for t in trades)
    assert shortfall.total == TERMS.tick_lot * (paper - real) + fees


def test_more_cannot_trade_than_was_ordered():
    trail = PriceTrail(decision_ticks=Fraction(0), arrival_ticks=Fraction(0), end_ticks=Fraction(0))
    with pytest.raises(ValueError, match="found 2 of 1"):
        implementation_shortfall(
            [TradedLots(1, 2)],
            side=Side.BUY,
            ordered_lots=1,
            trail=trail,
            fees=Money.zero(EUR),
            terms=TERMS,
        )


def test_the_effective_spread_divides_into_what_the_maker_kept_and_what_the_mid_took():
    # Bought at 102 over a mid of 100; the mid then rose to 101.
    cost = spread_cost(
        102, taker_side=Side.BUY, mid_ticks=Fraction(100), later_mid_ticks=Fraction(101)
    )
    assert (cost.effective_ticks, cost.realised_ticks, cost.adverse_selection_ticks) == (4, 2, 2)


def test_only_fills_count_as_traded_and_the_mid_needs_both_sides():
    def report(event: ExecutionEvent, **fill: int) -> ExecutionReport:
        return ExecutionReport(
            execution_id=ExecutionId(event.name),
            venue_id=VenueId("V"),
            venue_order_id=VenueOrderId("O"),
            client_order_id=ClientOrderId("C"),
            instrument_id=InstrumentId("I"),
            side=Side.BUY,
            event=event,
            leaves_lots=0,
            cumulative_lots=0,
            quantity_lots=5,
            occurred_at=UtcNs(0),
            **fill,
        )

    reports = [
        report(ExecutionEvent.ACCEPTED),
        report(ExecutionEvent.FILL, last_lots=5, last_ticks=-3),
    ]
    assert traded(reports) == (TradedLots(-3, 5),)
    both = MarketDepth(
        VenueId("V"), InstrumentId("I"), UtcNs(0), (DepthLevel(-4, 1),), (DepthLevel(-1, 1),)
    )
    one = MarketDepth(VenueId("V"), InstrumentId("I"), UtcNs(0), (), (DepthLevel(-1, 1),))
    assert mid_ticks(both) == Fraction(-5, 2)
    assert mid_ticks(one) is None


def test_each_fill_rate_names_its_population():
    outcomes = [
        OrderOutcome(distance_ticks=0, submitted_lots=10, filled_lots=10),
        OrderOutcome(distance_ticks=-3, submitted_lots=10, filled_lots=9),
        OrderOutcome(distance_ticks=1, submitted_lots=10, filled_lots=5),
        OrderOutcome(distance_ticks=4, submitted_lots=10, filled_lots=1),
        OrderOutcome(distance_ticks=4, submitted_lots=30, filled_lots=3),
    ]
    crossing = fill_rate(outcomes, Population.MARKETABLE)
    assert (crossing.orders, crossing.rate) == (2, Fraction(19, 20))
    assert fill_rate(outcomes, Population.PASSIVE).rate == Fraction(9, 50)
    assert [(d, r.rate) for d, r in fill_curve(outcomes)] == [
        (1, Fraction(1, 2)),
        (4, Fraction(1, 10)),
    ]
    assert fill_rate([], Population.PASSIVE).rate is None


@given(
    lots=st.integers(1, 300),
    slices=st.integers(1, 40),
    start=st.integers(0, 10**9),
    length=st.integers(1, 10**9),
)
def test_slices_lose_no_lot_and_stay_on_the_straight_line(lots, slices, start, length):
    parent = ParentOrder(
        client_order_id=ClientOrderId("P"),
        instrument_id=InstrumentId("I"),
        owner=OrderOwner(
            desk_id=DeskId("D"),
            ledger_id=LedgerId("L"),
            trader_id=TraderId("T"),
            algorithm_id=AlgorithmId("A"),
        ),
        side=Side.SELL,
        quantity_lots=lots,
        limit_ticks=-5,
        decided_at=UtcNs(0),
    )
    window = TimeWindow(UtcNs(start), UtcNs(start + length))
    planned = twap_slices(parent, window, slices=slices)
    assert sum(piece.quantity_lots for piece in planned) == lots
    assert len({piece.client_order_id for piece in planned}) == len(planned)
    done = 0
    for piece in planned:
        assert window.start <= piece.decided_at < window.end
        index = int(piece.client_order_id.rpartition(".")[2])
        done += piece.quantity_lots
        line = Fraction(lots * (index + 1), slices)
        assert line - 1 < done <= line


def test_a_window_ends_after_it_starts():
    with pytest.raises(ValueError, match="must end after it starts"):
        TimeWindow(UtcNs(5), UtcNs(5))
