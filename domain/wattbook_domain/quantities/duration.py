"""Decides what a bare length of time is: whole minutes. When it falls, a delivery period says."""

from __future__ import annotations

from fractions import Fraction
from typing import Self

import attrs

from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.exact import Exact, exact
from wattbook_domain.quantities.power import Power
from wattbook_domain.quantities.rounding import Rounding, round_whole


def _positive(_: object, attribute: attrs.Attribute[int], minutes: int) -> None:
    if isinstance(minutes, bool) or not isinstance(minutes, int):
        raise TypeError(f"{attribute.name} must be an integer, found {minutes!r}")
    if minutes <= 0:
        raise ValueError(f"{attribute.name} must be positive, found {minutes}")


@attrs.frozen(order=True)
class Duration:
    """A positive length of time in minutes, without a place on the calendar."""

    minutes: int = attrs.field(validator=_positive)

    @classmethod
    def of_hours(cls, hours: Exact) -> Self:
        """Build from hours that come to a whole number of minutes."""
        return cls(round_whole(exact("hours", hours) * 60, Rounding.EXACT))

    @property
    def hours(self) -> Fraction:
        """Return the length in hours, exactly."""
        return Fraction(self.minutes, 60)

    def __add__(self, other: Duration) -> Duration:
        if not isinstance(other, Duration):
            return NotImplemented
        return Duration(self.minutes + other.minutes)

    def __rtruediv__(self, energy: Energy) -> Power:
        """Return the average power of an energy over this length: `energy / duration`."""
        return Power.average(energy, self) if isinstance(energy, Energy) else NotImplemented
