"""Decides how each product family fills in a spec: names, granularity, profile, settlement.

The families differ in what they leave open, not in type. An identifier is derived from what the
product is, so that the same delivery on the same venue always has the same name.
"""

from __future__ import annotations

from decimal import Decimal

import attrs

from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.delivery.profile import DeliveryProfile
from wattbook_domain.foundation.identifiers import InstrumentId
from wattbook_domain.foundation.instants import to_datetime
from wattbook_domain.instruments.spec import (
    Commodity,
    InstrumentKind,
    InstrumentSpec,
    OptionTerms,
    Settlement,
    SpreadLeg,
)
from wattbook_domain.quantities.money import Currency


@attrs.frozen(kw_only=True)
class Listing:
    """What all products of one market share.

    Attributes:
        prefix: begins every identifier, for example `EPEX:DE-LU`.
        delivery_point_eic: where the market delivers.
        tick_size: in currency per MWh. lot_mw: power of a lot.
    """

    prefix: str
    commodity: Commodity
    currency: Currency
    tick_size: Decimal
    lot_mw: Decimal
    delivery_point_eic: str


def auction_interval(listing: Listing, delivery: DeliveryPeriod) -> InstrumentSpec:
    """One market time unit of a day-ahead auction: an hour, or a quarter since October 2025."""
    return _spec(listing, InstrumentKind.AUCTION, "DA", delivery)


def auction_block(
    listing: Listing,
    delivery: DeliveryPeriod,
    *,
    profile: DeliveryProfile = DeliveryProfile.BASE,
    granularity: Granularity = Granularity.HOUR,
) -> InstrumentSpec:
    """A block order of a day-ahead auction: all its hours or none, at their average price."""
    spec = _spec(listing, InstrumentKind.AUCTION, "DAB", delivery, profile=profile)
    return attrs.evolve(spec, granularity=granularity)


def spot_interval(listing: Listing, delivery: DeliveryPeriod) -> InstrumentSpec:
    """One hour, half-hour or quarter-hour of the continuous intraday market."""
    return _spec(listing, InstrumentKind.SPOT, "ID", delivery)


def spot_block(
    listing: Listing,
    delivery: DeliveryPeriod,
    *,
    profile: DeliveryProfile = DeliveryProfile.BASE,
    granularity: Granularity = Granularity.HOUR,
) -> InstrumentSpec:
    """Several intervals traded continuously as one: base, peak, or the user's own hours."""
    spec = _spec(listing, InstrumentKind.SPOT, "IDB", delivery, profile=profile)
    return attrs.evolve(spec, granularity=granularity)


def gas_delivery(listing: Listing, delivery: DeliveryPeriod) -> InstrumentSpec:
    """Physical gas for a gas day, a weekend, the balance of a month, or longer, flat by the hour.

    Raises:
        ValueError: when the listing sells something other than gas.
    """
    if listing.commodity is not Commodity.GAS:
        raise ValueError(f"a gas product needs a gas listing, found {listing.commodity.name}")
    spec = _spec(listing, InstrumentKind.SPOT, "GD", delivery)
    return attrs.evolve(spec, granularity=Granularity.HOUR)


def future(
    listing: Listing,
    delivery: DeliveryPeriod,
    *,
    profile: DeliveryProfile = DeliveryProfile.BASE,
    settlement: Settlement = Settlement.CASH,
) -> InstrumentSpec:
    """A listed strip of delivery: day, week, month, quarter, season or year."""
    spec = _spec(listing, InstrumentKind.FUTURE, "FUT", delivery, profile=profile)
    return attrs.evolve(spec, granularity=Granularity.HOUR, settlement=settlement)


def forward(
    listing: Listing,
    delivery: DeliveryPeriod,
    *,
    profile: DeliveryProfile = DeliveryProfile.BASE,
) -> InstrumentSpec:
    """A strip of delivery between two parties, settled physically."""
    spec = _spec(listing, InstrumentKind.FORWARD, "FWD", delivery, profile=profile)
    return attrs.evolve(spec, granularity=Granularity.HOUR)


def option(underlying: InstrumentSpec, terms: OptionTerms) -> InstrumentSpec:
    """An option on a future or forward; its premium is quoted per MWh of the same delivery.

    Raises:
        ValueError: when the terms name another underlying.
    """
    if terms.underlying_id != underlying.instrument_id:
        raise ValueError(
            f"the terms exercise into {terms.underlying_id}, not {underlying.instrument_id}"
        )
    strike = f"{terms.strike.normalize():f}"
    name = f"{underlying.instrument_id}:{terms.right.name[0]}{strike}"
    return attrs.evolve(
        underlying,
        instrument_id=InstrumentId(name),
        kind=InstrumentKind.OPTION,
        option=terms,
    )


def spread(bought: InstrumentSpec, sold: InstrumentSpec, *, prefix: str) -> InstrumentSpec:
    """One instrument less another at the difference of their prices, lot for lot.

    The spread carries the delivery of the bought leg, since its value is counted on it; the legs'
    own deliveries are booked leg by leg.

    Raises:
        ValueError: when lots, ticks, currency or hours differ, for then no single tick has one
            value; trade such legs by themselves.
    """
    for name in ("currency", "tick_size", "lot_mw"):
        mine, other = getattr(bought, name), getattr(sold, name)
        if mine != other:
            raise ValueError(f"the legs of a spread share their {name}, found {mine} and {other}")
    if bought.delivery.slots != sold.delivery.slots or bought.profile != sold.profile:
        raise ValueError(
            f"the legs of a spread deliver for equally long, found {bought.delivery.label} and "
            f"{sold.delivery.label}"
        )
    legs = (SpreadLeg(bought.instrument_id, 1), SpreadLeg(sold.instrument_id, -1))
    name = f"{prefix}:SPR:{_stamp(bought.delivery)}-{_stamp(sold.delivery)}"
    return attrs.evolve(
        bought,
        instrument_id=InstrumentId(name),
        kind=InstrumentKind.SPREAD,
        option=None,
        legs=legs,
    )


def _spec(
    listing: Listing,
    kind: InstrumentKind,
    family: str,
    delivery: DeliveryPeriod,
    *,
    profile: DeliveryProfile = DeliveryProfile.BASE,
) -> InstrumentSpec:
    shape = "" if profile == DeliveryProfile.BASE else f":{profile.name}"
    return InstrumentSpec(
        instrument_id=InstrumentId(f"{listing.prefix}:{family}:{_stamp(delivery)}{shape}"),
        kind=kind,
        commodity=listing.commodity,
        currency=listing.currency,
        tick_size=listing.tick_size,
        lot_mw=listing.lot_mw,
        delivery=delivery,
        profile=profile,
        granularity=delivery.granularity,
        delivery_point_eic=listing.delivery_point_eic,
    )


def _stamp(delivery: DeliveryPeriod) -> str:
    """Start in UTC and length in minutes: unambiguous on the doubled hour, and short."""
    return f"{to_datetime(delivery.start):%Y%m%dT%H%MZ}.{delivery.minutes}"
