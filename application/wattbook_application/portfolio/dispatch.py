"""Plans the battery's day on a price strip, and never trusts the solver with the battery."""

from __future__ import annotations

from wattbook_application.setup import BatterySetup, DaySetup, WindSetup
from wattbook_contracts.errors import SolverFault
from wattbook_contracts.ports.optimiser import Optimiser
from wattbook_domain.portfolio.assets import Battery, WindFarm
from wattbook_domain.portfolio.dispatch import DispatchPlan, battery_dispatch, violations
from wattbook_domain.portfolio.horizon import FORECAST_DECIMALS, PriceStrip
from wattbook_domain.portfolio.solution import Infeasible
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.money import Currency, Money
from wattbook_domain.quantities.power import Power
from wattbook_domain.quantities.price import Price


def battery_of(setup: DaySetup) -> Battery:
    """Return the day's battery."""
    return _battery(setup.battery, setup.market.currency)


def wind_farm_of(setup: DaySetup) -> WindFarm:
    """Return the day's wind farm."""
    return _wind_farm(setup.wind, setup.market.currency)


def dispatch(
    battery: Battery, prices: PriceStrip, *, lot: Power, optimiser: Optimiser
) -> DispatchPlan:
    """Return the best plan in whole lots that the battery can follow.

    Raises:
        SolverFault: if the requirements clash, or the answer breaks the battery's rules.
    """
    answer = optimiser.solve(battery_dispatch(battery, prices, lot=lot))
    if isinstance(answer, Infeasible):
        raise SolverFault(f"the battery {battery.asset_id} cannot be planned: {answer.explain()}")
    schedule = answer.of_battery(battery)
    plan = DispatchPlan.of_schedule(schedule, horizon=prices.horizon, lot=lot)
    if broken := violations(plan, battery):
        raise SolverFault(
            f"a plan must keep the battery's rules, the solver's does not: {broken[0].explain()}; "
            "report the problem with its prices"
        )
    return plan


def foresight_optimum(battery: Battery, prices: PriceStrip, *, optimiser: Optimiser) -> Money:
    """Return the most that the battery could have earned at known prices.

    Power is continuous here, so the optimum is proven; whole lots can only earn less, but for the
    half lot's step by which they may miss the final energy.

    Raises:
        SolverFault: if the requirements clash.
    """
    answer = optimiser.solve(battery_dispatch(battery, prices))
    if isinstance(answer, Infeasible):
        raise SolverFault(f"the battery {battery.asset_id} cannot be planned: {answer.explain()}")
    return Money.of(f"{answer.value:.{FORECAST_DECIMALS}f}", prices.currency)


def _battery(setup: BatterySetup, currency: Currency) -> Battery:
    return Battery(
        asset_id="BATTERY",
        charge_power=Power.of_mw(setup.power_mw),
        discharge_power=Power.of_mw(setup.power_mw),
        capacity=Energy.of_mwh(setup.energy_mwh),
        charge_efficiency=setup.charge_efficiency,
        discharge_efficiency=setup.discharge_efficiency,
        initial_energy=Energy.of_mwh(setup.initial_mwh),
        final_energy=Energy.of_mwh(setup.final_mwh),
        wear_cost=Price.of(setup.wear_per_mwh, currency),
    )


def _wind_farm(setup: WindSetup, currency: Currency) -> WindFarm:
    return WindFarm(
        asset_id="WIND",
        capacity=Power.of_mw(setup.capacity_mw),
        is_curtailable=True,
        floor_price=Price.of(setup.floor_price, currency),
    )
