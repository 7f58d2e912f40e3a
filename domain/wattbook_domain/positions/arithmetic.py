"""Decides the arithmetic of a position with operators only: net, cost, release, profit.

A position is three integers: net lots (signed), the cost of the open lots and the cash of all
fills, both in tick-lots (ticks x lots; times delivery slots they are value units). Average cost
is the rule: a trade that reduces the position releases its share of the cost, rounded toward zero
to a whole tick-lot; the remainder stays with the lots still open and is released with the last
of them. Nothing is lost to rounding, because profit is never accumulated by itself::

    realised   = cash + cost                  (what came in, less what the open lots cost)
    unrealised = net * mark - cost
    realised + unrealised = cash + net * mark    for every mark, exactly

Rounding toward zero makes a mirrored position (all sides swapped) mirror its profit exactly.

Each rule takes ints, int64 columns or kernel scalars alike. With `|net| <= 2**20` lots and prices
within 2**22 ticks the largest product, cost x closing lots, stays within 2**62.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from wattbook_domain.foundation.bounds import QUANTITY_LOTS_MAX

Number: TypeAlias = Any
"""An int, an int64 column, a kernel scalar or a hardware value: whatever has the operators."""

NET_LOTS_ABS_MAX: Final = QUANTITY_LOTS_MAX
"""Beyond this a release could leave int64; the ledger refuses to book there."""


def sign(value: Number) -> Number:
    """-1, 0 or 1."""
    return 1 * (value > 0) - 1 * (value < 0)


def magnitude(value: Number) -> Number:
    """The absolute value, without a call."""
    return value * (1 - 2 * (value < 0))


def signed_lots(side: Number, lots: Number) -> Number:
    """Lots with the sign of the trade; `side` is 0 for a buy and 1 for a sell."""
    return (1 - 2 * side) * lots


def closing_lots(net: Number, traded: Number) -> Number:
    """Lots of a signed trade that reduce the position: none when it adds to it or opens it."""
    held = magnitude(net)
    size = magnitude(traded)
    smaller = held + (size - held) * (size < held)
    return smaller * (sign(net) * sign(traded) < 0)


def released_cost(cost: Number, net: Number, closing: Number) -> Number:
    """Cost of `closing` of the open lots: their share, rounded toward zero; all for the last."""
    held = magnitude(net)
    divisor = held + 1 * (held == 0)
    return sign(cost) * (magnitude(cost) * closing // divisor)


def net_after(net: Number, traded: Number) -> Number:
    """Net lots after a signed trade."""
    return net + traded


def cost_after(cost: Number, net: Number, traded: Number, ticks: Number) -> Number:
    """Cost of the open lots after a signed trade: release what closes, add what opens."""
    closing = closing_lots(net, traded)
    opening = traded - sign(traded) * closing
    return cost - released_cost(cost, net, closing) + opening * ticks


def cash_after(cash: Number, traded: Number, ticks: Number) -> Number:
    """Cash after a signed trade, fees apart: a buy at a positive price pays."""
    return cash - traded * ticks


def realised(cash: Number, cost: Number) -> Number:
    """Profit of the closed lots in tick-lots, fees apart."""
    return cash + cost


def unrealised(net: Number, cost: Number, mark_ticks: Number) -> Number:
    """Profit of the open lots at a mark, in tick-lots."""
    return net * mark_ticks - cost
