"""Decides which numbers may enter a quantity: exact ones. Where they came from is the caller's."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from numbers import Integral

Scalar = int | Decimal | Fraction
"""A pure number that may multiply or divide a quantity."""

Exact = int | str | Decimal | Fraction
"""A number that may become a quantity; text is read as a decimal (`"45.37"`) or ratio (`"1/3"`)."""


def exact(name: str, value: Exact) -> Fraction:
    """Return `value` as the `Fraction` it denotes, with nothing lost and nothing guessed.

    >>> exact("price", "45.37")
    Fraction(4537, 100)

    Raises:
        TypeError: for a float, whose digits are not what was written, and for a bool.
        ValueError: for text that is no number, and for an infinite or missing decimal.
    """
    if type(value) is Fraction:
        return value
    number: object = value
    if isinstance(number, bool) or not isinstance(number, Integral | str | Decimal | Fraction):
        raise TypeError(
            f"{name} must be an int, str, Decimal or Fraction, found {type(number).__name__} "
            f"{number!r}; write the digits you mean as text or Decimal"
        )
    try:
        return Fraction(int(number)) if isinstance(number, Integral) else Fraction(number)
    except (ValueError, OverflowError, ZeroDivisionError) as cause:
        raise ValueError(
            f"{name} must be a finite number such as '45.37', found {number!r}; absence is None"
        ) from cause


def as_exact(amount: Exact) -> Fraction:
    """Convert the amount of a quantity; the form in which attrs fields use `exact`."""
    return exact("amount", amount)


def is_scalar(value: object) -> bool:
    """Say whether `value` may scale a quantity; a bool and a float may not."""
    return isinstance(value, int | Decimal | Fraction) and not isinstance(value, bool)
