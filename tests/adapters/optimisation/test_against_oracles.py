"""HiGHS against two independent oracles: a dynamic programme and an enumeration of modes.

The dynamic programme walks every reachable store in exact fractions, lot by lot. The enumeration
fixes for each interval whether the battery may charge or discharge, and solves what remains as a
linear programme with SciPy, without cvxpy.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from tests.adapters.optimisation.real_days import battery, hourly

from wattbook_adapters.optimisation.highs import HighsOptimiser
from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.portfolio.assets import Battery
from wattbook_domain.portfolio.dispatch import DispatchPlan, battery_dispatch, final_tolerance
from wattbook_domain.portfolio.dispatch import violations as violations_of
from wattbook_domain.portfolio.horizon import Horizon, PriceStrip
from wattbook_domain.portfolio.margin import margin
from wattbook_domain.portfolio.solution import Infeasible, Solution
from wattbook_domain.quantities.money import Currency
from wattbook_domain.quantities.power import Power

LOT = Power.of_mw(1)
EXACT = HighsOptimiser(lot_reach=None)
NEARBY = HighsOptimiser()

cents = st.integers(-30_000, 30_000).map(lambda c: Fraction(c, 100))
units = st.builds(
    battery,
    power_mw=st.integers(1, 2),
    capacity_mwh=st.integers(1, 4),
    efficiency=st.sampled_from(["1", "0.95", "0.9", "0.7"]),
    wear=st.sampled_from([0, 5, 40]),
    cap_mwh=st.sampled_from([None, 1, 2, 3]),
    final_mwh=st.sampled_from([0, None]),
)


def best_by_dynamic_programme(unit: Battery, strip: PriceStrip, lot: Power) -> Fraction | None:
    """Return the best margin over whole lots, or `None` if no path ends in the band."""
    states = {(unit.initial_energy.mwh, Fraction(0)): Fraction(0)}
    cap = unit.discharge_cap_per_day
    for price, hours in zip(strip.prices, strip.horizon.hours, strict=True):
        following: dict[tuple[Fraction, Fraction], Fraction] = {}
        for (held, used), earned in states.items():
            for net in _moves(unit, lot):
                energy = net * lot.mw * hours
                out = max(energy, Fraction(0))
                kept = held - out / unit.discharge_efficiency
                kept += max(-energy, Fraction(0)) * unit.charge_efficiency
                total = used + out if cap is not None else Fraction(0)
                if not 0 <= kept <= unit.capacity.mwh or (cap is not None and total > cap.mwh):
                    continue
                value = earned + energy * price.amount - out * unit.wear_cost.amount
                if value > following.get((kept, total), value - 1):
                    following[kept, total] = value
        states = following
    return max(
        (v for (held, _), v in states.items() if _ends_well(unit, strip, held, lot)), default=None
    )


def _moves(unit: Battery, lot: Power) -> range:
    charge, discharge = unit.charge_power.mw // lot.mw, unit.discharge_power.mw // lot.mw
    return range(-int(charge), int(discharge) + 1)


def _ends_well(unit: Battery, strip: PriceStrip, held: Fraction, lot: Power) -> bool:
    if unit.final_energy is None:
        return True
    band = final_tolerance(unit, horizon=strip.horizon, lot=lot)
    return abs(held - unit.final_energy.mwh) <= band.mwh


def best_by_modes(unit: Battery, strip: PriceStrip) -> float | None:
    """Return the best margin with continuous power, over every choice of direction."""
    size = len(strip.horizon)
    hours = np.array([float(h) for h in strip.horizon.hours])
    prices = np.array([float(p.amount) for p in strip.prices]) * hours
    wear = float(unit.wear_cost.amount) * hours
    stored = np.tril(np.ones((size, size))) * (float(unit.charge_efficiency) * hours)
    taken = np.tril(np.ones((size, size))) * (hours / float(unit.discharge_efficiency))
    path = np.hstack([stored, -taken])
    start, full = float(unit.initial_energy.mwh), float(unit.capacity.mwh)
    upper = [path, -path]
    upper_bounds = [np.full(size, full - start), np.full(size, start)]
    if unit.discharge_cap_per_day is not None:
        upper.append(np.hstack([np.zeros(size), hours])[None, :])
        upper_bounds.append(np.array([float(unit.discharge_cap_per_day.mwh)]))
    fixed = None if unit.final_energy is None else path[-1:]
    end = None if unit.final_energy is None else [float(unit.final_energy.mwh) - start]
    best: float | None = None
    for charging in product((0.0, 1.0), repeat=size):
        limits = [(0.0, c * float(unit.charge_power.mw)) for c in charging]
        limits += [(0.0, (1.0 - c) * float(unit.discharge_power.mw)) for c in charging]
        found = linprog(
            np.hstack([prices, wear - prices]),
            A_ub=np.vstack(upper),
            b_ub=np.hstack(upper_bounds),
            A_eq=fixed,
            b_eq=end,
            bounds=limits,
        )
        if found.success and (best is None or -found.fun > best):
            best = -found.fun
    return best


def strip_of(amounts: list[Fraction], granularity: Granularity) -> PriceStrip:
    day = [piece for hour in hourly(24).intervals for piece in hour.split(granularity)]
    return PriceStrip.of(Horizon(tuple(day[: len(amounts)])), amounts, Currency.EUR)


@settings(max_examples=60)
@given(
    unit=units,
    amounts=st.lists(cents, min_size=1, max_size=5),
    granularity=st.sampled_from([Granularity.HOUR, Granularity.MINUTES_30]),
)
def test_all_lots_searched_to_proof_equal_the_dynamic_programme(unit, amounts, granularity):
    strip = strip_of(amounts, granularity)
    found = EXACT.solve(battery_dispatch(unit, strip, lot=LOT))
    best = best_by_dynamic_programme(unit, strip, LOT)

    assert isinstance(found, Solution)
    assert found.is_optimal
    assert found.value == pytest.approx(float(best), abs=1e-4)
    plan = DispatchPlan.of_schedule(found.of_battery(unit), horizon=strip.horizon, lot=LOT)
    assert violations_of(plan, unit) == ()
    assert float(margin(plan, battery=unit, prices=strip).total.amount) == pytest.approx(
        found.value, abs=1e-6
    )


@settings(max_examples=60)
@given(unit=units, amounts=st.lists(cents, min_size=1, max_size=5))
def test_lots_near_the_relaxation_can_be_followed_and_never_pass_the_bound(unit, amounts):
    strip = strip_of(amounts, Granularity.HOUR)
    found = NEARBY.solve(battery_dispatch(unit, strip, lot=LOT))
    best = best_by_dynamic_programme(unit, strip, LOT)

    assert isinstance(found, Solution)
    assert found.value <= float(best) + 1e-4
    assert float(best) <= found.bound + 1e-4
    plan = DispatchPlan.of_schedule(found.of_battery(unit), horizon=strip.horizon, lot=LOT)
    assert violations_of(plan, unit) == ()


@settings(max_examples=40)
@given(unit=units, amounts=st.lists(cents, min_size=1, max_size=4))
def test_continuous_power_equals_the_best_of_all_directions(unit, amounts):
    strip = strip_of(amounts, Granularity.HOUR)
    found = NEARBY.solve(battery_dispatch(unit, strip))

    assert isinstance(found, Solution)
    assert found.value == pytest.approx(best_by_modes(unit, strip), abs=1e-4)


@settings(max_examples=30)
@given(
    initial=st.integers(0, 4),
    final=st.integers(0, 4),
    power=st.integers(1, 2),
    amounts=st.lists(cents, min_size=1, max_size=3),
)
def test_an_end_out_of_reach_is_infeasible_exactly_when_no_direction_reaches_it(
    initial, final, power, amounts
):
    unit = battery(
        power_mw=power, capacity_mwh=4, efficiency="0.9", initial_mwh=initial, final_mwh=final
    )
    strip = strip_of(amounts, Granularity.HOUR)
    found = NEARBY.solve(battery_dispatch(unit, strip))
    best = best_by_modes(unit, strip)

    assert isinstance(found, Infeasible) == (best is None)
    if isinstance(found, Solution):
        assert found.value == pytest.approx(best, abs=1e-4)
