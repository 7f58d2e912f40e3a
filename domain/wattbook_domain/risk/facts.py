"""Decides what the gate must know: the facts of one order and the caps it is judged by.

Both are flat bundles of integers, so that one explicit row layout (`FACTS_DTYPE`, `CAPS_DTYPE`)
serves columns, kernels and hardware alike. A truth is 0 or 1; what may be absent has a `has_`
field beside it, and the number next to a `has_` of 0 is never read as a price or a time. Bounds
are checked where a value is built: within them no rule leaves int64.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import attrs
import numpy as np

from wattbook_domain.foundation.bounds import (
    DELIVERY_SLOTS_MAX,
    INSTANT_NS_MAX,
    POWER_KW_ABS_MAX,
    PRICE_TICKS_ABS_MAX,
    QUANTITY_LOTS_MAX,
    VALUE_UNITS_ABS_MAX,
)
from wattbook_domain.foundation.rows import dtype_of

COUNT_MAX: Final = 2**31
"""Messages, orders and basis points stay far below it."""

LOT_KW_MAX: Final = 2**20
"""A lot of one gigawatt; times the largest quantity it is the power bound."""

COLLAR_BPS_MAX: Final = 2**20
"""A collar of a hundred times the reference."""

_Span = tuple[int, int]
_TRUTH: Final[_Span] = (0, 1)
_PRICE: Final[_Span] = (-PRICE_TICKS_ABS_MAX, PRICE_TICKS_ABS_MAX)
_LOTS: Final[_Span] = (0, QUANTITY_LOTS_MAX)
_POWER: Final[_Span] = (-POWER_KW_ABS_MAX, POWER_KW_ABS_MAX)
_VALUE: Final[_Span] = (0, VALUE_UNITS_ABS_MAX)
_INSTANT: Final[_Span] = (0, INSTANT_NS_MAX)
_COUNT: Final[_Span] = (0, COUNT_MAX)


@attrs.frozen(kw_only=True)
class OrderFacts:
    """Everything the rules read about one message, gathered before any rule runs.

    For a replace, `open_lots` is what the order could still fill afterwards, `held_lots` and
    `held_ticks` what the exposure book reserves for it now; for a new order nothing is held.

    Attributes:
        is_new: 1 for a new order, 0 for a replace.
        side: 0 buy, 1 sell. has_limit: 0 for a market order, whose `limit_ticks` is not read.
        quantity_lots: total asked for. open_lots: of those, not yet filled.
        kill_state: 0 released, 1 engaged, 2 unknown.
        net_high_kw, net_low_kw: the highest and lowest net power any delivery slot of the
            instrument can still reach, this order's own reservation included.
        gross_units: filled and reserved notional of the desk in this instrument's value units,
            rounded up.
        opposite_ticks: best own price resting on the other side.
        twin_age_ns: time since the latest order of the same side, quantity, price and instrument.
        day_pnl_grains: realised and unrealised P&L of the desk's day in value grains.
    """

    is_new: int
    side: int
    has_limit: int
    limit_ticks: int
    quantity_lots: int
    open_lots: int
    held_lots: int
    held_ticks: int
    lot_kw: int
    delivery_slots: int
    lot_step_lots: int
    tick_step_ticks: int
    kill_state: int
    is_halted: int
    is_identity_used: int
    is_target_open: int
    is_replace_pending: int
    is_within_horizon: int
    now_ns: int
    has_gate_closure: int
    gate_closes_ns: int
    has_reference: int
    reference_ticks: int
    reference_age_ns: int
    net_high_kw: int
    net_low_kw: int
    gross_units: int
    has_pnl: int
    day_pnl_grains: int
    open_orders: int
    has_opposite: int
    opposite_ticks: int
    has_twin: int
    twin_age_ns: int
    messages_in_window: int

    def __attrs_post_init__(self) -> None:
        _require_spans(self, FACT_SPANS)


@attrs.frozen(kw_only=True)
class LimitCaps:
    """The limits that apply to one order, in the instrument's own ticks, lots and value units.

    Attributes:
        is_limited: 0 when desk, venue or algorithm has no limits; then nothing may pass.
        requires_reference: whether an order without a fresh reference price is refused.
        is_permitted: whether desk and algorithm may trade this instrument at this venue.
        collar_bps, collar_floor_ticks: the wider of the two is the collar's half width.
        order_value_max_units, gross_max_units: in value units (ticks x lots x slots), rounded down.
        net_long_max_kw, net_short_max_kw: magnitudes, per delivery slot.
        loss_max_grains: magnitude of the day's loss at which trading stops, in value grains.
    """

    is_limited: int
    is_permitted: int
    requires_reference: int
    reference_age_max_ns: int
    price_min_ticks: int
    price_max_ticks: int
    collar_bps: int
    collar_floor_ticks: int
    quantity_max_lots: int
    order_value_max_units: int
    net_long_max_kw: int
    net_short_max_kw: int
    gross_max_units: int
    loss_max_grains: int
    open_orders_max: int
    duplicate_window_ns: int
    messages_max: int

    def __attrs_post_init__(self) -> None:
        _require_spans(self, CAP_SPANS)
        if self.price_min_ticks > self.price_max_ticks:
            raise ValueError(
                f"price_min_ticks must not exceed price_max_ticks, found {self.price_min_ticks} "
                f"and {self.price_max_ticks}"
            )


FACT_SPANS: Final[Mapping[str, _Span]] = MappingProxyType(
    {
        "is_new": _TRUTH,
        "side": _TRUTH,
        "has_limit": _TRUTH,
        "limit_ticks": _PRICE,
        "quantity_lots": _LOTS,
        "open_lots": _LOTS,
        "held_lots": _LOTS,
        "held_ticks": (0, PRICE_TICKS_ABS_MAX),
        "lot_kw": (1, LOT_KW_MAX),
        "delivery_slots": (1, DELIVERY_SLOTS_MAX),
        "lot_step_lots": (1, QUANTITY_LOTS_MAX),
        "tick_step_ticks": (1, PRICE_TICKS_ABS_MAX),
        "kill_state": (0, 2),
        "is_halted": _TRUTH,
        "is_identity_used": _TRUTH,
        "is_target_open": _TRUTH,
        "is_replace_pending": _TRUTH,
        "is_within_horizon": _TRUTH,
        "now_ns": _INSTANT,
        "has_gate_closure": _TRUTH,
        "gate_closes_ns": _INSTANT,
        "has_reference": _TRUTH,
        "reference_ticks": _PRICE,
        "reference_age_ns": _INSTANT,
        "net_high_kw": _POWER,
        "net_low_kw": _POWER,
        "gross_units": _VALUE,
        "has_pnl": _TRUTH,
        "day_pnl_grains": (-VALUE_UNITS_ABS_MAX, VALUE_UNITS_ABS_MAX),
        "open_orders": _COUNT,
        "has_opposite": _TRUTH,
        "opposite_ticks": _PRICE,
        "has_twin": _TRUTH,
        "twin_age_ns": _INSTANT,
        "messages_in_window": _COUNT,
    }
)
"""Lowest and highest value of every fact: checked here, drawn from by tests, widths of wires."""

CAP_SPANS: Final[Mapping[str, _Span]] = MappingProxyType(
    {
        "is_limited": _TRUTH,
        "is_permitted": _TRUTH,
        "requires_reference": _TRUTH,
        "reference_age_max_ns": _INSTANT,
        "price_min_ticks": _PRICE,
        "price_max_ticks": _PRICE,
        "collar_bps": (0, COLLAR_BPS_MAX),
        "collar_floor_ticks": (0, 2 * PRICE_TICKS_ABS_MAX),
        "quantity_max_lots": _LOTS,
        "order_value_max_units": _VALUE,
        "net_long_max_kw": (0, POWER_KW_ABS_MAX),
        "net_short_max_kw": (0, POWER_KW_ABS_MAX),
        "gross_max_units": _VALUE,
        "loss_max_grains": _VALUE,
        "open_orders_max": _COUNT,
        "duplicate_window_ns": _INSTANT,
        "messages_max": _COUNT,
    }
)
"""Lowest and highest value of every cap."""

FACTS_DTYPE: Final[np.dtype[np.void]] = dtype_of(OrderFacts)
CAPS_DTYPE: Final[np.dtype[np.void]] = dtype_of(LimitCaps)


def closed_caps() -> LimitCaps:
    """Return caps that let nothing pass: what applies where a limit was never set."""
    return LimitCaps(**{name: max(low, 0) for name, (low, _) in CAP_SPANS.items()})


def _require_spans(value: OrderFacts | LimitCaps, spans: Mapping[str, _Span]) -> None:
    for name, (low, high) in spans.items():
        found = getattr(value, name)
        if type(found) is not int:
            raise TypeError(f"{name} must be an integer, found {type(found).__name__} {found!r}")
        if not low <= found <= high:
            raise ValueError(f"{name} must lie between {low} and {high}, found {found}")
