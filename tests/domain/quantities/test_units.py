"""Conversions are exact and agree with the published figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.quantities import (
    Currency,
    Energy,
    EnergyUnit,
    ExchangeRate,
    HeatRate,
    Money,
    Price,
    Volume,
    VolumePrice,
    VolumeUnit,
    round_fraction,
)

fractions = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**4)
energy_units = st.sampled_from(EnergyUnit)


def shown(value: Fraction, places: int) -> str:
    return str(round_fraction(value, places=places))


# ISO 31-4 (International Table Btu), NIST Handbook 44 (US gallon), IEA Energy Statistics Manual
# (toe, tce), US Internal Revenue Service (fiscal barrel), ICE API2 (6000 kcal/kg NAR).
EXACT_JOULES = [
    (EnergyUnit.BTU, "1055.05585262"),
    (EnergyUnit.THERM, "105505585.262"),
    (EnergyUnit.MMBTU, "1055055852.62"),
    (EnergyUnit.TOE, "41868000000"),
    (EnergyUnit.TCE, "29307600000"),
    (EnergyUnit.COAL_TONNE_6000, "25120800000"),
    (EnergyUnit.MWH, "3600000000"),
    (EnergyUnit.KILOJOULE, "1000"),
    (EnergyUnit.TERAJOULE, "1000000000000"),
]


@pytest.mark.parametrize(("unit", "joules"), EXACT_JOULES)
def test_a_unit_is_worth_its_joules(unit: EnergyUnit, joules: str) -> None:
    assert Energy.of(1, unit).to(EnergyUnit.JOULE) == Fraction(joules)


MWH_FIGURES = [
    (EnergyUnit.THERM, 13, "0.0293071070172"),
    (EnergyUnit.MMBTU, 12, "0.293071070172"),
    (EnergyUnit.TOE, 2, "11.63"),
    (EnergyUnit.TCE, 3, "8.141"),
    (EnergyUnit.BOE, 5, "1.69981"),
    (EnergyUnit.COAL_TONNE_6000, 3, "6.978"),
]


@pytest.mark.parametrize(("unit", "places", "figure"), MWH_FIGURES)
def test_a_unit_is_worth_its_megawatt_hours(unit: EnergyUnit, places: int, figure: str) -> None:
    assert shown(unit.mwh, places) == figure


def test_oil_and_coal_equivalents_are_exact_in_megawatt_hours() -> None:
    assert EnergyUnit.TOE.mwh == Fraction("11.63")
    assert EnergyUnit.TCE.mwh == Fraction("8.141")
    assert EnergyUnit.COAL_TONNE_6000.mwh == Fraction("6.978")


def test_a_megawatt_hour_in_million_btu() -> None:
    assert shown(EnergyUnit.MMBTU.per(EnergyUnit.MWH), 12) == "3.412141633128"


def test_the_international_therm_is_not_the_rounded_one_of_the_nbp_contract() -> None:
    # ICE NBP converts at 29.3071 kWh a therm; the exact therm is 29.3071070172...
    assert shown(Energy.of(1, EnergyUnit.THERM).to(EnergyUnit.KWH), 10) == "29.3071070172"
    assert Energy.of(1, EnergyUnit.THERM).to(EnergyUnit.KWH) != Fraction("29.3071")


def test_pence_a_therm_to_pounds_a_megawatt_hour() -> None:
    assert Price.of_minor(1, Currency.GBP, EnergyUnit.THERM).rounded(places=12) == Decimal(
        "0.341214163313"
    )


def test_a_barrel_is_exactly_42_gallons() -> None:
    assert VolumeUnit.US_GALLON.per(VolumeUnit.BARREL) == 42
    assert Volume.of(1, VolumeUnit.BARREL).to(VolumeUnit.LITRE) == Fraction("158.987294928")
    assert Volume.of(1, VolumeUnit.CUBIC_METRE).to(VolumeUnit.LITRE) == 1000


# The four quick checks of the unit table.


def test_dollars_a_million_btu_to_a_megawatt_hour() -> None:
    assert str(Price.of(10, Currency.USD, EnergyUnit.MMBTU).rounded(places=6)) == "34.121416"


def test_ttf_in_dollars_a_million_btu() -> None:
    ttf = Price.of(30, Currency.EUR)
    rate = ExchangeRate(Currency.EUR, Currency.USD, "1.10", on=date(2026, 1, 2), source="ECB")
    in_usd = rate.convert(ttf)
    assert in_usd.currency is Currency.USD
    assert str(in_usd.rounded(places=6, unit=EnergyUnit.MMBTU)) == "9.671345"


def test_nbp_in_euros_a_megawatt_hour() -> None:
    nbp = Price.of_minor(80, Currency.GBP, EnergyUnit.THERM)
    rate = ExchangeRate(Currency.GBP, Currency.EUR, "1.17", on=date(2026, 1, 2), source="ECB")
    assert str(rate.convert(nbp).rounded(places=6)) == "31.937646"


def test_the_three_two_one_crack() -> None:
    crude = VolumePrice.of(75, Currency.USD, VolumeUnit.BARREL)
    gasoline = VolumePrice.of("2.30", Currency.USD, VolumeUnit.US_GALLON)
    diesel = VolumePrice.of("2.45", Currency.USD, VolumeUnit.US_GALLON)
    crack = (gasoline * 2 + diesel) / 3 - crude
    assert crack.per(VolumeUnit.BARREL) == Fraction("23.70")
    assert str(crack.rounded(VolumeUnit.BARREL)) == "23.70"
    three_barrels = Volume.of(3, VolumeUnit.BARREL)
    assert three_barrels * crack == crack * three_barrels == Money.of("71.10", Currency.USD)


def test_heat_rate_of_full_efficiency() -> None:
    perfect = HeatRate.of_efficiency(1)
    assert shown(perfect.btu_per_kwh, 4) == "3412.1416"
    assert shown(perfect.mmbtu_per_mwh, 6) == "3.412142"


@given(fractions, energy_units)
def test_energy_survives_any_unit(amount: Fraction, unit: EnergyUnit) -> None:
    assert Energy.of(amount, unit).to(unit) == amount


@given(fractions, energy_units, energy_units)
def test_converting_by_way_of_another_unit_changes_nothing(
    amount: Fraction, first: EnergyUnit, second: EnergyUnit
) -> None:
    energy = Energy.of(amount, first)
    assert Energy.of(energy.to(second), second) == energy
    assert first.per(second) * second.per(first) == 1


@given(fractions, energy_units)
def test_a_price_survives_any_unit(amount: Fraction, unit: EnergyUnit) -> None:
    assert Price.of(amount, Currency.EUR, unit).per(unit) == amount


@given(fractions, fractions, energy_units)
def test_money_does_not_depend_on_the_unit(
    price: Fraction, volume: Fraction, unit: EnergyUnit
) -> None:
    assert Price.of(price, Currency.EUR, unit) * Energy.of(volume, unit) == Money.of(
        price * volume, Currency.EUR
    )


@given(fractions, st.sampled_from(VolumeUnit))
def test_volume_survives_any_unit(amount: Fraction, unit: VolumeUnit) -> None:
    assert Volume.of(amount, unit).to(unit) == amount
    assert VolumePrice.of(amount, Currency.USD, unit).per(unit) == amount
