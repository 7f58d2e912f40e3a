"""Follows orders: applies each execution report once, to the order, the exposure and the book.

A report that fits no order, or can never apply, is kept as a misfit with its code, for a person to
reconcile, also where that shows only after it has waited; nothing is dropped. One that came too
early waits in its order's fold, but the money it speaks of is booked at once: exposure and
positions do not depend on the order in which venues talk.
"""

from __future__ import annotations

import attrs

from wattbook_application.effects import OrderEffect
from wattbook_application.facts import ReportReceived
from wattbook_application.post_trade.book_trade import book_trade
from wattbook_application.state import DayState
from wattbook_application.trading.kill import cancel_stopped
from wattbook_domain.foundation.identifiers import ClientOrderId
from wattbook_domain.foundation.verdict import Refused
from wattbook_domain.orders.order import ReportRefusal
from wattbook_domain.orders.reports import ExecutionReport
from wattbook_domain.positions.fills import ExecutionKey


def monitor_execution(state: DayState, fact: ReportReceived) -> tuple[OrderEffect, ...]:
    """Handle `ReportReceived`. A repeated report changes nothing."""
    report = fact.report
    if state.has_report(report):
        return ()
    key = ExecutionKey(report.venue_id, report.execution_id)
    state.reports[key] = report
    root = _root_of(state, report)
    if root is None:
        state.misfits.append(Refused(ReportRefusal.WRONG_ORDER, subject=report.client_order_id))
        return ()
    fold = state.folds[root]
    dropped = len(fold.dropped)
    outcome = fold.apply(report)
    state.misfits.extend(refused for _, refused in fold.dropped[dropped:])
    if isinstance(outcome, Refused) and not outcome.is_transient:
        state.misfits.append(outcome)
        return ()
    state.followed[key] = root
    state.book.apply(_under_held_name(state, report, root))
    book_trade(state, report, fold.order)
    return cancel_stopped(state, report, fold.order)


def _root_of(state: DayState, report: ExecutionReport) -> ClientOrderId | None:
    root = state.roots.get(report.client_order_id)
    if root is None and report.original_client_order_id is not None:
        root = state.roots.get(report.original_client_order_id)
    return root


def _under_held_name(
    state: DayState, report: ExecutionReport, root: ClientOrderId
) -> ExecutionReport:
    """Name the order as the exposure book does, which never heard the names of cancel requests."""
    names = (report.client_order_id, report.original_client_order_id)
    if any(name is not None and state.book.held(name) is not None for name in names):
        return report
    return attrs.evolve(report, original_client_order_id=root)
