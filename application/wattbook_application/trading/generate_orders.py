"""Generates orders from a decision: parents are checked whole, routed, and sent as children.

A parent passes the gate before it is split, so that cutting a quantity into pieces never lets
through what would be refused whole; each child then passes on its own, for it is the child that
leaves. A decision is taken once: repeating it, after a crash or by mistake, changes nothing.
"""

from __future__ import annotations

from wattbook_application.effects import OrderEffect
from wattbook_application.facts import OrdersDecided
from wattbook_application.state import DayState
from wattbook_application.trading.change_order import cancel_order, replace_order
from wattbook_application.trading.check_risk import check_order
from wattbook_application.trading.refuse import refuse
from wattbook_application.trading.route_order import route_order
from wattbook_application.trading.submit_order import submit_order
from wattbook_domain.execution.splitting import ParentOrder
from wattbook_domain.foundation.verdict import Refused
from wattbook_domain.orders.commands import NewOrder
from wattbook_domain.orders.vocabulary import OrderType, TimeInForce


def generate_orders(state: DayState, fact: OrdersDecided) -> tuple[OrderEffect, ...]:
    """Handle `OrdersDecided`: cancels first, for they make room, then changes, then new orders."""
    if fact.decision_id in state.decisions:
        return ()
    state.decisions[fact.decision_id] = fact
    effects: list[OrderEffect] = []
    for cancel in fact.cancels:
        effects.extend(cancel_order(state, cancel))
    for change in fact.replaces:
        effects.extend(replace_order(state, change))
    for order in fact.orders:
        effects.extend(submit_order(state, order))
    for parent in fact.parents:
        effects.extend(_work(state, parent))
    return tuple(effects)


def _work(state: DayState, parent: ParentOrder) -> tuple[OrderEffect, ...]:
    state.parents[parent.client_order_id] = parent
    whole = _as_order(state, parent)
    checked = check_order(state, whole)
    if isinstance(checked.verdict, Refused):
        return refuse(state, checked.verdict, at=parent.decided_at, order=whole)
    effects: list[OrderEffect] = []
    for child in route_order(state, parent):
        effects.extend(submit_order(state, child))
    return tuple(effects)


def _as_order(state: DayState, parent: ParentOrder) -> NewOrder:
    """Return the parent as the order it would be on the preferred venue."""
    return NewOrder(
        client_order_id=parent.client_order_id,
        instrument_id=parent.instrument_id,
        venue_id=state.opened.setup.market.continuous[0].venue_id,
        owner=parent.owner,
        side=parent.side,
        order_type=OrderType.MARKET if parent.limit_ticks is None else OrderType.LIMIT,
        time_in_force=TimeInForce.IOC,
        quantity_lots=parent.quantity_lots,
        limit_ticks=parent.limit_ticks,
        decided_at=parent.decided_at,
    )
