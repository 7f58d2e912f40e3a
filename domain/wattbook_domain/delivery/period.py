"""Decides what a delivery period is: a half-open stretch of slots `[start, end)` in a zone.

Instants are UTC, so lengths are exact on days of 23 and 25 hours; the zone says what the market's
clocks and dates make of them. Which hours of a period deliver is left to a profile.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import pairwise
from typing import Final, Self
from zoneinfo import ZoneInfo

import attrs

from wattbook_domain.delivery.boundaries import cut, granularity_of, span_of
from wattbook_domain.delivery.granularity import Granularity, Season
from wattbook_domain.delivery.labels import read_label, write_label
from wattbook_domain.delivery.zones import (
    SLOT_NS,
    NonExistentLocalTime,
    to_local,
    zone_info,
)
from wattbook_domain.foundation.bounds import (
    DELIVERY_SLOT_MINUTES,
    DELIVERY_SLOTS_MAX,
    require_within,
)
from wattbook_domain.foundation.instants import (
    NS_PER_MINUTE,
    UtcNs,
    format_instant,
    from_datetime,
    instant,
    to_datetime,
)
from wattbook_domain.quantities import Energy, Power

GAS_DAY_START_HOUR: Final = 6
"""Local hour at which a gas day begins in the European Union (Regulation (EU) 984/2013)."""

_KEY_FORMAT: Final = "%Y%m%dT%H%MZ"


@attrs.frozen(order=True, repr=False)
class DeliveryPeriod:
    """A stretch of delivery `[start, end)` in UTC nanoseconds, on five-minute slots, in a zone.

    Ordered by start, then end. Two periods of one stretch in different zones are not equal.

    >>> DeliveryPeriod.day(date(2026, 3, 29), "Europe/Berlin").hours
    Fraction(23, 1)
    """

    start: UtcNs
    end: UtcNs
    zone: str

    def __attrs_post_init__(self) -> None:
        instant(self.start)
        instant(self.end)
        if self.start % SLOT_NS or self.end % SLOT_NS:
            raise ValueError(
                f"delivery must lie on slots of {DELIVERY_SLOT_MINUTES} minutes, found "
                f"[{format_instant(self.start)}, {format_instant(self.end)})"
            )
        if self.end <= self.start:
            raise ValueError(
                f"delivery must end after it starts, found "
                f"[{format_instant(self.start)}, {format_instant(self.end)})"
            )
        require_within("delivery slots", self.slots, 1, DELIVERY_SLOTS_MAX)
        zone_info(self.zone)

    # Building from the calendar.

    @classmethod
    def of(cls, start: datetime, end: datetime, zone: str | None = None) -> Self:
        """Build from two aware datetimes; the zone is taken from the start's when not given.

        Raises:
            ValueError: for a naive datetime, or a zone that cannot be told.
            NonExistentLocalTime: for a wall time that the zone's clock skips.
        """
        key = zone if zone is not None else _zone_key(start)
        return cls(_existing_instant(start), _existing_instant(end), key)

    @classmethod
    def beginning(
        cls, day: date, granularity: Granularity, zone: str, *, start_hour: int = 0
    ) -> Self:
        """Build the period of a granularity of whole dates that begins on a local date.

        Args:
            day: the local date of the start.
            granularity: from the day up.
            zone: an IANA key.
            start_hour: the local hour at which the market's days begin; 0 but for gas.

        Raises:
            ValueError: when no such period begins on that date.
        """
        start, end = span_of(day, granularity, zone, start_hour * 60)
        return cls(start, end, zone)

    @classmethod
    def enclosing(
        cls, at: UtcNs, granularity: Granularity, zone: str, *, start_hour: int = 0
    ) -> Self:
        """Return the period of a granularity of whole dates that holds an instant."""
        day = to_local(UtcNs(at - start_hour * 60 * NS_PER_MINUTE), zone).date()
        begins = granularity.first_on_or_before(day)
        return cls.beginning(begins, granularity, zone, start_hour=start_hour)

    @classmethod
    def interval(cls, day: date, index: int, granularity: Granularity, zone: str) -> Self:
        """Return the `index`-th interval, from 0, of a local day cut into fixed minutes.

        >>> DeliveryPeriod.interval(date(2026, 10, 25), 99, Granularity.MINUTES_15, "Europe/Berlin")
        DeliveryPeriod(2026-10-25 23:45 CET +15min, Europe/Berlin)

        Raises:
            ValueError: when the day has no such interval.
        """
        edges = cut(*span_of(day, Granularity.DAY, zone, 0), zone, granularity)
        if not 0 <= index < len(edges) - 1:
            raise ValueError(
                f"{day} in {zone} has intervals 0 to {len(edges) - 2} of {granularity.value}, "
                f"found {index}"
            )
        return cls(UtcNs(edges[index]), UtcNs(edges[index + 1]), zone)

    @classmethod
    def hour(cls, day: date, index: int, zone: str) -> Self:
        """Return the `index`-th real hour of a local day, from 0 up to 22, 23 or 24."""
        return cls.interval(day, index, Granularity.HOUR, zone)

    @classmethod
    def day(cls, day: date, zone: str) -> Self:
        """Return a local day, midnight to midnight."""
        return cls.beginning(day, Granularity.DAY, zone)

    @classmethod
    def week(cls, day: date, zone: str) -> Self:
        """Return the week, Monday to Monday, that holds a local date."""
        return cls.beginning(Granularity.WEEK.first_on_or_before(day), Granularity.WEEK, zone)

    @classmethod
    def weekend(cls, day: date, zone: str) -> Self:
        """Return the Saturday and Sunday that end the week of a local date."""
        saturday = date.fromisocalendar(*day.isocalendar()[:2], 6)
        return cls.beginning(saturday, Granularity.WEEKEND, zone)

    @classmethod
    def month(cls, year: int, month: int, zone: str) -> Self:
        """Return a calendar month."""
        return cls.beginning(date(year, month, 1), Granularity.MONTH, zone)

    @classmethod
    def quarter(cls, year: int, quarter: int, zone: str) -> Self:
        """Return a calendar quarter, 1 to 4."""
        require_within("quarter", quarter, 1, 4)
        return cls.beginning(date(year, 3 * quarter - 2, 1), Granularity.QUARTER, zone)

    @classmethod
    def season(cls, year: int, season: Season, zone: str) -> Self:
        """Return the season that begins in a year; winter runs into the next."""
        return cls.beginning(date(year, season.value, 1), Granularity.SEASON, zone)

    @classmethod
    def year(cls, year: int, zone: str) -> Self:
        """Return a calendar year."""
        return cls.beginning(date(year, 1, 1), Granularity.YEAR, zone)

    @classmethod
    def gas_day(cls, day: date, zone: str, *, start_hour: int = GAS_DAY_START_HOUR) -> Self:
        """Return the gas day named after the local date on which it begins.

        >>> DeliveryPeriod.gas_day(date(2026, 3, 28), "Europe/Berlin").hours
        Fraction(23, 1)
        """
        return cls.beginning(day, Granularity.GAS_DAY, zone, start_hour=start_hour)

    @classmethod
    def gas_month(
        cls, year: int, month: int, zone: str, *, start_hour: int = GAS_DAY_START_HOUR
    ) -> Self:
        """Return the month of gas days that begin in a calendar month."""
        return cls.beginning(
            date(year, month, 1), Granularity.GAS_MONTH, zone, start_hour=start_hour
        )

    @classmethod
    def gas_year(cls, year: int, zone: str, *, start_hour: int = GAS_DAY_START_HOUR) -> Self:
        """Return the gas year that begins on 1 October of a year."""
        return cls.beginning(date(year, 10, 1), Granularity.GAS_YEAR, zone, start_hour=start_hour)

    # Length and place.

    @property
    def minutes(self) -> int:
        """Return the length in minutes."""
        return (self.end - self.start) // NS_PER_MINUTE

    @property
    def slots(self) -> int:
        """Return the length in five-minute slots."""
        return (self.end - self.start) // SLOT_NS

    @property
    def hours(self) -> Fraction:
        """Return the length in hours, exactly."""
        return Fraction(self.minutes, 60)

    @property
    def local_start(self) -> datetime:
        """Return the start as the zone's clocks show it."""
        return to_local(self.start, self.zone)

    @property
    def local_end(self) -> datetime:
        """Return the end, exclusive, as the zone's clocks show it."""
        return to_local(self.end, self.zone)

    @property
    def granularity(self) -> Granularity:
        """Return the granularity whose grid holds exactly this period, BLOCK when none does."""
        return granularity_of(self.start, self.end, self.zone)

    def __rtruediv__(self, energy: Energy) -> Power:
        """Return the average power of an energy over this period: `energy / period`."""
        return Power.average(energy, self) if isinstance(energy, Energy) else NotImplemented

    # Text.

    @property
    def label(self) -> str:
        """Return the name people use; `parse(label, zone)` reads it back.

        >>> DeliveryPeriod.hour(date(2017, 10, 29), 2, "Europe/Berlin").label
        '2017-10-29 02:00 CEST'
        >>> DeliveryPeriod.hour(date(2017, 10, 29), 3, "Europe/Berlin").label
        '2017-10-29 02:00 CET'
        """
        return write_label(self.start, self.end, self.zone)

    @property
    def key(self) -> str:
        """Return the text for machines: sorts by time, and is a valid identifier.

        >>> DeliveryPeriod.day(date(2026, 3, 29), "Europe/Berlin").key
        '20260328T2300Z/20260329T2200Z/Europe/Berlin'
        """
        start, end = to_datetime(self.start), to_datetime(self.end)
        return f"{start:{_KEY_FORMAT}}/{end:{_KEY_FORMAT}}/{self.zone}"

    @classmethod
    def parse(cls, text: str, zone: str | None = None) -> Self:
        """Read a key, or with a zone a label.

        Raises:
            ValueError: when the text is neither; a label without its zone says too little.
        """
        if zone is not None:
            start, end = read_label(text, zone)
            return cls(start, end, zone)
        try:
            first, last, key_zone = text.split("/", 2)
            return cls(_key_instant(first), _key_instant(last), key_zone)
        except ValueError as cause:
            raise ValueError(
                f"a delivery key looks like '20260328T2300Z/20260329T2200Z/Europe/Berlin' "
                f"(a label needs its zone beside it), found {text!r}: {cause}"
            ) from cause

    # Algebra.

    def split(self, granularity: Granularity) -> tuple[Self, ...]:
        """Cut into whole pieces of a granularity, in order; `merge` undoes it.

        Gas granularities step at the hour at which this period begins.

        Raises:
            ValueError: when the pieces would not fit exactly on the granularity's grid.
        """
        edges = cut(self.start, self.end, self.zone, granularity)
        return tuple(
            type(self)(UtcNs(start), UtcNs(end), self.zone) for start, end in pairwise(edges)
        )

    def overlap(self, other: DeliveryPeriod) -> DeliveryPeriod | None:
        """Return the stretch common to both, None when there is none.

        Raises:
            ValueError: when the zones differ; use `in_zone` to say whose clocks count.
        """
        self._require_same_zone(other)
        start, end = max(self.start, other.start), min(self.end, other.end)
        return DeliveryPeriod(start, end, self.zone) if start < end else None

    def overlaps(self, other: DeliveryPeriod) -> bool:
        """Say whether any instant belongs to both, whatever the zones."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: DeliveryPeriod | UtcNs) -> bool:
        """Say whether a period or an instant lies wholly inside, whatever the zones."""
        if isinstance(other, DeliveryPeriod):
            return self.start <= other.start and other.end <= self.end
        return self.start <= other < self.end

    def in_zone(self, zone: str) -> DeliveryPeriod:
        """Return the same stretch of time as another zone's clocks show it."""
        return attrs.evolve(self, zone=zone)

    def _require_same_zone(self, other: DeliveryPeriod) -> None:
        if self.zone != other.zone:
            raise ValueError(
                f"periods of one zone can be combined, found {self.zone} and {other.zone}; "
                "convert one with in_zone first"
            )

    def __repr__(self) -> str:
        return f"DeliveryPeriod({self.label}, {self.zone})"


