"""Published hour counts: exchanges' contract hours, interconnection on-peak hours, gas days."""

from __future__ import annotations

from datetime import date

import pytest

from wattbook_domain.delivery import (
    GAS_MARKETS,
    GERMAN_POWER,
    NEM_QUEENSLAND,
    PJM,
    WECC,
    DeliveryPeriod,
    DeliveryProfile,
    DeliverySchedule,
    Granularity,
    MarketCalendar,
    merge,
)
from wattbook_domain.delivery.markets import JAPANESE_POWER, NEM_NEW_SOUTH_WALES
from wattbook_domain.quantities import Energy, Power

BERLIN = "Europe/Berlin"


def hours_of(label: str, calendar: MarketCalendar, profile: DeliveryProfile) -> int:
    period = DeliveryPeriod.parse(label, calendar.zone)
    hours = profile.hours(period, calendar)
    assert hours.denominator == 1
    return int(hours)


# EEX German power: base, peak (Monday to Friday 08:00 to 20:00, holidays included), off-peak.
GERMAN_HOURS = [
    ("Q1-2026", 2159, 768, 1391),
    ("Q2-2026", 2184, 780, 1404),
    ("Q3-2026", 2208, 792, 1416),
    ("Q4-2026", 2209, 792, 1417),
    ("Mar-2026", 743, 264, 479),
    ("Oct-2026", 745, 264, 481),
    ("Cal-2026", 8760, 3132, 5628),
    ("Cal-2028", 8784, 3120, 5664),
    ("2026-03-29", 23, 0, 23),
    ("2026-10-25", 25, 0, 25),
]


@pytest.mark.parametrize(("label", "base", "peak", "off_peak"), GERMAN_HOURS)
def test_german_power_hours(label: str, base: int, peak: int, off_peak: int) -> None:
    assert hours_of(label, GERMAN_POWER, DeliveryProfile.BASE) == base
    assert hours_of(label, GERMAN_POWER, DeliveryProfile.PEAK) == peak
    assert hours_of(label, GERMAN_POWER, DeliveryProfile.OFF_PEAK) == off_peak


def test_german_peak_load_per_month_lies_in_the_contract_range() -> None:
    # NYMEX German Power Peak: 240 to 276 MWh per month and MW.
    months = [DeliveryPeriod.month(year, m, BERLIN) for year in (2024, 2026) for m in range(1, 13)]
    hours = [DeliveryProfile.PEAK.hours(month, GERMAN_POWER) for month in months]
    assert min(hours) >= 240
    assert max(hours) <= 276


# PJM 5x16 less the NERC holidays; 4 July 2026 is a Saturday and stays there.
PJM_HOURS = [
    ("Cal-2025", 4080),
    ("Cal-2026", 4096),
    ("Jan-2026", 336),
    ("May-2026", 320),
    ("Jul-2026", 368),
    ("Sep-2026", 336),
    ("Nov-2026", 320),
    ("Dec-2026", 352),
]


@pytest.mark.parametrize(("label", "on_peak"), PJM_HOURS)
def test_pjm_on_peak_hours(label: str, on_peak: int) -> None:
    assert hours_of(label, PJM, DeliveryProfile.PEAK) == on_peak


def test_pjm_november_has_721_hours() -> None:
    assert hours_of("Nov-2026", PJM, DeliveryProfile.BASE) == 721


def test_wecc_on_peak_hours() -> None:
    assert hours_of("Cal-2026", WECC, DeliveryProfile.PEAK) == 4912


# CME Group, "Monthly Base-load and Peak-load Calendar, Japanese Power", contract units in MWh.
JAPANESE_PEAK = {
    2024: (228, 228, 240, 252, 252, 240, 264, 252, 228, 264, 240, 252),
    2025: (228, 216, 240),
}


