"""Power, energy, price, money, volume and emission as distinct exact types.

A quantity carries a `Fraction`, so that sums, unit conversions and splits lose nothing; a float is
refused where it would enter. Numbers leave by named rounding to `Decimal`.
"""

from wattbook_domain.quantities.duration import Duration
from wattbook_domain.quantities.emission import Emission, EmissionFactor, EmissionPrice
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.exact import Exact, Scalar, exact
from wattbook_domain.quantities.exchange import ExchangeRate
from wattbook_domain.quantities.heat import CalorificRatio, HeatingValue, HeatRate
from wattbook_domain.quantities.money import Currency, Money
from wattbook_domain.quantities.power import HasMinutes, Power
from wattbook_domain.quantities.price import Price
from wattbook_domain.quantities.rounding import Rounding, exact_decimal, round_fraction, round_steps
from wattbook_domain.quantities.units import EnergyUnit, VolumeUnit
from wattbook_domain.quantities.volume import Volume, VolumePrice

__all__ = [
    "CalorificRatio",
    "Currency",
    "Duration",
    "Emission",
    "EmissionFactor",
    "EmissionPrice",
    "Energy",
    "EnergyUnit",
    "Exact",
    "ExchangeRate",
    "HasMinutes",
    "HeatRate",
    "HeatingValue",
    "Money",
    "Power",
    "Price",
    "Rounding",
    "Scalar",
    "Volume",
    "VolumePrice",
    "VolumeUnit",
    "exact",
    "exact_decimal",
    "round_fraction",
    "round_steps",
]
