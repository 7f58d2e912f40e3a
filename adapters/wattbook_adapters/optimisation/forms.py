"""Decides the mathematical form of each term; a term without a form here cannot be solved.

Every form is affine in the variables and in the parameters, so one compilation serves all numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import singledispatch
from typing import Any

import cvxpy as cp
import numpy as np

from wattbook_adapters.optimisation.model import Floats, LotBox, Sheet
from wattbook_domain.portfolio.assets import Battery
from wattbook_domain.portfolio.problem import ConstraintTerm, ObjectiveTerm
from wattbook_domain.portfolio.terms import (
    AvailableWind,
    ChargeOrDischarge,
    Committed,
    DailyDischarge,
    FinalStateOfCharge,
    GridConnection,
    PowerLimits,
    RunningCost,
    SaleRevenue,
    StateOfCharge,
    WearCost,
    WholeLots,
)
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.power import Power


@singledispatch
def objective_form(term: ObjectiveTerm, _sheet: Sheet[Any]) -> cp.Expression:
    """Return the weighted term as an expression.

    Raises:
        ValueError: for a term that has no form.
    """
    raise ValueError(f"no form for the objective term {type(term).__name__}; register one")


@singledispatch
def constraint_form(term: ConstraintTerm, _sheet: Sheet[Any]) -> Iterator[cp.Constraint]:
    """Yield the constraints of a term; it may be missed by `sheet.give` if it has a unit.

    Raises:
        ValueError: for a term that has no form.
    """
    raise ValueError(f"no form for the constraint term {type(term).__name__}; register one")


@objective_form.register
def _sale_revenue(term: SaleRevenue, sheet: Sheet[SaleRevenue]) -> cp.Expression:
    def prices(term: SaleRevenue) -> Floats:
        return np.array([float(price.amount) for price in term.prices.prices])

    return sheet.column(prices) @ sheet.model.energy(sheet.model.net(term.asset))


@objective_form.register
def _wear_cost(term: WearCost, sheet: Sheet[WearCost]) -> cp.Expression:
    wear = sheet.number(lambda term: float(term.battery.wear_cost.amount))
    return wear * cp.sum(sheet.model.energy(sheet.model.of_battery(term.battery).discharge))


@objective_form.register
def _running_cost(term: RunningCost, sheet: Sheet[RunningCost]) -> cp.Expression:
    floor = sheet.number(lambda term: float(term.farm.floor_price.amount))
    return floor * cp.sum(sheet.model.energy(sheet.model.of_farm(term.farm)))


@constraint_form.register
def _power_limits(term: PowerLimits, sheet: Sheet[PowerLimits]) -> Iterator[cp.Constraint]:
    battery = sheet.model.of_battery(term.battery)
    yield battery.charge <= sheet.number(lambda t: _mw(t.battery.charge_power)) + sheet.give
    yield battery.discharge <= sheet.number(lambda t: _mw(t.battery.discharge_power)) + sheet.give


@constraint_form.register
def _state_of_charge(term: StateOfCharge, sheet: Sheet[StateOfCharge]) -> Iterator[cp.Constraint]:
    battery = sheet.model.of_battery(term.battery)
    kept = sheet.number(lambda t: float(t.battery.charge_efficiency))
    taken = sheet.number(lambda t: 1.0 / float(t.battery.discharge_efficiency))
    change = kept * sheet.model.energy(battery.charge)
    change -= taken * sheet.model.energy(battery.discharge)
    yield battery.energy[0] == sheet.number(lambda t: _mwh(t.battery.initial_energy)) + change[0]
    if len(sheet.model.hours) > 1:
        yield battery.energy[1:] == battery.energy[:-1] + change[1:]
    yield battery.energy >= -sheet.give
    yield battery.energy <= sheet.number(lambda t: _mwh(t.battery.capacity)) + sheet.give


@constraint_form.register
def _final_state(
    term: FinalStateOfCharge, sheet: Sheet[FinalStateOfCharge]
) -> Iterator[cp.Constraint]:
    end = sheet.model.of_battery(term.battery).energy[-1]
    yield end >= sheet.number(lambda t: _mwh(t.target - t.tolerance)) - sheet.give
    yield end <= sheet.number(lambda t: _mwh(t.target + t.tolerance)) + sheet.give


@constraint_form.register
def _charge_or_discharge(
    term: ChargeOrDischarge, sheet: Sheet[ChargeOrDischarge]
) -> Iterator[cp.Constraint]:
    battery = sheet.model.of_battery(term.battery)
    charging = cp.Variable(len(sheet.model.hours), boolean=True)
    is_tight = sheet.model.are_powers_limited
    extra = 0.0 if is_tight else _beyond_the_store(term.battery, sheet)
    charge_limit = sheet.number(lambda t: _mw(t.battery.charge_power))
    yield battery.charge <= (charge_limit + extra) * charging
    discharge_limit = sheet.number(lambda t: _mw(t.battery.discharge_power))
    yield battery.discharge <= (discharge_limit + extra) * (1 - charging)


def _beyond_the_store(battery: Battery, sheet: Sheet[Any]) -> float:
    """Power that no store of this capacity can use, so that exclusivity limits nothing else."""
    shortest_hours = float(sheet.model.hours.min())
    return _mwh(battery.capacity) / float(battery.charge_efficiency) / shortest_hours


@constraint_form.register
def _daily_discharge(term: DailyDischarge, sheet: Sheet[DailyDischarge]) -> Iterator[cp.Constraint]:
    energy = sheet.model.energy(sheet.model.of_battery(term.battery).discharge)
    cap = sheet.number(lambda t: _mwh(t.cap))
    yield sheet.model.days @ energy <= cap + sheet.give


@constraint_form.register
def _available_wind(term: AvailableWind, sheet: Sheet[AvailableWind]) -> Iterator[cp.Constraint]:
    output = sheet.model.of_farm(term.farm)
    available = sheet.column(lambda t: np.array([_mw(power) for power in t.available]))
    yield output <= available + sheet.give
    if not term.farm.is_curtailable:
        yield output >= available - sheet.give


@constraint_form.register
def _grid_connection(term: GridConnection, sheet: Sheet[GridConnection]) -> Iterator[cp.Constraint]:
    net = sum(sheet.model.net(asset) for asset in term.shared_by)
    yield net <= sheet.number(lambda t: _mw(t.export_limit)) + sheet.give
    yield net >= -sheet.number(lambda t: _mw(t.import_limit)) - sheet.give


@constraint_form.register
def _committed(term: Committed, sheet: Sheet[Committed]) -> Iterator[cp.Constraint]:
    stated = [position for position, net in enumerate(term.net) if net is not None]
    if stated:
        wanted = sheet.column(lambda t: np.array([0.0 if n is None else _mw(n) for n in t.net]))
        missed = (sheet.model.net(term.asset) - wanted)[stated]
        yield missed <= sheet.give
        yield missed >= -sheet.give


@constraint_form.register
def _whole_lots(term: WholeLots, sheet: Sheet[WholeLots]) -> Iterator[cp.Constraint]:
    battery = sheet.model.of_battery(term.battery)
    lot_mw = sheet.number(lambda t: _mw(t.lot))
    find = sheet.find
    for power in (battery.charge, battery.discharge):
        size = len(sheet.model.hours)
        lots = cp.Variable(size, integer=True)
        box = LotBox(
            power=power,
            low=cp.Parameter(size),
            high=cp.Parameter(size),
            read_lot_mw=lambda problem: _mw(find(problem).lot),
        )
        sheet.model.boxes.append(box)
        yield power == lot_mw * lots
        yield lots >= box.low
        yield lots <= box.high


def _mw(power: Power) -> float:
    return float(power.mw)


def _mwh(energy: Energy) -> float:
    return float(energy.mwh)
