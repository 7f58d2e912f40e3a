"""Decides the arithmetic of fills with operators only, so one function object serves every shape.

Each rule takes ints, int64 columns or kernel scalars alike: no branch, no call, no attribute.
The bounds of `foundation.bounds` are part of the rules; beyond them int64 columns wrap.
A truth value is multiplied by 1 before it is added: adding two NumPy booleans means "or".
"""

from __future__ import annotations

from typing import Any, TypeAlias

Number: TypeAlias = Any
"""An int, an int64 column, a kernel scalar or a hardware value: whatever has the operators."""


def clamp(value: Number, low: Number, high: Number) -> Number:
    """Return `value` brought into `[low, high]`; needs `low <= high`."""
    below = 1 * (value < low)
    above = 1 * (value > high)
    return value * (1 - below) * (1 - above) + low * below + high * above


def leaves_lots(quantity: Number, filled: Number, working: Number) -> Number:
    """Lots still open: total less filled while the order works (`working` is 0 or 1), else zero.

    FIX 151 LeavesQty = OrderQty - CumQty while the order is active, else 0.
    """
    return (quantity - filled) * working


def filled_after(filled: Number, last: Number) -> Number:
    """Filled lots after a fill of `last` lots (FIX 14 CumQty)."""
    return filled + last


def value_after(value: Number, ticks: Number, lots: Number) -> Number:
    """Sum of ticks x lots after one more fill; divide by the filled lots for the average price."""
    return value + ticks * lots


def is_overfilled(quantity: Number, filled: Number) -> Number:
    """Whether more is filled than was ordered."""
    return filled > quantity


def fill_level(quantity: Number, filled: Number) -> Number:
    """0 when nothing is filled, 1 when some is, 2 when all is (see `transitions.FillLevel`)."""
    started = 1 * (filled > 0)
    return started + started * (filled >= quantity)
