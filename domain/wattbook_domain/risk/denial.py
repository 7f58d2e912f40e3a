"""Decides which reasons for refusal exist, which comes first, and what a person should do.

The value of a code is its rank: when several rules are breached, the lowest code is reported, in
every shape of the gate. A set of codes is a mask with bit `1 << code`; bit 0 is never set, so an
empty mask reads as code 0, which is no member and means that nothing was breached.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import Final

import attrs


class DenialCode(IntEnum):
    """Why the gate refused. Values are stable: they are stored in journals, rows and reports."""

    KILL_SWITCH = 1
    KILL_STATE_UNKNOWN = 2
    LIMITS_MISSING = 3
    INSTRUMENT_NOT_PERMITTED = 4
    INSTRUMENT_HALTED = 5
    GATE_CLOSED = 6
    IDENTITY_REUSED = 7
    ORDER_NOT_OPEN = 8
    REPLACE_PENDING = 9
    QUANTITY_OFF_LOT = 10
    PRICE_OFF_TICK = 11
    OUTSIDE_HORIZON = 12
    REFERENCE_MISSING = 13
    REFERENCE_STALE = 14
    PRICE_BOUNDS = 15
    PRICE_COLLAR = 16
    ORDER_QUANTITY = 17
    ORDER_VALUE = 18
    PNL_UNKNOWN = 19
    LOSS_LIMIT = 20
    POSITION_LIMIT = 21
    GROSS_NOTIONAL = 22
    OPEN_ORDERS = 23
    SELF_TRADE = 24
    DUPLICATE_ORDER = 25
    MESSAGE_RATE = 26


@attrs.frozen
class DenialMeaning:
    """What a code tells a person.

    Attributes:
        sentence: the rule, then what to do.
        is_transient: whether the same order may pass later with nobody changing anything but
            time: a window rolls on, a feed comes back, an own order ends.
        facts: the fields of `OrderFacts` and `LimitCaps` that the rule read, the evidence.
    """

    sentence: str
    is_transient: bool
    facts: tuple[str, ...]


_PERMANENT: Final = False
_TRANSIENT: Final = True

MEANING: Final[Mapping[DenialCode, DenialMeaning]] = MappingProxyType(
    {
        DenialCode.KILL_SWITCH: DenialMeaning(
            "The kill switch is engaged for this order; another authorised person must release it.",
            _PERMANENT,
            ("kill_state",),
        ),
        DenialCode.KILL_STATE_UNKNOWN: DenialMeaning(
            "The kill switch cannot be read, so it counts as engaged; restore it from the journal.",
            _TRANSIENT,
            ("kill_state",),
        ),
        DenialCode.LIMITS_MISSING: DenialMeaning(
            "Desk, venue and algorithm each need limits; add the missing one to the limit set.",
            _PERMANENT,
            ("is_limited",),
        ),
        DenialCode.INSTRUMENT_NOT_PERMITTED: DenialMeaning(
            "The desk may trade permitted instruments only; ask for the permission.",
            _PERMANENT,
            ("is_permitted",),
        ),
        DenialCode.INSTRUMENT_HALTED: DenialMeaning(
            "The instrument is not in a trading phase; wait for the venue to resume.",
            _TRANSIENT,
            ("is_halted",),
        ),
        DenialCode.GATE_CLOSED: DenialMeaning(
            "Orders must arrive before gate closure; trade the imbalance or another period.",
            _PERMANENT,
            ("now_ns", "gate_closes_ns"),
        ),
        DenialCode.IDENTITY_REUSED: DenialMeaning(
            "A client order id is used once for ever; send the order under a fresh one.",
            _PERMANENT,
            ("is_identity_used",),
        ),
        DenialCode.ORDER_NOT_OPEN: DenialMeaning(
            "Only an order still open can be replaced; send a new order.",
            _PERMANENT,
            ("is_target_open",),
        ),
        DenialCode.REPLACE_PENDING: DenialMeaning(
            "One replace at a time is in flight; wait for the venue's answer.",
            _TRANSIENT,
            ("is_replace_pending",),
        ),
        DenialCode.QUANTITY_OFF_LOT: DenialMeaning(
            "Quantity must be a positive multiple of the lot step; round it.",
            _PERMANENT,
            ("quantity_lots", "lot_step_lots"),
        ),
        DenialCode.PRICE_OFF_TICK: DenialMeaning(
            "Price must be a multiple of the tick step; round it.",
            _PERMANENT,
            ("limit_ticks", "tick_step_ticks"),
        ),
        DenialCode.OUTSIDE_HORIZON: DenialMeaning(
            "Delivery must lie within the exposure grid; extend the grid before trading there.",
            _PERMANENT,
            ("is_within_horizon",),
        ),
        DenialCode.REFERENCE_MISSING: DenialMeaning(
            "No reference price is known, so the collar cannot be judged; wait for one.",
            _TRANSIENT,
            ("has_reference",),
        ),
        DenialCode.REFERENCE_STALE: DenialMeaning(
            "The reference price is too old to judge the collar by; wait for a fresh one.",
            _TRANSIENT,
            ("reference_age_ns", "reference_age_max_ns"),
        ),
        DenialCode.PRICE_BOUNDS: DenialMeaning(
            "Price must lie within the venue's technical bounds; correct it.",
            _PERMANENT,
            ("limit_ticks", "price_min_ticks", "price_max_ticks"),
        ),
        DenialCode.PRICE_COLLAR: DenialMeaning(
            "Price is too far from the reference; correct it or have the collar widened.",
            _PERMANENT,
            ("limit_ticks", "reference_ticks", "collar_bps", "collar_floor_ticks"),
        ),
        DenialCode.ORDER_QUANTITY: DenialMeaning(
            "The order is larger than one order may be; split it.",
            _PERMANENT,
            ("quantity_lots", "quantity_max_lots"),
        ),
        DenialCode.ORDER_VALUE: DenialMeaning(
            "The order is worth more than one order may be; split it.",
            _PERMANENT,
            ("limit_ticks", "open_lots", "delivery_slots", "order_value_max_units"),
        ),
        DenialCode.PNL_UNKNOWN: DenialMeaning(
            "The day's profit and loss is not known, so the loss limit cannot be judged; mark it.",
            _TRANSIENT,
            ("has_pnl",),
        ),
        DenialCode.LOSS_LIMIT: DenialMeaning(
            "The day's loss has reached its limit; stop, and ask the risk officer.",
            _PERMANENT,
            ("day_pnl_grains", "loss_max_grains"),
        ),
        DenialCode.POSITION_LIMIT: DenialMeaning(
            "If every open order of one side filled, net power would pass its limit; "
            "reduce the order or cancel others.",
            _PERMANENT,
            (
                "net_high_kw",
                "net_low_kw",
                "open_lots",
                "lot_kw",
                "net_long_max_kw",
                "net_short_max_kw",
            ),
        ),
        DenialCode.GROSS_NOTIONAL: DenialMeaning(
            "Filled and open orders together would pass the gross notional limit; reduce.",
            _PERMANENT,
            ("gross_units", "open_lots", "delivery_slots", "limit_ticks", "gross_max_units"),
        ),
        DenialCode.OPEN_ORDERS: DenialMeaning(
            "The algorithm has as many open orders as it may; cancel one or wait.",
            _TRANSIENT,
            ("open_orders", "open_orders_max"),
        ),
        DenialCode.SELF_TRADE: DenialMeaning(
            "The order would meet an own order on the other side; cancel that one first.",
            _TRANSIENT,
            ("limit_ticks", "opposite_ticks"),
        ),
        DenialCode.DUPLICATE_ORDER: DenialMeaning(
            "The same side, quantity and price was sent a moment ago; if meant, wait and resend.",
            _TRANSIENT,
            ("twin_age_ns", "duplicate_window_ns"),
        ),
        DenialCode.MESSAGE_RATE: DenialMeaning(
            "The algorithm has sent as many messages as the window allows; slow down.",
            _TRANSIENT,
            ("messages_in_window", "messages_max"),
        ),
    }
)
"""One sentence, one flag and the evidence for every code. Complete: a test counts."""


def codes_in(mask: int) -> Iterator[DenialCode]:
    """Yield the codes of a mask in rank order.

    >>> [code.name for code in codes_in(1 << 16 | 1 << 26)]
    ['PRICE_COLLAR', 'MESSAGE_RATE']
    """
    return (code for code in DenialCode if mask >> code & 1)
