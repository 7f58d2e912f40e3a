"""Decides what a place of delivery and a place of pricing are; bidding zones are in `zones`."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

import attrs

from wattbook_domain.delivery.gas import HENRY_HUB, NBP, PEG, PSV, THE, TTF, GasMarket
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
        market: its clock: the zone and the local hour at which its gas day begins.
        currency: in which it is quoted.
        delivery_point: its virtual trading point; `None` where this table knows no EIC.
    """

    name: str
    market: GasMarket
    currency: Currency
    delivery_point: DeliveryPoint | None = None

    @property
    def code(self) -> str:
        """The short name traders use."""
        return self.market.hub


HUBS: Final = MappingProxyType(
    {
        hub.code: hub
        for hub in (
            Hub(
                name="Title Transfer Facility",
                market=TTF,
                currency=Currency.EUR,
                delivery_point=DeliveryPoint(eic="21YNL----TTF---1", name="TTF"),
            ),
            Hub(name="Trading Hub Europe", market=THE, currency=Currency.EUR),
            Hub(name="National Balancing Point", market=NBP, currency=Currency.GBP),
            Hub(name="Point d'échange de gaz", market=PEG, currency=Currency.EUR),
            Hub(name="Punto di Scambio Virtuale", market=PSV, currency=Currency.EUR),
            Hub(name="Henry Hub", market=HENRY_HUB, currency=Currency.USD),
        )
    }
)
"""Gas hubs by code."""
