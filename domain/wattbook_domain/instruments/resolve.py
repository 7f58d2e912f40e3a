"""Decides what a spec means once its calendar and gate rule are known: the `Instrument`.

Resolution happens once, at the edge; nothing in the core looks anything up afterwards. Prices and
quantities cross between decimals and integers here and nowhere else.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import attrs

from wattbook_domain.delivery.calendars import MarketCalendar
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.delivery.profile import ProfileKind
from wattbook_domain.foundation.bounds import (
    DELIVERY_SLOT_MINUTES,
    DELIVERY_SLOTS_MAX,
    PRICE_TICKS_ABS_MAX,
    QUANTITY_LOTS_MAX,
    require_within,
)
from wattbook_domain.foundation.identifiers import InstrumentId
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.instruments.spec import InstrumentSpec
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.money import Money
from wattbook_domain.quantities.power import Power
from wattbook_domain.quantities.price import Price
from wattbook_domain.quantities.rounding import Rounding, round_steps, round_whole
from wattbook_domain.reference.gate_closure import GateClosure


@attrs.frozen
class Instrument:
    """A spec bound to its delivery intervals and its gate closure.

    Attributes:
        intervals: the market time units that deliver, in order, without overlap.
        gate_closes_at: first instant at which it can no longer be traded; `None` where trading
            ends by the venue's calendar instead, as for futures.
    """

    spec: InstrumentSpec
    intervals: tuple[DeliveryPeriod, ...]
    gate_closes_at: UtcNs | None

    @property
    def instrument_id(self) -> InstrumentId:
        """The spec's identifier."""
        return self.spec.instrument_id

    @property
    def lot_kw(self) -> int:
        """Power of one lot in kilowatts."""
        return self.spec.lot_kw

    @cached_property
    def delivery_slots(self) -> int:
        """Five-minute slots that deliver: the third factor of every value."""
        slots = sum(interval.slots for interval in self.intervals)
        return require_within("delivery_slots", slots, 1, DELIVERY_SLOTS_MAX)

    @cached_property
    def value_unit(self) -> Money:
        """Worth of one tick on one lot for one slot: `tick_size * lot_mw * 5/60`, exactly."""
        slot_hours = Fraction(DELIVERY_SLOT_MINUTES, 60)
        worth = Fraction(self.spec.tick_size) * Fraction(self.spec.lot_mw) * slot_hours
        return Money(worth, self.spec.currency)

    @property
    def tick_value(self) -> Money:
        """Worth of one tick on one lot over the whole delivery."""
        return self.value_unit * self.delivery_slots

    def ticks(self, price: Decimal) -> int:
        """Return a price in ticks.

        Raises:
            ValueError: when it lies off the tick grid or beyond the platform's bounds.
        """
        return _bounded_ticks(round_steps(price, self.spec.tick_size))

    def nearest_ticks(self, price: float, rounding: Rounding = Rounding.HALF_EVEN) -> int:
        """Return a computed price in ticks, rounded by a named rule.

        Raises:
            ValueError: for a price that is not finite, or beyond the platform's bounds.
        """
        return _bounded_ticks(_nearest("price", price, Fraction(self.spec.tick_size), rounding))

    def price(self, ticks: int) -> Price:
        """Return a count of ticks as a price."""
        return Price(ticks * Fraction(self.spec.tick_size), self.spec.currency)

    def lots(self, power: Power) -> int:
        """Return a positive power in lots.

        Raises:
            ValueError: when it is no whole positive number of lots.
        """
        return require_within("lots", round_steps(power.kw, self.lot_kw), 1, QUANTITY_LOTS_MAX)

    def nearest_lots(self, power_mw: float, rounding: Rounding = Rounding.DOWN) -> int:
        """Return a computed power in lots, by default no more than asked for; may be zero.

        Raises:
            ValueError: for a power that is negative, not finite or beyond the bounds.
        """
        lots = _nearest("power_mw", power_mw, Fraction(self.spec.lot_mw), rounding)
        return require_within("lots", lots, 0, QUANTITY_LOTS_MAX)

    def power(self, lots: int) -> Power:
        """Return signed lots as power."""
        return Power.of_kw(lots * self.lot_kw)

    def energy(self, lots: int) -> Energy:
        """Return the energy that signed lots deliver over all intervals."""
        return self.power(lots).over(minutes=self.delivery_slots * DELIVERY_SLOT_MINUTES)

    def notional(self, ticks: int, lots: int) -> Money:
        """Return price times energy, with the signs of both."""
        return self.value(ticks * lots * self.delivery_slots)

    def value(self, value_units: int) -> Money:
        """Return a count of value units as money."""
        return self.value_unit * value_units

    def accepts_at(self, at: UtcNs) -> bool:
        """Say whether the gate is still open at an instant."""
        return self.gate_closes_at is None or at < self.gate_closes_at


def resolve(
    spec: InstrumentSpec, *, calendar: MarketCalendar, gate_closure: GateClosure | None = None
) -> Instrument:
    """Bind a spec to its market calendar and gate rule.

    Args:
        spec: what the venue publishes.
        calendar: says which hours of the delivery its profile means.
        gate_closure: the rule of its market; `None` for instruments without a gate.

    Raises:
        ValueError: when the calendar keeps another zone than the delivery, the profile is shaped,
            or no hour of the delivery belongs to the profile.
    """
    if calendar.zone != spec.delivery.zone:
        raise ValueError(
            f"{spec.instrument_id} delivers in {spec.delivery.zone} but the calendar "
            f"{calendar.name} keeps {calendar.zone}; give the calendar of the delivery"
        )
    if spec.profile.kind is ProfileKind.SHAPED:
        raise ValueError(
            f"{spec.instrument_id} must deliver whole lots in every hour, its profile is shaped; "
            "book a shaped delivery as one position per interval"
        )
    stretches = spec.profile.intervals(spec.delivery, calendar)
    intervals = tuple(
        interval for stretch in stretches for interval in stretch.split(spec.granularity)
    )
    if not intervals:
        raise ValueError(
            f"{spec.instrument_id} must deliver in at least one hour; its profile leaves none of "
            f"{spec.delivery.label}"
        )
    closes_at = None if gate_closure is None else gate_closure.gate_closes_at(intervals[0])
    return Instrument(spec, intervals, closes_at)


def _bounded_ticks(ticks: int) -> int:
    return require_within("price in ticks", ticks, -PRICE_TICKS_ABS_MAX, PRICE_TICKS_ABS_MAX)


def _nearest(name: str, value: float, step: Fraction, rounding: Rounding) -> int:
    if not math.isfinite(value):
        raise ValueError(f"{name} must be finite, found {value!r}; absence is None")
    return round_whole(Fraction(value) / step, rounding)
