"""How the optimiser behaves: warm shapes, ties, clashes in words, limits, hybrid parks."""

from __future__ import annotations

from datetime import date

import attrs
import pytest
from tests.adapters.optimisation.real_days import NEGATIVE, SPIKE, battery, hourly, strip

from wattbook_adapters.optimisation.highs import HighsOptimiser
from wattbook_adapters.optimisation.programme import shape_of
from wattbook_adapters.optimisation.solver import SolverLimits
from wattbook_contracts.errors import SolverFault
from wattbook_contracts.ports.optimiser import Optimiser
from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.portfolio.assets import WindFarm
from wattbook_domain.portfolio.dispatch import battery_dispatch
from wattbook_domain.portfolio.horizon import Horizon, PriceStrip
from wattbook_domain.portfolio.problem import ConstraintTerm, ObjectiveTerm, maximise, minimise
from wattbook_domain.portfolio.solution import Infeasible, Solution
from wattbook_domain.portfolio.terms import (
    AvailableWind,
    Committed,
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
from wattbook_domain.quantities.money import Currency
from wattbook_domain.quantities.power import Power
from wattbook_domain.quantities.price import Price


def solved(problem, **options) -> Solution:
    optimiser: Optimiser = HighsOptimiser(**options)
    found = optimiser.solve(problem)
    assert isinstance(found, Solution)
    return found


def euros(*amounts) -> PriceStrip:
    return PriceStrip.of(hourly(len(amounts)), amounts, Currency.EUR)


# One shape, many numbers.


def test_problems_of_one_shape_share_a_programme_and_get_their_own_answers():
    optimiser = HighsOptimiser()
    problems = [
        battery_dispatch(unit, strip(prices))
        for prices in (SPIKE, NEGATIVE)
        for unit in (battery(), battery(wear=5), battery(power_mw=3, capacity_mwh=7))
    ]
    assert len({shape_of(problem) for problem in problems}) == 1
    warm = [optimiser.solve(problem) for problem in problems]
    cold = [HighsOptimiser().solve(problem) for problem in problems]
    assert warm == cold
    assert len({answer.value for answer in warm}) == len(problems)


def test_a_shape_that_was_dropped_is_compiled_again():
    optimiser = HighsOptimiser(shapes_kept=1)
    day, part = battery_dispatch(battery(), strip(SPIKE)), battery_dispatch(battery(), euros(1, 5))
    first = optimiser.solve(day)
    optimiser.solve(part)
    assert optimiser.solve(day) == first


@pytest.mark.parametrize("lot", [None, Power.of_mw("0.1")])
def test_the_same_problem_gets_the_same_schedule_to_the_last_bit(lot):
    problem = battery_dispatch(battery(power_mw=10, capacity_mwh=20), strip(NEGATIVE), lot=lot)
    assert solved(problem) == solved(problem)


# Ties.


def test_at_flat_prices_a_lossless_battery_does_nothing():
    found = solved(battery_dispatch(battery(efficiency=1), euros(40, 40, 40, 40)))
    (schedule,) = found.batteries
    assert schedule.charge_mw == pytest.approx((0, 0, 0, 0), abs=1e-6)
    assert schedule.discharge_mw == pytest.approx((0, 0, 0, 0), abs=1e-6)


def test_among_equal_hours_the_earlier_one_is_taken():
    unit = battery(efficiency=1, capacity_mwh=1)
    found = solved(battery_dispatch(unit, euros(10, 10, 50, 50)))
    (schedule,) = found.batteries
    assert schedule.charge_mw == pytest.approx((1, 0, 0, 0), abs=1e-6)
    assert schedule.discharge_mw == pytest.approx((0, 0, 1, 0), abs=1e-6)
    assert found.value == pytest.approx(40, abs=1e-9)


# No schedule.


def test_a_clash_names_a_smallest_set_and_by_how_much_each_is_missed():
    """From empty to 20 MWh in 4 hours at 2 MW and 90 %: 7.2 MWh can be stored."""
    unit = attrs.evolve(
        battery(power_mw=2, capacity_mwh=20, efficiency="0.9", final_mwh=20), asset_id="North"
    )
    found = HighsOptimiser().solve(battery_dispatch(unit, euros(1, 2, 3, 4)))

    assert isinstance(found, Infeasible)
    missed = {type(conflict.term): conflict.missed_by for conflict in found.conflicts}
    assert set(missed) == {PowerLimits, StateOfCharge, FinalStateOfCharge}
    assert missed[FinalStateOfCharge] == pytest.approx(20 - 7.2, abs=1e-6)
    assert missed[PowerLimits] == pytest.approx(20 / 0.9 / 4 - 2, abs=1e-6)
    assert "battery North ends the horizon with 20 MWh: misses by 12.8 MWh" in found.explain()


def test_leaving_out_any_named_requirement_resolves_the_clash():
    unit = battery(power_mw=2, capacity_mwh=20, final_mwh=20)
    problem = battery_dispatch(unit, euros(1, 2, 3, 4))
    found = HighsOptimiser().solve(problem)
    assert isinstance(found, Infeasible)
    for conflict in found.conflicts:
        kept = tuple(term for term in problem.constraints if term != conflict.term)
        rest = HighsOptimiser().solve(attrs.evolve(problem, constraints=kept))
        assert isinstance(rest, Solution)


def test_a_sale_the_battery_cannot_deliver_is_named():
    unit = battery(capacity_mwh=2)
    prices = euros(30, 40, 50)
    sold = Committed(unit, prices.horizon, (Power.of_mw(1), None, None))
    found = HighsOptimiser().solve(battery_dispatch(unit, prices).subject_to(sold))

    assert isinstance(found, Infeasible)
    assert {type(conflict.term) for conflict in found.conflicts} == {StateOfCharge, Committed}
    assert "B1 delivers what it sold in 1 intervals: misses by 1 MW" in found.explain()


def test_half_a_lot_sold_clashes_with_whole_lots():
    unit = battery(initial_mwh=2, final_mwh=None)
    prices = euros(30, 40)
    sold = Committed(unit, prices.horizon, (Power.of_mw("0.5"), None))
    problem = battery_dispatch(unit, prices, lot=Power.of_mw(1)).subject_to(sold)
    for reach in (0, 1, None):
        found = HighsOptimiser(lot_reach=reach).solve(problem)
        assert isinstance(found, Infeasible)
        missed = {type(conflict.term): conflict.missed_by for conflict in found.conflicts}
        assert missed == {WholeLots: None, Committed: pytest.approx(0.5, abs=1e-6)}
        assert "- battery B1 is scheduled in whole lots of 1 MW\n" in found.explain()


def test_a_clash_before_lots_is_named_without_them():
    unit = battery(power_mw=2, capacity_mwh=20, final_mwh=20)
    found = HighsOptimiser().solve(battery_dispatch(unit, euros(1, 2), lot=Power.of_mw(1)))
    assert isinstance(found, Infeasible)
    assert WholeLots not in {type(conflict.term) for conflict in found.conflicts}


def test_where_no_lots_are_nearby_all_lots_are_searched():
    """An hour at 10 and a half-hour at 11, to end with exactly 0.9 * 1.5 MWh in lots of 1 MW.

    Continuous power takes 1.5 MW in the hour and leaves the half-hour idle; no number of lots in
    the hour alone buys 1.5 MWh. One lot in each does: 1 * 10 + 0.5 * 11.
    """
    unit = battery(power_mw=2, capacity_mwh=2, efficiency="0.9", final_mwh="1.35")
    first, second = hourly(2).intervals
    mixed = Horizon((first, second.split(Granularity.MINUTES_30)[0]))
    prices = PriceStrip.of(mixed, [10, 11], Currency.EUR)
    problem = battery_dispatch(unit, prices).subject_to(WholeLots(unit, Power.of_mw(1)))
    found = solved(problem)
    assert found.value == pytest.approx(-15.5, abs=1e-6)
    assert found.bound == pytest.approx(-15, abs=1e-6)
    assert found.batteries[0].charge_mw == pytest.approx((1, 1), abs=1e-6)


def test_a_commitment_that_can_be_met_is_met():
    unit = battery(initial_mwh=2, final_mwh=None)
    prices = euros(30, 40, 50)
    sold = Committed(unit, prices.horizon, (Power.of_mw("0.7"), None, Power.zero()))
    found = solved(battery_dispatch(unit, prices).subject_to(sold))
    (schedule,) = found.batteries
    assert schedule.discharge_mw == pytest.approx((0.7, 1.0, 0.0), abs=1e-6)


# Limits and misuse.


def test_a_node_limit_returns_the_best_found_with_its_gap():
    problem = battery_dispatch(
        battery(power_mw=10, capacity_mwh=20), strip(NEGATIVE), lot=Power.of_mw(1)
    )
    found = solved(problem, limits=SolverLimits(nodes=5), lot_reach=None)
    assert not found.is_optimal
    assert found.gap > 0
    assert found.value < found.bound


def test_nothing_found_within_the_limits_is_a_fault():
    month = DeliveryPeriod.month(2017, 10, "Europe/Berlin").split(Granularity.HOUR)
    amounts = [(hour * 7919) % 101 - 50 for hour in range(len(month))]
    prices = PriceStrip.of(Horizon(month), amounts, Currency.EUR)
    problem = battery_dispatch(battery(final_mwh="1.37"), prices)
    with pytest.raises(SolverFault, match=r"within 1e-06 s"):
        HighsOptimiser(limits=SolverLimits(time_s=1e-6)).solve(problem)


def test_an_objective_without_bound_is_a_fault_that_says_what_is_missing():
    with pytest.raises(SolverFault, match=r"PowerLimits"):
        HighsOptimiser().solve(maximise(SaleRevenue(battery(), euros(5))))


def test_a_term_without_a_form_is_refused_by_name():
    @attrs.frozen
    class Novelty(ObjectiveTerm):
        assets: tuple = ()

    @attrs.frozen
    class Whim(ConstraintTerm):
        assets: tuple = ()

        def describe(self) -> str:
            return "a whim"

    revenue = SaleRevenue(battery(), euros(5))
    with pytest.raises(ValueError, match=r"Novelty"):
        HighsOptimiser().solve(maximise(revenue + Novelty()))
    with pytest.raises(ValueError, match=r"Whim"):
        HighsOptimiser().solve(maximise(revenue).subject_to(Whim()))


@pytest.mark.parametrize(
    "options",
    [{"lot_reach": -1}, {"shapes_kept": 0}],
)
def test_options_that_make_no_sense_are_refused(options):
    with pytest.raises(ValueError, match=r"must"):
        HighsOptimiser(**options)


@pytest.mark.parametrize("options", [{"time_s": 0.0}, {"nodes": -1}])
def test_limits_that_make_no_sense_are_refused(options):
    with pytest.raises(ValueError, match=r"must"):
        SolverLimits(**options)


# Scaling, minimising, and more than one asset.


def test_a_minimised_negative_is_the_maximised_positive():
    unit, prices = battery(wear=5), strip(NEGATIVE)
    most = battery_dispatch(unit, prices)
    least = minimise(WearCost(unit) - SaleRevenue(unit, prices)).subject_to(*most.constraints)
    assert solved(least).value == pytest.approx(-solved(most).value, abs=1e-6)


@pytest.mark.parametrize("weight", [0.5, 2, 10])
def test_scaling_an_objective_scales_its_optimum(weight):
    unit, prices = battery(wear=5), strip(SPIKE)
    plain = battery_dispatch(unit, prices)
    scaled = maximise(weight * plain.objective).subject_to(*plain.constraints)
    assert solved(scaled).value == pytest.approx(weight * solved(plain).value, rel=1e-6)


def farm(*, is_curtailable=True, floor=0) -> WindFarm:
    return WindFarm(
        asset_id="W1",
        capacity=Power.of_mw(50),
        is_curtailable=is_curtailable,
        floor_price=Price.of(floor, Currency.EUR),
    )


def megawatts(*amounts) -> tuple[Power, ...]:
    return tuple(Power.of_mw(amount) for amount in amounts)


def test_a_farm_runs_exactly_where_the_price_reaches_its_floor():
    """A premium of 20 beside the market: worth running down to -20."""
    park, prices = farm(floor=-20), euros(-50, -21, -19, 0, 30)
    wind = AvailableWind(park, prices.horizon, megawatts(10, 20, 30, 40, 50))
    found = solved(maximise(SaleRevenue(park, prices) - RunningCost(park)).subject_to(wind))
    assert found.of_farm(park).output_mw == pytest.approx((0, 0, 30, 40, 50), abs=1e-6)
    assert found.value == pytest.approx(30 * 1 + 40 * 20 + 50 * 50, abs=1e-6)


def test_a_farm_that_may_not_curtail_runs_with_the_wind_at_any_price():
    park, prices = farm(is_curtailable=False), euros(-50, 30)
    wind = AvailableWind(park, prices.horizon, megawatts(10, 20))
    found = solved(maximise(SaleRevenue(park, prices)).subject_to(wind))
    assert found.of_farm(park).output_mw == pytest.approx((10, 20), abs=1e-6)


def test_behind_one_grid_connection_the_battery_saves_wind_from_curtailment():
    """40 MW of wind behind 30 MW of grid: 10 MWh would be lost, a lossless battery sells them
    in the windless second hour: 30 * 20 + 10 * 60."""
    park = farm()
    unit = battery(power_mw=10, capacity_mwh=10, efficiency=1)
    prices = euros(20, 60)
    problem = battery_dispatch(unit, prices)
    problem = maximise(problem.objective + SaleRevenue(park, prices)).subject_to(
        *problem.constraints,
        AvailableWind(park, prices.horizon, megawatts(40, 0)),
        GridConnection((unit, park), Power.of_mw(30), Power.zero()),
    )
    found = solved(problem)
    assert found.value == pytest.approx(30 * 20 + 10 * 60, abs=1e-6)
    assert found.of_farm(park).output_mw[0] == pytest.approx(40, abs=1e-6)


def test_a_battery_may_cross_midnight_under_a_cap_for_each_day():
    """Two days of two hours each around midnight, one MWh a day: both spreads are earned."""
    unit = battery(efficiency=1, cap_mwh=1)
    evening, morning = hourly(24).intervals[-2:], hourly(2, date(2017, 1, 25)).intervals
    prices = PriceStrip.of(Horizon(evening + morning), [10, 50, 10, 70], Currency.EUR)
    assert solved(battery_dispatch(unit, prices)).value == pytest.approx(40 + 60, abs=1e-6)


def test_the_final_band_counts():
    unit = battery(initial_mwh=1, final_mwh=1, efficiency=1)
    prices = euros(10, 90)
    loose = maximise(SaleRevenue(unit, prices)).subject_to(
        PowerLimits(unit), StateOfCharge(unit), FinalStateOfCharge(unit, Energy.of_mwh("0.25"))
    )
    assert solved(loose).value == pytest.approx(90 * 1 - 10 * 0.75, abs=1e-6)
