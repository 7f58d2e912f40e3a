"""Deadlines against known dates, and what holds for every calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.foundation.instants import UtcNs, from_datetime
from wattbook_domain.regulation.deadlines import (
    ReportingTerm,
    RollRule,
    WorkingCalendar,
    deadline,
    month_later,
)

EASTER = WorkingCalendar(
    name="Germany 2026",
    zone="Europe/Berlin",
    closed_on=frozenset({date(2026, 4, 3), date(2026, 4, 6), date(2026, 1, 1)}),
)
PLAIN = WorkingCalendar(name="weekends", zone="Europe/Berlin")


def at_noon(day: date) -> UtcNs:
    return from_datetime(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


def test_the_working_day_after_maundy_thursday_is_the_tuesday() -> None:
    found = deadline(at_noon(date(2026, 4, 2)), ReportingTerm.NEXT_WORKING_DAY, EASTER)
    assert found.due_on == date(2026, 4, 7)
    # Midnight after the 7th in Berlin, summer time.
    assert found.ends_at == from_datetime(datetime(2026, 4, 7, 22, tzinfo=UTC))


def test_a_report_is_in_time_until_the_local_day_has_ended() -> None:
    found = deadline(at_noon(date(2026, 4, 2)), ReportingTerm.NEXT_WORKING_DAY, EASTER)
    assert found.is_met(UtcNs(found.ends_at - 1))
    assert not found.is_met(found.ends_at)


@pytest.mark.parametrize(
    ("roll", "due_on"),
    [
        (RollRule.STAY, date(2026, 2, 28)),
        (RollRule.EARLIER, date(2026, 2, 27)),
        (RollRule.LATER, date(2026, 3, 2)),
    ],
)
def test_one_month_after_31_january_2026_rolls_by_rule(roll: RollRule, due_on: date) -> None:
    found = deadline(at_noon(date(2026, 1, 31)), ReportingTerm.ONE_MONTH, EASTER, roll=roll)
    assert found.due_on == due_on


def test_a_month_that_ends_on_a_working_day_does_not_roll() -> None:
    found = deadline(at_noon(date(2026, 2, 4)), ReportingTerm.ONE_MONTH, EASTER)
    assert found.due_on == date(2026, 3, 4)


def test_the_year_end_is_crossed() -> None:
    found = deadline(at_noon(date(2025, 12, 31)), ReportingTerm.NEXT_WORKING_DAY, EASTER)
    assert found.due_on == date(2026, 1, 2)
    assert month_later(date(2025, 12, 31)) == date(2026, 1, 31)


def test_the_event_is_dated_by_the_clock_of_the_market_place() -> None:
    # 22:30 UTC on Sunday 29 March 2026 is already Monday in Berlin (summer time began that day).
    late = from_datetime(datetime(2026, 3, 29, 22, 30, tzinfo=UTC))
    assert deadline(late, ReportingTerm.NEXT_WORKING_DAY, PLAIN).due_on == date(2026, 3, 31)


def test_a_deadline_on_the_day_of_a_clock_change_ends_with_the_local_day() -> None:
    always = WorkingCalendar(name="no weekend", zone="Europe/Berlin", weekend=frozenset())
    found = deadline(at_noon(date(2017, 10, 28)), ReportingTerm.NEXT_WORKING_DAY, always)
    assert found.ends_at == DeliveryPeriod.day(date(2017, 10, 29), "Europe/Berlin").end


def test_a_calendar_that_never_works_is_named() -> None:
    shut = WorkingCalendar(name="shut", zone="Europe/Berlin", weekend=frozenset(range(7)))
    with pytest.raises(ValueError, match="calendar shut has no working day"):
        deadline(at_noon(date(2026, 1, 1)), ReportingTerm.NEXT_WORKING_DAY, shut)


@given(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.sampled_from(ReportingTerm),
    st.sampled_from([RollRule.EARLIER, RollRule.LATER]),
    st.frozensets(st.dates(date(2000, 1, 1), date(2100, 1, 1)), max_size=20),
)
def test_a_deadline_is_a_later_working_day(
    day: date, term: ReportingTerm, roll: RollRule, closed: frozenset[date]
) -> None:
    calendar = WorkingCalendar(name="drawn", zone="Europe/Berlin", closed_on=closed)
    found = deadline(at_noon(day), term, calendar, roll=roll)
    assert found.due_on > day
    assert calendar.is_working(found.due_on)
    if term is ReportingTerm.NEXT_WORKING_DAY:
        between = (found.due_on - day).days
        assert not any(calendar.is_working(day + timedelta(days=n)) for n in range(1, between))
