"""Figures people read: each is restated here from its formula, or worked out by hand."""

from __future__ import annotations

import math
from datetime import date, timedelta
from fractions import Fraction

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.application.days import (
    AUTUMN,
    BATTERY,
    DAYAHEAD,
    ENERGEX,
    POWERX,
    PRICE,
    SPRING,
    WINTER,
    Day,
    a_setup,
    eve,
    open_day,
)
from tests.application.scripted_venue import ScriptedVenue

from wattbook_adapters.optimisation.highs import HighsOptimiser
from wattbook_application.effects import SendOrder
from wattbook_application.facts import ReportReceived
from wattbook_application.risk.compute_var import compute_var
from wattbook_application.trading.open_day import build_market
from wattbook_application.views.day_view import (
    ExecutionView,
    view_day,
    view_execution,
    view_forecast,
    view_refusals,
)
from wattbook_domain.orders.reports import ExecutionEvent
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.money import Currency, Money
from wattbook_domain.quantities.power import Power
from wattbook_domain.quantities.price import Price
from wattbook_domain.signals.series import DayTable

NAMES = 24
"""Wall-clock hour names of a normalised table."""


def history(prices: list[list[float]], before: date) -> DayTable:
    return DayTable(
        first_day=before - timedelta(days=len(prices)),
        zone="Europe/Berlin",
        driver_names=(),
        prices=np.array(prices),
        drivers=np.zeros((len(prices), NAMES, 0)),
    )


def level_days(*levels: float, before: date = WINTER) -> DayTable:
    """Days of one price all day."""
    return history([[level] * NAMES for level in levels], before)


class TestRisk:
    def test_four_changes_by_hand(self) -> None:
        # Changes 2, -3, 0, 5 EUR on 24 MWh long: 48, -72, 0, 120. At 75 % the third of the four
        # losses -120, -48, 0, 72 is the quantile, and the worst quarter is the 72.
        market = build_market(a_setup())
        measure = compute_var(market, [1_000] * 24, level_days(10, 12, 9, 9, 14))
        assert measure.scenarios == 4
        assert measure.value_at_risk == 0
        assert measure.expected_shortfall == 72

    def test_a_short_position_loses_when_prices_rise(self) -> None:
        market = build_market(a_setup())
        measure = compute_var(market, [-1_000] * 24, level_days(10, 12, 9, 9, 14))
        assert measure.value_at_risk == 48
        assert measure.expected_shortfall == 120

    def test_only_the_last_changes_count(self) -> None:
        market = build_market(attrs.evolve(a_setup(), lookback_days=2))
        measure = compute_var(market, [1_000] * 24, level_days(999, 0, 9, 9, 14))
        assert measure.scenarios == 2
        assert measure.expected_shortfall == 0

    @pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (WINTER, 24), (AUTUMN, 25)])
    def test_every_real_hour_takes_the_change_of_its_name(self, day: date, hours: int) -> None:
        # Only the hour called 02 moves, by one: it is missing in spring and doubled in autumn.
        row = [0.0] * NAMES
        moved = [1.0 if name == 2 else 0.0 for name in range(NAMES)]
        measure = compute_var(
            build_market(a_setup(day)), [1_000] * hours, history([moved, row], before=day)
        )
        assert measure.value_at_risk == {23: 0, 24: 1, 25: 2}[hours]

    def test_a_single_day_has_no_changes(self) -> None:
        with pytest.raises(ValueError, match="lag_days"):
            compute_var(build_market(a_setup()), [0] * 24, level_days(10))


class TestForecast:
    @settings(max_examples=40)
    @given(
        st.lists(st.integers(-10_000, 10_000), min_size=24, max_size=24),
        st.lists(st.floats(-100, 100), min_size=24, max_size=24),
    )
    def test_errors_and_coverage_are_their_formulae(
        self, ticks: list[int], point: list[float]
    ) -> None:
        day = open_day()
        day.expect(point=point, wind_kw=[0] * 24)
        day.clear(ticks)
        seen = view_forecast(day.state)
        errors = np.array(point) - np.array(ticks) / 100
        assert seen.mean_absolute_error == pytest.approx(np.abs(errors).mean())
        assert seen.root_mean_squared_error == pytest.approx(np.sqrt((errors**2).mean()))
        inside = [p - 10 <= t / 100 <= p + 10 for p, t in zip(point, ticks, strict=True)]
        assert seen.covered_share == sum(inside) / 24
        assert seen.mean_width == pytest.approx(20)
        assert seen.mean_absolute_error <= seen.root_mean_squared_error + 1e-9

    def test_a_perfect_forecast_has_no_error(self) -> None:
        day = open_day()
        day.expect(point=[45.0] * 24, wind_kw=[0] * 24)
        day.clear(4_500)
        seen = view_forecast(day.state)
        assert (seen.mean_absolute_error, seen.covered_share) == (0, 1)
        assert math.isclose(seen.root_mean_squared_error, 0)


