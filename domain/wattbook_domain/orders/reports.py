"""Decides what a venue may tell us about an order: the execution report (FIX 35=8 and 35=9).

The event words follow FIX 4.4 field 150 ExecType; a cancel reject (35=9) is an event here too, so
that one table moves an order whatever message brought the news.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import Final

import attrs

from wattbook_domain.foundation.bounds import (
    PRICE_TICKS_ABS_MAX,
    QUANTITY_LOTS_MAX,
    require_within,
)
from wattbook_domain.foundation.identifiers import (
    ClientOrderId,
    ExecutionId,
    InstrumentId,
    VenueId,
    VenueOrderId,
    require_identifier,
)
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.orders.vocabulary import Side


class ExecutionEvent(IntEnum):
    """What happened to an order; the column index of `TRANSITIONS`."""

    PENDING_NEW = 0
    ACCEPTED = 1
    REJECTED = 2
    PARTIAL_FILL = 3
    FILL = 4
    PENDING_CANCEL = 5
    CANCELED = 6
    CANCEL_REJECTED = 7
    PENDING_REPLACE = 8
    REPLACED = 9
    REPLACE_REJECTED = 10
    EXPIRED = 11
    DONE_FOR_DAY = 12
    SUSPENDED = 13
    RESUMED = 14
    TRADE_CORRECTED = 15
    TRADE_CANCELED = 16


FILL_EVENTS: Final = frozenset({ExecutionEvent.PARTIAL_FILL, ExecutionEvent.FILL})
"""Events that bring a new fill."""

PRICED_EVENTS: Final = FILL_EVENTS | {ExecutionEvent.TRADE_CORRECTED}
"""Events that carry a quantity and a price: `last_lots` and `last_ticks` are set only then."""

RESTATING_EVENTS: Final = frozenset({ExecutionEvent.TRADE_CORRECTED, ExecutionEvent.TRADE_CANCELED})
"""Events about an earlier execution, which `reference_execution_id` names, and only then."""

EXECUTION_EVENTS: Final = FILL_EVENTS | RESTATING_EVENTS
"""Events that change what is filled."""

UNQUANTIFIED_EVENTS: Final = frozenset(
    {ExecutionEvent.CANCEL_REJECTED, ExecutionEvent.REPLACE_REJECTED}
)
"""Cancel rejects (FIX 35=9) carry no LeavesQty, CumQty or OrderQty: write zero, nobody reads it."""

EXEC_TYPE_FIX: Final[Mapping[ExecutionEvent, str | None]] = MappingProxyType(
    {
        ExecutionEvent.PENDING_NEW: "A",
        ExecutionEvent.ACCEPTED: "0",
        ExecutionEvent.REJECTED: "8",
        ExecutionEvent.PARTIAL_FILL: "F",
        ExecutionEvent.FILL: "F",
        ExecutionEvent.PENDING_CANCEL: "6",
        ExecutionEvent.CANCELED: "4",
        ExecutionEvent.CANCEL_REJECTED: None,
        ExecutionEvent.PENDING_REPLACE: "E",
        ExecutionEvent.REPLACED: "5",
        ExecutionEvent.REPLACE_REJECTED: None,
        ExecutionEvent.EXPIRED: "C",
        ExecutionEvent.DONE_FOR_DAY: "3",
        ExecutionEvent.SUSPENDED: "9",
        ExecutionEvent.RESUMED: "D",
        ExecutionEvent.TRADE_CORRECTED: "G",
        ExecutionEvent.TRADE_CANCELED: "H",
    }
)
"""FIX 4.4 field 150 ExecType. `None` is no execution report but a cancel reject (35=9).

Since FIX 4.3 a fill is F Trade, part or whole; LeavesQty (151) tells which. A resumed order comes
as D Restated.
"""


@attrs.frozen(kw_only=True)
class ExecutionReport:
    """One report about one order, in our words.

    Attributes:
        execution_id: unique per venue; the key that makes booking idempotent (FIX 17).
        client_order_id: the order's current ClOrdID as the venue knows it (FIX 11).
        original_client_order_id: for answers to cancel and replace requests (FIX 41).
        last_lots, last_ticks: quantity and price of this fill, or of a trade as corrected;
            `None` for every other event.
        leaves_lots: still working (FIX 151). cumulative_lots: filled so far (FIX 14).
        quantity_lots: the order's total quantity after this report (FIX 38).
        limit_ticks: the order's limit after this report (FIX 44); `None` for a market order.
        is_aggressor: whether our order took liquidity in this fill; `None` unless it is a fill.
        counterparty: the other side's code where the venue tells it.
        occurred_at: the venue's own clock (FIX 60).
        reason: the venue's words, for refusals.
        reference_execution_id: the execution that a bust or a correction speaks of (FIX 19).
    """

    execution_id: ExecutionId
    venue_id: VenueId
    venue_order_id: VenueOrderId
    client_order_id: ClientOrderId
    instrument_id: InstrumentId
    side: Side
    event: ExecutionEvent
    leaves_lots: int
    cumulative_lots: int
    quantity_lots: int
    occurred_at: UtcNs
    limit_ticks: int | None = None
    last_lots: int | None = None
    last_ticks: int | None = None
    is_aggressor: bool | None = None
    original_client_order_id: ClientOrderId | None = None
    counterparty: str | None = None
    reason: str = ""
    reference_execution_id: ExecutionId | None = None

    def __attrs_post_init__(self) -> None:
        require_identifier("execution id", self.execution_id)
        require_within("leaves_lots", self.leaves_lots, 0, QUANTITY_LOTS_MAX)
        require_within("cumulative_lots", self.cumulative_lots, 0, QUANTITY_LOTS_MAX)
        require_within("quantity_lots", self.quantity_lots, 0, QUANTITY_LOTS_MAX)
        is_priced = self.event in PRICED_EVENTS
        if (self.last_lots is not None) != is_priced or (self.last_ticks is not None) != is_priced:
            raise ValueError(
                f"last_lots and last_ticks belong to fills and corrections only, found them "
                f"{'missing from' if is_priced else 'on'} {self.event.name}"
            )
        if (self.reference_execution_id is not None) != (self.event in RESTATING_EVENTS):
            raise ValueError(
                "reference_execution_id belongs to TRADE_CORRECTED and TRADE_CANCELED, and both "
                f"have it, found {self.reference_execution_id!r} on {self.event.name}"
            )
        if self.last_lots is not None and self.last_ticks is not None:
            require_within("last_lots", self.last_lots, 1, QUANTITY_LOTS_MAX)
            require_within("last_ticks", self.last_ticks, -PRICE_TICKS_ABS_MAX, PRICE_TICKS_ABS_MAX)
        if self.limit_ticks is not None:
            require_within(
                "limit_ticks", self.limit_ticks, -PRICE_TICKS_ABS_MAX, PRICE_TICKS_ABS_MAX
            )
