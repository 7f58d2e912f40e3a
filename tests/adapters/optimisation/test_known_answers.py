"""Batteries on real days against known optima; `real_days` states where the numbers come from."""

from __future__ import annotations

import csv
import gzip
from datetime import date
from pathlib import Path

import pytest
from tests.adapters.optimisation.real_days import NEGATIVE, SPIKE, battery, hourly, strip

from wattbook_adapters.optimisation.highs import HighsOptimiser
from wattbook_adapters.optimisation.solver import SolverLimits
from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.portfolio.dispatch import (
    DispatchPlan,
    battery_dispatch,
    energy_path,
    violations,
)
from wattbook_domain.portfolio.horizon import Horizon, PriceStrip
from wattbook_domain.portfolio.margin import margin
from wattbook_domain.portfolio.problem import ConstraintTerm
from wattbook_domain.portfolio.solution import Solution
from wattbook_domain.portfolio.terms import ChargeOrDischarge
from wattbook_domain.quantities.money import Currency
from wattbook_domain.quantities.power import Power

LOT = Power.of_mw("0.1")
YEAR_FILE = Path(__file__).parents[4] / "shared" / "data" / "power_prices" / "epf_DE.csv.gz"


@pytest.mark.parametrize(
    ("prices", "unit", "optimum"),
    [
        (SPIKE, battery(), 211.581474),
        (NEGATIVE, battery(), 308.885357),
        (SPIKE, battery(wear=5), 196.080507),
        (NEGATIVE, battery(wear=5), 270.860357),
        (SPIKE, battery(cap_mwh=2), 197.997601),
        (NEGATIVE, battery(cap_mwh=2), 231.810332),
        (SPIKE, battery(efficiency=1), 260.36),
        (NEGATIVE, battery(efficiency=1), 255.26),
    ],
    ids=[
        f"{day}-{case}"
        for case in ("plain", "wear", "cap", "lossless")
        for day in ("spike", "negative")
    ],
)
def test_one_megawatt_earns_the_known_optimum(prices, unit, optimum):
    found = HighsOptimiser().solve(battery_dispatch(unit, strip(prices)))

    assert isinstance(found, Solution)
    assert found.is_optimal
    assert found.gap == 0
    assert found.value == pytest.approx(optimum, abs=1e-4)


def test_without_exclusivity_a_linear_programme_burns_energy_for_money():
    """357.737875: 16 % more than any battery can earn, by losing energy at negative prices."""
    problem = battery_dispatch(battery(), strip(NEGATIVE))
    kept: list[ConstraintTerm] = [
        term for term in problem.constraints if not isinstance(term, ChargeOrDischarge)
    ]
    relaxed = type(problem)(problem.sense, problem.objective, tuple(kept))

    found = HighsOptimiser().solve(relaxed)

    assert isinstance(found, Solution)
    assert found.value == pytest.approx(357.737875, abs=1e-4)


@pytest.mark.parametrize("granularity", [Granularity.MINUTES_15, Granularity.MINUTES_30])
def test_finer_intervals_at_the_same_prices_change_nothing_without_negative_prices(granularity):
    found = HighsOptimiser().solve(battery_dispatch(battery(), strip(SPIKE, granularity)))

    assert isinstance(found, Solution)
    assert found.value == pytest.approx(211.581474, abs=1e-4)


@pytest.mark.parametrize("prices", [SPIKE, NEGATIVE], ids=["spike", "negative"])
def test_whole_lots_are_a_plan_that_can_be_followed_and_lie_within_the_stated_gap(prices):
    unit = battery(power_mw=10, capacity_mwh=20)
    found = HighsOptimiser().solve(battery_dispatch(unit, strip(prices), lot=LOT))

    assert isinstance(found, Solution)
    plan = DispatchPlan.of_schedule(found.of_battery(unit), horizon=hourly(24), lot=LOT)
    assert violations(plan, unit) == ()
    assert float(margin(plan, battery=unit, prices=strip(prices)).total.amount) == pytest.approx(
        found.value, abs=1e-6
    )
    assert found.value <= found.bound
    assert found.gap < 0.006 * found.bound
    assert not found.is_optimal


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2017, 3, 26), 23), (date(2017, 1, 24), 24), (date(2017, 10, 29), 25)]
)
def test_a_day_has_as_many_hours_as_its_zone_gives_it(day, hours):
    unit = battery(power_mw=10, capacity_mwh=20)
    horizon = hourly(hours, day)
    prices = PriceStrip.of(horizon, [10 + 3 * (i % 5) for i in range(hours)], Currency.EUR)

    found = HighsOptimiser().solve(battery_dispatch(unit, prices, lot=LOT))

    assert isinstance(found, Solution)
    plan = DispatchPlan.of_schedule(found.of_battery(unit), horizon=horizon, lot=LOT)
    assert len(plan.net_lots) == hours
    assert len(energy_path(plan, unit)) == hours + 1
    assert violations(plan, unit) == ()


@pytest.mark.slow
@pytest.mark.skipif(not YEAR_FILE.exists(), reason=f"needs the price file {YEAR_FILE.name}")
def test_a_year_of_hours_earns_the_known_optimum():
    """2017 has 8,760 rows in the source as in the zone; the clock changes cancel over the year."""
    with gzip.open(YEAR_FILE, "rt") as file:
        rows = [price for at, price, *_ in csv.reader(file) if at.startswith("2017")]
    hours = DeliveryPeriod.year(2017, "Europe/Berlin").split(Granularity.HOUR)
    prices = PriceStrip.of(Horizon(hours), rows, Currency.EUR)

    optimiser = HighsOptimiser(limits=SolverLimits(time_s=300))
    found = optimiser.solve(battery_dispatch(battery(), prices))

    assert isinstance(found, Solution)
    assert found.is_optimal
    assert found.value == pytest.approx(21307.81, abs=0.01)
