"""Rounding is named, and agrees with the decimal module wherever that has enough digits."""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.quantities import (
    Currency,
    Emission,
    Energy,
    EnergyUnit,
    Money,
    Power,
    Rounding,
    exact_decimal,
    round_fraction,
    round_steps,
)

DECIMAL_NAMES = {
    Rounding.HALF_EVEN: decimal.ROUND_HALF_EVEN,
    Rounding.HALF_UP: decimal.ROUND_HALF_UP,
    Rounding.HALF_DOWN: decimal.ROUND_HALF_DOWN,
    Rounding.UP: decimal.ROUND_UP,
    Rounding.DOWN: decimal.ROUND_DOWN,
    Rounding.CEILING: decimal.ROUND_CEILING,
    Rounding.FLOOR: decimal.ROUND_FLOOR,
}


@pytest.mark.parametrize("rounding", DECIMAL_NAMES)
@given(digits=st.integers(-(10**9), 10**9), scale=st.integers(0, 6), places=st.integers(0, 5))
def test_rounding_agrees_with_decimal(
    rounding: Rounding, digits: int, scale: int, places: int
) -> None:
    value = Decimal(digits).scaleb(-scale)
    expected = value.quantize(Decimal(1).scaleb(-places), rounding=DECIMAL_NAMES[rounding])
    ours = round_fraction(Fraction(value), places=places, rounding=rounding)
    assert ours == expected
    assert ours.as_tuple().exponent == -places


@pytest.mark.parametrize(
    ("rounding", "ties"),
    [
        (Rounding.HALF_EVEN, (-2, -2, 0, 0, 2, 2)),
        (Rounding.HALF_UP, (-3, -2, -1, 1, 2, 3)),
        (Rounding.HALF_DOWN, (-2, -1, 0, 0, 1, 2)),
    ],
)
def test_ties(rounding: Rounding, ties: tuple[int, ...]) -> None:
    halves = [Fraction(n, 2) for n in (-5, -3, -1, 1, 3, 5)]
    assert tuple(round_steps(half, 1, rounding) for half in halves) == ties


@given(
    value=st.fractions(max_denominator=10**6),
    places=st.integers(0, 8),
    rounding=st.sampled_from([r for r in Rounding if r is not Rounding.EXACT]),
)
def test_rounding_moves_less_than_one_step_and_rests(
    value: Fraction, places: int, rounding: Rounding
) -> None:
    rounded = round_fraction(value, places=places, rounding=rounding)
    assert abs(Fraction(rounded) - value) < Fraction(1, 10**places)
    assert round_fraction(Fraction(rounded), places=places, rounding=rounding) == rounded


def test_digits_beyond_the_decimal_context_survive() -> None:
    large = Fraction(10**40 + 1)
    assert round_fraction(large, places=2) == Decimal(
        "10000000000000000000000000000000000000001.00"
    )


def test_exact_rounding_refuses_to_lose_digits() -> None:
    assert round_fraction(Fraction(1, 8), places=3, rounding=Rounding.EXACT) == Decimal("0.125")
    with pytest.raises(ValueError, match="exact rounding"):
        round_fraction(Fraction(1, 8), places=2, rounding=Rounding.EXACT)
    with pytest.raises(ValueError, match="places"):
        round_fraction(Fraction(1), places=-1)


@given(st.integers(-(10**9), 10**9), st.integers(0, 12))
def test_finite_decimals_come_back_exactly(digits: int, scale: int) -> None:
    value = Decimal(digits).scaleb(-scale)
    assert exact_decimal(Fraction(value)) == value


def test_a_third_has_no_finite_decimal() -> None:
    with pytest.raises(ValueError, match="no finite decimal"):
        exact_decimal(Fraction(1, 3))


@given(st.integers(-(2**22), 2**22))
def test_ticks_on_the_grid_are_counted(ticks: int) -> None:
    assert round_steps(Decimal(ticks).scaleb(-2), "0.01") == ticks


def test_a_price_off_the_grid_is_refused_or_rounded_by_name() -> None:
    with pytest.raises(ValueError, match=r"45\.375 is not a multiple of the step 0\.01"):
        round_steps("45.375", "0.01")
    assert round_steps("45.375", "0.01", Rounding.FLOOR) == 4537
    assert round_steps("-45.375", "0.01", Rounding.FLOOR) == -4538
    with pytest.raises(ValueError, match="positive"):
        round_steps("1", "0")


def test_money_leaves_in_its_own_coin() -> None:
    assert Money.of("2.345", Currency.EUR).rounded() == Decimal("2.34")
    assert Money.of("2.345", Currency.EUR).rounded(rounding=Rounding.HALF_UP) == Decimal("2.35")
    assert Money.of("2.5", Currency.JPY).rounded() == Decimal("2")
    assert Money.of("2.345", Currency.EUR).rounded(places=3) == Decimal("2.345")


def test_the_other_quantities_leave_too() -> None:
    assert Energy.of("1.5", EnergyUnit.GWH).rounded(places=1) == Decimal("1500.0")
    assert Energy.of_mwh("0.0005").rounded() == Decimal("0.000")
    assert Power.of_kw("0.5").rounded(rounding=Rounding.UP) == Decimal("0.001")
    assert Emission.of_tonnes("1/3").rounded() == Decimal("0.333")
