"""Decides what a place of delivery and a place of pricing are; bidding zones are in `zones`."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

import attrs

from wattbook_domain.quantities.money import Currency

_EIC_FORM: Final = re.compile(r"[0-9]{2}[A-Z][0-9A-Z-]{13}")


def require_eic_form(eic: str) -> str:
    """Return `eic` when it has the form of one: 16 characters, office, type, body, check.

    Raises:
        ValueError: otherwise. The check character itself is judged where codes are reported.
    """
    if not _EIC_FORM.fullmatch(eic):
        raise ValueError(
            "an EIC is two digits, a capital, and thirteen digits, capitals or hyphens, "
            f"found {eic!r}"
        )
    return eic


@attrs.frozen(kw_only=True)
class DeliveryPoint:
    """A physical or virtual place at which energy changes hands."""

    eic: str = attrs.field(converter=require_eic_form)
    name: str


@attrs.frozen(kw_only=True)
class Hub:
    """A place where gas has a price.

    Attributes:
        code: the short name traders use, unique.
        zone: the IANA key of its market time.
        gas_day_start_hour: the local hour at which its gas day begins.
        delivery_point: its virtual trading point; `None` where it has no EIC in this table.
    """

    code: str
    name: str
    currency: Currency
    zone: str
    gas_day_start_hour: int
    delivery_point: DeliveryPoint | None = None


# The European gas day begins at 06:00 CET, which Great Britain follows at 05:00 local time
# (Regulation (EU) 984/2013); at Henry Hub it begins at 09:00 Central (NAESB 1.3.1).
HUBS: Final = MappingProxyType(
    {
        hub.code: hub
        for hub in (
            Hub(
                code="TTF",
                name="Title Transfer Facility",
                currency=Currency.EUR,
                zone="Europe/Amsterdam",
                gas_day_start_hour=6,
                delivery_point=DeliveryPoint(eic="21YNL----TTF---1", name="TTF"),
            ),
            Hub(
                code="THE",
                name="Trading Hub Europe",
                currency=Currency.EUR,
                zone="Europe/Berlin",
                gas_day_start_hour=6,
            ),
            Hub(
                code="NBP",
                name="National Balancing Point",
                currency=Currency.GBP,
                zone="Europe/London",
                gas_day_start_hour=5,
            ),
            Hub(
                code="HENRY-HUB",
                name="Henry Hub",
                currency=Currency.USD,
                zone="America/Chicago",
                gas_day_start_hour=9,
            ),
        )
    }
)
"""Gas hubs by code."""
