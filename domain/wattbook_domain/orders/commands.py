"""Decides what may be asked of an order: submit, replace, cancel. Commands are imperative values.

A command carries integers only (ticks, lots, nanoseconds) and names its desk, ledger, trader and
algorithm, because the kill switch, the limits and the regulator all ask who.
"""

from __future__ import annotations

import attrs

from wattbook_domain.foundation.bounds import (
    PRICE_TICKS_ABS_MAX,
    QUANTITY_LOTS_MAX,
    require_within,
)
from wattbook_domain.foundation.identifiers import (
    AlgorithmId,
    ClientOrderId,
    DeskId,
    InstrumentId,
    LedgerId,
    TraderId,
    VenueId,
    require_identifier,
)
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.orders.vocabulary import OrderType, Side, TimeInForce


@attrs.frozen(kw_only=True)
class OrderOwner:
    """Who stands behind an order."""

    desk_id: DeskId
    ledger_id: LedgerId
    trader_id: TraderId
    algorithm_id: AlgorithmId


@attrs.frozen(kw_only=True)
class NewOrder:
    """An order as the venue will see it; unchecked until the gate wraps it in `Approved`.

    Attributes:
        client_order_id: ours, unique for ever (FIX 11 ClOrdID).
        limit_ticks: limit price in ticks, signed, zero allowed; `None` for a market order only.
        quantity_lots: total quantity in lots, positive.
        display_lots: visible part of an iceberg; `None` for every other type.
        expires_at: required for GTD, absent otherwise.
        decided_at: the instant of the decision that caused the order.
    """

    client_order_id: ClientOrderId
    instrument_id: InstrumentId
    venue_id: VenueId
    owner: OrderOwner
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    quantity_lots: int
    limit_ticks: int | None
    decided_at: UtcNs
    display_lots: int | None = None
    expires_at: UtcNs | None = None

    def __attrs_post_init__(self) -> None:
        require_identifier("client order id", self.client_order_id)
        require_within("quantity_lots", self.quantity_lots, 1, QUANTITY_LOTS_MAX)
        if (self.limit_ticks is None) != (self.order_type is OrderType.MARKET):
            raise ValueError("a market order has no limit price and every other order has one")
        if self.limit_ticks is not None:
            require_within(
                "limit_ticks", self.limit_ticks, -PRICE_TICKS_ABS_MAX, PRICE_TICKS_ABS_MAX
            )
        if (self.display_lots is not None) != (self.order_type is OrderType.ICEBERG):
            raise ValueError(
                "display_lots belongs to iceberg orders, and every iceberg order has it"
            )
        if self.display_lots is not None:
            require_within("display_lots", self.display_lots, 1, self.quantity_lots)
        if (self.expires_at is not None) != (self.time_in_force is TimeInForce.GTD):
            raise ValueError("expires_at belongs to GTD orders, and every GTD order has it")


@attrs.frozen(kw_only=True)
class ReplaceOrder:
    """Ask to change price or total quantity; the venue decides whether priority is lost.

    `quantity_lots` is the new *total*, already filled lots included (FIX 38 OrderQty in 35=G).
    """

    client_order_id: ClientOrderId
    original_client_order_id: ClientOrderId
    quantity_lots: int
    limit_ticks: int | None
    decided_at: UtcNs

    def __attrs_post_init__(self) -> None:
        require_identifier("client order id", self.client_order_id)
        require_within("quantity_lots", self.quantity_lots, 1, QUANTITY_LOTS_MAX)
        if self.limit_ticks is not None:
            require_within(
                "limit_ticks", self.limit_ticks, -PRICE_TICKS_ABS_MAX, PRICE_TICKS_ABS_MAX
            )


@attrs.frozen(kw_only=True)
class CancelOrder:
    """Ask to end an order. `client_order_id` names the request, the other the order."""

    client_order_id: ClientOrderId
    original_client_order_id: ClientOrderId
    decided_at: UtcNs

    def __attrs_post_init__(self) -> None:
        require_identifier("client order id", self.client_order_id)


Command = NewOrder | ReplaceOrder | CancelOrder
"""Everything a trader or a strategy may ask of an order."""
