"""Decides every pre-trade limit, with operators only, so that one function serves every target.

A rule takes integers and returns a truth: 1 where the limit is breached. The same function object
runs on Python integers, on int64 columns, compiled by Numba, on tensors, and on hardware values,
where it elaborates to gates. Hence no branch, no boolean word and no built-in: a choice is a
product with 0 or 1, an absolute value is two comparisons. Sums that could leave int64 are written
as differences. Gathering the numbers is left to `gather`, saying yes or no to `gate`.

Within the bounds of `OrderFacts` and `LimitCaps` no intermediate value leaves int64; a property
test runs every target up to those bounds and compares masks bit by bit.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from wattbook_domain.risk.denial import DenialCode

Lane: TypeAlias = Any
"""An int, an int64 column, a Numba scalar, a tensor or a hardware value. What they share are the
operators, which no static type spans; the typed entrance is `gate`."""

BASIS: Final = 10_000
"""Basis points in one."""


def kill_engaged(kill_state: Lane) -> Lane:
    """Breached while the latch is engaged (state 1)."""
    return kill_state == 1


def kill_unknown(kill_state: Lane) -> Lane:
    """Breached while the latch cannot be read (state 2 or above): it fails closed."""
    return kill_state > 1


def gate_closed(has_gate_closure: Lane, now_ns: Lane, gate_closes_ns: Lane) -> Lane:
    """Breached at and after gate closure, where the instrument has one."""
    return (has_gate_closure > 0) & (now_ns >= gate_closes_ns)


def off_lot(quantity_lots: Lane, lot_step_lots: Lane) -> Lane:
    """Breached unless the quantity is a positive multiple of the step."""
    return (quantity_lots < 1) | (quantity_lots % lot_step_lots != 0)


def off_tick(has_limit: Lane, limit_ticks: Lane, tick_step_ticks: Lane) -> Lane:
    """Breached when a limit price, negative ones included, is no multiple of the step."""
    return (has_limit > 0) & (limit_ticks % tick_step_ticks != 0)


def reference_missing(requires_reference: Lane, has_reference: Lane) -> Lane:
    """Breached when a collar is wanted and no reference price is known."""
    return (requires_reference > 0) & (has_reference == 0)


def reference_stale(
    requires_reference: Lane, has_reference: Lane, age_ns: Lane, age_max_ns: Lane
) -> Lane:
    """Breached when a collar is wanted and the known reference price is too old."""
    return (requires_reference > 0) & (has_reference > 0) & (age_ns > age_max_ns)


def outside_bounds(has_limit: Lane, limit_ticks: Lane, low_ticks: Lane, high_ticks: Lane) -> Lane:
    """Breached when a limit price lies outside the venue's technical price bounds."""
    return (has_limit > 0) & ((limit_ticks < low_ticks) | (limit_ticks > high_ticks))


def collar_width_ticks(reference_ticks: Lane, collar_bps: Lane, floor_ticks: Lane) -> Lane:
    """Return how far from the reference a price may lie: max(floor, floor(|r| x bps / 10000)).

    A relative collar alone would close at a reference of zero and turn inside out below it; the
    floor keeps it open there. Prices are integers, so cutting the relative part loses nothing:
    d > |r| x bps / 10000 exactly when d > floor(|r| x bps / 10000).
    """
    magnitude_ticks = reference_ticks * (1 - 2 * (reference_ticks < 0))
    relative_ticks = magnitude_ticks * collar_bps // BASIS
    return floor_ticks + (relative_ticks - floor_ticks) * (relative_ticks > floor_ticks)


def outside_collar(
    has_limit: Lane, has_reference: Lane, limit_ticks: Lane, reference_ticks: Lane, width: Lane
) -> Lane:
    """Breached when the price lies further than `width` ticks from the reference, either way."""
    distance_ticks = limit_ticks - reference_ticks
    is_far = (distance_ticks > width) | (-distance_ticks > width)
    return (has_limit > 0) & (has_reference > 0) & is_far


