"""Orders and reports that the suites of orders, positions and valuation share."""

from __future__ import annotations

from typing import Any

from wattbook_domain.foundation.identifiers import (
    AlgorithmId,
    ClientOrderId,
    DeskId,
    ExecutionId,
    InstrumentId,
    LedgerId,
    TraderId,
    VenueId,
    VenueOrderId,
)
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.orders.commands import CancelOrder, NewOrder, OrderOwner, ReplaceOrder
from wattbook_domain.orders.order import Order
from wattbook_domain.orders.reports import ExecutionEvent, ExecutionReport
from wattbook_domain.orders.vocabulary import OrderType, Side, TimeInForce

OWNER = OrderOwner(
    desk_id=DeskId("DE"),
    ledger_id=LedgerId("INTRADAY"),
    trader_id=TraderId("ada"),
    algorithm_id=AlgorithmId("wind-1"),
)
VENUE = VenueId("EPEX")
HOUR = InstrumentId("EPEX:DE:ID:H09")


def new_order(**changes: Any) -> NewOrder:
    fields: dict[str, Any] = {
        "client_order_id": ClientOrderId("X"),
        "instrument_id": HOUR,
        "venue_id": VENUE,
        "owner": OWNER,
        "side": Side.BUY,
        "order_type": OrderType.LIMIT,
        "time_in_force": TimeInForce.GTC,
        "quantity_lots": 10_000,
        "limit_ticks": -500,
        "decided_at": UtcNs(1),
    }
    return NewOrder(**fields | changes)


def order(**changes: Any) -> Order:
    return Order.of(new_order(**changes))


def cancel(request: str, original: str) -> CancelOrder:
    return CancelOrder(
        client_order_id=ClientOrderId(request),
        original_client_order_id=ClientOrderId(original),
        decided_at=UtcNs(2),
    )


def replace(request: str, original: str, lots: int, limit_ticks: int | None = -500) -> ReplaceOrder:
    return ReplaceOrder(
        client_order_id=ClientOrderId(request),
        original_client_order_id=ClientOrderId(original),
        quantity_lots=lots,
        limit_ticks=limit_ticks,
        decided_at=UtcNs(2),
    )


def report(event: ExecutionEvent, **changes: Any) -> ExecutionReport:
    fields: dict[str, Any] = {
        "execution_id": ExecutionId("E1"),
        "venue_id": VENUE,
        "venue_order_id": VenueOrderId("V1"),
        "client_order_id": ClientOrderId("X"),
        "instrument_id": HOUR,
        "side": Side.BUY,
        "event": event,
        "leaves_lots": 10_000,
        "cumulative_lots": 0,
        "quantity_lots": 10_000,
        "limit_ticks": -500,
        "occurred_at": UtcNs(3),
    }
    return ExecutionReport(**fields | changes)
