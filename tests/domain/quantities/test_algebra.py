"""One algebra for every quantity: a group under addition, scaled by numbers, closed by type."""

from __future__ import annotations

import operator as op
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.foundation.canonical import from_plain, to_plain
from wattbook_domain.quantities import (
    Currency,
    Duration,
    Emission,
    EmissionPrice,
    Energy,
    Money,
    Power,
    Price,
    Volume,
    VolumePrice,
    VolumeUnit,
    exact,
)
from wattbook_domain.quantities.linear import Linear

fractions = st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10**6)
positive_minutes = st.integers(1, 600_000)

KINDS: dict[str, Callable[[Fraction], Any]] = {
    "power": Power.of_mw,
    "energy": Energy.of_mwh,
    "emission": Emission.of_tonnes,
    "volume": lambda x: Volume.of(x, VolumeUnit.LITRE),
    "money": lambda x: Money.of(x, Currency.EUR),
    "price": lambda x: Price.of(x, Currency.EUR),
    "emission price": lambda x: EmissionPrice.of(x, Currency.EUR),
    "volume price": lambda x: VolumePrice.of(x, Currency.EUR, VolumeUnit.LITRE),
}
kinds = pytest.mark.parametrize("of", KINDS.values(), ids=KINDS.keys())


@kinds
@given(a=fractions, b=fractions, k=fractions)
def test_every_quantity_is_a_vector_space(
    of: Callable[[Fraction], Any], a: Fraction, b: Fraction, k: Fraction
) -> None:
    x, y = of(a), of(b)
    assert x + y == y + x == of(a + b)
    assert x - y == -(y - x) == of(a - b)
    assert k * (x + y) == x * k + y * k
    assert abs(x) == of(abs(a))
    assert (x - x).is_zero
    assert x.is_negative == (a < 0)


@kinds
@given(a=fractions, b=fractions)
def test_every_quantity_is_ordered_by_magnitude(
    of: Callable[[Fraction], Any], a: Fraction, b: Fraction
) -> None:
    x, y = of(a), of(b)
    assert (x < y, x <= y, x > y, x >= y) == (a < b, a <= b, a > b, a >= b)
    assert (x == y) == (a == b)
    assert hash(x) == hash(of(a))


@kinds
@given(a=fractions, b=fractions.filter(bool))
def test_a_quantity_by_its_kind_is_a_number(
    of: Callable[[Fraction], Any], a: Fraction, b: Fraction
) -> None:
    ratio = of(a) / of(b)
    assert isinstance(ratio, Fraction)
    assert of(b) * ratio == of(a)
    assert of(a) / b == of(a / b)


@kinds
def test_a_quantity_comes_back_from_its_canonical_form(of: Callable[[Fraction], Any]) -> None:
    value = of(Fraction(-1, 3))
    assert from_plain(type(value), to_plain(value)) == value


@kinds
def test_its_text_names_the_unit(of: Callable[[Fraction], Any]) -> None:
    value = of(Fraction(7, 2))
    assert repr(value).startswith(f"{type(value).__name__}(7/2 ")


@pytest.mark.parametrize("left", KINDS)
@pytest.mark.parametrize("right", KINDS)
def test_dimensions_do_not_mix(left: str, right: str) -> None:
    if left == right:
        return
    x, y = KINDS[left](Fraction(1)), KINDS[right](Fraction(1))
    for mix in (op.add, op.sub, op.lt, op.le, op.gt, op.ge, op.truediv):
        with pytest.raises(TypeError):
            mix(x, y)
    assert x != y


@pytest.mark.parametrize("bad", [1.5, True, np.float64(1.0), None, object()])
@kinds
def test_a_float_cannot_enter_or_scale(of: Callable[[Any], Any], bad: object) -> None:
    with pytest.raises(TypeError, match="must be an int, str, Decimal or Fraction"):
        of(bad)
    with pytest.raises(TypeError):
        of(Fraction(1)) * bad
    with pytest.raises(TypeError):
        of(Fraction(1)) / bad


@pytest.mark.parametrize("bad", ["", "abc", "1/0", "nan", Decimal("NaN"), Decimal("Infinity")])
def test_what_is_no_number_is_refused(bad: Any) -> None:
    with pytest.raises(ValueError, match="must be a finite number"):
        exact("price", bad)