def band_low_ticks(
    has_reference: Lane, reference_ticks: Lane, width: Lane, bound_ticks: Lane
) -> Lane:
    """Return the lowest price a fill is expected at: collar or venue bound, whichever is nearer.

    Without a reference the venue's lower bound stands alone.
    """
    above_bound = reference_ticks - width - bound_ticks
    return bound_ticks + above_bound * (above_bound > 0) * (has_reference > 0)


def band_high_ticks(
    has_reference: Lane, reference_ticks: Lane, width: Lane, bound_ticks: Lane
) -> Lane:
    """Return the highest price a fill is expected at; see `band_low_ticks`."""
    below_bound = bound_ticks - reference_ticks - width
    return bound_ticks - below_bound * (below_bound > 0) * (has_reference > 0)


def chosen(truth: Lane, if_true: Lane, if_false: Lane) -> Lane:
    """Return one of two numbers by a truth of 0 or 1, without a branch."""
    return if_false + (if_true - if_false) * truth


def worst_ticks(low_ticks: Lane, high_ticks: Lane) -> Lane:
    """Return the greatest magnitude between two prices: max(high, -low) when low <= high."""
    return chosen(high_ticks + low_ticks < 0, -low_ticks, high_ticks)


def over_quantity(quantity_lots: Lane, quantity_max_lots: Lane) -> Lane:
    """Breached when one order is larger than one order may be."""
    return quantity_lots > quantity_max_lots


def over_order_value(
    low_ticks: Lane, high_ticks: Lane, lot_slots: Lane, value_max_units: Lane
) -> Lane:
    """Breached when the value at either end of the price range passes the limit, either sign."""
    return (high_ticks * lot_slots > value_max_units) | (-low_ticks * lot_slots > value_max_units)


def over_loss(has_pnl: Lane, day_pnl_grains: Lane, loss_max_grains: Lane) -> Lane:
    """Breached when the day's loss has reached the limit; a loss is a negative P&L."""
    return (has_pnl > 0) & (-day_pnl_grains >= loss_max_grains)


def over_long(net_high_kw: Lane, added_kw: Lane, net_long_max_kw: Lane) -> Lane:
    """Breached when added buying power lifts the highest reachable net power over its limit."""
    return (added_kw > 0) & (net_high_kw + added_kw > net_long_max_kw)


def over_short(net_low_kw: Lane, added_kw: Lane, net_short_max_kw: Lane) -> Lane:
    """Breached when added selling power pushes the lowest reachable net power under its limit."""
    return (added_kw > 0) & (added_kw - net_low_kw > net_short_max_kw)


def added_value_units(
    added_lots: Lane, kept_lots: Lane, delivery_slots: Lane, new_ticks: Lane, held_ticks: Lane
) -> Lane:
    """Return what a message adds to the gross notional reserved for an order.

    Added lots count at the new worst price. Lots already reserved count the rise of the worst
    price only: until a replace is confirmed the old price may still trade. That is the worst
    moment of confirmation exactly, and a little more where an order both shrinks and gets dearer.
    For a new order nothing is held, and this is worst price x lots x slots.
    """
    rise_ticks = (new_ticks - held_ticks) * (new_ticks > held_ticks)
    return (added_lots * new_ticks + kept_lots * rise_ticks) * delivery_slots


def over_gross(added_units: Lane, gross_units: Lane, gross_max_units: Lane) -> Lane:
    """Breached when the added value exceeds the room left; a difference, for a sum could wrap."""
    return (added_units > 0) & (added_units > gross_max_units - gross_units)


def over_open_orders(is_new: Lane, open_orders: Lane, open_orders_max: Lane) -> Lane:
    """Breached when one more open order would be too many."""
    return (is_new > 0) & (open_orders >= open_orders_max)


def meets_own_order(
    side: Lane, has_limit: Lane, limit_ticks: Lane, has_opposite: Lane, opposite_ticks: Lane
) -> Lane:
    """Breached when the order could trade with the best own order of the other side.

    A buy (side 0) crosses at or above an own sell, a sell (side 1) at or below an own buy; a
    market order crosses any.
    """
    overlap_ticks = (limit_ticks - opposite_ticks) * (1 - 2 * side)
    return (has_opposite > 0) & ((has_limit == 0) | (overlap_ticks >= 0))


