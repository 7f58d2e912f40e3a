"""Decides what energy is: an exact number of megawatt-hours, signed by direction of delivery."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Self

import attrs

from wattbook_domain.quantities.exact import Exact, as_exact, exact
from wattbook_domain.quantities.linear import Linear
from wattbook_domain.quantities.rounding import Rounding, round_fraction
from wattbook_domain.quantities.units import EnergyUnit


@attrs.frozen(repr=False)
class Energy(Linear):
    """Energy, exact. `energy * price` is `Money`, `energy / duration` is `Power`."""

    mwh: Fraction = attrs.field(converter=as_exact)

    @classmethod
    def of(cls, amount: Exact, unit: EnergyUnit = EnergyUnit.MWH) -> Self:
        """Build from an amount of any unit, exactly."""
        return cls(exact("energy", amount) * unit.mwh)

    @classmethod
    def of_mwh(cls, amount: Exact) -> Self:
        """Build from megawatt-hours."""
        return cls(exact("energy", amount))

    @classmethod
    def zero(cls) -> Self:
        """Return no energy: a start for `sum`."""
        return cls(Fraction(0))

    def to(self, unit: EnergyUnit) -> Fraction:
        """Return the amount in another unit, exactly."""
        return self.mwh / unit.mwh

    def rounded(
        self,
        *,
        places: int = 3,
        unit: EnergyUnit = EnergyUnit.MWH,
        rounding: Rounding = Rounding.HALF_EVEN,
    ) -> Decimal:
        """Return the amount in `unit` as a decimal; three places of MWh are whole kWh."""
        return round_fraction(self.to(unit), places=places, rounding=rounding)

    @property
    def _magnitude(self) -> Fraction:
        return self.mwh

    def _like(self, magnitude: Fraction) -> Self:
        return type(self)(magnitude)

    def __repr__(self) -> str:
        return f"Energy({self.mwh} MWh)"
