"""Decides what a position is worth, and how much of its profit is realised.

All sums are integers in value units (ticks x lots x slots) until the last line makes money of
them, so that for every position::

    realised + unrealised = cash + settled deliveries + open lots at the mark

A delivered interval realises its settlement price against its share of the cost; closed lots
realise what they were closed at; the rest is unrealised at the mark. Fees stand apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from wattbook_domain.foundation.identifiers import InstrumentId
from wattbook_domain.instruments.resolve import Instrument
from wattbook_domain.positions.arithmetic import unrealised
from wattbook_domain.positions.position import Position, PositionKey
from wattbook_domain.quantities.money import Currency, Money
from wattbook_domain.valuation.marks import Marks


@attrs.frozen(kw_only=True)
class Valuation:
    """The profit of one position since its first fill, fees apart.

    Attributes:
        realised: of lots closed and intervals settled.
        unrealised: of the rest at the mark; `None` when lots are open and no mark is known.
        fees: paid for all fills, one sum per currency; a fee is positive.
    """

    key: PositionKey
    realised: Money
    unrealised: Money | None
    fees: tuple[Money, ...]

    @property
    def total(self) -> Money | None:
        """Realised and unrealised; `None` when there is no mark."""
        return None if self.unrealised is None else self.realised + self.unrealised


def mark_to_market(position: Position, instrument: Instrument, marks: Marks) -> Valuation:
    """Value one position.

    Raises:
        ValueError: when the instrument is not the position's.
    """
    if position.key.instrument_id != instrument.instrument_id:
        raise ValueError(
            f"a position in {position.key.instrument_id} cannot be valued as "
            f"{instrument.instrument_id}"
        )
    delivered = marks.delivered(instrument)
    open_slots = instrument.delivery_slots - delivered.slots
    net, cost = position.net_lots, position.cost_tick_lots
    closed = position.realised_tick_lots * instrument.delivery_slots
    realised_units = closed + net * delivered.tick_slots - cost * delivered.slots
    mark = marks.ticks.get(instrument.instrument_id)
    open_profit: Money | None
    if net == 0 or open_slots == 0:
        open_profit = Money.zero(instrument.spec.currency)
    elif mark is None:
        open_profit = None
    else:
        open_profit = instrument.value(int(unrealised(net, cost, mark)) * open_slots)
    return Valuation(
        key=position.key,
        realised=instrument.value(realised_units),
        unrealised=open_profit,
        fees=position.fees,
    )


@attrs.frozen
class Unmarked:
    """Nothing can be said of the whole while these have open lots and no mark."""

    instrument_ids: tuple[InstrumentId, ...]


@attrs.frozen(kw_only=True)
class Profit:
    """The profit of several positions in one currency."""

    realised: Money
    unrealised: Money
    fees: Money

    @property
    def net(self) -> Money:
        """What is left after fees."""
        return self.realised + self.unrealised - self.fees


def profit(
    positions: Iterable[Position],
    instruments: Mapping[InstrumentId, Instrument],
    marks: Marks,
    *,
    reporting: Currency,
) -> Profit | Unmarked:
    """Value positions together, or name those that cannot be valued.

    Raises:
        ValueError: when an instrument or a rate is missing.
    """
    realised_sum = open_sum = fee_sum = Money.zero(reporting)
    unmarked: set[InstrumentId] = set()
    for position in positions:
        valuation = mark_to_market(position, resolved(instruments, position), marks)
        realised_sum += marks.convert(valuation.realised, reporting)
        fee_sum += fees_in(position, marks, reporting)
        if valuation.unrealised is None:
            unmarked.add(position.key.instrument_id)
        else:
            open_sum += marks.convert(valuation.unrealised, reporting)
    if unmarked:
        return Unmarked(tuple(sorted(unmarked)))
    return Profit(realised=realised_sum, unrealised=open_sum, fees=fee_sum)


def fees_in(position: Position, marks: Marks, reporting: Currency) -> Money:
    """Return a position's fees in the reporting currency."""
    return sum(
        (marks.convert(fee, reporting) for fee in position.fees), start=Money.zero(reporting)
    )


def resolved(instruments: Mapping[InstrumentId, Instrument], position: Position) -> Instrument:
    """Return a position's instrument.

    Raises:
        ValueError: when it is not among `instruments`.
    """
    if position.key.instrument_id not in instruments:
        raise ValueError(f"resolve {position.key.instrument_id} first: it is held")
    return instruments[position.key.instrument_id]
