"""Split, merge and cascade conserve megawatt-hours and money in every zone, on every day.

Berlin, London, New York and Brisbane; days of 23, 24 and 25 hours; 15, 30 and 60 minutes.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.delivery.strategies import (
    CLOCKS,
    DAYS,
    ZONES,
    calendar_periods,
    clocks,
    dates,
    powers,
    prices,
    schedules,
    zones,
)

from wattbook_domain.delivery import (
    NEXT_RUNG,
    DeliveryPeriod,
    DeliverySchedule,
    Granularity,
    cascade,
    cascade_at_expiry,
    merge,
)
from wattbook_domain.quantities import Energy, Money, Power, Price

every_day = pytest.mark.parametrize(("zone", "day", "hours"), DAYS)
every_clock = pytest.mark.parametrize("clock", CLOCKS, ids=[clock.value for clock in CLOCKS])
every_zone = pytest.mark.parametrize("zone", ZONES)

CASCADING = [g for g in Granularity if g in NEXT_RUNG and g.has_dates]


def total_energy(pieces: tuple[DeliveryPeriod, ...], power: Power) -> Energy:
    return sum((power.over(piece) for piece in pieces), start=Energy.zero())


def total_money(pieces: tuple[DeliveryPeriod, ...], power: Power, price: Price) -> Money:
    return sum((price * power.over(p) for p in pieces), start=Money.zero(price.currency))


@every_day
@every_clock
@given(power=powers, price=prices)
@settings(max_examples=20)
def test_a_day_split_keeps_its_energy_and_money(
    zone: str, day: date, hours: int, clock: Granularity, power: Power, price: Price
) -> None:
    whole = DeliveryPeriod.day(day, zone)
    pieces = whole.split(clock)
    assert whole.hours == hours
    assert len(pieces) == hours * 60 // (clock.minutes or 0)
    assert sum(piece.slots for piece in pieces) == whole.slots
    assert total_energy(pieces, power) == power.over(whole) == Energy.of_mwh(power.mw * hours)
    assert total_money(pieces, power, price) == price * power.over(whole)
    assert merge(pieces) == whole


@every_day
@every_clock
@given(shape=st.lists(powers, min_size=1, max_size=7), quotes=st.lists(prices, min_size=1))
@settings(max_examples=5)
def test_a_shaped_day_keeps_its_energy_and_money(
    zone: str,
    day: date,
    hours: int,
    clock: Granularity,
    shape: list[Power],
    quotes: list[Price],
) -> None:
    whole = DeliveryPeriod.day(day, zone)
    schedule = DeliverySchedule.of(zip(whole.split(clock), cycle(shape), strict=False))
    hourly = dict(zip(whole.split(Granularity.HOUR), cycle(quotes), strict=False))
    fine = schedule.split(Granularity.MINUTES_5)
    assert fine.energy() == schedule.energy()
    assert fine.value(hourly) == schedule.value(hourly)
    assert fine.merge() == schedule.merge()
    coarse = schedule.averaged(Granularity.HOUR)
    assert len(coarse.entries) == hours
    assert coarse.energy() == schedule.energy()
    # Hourly prices are constant over each average, so the average costs the same to the last cent.
    assert coarse.value(hourly) == schedule.value(hourly)
    assert schedule.averaged(Granularity.DAY).energy() == schedule.energy()


@given(calendar_periods(), clocks, powers, prices)
@settings(max_examples=12)
def test_any_named_period_split_by_the_clock_keeps_both(
    period: DeliveryPeriod, clock: Granularity, power: Power, price: Price
) -> None:
    pieces = period.split(clock)
    assert sum(piece.minutes for piece in pieces) == period.minutes
    assert power * Fraction(sum(p.slots for p in pieces), 12) == power * period.hours
    assert merge(pieces) == period
    assert price * total_energy(pieces[:100], power) == total_money(pieces[:100], power, price)


@every_zone
@given(day=dates, power=powers, price=prices, granularity=st.sampled_from(CASCADING))
@settings(max_examples=25)
def test_every_cascade_keeps_volume_and_money(
    zone: str, day: date, power: Power, price: Price, granularity: Granularity
) -> None:
    while not granularity.begins_on(day):
        day = date.fromordinal(day.toordinal() + 1)
    start_hour = 6 if granularity.is_gas else 0
    period = DeliveryPeriod.beginning(day, granularity, zone, start_hour=start_hour)
    pieces = cascade(period)
    assert total_energy(pieces, power) == power.over(period)
    assert total_money(pieces, power, price) == price * power.over(period)
    assert merge(pieces) == period
    assert pieces == period.split(NEXT_RUNG[granularity])


@every_zone
@given(year=st.integers(2015, 2035), power=powers, price=prices)
@settings(max_examples=10)
def test_the_exchange_cascade_leaves_profit_unchanged(
    zone: str, year: int, power: Power, price: Price
) -> None:
    for period in (DeliveryPeriod.year(year, zone), DeliveryPeriod.gas_year(year, zone)):
        pieces = cascade_at_expiry(period)
        assert len(pieces) == 6
        assert total_energy(pieces, power) == power.over(period)
        assert total_money(pieces, power, price) == price * power.over(period)
        assert merge(pieces) == period


@every_zone
@pytest.mark.parametrize("year", [2017, 2028])
def test_a_year_goes_down_every_rung_to_quarter_hours(zone: str, year: int) -> None:
    cal = DeliveryPeriod.year(year, zone)
    for rung in (Granularity.MONTH, Granularity.DAY, Granularity.MINUTES_15):
        pieces = cascade(cal, rung)
        assert pieces == cal.split(rung)
        assert sum(piece.minutes for piece in pieces) == cal.minutes
        assert merge(pieces) == cal


@settings(max_examples=40)
@given(schedules(), schedules(), st.fractions(max_denominator=50))
def test_schedule_arithmetic_conserves_energy(
    a: DeliverySchedule, b: DeliverySchedule, k: Fraction
) -> None:
    assert (a + b).energy() == a.energy() + b.energy()
    assert (a - b).energy() == a.energy() - b.energy()
    assert (k * a).energy() == a.energy() * k
    assert a.merge().energy() == a.energy()


@settings(max_examples=40)
@given(schedules(), schedules(), prices)
def test_schedule_arithmetic_conserves_money(
    a: DeliverySchedule, b: DeliverySchedule, price: Price
) -> None:
    assert (a + b).value(price) == a.value(price) + b.value(price)
    assert (-a).value(price) == -(a.value(price))


@given(zones, st.integers(2015, 2035), st.integers(1, 12))
@settings(max_examples=40)
def test_integer_value_units_survive_the_split(zone: str, year: int, month: int) -> None:
    # Hot-path money: ticks x lots x slots. Slots are additive, so value units are.
    period = DeliveryPeriod.month(year, month, zone)
    ticks, lots = -4537, 17
    for rung in (Granularity.DAY, Granularity.HOUR):
        pieces = period.split(rung)
        assert sum(ticks * lots * piece.slots for piece in pieces) == ticks * lots * period.slots
