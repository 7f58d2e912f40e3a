"""Decides what each granularity of delivery is and on which dates it may begin.

Below the day a granularity is a number of minutes; from the day up it is a rule on local dates,
since a local day has 23, 24 or 25 hours. Instants are left to `boundaries`.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum
from typing import Final

_SATURDAY: Final = 5


class Season(Enum):
    """Half a gas year: summer is April to September, winter October to March."""

    SUMMER = 4
    WINTER = 10


class Granularity(Enum):
    """How long a delivery lasts, as markets name it.

    The gas family repeats the calendar family with days that begin at the market's own hour; the
    gas year begins in October, the gas calendar year in January.
    """

    MINUTES_5 = "5min"
    MINUTES_15 = "15min"
    MINUTES_30 = "30min"
    HOUR = "hour"
    BLOCK = "block"
    """Any other run of slots: block hours, balance of month, a custom strip. It has no grid."""
    DAY = "day"
    WEEKEND = "weekend"
    """Saturday and Sunday."""
    WEEK = "week"
    """Monday to Sunday, ISO 8601."""
    MONTH = "month"
    QUARTER = "quarter"
    SEASON = "season"
    YEAR = "year"
    GAS_DAY = "gas_day"
    GAS_WEEKEND = "gas_weekend"
    GAS_WEEK = "gas_week"
    GAS_MONTH = "gas_month"
    GAS_QUARTER = "gas_quarter"
    GAS_SEASON = "gas_season"
    GAS_CALENDAR_YEAR = "gas_calendar_year"
    GAS_YEAR = "gas_year"

    @property
    def minutes(self) -> int | None:
        """Return the fixed length below the day, None where the length depends on the calendar."""
        return _MINUTES.get(self)

    @property
    def is_gas(self) -> bool:
        """Say whether its days begin at the market's hour instead of at midnight."""
        return self in _GAS

    @property
    def has_dates(self) -> bool:
        """Say whether it is made of whole local dates."""
        return self in _GAS or self in _START_MONTHS or self in _DAYS

    def begins_on(self, day: date) -> bool:
        """Say whether one may begin on this local date."""
        months = _START_MONTHS.get(self)
        if months is not None:
            return day.day == 1 and day.month in months
        weekday = _FIRST_WEEKDAY.get(self)
        return weekday is None or day.weekday() == weekday

    def next_after(self, day: date) -> date:
        """Return the local date on which one that begins on `day` ends, exclusive."""
        months = _START_MONTHS.get(self)
        if months is None:
            return day + timedelta(days=_DAYS[self])
        day = _next_month(day)
        while day.month not in months:
            day = _next_month(day)
        return day

    def first_on_or_before(self, day: date) -> date:
        """Return the local date on which the one that holds `day` begins.

        Raises:
            ValueError: when none holds it, as a Tuesday for a weekend.
        """
        begins = day
        while not self.begins_on(begins):
            begins = begins.replace(day=1) if begins.day > 1 and self._by_month else _back(begins)
        if not day < self.next_after(begins):
            raise ValueError(f"no {self.value} holds {day:%A} {day}")
        return begins

    @property
    def _by_month(self) -> bool:
        return self in _START_MONTHS


_MINUTES: Final = {
    Granularity.MINUTES_5: 5,
    Granularity.MINUTES_15: 15,
    Granularity.MINUTES_30: 30,
    Granularity.HOUR: 60,
}
_DAYS: Final = {
    Granularity.DAY: 1,
    Granularity.WEEKEND: 2,
    Granularity.WEEK: 7,
    Granularity.GAS_DAY: 1,
    Granularity.GAS_WEEKEND: 2,
    Granularity.GAS_WEEK: 7,
}
_FIRST_WEEKDAY: Final = {
    Granularity.WEEKEND: _SATURDAY,
    Granularity.WEEK: 0,
    Granularity.GAS_WEEKEND: _SATURDAY,
    Granularity.GAS_WEEK: 0,
}
_START_MONTHS: Final = {
    Granularity.MONTH: frozenset(range(1, 13)),
    Granularity.QUARTER: frozenset({1, 4, 7, 10}),
    Granularity.SEASON: frozenset({4, 10}),
    Granularity.YEAR: frozenset({1}),
    Granularity.GAS_MONTH: frozenset(range(1, 13)),
    Granularity.GAS_QUARTER: frozenset({1, 4, 7, 10}),
    Granularity.GAS_SEASON: frozenset({4, 10}),
    Granularity.GAS_CALENDAR_YEAR: frozenset({1}),
    Granularity.GAS_YEAR: frozenset({10}),
}
_GAS: Final = frozenset(member for member in Granularity if member.value.startswith("gas_"))

CALENDAR_FAMILY: Final = (
    Granularity.DAY,
    Granularity.WEEKEND,
    Granularity.WEEK,
    Granularity.MONTH,
    Granularity.QUARTER,
    Granularity.SEASON,
    Granularity.YEAR,
)
GAS_FAMILY: Final = (
    Granularity.GAS_DAY,
    Granularity.GAS_WEEKEND,
    Granularity.GAS_WEEK,
    Granularity.GAS_MONTH,
    Granularity.GAS_QUARTER,
    Granularity.GAS_SEASON,
    Granularity.GAS_CALENDAR_YEAR,
    Granularity.GAS_YEAR,
)
CLOCK_FAMILY: Final = tuple(_MINUTES)


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _back(day: date) -> date:
    return day - timedelta(days=1)
