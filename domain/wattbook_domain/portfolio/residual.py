"""Decides how much of one instrument would close the distance between wanted and contracted.

It never asks for more than every interval of the instrument needs: of the distances over a block's
intervals the smallest counts, and none if they differ in sign.
"""

from __future__ import annotations

from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.delivery.schedule import DeliverySchedule
from wattbook_domain.instruments.resolve import Instrument
from wattbook_domain.quantities.power import Power


def residual_power(
    instrument: Instrument, *, wanted: DeliverySchedule, contracted: DeliverySchedule
) -> Power | None:
    """Return the power still to sell (positive) or to buy (negative) with an instrument.

    Within one interval power is averaged, so its energy is right and its shape may not be.

    Returns:
        `None` where `wanted` does not cover all of the delivery: no opinion, no trade.
    """
    distances = [_distance(i, wanted, contracted) for i in instrument.intervals]
    known = [distance for distance in distances if distance is not None]
    if len(known) < len(distances):
        return None
    if any(d.is_negative for d in known) != all(d.is_negative for d in known):
        return Power.zero()
    return min(known, key=abs)


def _distance(
    interval: DeliveryPeriod, wanted: DeliverySchedule, contracted: DeliverySchedule
) -> Power | None:
    part = wanted.within(interval)
    if part.minutes != interval.minutes:
        return None
    return Power.average(part.energy() - contracted.within(interval).energy(), interval)