@pytest.mark.parametrize("year", JAPANESE_PEAK)
def test_japanese_peak_hours(year: int) -> None:
    for month, hours in enumerate(JAPANESE_PEAK[year], start=1):
        period = DeliveryPeriod.month(year, month, JAPANESE_POWER.zone)
        assert DeliveryProfile.PEAK.hours(period, JAPANESE_POWER) == hours, period.label


def test_new_south_wales_peak_hours() -> None:
    # ASX notice 0812.18.07: 930 hours, Anzac Day 2021 being a Sunday that is not moved.
    assert hours_of("Q2-2021", NEM_NEW_SOUTH_WALES, DeliveryProfile.PEAK) == 930


def test_the_australian_market_never_shifts() -> None:
    for day in (date(2026, 3, 29), date(2026, 4, 5), date(2026, 10, 4), date(2026, 10, 25)):
        assert DeliveryPeriod.day(day, NEM_QUEENSLAND.zone).slots == 288


# IANA rules.
SHORT_AND_LONG_DAYS = [
    (BERLIN, date(2026, 3, 29), 23, 92),
    (BERLIN, date(2026, 10, 25), 25, 100),
    ("Europe/London", date(2026, 3, 29), 23, 92),
    ("Europe/London", date(2026, 10, 25), 25, 100),
    ("America/New_York", date(2026, 3, 8), 23, 92),
    ("America/New_York", date(2026, 11, 1), 25, 100),
    ("Australia/Brisbane", date(2026, 3, 29), 24, 96),
]


@pytest.mark.parametrize(("zone", "day", "hours", "quarter_hours"), SHORT_AND_LONG_DAYS)
def test_short_and_long_days(zone: str, day: date, hours: int, quarter_hours: int) -> None:
    period = DeliveryPeriod.day(day, zone)
    assert period.hours == hours
    assert len(period.split(Granularity.MINUTES_15)) == quarter_hours


@pytest.mark.parametrize(
    ("hub", "day", "hours"),
    [
        ("THE", date(2026, 3, 28), 23),
        ("THE", date(2026, 10, 24), 25),
        ("TTF", date(2026, 3, 28), 23),
        ("TTF", date(2026, 10, 24), 25),
        ("NBP", date(2026, 3, 28), 23),
        ("NBP", date(2026, 10, 24), 25),
        ("TTF", date(2026, 3, 29), 24),
        ("HENRY-HUB", date(2026, 3, 7), 23),
        ("HENRY-HUB", date(2026, 10, 31), 25),
    ],
)
def test_gas_days_around_the_clock_change(hub: str, day: date, hours: int) -> None:
    # A gas day from 06:00 holds the night of the change when it begins on the Saturday.
    assert GAS_MARKETS[hub].day(day).hours == hours


def test_continental_and_british_gas_days_are_the_same_hours() -> None:
    # Regulation (EU) 984/2013: 05:00 UTC in winter, 04:00 in summer.
    for day in (date(2026, 1, 15), date(2026, 3, 28), date(2026, 7, 1), date(2026, 10, 24)):
        ttf, nbp = GAS_MARKETS["TTF"].day(day), GAS_MARKETS["NBP"].day(day)
        assert ttf == nbp.in_zone(ttf.zone)


def test_ten_megawatts_of_base_in_march() -> None:
    march = DeliveryPeriod.month(2026, 3, BERLIN)
    schedule = DeliverySchedule.of_profile(
        DeliveryProfile.BASE, march, GERMAN_POWER, Power.of_mw(10)
    )
    assert schedule.energy() == Energy.of_mwh(7430)


def test_an_hour_is_four_quarters_after_the_change_of_the_day_ahead_market() -> None:
    # First delivery day of the 15-minute market time unit.
    day = DeliveryPeriod.day(date(2025, 10, 1), BERLIN)
    quarters = day.split(Granularity.MINUTES_15)
    hours = day.split(Granularity.HOUR)
    assert [merge(quarters[4 * i : 4 * i + 4]) for i in range(len(hours))] == list(hours)
