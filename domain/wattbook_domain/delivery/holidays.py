"""Decides on which dates a holiday falls, from rules; which holidays matter, a calendar says."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from enum import Enum, IntEnum
from functools import lru_cache

import attrs


class Weekday(IntEnum):
    """A day of the week, numbered as `date.weekday` numbers it."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6


class Observance(Enum):
    """Where a holiday of a fixed date is kept when it falls on a weekend."""

    ON_THE_DATE = "on_the_date"
    SUNDAY_TO_MONDAY = "sunday_to_monday"
    """The NERC rule: from a Sunday to Monday; on a Saturday it stays."""
    WEEKEND_TO_MONDAY = "weekend_to_monday"


@attrs.frozen
class FixedDate:
    """A holiday on the same month and day every year."""

    month: int
    day: int
    observance: Observance = Observance.ON_THE_DATE

    def falls_on(self, year: int) -> date:
        """Return the date on which the holiday is kept in a year."""
        actual = date(year, self.month, self.day)
        if self.observance is Observance.ON_THE_DATE or actual.weekday() < Weekday.SATURDAY:
            return actual
        if actual.weekday() == Weekday.SUNDAY:
            return actual + timedelta(days=1)
        is_moved = self.observance is Observance.WEEKEND_TO_MONDAY
        return actual + timedelta(days=2) if is_moved else actual


@attrs.frozen
class NthWeekday:
    """A holiday on the n-th weekday of a month; -1 is the last one."""

    month: int
    weekday: Weekday
    nth: int = attrs.field(validator=attrs.validators.in_((-1, 1, 2, 3, 4)))

    def falls_on(self, year: int) -> date:
        """Return the date of the holiday in a year."""
        if self.nth > 0:
            first = date(year, self.month, 1)
            ahead = (self.weekday - first.weekday()) % 7
            return first + timedelta(days=ahead + 7 * (self.nth - 1))
        last = date(year, self.month, monthrange(year, self.month)[1])
        return last - timedelta(days=(last.weekday() - self.weekday) % 7)


@attrs.frozen
class EasterOffset:
    """A holiday a fixed number of days after Easter Sunday of the Gregorian calendar."""

    days: int

    def falls_on(self, year: int) -> date:
        """Return the date of the holiday in a year."""
        return easter_sunday(year) + timedelta(days=self.days)


@attrs.frozen
class SubstituteDay:
    """A day off on a date of its own in the years in which some fixed date falls on a weekend.

    The second Monday-to-be of a Christmas weekend in Britain and Australia, and 6 May in Japan,
    cannot be told from one holiday alone.
    """

    month: int
    day: int
    instead_of: tuple[FixedDate, ...]
    falling_on: tuple[Weekday, ...]

    def falls_on(self, year: int) -> date | None:
        """Return the date in the years that need it."""
        is_needed = any(
            rule.falls_on(year).weekday() in self.falling_on for rule in self.instead_of
        )
        return date(year, self.month, self.day) if is_needed else None


class Equinox(Enum):
    """An equinox day in Japan; the value is its mean day of the month in 1980, in millionths.

    `floor(value + 0.242194 (year - 1980)) - floor((year - 1980) / 4)`, the customary approximation
    for the years 1980 to 2099; the Cabinet announces the day a year ahead.
    """

    VERNAL = 20_843_100
    AUTUMNAL = 23_248_800

    def falls_on(self, year: int) -> date:
        """Return the date on which the equinox is kept in a year: from a Sunday, on the Monday."""
        elapsed = year - 1980
        day = (self.value + 242_194 * elapsed) // 1_000_000 - elapsed // 4
        month = 3 if self is Equinox.VERNAL else 9
        return FixedDate(month, day, Observance.SUNDAY_TO_MONDAY).falls_on(year)


@attrs.frozen
class BridgeDay:
    """The day between two holidays that leave exactly one: itself a holiday in Japan."""

    before: NthWeekday
    after: Equinox

    def falls_on(self, year: int) -> date | None:
        """Return the date in the years in which the two holidays leave one day."""
        first, last = self.before.falls_on(year), self.after.falls_on(year)
        return first + timedelta(days=1) if last - first == timedelta(days=2) else None


HolidayRule = FixedDate | NthWeekday | EasterOffset | SubstituteDay | Equinox | BridgeDay


@lru_cache(maxsize=2**10)
def holidays_of(rules: tuple[HolidayRule, ...], year: int) -> frozenset[date]:
    """Return the dates on which the holidays of a set of rules are kept in a year.

    No rule here moves a holiday across the turn of a year.
    """
    days = (rule.falls_on(year) for rule in rules)
    return frozenset(day for day in days if day is not None)


def holidays_between(rules: tuple[HolidayRule, ...], years: Iterable[int]) -> tuple[date, ...]:
    """Return the holidays of several years, in order."""
    return tuple(sorted(day for year in years for day in holidays_of(rules, year)))


def easter_sunday(year: int) -> date:
    """Return Easter Sunday by the anonymous Gregorian algorithm (Meeus, Jones and Butcher).

    >>> easter_sunday(2026)
    datetime.date(2026, 4, 5)
    """
    golden = year % 19
    century, in_century = divmod(year, 100)
    leap_centuries, century_rest = divmod(century, 4)
    moon_correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - moon_correction + 15) % 30
    leaps, year_rest = divmod(in_century, 4)
    weekday = (32 + 2 * century_rest + 2 * leaps - epact - year_rest) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
