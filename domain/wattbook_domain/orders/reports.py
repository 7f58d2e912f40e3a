"""Decides what a venue may tell us about an order: the execution report (FIX 35=8 and 35=9).

The event words follow FIX 4.4 field 150 ExecType; a cancel reject (35=9) is an event here too, so
that one table moves an order whatever message brought the news.
"""

from __future__ import annotations

from enum import IntEnum

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


FILL_EVENTS = frozenset({ExecutionEvent.PARTIAL_FILL, ExecutionEvent.FILL})
"""Events that carry a fill: `last_lots` and `last_ticks` are set, and only then."""


@attrs.frozen(kw_only=True)
class ExecutionReport:
    """One report about one order, in our words.

    Attributes:
        execution_id: unique per venue; the key that makes booking idempotent (FIX 17).
        client_order_id: the order's current ClOrdID as the venue knows it (FIX 11).
        original_client_order_id: for answers to cancel and replace requests (FIX 41).
        last_lots, last_ticks: quantity and price of this fill; `None` unless it is a fill.
        leaves_lots: still working (FIX 151). cumulative_lots: filled so far (FIX 14).
        quantity_lots: the order's total quantity after this report (FIX 38).
        limit_ticks: the order's limit after this report (FIX 44); `None` for a market order.
        is_aggressor: whether our order took liquidity in this fill; `None` unless it is a fill.
        counterparty: the other side's code where the venue tells it.
        occurred_at: the venue's own clock (FIX 60).
        reason: the venue's words, for refusals.
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

    def __attrs_post_init__(self) -> None:
        require_identifier("execution id", self.execution_id)
        require_within("leaves_lots", self.leaves_lots, 0, QUANTITY_LOTS_MAX)
        require_within("cumulative_lots", self.cumulative_lots, 0, QUANTITY_LOTS_MAX)
        require_within("quantity_lots", self.quantity_lots, 0, QUANTITY_LOTS_MAX)
        is_fill = self.event in FILL_EVENTS
        if (self.last_lots is not None) != is_fill or (self.last_ticks is not None) != is_fill:
            raise ValueError(
                f"last_lots and last_ticks belong to fills only, found them "
                f"{'missing from' if is_fill else 'on'} {self.event.name}"
            )
        if self.last_lots is not None and self.last_ticks is not None:
            require_within("last_lots", self.last_lots, 1, QUANTITY_LOTS_MAX)
            require_within("last_ticks", self.last_ticks, -PRICE_TICKS_ABS_MAX, PRICE_TICKS_ABS_MAX)
