"""Decides how holdings spread over delivery time: net kilowatts per interval and place.

A spread delivers what its legs deliver; an option delivers nothing until it is exercised.

An hour, its four quarters and the day's base overlap in delivery. Positions in all of them are
cut at every boundary that any of them has, so that energy is conserved to the slot.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise

import attrs

from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.foundation.identifiers import DeskId, InstrumentId, LedgerId
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.instruments.resolve import Instrument
from wattbook_domain.instruments.spec import Commodity, InstrumentKind, Settlement
from wattbook_domain.positions.position import Position
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.power import Power


@attrs.frozen(order=True)
class DeliveryPlace:
    """Where holdings may offset: one ledger, commodity, place and zone, paid in energy or cash."""

    desk_id: DeskId
    ledger_id: LedgerId
    commodity: Commodity
    delivery_point_eic: str
    zone: str
    settlement: Settlement


@attrs.frozen
class DeliveryPosition:
    """What one ledger is to receive (positive) or deliver (negative) over one interval."""

    place: DeliveryPlace
    interval: DeliveryPeriod
    net_kw: int

    @property
    def power(self) -> Power:
        """The net power."""
        return Power.of_kw(self.net_kw)

    @property
    def energy(self) -> Energy:
        """The net energy over the interval."""
        return self.power.over(self.interval)


def by_delivery(
    positions: Iterable[Position], instruments: Mapping[InstrumentId, Instrument]
) -> tuple[DeliveryPosition, ...]:
    """Return the net position of every interval in which some holding delivers.

    Ordered by place, then time. An interval whose holdings cancel is listed with zero: being flat
    there is a fact, having nothing there is another.

    Raises:
        ValueError: for an instrument, held or a leg of one held, that is not in `instruments`.
    """
    steps: dict[DeliveryPlace, dict[UtcNs, list[int]]] = defaultdict(dict)
    for position in positions:
        for instrument, net_lots in _delivering(position, instruments):
            changes = steps[_place(position, instrument)]
            power_kw = net_lots * instrument.lot_kw
            for interval in instrument.intervals:
                _add(changes, interval.start, power_kw, 1)
                _add(changes, interval.end, -power_kw, -1)
    return tuple(
        delivery for place in sorted(steps) for delivery in _accumulate(place, steps[place])
    )


def _delivering(
    position: Position, instruments: Mapping[InstrumentId, Instrument]
) -> Iterable[tuple[Instrument, int]]:
    """Yield what a holding delivers, as plain instruments with signed lots."""
    held = _known(instruments, position.key.instrument_id)
    if held.spec.kind is InstrumentKind.OPTION:
        return
    if held.spec.kind is not InstrumentKind.SPREAD:
        yield held, position.net_lots
    for leg in held.spec.legs:
        yield _known(instruments, leg.instrument_id), position.net_lots * leg.ratio


def _add(changes: dict[UtcNs, list[int]], at: UtcNs, power_kw: int, holdings: int) -> None:
    change = changes.setdefault(at, [0, 0])
    change[0] += power_kw
    change[1] += holdings


def _accumulate(
    place: DeliveryPlace, changes: Mapping[UtcNs, list[int]]
) -> Iterable[DeliveryPosition]:
    net_kw = holdings = 0
    for start, end in pairwise(sorted(changes)):
        net_kw += changes[start][0]
        holdings += changes[start][1]
        if holdings:
            yield DeliveryPosition(place, DeliveryPeriod(start, end, place.zone), net_kw)


def _place(position: Position, instrument: Instrument) -> DeliveryPlace:
    spec = instrument.spec
    return DeliveryPlace(
        position.key.desk_id,
        position.key.ledger_id,
        spec.commodity,
        spec.delivery_point_eic,
        spec.delivery.zone,
        spec.settlement,
    )


def _known(
    instruments: Mapping[InstrumentId, Instrument], instrument_id: InstrumentId
) -> Instrument:
    if instrument_id not in instruments:
        raise ValueError(f"resolve {instrument_id} first: it is held but not among the instruments")
    return instruments[instrument_id]
