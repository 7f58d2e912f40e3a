"""Labels and keys: unambiguous, and read back to the same period."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from tests.domain.delivery.strategies import (
    BERLIN,
    DAYS,
    LONDON,
    NEW_YORK,
    calendar_periods,
    clocks,
    dates,
    periods,
    zones,
)

from wattbook_domain.delivery import (
    AmbiguousLocalTime,
    DeliveryPeriod,
    Granularity,
    NonExistentLocalTime,
    Season,
    merge,
)
from wattbook_domain.delivery.labels import _FROM_GAS, _NAMERS
from wattbook_domain.delivery.zones import SLOT_NS, clock_changes, local_instant
from wattbook_domain.foundation.identifiers import require_identifier
from wattbook_domain.foundation.instants import UtcNs

GOLDEN = [
    (DeliveryPeriod.year(2026, BERLIN), "Cal-2026", Granularity.YEAR),
    (DeliveryPeriod.quarter(2026, 1, BERLIN), "Q1-2026", Granularity.QUARTER),
    (DeliveryPeriod.quarter(2026, 4, BERLIN), "Q4-2026", Granularity.QUARTER),
    (DeliveryPeriod.month(2026, 3, BERLIN), "Mar-2026", Granularity.MONTH),
    (DeliveryPeriod.season(2026, Season.WINTER, BERLIN), "Win-2026", Granularity.SEASON),
    (DeliveryPeriod.season(2026, Season.SUMMER, BERLIN), "Sum-2026", Granularity.SEASON),
    (DeliveryPeriod.week(date(2026, 12, 31), BERLIN), "2026-W53", Granularity.WEEK),
    (DeliveryPeriod.weekend(date(2026, 1, 2), BERLIN), "2026-W01 weekend", Granularity.WEEKEND),
    (DeliveryPeriod.day(date(2026, 3, 29), BERLIN), "2026-03-29", Granularity.DAY),
    (
        DeliveryPeriod.hour(date(2017, 10, 29), 2, BERLIN),
        "2017-10-29 02:00 CEST",
        Granularity.HOUR,
    ),
    (DeliveryPeriod.hour(date(2017, 10, 29), 3, BERLIN), "2017-10-29 02:00 CET", Granularity.HOUR),
    (DeliveryPeriod.hour(date(2017, 3, 26), 2, BERLIN), "2017-03-26 03:00 CEST", Granularity.HOUR),
    (DeliveryPeriod.hour(date(2026, 11, 1), 2, NEW_YORK), "2026-11-01 01:00 EST", Granularity.HOUR),
    (
        DeliveryPeriod.interval(date(2026, 10, 25), 3, Granularity.MINUTES_30, LONDON),
        "2026-10-25 01:30 BST +30min",
        Granularity.MINUTES_30,
    ),
    (
        DeliveryPeriod.gas_day(date(2026, 3, 28), BERLIN),
        "2026-03-28 from 06:00",
        Granularity.GAS_DAY,
    ),
    (
        DeliveryPeriod.gas_month(2026, 3, LONDON, start_hour=5),
        "Mar-2026 from 05:00",
        Granularity.GAS_MONTH,
    ),
    (DeliveryPeriod.gas_year(2026, BERLIN), "GY-2026 from 06:00", Granularity.GAS_YEAR),
    (
        DeliveryPeriod.beginning(
            date(2026, 1, 1), Granularity.GAS_CALENDAR_YEAR, BERLIN, start_hour=6
        ),
        "Cal-2026 from 06:00",
        Granularity.GAS_CALENDAR_YEAR,
    ),
    (
        DeliveryPeriod.parse("20260105T0700Z/20260105T1900Z/Europe/Berlin"),
        "2026-01-05 08:00 CET to 2026-01-05 20:00 CET",
        Granularity.BLOCK,
    ),
    (
        DeliveryPeriod.parse("20260105T0730Z/20260105T0830Z/Europe/Berlin"),
        "2026-01-05 08:30 CET to 2026-01-05 09:30 CET",
        Granularity.BLOCK,
    ),
    (
        # A day's length that begins on the second 02:30 is no gas day: the day began at the first.
        DeliveryPeriod.parse("20261025T0130Z/20261026T0130Z/Europe/Berlin"),
        "2026-10-25 02:30 CET to 2026-10-26 02:30 CET",
        Granularity.BLOCK,
    ),
]


@pytest.mark.parametrize(("period", "label", "granularity"), GOLDEN)
def test_labels_as_traders_write_them(
    period: DeliveryPeriod, label: str, granularity: Granularity
) -> None:
    assert period.label == label
    assert period.granularity is granularity
    assert DeliveryPeriod.parse(label, period.zone) == period
    assert label in repr(period)


@given(calendar_periods())
def test_named_periods_read_back(period: DeliveryPeriod) -> None:
    assert DeliveryPeriod.parse(period.label, period.zone) == period
    assert period.granularity.has_dates


@given(periods())
def test_any_period_reads_back(period: DeliveryPeriod) -> None:
    assert DeliveryPeriod.parse(period.label, period.zone) == period
    assert DeliveryPeriod.parse(period.key) == period
    assert require_identifier("key", period.key) == period.key


@pytest.mark.parametrize(("zone", "day", "hours"), DAYS)
@given(clock=clocks)
@settings(max_examples=3)
def test_every_interval_of_a_day_has_its_own_label(
    zone: str, day: date, hours: int, clock: Granularity
) -> None:
    pieces = DeliveryPeriod.day(day, zone).split(clock)
    assert len({piece.label for piece in pieces}) == len(pieces)
    assert [DeliveryPeriod.parse(piece.label, zone) for piece in pieces] == list(pieces)
    assert all(piece.granularity is clock for piece in pieces)


@given(dates, zones)
def test_the_key_sorts_as_time(day: date, zone: str) -> None:
    hours = DeliveryPeriod.day(day, zone).split(Granularity.HOUR)
    keys = [hour.key for hour in hours]
    assert keys == sorted(keys)


def test_no_label_is_read_into_a_time_that_does_not_exist() -> None:
    with pytest.raises(NonExistentLocalTime, match="jump over"):
        DeliveryPeriod.parse("2026-03-29 02:30 CET +15min", BERLIN)
    with pytest.raises(NonExistentLocalTime, match="is CEST, found the mark 'CET'"):
        DeliveryPeriod.parse("2026-07-01 08:00 CET", BERLIN)
    with pytest.raises(NonExistentLocalTime, match="CEST or CET"):
        DeliveryPeriod.parse("2026-10-25 02:00 UTC", BERLIN)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Cal-26",
        "Q5-2026",
        "2026-13-01",
        "2026-W54",
        "Foo-2026",
        "2026-03-29 08:00",
        "Cal-2026/x",
    ],
)
def test_what_is_no_label_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        DeliveryPeriod.parse(text, BERLIN)


@pytest.mark.parametrize(
    "text", ["", "Cal-2026", "20260101T0000Z/20260102T0000Z", "a/b/Europe/Berlin"]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="delivery key looks like"):
        DeliveryPeriod.parse(text)


def test_every_granularity_of_whole_dates_has_a_name() -> None:
    named = set(_NAMERS) | set(_FROM_GAS) | {Granularity.GAS_YEAR}
    assert named == {granularity for granularity in Granularity if granularity.has_dates}


@pytest.mark.slow
def test_intervals_around_every_clock_change_of_every_zone_read_back() -> None:
    first, last = (DeliveryPeriod.year(year, "UTC").start for year in (2015, 2021))
    seen = 0
    for zone in sorted(available_timezones()):
        for change in clock_changes(first, last, zone):
            if change.at % SLOT_NS:
                assert zone == "Antarctica/Casey"  # the one base that changes at 00:01
                continue
            seen += 1
            around = DeliveryPeriod(
                UtcNs(change.at - 12 * SLOT_NS), UtcNs(change.at + 12 * SLOT_NS), zone
            )
            labels = [piece.label for piece in around.split(Granularity.MINUTES_15)]
            assert len(set(labels)) == len(labels), zone
            again = [DeliveryPeriod.parse(label, zone) for label in labels]
            assert merge(again) == around, zone
    assert seen > 1_500


def test_a_clock_put_back_under_one_name_is_told_apart_by_its_offset() -> None:
    # Pyongyang went from +09:00 to +08:30 on 15 August 2015 and called both KST.
    evening = DeliveryPeriod.day(date(2015, 8, 14), "Asia/Pyongyang")
    assert evening.hours == Fraction(49, 2)
    labels = [piece.label for piece in evening.split(Granularity.MINUTES_30)[-2:]]
    assert labels == ["2015-08-14 23:30 +0900 +30min", "2015-08-14 23:30 +0830 +30min"]


def test_a_doubled_time_without_its_mark_is_ambiguous() -> None:
    with pytest.raises(AmbiguousLocalTime, match="twice"):
        local_instant(datetime(2026, 10, 25, 2), BERLIN)  # noqa: DTZ001
