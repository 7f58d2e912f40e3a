"""Exchange rates, heat rates, calorific ratios and emission factors: dated, explicit, exact."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.quantities import (
    CalorificRatio,
    Currency,
    Emission,
    EmissionFactor,
    EmissionPrice,
    Energy,
    ExchangeRate,
    HeatingValue,
    HeatRate,
    Money,
    Price,
)

DAY = date(2026, 1, 2)
positive = st.fractions(min_value=Fraction(1, 10**4), max_value=10**4, max_denominator=10**4)
efficiencies = st.fractions(min_value=Fraction(1, 100), max_value=1, max_denominator=1000)


def rate(base: Currency, quote: Currency, value: Fraction | str, on: date = DAY) -> ExchangeRate:
    return ExchangeRate(base, quote, value, on=on, source="ECB")


@given(positive, st.fractions(max_denominator=10**4))
def test_exchange_there_and_back_loses_nothing(value: Fraction, amount: Fraction) -> None:
    fixing = rate(Currency.EUR, Currency.USD, value)
    money = Money.of(amount, Currency.EUR)
    there = fixing.convert(money)
    assert there == Money.of(amount * value, Currency.USD)
    assert fixing.convert(there) == fixing.inverse().convert(there) == money


@given(positive, positive, st.fractions(max_denominator=10**4))
def test_a_cross_rate_is_two_conversions(a: Fraction, b: Fraction, amount: Fraction) -> None:
    first, second = rate(Currency.GBP, Currency.EUR, a), rate(Currency.EUR, Currency.NOK, b)
    money = Money.of(amount, Currency.GBP)
    assert first.cross(second).convert(money) == second.convert(first.convert(money))


def test_a_cross_rate_keeps_both_sources() -> None:
    first = rate(Currency.GBP, Currency.EUR, "1.17")
    second = ExchangeRate(Currency.EUR, Currency.NOK, "11.7", on=DAY, source="Norges Bank")
    assert first.cross(second).source == "ECB x Norges Bank"
    assert first.cross(rate(Currency.EUR, Currency.NOK, "11.7")).source == "ECB"


def test_rates_that_do_not_fit_are_refused() -> None:
    fixing = rate(Currency.EUR, Currency.USD, "1.10")
    with pytest.raises(ValueError, match="cannot convert GBP"):
        fixing.convert(Money.of(1, Currency.GBP))
    with pytest.raises(ValueError, match="does not chain"):
        fixing.cross(rate(Currency.EUR, Currency.NOK, "11"))
    with pytest.raises(ValueError, match="does not chain"):
        fixing.cross(rate(Currency.USD, Currency.NOK, "10", on=date(2026, 1, 5)))
    with pytest.raises(ValueError, match="two currencies"):
        rate(Currency.EUR, Currency.EUR, "1")
    with pytest.raises(ValueError, match="positive"):
        rate(Currency.EUR, Currency.USD, "0")
    with pytest.raises(TypeError):
        rate(Currency.EUR, Currency.USD, 1.1)  # type: ignore[arg-type]


@given(efficiencies, st.fractions(max_denominator=1000))
def test_heat_rate_is_the_reciprocal_of_efficiency(efficiency: Fraction, mwh: Fraction) -> None:
    plant = HeatRate.of_efficiency(efficiency)
    assert plant.efficiency == efficiency
    assert plant.fuel_for(Energy.of_mwh(mwh)) * efficiency == Energy.of_mwh(mwh)
    assert HeatRate.of_mmbtu_per_mwh(plant.mmbtu_per_mwh) == plant
    assert HeatRate.of_btu_per_kwh(plant.btu_per_kwh) == plant


def test_a_seven_heat_has_the_textbook_efficiency() -> None:
    # The textbook divides 3.412142 by the heat rate in MMBtu/MWh.
    efficiency = HeatRate.of_mmbtu_per_mwh(7).efficiency
    assert abs(efficiency - Fraction("3.412142") / 7) < Fraction(1, 10**6)


def test_fuel_and_carbon_cost_per_megawatt_hour_sent_out() -> None:
    plant = HeatRate.of_efficiency("0.5")
    assert plant.fuel_cost(Price.of(30, Currency.EUR)) == Price.of(60, Currency.EUR)
    gas = EmissionFactor("0.202", HeatingValue.NET, DAY)
    carbon = gas.cost_per_mwh(EmissionPrice.of(80, Currency.EUR), plant)
    assert carbon == Price.of("32.32", Currency.EUR)
    assert gas.of_fuel(Energy.of_mwh(100)) == Emission.of_tonnes("20.2")


def test_impossible_plants_and_factors_are_refused() -> None:
    for efficiency in ("0", "-0.1", "1.01"):
        with pytest.raises(ValueError, match="efficiency"):
            HeatRate.of_efficiency(efficiency)
    with pytest.raises(ValueError, match="at least 1"):
        HeatRate("0.99")
    with pytest.raises(ValueError, match="negative"):
        EmissionFactor("-0.1", HeatingValue.NET, DAY)
    for ratio in ("0", "1.1"):
        with pytest.raises(ValueError, match="net over gross"):
            CalorificRatio(ratio, DAY)


@given(
    st.fractions(min_value=Fraction(1, 2), max_value=1, max_denominator=1000),
    st.fractions(max_denominator=1000),
    st.fractions(max_denominator=1000),
)
def test_the_same_gas_costs_the_same_net_or_gross(
    ratio: Fraction, mwh: Fraction, price: Fraction
) -> None:
    gas = CalorificRatio(ratio, DAY)
    gross, quote = Energy.of_mwh(mwh), Price.of(price, Currency.EUR)
    assert gas.price_on_net(quote) * gas.to_net(gross) == quote * gross
    assert gas.to_gross(gas.to_net(gross)) == gross
