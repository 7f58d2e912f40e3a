"""Decides the total energy of a contract: capacity times the real hours of its delivery periods.

REMIT field 41 (total notional contract quantity). A local day of 23 or 25 hours counts 23 or 25,
because a delivery period knows its instants; nothing here multiplies days by a number of hours.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.power import Power


def merged(deliveries: Iterable[DeliveryPeriod]) -> tuple[DeliveryPeriod, ...]:
    """Join periods that touch, so that one delivery has one form however it was cut.

    Raises:
        ValueError: if two periods overlap, are out of order or lie in different zones; energy
            would be counted twice or by two clocks.
    """
    joined: list[DeliveryPeriod] = []
    for period in deliveries:
        if not joined:
            joined.append(period)
            continue
        last = joined[-1]
        if period.start < last.end:
            raise ValueError(
                f"delivery periods must ascend without overlap, found {last.label} before "
                f"{period.label}"
            )
        if period.zone != last.zone:
            raise ValueError(
                f"delivery periods must lie in one zone, found {last.zone} and {period.zone}"
            )
        if period.start == last.end:
            joined[-1] = DeliveryPeriod(last.start, period.end, last.zone)
        else:
            joined.append(period)
    return tuple(joined)


def total_hours(deliveries: Iterable[DeliveryPeriod]) -> Fraction:
    """Return the real hours that the periods cover together. Raises as `merged` does."""
    return sum((period.hours for period in merged(deliveries)), Fraction(0))


def total_notional_quantity(capacity: Power, deliveries: Iterable[DeliveryPeriod]) -> Energy:
    """Return capacity times real hours, exactly. Raises as `merged` does."""
    return Energy.of_mwh(capacity.mw * total_hours(deliveries))
