"""Profiles: base is peak and off-peak exactly; windows follow the local clock through its jumps."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.delivery.strategies import BERLIN, powers, prices

from wattbook_domain.delivery import (
    EVERY_DAY,
    GB_POWER,
    GERMAN_POWER,
    MARKET_CALENDARS,
    MONDAY_TO_FRIDAY,
    DeliveryPeriod,
    DeliveryProfile,
    DeliverySchedule,
    Granularity,
    HolidayPolicy,
    HourWindow,
    MarketCalendar,
    ProfileKind,
    ShapeBand,
    UnknownZone,
    Weekday,
    efa_block,
    market_calendar,
    merge,
)
from wattbook_domain.delivery.holidays import FixedDate
from wattbook_domain.foundation.canonical import from_plain, to_plain
from wattbook_domain.quantities import Power, Price

BASE, PEAK, OFF_PEAK = DeliveryProfile.BASE, DeliveryProfile.PEAK, DeliveryProfile.OFF_PEAK
calendars = st.sampled_from(sorted(MARKET_CALENDARS))


@st.composite
def days_of_a_market(draw: st.DrawFn) -> tuple[MarketCalendar, DeliveryPeriod]:
    """A run of one to forty days, cut anywhere on a slot."""
    calendar = market_calendar(draw(calendars))
    first = draw(st.dates(date(2015, 1, 1), date(2034, 1, 1)))
    whole = DeliveryPeriod(
        DeliveryPeriod.day(first, calendar.zone).start,
        DeliveryPeriod.day(
            date.fromordinal(first.toordinal() + draw(st.integers(0, 40))), calendar.zone
        ).end,
        calendar.zone,
    )
    slots = whole.split(Granularity.MINUTES_5)
    skipped = draw(st.integers(0, min(287, len(slots) - 1)))
    return calendar, DeliveryPeriod(slots[skipped].start, whole.end, calendar.zone)


@given(days_of_a_market())
@settings(max_examples=60)
def test_base_is_peak_and_off_peak_exactly(case: tuple[MarketCalendar, DeliveryPeriod]) -> None:
    calendar, period = case
    peak, off_peak = PEAK.intervals(period, calendar), OFF_PEAK.intervals(period, calendar)
    assert BASE.intervals(period, calendar) == (period,)
    assert merge([*peak, *off_peak]) == period
    assert PEAK.hours(period, calendar) + OFF_PEAK.hours(period, calendar) == period.hours


@given(days_of_a_market(), powers, prices)
@settings(max_examples=40)
def test_base_is_peak_and_off_peak_in_energy_and_money(
    case: tuple[MarketCalendar, DeliveryPeriod], power: Power, price: Price
) -> None:
    calendar, period = case
    base, peak, off_peak = (
        DeliverySchedule.of_profile(profile, period, calendar, power)
        for profile in (BASE, PEAK, OFF_PEAK)
    )
    assert peak.energy() + off_peak.energy() == base.energy() == power.over(period)
    assert peak.value(price) + off_peak.value(price) == base.value(price)
    assert (peak + off_peak).merge() == base


@given(days_of_a_market())
@settings(max_examples=40)
def test_intervals_are_the_longest_possible(case: tuple[MarketCalendar, DeliveryPeriod]) -> None:
    calendar, period = case
    for profile in (PEAK, OFF_PEAK):
        intervals = profile.intervals(period, calendar)
        assert all(a.end < b.start for a, b in pairwise(intervals))


@given(st.dates(date(2015, 1, 1), date(2034, 1, 1)), calendars)
@settings(max_examples=60)
def test_hours_of_a_profile_add_up_over_days(day: date, name: str) -> None:
    calendar = market_calendar(name)
    month = DeliveryPeriod.month(day.year, day.month, calendar.zone)
    for profile in (PEAK, OFF_PEAK):
        by_day = sum(profile.minutes(piece, calendar) for piece in month.split(Granularity.DAY))
        assert by_day == profile.minutes(month, calendar)


def test_off_peak_runs_through_midnight_and_the_weekend() -> None:
    week = DeliveryPeriod.week(date(2026, 3, 25), BERLIN)
    labels = [interval.label for interval in OFF_PEAK.intervals(week, GERMAN_POWER)]
    assert len(labels) == 6
    assert labels[0] == "2026-03-23 00:00 CET to 2026-03-23 08:00 CET"
    assert labels[-1] == "2026-03-27 20:00 CET to 2026-03-30 00:00 CEST"


def test_a_period_that_ends_in_peak_hours_has_no_off_peak_after_them() -> None:
    morning = DeliveryPeriod.parse("2026-03-25 06:00 CET to 2026-03-25 12:00 CET", BERLIN)
    assert OFF_PEAK.hours(morning, GERMAN_POWER) == 2
    assert PEAK.hours(morning, GERMAN_POWER) == 4


def test_german_peak_load_does_not_stop_for_holidays() -> None:
    unity_day = DeliveryPeriod.day(date(2028, 10, 3), BERLIN)  # a Tuesday
    assert GERMAN_POWER.is_holiday(date(2028, 10, 3))
    assert PEAK.hours(unity_day, GERMAN_POWER) == 12


# Blocks and shapes on the days of a clock change.

NIGHT = DeliveryProfile.block("night", HourWindow.of("00:00", "06:00"))


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 5), (date(2026, 10, 25), 7), (date(2026, 1, 1), 6)]
)
def test_a_night_block_has_the_hours_of_its_night(day: date, hours: int) -> None:
    assert NIGHT.hours(DeliveryPeriod.day(day, BERLIN), GERMAN_POWER) == hours


def test_a_window_inside_the_skipped_hour_is_swallowed() -> None:
    skipped = DeliveryProfile.block("third", HourWindow.of("02:00", "03:00"))
    inside = DeliveryProfile.block("inside", HourWindow.of("02:15", "02:45"))
    astride = DeliveryProfile.block("astride", HourWindow.of("01:30", "02:30"))
    day = DeliveryPeriod.day(date(2026, 3, 29), BERLIN)
    assert skipped.intervals(day, GERMAN_POWER) == ()
    assert inside.intervals(day, GERMAN_POWER) == ()
    assert astride.hours(day, GERMAN_POWER) == Fraction(1, 2)
    assert skipped.hours(DeliveryPeriod.day(date(2026, 10, 25), BERLIN), GERMAN_POWER) == 2


def test_a_block_that_ends_with_the_date() -> None:
    evening = DeliveryProfile.block("evening", HourWindow.of("20:00", "00:00"))
    two_days = merge([DeliveryPeriod.day(date(2026, 1, day), BERLIN) for day in (1, 2)])
    assert [p.label for p in evening.intervals(two_days, GERMAN_POWER)] == [
        "2026-01-01 20:00 CET to 2026-01-02 00:00 CET",
        "2026-01-02 20:00 CET to 2026-01-03 00:00 CET",
    ]


def test_british_peak_is_blocks_three_to_five() -> None:
    friday = date(2026, 3, 27)
    blocks = merge([efa_block(friday, number) for number in (3, 4, 5)])
    assert PEAK.intervals(DeliveryPeriod.day(friday, GB_POWER.zone), GB_POWER) == (blocks,)


SOLAR = DeliveryProfile.shaped(
    "solar",
    [
        (HourWindow.of("06:00", "10:00"), "0.5"),
        (HourWindow.of("10:00", "16:00"), 1),
        (HourWindow.of("16:00", "20:00"), "0.25"),
    ],
)


def test_a_shape_delivers_its_share_in_each_band() -> None:
    day = DeliveryPeriod.day(date(2026, 3, 29), BERLIN)
    schedule = DeliverySchedule.of_profile(SOLAR, day, GERMAN_POWER, Power.of_mw(8))
    assert schedule.powers == (Power.of_mw(4), Power.of_mw(8), Power.of_mw(2))
    assert schedule.energy().mwh == 4 * 4 + 8 * 6 + 2 * 4
    assert SOLAR.hours(day, GERMAN_POWER) == 14
    assert SOLAR.intervals(day, GERMAN_POWER) == (merge(schedule.intervals),)


def test_bands_of_equal_share_that_meet_are_one_stretch() -> None:
    flat = DeliveryProfile.shaped(
        "flat", [(HourWindow.of("06:00", "10:00"), 1), (HourWindow.of("10:00", "16:00"), 1)]
    )
    day = DeliveryPeriod.day(date(2026, 1, 1), BERLIN)
    assert len(flat.shares(day, GERMAN_POWER)) == 1


def test_italian_bands_partition_every_day() -> None:
    # ARERA bands (resolution 181/06): F1 weekdays 08 to 19; F2 weekdays 07-08 and 19-23 and
    # Saturdays 07 to 23; F3 nights, Sundays and holidays.
    excluded, only = HolidayPolicy.EXCLUDED, HolidayPolicy.ONLY
    saturday, sunday = (Weekday.SATURDAY,), (Weekday.SUNDAY,)
    weekdays = (*MONDAY_TO_FRIDAY, Weekday.SATURDAY)
    f1 = DeliveryProfile.block("F1", HourWindow.of("08:00", "19:00", MONDAY_TO_FRIDAY, excluded))
    f2 = DeliveryProfile.block(
        "F2",
        HourWindow.of("07:00", "08:00", MONDAY_TO_FRIDAY, excluded),
        HourWindow.of("19:00", "23:00", MONDAY_TO_FRIDAY, excluded),
        HourWindow.of("07:00", "23:00", saturday, excluded),
    )
    f3 = DeliveryProfile.block(
        "F3",
        HourWindow.of("00:00", "07:00", weekdays, excluded),
        HourWindow.of("23:00", "00:00", weekdays, excluded),
        HourWindow.of("00:00", "00:00", weekdays, only),
        HourWindow.of("00:00", "00:00", sunday),
    )
    italy = MarketCalendar("IT-BANDS", "Europe/Rome", (), (FixedDate(4, 25), FixedDate(5, 1)))
    year = DeliveryPeriod.year(2026, "Europe/Rome")
    assert merge([i for band in (f1, f2, f3) for i in band.intervals(year, italy)]) == year
    assert f1.hours(DeliveryPeriod.day(date(2026, 5, 1), "Europe/Rome"), italy) == 0


# What is refused.


def test_profiles_that_make_no_sense_are_refused() -> None:
    window = HourWindow.of("08:00", "20:00")
    with pytest.raises(ValueError, match="needs hour windows"):
        DeliveryProfile.block("empty")
    with pytest.raises(ValueError, match="takes its hours from the calendar"):
        DeliveryProfile(ProfileKind.PEAK, "peak", (ShapeBand(window, Fraction(1)),))
    with pytest.raises(ValueError, match="full power"):
        DeliveryProfile(ProfileKind.BLOCK, "half", (ShapeBand(window, Fraction(1, 2)),))
    with pytest.raises(ValueError, match="must not overlap"):
        DeliveryProfile.block("twice", window, HourWindow.of("19:00", "21:00"))
    with pytest.raises(TypeError):
        DeliveryProfile.shaped("float", [(window, 0.5)])  # type: ignore[list-item]


def test_a_calendar_counts_hours_on_its_own_clock_only() -> None:
    day = DeliveryPeriod.day(date(2026, 1, 1), "Europe/London")
    with pytest.raises(ValueError, match="calendar DE counts hours in Europe/Berlin"):
        BASE.hours(day, GERMAN_POWER)


@pytest.mark.parametrize(
    ("begins", "ends"),
    [("08:00", "08:00"), ("20:00", "08:00"), ("08:02", "20:00"), ("08:00", "20:03")],
)
def test_windows_that_do_not_fit_a_date_are_refused(begins: str, ends: str) -> None:
    with pytest.raises(ValueError, match="an hour window must"):
        HourWindow.of(begins, ends)


@pytest.mark.parametrize("text", ["8", "08:60", "eight", "08:xx", "25:00"])
def test_what_is_no_wall_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"wall time|hour window"):
        HourWindow.of(text, "09:00")


def test_windows_need_distinct_weekdays() -> None:
    for weekdays in ((), (Weekday.MONDAY, Weekday.MONDAY)):
        with pytest.raises(ValueError, match="distinct weekdays"):
            HourWindow.of("08:00", "20:00", weekdays)


def test_calendars_refuse_overlapping_peaks_and_unknown_names() -> None:
    window = HourWindow.of("08:00", "20:00", EVERY_DAY)
    with pytest.raises(ValueError, match="must not overlap"):
        MarketCalendar("TWICE", BERLIN, (window, window))
    with pytest.raises(UnknownZone):
        MarketCalendar("NOWHERE", "Europe/Atlantis", (window,))
    with pytest.raises(ValueError, match="market calendar must be one of DE,"):
        market_calendar("ATLANTIS")


@pytest.mark.parametrize("profile", [BASE, PEAK, OFF_PEAK, NIGHT, SOLAR])
def test_a_profile_comes_back_from_its_canonical_form(profile: DeliveryProfile) -> None:
    assert from_plain(DeliveryProfile, to_plain(profile)) == profile


def test_every_market_names_its_source() -> None:
    assert all(calendar.source for calendar in MARKET_CALENDARS.values())
    assert all(name == calendar.name for name, calendar in MARKET_CALENDARS.items())
