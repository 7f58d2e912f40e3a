"""Decides what a market calendar is: a zone, its holidays, and its windows of peak hours.

The rows for actual markets are data, in `markets`.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum
from typing import Final, Self

import attrs

from wattbook_domain.delivery.holidays import HolidayRule, Weekday, holidays_of
from wattbook_domain.delivery.zones import SLOT_NS, day_start, zone_info
from wattbook_domain.foundation.bounds import DELIVERY_SLOT_MINUTES
from wattbook_domain.foundation.instants import UtcNs

MONDAY_TO_FRIDAY: Final = tuple(Weekday)[:5]
MONDAY_TO_SATURDAY: Final = tuple(Weekday)[:6]
EVERY_DAY: Final = tuple(Weekday)

_LAST_MINUTE: Final = 1440 - DELIVERY_SLOT_MINUTES
"""The last slot a wall clock shows on a date; no statement about how long the date lasts."""


class HolidayPolicy(Enum):
    """What a holiday does to an hour window."""

    AS_WEEKDAY = "as_weekday"
    """Nothing: the weekday decides, as for European peak load."""
    EXCLUDED = "excluded"
    """The window does not apply on holidays, as for NERC on-peak."""
    ONLY = "only"
    """The window applies on holidays alone."""


@attrs.frozen
class HourWindow:
    """A stretch of the wall clock on some weekdays: from a minute of the day until another.

    `until_minute` None is the end of the date. On the days of a clock change the window runs from
    the first instant at which the clock shows its edge to the first instant at which it shows the
    other, so it may last an hour more or less.
    """

    weekdays: tuple[Weekday, ...]
    from_minute: int
    until_minute: int | None
    holidays: HolidayPolicy = HolidayPolicy.AS_WEEKDAY

    def __attrs_post_init__(self) -> None:
        if not self.weekdays or len(set(self.weekdays)) < len(self.weekdays):
            raise ValueError(f"an hour window needs distinct weekdays, found {self.weekdays}")
        edges = (self.from_minute, self.last_minute)
        if any(edge % DELIVERY_SLOT_MINUTES for edge in edges):
            raise ValueError(f"an hour window must lie on five-minute slots, found {edges}")
        if not 0 <= self.from_minute <= self.last_minute <= _LAST_MINUTE:
            raise ValueError(
                f"an hour window must begin before it ends within one date, found minutes "
                f"{self.from_minute} to {self.until_minute}; cut it at midnight"
            )

    @classmethod
    def of(
        cls,
        begins: str,
        ends: str,
        weekdays: tuple[Weekday, ...] = EVERY_DAY,
        holidays: HolidayPolicy = HolidayPolicy.AS_WEEKDAY,
    ) -> Self:
        """Build from wall times such as "08:00" and "20:00"; an end of "00:00" is the next day's.

        >>> HourWindow.of("20:00", "00:00").until_minute is None
        True
        """
        return cls(weekdays, _minute(begins), _minute(ends) or None, holidays)

    @property
    def last_minute(self) -> int:
        """Return the minute of the day at which the last slot of the window begins."""
        if self.until_minute is None:
            return _LAST_MINUTE
        return self.until_minute - DELIVERY_SLOT_MINUTES

    def may_meet(self, other: HourWindow) -> bool:
        """Say whether both could hold the same slot of some day."""
        kinds = {self.holidays, other.holidays}
        return (
            not set(self.weekdays).isdisjoint(other.weekdays)
            and kinds != {HolidayPolicy.EXCLUDED, HolidayPolicy.ONLY}
            and self.from_minute <= other.last_minute
            and other.from_minute <= self.last_minute
        )

    def on(self, day: date, zone: str) -> tuple[UtcNs, UtcNs] | None:
        """Return the window's instants on a local date, None when a clock change swallows it."""
        start = day_start(day, zone, self.from_minute)
        if self.until_minute is None:
            end = day_start(day + timedelta(days=1), zone)
        else:
            end = day_start(day, zone, self.until_minute)
        return (start, end) if end - start >= SLOT_NS else None


@attrs.frozen
class MarketCalendar:
    """How one market tells peak from off-peak: its zone, peak windows and holidays.

    `source` names the rule book behind the row.
    """

    name: str
    zone: str
    peak: tuple[HourWindow, ...]
    holidays: tuple[HolidayRule, ...] = ()
    source: str = attrs.field(default="", eq=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        zone_info(self.zone)
        require_disjoint(self.peak)

    def is_holiday(self, day: date) -> bool:
        """Say whether the market keeps a holiday on a local date."""
        return day in holidays_of(self.holidays, day.year)

    def applies(self, window: HourWindow, day: date) -> bool:
        """Say whether a window is open on a local date, by its weekday and holiday policy."""
        if window.holidays is HolidayPolicy.ONLY and not self.is_holiday(day):
            return False
        if window.holidays is HolidayPolicy.EXCLUDED and self.is_holiday(day):
            return False
        return Weekday(day.weekday()) in window.weekdays


def require_disjoint(windows: tuple[HourWindow, ...]) -> None:
    """Check that no two windows could hold the same slot.

    Raises:
        ValueError: naming the first two that could; delivery there would count twice.
    """
    for index, window in enumerate(windows):
        for other in windows[index + 1 :]:
            if window.may_meet(other):
                raise ValueError(f"hour windows must not overlap, found {window} and {other}")


def _minute(text: str) -> int:
    hours, colon, minutes = text.partition(":")
    if not (colon and hours.isdigit() and minutes.isdigit() and int(minutes) < 60):
        raise ValueError(f"a wall time looks like '08:00', found {text!r}")
    return int(hours) * 60 + int(minutes)
