"""After delivery: what was sold against what was metered, what ran, and what the day came to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.application.days import (
    AUTUMN,
    BATTERY,
    DAYAHEAD,
    ENERGEX,
    LIMITS,
    POWERX,
    SPRING,
    WIND,
    WINTER,
    Day,
    a_setup,
    eve,
    kinds,
    open_day,
)
from tests.application.scripted_venue import ScriptedVenue

from wattbook_application.facts import ReportReceived
from wattbook_application.post_trade.curtail import run_or_curtail
from wattbook_application.post_trade.explain_pnl import DayResult, explain_day, planned_kw
from wattbook_application.post_trade.settle import (
    imbalance_price,
    run_battery,
    settle_wind,
    sold_kw,
)
from wattbook_domain.foundation.identifiers import VenueId
from wattbook_domain.orders.commands import NewOrder, OrderOwner
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.money import Currency, Money
from wattbook_domain.quantities.price import Price

EUR = Currency.EUR


def euros(amount: str | int | Fraction) -> Money:
    return Money.of(amount, EUR)


class Book:
    """A day with venues that fill whatever they are sent: bids at the auction, the rest at once."""

    def __init__(self, day: Day) -> None:
        self.day, self.venue = day, ScriptedVenue()
        self.bids: list[tuple[NewOrder, int]] = []

    def bid(self, index: int, side: Side, lots: int, *, owner: OrderOwner = WIND) -> None:
        """Bid at the price limit, to be filled when the auction clears."""
        self.day.at = max(self.day.later(), eve(self.day.setup.delivery_date, 11, 30))
        ticks = 299_999 if side is Side.BUY else -49_999
        order = self._sent(self.day.order(index, side, lots, ticks, venue=DAYAHEAD, owner=owner))
        self.bids.append((order, index))

    def clear(self, prices: Sequence[int]) -> None:
        """Clear the auction: every bid trades at the price of its hour."""
        self.day.clear(prices)
        for order, index in self.bids:
            fill = self.venue.fill(order.client_order_id, order.quantity_lots, prices[index])
            self.day.post(ReportReceived(fill))

    def trade(
        self,
        index: int,
        side: Side,
        lots: int,
        ticks: int,
        *,
        venue: VenueId = POWERX,
        owner: OrderOwner = WIND,
        is_aggressor: bool = True,
    ) -> None:
        """Trade on a continuous venue, at once and in whole."""
        self.day.at = max(self.day.later(), eve(self.day.setup.delivery_date, 18))
        order = self._sent(self.day.order(index, side, lots, ticks, venue=venue, owner=owner))
        fill = self.venue.fill(order.client_order_id, lots, ticks, is_aggressor=is_aggressor)
        self.day.post(ReportReceived(fill))

    def _sent(self, order: NewOrder) -> NewOrder:
        assert kinds(self.day.decide(order)) == ["SendOrder"], self.day.state.refusals
        self.day.post(ReportReceived(self.venue.accept(order)))
        return order


def new_day(day: date = WINTER) -> Day:
    """A day that opens in the morning of the eve, with room for every trade of a story."""
    limits = attrs.evolve(LIMITS, loss_max=Decimal(10_000_000))
    opened = open_day(a_setup(day, limits=limits))
    opened.at = eve(day, 11)
    return opened


@pytest.fixture
def book() -> Book:
    return Book(new_day())


def flat(day: Day, value: int = 0) -> list[int]:
    return [value] * len(day.market.intervals)


class TestSettlement:
    def test_unmetered_intervals_stay_open(self, book: Book) -> None:
        book.day.clear()
        statement = settle_wind(book.day.state)
        assert statement.lines == ()
        assert [p.period for p in statement.open_periods] == list(book.day.market.intervals)

    def test_long_is_paid_less_and_short_pays_more(self, book: Book) -> None:
        book.bid(10, Side.SELL, 100)
        book.bid(11, Side.SELL, 100)
        book.clear(flat(book.day, 4_500))
        metered = flat(book.day)
        metered[10], metered[11] = 12_000, 7_000  # 2 MWh over, 3 MWh under
        book.day.meter(metered)
        lines = {line.period: line for line in settle_wind(book.day.state).lines}
        long, short = (lines[book.day.market.intervals[i]] for i in (10, 11))
        assert (long.volume, long.cash) == (Energy.of_mwh(2), euros(2 * (45 - 25)))
        assert (short.volume, short.cash) == (Energy.of_mwh(-3), euros(-3 * (45 + 25)))

    def test_at_a_negative_price_being_long_costs_and_being_short_pays(self, book: Book) -> None:
        book.bid(10, Side.SELL, 100)
        book.clear(flat(book.day, -5_000))
        metered = flat(book.day)
        metered[9], metered[10] = 1_000, 9_000
        book.day.meter(metered)
        lines = {line.period: line for line in settle_wind(book.day.state).lines}
        assert lines[book.day.market.intervals[9]].cash == euros(-50 - 25)
        assert lines[book.day.market.intervals[10]].cash == euros(50 - 25)

    def test_the_imbalance_price_is_the_day_ahead_price_and_the_penalty(self, book: Book) -> None:
        book.day.clear(-1)
        price = imbalance_price(book.day.state, 3)
        assert price.long == Price.of("-25.01", EUR)
        assert price.short == Price.of("24.99", EUR)

    def test_what_is_sold_counts_both_markets_and_one_ledger(self, book: Book) -> None:
        book.bid(10, Side.SELL, 100)
        book.bid(10, Side.BUY, 7, owner=BATTERY)
        book.clear(flat(book.day, 4_500))
        book.trade(10, Side.BUY, 30, 4_400)
        wind, battery = (sold_kw(book.day.state, owner.ledger_id)[10] for owner in (WIND, BATTERY))
        assert (wind, battery) == (7_000, -700)

    def test_before_the_auction_nothing_has_a_price(self, book: Book) -> None:
        with pytest.raises(ValueError, match="not cleared yet"):
            settle_wind(book.day.state)


POWERS_KW = st.lists(
    st.tuples(st.integers(0, 60_000), st.integers(-60_000, 60_000), st.integers(-20_000, 20_000)),
    min_size=1,
    max_size=25,
)


class TestCurtailment:
    @given(POWERS_KW, st.integers(-5_000, 5_000))
    def test_what_is_sold_runs_and_the_rest_runs_where_it_pays(
        self, rows: list[tuple[int, int, int]], floor_cents: int
    ) -> None:
        available, sold, cents = zip(*rows, strict=True)
        floor = Price.of(Fraction(floor_cents, 100), EUR)
        prices = [Price.of(Fraction(c, 100), EUR) for c in cents]
        produced, curtailed = run_or_curtail(available, sold, prices, floor)
        for ran, lost, wind, owed, price in zip(
            produced, curtailed, available, sold, prices, strict=True
        ):
            assert ran + lost == wind
            assert ran >= 0
            assert lost >= 0
            assert ran >= min(wind, owed)
            assert (lost == 0) if price >= floor else (ran == min(wind, max(owed, 0)))

    def test_a_day_of_one_length_is_not_run_against_another(self) -> None:
        with pytest.raises(ValueError):
            run_or_curtail([1, 2], [1], [Price.of(1, EUR)], Price.of(0, EUR))


class TestPlanned:
    def test_wind_is_planned_in_whole_lots_where_the_floor_is_met(self, book: Book) -> None:
        # 12 345 kW are 123 lots of 100 kW; below the floor of zero the farm would not run.
        point = [-0.01 if i == 4 else 0.0 for i in range(len(book.day.market.intervals))]
        book.day.expect(
            point=point,
            wind_kw=flat(book.day, 12_345),
            charge_lots=[100 if i == 3 else 0 for i in range(len(point))],
            discharge_lots=[90 if i == 4 else 0 for i in range(len(point))],
        )
        planned = planned_kw(book.day.state)
        assert planned[2:6] == (12_300, 12_300 - 10_000, 9_000, 12_300)

    def test_the_first_expectation_is_the_plan_and_later_ones_are_not(self, book: Book) -> None:
        book.day.expect(point=[1.0] * 24, wind_kw=flat(book.day, 1_000))
        known = planned_kw(book.day.state)
        book.day.expect(point=[1.0] * 24, wind_kw=flat(book.day, 9_000))
        assert planned_kw(book.day.state) == known


class TestExplain:
    def test_an_hour_by_hand(self, book: Book) -> None:
        """Sold 10 MW at 45 where 40 was forecast, bought 2 back at 47, delivered 9."""
        point = [0.0] * 24
        point[10] = 40.0
        book.day.expect(point=point, wind_kw=[10_000 if i == 10 else 0 for i in range(24)])
        book.bid(10, Side.SELL, 100)
        prices = flat(book.day)
        prices[10] = 4_500
        book.clear(prices)
        book.trade(10, Side.BUY, 20, 4_700)
        book.day.meter([9_000 if i == 10 else 0 for i in range(24)])
        parts = dict(explain_day(book.day.state).parts)
        assert parts == {
            "planned": euros(400),  # 10 MWh at 40
            "price": euros(50),  # 5 more for each
            "volume": euros(-45),  # one MWh less than planned came, at 45
            "execution": euros(-4),  # two MWh bought back for 2 more than 45
            "imbalance": euros(-25),  # one MWh spilled long, at 25 less
            "fees": -euros(Fraction("0.4") + Fraction("0.18")),
            "wear": euros(0),
            "fx": euros(0),
        }
        assert explain_day(book.day.state).wind == euros(450 - 94 + 20) - euros("0.58")

    def test_wear_is_charged_for_what_is_discharged(self, book: Book) -> None:
        # 10 MWh bought, of which 9.5 arrive; of the 5 MWh sold all can be delivered.
        book.day.expect(point=[0.0] * 24, wind_kw=flat(book.day))
        book.bid(3, Side.BUY, 100, owner=BATTERY)
        book.bid(10, Side.SELL, 50, owner=BATTERY)
        book.clear(flat(book.day))
        book.day.meter(flat(book.day))
        result = explain_day(book.day.state)
        fees = euros("0.6")  # 15 MWh at 0.04
        assert dict(result.parts)["wear"] == euros(-15)  # 5 MWh at 3 EUR
        assert result.battery == euros(-15) - fees

    def test_what_the_battery_sold_and_does_not_hold_is_bought_as_imbalance(
        self, book: Book
    ) -> None:
        book.day.expect(point=[0.0] * 24, wind_kw=flat(book.day))
        book.bid(10, Side.SELL, 50, owner=BATTERY)
        book.clear(flat(book.day, 4_500))
        book.day.meter(flat(book.day))
        parts = dict(explain_day(book.day.state).parts)
        assert parts["volume"] == euros(0)  # neither planned nor delivered
        assert parts["imbalance"] == euros(-5 * 25)
        assert parts["wear"] == euros(0)

    def test_a_day_that_is_not_metered_is_not_explained(self, book: Book) -> None:
        book.day.expect(point=[0.0] * 24, wind_kw=flat(book.day))
        book.day.clear(0)
        with pytest.raises(ValueError, match="24 intervals from 2017-01-24 00:00"):
            explain_day(book.day.state)

    def test_without_forecast_and_plan_there_is_nothing_to_explain_from(self, book: Book) -> None:
        book.day.clear(0)
        book.day.meter(flat(book.day))
        with pytest.raises(ValueError, match="forecast, plan and expected wind"):
            explain_day(book.day.state)


OWNERS = st.sampled_from([WIND, BATTERY])
HOURS = st.integers(0, 22)
LOTS = st.integers(1, 40)
BIDS = st.lists(st.tuples(HOURS, st.sampled_from(Side), LOTS, OWNERS), max_size=6)
TRADES = st.lists(
    st.tuples(
        HOURS,
        st.sampled_from(Side),
        LOTS,
        st.integers(-30, 30),
        st.sampled_from([POWERX, ENERGEX]),
        OWNERS,
        st.booleans(),
    ),
    max_size=6,
)


@pytest.mark.parametrize(("date", "hours"), [(SPRING, 23), (WINTER, 24), (AUTUMN, 25)])
@settings(max_examples=25)
@given(data=st.data(), bids=BIDS, trades=TRADES)
def test_any_day_is_explained_to_the_last_fraction(
    date: date, hours: int, data: st.DataObject, bids: Any, trades: Any
) -> None:
    def column(values: st.SearchStrategy[Any]) -> list[Any]:
        return data.draw(st.lists(values, min_size=hours, max_size=hours))

    book = Book(new_day(date))
    day, wind = book.day, st.integers(0, 50_000)
    prices = column(st.integers(-9_000, 15_000))
    day.expect(
        point=column(st.floats(-200, 300)),
        wind_kw=column(wind),
        charge_lots=column(st.integers(0, 100)),
        discharge_lots=column(st.integers(0, 100)),
    )
    for index, side, lots, owner in bids:
        book.bid(index, side, lots, owner=owner)
    book.clear(prices)
    for index, side, lots, off, venue, owner, is_aggressor in trades:
        ticks = prices[index] + off
        book.trade(index, side, lots, ticks, venue=venue, owner=owner, is_aggressor=is_aggressor)
    day.meter(column(wind), column(wind))

    assert len(day.market.intervals) == hours
    result = explain_day(day.state)
    assert result.unexplained == euros(0)
    assert _cash_recounted(day) == result.total


def _cash_recounted(day: Day) -> Money:
    """Money of the day from single fills and from what was delivered, without the ledgers."""
    total = Money.zero(EUR)
    for fill in day.state.fills:
        instrument = day.market.instruments[fill.instrument_id]
        total -= instrument.notional(fill.ticks, fill.signed_lots) + fill.fee
    assert day.state.metered is not None
    done = run_battery(day.state)
    delivered = {WIND.ledger_id: day.state.metered.power_kw, BATTERY.ledger_id: done.net_kw}
    for ledger_id, powers in delivered.items():
        for index, (power, sold) in enumerate(
            zip(powers, sold_kw(day.state, ledger_id), strict=True)
        ):
            price = imbalance_price(day.state, index)
            over_mwh = Fraction(power - sold, 1_000)  # an interval is an hour long
            total += euros((price.long if over_mwh >= 0 else price.short).amount * over_mwh)
    return total - euros(3 * done.discharged.mwh)


def test_a_result_says_what_is_left_unexplained() -> None:
    result = DayResult(battery=euros(3), wind=euros(4), parts=(("planned", euros(5)),))
    assert (result.total, result.unexplained) == (euros(7), euros(2))
