"""Two real days of the German day-ahead auction, and what a battery of 1 MW / 2 MWh earns in them.

Prices: EPEX DE, Lago et al. (2021), Zenodo 4624805, CC BY 4.0. The values were found with HiGHS as
a mixed-integer programme and, for the linear part, with Clarabel.
"""

from __future__ import annotations

from datetime import date

from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.portfolio.assets import Battery
from wattbook_domain.portfolio.horizon import Horizon, PriceStrip
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.exact import Exact
from wattbook_domain.quantities.money import Currency
from wattbook_domain.quantities.power import Power
from wattbook_domain.quantities.price import Price

SPIKE = [
    "57.01",
    "51.04",
    "53.05",
    "48.82",
    "51.52",
    "56.06",
    "91.21",
    "163.52",
    "153.67",
    "150.1",
    "151.07",
    "135",
    "121.58",
    "117.68",
    "112.21",
    "117.18",
    "120",
    "131.01",
    "138.91",
    "113.8",
    "109.92",
    "78.98",
    "66.17",
    "56.61",
]
"""24 January 2017, a cold and windless day."""

NEGATIVE = [
    "-79.94",
    "-83",
    "-83.03",
    "-83.03",
    "-83.04",
    "-83.02",
    "-83.01",
    "-80",
    "-79.96",
    "-76.02",
    "-67.08",
    "-81.95",
    "-67.07",
    "-80.07",
    "-79.95",
    "-76.06",
    "-.92",
    "8.51",
    "27.62",
    "29.77",
    "22.06",
    "17",
    "12.44",
    "-70.05",
]
"""29 October 2017, a storm; the source has 24 rows for the day of 25 hours."""

BERLIN = "Europe/Berlin"


def hourly(count: int, day: date = date(2017, 1, 24)) -> Horizon:
    """The first hours of a local day of at least that length."""
    return Horizon(tuple(DeliveryPeriod.hour(day, index, BERLIN) for index in range(count)))


def strip(amounts: list[str], granularity: Granularity = Granularity.HOUR) -> PriceStrip:
    horizon = hourly(len(amounts))
    if granularity is Granularity.HOUR:
        return PriceStrip.of(horizon, amounts, Currency.EUR)
    pieces = [interval.split(granularity) for interval in horizon.intervals]
    repeated = [a for a, piece in zip(amounts, pieces, strict=True) for _ in piece]
    fine = Horizon(tuple(interval for piece in pieces for interval in piece))
    return PriceStrip.of(fine, repeated, Currency.EUR)


def battery(
    *,
    power_mw: Exact = 1,
    capacity_mwh: Exact = 2,
    efficiency: Exact = "0.95",
    wear: Exact = 0,
    cap_mwh: Exact | None = None,
    initial_mwh: Exact = 0,
    final_mwh: Exact | None = 0,
) -> Battery:
    return Battery(
        asset_id="B1",
        charge_power=Power.of_mw(power_mw),
        discharge_power=Power.of_mw(power_mw),
        capacity=Energy.of_mwh(capacity_mwh),
        charge_efficiency=efficiency,
        discharge_efficiency=efficiency,
        initial_energy=Energy.of_mwh(initial_mwh),
        final_energy=None if final_mwh is None else Energy.of_mwh(final_mwh),
        wear_cost=Price.of(wear, Currency.EUR),
        discharge_cap_per_day=None if cap_mwh is None else Energy.of_mwh(cap_mwh),
    )
