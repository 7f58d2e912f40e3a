"""The gas clock of each hub, and the British power clock."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from tests.domain.delivery.strategies import dates

from wattbook_domain.delivery import (
    GAS_MARKETS,
    DeliveryPeriod,
    GasMarket,
    Granularity,
    Season,
    UnknownZone,
    efa_block,
    efa_day,
    merge,
    settlement_period,
)

TTF, NBP = GAS_MARKETS["TTF"], GAS_MARKETS["NBP"]


@given(dates)
def test_gas_days_tile_the_gas_month(day: date) -> None:
    for market in GAS_MARKETS.values():
        month = market.month(day.year, day.month)
        days = month.split(Granularity.GAS_DAY)
        assert days[day.day - 1] == market.day(day)
        assert merge(days) == month


def test_a_gas_year_is_two_seasons_and_a_calendar_year_four_quarters() -> None:
    assert TTF.year(2026) == merge(
        [TTF.season(2026, Season.WINTER), TTF.season(2027, Season.SUMMER)]
    )
    assert TTF.calendar_year(2026) == merge([TTF.quarter(2026, number) for number in range(1, 5)])


def test_a_gas_weekend_ends_on_monday_morning() -> None:
    weekend = NBP.weekend(date(2026, 3, 28))
    assert weekend.label == "2026-W13 weekend from 05:00"
    assert weekend.hours == 47
    with pytest.raises(ValueError, match="no gas_weekend begins on Friday"):
        NBP.weekend(date(2026, 3, 27))


def test_the_balance_of_the_month_runs_to_its_last_gas_day() -> None:
    balance = TTF.balance_of_month(date(2026, 3, 20))
    assert merge([TTF.day(date(2026, 3, day)) for day in range(20, 32)]) == balance
    assert TTF.balance_of_month(date(2026, 3, 1)) == TTF.month(2026, 3)


def test_impossible_gas_clocks_are_refused() -> None:
    with pytest.raises(ValueError, match="start hour"):
        GasMarket("X", "Europe/Berlin", 0)
    with pytest.raises(UnknownZone):
        GasMarket("X", "Europe/Atlantis")
    with pytest.raises(ValueError, match="quarter"):
        TTF.quarter(2026, 0)


@given(dates)
def test_six_efa_blocks_are_one_efa_day(day: date) -> None:
    blocks = [efa_block(day, number) for number in range(1, 7)]
    assert merge(blocks) == efa_day(day)
    assert all(block.hours == 4 for block in blocks[1:])
    assert efa_day(day).local_start.hour == efa_day(day).local_end.hour == 23


@pytest.mark.parametrize(
    ("day", "first_block", "settlement_periods"),
    [(date(2026, 3, 29), 3, 46), (date(2026, 10, 25), 5, 50), (date(2026, 1, 1), 4, 48)],
)
def test_clocks_change_in_the_first_block(
    day: date, first_block: int, settlement_periods: int
) -> None:
    assert efa_block(day, 1).hours == first_block
    halves = [settlement_period(day, number) for number in range(1, settlement_periods + 1)]
    assert merge(halves) == DeliveryPeriod.day(day, "Europe/London")
    for number in (0, settlement_periods + 1):
        with pytest.raises(ValueError, match="has intervals"):
            settlement_period(day, number)


def test_there_is_no_seventh_block() -> None:
    for block in (0, 7):
        with pytest.raises(ValueError, match="EFA block"):
            efa_block(date(2026, 1, 1), block)
