"""Changes and ends orders: a replace passes the gate like an order, a cancel always may go."""

from __future__ import annotations

from wattbook_application.effects import OrderEffect, SendCancel, SendReplace
from wattbook_application.state import DayState
from wattbook_application.trading.check_risk import check_change
from wattbook_application.trading.note_sent import note_sent
from wattbook_application.trading.refuse import refuse
from wattbook_domain.foundation.identifiers import ClientOrderId
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.foundation.verdict import Refused
from wattbook_domain.orders.commands import CancelOrder, ReplaceOrder
from wattbook_domain.orders.fold import OrderFold
from wattbook_domain.orders.order import RequestRefusal
from wattbook_domain.risk.denial import DenialCode
from wattbook_domain.risk.exposure import ReplaceSent


def replace_order(state: DayState, command: ReplaceOrder) -> tuple[OrderEffect, ...]:
    """Judge and send a change of price or quantity."""
    fold = _known(state, command.original_client_order_id)
    if fold is None:
        return _unknown(state, command.client_order_id, command.decided_at)
    order = fold.order
    requested = order.request_replace(command)
    if isinstance(requested, Refused):
        return refuse(state, requested, at=command.decided_at)
    original = state.commands[order.root_client_order_id]
    checked = check_change(state, command, original)
    if isinstance(checked.verdict, Refused):
        return refuse(state, checked.verdict, at=command.decided_at)
    note_sent(state, command, order.owner)
    state.book.apply(ReplaceSent(approved=checked.verdict, reserve_ticks=checked.reserve_ticks))
    fold.apply(command)
    state.roots[command.client_order_id] = order.root_client_order_id
    return (SendReplace(venue_id=order.venue_id, approved=checked.verdict),)


def cancel_order(state: DayState, command: CancelOrder) -> tuple[OrderEffect, ...]:
    """Send a cancel, unless the order is not ours or has ended, or the request's name is taken.

    Under a taken name the venue's answer would be read as news of another order.
    """
    fold = _known(state, command.original_client_order_id)
    if fold is None:
        return _unknown(state, command.client_order_id, command.decided_at)
    if state.traffic.is_used(command.client_order_id):
        taken = Refused(DenialCode.IDENTITY_REUSED, subject=command.client_order_id)
        return refuse(state, taken, at=command.decided_at)
    order = fold.order
    requested = fold.apply(command)
    if isinstance(requested, Refused):
        return refuse(state, requested, at=command.decided_at)
    note_sent(state, command, order.owner)
    state.roots[command.client_order_id] = order.root_client_order_id
    return (SendCancel(venue_id=order.venue_id, command=command),)


def _known(state: DayState, client_order_id: ClientOrderId) -> OrderFold | None:
    root = state.roots.get(client_order_id)
    return None if root is None else state.folds[root]


def _unknown(state: DayState, request: ClientOrderId, at: UtcNs) -> tuple[OrderEffect, ...]:
    return refuse(state, Refused(RequestRefusal.WRONG_ORDER, subject=request), at=at)
