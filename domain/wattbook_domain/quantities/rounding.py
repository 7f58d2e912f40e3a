"""Decides how an exact number becomes a decimal or a count of steps: always by a named rule.

Which rule a market, an invoice or a regulator asks for is theirs to say.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from wattbook_domain.quantities.exact import Exact, exact


class Rounding(StrEnum):
    """What to do with the part that does not fit."""

    HALF_EVEN = "half_even"
    """Nearest; a tie goes to the even neighbour, so that ties cancel over many roundings."""
    HALF_UP = "half_up"
    """Nearest; a tie goes away from zero, as invoices do."""
    HALF_DOWN = "half_down"
    """Nearest; a tie goes towards zero."""
    UP = "up"
    """Away from zero."""
    DOWN = "down"
    """Towards zero."""
    CEILING = "ceiling"
    """Towards plus infinity."""
    FLOOR = "floor"
    """Towards minus infinity."""
    EXACT = "exact"
    """No rounding: a remainder is misuse."""


def _is_past_half(remainder: Fraction) -> bool:
    return 2 * remainder > 1


def _is_at_least_half(remainder: Fraction) -> bool:
    return 2 * remainder >= 1


# For a magnitude split into floor and remainder in (0, 1): does it go one further from zero?
_AWAY_FROM_ZERO: Final[dict[Rounding, Callable[[int, Fraction, bool], bool]]] = {
    Rounding.HALF_EVEN: lambda floor, rest, _: (
        _is_at_least_half(rest) if floor % 2 else _is_past_half(rest)
    ),
    Rounding.HALF_UP: lambda _floor, rest, _: _is_at_least_half(rest),
    Rounding.HALF_DOWN: lambda _floor, rest, _: _is_past_half(rest),
    Rounding.UP: lambda _floor, _rest, _negative: True,
    Rounding.DOWN: lambda _floor, _rest, _negative: False,
    Rounding.CEILING: lambda _floor, _rest, negative: not negative,
    Rounding.FLOOR: lambda _floor, _rest, negative: negative,
}


def round_whole(value: Fraction, rounding: Rounding = Rounding.HALF_EVEN) -> int:
    """Round an exact number to an integer.

    Raises:
        ValueError: under `Rounding.EXACT` when the number is not whole.
    """
    floor, rest = divmod(abs(value), 1)
    if rest:
        if rounding is Rounding.EXACT:
            raise ValueError(f"exact rounding needs a whole number, found {value}; name a rounding")
        floor += _AWAY_FROM_ZERO[rounding](floor, rest, value < 0)
    return -floor if value < 0 else floor


def round_fraction(
    value: Fraction, *, places: int, rounding: Rounding = Rounding.HALF_EVEN
) -> Decimal:
    """Round to `places` decimal digits; the result always shows that many.

    >>> round_fraction(Fraction(-5, 1000), places=2)
    Decimal('0.00')
    >>> round_fraction(Fraction(2, 3), places=4, rounding=Rounding.DOWN)
    Decimal('0.6666')

    Raises:
        ValueError: for negative places, or under `Rounding.EXACT` when digits would be lost.
    """
    if places < 0:
        raise ValueError(f"places must not be negative, found {places}")
    whole = round_whole(value * 10**places, rounding)
    # Built from digits, since Decimal arithmetic would round to the ambient context's precision.
    return Decimal((int(whole < 0), tuple(int(digit) for digit in str(abs(whole))), -places))


def round_steps(value: Exact, step: Exact, rounding: Rounding = Rounding.EXACT) -> int:
    """Return how many steps (ticks, lots) of size `step` make up `value`.

    >>> round_steps("-45.37", "0.01")
    -4537

    Raises:
        ValueError: when the step is not positive, or under `Rounding.EXACT` when `value` lies off
            the grid.
    """
    width = exact("step", step)
    if width <= 0:
        raise ValueError(f"a step must be positive, found {step}")
    steps = exact("value", value) / width
    if rounding is Rounding.EXACT and steps.denominator != 1:
        raise ValueError(f"{value} is not a multiple of the step {step}; name a rounding to force")
    return round_whole(steps, rounding)


def exact_decimal(value: Fraction) -> Decimal:
    """Return the finite decimal equal to `value`.

    >>> exact_decimal(Fraction(1, 8))
    Decimal('0.125')

    Raises:
        ValueError: when no finite decimal exists, as for 1/3.
    """
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        raise ValueError(f"{value} has no finite decimal; round it by a named rule")
    return round_fraction(value, places=max(twos, fives), rounding=Rounding.EXACT)
