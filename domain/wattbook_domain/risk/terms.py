"""Decides what of an instrument the gate needs: whole numbers, resolved once at the edge.

Money of different instruments meets in *value grains*, one twelve-millionth of a currency unit:
one value unit (tick x lot x five minutes) is then a whole number of grains for every tick and lot
whose product has at most six decimals, and notionals of several instruments add exactly.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import attrs

from wattbook_domain.foundation.bounds import (
    DELIVERY_SLOT_MINUTES,
    DELIVERY_SLOTS_MAX,
    PRICE_TICKS_ABS_MAX,
    QUANTITY_LOTS_MAX,
    require_within,
)
from wattbook_domain.foundation.identifiers import InstrumentId
from wattbook_domain.foundation.instants import NS_PER_MINUTE, UtcNs
from wattbook_domain.instruments.resolve import Instrument
from wattbook_domain.quantities.money import Currency, Money
from wattbook_domain.risk.facts import LOT_KW_MAX

SLOT_NS: Final = DELIVERY_SLOT_MINUTES * NS_PER_MINUTE
"""Nanoseconds in a delivery slot; slot numbers count from the epoch."""

GRAINS_PER_CURRENCY_UNIT: Final = 12_000_000
"""A grain is small enough for a tick of 0.001 and a lot of one kilowatt over five minutes."""

_KW_PER_MW: Final = 1_000
_SLOTS_PER_HOUR: Final = 60 // DELIVERY_SLOT_MINUTES


@attrs.frozen
class SlotSpan:
    """A run of delivery slots, half-open: `first <= slot < end`, counted from the epoch."""

    first: int
    end: int

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.first < self.end:
            raise ValueError(
                f"a slot span starts at or after the epoch and ends later, "
                f"found [{self.first}, {self.end})"
            )

    @classmethod
    def between(cls, start: UtcNs, end: UtcNs) -> SlotSpan:
        """Return the slots between two instants.

        Raises:
            ValueError: if an instant is not on the five-minute raster, or none lies between.
        """
        for at in (start, end):
            if at % SLOT_NS:
                raise ValueError(
                    f"delivery starts and ends on the five-minute raster, found the instant {at}"
                )
        return cls(start // SLOT_NS, end // SLOT_NS)

    @property
    def slots(self) -> int:
        """How many slots."""
        return self.end - self.first


@attrs.frozen(kw_only=True)
class InstrumentTerms:
    """An instrument as the gate sees it.

    Attributes:
        tick_size: currency per MWh. lot_kw: power of one lot.
        spans: when it delivers, in order, disjoint; several for a peak or block profile.
        tick_step_ticks, lot_step_lots: the venue's own steps, in ticks and lots.
        gate_closes_at: last instant to trade, exclusive; `None` where there is none.
    """

    instrument_id: InstrumentId
    currency: Currency
    tick_size: Fraction
    lot_kw: int
    spans: tuple[SlotSpan, ...]
    gate_closes_at: UtcNs | None
    tick_step_ticks: int = 1
    lot_step_lots: int = 1
    delivery_slots: int = attrs.field(init=False)
    grains_per_unit: int = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        require_within("lot_kw", self.lot_kw, 1, LOT_KW_MAX)
        require_within("tick_step_ticks", self.tick_step_ticks, 1, PRICE_TICKS_ABS_MAX)
        require_within("lot_step_lots", self.lot_step_lots, 1, QUANTITY_LOTS_MAX)
        for earlier, later in zip(self.spans, self.spans[1:], strict=False):
            if earlier.end > later.first:
                raise ValueError(f"delivery spans must be ordered and disjoint, found {self.spans}")
        slots = sum(span.slots for span in self.spans)
        require_within("delivery_slots", slots, 1, DELIVERY_SLOTS_MAX)
        unit_worth = self.tick_size * self.lot_kw / (_KW_PER_MW * _SLOTS_PER_HOUR)
        grains = unit_worth * GRAINS_PER_CURRENCY_UNIT
        if grains.denominator != 1 or grains < 1:
            raise ValueError(
                f"tick size x lot must be a positive multiple of 0.000001, "
                f"found {self.tick_size} x {self.lot_kw} kW for {self.instrument_id}"
            )
        # Derived, and kept because the gate reads them for every order.
        object.__setattr__(self, "delivery_slots", slots)
        object.__setattr__(self, "grains_per_unit", int(grains))


def terms_of(
    instrument: Instrument, *, tick_step_ticks: int = 1, lot_step_lots: int = 1
) -> InstrumentTerms:
    """Return what the gate needs of a resolved instrument; neighbouring intervals become one span.

    Raises:
        ValueError: if delivery leaves the five-minute raster or the value unit is too fine.
    """
    spans: list[SlotSpan] = []
    for interval in instrument.intervals:
        span = SlotSpan.between(interval.start, interval.end)
        if spans and spans[-1].end == span.first:
            spans[-1] = SlotSpan(spans[-1].first, span.end)
        else:
            spans.append(span)
    return InstrumentTerms(
        instrument_id=instrument.instrument_id,
        currency=instrument.spec.currency,
        tick_size=Fraction(instrument.spec.tick_size),
        lot_kw=instrument.lot_kw,
        spans=tuple(spans),
        gate_closes_at=instrument.gate_closes_at,
        tick_step_ticks=tick_step_ticks,
        lot_step_lots=lot_step_lots,
    )


def grains_of(money: Money) -> Fraction:
    """Return an amount of money in value grains, exactly; the caller decides how to round."""
    return money.amount * GRAINS_PER_CURRENCY_UNIT
