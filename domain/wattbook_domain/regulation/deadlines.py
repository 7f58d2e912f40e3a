"""Decides by when a report is due: the working day after, or one month after, the event.

Article 7 of Implementing Regulation 1348/2014. The event's date is the local date of the market
place, so the calendar carries its zone. How a month-end deadline that falls on a closed day rolls
is not settled by the text; it is a named choice of the rule pack, `RollRule`.
"""

from __future__ import annotations

import calendar as month_lengths
from datetime import date, timedelta
from enum import Enum
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.foundation.instants import UtcNs, to_datetime

SATURDAY: Final = 5
SUNDAY: Final = 6
_DAYS_SEARCHED_MAX: Final = 60


class ReportingTerm(Enum):
    """How long a class of report may take."""

    NEXT_WORKING_DAY = "T+1"
    ONE_MONTH = "T+1M"


class RollRule(Enum):
    """Where a one-month deadline goes when it falls on a closed day."""

    STAY = "stay"
    EARLIER = "earlier working day"
    LATER = "later working day"


@attrs.frozen(kw_only=True)
class WorkingCalendar:
    """The working days of a market place.

    Attributes:
        name: for the reasons kept with a decision.
        zone: IANA key in which an event's date is read and a deadline's day ends.
        closed_on: public holidays, as local dates.
        weekend: weekdays without work, Monday being 0.
    """

    name: str
    zone: str
    closed_on: frozenset[date] = frozenset()
    weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})

    def is_working(self, day: date) -> bool:
        """Return whether the market place works on this local date."""
        return day.weekday() not in self.weekend and day not in self.closed_on

    def local_date(self, at: UtcNs) -> date:
        """Return the local date of an instant."""
        return to_datetime(at).astimezone(ZoneInfo(self.zone)).date()

    def step(self, day: date, days: int) -> date:
        """Return the nearest working day strictly after (`days` = 1) or before (-1) `day`.

        Raises:
            ValueError: if the calendar is closed for two months on end.
        """
        for count in range(1, _DAYS_SEARCHED_MAX + 1):
            candidate = day + timedelta(days=days * count)
            if self.is_working(candidate):
                return candidate
        raise ValueError(
            f"calendar {self.name} has no working day within {_DAYS_SEARCHED_MAX} days of {day}; "
            f"check its holidays"
        )


@attrs.frozen
class ReportDeadline:
    """The last local date on which a report may leave.

    `ends_at` is the first instant *after* it, so a report is in time while `at < ends_at`.
    """

    due_on: date
    ends_at: UtcNs

    def is_met(self, at: UtcNs) -> bool:
        """Return whether a report that left at this instant was in time."""
        return at < self.ends_at


def deadline(
    happened_at: UtcNs,
    term: ReportingTerm,
    calendar: WorkingCalendar,
    *,
    roll: RollRule = RollRule.EARLIER,
) -> ReportDeadline:
    """Return by when an event must be reported.

    `roll` matters for `ONE_MONTH` only; the next working day is never a closed one.
    """
    happened_on = calendar.local_date(happened_at)
    if term is ReportingTerm.NEXT_WORKING_DAY:
        due_on = calendar.step(happened_on, 1)
    else:
        due_on = _rolled(month_later(happened_on), calendar, roll)
    return ReportDeadline(due_on, DeliveryPeriod.day(due_on, calendar.zone).end)


def month_later(day: date) -> date:
    """Return the same day of the next month, or that month's last day where it has no such day.

    >>> month_later(date(2026, 1, 31))
    datetime.date(2026, 2, 28)
    """
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, month_lengths.monthrange(year, month)[1]))


def _rolled(day: date, calendar: WorkingCalendar, roll: RollRule) -> date:
    if roll is RollRule.STAY or calendar.is_working(day):
        return day
    return calendar.step(day, 1 if roll is RollRule.LATER else -1)