def is_duplicate(has_twin: Lane, twin_age_ns: Lane, duplicate_window_ns: Lane) -> Lane:
    """Breached when the same side, quantity, price and instrument was sent within the window."""
    return (has_twin > 0) & (twin_age_ns < duplicate_window_ns)


def over_message_rate(messages_in_window: Lane, messages_max: Lane) -> Lane:
    """Breached when the window already holds as many messages as it may."""
    return messages_in_window >= messages_max


def fill_low_ticks(o: Lane, c: Lane) -> Lane:
    """Return the lowest price the order is expected to fill at: a sell's own limit, or the band."""
    width = collar_width_ticks(o.reference_ticks, c.collar_bps, c.collar_floor_ticks)
    low = band_low_ticks(o.has_reference, o.reference_ticks, width, c.price_min_ticks)
    return chosen((o.has_limit > 0) & ((o.side > 0) | (o.limit_ticks < low)), o.limit_ticks, low)


def fill_high_ticks(o: Lane, c: Lane) -> Lane:
    """Return the highest price the order is expected to fill at: a buy's limit, or the band."""
    width = collar_width_ticks(o.reference_ticks, c.collar_bps, c.collar_floor_ticks)
    high = band_high_ticks(o.has_reference, o.reference_ticks, width, c.price_max_ticks)
    return chosen((o.has_limit > 0) & ((o.side == 0) | (o.limit_ticks > high)), o.limit_ticks, high)


def reserve_ticks(o: Lane, c: Lane) -> Lane:
    """Return the price magnitude at which an order is reserved in the gross notional.

    A buy at 10 may fill at -500 where power is in surplus, so the worst magnitude over the whole
    range of expected fills counts, not the limit alone.
    """
    return worst_ticks(fill_low_ticks(o, c), fill_high_ticks(o, c))


def standing_mask(o: Lane, c: Lane) -> Lane:
    """Return the breaches of standing: may anybody send anything for this instrument now?"""
    return (
        kill_engaged(o.kill_state) * (1 << DenialCode.KILL_SWITCH)
        + kill_unknown(o.kill_state) * (1 << DenialCode.KILL_STATE_UNKNOWN)
        + (c.is_limited == 0) * (1 << DenialCode.LIMITS_MISSING)
        + (c.is_permitted == 0) * (1 << DenialCode.INSTRUMENT_NOT_PERMITTED)
        + (o.is_halted > 0) * (1 << DenialCode.INSTRUMENT_HALTED)
        + gate_closed(o.has_gate_closure, o.now_ns, o.gate_closes_ns)
        * (1 << DenialCode.GATE_CLOSED)
        + (o.is_identity_used > 0) * (1 << DenialCode.IDENTITY_REUSED)
        + (o.is_target_open == 0) * (1 << DenialCode.ORDER_NOT_OPEN)
        + (o.is_replace_pending > 0) * (1 << DenialCode.REPLACE_PENDING)
    )


def price_mask(o: Lane, c: Lane) -> Lane:
    """Return the breaches of quantity and price on their own: is this order well made?"""
    width = collar_width_ticks(o.reference_ticks, c.collar_bps, c.collar_floor_ticks)
    return (
        off_lot(o.quantity_lots, o.lot_step_lots) * (1 << DenialCode.QUANTITY_OFF_LOT)
        + off_tick(o.has_limit, o.limit_ticks, o.tick_step_ticks) * (1 << DenialCode.PRICE_OFF_TICK)
        + (o.is_within_horizon == 0) * (1 << DenialCode.OUTSIDE_HORIZON)
        + reference_missing(c.requires_reference, o.has_reference)
        * (1 << DenialCode.REFERENCE_MISSING)
        + reference_stale(
            c.requires_reference, o.has_reference, o.reference_age_ns, c.reference_age_max_ns
        )
        * (1 << DenialCode.REFERENCE_STALE)
        + outside_bounds(o.has_limit, o.limit_ticks, c.price_min_ticks, c.price_max_ticks)
        * (1 << DenialCode.PRICE_BOUNDS)
        + outside_collar(o.has_limit, o.has_reference, o.limit_ticks, o.reference_ticks, width)
        * (1 << DenialCode.PRICE_COLLAR)
    )


