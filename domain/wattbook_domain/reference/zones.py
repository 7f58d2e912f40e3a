"""Decides which areas have one power price, under which code, and from when until when.

Borders between prices move. A zone therefore carries the delivery dates for which it is valid,
and `price_zone` asks for a date: Germany before October 2018 was one zone with Austria.

Codes are the public Y-codes of ENTSO-E (EIC); check characters are the affair of the regulator's
code rules, which the tests run over this table.
"""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import Final

import attrs


@attrs.frozen(kw_only=True)
class BiddingZone:
    """An area with one power price.

    Attributes:
        code: the short name traders use, unique.
        eic: the Energy Identification Code of the area.
        zone: the IANA key of its market time.
        countries: ISO 3166 codes of the countries it covers, wholly or in part.
        valid_from: first local delivery date; `None` when it is older than this table.
        valid_until: the first local delivery date on which it is valid no more, exclusive; `None`
            while no end is known.
    """

    code: str
    eic: str
    zone: str
    countries: tuple[str, ...]
    valid_from: date | None = None
    valid_until: date | None = None

    def is_valid_on(self, delivery_day: date) -> bool:
        """Say whether the zone has a price for deliveries on a local date."""
        return (self.valid_from is None or self.valid_from <= delivery_day) and (
            self.valid_until is None or delivery_day < self.valid_until
        )


# Code, EIC, market time, countries, and where known the first delivery day and the end, exclusive.
# DE-AT-LU was split for deliveries from 1 October 2018; Calabria became a zone on 1 January 2021.
_TABLE: Final = """
AT        10YAT-APG------L Europe/Vienna       AT         2018-10-01
BE        10YBE----------2 Europe/Brussels     BE
BG        10YCA-BULGARIA-R Europe/Sofia        BG
CH        10YCH-SWISSGRIDZ Europe/Zurich       CH
CZ        10YCZ-CEPS-----N Europe/Prague       CZ
DE-AT-LU  10Y1001A1001A63L Europe/Berlin       DE,AT,LU   .          2018-10-01
DE-LU     10Y1001A1001A82H Europe/Berlin       DE,LU      2018-10-01
DK1       10YDK-1--------W Europe/Copenhagen   DK
DK2       10YDK-2--------M Europe/Copenhagen   DK
EE        10Y1001A1001A39I Europe/Tallinn      EE
ES        10YES-REE------0 Europe/Madrid       ES
FI        10YFI-1--------U Europe/Helsinki     FI
FR        10YFR-RTE------C Europe/Paris        FR
GB        10YGB----------A Europe/London       GB
GR        10YGR-HTSO-----Y Europe/Athens       GR
HR        10YHR-HEP------M Europe/Zagreb       HR
HU        10YHU-MAVIR----U Europe/Budapest     HU
IE-SEM    10Y1001A1001A59C Europe/Dublin       IE,GB
IT-NORD   10Y1001A1001A73I Europe/Rome         IT
IT-CNOR   10Y1001A1001A70O Europe/Rome         IT
IT-CSUD   10Y1001A1001A71M Europe/Rome         IT
IT-SUD    10Y1001A1001A788 Europe/Rome         IT
IT-CALA   10Y1001C--00096J Europe/Rome         IT         2021-01-01
IT-SICI   10Y1001A1001A75E Europe/Rome         IT
IT-SARD   10Y1001A1001A74G Europe/Rome         IT
LT        10YLT-1001A0008Q Europe/Vilnius      LT
LV        10YLV-1001A00074 Europe/Riga         LV
NL        10YNL----------L Europe/Amsterdam    NL
NO1       10YNO-1--------2 Europe/Oslo         NO
NO2       10YNO-2--------T Europe/Oslo         NO
NO3       10YNO-3--------J Europe/Oslo         NO
NO4       10YNO-4--------9 Europe/Oslo         NO
NO5       10Y1001A1001A48H Europe/Oslo         NO
PL        10YPL-AREA-----S Europe/Warsaw       PL
PT        10YPT-REN------W Europe/Lisbon       PT
RO        10YRO-TEL------P Europe/Bucharest    RO
SE1       10Y1001A1001A44P Europe/Stockholm    SE
SE2       10Y1001A1001A45N Europe/Stockholm    SE
SE3       10Y1001A1001A46L Europe/Stockholm    SE
SE4       10Y1001A1001A47J Europe/Stockholm    SE
SI        10YSI-ELES-----O Europe/Ljubljana    SI
SK        10YSK-SEPS-----K Europe/Bratislava   SK
"""


def _zone(line: str) -> BiddingZone:
    code, eic, zone, countries, *dates = line.split()
    first, end = ([*dates, ".", "."])[:2]
    return BiddingZone(
        code=code,
        eic=eic,
        zone=zone,
        countries=tuple(countries.split(",")),
        valid_from=None if first == "." else date.fromisoformat(first),
        valid_until=None if end == "." else date.fromisoformat(end),
    )


BIDDING_ZONES: Final = MappingProxyType(
    {zone.code: zone for zone in map(_zone, _TABLE.strip().splitlines())}
)
"""Bidding zones by code."""

_BY_EIC: Final = MappingProxyType({zone.eic: zone for zone in BIDDING_ZONES.values()})


def bidding_zone(code: str) -> BiddingZone:
    """Return the zone of a code.

    Raises:
        ValueError: when the table has no such zone.
    """
    if code not in BIDDING_ZONES:
        raise ValueError(f"a bidding zone is one of {', '.join(BIDDING_ZONES)}, found {code!r}")
    return BIDDING_ZONES[code]


def bidding_zone_of_eic(eic: str) -> BiddingZone:
    """Return the zone of an EIC.

    Raises:
        ValueError: when the table has no such zone.
    """
    if eic not in _BY_EIC:
        raise ValueError(f"no bidding zone in the table has the EIC {eic!r}; add it with its dates")
    return _BY_EIC[eic]


def price_zone(country: str, delivery_day: date) -> BiddingZone:
    """Return the one zone that prices a country on a local delivery date.

    >>> price_zone("DE", date(2018, 9, 30)).code, price_zone("DE", date(2018, 10, 1)).code
    ('DE-AT-LU', 'DE-LU')

    Raises:
        ValueError: when the country has none on that date, or several, as Norway has.
    """
    found = [
        zone
        for zone in BIDDING_ZONES.values()
        if country in zone.countries and zone.is_valid_on(delivery_day)
    ]
    if len(found) != 1:
        names = ", ".join(zone.code for zone in found) or "none"
        raise ValueError(
            f"{country} must have one bidding zone on {delivery_day}, found {names}; "
            "name the zone by its code"
        )
    return found[0]
