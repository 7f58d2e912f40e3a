"""Decides at which local hour the gas day of each hub begins: a table, and periods built from it.

European Union: 05:00 UTC in winter and 04:00 in summer, which is 06:00 in Central Europe and 05:00
in Great Britain (Regulation (EU) 984/2013; National Grid kept it after leaving the Union). North
America: 09:00 Central (NAESB Standard 1.3.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

import attrs

from wattbook_domain.delivery.granularity import Granularity, Season
from wattbook_domain.delivery.period import GAS_DAY_START_HOUR, DeliveryPeriod
from wattbook_domain.delivery.zones import zone_info
from wattbook_domain.foundation.bounds import require_within


@attrs.frozen
class GasMarket:
    """A gas hub's clock: the zone and the local hour at which its gas day begins."""

    hub: str
    zone: str
    start_hour: int = GAS_DAY_START_HOUR

    def __attrs_post_init__(self) -> None:
        zone_info(self.zone)
        require_within("gas day start hour", self.start_hour, 1, 23)

    def day(self, day: date) -> DeliveryPeriod:
        """Return the gas day that begins on a local date."""
        return self.beginning(day, Granularity.GAS_DAY)

    def weekend(self, saturday: date) -> DeliveryPeriod:
        """Return the two gas days that begin on a Saturday and its Sunday."""
        return self.beginning(saturday, Granularity.GAS_WEEKEND)

    def month(self, year: int, month: int) -> DeliveryPeriod:
        """Return the month of gas days."""
        return self.beginning(date(year, month, 1), Granularity.GAS_MONTH)

    def quarter(self, year: int, quarter: int) -> DeliveryPeriod:
        """Return the quarter of gas days, 1 to 4."""
        require_within("quarter", quarter, 1, 4)
        return self.beginning(date(year, 3 * quarter - 2, 1), Granularity.GAS_QUARTER)

    def season(self, year: int, season: Season) -> DeliveryPeriod:
        """Return the season of gas days that begins in a year."""
        return self.beginning(date(year, season.value, 1), Granularity.GAS_SEASON)

    def calendar_year(self, year: int) -> DeliveryPeriod:
        """Return the calendar year of gas days, from 1 January."""
        return self.beginning(date(year, 1, 1), Granularity.GAS_CALENDAR_YEAR)

    def year(self, year: int) -> DeliveryPeriod:
        """Return the gas year that begins on 1 October of a year."""
        return self.beginning(date(year, 10, 1), Granularity.GAS_YEAR)

    def balance_of_month(self, first: date) -> DeliveryPeriod:
        """Return the gas days from a date to the end of its month."""
        month = self.month(first.year, first.month)
        return DeliveryPeriod(self.day(first).start, month.end, self.zone)

    def beginning(self, day: date, granularity: Granularity) -> DeliveryPeriod:
        """Return the gas period of a granularity that begins on a local date."""
        return DeliveryPeriod.beginning(day, granularity, self.zone, start_hour=self.start_hour)


TTF: Final = GasMarket("TTF", "Europe/Amsterdam")
THE: Final = GasMarket("THE", "Europe/Berlin")
NBP: Final = GasMarket("NBP", "Europe/London", 5)
PEG: Final = GasMarket("PEG", "Europe/Paris")
ZTP: Final = GasMarket("ZTP", "Europe/Brussels")
PSV: Final = GasMarket("PSV", "Europe/Rome")
PVB: Final = GasMarket("PVB", "Europe/Madrid")
CEGH: Final = GasMarket("CEGH", "Europe/Vienna")
HENRY_HUB: Final = GasMarket("HENRY-HUB", "America/Chicago", 9)

GAS_MARKETS: Final[Mapping[str, GasMarket]] = MappingProxyType(
    {market.hub: market for market in (TTF, THE, NBP, PEG, ZTP, PSV, PVB, CEGH, HENRY_HUB)}
)
