"""Books trades: a fill with its fee, a bust, a correction, each once, into the positions."""

from __future__ import annotations

from wattbook_application.state import DayState
from wattbook_domain.foundation.verdict import Refused
from wattbook_domain.orders.order import Order
from wattbook_domain.orders.reports import FILL_EVENTS, ExecutionEvent, ExecutionReport
from wattbook_domain.positions.fills import (
    ExecutionKey,
    Fill,
    FillBusted,
    FillCorrected,
    FillEvent,
)
from wattbook_domain.quantities.money import Money


def book_trade(state: DayState, report: ExecutionReport, order: Order) -> None:
    """Book what a report says about money; most reports say nothing."""
    event = _booking(state, report, order)
    if event is None:
        return
    outcome = state.positions.apply(event)
    if isinstance(outcome, Refused):
        state.misfits.append(outcome)
    elif isinstance(event, Fill):
        state.fills.append(event)


def _booking(state: DayState, report: ExecutionReport, order: Order) -> FillEvent | None:
    if report.event in FILL_EVENTS:
        return fill_of(state, report, order)
    if report.reference_execution_id is None:
        return None
    original = ExecutionKey(report.venue_id, report.reference_execution_id)
    if report.event is ExecutionEvent.TRADE_CANCELED:
        return FillBusted(
            execution_id=report.execution_id, original=original, at=report.occurred_at
        )
    if report.last_ticks is None or report.last_lots is None:
        return None
    return FillCorrected(
        execution_id=report.execution_id,
        original=original,
        ticks=report.last_ticks,
        lots=report.last_lots,
        at=report.occurred_at,
        fee=_corrected_fee(state, original, report.last_lots),
    )


def fill_of(state: DayState, report: ExecutionReport, order: Order) -> Fill:
    """Return the fill a report states, with the venue's fee for it.

    The fee per order is charged with the order's first fill; an order that never fills costs
    nothing.
    """
    if report.last_ticks is None or report.last_lots is None:
        raise ValueError(f"a fill has price and quantity, found neither on {report.execution_id}")
    return Fill(
        execution_id=report.execution_id,
        client_order_id=order.root_client_order_id,
        instrument_id=report.instrument_id,
        venue_id=report.venue_id,
        owner=order.owner,
        side=report.side,
        ticks=report.last_ticks,
        lots=report.last_lots,
        fee=_fee(state, report, report.last_lots),
        at=report.occurred_at,
    )


def _corrected_fee(state: DayState, original: ExecutionKey, lots: int) -> Money | None:
    """Return the fee of a corrected trade; `None` while the trade itself has not been heard of."""
    first = state.reports.get(original)
    return None if first is None else _fee(state, first, lots)


def _fee(state: DayState, fill: ExecutionReport, lots: int) -> Money:
    """Return the venue's fee for `lots` traded as that fill was."""
    market = state.opened
    instrument = market.instruments[fill.instrument_id]
    fees = market.venue(fill.venue_id).fees(instrument.spec.currency)
    return fees.of_fill(
        instrument.energy(lots),
        is_aggressor=fill.is_aggressor is not False,
        is_first=fill.cumulative_lots == fill.last_lots,
    )
