"""Decides what a battery's plan is, in whole lots, and whether the battery can really follow it.

A plan is checked here with exact arithmetic, whoever made it: the solver is never trusted. What
the plan earns is for `margin`; how it is found is the optimiser's business.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Final

import attrs

from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.delivery.schedule import DeliverySchedule
from wattbook_domain.foundation.bounds import QUANTITY_LOTS_MAX, require_within
from wattbook_domain.portfolio.assets import Battery
from wattbook_domain.portfolio.horizon import Horizon, PriceStrip
from wattbook_domain.portfolio.problem import ConstraintTerm, Problem, maximise
from wattbook_domain.portfolio.solution import BatterySchedule
from wattbook_domain.portfolio.terms import (
    ChargeOrDischarge,
    DailyDischarge,
    FinalStateOfCharge,
    PowerLimits,
    SaleRevenue,
    StateOfCharge,
    WearCost,
    WholeLots,
)
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.power import Power

LOT_TOLERANCE: Final = 1e-4
"""How far from a whole number of lots a solver's float may lie and still mean that number."""


@attrs.frozen(kw_only=True)
class DispatchPlan:
    """Whole lots to charge and to discharge in each interval.

    Attributes:
        lot: the power of one lot, positive.
        charge_lots, discharge_lots: one entry for each interval, neither negative.
    """

    asset_id: str
    horizon: Horizon
    lot: Power
    charge_lots: tuple[int, ...]
    discharge_lots: tuple[int, ...]

    def __attrs_post_init__(self) -> None:
        if self.lot <= Power.zero():
            raise ValueError(f"lot must be positive, found {self.lot}")
        for name in ("charge_lots", "discharge_lots"):
            lots: tuple[int, ...] = getattr(self, name)
            if len(lots) != len(self.horizon):
                raise ValueError(
                    f"{name} needs one entry for each of {len(self.horizon)} intervals, "
                    f"found {len(lots)}"
                )
            for count in lots:
                require_within(name, count, 0, QUANTITY_LOTS_MAX)

    @classmethod
    def of_schedule(
        cls, schedule: BatterySchedule, *, horizon: Horizon, lot: Power
    ) -> DispatchPlan:
        """Read a solver's schedule as whole lots.

        Raises:
            ValueError: if a power is not a whole number of lots; solve with `WholeLots`.
        """
        return cls(
            asset_id=schedule.battery.asset_id,
            horizon=horizon,
            lot=lot,
            charge_lots=tuple(_whole_lots(mw, lot) for mw in schedule.charge_mw),
            discharge_lots=tuple(_whole_lots(mw, lot) for mw in schedule.discharge_mw),
        )

    @property
    def net_lots(self) -> tuple[int, ...]:
        """Lots delivered to the grid in each interval; negative where the battery charges."""
        pairs = zip(self.discharge_lots, self.charge_lots, strict=True)
        return tuple(discharge - charge for discharge, charge in pairs)

    @property
    def net(self) -> DeliverySchedule:
        """Power delivered to the grid in each interval; negative where the battery charges."""
        powers = (self.lot * lots for lots in self.net_lots)
        return DeliverySchedule.of(zip(self.horizon.intervals, powers, strict=True))

    @property
    def charged(self) -> tuple[Energy, ...]:
        """Energy drawn from the grid in each interval."""
        return self._energy(self.charge_lots)

    @property
    def discharged(self) -> tuple[Energy, ...]:
        """Energy delivered to the grid in each interval."""
        return self._energy(self.discharge_lots)

    def _energy(self, lots: tuple[int, ...]) -> tuple[Energy, ...]:
        pairs = zip(lots, self.horizon.intervals, strict=True)
        return tuple((self.lot * count).over(interval) for count, interval in pairs)


def energy_path(plan: DispatchPlan, battery: Battery) -> tuple[Energy, ...]:
    """Return the energy held at the start and after each interval, exactly."""
    path = [battery.initial_energy]
    for charged, discharged in zip(plan.charged, plan.discharged, strict=True):
        stored = charged * battery.charge_efficiency
        taken = discharged / battery.discharge_efficiency
        path.append(path[-1] + stored - taken)
    return tuple(path)


def final_tolerance(battery: Battery, *, horizon: Horizon, lot: Power) -> Energy:
    """Return how near to its final energy a battery can surely come in whole lots.

    Half of the largest step that one lot makes in the store: the band around the target is then
    exactly as wide as that step, so no path of whole lots can jump over it.
    """
    step = max(lot.over(interval) for interval in horizon.intervals)
    return step / battery.discharge_efficiency / 2


def battery_dispatch(battery: Battery, prices: PriceStrip, *, lot: Power | None = None) -> Problem:
    """State the battery's day: sell dear, buy cheap, within everything the battery can do.

    With `lot` the schedule is in whole lots and the end is met to `final_tolerance`; without it
    power is continuous and the end is met exactly.
    """
    problem = maximise(SaleRevenue(battery, prices) - WearCost(battery)).subject_to(
        PowerLimits(battery), StateOfCharge(battery), ChargeOrDischarge(battery)
    )
    return problem.subject_to(*_optional_terms(battery, prices.horizon, lot))


