"""Delivery periods: what may be built, what is refused, and their algebra."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.delivery.strategies import (
    BERLIN,
    BRISBANE,
    LONDON,
    NEW_YORK,
    calendar_periods,
    clocks,
    dates,
    near_periods,
    periods,
    zones,
)

from wattbook_domain.delivery import (
    SLOT_NS,
    DeliveryPeriod,
    Granularity,
    NonExistentLocalTime,
    Season,
    UnknownZone,
    merge,
)
from wattbook_domain.foundation.bounds import DELIVERY_SLOTS_MAX
from wattbook_domain.foundation.canonical import from_plain, to_plain
from wattbook_domain.foundation.instants import UtcNs, from_datetime
from wattbook_domain.quantities import Energy, Power

JANUARY = datetime(2026, 1, 1, tzinfo=UTC)
START = from_datetime(JANUARY)


# What is refused.


@pytest.mark.parametrize(
    ("start", "end", "zone", "fault", "message"),
    [
        (START + 1, START + SLOT_NS, BERLIN, ValueError, "slots of 5 minutes"),
        (START, START + SLOT_NS - 1, BERLIN, ValueError, "slots of 5 minutes"),
        (START, START, BERLIN, ValueError, "must end after it starts"),
        (START + SLOT_NS, START, BERLIN, ValueError, "must end after it starts"),
        (START, START + (DELIVERY_SLOTS_MAX + 1) * SLOT_NS, BERLIN, ValueError, "delivery slots"),
        (-SLOT_NS, START, BERLIN, ValueError, "instant"),
        (float(START), START + SLOT_NS, BERLIN, TypeError, "integer"),
        (START, START + SLOT_NS, "Europe/Atlantis", UnknownZone, "IANA key"),
        (START, START + SLOT_NS, "", UnknownZone, "IANA key"),
        (START, START + SLOT_NS, "Europe", UnknownZone, "IANA key"),
        (START, START + SLOT_NS, "../etc/passwd", UnknownZone, "IANA key"),
        (START, START + SLOT_NS, None, UnknownZone, "IANA key"),
    ],
)
def test_what_is_no_delivery_is_refused(
    start: Any, end: Any, zone: Any, fault: type[Exception], message: str
) -> None:
    with pytest.raises(fault, match=message):
        DeliveryPeriod(start, end, zone)


def test_naive_datetimes_are_refused() -> None:
    naive = datetime(2026, 1, 1, 8)  # noqa: DTZ001
    for start, end, zone in (
        (naive, JANUARY, BERLIN),
        (JANUARY, naive, BERLIN),
        (naive, naive, None),
    ):
        with pytest.raises(ValueError, match="naive datetime"):
            DeliveryPeriod.of(start, end, zone)


def test_a_wall_time_that_the_clock_skips_is_refused_by_name() -> None:
    berlin = ZoneInfo(BERLIN)
    skipped = datetime(2026, 3, 29, 2, 30, tzinfo=berlin)
    for start, end in (
        (skipped, datetime(2026, 3, 29, 5, tzinfo=berlin)),
        (datetime(2026, 3, 29, 1, tzinfo=berlin), skipped),
    ):
        with pytest.raises(NonExistentLocalTime, match="never show 2026-03-29 02:30"):
            DeliveryPeriod.of(start, end)


def test_an_offset_is_no_zone() -> None:
    fixed = timezone(timedelta(hours=1))
    start, end = datetime(2026, 1, 1, tzinfo=fixed), datetime(2026, 1, 2, tzinfo=fixed)
    with pytest.raises(ValueError, match="no IANA zone"):
        DeliveryPeriod.of(start, end)
    assert DeliveryPeriod.of(start, end, BERLIN) == DeliveryPeriod.day(date(2026, 1, 1), BERLIN)


def test_a_doubled_wall_time_is_told_apart_by_its_fold() -> None:
    berlin = ZoneInfo(BERLIN)
    first = datetime(2026, 10, 25, 2, tzinfo=berlin, fold=0)
    second = first.replace(fold=1)
    assert DeliveryPeriod.of(first, second) == DeliveryPeriod.hour(date(2026, 10, 25), 2, BERLIN)
    with pytest.raises(ValueError, match="end after it starts"):
        DeliveryPeriod.of(second, first)


@pytest.mark.parametrize(
    ("day", "zone", "last"),
    [
        (date(2026, 3, 29), BERLIN, 22),
        (date(2026, 10, 25), BERLIN, 24),
        (date(2026, 1, 1), BERLIN, 23),
        (date(2026, 10, 25), BRISBANE, 23),
    ],
)
def test_hours_are_counted_as_they_happen(day: date, zone: str, last: int) -> None:
    hours = [DeliveryPeriod.hour(day, index, zone) for index in range(last + 1)]
    assert merge(hours) == DeliveryPeriod.day(day, zone)
    for index in (-1, last + 1):
        with pytest.raises(ValueError, match=f"intervals 0 to {last} of hour"):
            DeliveryPeriod.hour(day, index, zone)


def test_calendar_misuse_is_refused() -> None:
    with pytest.raises(ValueError, match="no week begins on Thursday"):
        DeliveryPeriod.beginning(date(2026, 1, 1), Granularity.WEEK, BERLIN)
    with pytest.raises(ValueError, match="no hour begins"):
        DeliveryPeriod.beginning(date(2026, 1, 1), Granularity.HOUR, BERLIN)
    with pytest.raises(ValueError, match="after midnight"):
        DeliveryPeriod.gas_day(date(2026, 1, 1), BERLIN, start_hour=0)
    with pytest.raises(ValueError, match="at midnight"):
        DeliveryPeriod.beginning(date(2026, 1, 1), Granularity.DAY, BERLIN, start_hour=6)
    with pytest.raises(ValueError, match="quarter must lie between 1 and 4"):
        DeliveryPeriod.quarter(2026, 5, BERLIN)
    with pytest.raises(ValueError, match="no weekend holds Tuesday"):
        DeliveryPeriod.enclosing(
            DeliveryPeriod.day(date(2026, 1, 6), BERLIN).start, Granularity.WEEKEND, BERLIN
        )


# What the calendar gives.


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        (DeliveryPeriod.week(date(2026, 3, 29), BERLIN), "2026-03-23", "2026-03-30"),
        (DeliveryPeriod.weekend(date(2026, 3, 25), BERLIN), "2026-03-28", "2026-03-30"),
        (DeliveryPeriod.weekend(date(2026, 3, 29), BERLIN), "2026-03-28", "2026-03-30"),
        (DeliveryPeriod.month(2026, 12, BERLIN), "2026-12-01", "2027-01-01"),
        (DeliveryPeriod.quarter(2026, 4, BERLIN), "2026-10-01", "2027-01-01"),
        (DeliveryPeriod.season(2026, Season.SUMMER, BERLIN), "2026-04-01", "2026-10-01"),
        (DeliveryPeriod.season(2026, Season.WINTER, BERLIN), "2026-10-01", "2027-04-01"),
        (DeliveryPeriod.year(2026, BERLIN), "2026-01-01", "2027-01-01"),
        (DeliveryPeriod.gas_year(2026, BERLIN), "2026-10-01", "2027-10-01"),
        (DeliveryPeriod.gas_month(2026, 2, BERLIN), "2026-02-01", "2026-03-01"),
    ],
)
def test_the_end_is_exclusive(period: DeliveryPeriod, first: str, last: str) -> None:
    assert period.local_start.date().isoformat() == first
    assert period.local_end.date().isoformat() == last
    assert period.local_start.time() == period.local_end.time()


@given(calendar_periods(), st.data())
def test_a_period_encloses_its_own_instants(period: DeliveryPeriod, data: st.DataObject) -> None:
    granularity, hour = period.granularity, period.local_start.hour
    slot = data.draw(st.integers(0, period.slots - 1))
    at = UtcNs(period.start + slot * SLOT_NS)
    found = DeliveryPeriod.enclosing(at, granularity, period.zone, start_hour=hour)
    assert found.contains(at)
    assert found == period


def test_a_day_that_begins_without_midnight_begins_at_the_jump() -> None:
    # Beirut puts its clocks forward at midnight: 29 March 2026 begins at 01:00.
    day = DeliveryPeriod.day(date(2026, 3, 29), "Asia/Beirut")
    assert day.local_start.hour == 1
    assert day.hours == 23
    assert merge(day.split(Granularity.HOUR)) == day


def test_a_half_hour_clock_change_has_a_half_hour_grid() -> None:
    # Lord Howe Island moves by thirty minutes: 5 April 2026 has 24 and a half hours.
    day = DeliveryPeriod.day(date(2026, 4, 5), "Australia/Lord_Howe")
    assert len(day.split(Granularity.MINUTES_30)) == 49
    with pytest.raises(ValueError, match="not a whole number of hour"):
        day.split(Granularity.HOUR)
    with pytest.raises(ValueError, match="not a whole number of hour"):
        DeliveryPeriod.year(2026, "Australia/Lord_Howe").split(Granularity.HOUR)


def test_hours_follow_the_local_clock_where_offsets_are_not_whole() -> None:
    day = DeliveryPeriod.day(date(2026, 1, 1), "Asia/Kolkata")
    assert all(hour.local_start.minute == 0 for hour in day.split(Granularity.HOUR))


# Algebra.


@given(periods(), clocks)
def test_split_then_merge_is_identity(period: DeliveryPeriod, clock: Granularity) -> None:
    step = (clock.minutes or 0) * 60 * 10**9
    start = period.start - period.start % step
    aligned = DeliveryPeriod(
        UtcNs(start), UtcNs(start + max(1, period.minutes * 60 * 10**9 // step) * step), period.zone
    )
    pieces = aligned.split(clock)
    assert merge(pieces) == merge(reversed(pieces)) == aligned
    assert all(before.end == after.start for before, after in pairwise(pieces))


@given(periods(), clocks)
def test_a_period_off_the_grid_does_not_split(period: DeliveryPeriod, clock: Granularity) -> None:
    step = (clock.minutes or 0) * 60 * 10**9
    off_grid = (
        period
        if period.end % step
        else DeliveryPeriod(period.start, UtcNs(period.end + SLOT_NS), period.zone)
    )
    with pytest.raises(ValueError, match="not a whole number"):
        off_grid.split(clock)


@given(periods())
def test_every_period_is_its_slots(period: DeliveryPeriod) -> None:
    slots = period.split(Granularity.MINUTES_5)
    assert len(slots) == period.slots
    assert merge(slots) == period
    assert period.hours * 12 == period.slots
    assert period.minutes == period.slots * 5


@given(near_periods(), near_periods())
def test_overlap_commutes_and_is_what_both_contain(a: DeliveryPeriod, b: DeliveryPeriod) -> None:
    common = a.overlap(b)
    assert common == b.overlap(a)
    assert a.overlaps(b) == b.overlaps(a) == (common is not None)
    slots = set(a.split(Granularity.MINUTES_5)) & set(b.split(Granularity.MINUTES_5))
    assert slots == (set(common.split(Granularity.MINUTES_5)) if common else set())
    assert a.contains(b) == (common == b)
    assert a.overlap(a) == a


@given(near_periods(), near_periods(), near_periods())
def test_overlap_is_associative(a: DeliveryPeriod, b: DeliveryPeriod, c: DeliveryPeriod) -> None:
    left = ab.overlap(c) if (ab := a.overlap(b)) else None
    right = a.overlap(bc) if (bc := b.overlap(c)) else None
    assert left == right


@given(periods())
def test_half_open(period: DeliveryPeriod) -> None:
    assert period.contains(period.start)
    assert not period.contains(period.end)
    assert period.contains(UtcNs(period.end - 1))
    assert not period.contains(UtcNs(period.start - 1))


@given(st.lists(near_periods(), min_size=1))
def test_order_is_by_start_then_end(several: list[DeliveryPeriod]) -> None:
    ordered = sorted(several)
    assert ordered == sorted(several, key=lambda p: (p.start, p.end))
    assert sorted(p.key for p in several) == [p.key for p in ordered]


@given(periods(), zones)
def test_another_zone_changes_the_clock_not_the_time(period: DeliveryPeriod, zone: str) -> None:
    moved = period.in_zone(zone)
    assert (moved.start, moved.end) == (period.start, period.end)
    assert moved.local_start == period.local_start
    assert moved.in_zone(period.zone) == period


def test_zones_do_not_mix_silently() -> None:
    berlin = DeliveryPeriod.day(date(2026, 1, 1), BERLIN)
    london = DeliveryPeriod.day(date(2026, 1, 1), LONDON)
    with pytest.raises(ValueError, match="in_zone"):
        berlin.overlap(london)
    with pytest.raises(ValueError, match="in_zone"):
        merge([berlin, london])
    assert berlin.overlaps(london)
    assert berlin.overlap(london.in_zone(BERLIN)) is not None


def test_merge_refuses_gaps_overlaps_and_nothing() -> None:
    day = date(2026, 1, 1)
    one, two, three = (DeliveryPeriod.hour(day, index, BERLIN) for index in (0, 1, 2))
    with pytest.raises(ValueError, match="must meet"):
        merge([one, three])
    with pytest.raises(ValueError, match="must meet"):
        merge([one, merge([one, two])])
    with pytest.raises(ValueError, match="at least one"):
        merge([])


@pytest.mark.parametrize(
    "granularity",
    [
        Granularity.BLOCK,
        Granularity.WEEK,
        Granularity.WEEKEND,
        Granularity.QUARTER,
        Granularity.GAS_DAY,
        Granularity.GAS_MONTH,
    ],
)
def test_a_month_is_no_whole_number_of_these(granularity: Granularity) -> None:
    with pytest.raises(ValueError, match=r"whole number|no grid"):
        DeliveryPeriod.month(2026, 1, BERLIN).split(granularity)


def test_a_split_that_runs_past_the_end_is_refused() -> None:
    day_and_a_half = DeliveryPeriod(
        DeliveryPeriod.day(date(2026, 1, 1), BERLIN).start,
        DeliveryPeriod.hour(date(2026, 1, 2), 12, BERLIN).start,
        BERLIN,
    )
    with pytest.raises(ValueError, match="not a whole number of day"):
        day_and_a_half.split(Granularity.DAY)


def test_gas_days_step_at_the_hour_of_the_period() -> None:
    month = DeliveryPeriod.gas_month(2026, 10, LONDON, start_hour=5)
    days = month.split(Granularity.GAS_DAY)
    assert len(days) == 31
    assert {day.local_start.hour for day in days} == {5}
    with pytest.raises(ValueError, match="not a whole number of day"):
        month.split(Granularity.DAY)


def test_energy_over_a_period_is_its_average_power() -> None:
    day = DeliveryPeriod.day(date(2026, 10, 25), BERLIN)
    assert Energy.of_mwh(250) / day == Power.of_mw(10)
    assert Power.of_mw(10).over(day) == Energy.of_mwh(250)
    period: Any = day
    with pytest.raises(TypeError):
        10 / period


@given(periods())
def test_a_period_comes_back_from_its_canonical_form(period: DeliveryPeriod) -> None:
    assert from_plain(DeliveryPeriod, to_plain(period)) == period


@given(dates)
def test_a_week_is_seven_days_and_ends_in_its_weekend(day: date) -> None:
    week = DeliveryPeriod.week(day, NEW_YORK)
    days = week.split(Granularity.DAY)
    assert len(days) == 7
    assert merge(days[5:]) == DeliveryPeriod.weekend(day, NEW_YORK)
    assert week.contains(DeliveryPeriod.day(day, NEW_YORK))