def size_mask(o: Lane, c: Lane) -> Lane:
    """Return the breaches of size: one order, the day's loss, net power, gross notional.

    The value of one order is taken at its limit; a market order's at both ends of its range.
    """
    low = fill_low_ticks(o, c)
    high = fill_high_ticks(o, c)
    has_limit = o.has_limit > 0
    added_lots = (o.open_lots - o.held_lots) * (o.open_lots > o.held_lots)
    added_kw = added_lots * o.lot_kw
    added_units = added_value_units(
        added_lots,
        o.open_lots - added_lots,
        o.delivery_slots,
        worst_ticks(low, high),
        o.held_ticks,
    )
    return (
        over_quantity(o.quantity_lots, c.quantity_max_lots) * (1 << DenialCode.ORDER_QUANTITY)
        + over_order_value(
            chosen(has_limit, o.limit_ticks, low),
            chosen(has_limit, o.limit_ticks, high),
            o.open_lots * o.delivery_slots,
            c.order_value_max_units,
        )
        * (1 << DenialCode.ORDER_VALUE)
        + (o.has_pnl == 0) * (1 << DenialCode.PNL_UNKNOWN)
        + over_loss(o.has_pnl, o.day_pnl_grains, c.loss_max_grains) * (1 << DenialCode.LOSS_LIMIT)
        + (
            over_long(o.net_high_kw, added_kw * (1 - o.side), c.net_long_max_kw)
            | over_short(o.net_low_kw, added_kw * o.side, c.net_short_max_kw)
        )
        * (1 << DenialCode.POSITION_LIMIT)
        + over_gross(added_units, o.gross_units, c.gross_max_units)
        * (1 << DenialCode.GROSS_NOTIONAL)
    )


def conduct_mask(o: Lane, c: Lane) -> Lane:
    """Return the breaches of conduct: open orders, self-trade, duplicates, message rate."""
    return (
        over_open_orders(o.is_new, o.open_orders, c.open_orders_max) * (1 << DenialCode.OPEN_ORDERS)
        + meets_own_order(o.side, o.has_limit, o.limit_ticks, o.has_opposite, o.opposite_ticks)
        * (1 << DenialCode.SELF_TRADE)
        + is_duplicate(o.has_twin, o.twin_age_ns, c.duplicate_window_ns)
        * (1 << DenialCode.DUPLICATE_ORDER)
        + over_message_rate(o.messages_in_window, c.messages_max) * (1 << DenialCode.MESSAGE_RATE)
    )


def reject_mask(o: Lane, c: Lane) -> Lane:
    """Return every breach of order facts `o` against caps `c` as one mask, bit `1 << code` each.

    `o` and `c` are anything with the fields of `OrderFacts` and `LimitCaps`: the values, columns
    of rows, records, or bundles of hardware signals. Every rule is evaluated, none hides another.
    """
    return standing_mask(o, c) + price_mask(o, c) + size_mask(o, c) + conduct_mask(o, c)


def first_code(mask: Lane) -> Lane:
    """Return the position of the lowest set bit, the code that ranks first; 0 for an empty mask.

    The lowest bit stands alone in `mask & -mask`; each line reads one binary digit of its place.

    >>> first_code(0), first_code(1 << 16 | 1 << 26)
    (0, 16)
    """
    lowest = mask & -mask
    return (
        ((lowest & 0xAAAAAAAA) != 0) * 1
        + ((lowest & 0xCCCCCCCC) != 0) * 2
        + ((lowest & 0xF0F0F0F0) != 0) * 4
        + ((lowest & 0xFF00FF00) != 0) * 8
        + ((lowest & 0xFFFF0000) != 0) * 16
    )
