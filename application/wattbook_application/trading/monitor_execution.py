"""Follows orders: applies each execution report once, to the order, the exposure and the book.

A report that fits no order, or that the table of states does not allow, is kept as a misfit with
its code, for a person to reconcile; nothing is dropped.
"""

from __future__ import annotations

from wattbook_application.facts import ReportReceived
from wattbook_application.post_trade.book_trade import book_trade
from wattbook_application.state import DayState
from wattbook_domain.foundation.identifiers import ClientOrderId
from wattbook_domain.foundation.verdict import Refused
from wattbook_domain.orders.order import Execution, ReportRefusal
from wattbook_domain.orders.reports import FILL_EVENTS, ExecutionReport
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
    order = state.orders[root]
    moved = order.apply(report, original=_original(state, report))
    if isinstance(moved, Refused):
        state.misfits.append(moved)
        return ()
    state.orders[root] = moved
    state.book.apply(report)
    if report.event in FILL_EVENTS:
        _remember(state, report)
    book_trade(state, report, moved)
    return ()


def _root_of(state: DayState, report: ExecutionReport) -> ClientOrderId | None:
    root = state.roots.get(report.client_order_id)
    if root is None and report.original_client_order_id is not None:
        root = state.roots.get(report.original_client_order_id)
    return root


def _original(state: DayState, report: ExecutionReport) -> Execution | None:
    if report.reference_execution_id is None:
        return None
    return state.executions.get(ExecutionKey(report.venue_id, report.reference_execution_id))


def _remember(state: DayState, report: ExecutionReport) -> None:
    if report.last_ticks is None or report.last_lots is None:
        raise ValueError(f"a fill has price and quantity, found neither on {report.execution_id}")
    key = ExecutionKey(report.venue_id, report.execution_id)
    state.executions[key] = Execution(report.execution_id, report.last_ticks, report.last_lots)
