"""Follows orders: applies each execution report once, to the order, the exposure and the book.

A report that fits no order, or can never apply, is kept as a misfit with its code, for a person to
reconcile; nothing is dropped. One that came too early waits in its order's fold, but the money it
speaks of is booked at once: exposure and positions do not depend on the order in which venues talk.
"""

from __future__ import annotations

from wattbook_application.facts import ReportReceived
from wattbook_application.post_trade.book_trade import book_trade
from wattbook_application.state import DayState
from wattbook_domain.foundation.identifiers import ClientOrderId
from wattbook_domain.foundation.verdict import Refused
from wattbook_domain.orders.order import ReportRefusal
from wattbook_domain.orders.reports import ExecutionReport
from wattbook_domain.positions.fills import ExecutionKey


def monitor_execution(state: DayState, fact: ReportReceived) -> tuple[()]:
    """Handle `ReportReceived`. A repeated report changes nothing."""
    report = fact.report
    if state.has_report(report):
        return ()
    state.reports[ExecutionKey(report.venue_id, report.execution_id)] = report
    root = _root_of(state, report)
    if root is None:
        state.misfits.append(Refused(ReportRefusal.WRONG_ORDER, subject=report.client_order_id))
        return ()
    fold = state.folds[root]
    outcome = fold.apply(report)
    if isinstance(outcome, Refused) and not outcome.is_transient:
        state.misfits.append(outcome)
        return ()
    state.book.apply(report)
    book_trade(state, report, fold.order)
    return ()


def _root_of(state: DayState, report: ExecutionReport) -> ClientOrderId | None:
    root = state.roots.get(report.client_order_id)
    if root is None and report.original_client_order_id is not None:
        root = state.roots.get(report.original_client_order_id)
    return root
