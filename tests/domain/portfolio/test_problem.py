"""The algebra of problems: terms add and scale like numbers, and a problem contradicts nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.portfolio.assets import Battery, WindFarm
from wattbook_domain.portfolio.horizon import Horizon, PriceStrip
from wattbook_domain.portfolio.problem import Objective, Sense, maximise, minimise
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
from wattbook_domain.quantities.money import Currency
from wattbook_domain.quantities.power import Power
from wattbook_domain.quantities.price import Price

DAY = Horizon(DeliveryPeriod.day(date(2017, 10, 29), "Europe/Berlin").split(Granularity.HOUR))
PRICES = PriceStrip.of(DAY, range(25), Currency.EUR)
UNIT = Battery(
    asset_id="B1",
    charge_power=Power.of_mw(10),
    discharge_power=Power.of_mw(10),
    capacity=Energy.of_mwh(20),
    charge_efficiency="0.95",
    discharge_efficiency="0.95",
    initial_energy=Energy.zero(),
    final_energy=Energy.zero(),
    wear_cost=Price.of(5, Currency.EUR),
    discharge_cap_per_day=Energy.of_mwh(30),
)
FARM = WindFarm(
    asset_id="W1",
    capacity=Power.of_mw(50),
    is_curtailable=True,
    floor_price=Price.of(-20, Currency.EUR),
)
NOTHING = Objective(())

terms = st.sampled_from([SaleRevenue(UNIT, PRICES), WearCost(UNIT), RunningCost(FARM)])
weights = st.fractions(-5, 5, max_denominator=8)
objectives = st.lists(st.tuples(weights, terms), max_size=4).map(
    lambda rows: sum((weight * term for weight, term in rows), start=NOTHING)
)


@given(objectives, objectives, objectives)
def test_addition_is_commutative_associative_and_has_a_nothing(a, b, c):
    assert a + b == b + a
    assert hash(a + b) == hash(b + a)
    assert (a + b) + c == a + (b + c)
    assert a + NOTHING == a
    assert a - a == NOTHING


@given(objectives, objectives, weights, weights)
def test_scaling_distributes(a, b, v, w):
    assert v * (a + b) == v * a + v * b
    assert (v + w) * a == v * a + w * a
    assert v * (w * a) == (v * w) * a
    assert 1 * a == a
    assert 0 * a == NOTHING
    assert -a == -1 * a
    assert a - b == a + -1 * b


def test_equal_terms_are_collected_under_one_weight():
    wear = WearCost(UNIT)
    doubled = wear + WearCost(attrs.evolve(UNIT))
    assert doubled == 2 * wear
    assert [part.weight for part in doubled.parts] == [2]


@pytest.mark.parametrize("half", [0.5, Decimal("0.5"), Fraction(1, 2)])
def test_a_weight_may_be_written_as_one_likes(half):
    assert half * WearCost(UNIT) == WearCost(UNIT) * half == Fraction(1, 2) * WearCost(UNIT)


@pytest.mark.parametrize("wrong", [True, "2", None, WearCost(UNIT)])
def test_only_pure_numbers_scale(wrong):
    with pytest.raises(TypeError):
        WearCost(UNIT) * wrong


@pytest.mark.parametrize("wrong", [1, "wear", PowerLimits(UNIT)])
def test_only_objectives_add(wrong):
    with pytest.raises(TypeError):
        WearCost(UNIT) + wrong
    with pytest.raises(TypeError):
        WearCost(UNIT) - wrong


def test_a_problem_reads_like_the_paper_and_is_a_value():
    def build():
        return maximise(SaleRevenue(UNIT, PRICES) - 0.5 * WearCost(UNIT)).subject_to(
            PowerLimits(UNIT), StateOfCharge(UNIT), ChargeOrDischarge(UNIT)
        )

    assert build() == build()
    assert hash(build()) == hash(build())
    assert build().horizon == DAY
    assert build().assets == (UNIT,)
    assert build().sense is Sense.MAXIMISE
    assert minimise(WearCost(UNIT)).sense is Sense.MINIMISE


def test_saying_a_requirement_twice_changes_nothing():
    once = maximise(SaleRevenue(UNIT, PRICES)).subject_to(PowerLimits(UNIT))
    assert once.subject_to(PowerLimits(UNIT)) == once
    assert len(once.subject_to(StateOfCharge(UNIT)).constraints) == 2


def test_one_asset_cannot_be_two_things():
    other = attrs.evolve(UNIT, capacity=Energy.of_mwh(40))
    with pytest.raises(ValueError, match=r"B1 is described in two ways"):
        maximise(SaleRevenue(UNIT, PRICES)).subject_to(PowerLimits(other))


def test_one_problem_has_one_horizon_and_one_currency():
    short = Horizon(DAY.intervals[:3])
    with pytest.raises(ValueError, match=r"one horizon, found 2"):
        maximise(SaleRevenue(UNIT, PRICES)).subject_to(Committed(UNIT, short, (None, None, None)))
    pounds = PriceStrip.of(DAY, range(25), Currency.GBP)
    with pytest.raises(ValueError, match=r"one currency, found 2"):
        maximise(SaleRevenue(UNIT, pounds) - WearCost(UNIT))


def test_a_problem_without_a_horizon_says_so_when_asked():
    with pytest.raises(ValueError, match=r"needs a horizon"):
        _ = minimise(WearCost(UNIT)).horizon


def test_every_requirement_speaks_a_traders_words():
    calm = tuple(Power.of_mw(5) for _ in DAY.intervals)
    must_run = attrs.evolve(FARM, is_curtailable=False)
    spoken = [
        term.describe()
        for term in (
            PowerLimits(UNIT),
            StateOfCharge(UNIT),
            FinalStateOfCharge(UNIT),
            ChargeOrDischarge(UNIT),
            DailyDischarge(UNIT),
            AvailableWind(FARM, DAY, calm),
            AvailableWind(must_run, DAY, calm),
            GridConnection((UNIT, FARM), Power.of_mw(30), Power.of_mw("2.5")),
            Committed(UNIT, DAY, (Power.of_mw(1), *(None for _ in DAY.intervals[1:]))),
            WholeLots(UNIT, Power.of_mw("0.1")),
        )
    ]
    assert spoken == [
        "battery B1 charges at most 10 MW and discharges at most 10 MW",
        "battery B1 holds between 0 and 20 MWh, starting from 0 MWh",
        "battery B1 ends the horizon with 0 MWh",
        "battery B1 never charges and discharges at once",
        "battery B1 delivers at most 30 MWh a day",
        "wind farm W1 runs at most at what the wind gives",
        "wind farm W1 runs exactly at what the wind gives",
        "the grid connection of B1, W1 exports at most 30 MW and imports at most 2.5 MW",
        "B1 delivers what it sold in 1 intervals",
        "battery B1 is scheduled in whole lots of 0.1 MW",
    ]


def test_terms_that_make_no_sense_are_refused():
    free = attrs.evolve(UNIT, final_energy=None, discharge_cap_per_day=None)
    three = Horizon(DAY.intervals[:3])
    for build, message in [
        (lambda: FinalStateOfCharge(free), "states no final energy"),
        (lambda: FinalStateOfCharge(UNIT, Energy.of_mwh(-1)), "tolerance"),
        (lambda: DailyDischarge(free), "states no daily cap"),
        (lambda: AvailableWind(FARM, three, (Power.of_mw(5),)), "one power for each of 3"),
        (lambda: AvailableWind(FARM, three, (Power.of_mw(51),) * 3), "lies between"),
        (lambda: GridConnection((), Power.of_mw(1), Power.of_mw(1)), "at least one asset"),
        (lambda: GridConnection((UNIT,), Power.of_mw(-1), Power.of_mw(1)), "not be negative"),
        (lambda: Committed(UNIT, three, (None,)), "one entry for each of 3"),
        (lambda: WholeLots(UNIT, Power.zero()), "lot must be positive"),
    ]:
        with pytest.raises(ValueError, match=message):
            build()


def test_assets_that_make_no_sense_are_refused():
    for change, message in [
        ({"charge_power": Power.of_mw(-1)}, "charge_power"),
        ({"charge_efficiency": 0}, "charge_efficiency"),
        ({"discharge_efficiency": "1.01"}, "discharge_efficiency"),
        ({"initial_energy": Energy.of_mwh(21)}, "initial_energy"),
        ({"final_energy": Energy.of_mwh(-1)}, "final_energy"),
        ({"wear_cost": Price.of(-1, Currency.EUR)}, "wear_cost"),
        ({"discharge_cap_per_day": Energy.of_mwh(-1)}, "discharge_cap_per_day"),
        ({"asset_id": ""}, "asset id"),
    ]:
        with pytest.raises(ValueError, match=message):
            attrs.evolve(UNIT, **change)
    with pytest.raises(TypeError, match=r"float"):
        attrs.evolve(UNIT, charge_efficiency=0.95)
    with pytest.raises(ValueError, match=r"capacity"):
        attrs.evolve(FARM, capacity=Power.of_mw(-1))


def test_cycles_are_capacities_delivered_in_a_day():
    capped = UNIT.with_daily_cycles("1.5")
    assert capped.discharge_cap_per_day == Energy.of_mwh(30)
    assert capped.round_trip_efficiency == Fraction("0.9025")
