"""Decides on which days and hours a venue trades; what it delivers, `delivery` says."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

import attrs

from wattbook_domain.delivery.zones import first_instant, to_local
from wattbook_domain.foundation.instants import UtcNs

MONDAY_TO_FRIDAY: Final = frozenset(range(5))
EVERY_DAY: Final = frozenset(range(7))
_MIDNIGHT: Final = time(0)
_FURTHEST_DAYS: Final = 31


@attrs.frozen(kw_only=True)
class TradingCalendar:
    """The days and local hours on which a venue is open, half-open `[opens_at, closes_at)`.

    Attributes:
        zone: the IANA key of the venue's clocks.
        weekdays: open days of the week, Monday 0.
        holidays: local dates without trading, whatever the weekday.
        opens_at: local time of opening.
        closes_at: local time of closing; midnight means the end of the day.
    """

    name: str
    zone: str
    weekdays: frozenset[int] = EVERY_DAY
    holidays: frozenset[date] = frozenset()
    opens_at: time = _MIDNIGHT
    closes_at: time = _MIDNIGHT

    def __attrs_post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= EVERY_DAY:
            raise ValueError(
                f"weekdays are numbers from 0 (Monday) to 6, found {sorted(self.weekdays)}"
            )
        if self.closes_at != _MIDNIGHT and self.closes_at <= self.opens_at:
            raise ValueError(
                f"a trading day must close after it opens, found {self.opens_at} to "
                f"{self.closes_at}"
            )

    def is_trading_day(self, day: date) -> bool:
        """Say whether the venue trades on a local date."""
        return day.weekday() in self.weekdays and day not in self.holidays

    def hours_of(self, day: date) -> tuple[UtcNs, UtcNs] | None:
        """Return the instants of opening and closing on a local date; `None` when closed."""
        if not self.is_trading_day(day):
            return None
        closing_day = day + timedelta(days=1) if self.closes_at == _MIDNIGHT else day
        return (
            first_instant(datetime.combine(day, self.opens_at), self.zone),
            first_instant(datetime.combine(closing_day, self.closes_at), self.zone),
        )

    def is_open(self, at: UtcNs) -> bool:
        """Say whether the venue trades at an instant."""
        hours = self.hours_of(to_local(at, self.zone).date())
        return hours is not None and hours[0] <= at < hours[1]

    def next_trading_day(self, day: date) -> date:
        """Return the first trading day after a local date.

        Raises:
            ValueError: when none follows within a month; the calendar is then wrong.
        """
        return self._seek(day, timedelta(days=1))

    def previous_trading_day(self, day: date) -> date:
        """Return the last trading day before a local date. Raises as `next_trading_day` does."""
        return self._seek(day, timedelta(days=-1))

    def _seek(self, day: date, step: timedelta) -> date:
        for count in range(1, _FURTHEST_DAYS + 1):
            candidate = day + count * step
            if self.is_trading_day(candidate):
                return candidate
        raise ValueError(
            f"{self.name} must trade within {_FURTHEST_DAYS} days of {day}; look at its holidays"
        )
