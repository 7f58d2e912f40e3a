"""Plans in whole lots: what they hold, what they earn, and how a bad one is found out."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.portfolio.assets import Battery, WindFarm
from wattbook_domain.portfolio.dispatch import (
    DispatchPlan,
    DispatchRule,
    battery_dispatch,
    energy_path,
    final_tolerance,
    violations,
)
from wattbook_domain.portfolio.horizon import Horizon, PriceStrip
from wattbook_domain.portfolio.margin import ForesightComparison, margin
from wattbook_domain.portfolio.solution import BatterySchedule, Solution, WindSchedule
from wattbook_domain.portfolio.terms import DailyDischarge, FinalStateOfCharge, WholeLots
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.money import Currency, Money
from wattbook_domain.quantities.power import Power
from wattbook_domain.quantities.price import Price

BERLIN = "Europe/Berlin"
LOT = Power.of_mw("0.1")
UNIT = Battery(
    asset_id="B1",
    charge_power=Power.of_mw(10),
    discharge_power=Power.of_mw(8),
    capacity=Energy.of_mwh(20),
    charge_efficiency="0.9",
    discharge_efficiency="0.8",
    initial_energy=Energy.of_mwh(1),
    final_energy=Energy.of_mwh(1),
    wear_cost=Price.of(5, Currency.EUR),
)
FREE = attrs.evolve(UNIT, final_energy=None)

days = st.sampled_from([date(2017, 3, 26), date(2017, 1, 24), date(2017, 10, 29)])
granularities = st.sampled_from([Granularity.MINUTES_15, Granularity.MINUTES_30, Granularity.HOUR])


def horizon_of(day: date, granularity: Granularity) -> Horizon:
    return Horizon(DeliveryPeriod.day(day, BERLIN).split(granularity))


def plan_of(*net_lots: int, horizon: Horizon | None = None) -> DispatchPlan:
    hours = Horizon(horizon_of(date(2017, 1, 24), Granularity.HOUR).intervals[: len(net_lots)])
    return DispatchPlan(
        asset_id="B1",
        horizon=horizon or hours,
        lot=LOT,
        charge_lots=tuple(max(-lots, 0) for lots in net_lots),
        discharge_lots=tuple(max(lots, 0) for lots in net_lots),
    )


@st.composite
def plans(draw) -> DispatchPlan:
    horizon = horizon_of(draw(days), draw(granularities))
    lots = draw(st.lists(st.integers(-120, 120), min_size=len(horizon), max_size=len(horizon)))
    return plan_of(*lots, horizon=horizon)


def broken(plan: DispatchPlan, unit: Battery) -> list[DispatchRule]:
    return [violation.rule for violation in violations(plan, unit)]


@given(plans())
def test_energy_is_conserved_exactly(plan):
    """End = start + eta_c * bought - sold / eta_d, on days of 23, 24 and 25 hours."""
    path = energy_path(plan, UNIT)
    bought = sum(plan.charged, Energy.zero())
    sold = sum(plan.discharged, Energy.zero())
    expected = UNIT.initial_energy + bought * Fraction("0.9") - sold / Fraction("0.8")
    assert path[-1] == expected
    assert len(path) == len(plan.horizon) + 1
    assert plan.net.energy() == sold - bought


@given(plans())
def test_margin_is_the_value_of_the_net_delivery_less_wear(plan):
    amounts = [((i * 37) % 101) - 50 for i in range(len(plan.horizon))]
    prices = PriceStrip.of(plan.horizon, amounts, Currency.EUR)
    earned = margin(plan, battery=UNIT, prices=prices)
    by_interval = dict(zip(plan.horizon.intervals, prices.prices, strict=True))
    assert earned.sales - earned.purchases == plan.net.value(by_interval)
    assert earned.wear == UNIT.wear_cost * sum(plan.discharged, Energy.zero())
    assert earned.total == earned.sales - earned.purchases - earned.wear


@given(plans())
def test_violations_are_found_exactly_where_a_plain_walk_finds_them(plan):
    held, rules = Fraction(1), set()
    for hours, charge, discharge in zip(
        plan.horizon.hours, plan.charge_lots, plan.discharge_lots, strict=True
    ):
        held += hours * charge / 10 * Fraction(9, 10) - hours * discharge / 10 / Fraction(8, 10)
        rules |= {DispatchRule.CHARGE_POWER} if charge > 100 else set()
        rules |= {DispatchRule.DISCHARGE_POWER} if discharge > 80 else set()
        rules |= {DispatchRule.EMPTY} if held < 0 else set()
        rules |= {DispatchRule.FULL} if held > 20 else set()
    assert set(broken(plan, FREE)) == rules


def test_a_plan_that_can_be_followed_has_no_violations():
    assert violations(plan_of(-100, 0, 72), UNIT) == ()


@pytest.mark.parametrize(
    ("plan", "unit", "rules"),
    [
        (plan_of(-101, 0, 0), FREE, [DispatchRule.CHARGE_POWER]),
        (plan_of(-100, -50, 81), FREE, [DispatchRule.DISCHARGE_POWER]),
        (plan_of(9), FREE, [DispatchRule.EMPTY]),
        (plan_of(-100, -100, -13), FREE, [DispatchRule.FULL]),
        (plan_of(-100, 0, 70), UNIT, [DispatchRule.FINAL_ENERGY]),
        (plan_of(-100, 0, 73), UNIT, [DispatchRule.FINAL_ENERGY]),
        (
            plan_of(-100, 72, 0),
            attrs.evolve(UNIT, discharge_cap_per_day=Energy.of_mwh("7.1")),
            [DispatchRule.DAILY_DISCHARGE],
        ),
        (
            plan_of(-101, 90, 80),
            UNIT,
            [
                DispatchRule.CHARGE_POWER,
                DispatchRule.DISCHARGE_POWER,
                DispatchRule.EMPTY,
                DispatchRule.EMPTY,
                DispatchRule.FINAL_ENERGY,
            ],
        ),
    ],
    ids=["charge", "discharge", "empty", "full", "end-low", "end-high", "cap", "several"],
)
def test_each_rule_is_found_in_the_order_of_rank(plan, unit, rules):
    assert broken(plan, unit) == rules


def test_charging_and_discharging_at_once_is_found():
    both = attrs.evolve(plan_of(0, 0), charge_lots=(5, 0), discharge_lots=(3, 0))
    (violation,) = violations(both, FREE)
    assert violation.rule is DispatchRule.ONE_DIRECTION
    assert violation.found == Power.of_mw("0.3")
    assert violation.explain().startswith("charging and discharging at once at 2017-01-24 00:00")


def test_a_plan_is_checked_against_its_own_battery_only():
    with pytest.raises(ValueError, match=r"the plan is for B1, the battery is B2"):
        violations(plan_of(0), attrs.evolve(UNIT, asset_id="B2"))


@given(
    day=days,
    granularity=granularities,
    lots=st.lists(st.integers(-100, 80), min_size=1, max_size=92),
)
def test_no_path_of_single_lots_can_jump_over_the_final_band(day, granularity, lots):
    """Walk lot by lot from below the band to above it, or back: some step lands inside."""
    horizon = horizon_of(day, granularity)
    band = final_tolerance(UNIT, horizon=horizon, lot=LOT)
    hours = max(horizon.hours)
    up = LOT.mw * hours * UNIT.charge_efficiency
    down = LOT.mw * hours / UNIT.discharge_efficiency
    assert max(up, down) <= 2 * band.mwh


def test_a_schedule_off_the_lot_grid_is_refused():
    horizon = plan_of(0, 0).horizon
    off = BatterySchedule(battery=UNIT, charge_mw=(0.05, 0.0), discharge_mw=(0.0, 0.0))
    with pytest.raises(ValueError, match=r"whole lots of 0\.1 MW, found 0\.05 MW"):
        DispatchPlan.of_schedule(off, horizon=horizon, lot=LOT)
    near = BatterySchedule(battery=UNIT, charge_mw=(9.9999999, -1e-9), discharge_mw=(0.0, 7.2))
    assert DispatchPlan.of_schedule(near, horizon=horizon, lot=LOT).net_lots == (-100, 72)


def test_plans_that_make_no_sense_are_refused():
    plan = plan_of(1, 2)
    with pytest.raises(ValueError, match=r"one entry for each of 2"):
        attrs.evolve(plan, charge_lots=(0,))
    with pytest.raises(ValueError, match=r"discharge_lots must lie between 0"):
        attrs.evolve(plan, discharge_lots=(-1, 0))
    with pytest.raises(ValueError, match=r"lot must be positive"):
        attrs.evolve(plan, lot=Power.zero())


def test_margin_needs_the_prices_of_the_plan_in_the_currency_of_wear():
    plan = plan_of(-100, 0, 72)
    euros = PriceStrip.of(plan.horizon, [10, 20, 30], Currency.EUR)
    assert margin(plan, battery=UNIT, prices=euros).total == Money.of(
        Fraction("7.2") * 30 - 100 - Fraction("7.2") * 5, Currency.EUR
    )
    other = PriceStrip.of(Horizon(plan.horizon.intervals[:2]), [1, 2], Currency.EUR)
    with pytest.raises(ValueError, match=r"same intervals"):
        margin(plan, battery=UNIT, prices=other)
    pounds = PriceStrip.of(plan.horizon, [10, 20, 30], Currency.GBP)
    with pytest.raises(ValueError, match=r"one currency"):
        margin(plan, battery=UNIT, prices=pounds)


def test_efficiency_is_a_share_of_a_positive_optimum_and_otherwise_absent():
    def compare(realised, optimum):
        return ForesightComparison(
            realised=Money.of(realised, Currency.EUR), optimum=Money.of(optimum, Currency.EUR)
        )

    assert compare(90, 120).efficiency == Fraction(3, 4)
    assert compare(90, 120).regret == Money.of(30, Currency.EUR)
    assert compare(-30, 120).efficiency == Fraction(-1, 4)
    assert compare(0, 0).efficiency is None
    assert compare(-10, -5).efficiency is None


def test_the_standard_problem_states_only_what_the_battery_states():
    prices = PriceStrip.of(plan_of(0, 0).horizon, [1, 2], Currency.EUR)
    plain = battery_dispatch(FREE, prices)
    assert [type(t).__name__ for t in plain.constraints] == [
        "PowerLimits",
        "StateOfCharge",
        "ChargeOrDischarge",
    ]
    full = battery_dispatch(UNIT.with_daily_cycles(1), prices, lot=LOT)
    end, cap, lots = full.constraints[3:]
    assert end == FinalStateOfCharge(
        UNIT.with_daily_cycles(1),
        final_tolerance(UNIT, horizon=prices.horizon, lot=LOT),
    )
    assert isinstance(cap, DailyDischarge)
    assert isinstance(lots, WholeLots)


def test_a_horizon_is_contiguous_and_counts_real_hours():
    intervals = horizon_of(date(2017, 10, 29), Granularity.HOUR).intervals
    assert sum(Horizon(intervals).hours) == 25
    with pytest.raises(ValueError, match=r"contiguous"):
        Horizon((intervals[0], intervals[2]))
    with pytest.raises(ValueError, match=r"at least one"):
        Horizon(())
    week = DeliveryPeriod.week(date(2017, 3, 26), BERLIN).split(Granularity.HOUR)
    assert [len(p) for p in Horizon(week).local_days.values()] == [24] * 6 + [23]


def test_a_strip_has_one_price_an_interval_in_one_currency():
    two = plan_of(0, 0).horizon
    with pytest.raises(ValueError, match=r"one price for each of 2"):
        PriceStrip.of(two, [1], Currency.EUR)
    with pytest.raises(ValueError, match=r"one currency, found EUR, GBP"):
        PriceStrip(two, (Price.of(1, Currency.EUR), Price.of(1, Currency.GBP)))
    rough = PriceStrip.of_forecast(two, [0.1 + 0.2, -1.0], Currency.EUR)
    assert rough == PriceStrip.of(two, ["0.3", -1], Currency.EUR)
    with pytest.raises(ValueError, match=r"finite"):
        PriceStrip.of_forecast(two, [float("nan"), 1.0], Currency.EUR)


def test_a_solution_names_the_asset_it_knows_nothing_of():
    solution = Solution(value=1.0, bound=1.5, is_optimal=False)
    assert solution.gap == 0.5
    with pytest.raises(ValueError, match=r"battery B1"):
        solution.of_battery(UNIT)
    farm = _farm()
    with pytest.raises(ValueError, match=r"wind farm W1"):
        solution.of_farm(farm)
    known = attrs.evolve(solution, wind=(WindSchedule(farm=farm, output_mw=(1.0,)),))
    assert known.of_farm(farm).output_mw == (1.0,)


def _farm() -> WindFarm:
    return WindFarm(
        asset_id="W1",
        capacity=Power.of_mw(5),
        is_curtailable=True,
        floor_price=Price.of(0, Currency.EUR),
    )