def executed(side: Side, fills: list[tuple[int, int]], *, lots: int = 10) -> ExecutionView:
    """Work a parent at a mid of 4500, fill its child as told, and look."""
    day, venue = open_day(), ScriptedVenue()
    day.clear()
    day.show(12, bids=[(PRICE - 10, 50)], asks=[(PRICE + 10, 50)])
    sent = day.decide(parents=[day.parent(12, side, lots, PRICE + 20 * side.sign)])
    (child,) = [e.approved.value for e in sent if isinstance(e, SendOrder)]
    day.post(ReportReceived(venue.accept(child)))
    for quantity, ticks in fills:
        day.post(ReportReceived(venue.fill(child.client_order_id, quantity, ticks)))
    if venue.orders[child.client_order_id].leaves_lots:
        day.post(ReportReceived(venue.end(child.client_order_id, ExecutionEvent.EXPIRED)))
    return view_execution(day.state)


def cents(amount: int | Fraction) -> Price:
    return Price.of(Fraction(amount) / 100, Currency.EUR)


class TestExecution:
    @pytest.mark.parametrize("side", Side)
    def test_crossing_the_spread_costs_half_of_it_either_way(self, side: Side) -> None:
        seen = executed(side, [(10, PRICE + 10 * side.sign)])
        assert seen.slippage == cents(10)
        assert seen.fill_rate.rate == 1

    @pytest.mark.parametrize("side", Side)
    def test_trading_better_than_the_mid_is_a_gain(self, side: Side) -> None:
        assert executed(side, [(10, PRICE - 3 * side.sign)]).slippage == cents(-3)

    def test_fills_weigh_by_their_lots(self) -> None:
        seen = executed(Side.BUY, [(6, PRICE + 10), (3, PRICE + 4)])
        assert seen.slippage == cents(Fraction(6 * 10 + 3 * 4, 9))
        assert seen.fill_rate.rate == Fraction(9, 10)

    def test_where_nothing_traded_there_is_no_slippage(self) -> None:
        seen = executed(Side.BUY, [])
        assert seen.slippage is None
        assert seen.fill_rate.rate == 0

    def test_lots_that_no_venue_showed_are_no_miss(self) -> None:
        assert executed(Side.BUY, [(50, PRICE + 10)], lots=90).fill_rate.rate == 1

    def test_a_day_without_parents_has_no_rate(self) -> None:
        day = open_day()
        day.clear()
        seen = view_execution(day.state)
        assert (seen.fill_rate.rate, seen.slippage) == (None, None)


class TestRefusals:
    def test_they_are_counted_by_code_in_order_of_name_with_the_first_in_full(self) -> None:
        day = open_day()
        day.clear()
        day.decide(day.order(lots=601), day.order(ticks=20_000), day.order(lots=602))
        first, second = view_refusals(day.state.refusals)
        assert (first.code, first.count) == ("ORDER_QUANTITY", 2)
        assert (second.code, second.count) == ("PRICE_COLLAR", 1)
        assert "quantity_lots=601" in first.example

    def test_a_day_without_refusals_shows_none(self) -> None:
        assert view_refusals([]) == ()


