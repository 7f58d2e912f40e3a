"""Decides how fuel relates to power: heat rate, and the net to gross calorific ratio of a gas.

A heat rate is a property of a plant and the ratio a property of a gas on a date; both are given,
never assumed.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Self

import attrs

from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.exact import Exact, as_exact, exact
from wattbook_domain.quantities.price import Price
from wattbook_domain.quantities.units import EnergyUnit


class HeatingValue(StrEnum):
    """Whether a fuel's energy counts the latent heat of the water it forms."""

    NET = "net"
    """Lower heating value, as power plants and carbon rules use."""
    GROSS = "gross"
    """Higher heating value, as gas hubs quote."""


@attrs.frozen(order=True)
class HeatRate:
    """Fuel energy burnt per energy sent out; the reciprocal of efficiency, at least 1."""

    fuel_per_power: Fraction = attrs.field(converter=as_exact)

    @fuel_per_power.validator
    def _at_least_one(self, _: object, value: Fraction) -> None:
        if value < 1:
            raise ValueError(f"a heat rate must be at least 1 (efficiency 100 %), found {value}")

    @classmethod
    def of_efficiency(cls, efficiency: Exact) -> Self:
        """Build from an efficiency between 0, exclusive, and 1."""
        share = exact("efficiency", efficiency)
        if not 0 < share <= 1:
            raise ValueError(f"efficiency must lie above 0 and up to 1, found {efficiency}")
        return cls(1 / share)

    @classmethod
    def of_mmbtu_per_mwh(cls, amount: Exact) -> Self:
        """Build from MMBtu of fuel per MWh sent out; 3.412141633128 is lossless."""
        return cls(exact("heat rate", amount) * EnergyUnit.MMBTU.mwh)

    @classmethod
    def of_btu_per_kwh(cls, amount: Exact) -> Self:
        """Build from Btu of fuel per kWh sent out, as US plants quote."""
        return cls.of_mmbtu_per_mwh(exact("heat rate", amount) / 1000)

    @property
    def efficiency(self) -> Fraction:
        """Return energy sent out per fuel energy burnt."""
        return 1 / self.fuel_per_power

    @property
    def mmbtu_per_mwh(self) -> Fraction:
        """Return MMBtu of fuel per MWh sent out."""
        return self.fuel_per_power / EnergyUnit.MMBTU.mwh

    @property
    def btu_per_kwh(self) -> Fraction:
        """Return Btu of fuel per kWh sent out."""
        return self.mmbtu_per_mwh * 1000

    def fuel_for(self, power_energy: Energy) -> Energy:
        """Return the fuel energy that sends out `power_energy`."""
        return power_energy * self.fuel_per_power

    def fuel_cost(self, fuel_price: Price) -> Price:
        """Return the fuel cost per MWh sent out, for a fuel price on the plant's heating value."""
        return fuel_price * self.fuel_per_power


@attrs.frozen
class CalorificRatio:
    """Net over gross calorific value of one gas from a date on; about 0.901 to 0.903 for H-gas."""

    net_per_gross: Fraction = attrs.field(converter=as_exact)
    valid_from: date

    @net_per_gross.validator
    def _below_one(self, _: object, value: Fraction) -> None:
        if not 0 < value <= 1:
            raise ValueError(f"net over gross must lie above 0 and up to 1, found {value}")

    def to_net(self, gross: Energy) -> Energy:
        """Return the net energy of a gross quantity of gas."""
        return gross * self.net_per_gross

    def to_gross(self, net: Energy) -> Energy:
        """Return the gross energy of a net quantity of gas."""
        return net / self.net_per_gross

    def price_on_net(self, price_on_gross: Price) -> Price:
        """Return the price per net MWh of a hub price per gross MWh: the same gas, fewer MWh."""
        return price_on_gross / self.net_per_gross