@pytest.mark.parametrize(
    ("given_as", "meant"),
    [
        ("45.37", Fraction(4537, 100)),
        ("-1/3", Fraction(-1, 3)),
        (Decimal("0.10"), Fraction(1, 10)),
        (7, Fraction(7)),
        (np.int64(7), Fraction(7)),
    ],
)
def test_exact_numbers_enter_as_written(given_as: Any, meant: Fraction) -> None:
    assert exact("price", given_as) == meant
    assert type(exact("price", given_as).numerator) is int


def test_two_currencies_never_meet() -> None:
    euros, pounds = Money.of(1, Currency.EUR), Money.of(1, Currency.GBP)
    for mix in (op.add, op.sub, op.lt, op.truediv):
        with pytest.raises(ValueError, match="dated ExchangeRate"):
            mix(euros, pounds)
    assert euros != pounds
    with pytest.raises(TypeError):
        Money.of(1, "EUR")  # type: ignore[arg-type]


@given(fractions, positive_minutes)
def test_power_over_time_is_energy_and_back(mw: Fraction, minutes: int) -> None:
    power, duration = Power.of_mw(mw), Duration(minutes)
    energy = power.over(duration)
    assert energy == power.over(minutes=minutes) == Energy.of_mwh(mw * minutes / 60)
    assert energy / duration == Power.average(energy, duration) == power


@given(fractions, fractions)
def test_price_times_energy_is_money_in_either_order(price: Fraction, volume: Fraction) -> None:
    p, e = Price.of(price, Currency.EUR), Energy.of_mwh(volume)
    assert p * e == e * p == Money.of(price * volume, Currency.EUR)


def test_a_price_times_power_has_no_meaning() -> None:
    price: Any = Price.of(1, Currency.EUR)
    with pytest.raises(TypeError):
        price * Power.of_mw(1)


@given(fractions, fractions)
def test_an_allowance_price_times_emission_is_money(price: Fraction, tonnes: Fraction) -> None:
    p, e = EmissionPrice.of(price, Currency.EUR), Emission.of_tonnes(tonnes)
    assert p * e == e * p == Money.of(price * tonnes, Currency.EUR)
    assert 2 * p == p * 2


def test_negative_and_zero_prices_are_ordinary() -> None:
    # DE-LU day-ahead, 1 Jan 2024 has hours at and below zero; nothing here is special about them.
    for price in ("-500.00", "0", "0.01"):
        worth = Price.of(price, Currency.EUR) * Energy.of_mwh(10)
        assert worth == Money.of(Fraction(price) * 10, Currency.EUR)
    assert Price.of(0, Currency.EUR).is_zero
    assert Price.of("-0.01", Currency.EUR) < Price.of(0, Currency.EUR)


def test_sums_start_from_nothing() -> None:
    assert sum([Energy.of_mwh(1)] * 3, start=Energy.zero()) == Energy.of_mwh(3)
    assert sum([Power.of_kw(500)] * 3, start=Power.zero()) == Power.of_mw("1.5")
    assert sum([Money.of(1, Currency.JPY)] * 3, start=Money.zero(Currency.JPY)).amount == 3
    assert sum([Emission.of_tonnes(1)] * 2, start=Emission.zero()).tonnes == 2


def test_kilowatts_are_whole_or_refused() -> None:
    assert Power.of_mw("0.1").whole_kw == 100
    assert Power.of_kw(-5).kw == -5
    with pytest.raises(ValueError, match="whole number"):
        _ = Power.of_kw("0.5").whole_kw


def test_power_needs_exactly_one_positive_length() -> None:
    power: Any = Power.of_mw(1)
    with pytest.raises(TypeError, match="exactly one"):
        power.over()
    with pytest.raises(TypeError, match="exactly one"):
        power.over(Duration(5), minutes=5)
    with pytest.raises(TypeError, match="integer"):
        power.over(minutes=1.5)
    with pytest.raises(ValueError, match="positive"):
        power.over(minutes=0)


def test_durations() -> None:
    assert Duration.of_hours("1.5").minutes == 90
    assert Duration(90).hours == Fraction(3, 2)
    assert Duration(5) + Duration(10) == Duration(15)
    assert Duration(5) < Duration(10)
    duration: Any = Duration(5)
    for bad, fault in ((0, ValueError), (-5, ValueError), (1.0, TypeError), (True, TypeError)):
        with pytest.raises(fault):
            Duration(bad)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="exact rounding"):
        Duration.of_hours("0.001")
    with pytest.raises(TypeError):
        duration + 5
    with pytest.raises(TypeError):
        Price.of(1, Currency.EUR) / duration


def test_a_quantity_without_a_unit_cannot_exist() -> None:
    with pytest.raises(TypeError, match="abstract"):
        Linear()  # type: ignore[abstract]