@pytest.fixture(scope="module")
def finished() -> Day:
    """A day worked by hand: battery buys at 10 and sells at 80, wind sells, buys some back."""
    day, venue = open_day(), ScriptedVenue()
    hours = len(day.market.intervals)
    prices = [1_000 if i < 6 else 8_000 if i >= 18 else 4_000 for i in range(hours)]
    charge = [50 if i == 2 else 0 for i in range(hours)]
    discharge = [45 if i == 20 else 0 for i in range(hours)]
    day.expect(
        point=[ticks / 100 for ticks in prices],
        wind_kw=[10_000] * hours,
        charge_lots=charge,
        discharge_lots=discharge,
    )
    day.at = eve(WINTER, 11, 30)
    bids = [
        *((day.order(i, Side.SELL, 100, -49_999, venue=DAYAHEAD), i) for i in range(hours)),
        (day.order(2, Side.BUY, 50, 299_999, venue=DAYAHEAD, owner=BATTERY), 2),
        (day.order(20, Side.SELL, 45, -49_999, venue=DAYAHEAD, owner=BATTERY), 20),
    ]
    day.decide(*(order for order, _ in bids))
    day.post(*(ReportReceived(venue.accept(order)) for order, _ in bids))
    day.clear(prices)
    for order, i in bids:
        fill = venue.fill(order.client_order_id, order.quantity_lots, prices[i])
        day.post(ReportReceived(fill))
    day.at = eve(WINTER, 18)
    day.show(12, bids=[(3_950, 30)], asks=[(4_050, 30)], venue=POWERX)
    day.show(12, bids=[(3_940, 30)], asks=[(4_060, 30)], venue=ENERGEX)
    for effect in day.decide(parents=[day.parent(12, Side.BUY, 20, 4_100)]):
        assert isinstance(effect, SendOrder)
        child = effect.approved.value
        assert child.limit_ticks is not None
        day.post(
            ReportReceived(venue.accept(child)),
            ReportReceived(
                venue.fill(child.client_order_id, child.quantity_lots, child.limit_ticks)
            ),
        )
    day.meter([8_000 if i == 12 else 10_000 for i in range(hours)], [500] * hours)
    return day


class TestWholeDay:
    def test_the_parts_of_the_view_agree(self, finished: Day) -> None:
        view = view_day(
            finished.state,
            history=level_days(10, 12, 9, 9, 14),
            optimiser=HighsOptimiser(),
        )
        hours = len(finished.market.intervals)
        assert view.day_ahead.orders == view.day_ahead.fills == hours + 2
        assert view.day_ahead.sold == Energy.of_mwh(10 * hours) + Energy.of_mwh("4.5")
        assert view.day_ahead.bought == Energy.of_mwh(5)
        assert view.intraday.bought == Energy.of_mwh(2)
        assert view.result.unexplained == Money.zero(Currency.EUR)
        assert (view.battery.charged, view.battery.discharged) == (
            Energy.of_mwh(5),
            Energy.of_mwh("4.5"),
        )
        realised = Money.of(Fraction("4.5") * 80 - 5 * 10 - Fraction("4.5") * 3, Currency.EUR)
        assert view.battery.comparison.realised == realised
        assert view.battery.planned == realised  # the forecast was right
        assert view.battery.comparison.optimum > realised
        assert view.perfect_total > view.result.total
        # Everything sold was delivered, so the market price can move nothing any more.
        assert view.risk.after_close.value_at_risk == 0
        assert view.risk.after_close.expected_shortfall == 0
        assert view.risk.before_auction.expected_shortfall > 0

    def test_the_intervals_add_up_to_the_day(self, finished: Day) -> None:
        view = view_day(finished.state, history=level_days(10, 12), optimiser=HighsOptimiser())
        rows = view.intervals
        assert [row.interval for row in rows] == list(finished.market.intervals)
        sold = sum((row.day_ahead_sold.over(row.interval) for row in rows), Energy.zero())
        assert sold == view.day_ahead.sold - view.day_ahead.bought
        again = sum((row.intraday_sold.over(row.interval) for row in rows), Energy.zero())
        assert again == view.intraday.sold - view.intraday.bought
        for row in rows:
            delivered = row.battery + row.wind_output
            assert row.imbalance == delivered - row.day_ahead_sold - row.intraday_sold
        assert rows[12].intraday_sold == Power.of_mw(-2)
        assert rows[2].stored == Energy.of_mwh("4.75")
        assert rows[-1].stored == Energy.of_mwh("4.75") - Energy.of_mwh("4.5") / Fraction("0.95")

    def test_a_day_without_delivery_has_no_view(self) -> None:
        day = open_day()
        day.expect(point=[0.0] * 24, wind_kw=[0] * 24)
        day.clear()
        with pytest.raises(ValueError, match="metered"):
            view_day(day.state, history=level_days(1, 2), optimiser=HighsOptimiser())
