"""Decides what a volume of oil or product is, and its price: litres and money per litre, exact.

Products quote in dollars a gallon, crude in dollars a barrel; a crack spread needs one unit.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Self, overload

import attrs

from wattbook_domain.quantities.exact import Exact, Scalar, as_exact, exact
from wattbook_domain.quantities.linear import Linear
from wattbook_domain.quantities.money import Currency, Monetary, Money
from wattbook_domain.quantities.rounding import Rounding, round_fraction
from wattbook_domain.quantities.units import VolumeUnit


@attrs.frozen(repr=False)
class Volume(Linear):
    """A liquid volume, exact. `volume * volume_price` is `Money`."""

    litres: Fraction = attrs.field(converter=as_exact)

    @classmethod
    def of(cls, amount: Exact, unit: VolumeUnit) -> Self:
        """Build from an amount of any unit, exactly."""
        return cls(exact("volume", amount) * unit.value)

    def to(self, unit: VolumeUnit) -> Fraction:
        """Return the amount in another unit, exactly."""
        return self.litres / unit.value

    @property
    def _magnitude(self) -> Fraction:
        return self.litres

    def _like(self, magnitude: Fraction) -> Self:
        return type(self)(magnitude)

    def __repr__(self) -> str:
        return f"Volume({self.litres} L)"


@attrs.frozen(repr=False)
class VolumePrice(Monetary):
    """Money per litre, exact."""

    @classmethod
    def of(cls, amount: Exact, currency: Currency, per: VolumeUnit) -> Self:
        """Build from a quote per any unit of volume, exactly."""
        return cls(exact("price", amount) / per.value, currency)

    def per(self, unit: VolumeUnit) -> Fraction:
        """Return the amount of money per another unit of volume, exactly."""
        return self.amount * unit.value

    def rounded(
        self, unit: VolumeUnit, *, places: int = 2, rounding: Rounding = Rounding.HALF_EVEN
    ) -> Decimal:
        """Return the amount per `unit` as a decimal."""
        return round_fraction(self.per(unit), places=places, rounding=rounding)

    @overload  # type: ignore[override]
    def __mul__(self, other: Volume) -> Money: ...
    @overload
    def __mul__(self, other: Scalar) -> Self: ...
    def __mul__(self, other: Volume | Scalar) -> Money | Self:
        if isinstance(other, Volume):
            return Money(self.amount * other.litres, self.currency)
        return super().__mul__(other)

    @overload
    def __rmul__(self, other: Volume) -> Money: ...
    @overload
    def __rmul__(self, other: Scalar) -> Self: ...
    def __rmul__(self, other: Volume | Scalar) -> Money | Self:
        return self.__mul__(other)

    def __repr__(self) -> str:
        return f"VolumePrice({self.amount} {self.currency}/L)"
