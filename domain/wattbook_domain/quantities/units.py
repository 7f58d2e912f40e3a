"""Decides the exact worth of each unit; which unit a market quotes in, its instrument says.

Sources: the International Table British thermal unit (1 Btu = 1055.05585262 J, ISO 31-4), the US
liquid gallon of 231 cubic inches (3.785411784 L, NIST Handbook 44), the IT calorie (4.1868 J)
behind the tonnes of oil and coal equivalent (IEA Energy Statistics Manual). The barrel of oil
equivalent is the fiscal 5.8 MMBtu (US Internal Revenue Service).
"""

from __future__ import annotations

from enum import Enum
from fractions import Fraction
from typing import Final

JOULES_PER_MWH: Final = 3_600_000_000
JOULES_PER_BTU: Final = Fraction("1055.05585262")
JOULES_PER_KILOCALORIE: Final = Fraction("4186.8")
LITRES_PER_US_GALLON: Final = Fraction("3.785411784")
US_GALLONS_PER_BARREL: Final = 42


class EnergyUnit(Enum):
    """A unit of energy; the value is its worth in joules, exactly."""

    JOULE = Fraction(1)
    KILOJOULE = Fraction(10**3)
    MEGAJOULE = Fraction(10**6)
    GIGAJOULE = Fraction(10**9)
    TERAJOULE = Fraction(10**12)
    KWH = Fraction(JOULES_PER_MWH, 1000)
    MWH = Fraction(JOULES_PER_MWH)
    GWH = Fraction(JOULES_PER_MWH * 1000)
    TWH = Fraction(JOULES_PER_MWH * 10**6)
    BTU = JOULES_PER_BTU
    THERM = JOULES_PER_BTU * 10**5
    MMBTU = JOULES_PER_BTU * 10**6
    TOE = JOULES_PER_KILOCALORIE * 10**7
    """Tonne of oil equivalent: ten million kilocalories, 41.868 GJ."""
    TCE = JOULES_PER_KILOCALORIE * 7 * 10**6
    """Tonne of coal equivalent: 7000 kcal/kg, 29.3076 GJ."""
    BOE = JOULES_PER_BTU * 5_800_000
    """Barrel of oil equivalent, fiscal: 5.8 MMBtu."""
    COAL_TONNE_6000 = JOULES_PER_KILOCALORIE * 6 * 10**6
    """Tonne of API2 or API4 coal, 6000 kcal/kg net as received: 25.1208 GJ."""

    @property
    def mwh(self) -> Fraction:
        """Return the worth of one unit in megawatt-hours.

        >>> EnergyUnit.THERM.mwh * 1000 == Fraction("29.30710701722222222") + Fraction(
        ...     2, 9 * 10**17
        ... )
        True
        """
        return self.value / JOULES_PER_MWH

    def per(self, other: EnergyUnit) -> Fraction:
        """Return how many of this unit make one of the `other`: `MMBTU.per(MWH)` is 3.4121..."""
        return other.value / self.value


class VolumeUnit(Enum):
    """A unit of liquid volume; the value is its worth in litres, exactly."""

    LITRE = Fraction(1)
    CUBIC_METRE = Fraction(1000)
    US_GALLON = LITRES_PER_US_GALLON
    BARREL = LITRES_PER_US_GALLON * US_GALLONS_PER_BARREL

    def per(self, other: VolumeUnit) -> Fraction:
        """Return how many of this unit make one of the `other`: `US_GALLON.per(BARREL)` is 42."""
        return other.value / self.value
