"""Decides what power is: an exact number of megawatts, signed by direction of delivery.

Power becomes energy only over a length of time that is given; there is no implied hour.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Protocol, Self, overload

import attrs

from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.exact import Exact, as_exact, exact
from wattbook_domain.quantities.linear import Linear
from wattbook_domain.quantities.rounding import Rounding, round_fraction, round_whole


class HasMinutes(Protocol):
    """Anything with a length in whole minutes: a duration, a delivery period."""

    @property
    def minutes(self) -> int:
        """Return the length in minutes."""
        ...


@attrs.frozen(repr=False)
class Power(Linear):
    """Power, exact. `power.over(period)` is `Energy`; power times price has no meaning here."""

    mw: Fraction = attrs.field(converter=as_exact)

    @classmethod
    def of_mw(cls, amount: Exact) -> Self:
        """Build from megawatts."""
        return cls(exact("power", amount))

    @classmethod
    def of_kw(cls, amount: Exact) -> Self:
        """Build from kilowatts."""
        return cls(exact("power", amount) / 1000)

    @classmethod
    def average(cls, energy: Energy, duration: HasMinutes) -> Self:
        """Return the constant power that delivers `energy` over `duration`."""
        return cls(energy.mwh * 60 / _positive_minutes(duration.minutes))

    @classmethod
    def zero(cls) -> Self:
        """Return no power: a start for `sum`."""
        return cls(Fraction(0))

    @property
    def kw(self) -> Fraction:
        """Return kilowatts."""
        return self.mw * 1000

    @property
    def whole_kw(self) -> int:
        """Return kilowatts as the integer that columns and limits carry.

        Raises:
            ValueError: when the power is not a whole number of kilowatts.
        """
        return round_whole(self.kw, Rounding.EXACT)

    @overload
    def over(self, duration: HasMinutes) -> Energy: ...
    @overload
    def over(self, *, minutes: int) -> Energy: ...
    def over(self, duration: HasMinutes | None = None, *, minutes: int | None = None) -> Energy:
        """Return the energy of constant power over a length of time.

        >>> Power.of_mw(10).over(minutes=15)
        Energy(5/2 MWh)

        Raises:
            TypeError: unless exactly one length is given.
            ValueError: when the length is not positive.
        """
        if (duration is None) == (minutes is None):
            raise TypeError("give power either a duration or minutes, exactly one of them")
        length = minutes if duration is None else duration.minutes
        return Energy(self.mw * _positive_minutes(length) / 60)

    def rounded(self, *, places: int = 3, rounding: Rounding = Rounding.HALF_EVEN) -> Decimal:
        """Return megawatts as a decimal; three places are whole kilowatts."""
        return round_fraction(self.mw, places=places, rounding=rounding)

    @property
    def _magnitude(self) -> Fraction:
        return self.mw

    def _like(self, magnitude: Fraction) -> Self:
        return type(self)(magnitude)

    def __repr__(self) -> str:
        return f"Power({self.mw} MW)"


def _positive_minutes(minutes: int | None) -> int:
    if isinstance(minutes, bool) or not isinstance(minutes, int):
        raise TypeError(f"minutes must be an integer, found {type(minutes).__name__} {minutes!r}")
    if minutes <= 0:
        raise ValueError(f"minutes must be positive, found {minutes}")
    return minutes
