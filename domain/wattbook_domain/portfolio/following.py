"""Decides what a battery really does when it is asked for something else than its plan.

Orders are refused, or not accepted, and what was sold is then not the plan. The battery follows
what was sold as far as its power and its store allow, interval by interval, in whole kilowatts;
what it cannot follow is left to imbalance. A plan that keeps every rule is followed to the letter.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import attrs

from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.portfolio.assets import Battery
from wattbook_domain.portfolio.horizon import Horizon
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.power import Power


@attrs.frozen(kw_only=True)
class FollowedDispatch:
    """What a battery did over a horizon.

    Attributes:
        net_kw: delivered to the grid in each interval; negative where it charged.
        stored: energy held after each interval.
    """

    horizon: Horizon
    net_kw: tuple[int, ...]
    stored: tuple[Energy, ...]

    @property
    def charged(self) -> Energy:
        """Energy drawn from the grid."""
        return self._energy(-1)

    @property
    def discharged(self) -> Energy:
        """Energy delivered to the grid."""
        return self._energy(1)

    def _energy(self, sign: int) -> Energy:
        pairs = zip(self.net_kw, self.horizon.intervals, strict=True)
        energies = (Power.of_kw(max(sign * kw, 0)).over(interval) for kw, interval in pairs)
        return sum(energies, start=Energy.zero())


def follow(battery: Battery, horizon: Horizon, wanted_kw: Sequence[int]) -> FollowedDispatch:
    """Return what the battery does when `wanted_kw` is asked of it, from its initial energy on.

    Args:
        battery: what is able to do it.
        horizon: the intervals.
        wanted_kw: net kilowatts to the grid in each interval; negative asks it to charge.

    Raises:
        ValueError: unless there is one number for each interval.
    """
    if len(wanted_kw) != len(horizon):
        raise ValueError(
            f"a battery is asked once for each of {len(horizon)} intervals, found {len(wanted_kw)}"
        )
    held, net, stored = battery.initial_energy, [], []
    for interval, wanted in zip(horizon.intervals, wanted_kw, strict=True):
        if wanted >= 0:
            done = min(wanted, _most_discharge_kw(battery, held, interval))
            held -= Power.of_kw(done).over(interval) / battery.discharge_efficiency
        else:
            done = -min(-wanted, _most_charge_kw(battery, held, interval))
            held += Power.of_kw(-done).over(interval) * battery.charge_efficiency
        net.append(done)
        stored.append(held)
    return FollowedDispatch(horizon=horizon, net_kw=tuple(net), stored=tuple(stored))


def _most_discharge_kw(battery: Battery, held: Energy, interval: DeliveryPeriod) -> int:
    available = held * battery.discharge_efficiency / interval
    return math.floor(min(battery.discharge_power, available).kw)


def _most_charge_kw(battery: Battery, held: Energy, interval: DeliveryPeriod) -> int:
    room = (battery.capacity - held) / battery.charge_efficiency / interval
    return math.floor(min(battery.charge_power, room).kw)
