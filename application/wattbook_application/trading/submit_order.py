"""Submits an order: checked, reserved in the exposure, and only then handed to a gateway."""

from __future__ import annotations

from wattbook_application.effects import OrderEffect, SendOrder
from wattbook_application.state import DayState
from wattbook_application.trading.check_risk import check_order
from wattbook_application.trading.note_sent import note_sent
from wattbook_application.trading.refuse import refuse
from wattbook_domain.foundation.verdict import Refused
from wattbook_domain.orders.commands import NewOrder
from wattbook_domain.orders.fold import OrderFold
from wattbook_domain.orders.order import Order
from wattbook_domain.risk.exposure import OrderSent


def submit_order(state: DayState, order: NewOrder) -> tuple[OrderEffect, ...]:
    """Judge and send one order; a refusal stays in the state with its code and facts."""
    checked = check_order(state, order)
    verdict = checked.verdict
    if isinstance(verdict, Refused):
        return refuse(state, verdict, at=order.decided_at, order=order)
    note_sent(state, order, order.owner)
    state.book.apply(
        OrderSent(
            approved=verdict,
            terms=state.opened.terms[order.instrument_id],
            reserve_ticks=checked.reserve_ticks,
        )
    )
    state.commands[order.client_order_id] = order
    state.folds[order.client_order_id] = OrderFold(Order.of(order))
    state.roots[order.client_order_id] = order.client_order_id
    return (SendOrder(verdict),)
