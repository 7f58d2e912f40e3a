"""Decides what a day's fills oblige us to: energy and cash in every delivery interval, and fees.

Signs are ours: energy and cash received are positive, delivered and paid negative. Fills must be
the effective ones, after busts and corrections. When cash is due, `payments` says; what was really
delivered, `imbalance`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import attrs

from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.delivery.zones import to_local
from wattbook_domain.foundation.identifiers import InstrumentId, VenueId
from wattbook_domain.instruments.resolve import Instrument
from wattbook_domain.instruments.spec import InstrumentKind, Settlement
from wattbook_domain.positions.fills import Fill
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.money import Currency, Money

_MARGINED = frozenset({InstrumentKind.FUTURE, InstrumentKind.OPTION, InstrumentKind.SPREAD})


@attrs.frozen(kw_only=True)
class Obligation:
    """Energy against cash in one interval, with one venue as the counterparty.

    Attributes:
        delivery_point_eic: where the energy is handed over.
        traded_on: the local date of the trade on the venue's clocks.
        energy: received; negative when we deliver.
        cash: received; negative when we pay. At negative prices both may have one sign.
    """

    venue_id: VenueId
    delivery_point_eic: str
    traded_on: date
    interval: DeliveryPeriod
    energy: Energy
    cash: Money

    @property
    def currency(self) -> Currency:
        """The currency of the cash."""
        return self.cash.currency


@attrs.frozen(kw_only=True)
class FeeDue:
    """A venue's fee for one trade: cash paid is negative, a rebate positive."""

    venue_id: VenueId
    traded_on: date
    cash: Money


def obligations(
    fills: Iterable[Fill], instruments: Mapping[InstrumentId, Instrument], *, zone: str
) -> tuple[Obligation, ...]:
    """Return one obligation for each fill and interval, in the order of the fills.

    Args:
        fills: effective fills.
        instruments: every instrument of the fills.
        zone: the IANA key of the clocks by which trade dates are counted.

    Raises:
        ValueError: for an unknown instrument, or one that is settled by margin or in cash.
    """
    return tuple(o for fill in fills for o in _of_fill(fill, _deliverable(fill, instruments), zone))


def fees(fills: Iterable[Fill], *, zone: str) -> tuple[FeeDue, ...]:
    """Return the fee of each fill that has one."""
    return tuple(
        FeeDue(venue_id=fill.venue_id, traded_on=_trade_date(fill, zone), cash=-fill.fee)
        for fill in fills
        if not fill.fee.is_zero
    )


def net(owed: Iterable[Obligation]) -> tuple[Obligation, ...]:
    """Add up what is owed with one venue, at one place, in one interval and currency.

    Trades of different days stay apart, because they may be paid on different days. An obligation
    that nets to nothing is kept: having closed an interval is a fact.
    """
    totals: dict[tuple[object, ...], Obligation] = {}
    for item in owed:
        key = (
            item.venue_id,
            item.delivery_point_eic,
            item.currency,
            item.traded_on,
            item.interval,
        )
        known = totals.get(key)
        totals[key] = item if known is None else _sum(known, item)
    return tuple(sorted(totals.values(), key=_order))


def _sum(one: Obligation, other: Obligation) -> Obligation:
    return attrs.evolve(one, energy=one.energy + other.energy, cash=one.cash + other.cash)


def _order(item: Obligation) -> tuple[str, str, str, date, DeliveryPeriod]:
    place = item.delivery_point_eic
    return item.venue_id, place, item.currency.value, item.traded_on, item.interval


def _of_fill(fill: Fill, instrument: Instrument, zone: str) -> Iterator[Obligation]:
    price = instrument.price(fill.ticks)
    power = instrument.power(fill.signed_lots)
    for interval in instrument.intervals:
        energy = power.over(interval)
        yield Obligation(
            venue_id=fill.venue_id,
            delivery_point_eic=instrument.spec.delivery_point_eic,
            traded_on=_trade_date(fill, zone),
            interval=interval,
            energy=energy,
            cash=-(price * energy),
        )


def _deliverable(fill: Fill, instruments: Mapping[InstrumentId, Instrument]) -> Instrument:
    instrument = instruments.get(fill.instrument_id)
    if instrument is None:
        raise ValueError(
            f"fill {fill.execution_id} is in {fill.instrument_id}, which is not among the "
            "instruments; resolve it first"
        )
    spec = instrument.spec
    if spec.kind in _MARGINED or spec.settlement is not Settlement.PHYSICAL:
        raise ValueError(
            f"{fill.instrument_id} is a {spec.kind.name} settled by {spec.settlement.name}; only "
            "what is paid at delivery gives obligations, margin settles the rest"
        )
    return instrument


def _trade_date(fill: Fill, zone: str) -> date:
    return to_local(fill.at, zone).date()
