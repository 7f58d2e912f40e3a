"""Decides what an emission is, its price, and the dated factor that turns fuel into emission."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Self, overload

import attrs

from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.exact import Exact, Scalar, as_exact, exact
from wattbook_domain.quantities.heat import HeatingValue, HeatRate
from wattbook_domain.quantities.linear import Linear
from wattbook_domain.quantities.money import Currency, Monetary, Money
from wattbook_domain.quantities.price import Price
from wattbook_domain.quantities.rounding import Rounding, round_fraction


@attrs.frozen(repr=False)
class Emission(Linear):
    """Tonnes of carbon dioxide equivalent, exact; one EU allowance covers one tonne."""

    tonnes: Fraction = attrs.field(converter=as_exact)

    @classmethod
    def of_tonnes(cls, amount: Exact) -> Self:
        """Build from tonnes."""
        return cls(exact("emission", amount))

    @classmethod
    def zero(cls) -> Self:
        """Return no emission: a start for `sum`."""
        return cls(Fraction(0))

    def rounded(self, *, places: int = 3, rounding: Rounding = Rounding.HALF_EVEN) -> Decimal:
        """Return tonnes as a decimal."""
        return round_fraction(self.tonnes, places=places, rounding=rounding)

    @property
    def _magnitude(self) -> Fraction:
        return self.tonnes

    def _like(self, magnitude: Fraction) -> Self:
        return type(self)(magnitude)

    def __repr__(self) -> str:
        return f"Emission({self.tonnes} t)"


@attrs.frozen(repr=False)
class EmissionPrice(Monetary):
    """Money per tonne, exact. `price * emission` is `Money`."""

    @classmethod
    def of(cls, amount: Exact, currency: Currency) -> Self:
        """Build from money per tonne."""
        return cls(exact("price", amount), currency)

    @overload  # type: ignore[override]
    def __mul__(self, other: Emission) -> Money: ...
    @overload
    def __mul__(self, other: Scalar) -> Self: ...
    def __mul__(self, other: Emission | Scalar) -> Money | Self:
        if isinstance(other, Emission):
            return Money(self.amount * other.tonnes, self.currency)
        return super().__mul__(other)

    @overload
    def __rmul__(self, other: Emission) -> Money: ...
    @overload
    def __rmul__(self, other: Scalar) -> Self: ...
    def __rmul__(self, other: Emission | Scalar) -> Money | Self:
        return self.__mul__(other)

    def __repr__(self) -> str:
        return f"EmissionPrice({self.amount} {self.currency}/t)"


@attrs.frozen
class EmissionFactor:
    """Tonnes emitted per MWh of fuel, on a stated heating value, from a date on.

    Natural gas is about 0.202 t/MWh net and 0.182 t/MWh gross: a factor without its heating value
    is wrong by a tenth, so there is none.
    """

    tonnes_per_mwh: Fraction = attrs.field(converter=as_exact)
    heating_value: HeatingValue
    valid_from: date

    @tonnes_per_mwh.validator
    def _not_negative(self, _: object, value: Fraction) -> None:
        if value < 0:
            raise ValueError(f"an emission factor must not be negative, found {value}")

    def of_fuel(self, fuel: Energy) -> Emission:
        """Return the emission of burning `fuel`, stated on this factor's heating value."""
        return Emission(fuel.mwh * self.tonnes_per_mwh)

    def cost_per_mwh(self, allowance: EmissionPrice, heat_rate: HeatRate) -> Price:
        """Return the carbon cost of one MWh sent out by a plant of this heat rate."""
        return Price(
            allowance.amount * self.tonnes_per_mwh * heat_rate.fuel_per_power, allowance.currency
        )
