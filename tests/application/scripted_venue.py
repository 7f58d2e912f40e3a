"""A venue that says what a test tells it to say, and counts like a venue while saying it.

It keeps its own books per order (quantity, filled, executions), so every report it makes is one
that a sound venue could make. What it believes is the truth that the platform is compared with.
"""

from __future__ import annotations

import attrs

from wattbook_application.state import EPOCH
from wattbook_domain.foundation.identifiers import ClientOrderId, ExecutionId, VenueOrderId
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.orders.commands import CancelOrder, NewOrder, ReplaceOrder
from wattbook_domain.orders.reports import ExecutionEvent, ExecutionReport


@attrs.define
class Kept:
    """One order as the venue sees it; `trades` are (ticks, lots) by execution id."""

    order: NewOrder
    name: ClientOrderId
    quantity_lots: int
    limit_ticks: int | None
    trades: dict[ExecutionId, tuple[int, int]] = attrs.field(factory=dict)
    is_open: bool = True

    @property
    def filled_lots(self) -> int:
        return sum(lots for _, lots in self.trades.values())

    @property
    def leaves_lots(self) -> int:
        return self.quantity_lots - self.filled_lots if self.is_open else 0

    @property
    def cash_tick_lots(self) -> int:
        return -self.order.side.sign * sum(ticks * lots for ticks, lots in self.trades.values())


@attrs.define
class ScriptedVenue:
    """Any number of orders, at any number of venues: reports are named by one running number."""

    orders: dict[ClientOrderId, Kept] = attrs.field(factory=dict)
    now: UtcNs = EPOCH
    _said: int = 0

    def accept(self, order: NewOrder) -> ExecutionReport:
        kept = Kept(order, order.client_order_id, order.quantity_lots, order.limit_ticks)
        self.orders[order.client_order_id] = kept
        return self._say(kept, ExecutionEvent.ACCEPTED)

    def reject(self, order: NewOrder) -> ExecutionReport:
        self.accept(order)
        kept = self.orders[order.client_order_id]
        kept.is_open = False
        return self._say(kept, ExecutionEvent.REJECTED, reason="no")

    def fill(
        self, name: ClientOrderId, lots: int, ticks: int, *, is_aggressor: bool = True
    ) -> ExecutionReport:
        kept = self.orders[name]
        execution = self._next()
        kept.trades[execution] = (ticks, lots)
        event = ExecutionEvent.FILL if kept.leaves_lots == 0 else ExecutionEvent.PARTIAL_FILL
        return self._say(
            kept,
            event,
            execution=execution,
            last_lots=lots,
            last_ticks=ticks,
            is_aggressor=is_aggressor,
        )

    def late_fill(self, name: ClientOrderId, lots: int, ticks: int) -> ExecutionReport:
        """A trade that happened before the end of the order and is told after it."""
        kept = self.orders[name]
        execution = self._next()
        kept.trades[execution] = (ticks, lots)
        return self._say(
            kept,
            ExecutionEvent.PARTIAL_FILL
            if kept.filled_lots < kept.quantity_lots
            else ExecutionEvent.FILL,
            execution=execution,
            last_lots=lots,
            last_ticks=ticks,
            is_aggressor=True,
        )

    def bust(self, name: ClientOrderId, execution: ExecutionId) -> ExecutionReport:
        kept = self.orders[name]
        del kept.trades[execution]
        return self._say(kept, ExecutionEvent.TRADE_CANCELED, reference_execution_id=execution)

    def correct(
        self, name: ClientOrderId, execution: ExecutionId, lots: int, ticks: int
    ) -> ExecutionReport:
        kept = self.orders[name]
        kept.trades[execution] = (ticks, lots)
        return self._say(
            kept,
            ExecutionEvent.TRADE_CORRECTED,
            reference_execution_id=execution,
            last_lots=lots,
            last_ticks=ticks,
        )

    def end(
        self, name: ClientOrderId, event: ExecutionEvent, *, request: CancelOrder | None = None
    ) -> ExecutionReport:
        """Cancel or expire, unsolicited or as the answer to a request."""
        kept = self.orders[name]
        kept.is_open = False
        return self._say(kept, event, request=request)

    def cancel_rejected(self, name: ClientOrderId, request: CancelOrder) -> ExecutionReport:
        return self._say(self.orders[name], ExecutionEvent.CANCEL_REJECTED, request=request)

    def replaced(self, name: ClientOrderId, request: ReplaceOrder) -> ExecutionReport:
        kept = self.orders[name]
        kept.name = request.client_order_id
        kept.quantity_lots = request.quantity_lots
        kept.limit_ticks = request.limit_ticks
        return self._say(kept, ExecutionEvent.REPLACED, request=request)

    def replace_rejected(self, name: ClientOrderId, request: ReplaceOrder) -> ExecutionReport:
        return self._say(self.orders[name], ExecutionEvent.REPLACE_REJECTED, request=request)

    def _next(self) -> ExecutionId:
        self._said += 1
        return ExecutionId(f"X{self._said}")

    def _say(
        self,
        kept: Kept,
        event: ExecutionEvent,
        *,
        execution: ExecutionId | None = None,
        request: CancelOrder | ReplaceOrder | None = None,
        last_lots: int | None = None,
        last_ticks: int | None = None,
        is_aggressor: bool | None = None,
        reference_execution_id: ExecutionId | None = None,
        reason: str = "",
    ) -> ExecutionReport:
        self.now = UtcNs(max(self.now, kept.order.decided_at) + 1)
        return ExecutionReport(
            execution_id=self._next() if execution is None else execution,
            venue_id=kept.order.venue_id,
            venue_order_id=VenueOrderId(f"V-{kept.order.client_order_id}"),
            client_order_id=kept.name if request is None else request.client_order_id,
            original_client_order_id=(
                None if request is None else request.original_client_order_id
            ),
            instrument_id=kept.order.instrument_id,
            side=kept.order.side,
            event=event,
            leaves_lots=kept.leaves_lots,
            cumulative_lots=kept.filled_lots,
            quantity_lots=kept.quantity_lots,
            limit_ticks=kept.limit_ticks,
            last_lots=last_lots,
            last_ticks=last_ticks,
            is_aggressor=is_aggressor,
            occurred_at=self.now,
            reason=reason,
            reference_execution_id=reference_execution_id,
        )
