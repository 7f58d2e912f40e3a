"""Decides how large an integer may be, so that no product of three of them can leave int64.

The hot path multiplies price ticks, lots and delivery slots. With the bounds below the product is
at most 2**62, and a fold that stays within `VALUE_UNITS_ABS_MAX` cannot wrap. Bounds are asserted
where values are built; outside them the column and kernel forms of a rule promise nothing.
"""

from __future__ import annotations

from typing import Final

DELIVERY_SLOT_MINUTES: Final = 5
"""The atom of delivery time. Every granularity and every clock change is a multiple of it."""

PRICE_TICKS_ABS_MAX: Final = 2**22
"""4,194,304 ticks: 41,943.04 EUR/MWh at a tick of 0.01, beyond any harmonised price limit."""

QUANTITY_LOTS_MAX: Final = 2**20
"""1,048,576 lots: 104 GW at a lot of 0.1 MW."""

DELIVERY_SLOTS_MAX: Final = 2**20
"""Slots of five minutes: almost ten years of continuous delivery."""

VALUE_UNITS_ABS_MAX: Final = 2**62
"""Ticks x lots x slots. One unit is worth tick size x lot size x five minutes, exactly."""

POWER_KW_ABS_MAX: Final = 2**40
"""Net power in kilowatts that one limit may speak of."""

INSTANT_NS_MAX: Final = 2**63 - 1
"""11 April 2262 in UTC nanoseconds."""


def require_within(name: str, value: int, low: int, high: int) -> int:
    """Return `value` when `low <= value <= high`.

    Raises:
        TypeError: if the value is not an integer (a bool counts as misuse).
        ValueError: if it lies outside the bounds.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an integer, found {type(value).__name__} {value!r}")
    if not low <= value <= high:
        raise ValueError(f"{name} must lie between {low} and {high}, found {value}")
    return value
