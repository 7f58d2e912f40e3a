"""Instruments that the suites of instruments, positions and valuation share."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from wattbook_domain.delivery import GERMAN_POWER, DeliveryPeriod, Granularity
from wattbook_domain.instruments.products import Listing, spot_interval
from wattbook_domain.instruments.resolve import Instrument, resolve
from wattbook_domain.instruments.spec import Commodity, InstrumentSpec
from wattbook_domain.quantities.money import Currency

BERLIN = "Europe/Berlin"
POWER = Listing(
    prefix="EPEX:DE",
    commodity=Commodity.POWER,
    currency=Currency.EUR,
    tick_size=Decimal("0.01"),
    lot_mw=Decimal("0.1"),
    delivery_point_eic="10Y1001A1001A63L",
)
GAS = Listing(
    prefix="PEGAS:TTF",
    commodity=Commodity.GAS,
    currency=Currency.EUR,
    tick_size=Decimal("0.005"),
    lot_mw=Decimal(1),
    delivery_point_eic="21YNL----TTF---1",
)
DAY = date(2017, 1, 24)


def hour(index: int, day: date = DAY, listing: Listing = POWER) -> Instrument:
    return bound(spot_interval(listing, DeliveryPeriod.hour(day, index, BERLIN)))


def quarter(index: int, day: date = DAY) -> Instrument:
    period = DeliveryPeriod.interval(day, index, Granularity.MINUTES_15, BERLIN)
    return bound(spot_interval(POWER, period))


def bound(spec: InstrumentSpec) -> Instrument:
    return resolve(spec, calendar=GERMAN_POWER)
