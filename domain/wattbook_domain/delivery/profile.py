"""Decides in which hours of a period a product delivers, and at what share of its power.

Base is every hour. Peak is what the market's calendar says; off-peak is exactly the rest. Block and
shaped profiles bring hours of their own. How much power there is, a schedule says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from enum import Enum
from fractions import Fraction
from typing import ClassVar, Final, Self

import attrs

from wattbook_domain.delivery.calendars import HourWindow, MarketCalendar, require_disjoint
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.quantities.exact import Exact, exact

_WHOLE: Final = Fraction(1)
_Stretch = tuple[UtcNs, UtcNs, Fraction]


class ProfileKind(Enum):
    """What decides the hours of a profile."""

    BASE = "base"
    PEAK = "peak"
    OFF_PEAK = "off_peak"
    BLOCK = "block"
    SHAPED = "shaped"


@attrs.frozen
class ShapeBand:
    """An hour window and the share of the product's power that it delivers."""

    window: HourWindow
    share: Fraction


@attrs.frozen
class DeliveryProfile:
    """The hours of a product. Use BASE, PEAK, OFF_PEAK, or build one by `block` or `shaped`."""

    kind: ProfileKind
    name: str
    bands: tuple[ShapeBand, ...] = ()

    BASE: ClassVar[DeliveryProfile]
    PEAK: ClassVar[DeliveryProfile]
    OFF_PEAK: ClassVar[DeliveryProfile]

    def __attrs_post_init__(self) -> None:
        brings_bands = self.kind in (ProfileKind.BLOCK, ProfileKind.SHAPED)
        if brings_bands != bool(self.bands):
            rule = "needs hour windows" if brings_bands else "takes its hours from the calendar"
            raise ValueError(f"a {self.kind.value} profile {rule}, found {len(self.bands)} of them")
        if self.kind is ProfileKind.BLOCK and any(band.share != 1 for band in self.bands):
            raise ValueError("a block delivers its full power; use a shaped profile for shares")
        require_disjoint(tuple(band.window for band in self.bands))

    @classmethod
    def block(cls, name: str, *windows: HourWindow) -> Self:
        """Build a profile that delivers full power in given windows of the local clock.

        >>> evening = DeliveryProfile.block("evening", HourWindow.of("18:00", "22:00"))
        """
        bands = tuple(ShapeBand(window, _WHOLE) for window in windows)
        return cls(ProfileKind.BLOCK, name, bands)

    @classmethod
    def shaped(cls, name: str, shares: Iterable[tuple[HourWindow, Exact]]) -> Self:
        """Build a profile that delivers a share of its power, of any sign, in each window."""
        bands = tuple(ShapeBand(window, exact("share", share)) for window, share in shares)
        return cls(ProfileKind.SHAPED, name, bands)

    def shares(
        self, period: DeliveryPeriod, calendar: MarketCalendar
    ) -> tuple[tuple[DeliveryPeriod, Fraction], ...]:
        """Return the longest stretches of equal share within a period, in order.

        Time outside every window is absent, not zero.

        Raises:
            ValueError: when the period's zone is not the calendar's.
        """
        if period.zone != calendar.zone:
            raise ValueError(
                f"calendar {calendar.name} counts hours in {calendar.zone}, found a period in "
                f"{period.zone}; convert it with in_zone first"
            )
        return tuple(
            (DeliveryPeriod(start, end, period.zone), share)
            for start, end, share in _joined(self._stretches(period, calendar))
        )

    def intervals(
        self, period: DeliveryPeriod, calendar: MarketCalendar
    ) -> tuple[DeliveryPeriod, ...]:
        """Return the longest stretches of delivery within a period, in order."""
        merged = _joined((p.start, p.end, _WHOLE) for p, _ in self.shares(period, calendar))
        return tuple(DeliveryPeriod(start, end, period.zone) for start, end, _ in merged)

    def minutes(self, period: DeliveryPeriod, calendar: MarketCalendar) -> int:
        """Return the minutes of delivery within a period."""
        return sum(interval.minutes for interval in self.intervals(period, calendar))

    def hours(self, period: DeliveryPeriod, calendar: MarketCalendar) -> Fraction:
        """Return the hours of delivery within a period, exactly; shares do not count."""
        return Fraction(self.minutes(period, calendar), 60)

    def _stretches(self, period: DeliveryPeriod, calendar: MarketCalendar) -> Iterator[_Stretch]:
        if self.kind is ProfileKind.BASE:
            return iter(((period.start, period.end, _WHOLE),))
        if self.kind is ProfileKind.PEAK:
            return _open(_peak_bands(calendar), period, calendar)
        if self.kind is ProfileKind.OFF_PEAK:
            return _gaps(_open(_peak_bands(calendar), period, calendar), period)
        return _open(self.bands, period, calendar)


DeliveryProfile.BASE = DeliveryProfile(ProfileKind.BASE, "base")
DeliveryProfile.PEAK = DeliveryProfile(ProfileKind.PEAK, "peak")
DeliveryProfile.OFF_PEAK = DeliveryProfile(ProfileKind.OFF_PEAK, "off-peak")


def _peak_bands(calendar: MarketCalendar) -> tuple[ShapeBand, ...]:
    return tuple(ShapeBand(window, _WHOLE) for window in calendar.peak)


def _open(
    bands: tuple[ShapeBand, ...], period: DeliveryPeriod, calendar: MarketCalendar
) -> Iterator[_Stretch]:
    """Yield the parts of a period that lie in an open band, day by day, in order."""
    ordered = sorted(bands, key=lambda band: band.window.from_minute)
    day, last = period.local_start.date(), period.local_end.date()
    while day <= last:
        for band in ordered:
            if not calendar.applies(band.window, day):
                continue
            instants = band.window.on(day, period.zone)
            if instants is None:
                continue
            start, end = max(instants[0], period.start), min(instants[1], period.end)
            if start < end:
                yield start, end, band.share
        day += timedelta(days=1)


def _gaps(stretches: Iterator[_Stretch], period: DeliveryPeriod) -> Iterator[_Stretch]:
    """Yield what stretches in order leave of a period."""
    reached = period.start
    for start, end, _ in stretches:
        if reached < start:
            yield reached, start, _WHOLE
        reached = end
    if reached < period.end:
        yield reached, period.end, _WHOLE


def _joined(stretches: Iterable[_Stretch]) -> Iterator[_Stretch]:
    """Yield stretches in order, those that meet with equal share made one."""
    pending: _Stretch | None = None
    for start, end, share in stretches:
        if pending is not None and pending[1] == start and pending[2] == share:
            pending = (pending[0], end, share)
            continue
        if pending is not None:
            yield pending
        pending = (start, end, share)
    if pending is not None:
        yield pending