def merge(periods: Iterable[DeliveryPeriod]) -> DeliveryPeriod:
    """Join periods that follow one another without gap or overlap, in any order given.

    Raises:
        ValueError: when there is none, when zones differ, or when two do not meet.
    """
    ordered = sorted(periods)
    if not ordered:
        raise ValueError("nothing to merge: give at least one period")
    for before, after in pairwise(ordered):
        before._require_same_zone(after)
        if before.end != after.start:
            raise ValueError(f"periods to merge must meet, found {before.key} and then {after.key}")
    return DeliveryPeriod(ordered[0].start, ordered[-1].end, ordered[0].zone)


def _zone_key(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError(f"delivery needs a zone, found the naive datetime {moment.isoformat()}")
    if isinstance(moment.tzinfo, ZoneInfo) and moment.tzinfo.key:
        return moment.tzinfo.key
    raise ValueError(f"{moment.isoformat()} has an offset but no IANA zone; name the market's zone")


def _existing_instant(moment: datetime) -> UtcNs:
    at = from_datetime(moment)
    shown = to_datetime(at).astimezone(moment.tzinfo)
    if shown.replace(tzinfo=None, fold=0) != moment.replace(tzinfo=None, fold=0):
        raise NonExistentLocalTime(
            f"the clocks of {moment.tzinfo} never show {moment:%Y-%m-%d %H:%M}: they jump over it"
        )
    return at


def _key_instant(text: str) -> UtcNs:
    return from_datetime(datetime.strptime(text, _KEY_FORMAT).replace(tzinfo=UTC))
