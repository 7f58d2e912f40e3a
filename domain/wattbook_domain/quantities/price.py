"""Decides what an energy price is: an exact amount of money per megawatt-hour, of any sign.

Quotes in other units (pence a therm, dollars a million Btu) enter and leave exactly. A price in
ticks belongs to its instrument.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Self, overload

import attrs

from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.exact import Exact, Scalar, exact
from wattbook_domain.quantities.money import Currency, Monetary, Money
from wattbook_domain.quantities.rounding import Rounding, round_fraction
from wattbook_domain.quantities.units import EnergyUnit


@attrs.frozen(repr=False)
class Price(Monetary):
    """Money per MWh; zero and negative prices are ordinary. `price * energy` is `Money`."""

    @classmethod
    def of(cls, amount: Exact, currency: Currency, per: EnergyUnit = EnergyUnit.MWH) -> Self:
        """Build from a quote per any unit of energy, exactly.

        >>> Price.of(10, Currency.USD, EnergyUnit.MMBTU).rounded(places=6)
        Decimal('34.121416')
        """
        return cls(exact("price", amount) / per.mwh, currency)

    @classmethod
    def of_minor(cls, amount: Exact, currency: Currency, per: EnergyUnit = EnergyUnit.MWH) -> Self:
        """Build from a quote in the currency's minor unit: pence a therm, cents a kWh."""
        return cls.of(exact("price", amount) / 10**currency.minor_digits, currency, per)

    def per(self, unit: EnergyUnit) -> Fraction:
        """Return the amount of money per another unit of energy, exactly."""
        return self.amount * unit.mwh

    def rounded(
        self,
        *,
        places: int = 2,
        unit: EnergyUnit = EnergyUnit.MWH,
        rounding: Rounding = Rounding.HALF_EVEN,
    ) -> Decimal:
        """Return the amount per `unit` as a decimal."""
        return round_fraction(self.per(unit), places=places, rounding=rounding)

    @overload  # type: ignore[override]
    def __mul__(self, other: Energy) -> Money: ...
    @overload
    def __mul__(self, other: Scalar) -> Self: ...
    def __mul__(self, other: Energy | Scalar) -> Money | Self:
        if isinstance(other, Energy):
            return Money(self.amount * other.mwh, self.currency)
        return super().__mul__(other)

    @overload
    def __rmul__(self, other: Energy) -> Money: ...
    @overload
    def __rmul__(self, other: Scalar) -> Self: ...
    def __rmul__(self, other: Energy | Scalar) -> Money | Self:
        return self.__mul__(other)

    def __repr__(self) -> str:
        return f"Price({self.amount} {self.currency}/MWh)"
