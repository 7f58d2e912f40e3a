"""Moves the kill switch: engaging cancels what is open; releasing needs another person.

What is stopped must end, though its cancel may cross a replace, overtake the order itself, or come
while a fill is taken back. So whenever there is news of a stopped order that is open with no cancel
on its way, it is cancelled again; only the refusal of that very cancel is not answered by another.
"""

from __future__ import annotations

from wattbook_application.effects import OrderEffect
from wattbook_application.facts import KillEngaged, KillReleased
from wattbook_application.state import DayState
from wattbook_application.trading.change_order import cancel_order
from wattbook_application.trading.refuse import refuse
from wattbook_domain.foundation.identifiers import ClientOrderId, child_id
from wattbook_domain.foundation.instants import UtcNs
from wattbook_domain.foundation.verdict import Refused
from wattbook_domain.orders.commands import CancelOrder
from wattbook_domain.orders.order import Order
from wattbook_domain.orders.reports import ExecutionEvent, ExecutionReport
from wattbook_domain.risk.kill import KillLatch, KillState


def engage_kill(state: DayState, fact: KillEngaged) -> tuple[OrderEffect, ...]:
    """Handle `KillEngaged`: latch first, then ask the venues to cancel."""
    state.latch = state.latch.engage(fact.scope, by=fact.by, at=fact.at, reason=fact.reason)
    only_this = KillLatch().engage(fact.scope, by=fact.by, at=fact.at, reason=fact.reason)
    effects: list[OrderEffect] = []
    for order in [o for o in state.orders.values() if _is_stopped(o, only_this)]:
        effects.extend(_cancel(state, order, at=fact.at))
    return tuple(effects)


def release_kill(state: DayState, fact: KillReleased) -> tuple[OrderEffect, ...]:
    """Handle `KillReleased`; a refusal leaves the latch as it is."""
    outcome = state.latch.release(fact.scope, by=fact.by, reason=fact.reason)
    if isinstance(outcome, Refused):
        return refuse(state, outcome, at=fact.at)
    state.latch = outcome
    return ()


def cancel_stopped(
    state: DayState, report: ExecutionReport, order: Order
) -> tuple[OrderEffect, ...]:
    """Cancel an order that is found open after `report` though the switch stops it."""
    is_refused_cancel = (
        report.event is ExecutionEvent.CANCEL_REJECTED
        and report.original_client_order_id in (None, order.client_order_id)
    )
    if is_refused_cancel or not _is_stopped(order, state.latch):
        return ()
    return _cancel(state, order, at=report.occurred_at)


def _cancel(state: DayState, order: Order, *, at: UtcNs) -> tuple[OrderEffect, ...]:
    # Named by a count that only grows, not after the order: names have a length limit, and a kill
    # must not fail for a long one.
    command = CancelOrder(
        client_order_id=ClientOrderId(child_id(f"KILL-{at}", len(state.roots))),
        original_client_order_id=order.client_order_id,
        decided_at=at,
    )
    return cancel_order(state, command)


def _is_stopped(order: Order, latch: KillLatch) -> bool:
    if order.is_terminal or order.cancel_client_order_id is not None:
        return False
    state = latch.state_for(order.owner, venue_id=order.venue_id, instrument_id=order.instrument_id)
    return state is KillState.ENGAGED