def _optional_terms(
    battery: Battery, horizon: Horizon, lot: Power | None
) -> Iterator[ConstraintTerm]:
    if battery.final_energy is not None:
        exact = Energy.zero()
        near = exact if lot is None else final_tolerance(battery, horizon=horizon, lot=lot)
        yield FinalStateOfCharge(battery, near)
    if battery.discharge_cap_per_day is not None:
        yield DailyDischarge(battery)
    if lot is not None:
        yield WholeLots(battery, lot)


class DispatchRule(Enum):
    """What a plan can break, in the order in which violations are listed."""

    CHARGE_POWER = "charge power above the limit"
    DISCHARGE_POWER = "discharge power above the limit"
    ONE_DIRECTION = "charging and discharging at once"
    EMPTY = "store below empty"
    FULL = "store above full"
    DAILY_DISCHARGE = "daily discharge above the cap"
    FINAL_ENERGY = "final energy outside the band"


@attrs.frozen(kw_only=True)
class Violation:
    """One broken rule, with the exact numbers.

    Attributes:
        at: the interval after which (or in which) the rule is broken.
        found, allowed: the value and the bound it passes, both power or both energy.
    """

    rule: DispatchRule
    at: DeliveryPeriod
    found: Power | Energy
    allowed: Power | Energy

    def explain(self) -> str:
        """Return one line: rule, interval, value, bound."""
        return f"{self.rule.value} at {self.at.label}: {self.found}, allowed {self.allowed}"


def violations(plan: DispatchPlan, battery: Battery) -> tuple[Violation, ...]:
    """Check a plan against the battery with exact arithmetic; empty means it can be followed.

    Raises:
        ValueError: if the plan is for another asset.
    """
    if plan.asset_id != battery.asset_id:
        raise ValueError(f"the plan is for {plan.asset_id}, the battery is {battery.asset_id}")
    found = (
        *_power_violations(plan, battery),
        *_store_violations(plan, battery),
        *_daily_violations(plan, battery),
        *_final_violations(plan, battery),
    )
    ranks = {rule: rank for rank, rule in enumerate(DispatchRule)}
    return tuple(sorted(found, key=lambda v: (ranks[v.rule], v.at.start)))


def _power_violations(plan: DispatchPlan, battery: Battery) -> Iterator[Violation]:
    columns = zip(plan.horizon.intervals, plan.charge_lots, plan.discharge_lots, strict=True)
    for at, charge_lots, discharge_lots in columns:
        charge, discharge = plan.lot * charge_lots, plan.lot * discharge_lots
        limit = battery.charge_power
        if charge > limit:
            yield Violation(rule=DispatchRule.CHARGE_POWER, at=at, found=charge, allowed=limit)
        limit = battery.discharge_power
        if discharge > limit:
            yield Violation(
                rule=DispatchRule.DISCHARGE_POWER, at=at, found=discharge, allowed=limit
            )
        if charge_lots and discharge_lots:
            yield Violation(
                rule=DispatchRule.ONE_DIRECTION,
                at=at,
                found=min(charge, discharge),
                allowed=Power.zero(),
            )


def _store_violations(plan: DispatchPlan, battery: Battery) -> Iterator[Violation]:
    path = energy_path(plan, battery)
    for at, held in zip(plan.horizon.intervals, path[1:], strict=True):
        if held.is_negative:
            yield Violation(rule=DispatchRule.EMPTY, at=at, found=held, allowed=Energy.zero())
        if held > battery.capacity:
            yield Violation(rule=DispatchRule.FULL, at=at, found=held, allowed=battery.capacity)


def _daily_violations(plan: DispatchPlan, battery: Battery) -> Iterator[Violation]:
    cap = battery.discharge_cap_per_day
    if cap is None:
        return
    discharged = plan.discharged
    for positions in plan.horizon.local_days.values():
        total = sum((discharged[i] for i in positions), Energy.zero())
        if total > cap:
            at = plan.horizon.intervals[positions[-1]]
            yield Violation(rule=DispatchRule.DAILY_DISCHARGE, at=at, found=total, allowed=cap)


def _final_violations(plan: DispatchPlan, battery: Battery) -> Iterator[Violation]:
    target = battery.final_energy
    if target is None:
        return
    band = final_tolerance(battery, horizon=plan.horizon, lot=plan.lot)
    end = energy_path(plan, battery)[-1]
    if abs(end - target) > band:
        allowed = target + band if end > target else target - band
        at = plan.horizon.intervals[-1]
        yield Violation(rule=DispatchRule.FINAL_ENERGY, at=at, found=end, allowed=allowed)


def _whole_lots(power_mw: float, lot: Power) -> int:
    lots = power_mw / float(lot.mw)
    nearest = round(lots)
    if abs(lots - nearest) > LOT_TOLERANCE:
        raise ValueError(
            f"a planned power must be whole lots of {float(lot.mw):g} MW, found {power_mw!r} MW; "
            "solve the problem with WholeLots"
        )
    return max(nearest, 0)
