"""Decides when a datum is doubtful, with operators only; what to do about it is the caller's.

Each rule takes ints, int64 columns or kernel scalars. `quote_code` and `sample_code` return the
first broken rule in the order of `QualityCode`, so every shape names the same reason. A missing
value enters as a presence flag beside a number of no meaning, never as a number of its own.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any, TypeAlias

Number: TypeAlias = Any
"""An int, an int64 column, a kernel scalar or a hardware value: whatever has the operators."""


class QualityCode(IntEnum):
    """What is wrong with a datum, in order of precedence; 0 is nothing."""

    GOOD = 0
    MISSING = 1
    """There is no value."""
    GAP = 2
    """The feed skipped sequence numbers before it: the picture may be wrong."""
    OUT_OF_ORDER = 3
    """It is older than what came before it."""
    OFF_TICK = 4
    """The price lies between two ticks."""
    CROSSED = 5
    """The bid is above the ask, or at it."""
    STALE = 6
    """It is older than the market allows."""


def is_gap(sequence: Number, previous: Number) -> Number:
    """Whether sequence numbers were skipped; a repeat is not a gap but out of order."""
    return sequence > previous + 1


def is_out_of_order(at_ns: Number, previous_ns: Number) -> Number:
    """Whether a datum is older than its predecessor; equal instants are in order."""
    return at_ns < previous_ns


def is_off_tick(price_micros: Number, tick_micros: Number) -> Number:
    """Whether a price in millionths of the currency misses the tick grid; negative prices too."""
    return price_micros % tick_micros != 0


def is_crossed(bid_ticks: Number, ask_ticks: Number, has_both: Number) -> Number:
    """Whether both sides are quoted and the bid reaches the ask (locked counts as crossed)."""
    return has_both * (bid_ticks >= ask_ticks) != 0


def is_stale(at_ns: Number, now_ns: Number, limit_ns: Number) -> Number:
    """Whether a datum is older than `limit_ns`; exactly that old is still fresh."""
    return now_ns - at_ns > limit_ns


def first_of(code: Number, otherwise: Number, broken: Number) -> Number:
    """Return `code` where the rule is broken, else `otherwise`: one step of a ranked choice."""
    return otherwise + (code - otherwise) * (1 * (broken != 0))


def sample_code(
    *, present: Number, off_tick: Number, gap: Number, out_of_order: Number, stale: Number
) -> Number:
    """Return the ranked code of one value of a series, such as a day-ahead price."""
    code = first_of(6, 0, stale)
    code = first_of(4, code, off_tick)
    code = first_of(3, code, out_of_order)
    code = first_of(2, code, gap)
    return first_of(1, code, 1 - 1 * (present != 0))


def quote_code(
    *, present: Number, gap: Number, out_of_order: Number, crossed: Number, stale: Number
) -> Number:
    """Return the ranked code of a quote; `present` says that at least one side is quoted."""
    code = first_of(6, 0, stale)
    code = first_of(5, code, crossed)
    code = first_of(3, code, out_of_order)
    code = first_of(2, code, gap)
    return first_of(1, code, 1 - 1 * (present != 0))
