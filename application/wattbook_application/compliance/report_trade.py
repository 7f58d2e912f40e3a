"""Reports the day's orders and trades: from the journal's reports to one regulatory filing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from wattbook_application.state import DayState
from wattbook_domain.foundation.identifiers import ExecutionId, VenueId
from wattbook_domain.instruments.spec import InstrumentKind
from wattbook_domain.orders.commands import NewOrder
from wattbook_domain.orders.reports import FILL_EVENTS, ExecutionEvent, ExecutionReport
from wattbook_domain.regulation.capture import (
    ReportingIdentity,
    busted,
    contract_of,
    order_event,
    trade_of,
)
from wattbook_domain.regulation.codes import AcerCode
from wattbook_domain.regulation.facts import (
    RegulatoryContract,
    RegulatoryFiling,
    RegulatoryOrder,
    RegulatoryTrade,
    market_place,
)
from wattbook_domain.regulation.routing import (
    Area,
    ProductKind,
    RoutedProduct,
    RoutingDecision,
    TradingPlace,
    route,
)

PRODUCTS = {
    InstrumentKind.AUCTION: ProductKind.DAY_AHEAD_SPOT,
    InstrumentKind.SPOT: ProductKind.INTRADAY_SPOT,
}
"""What the day's instruments are, for the decision under which regime they are reported."""


def report_day(state: DayState, *, filed_on: date) -> RegulatoryFiling:
    """Return everything that is due to be reported of the day.

    Every event of every order that a venue confirmed, and every fill; refused orders never reached
    a market and are not reported.
    """
    orders: list[RegulatoryOrder] = []
    trades: dict[tuple[VenueId, ExecutionId], RegulatoryTrade] = {}
    contracts: dict[str, RegulatoryContract] = {}
    for report, order in _reported(state):
        instrument = state.opened.instruments[order.instrument_id]
        contract = _contract(state, order)
        contracts[contract.contract_id] = contract
        identity = _identity(state, order)
        told = order_event(
            order, report, instrument=instrument, contract=contract, identity=identity
        )
        if told is not None:
            orders.append(told)
        key = (report.venue_id, report.reference_execution_id or report.execution_id)
        if report.event in FILL_EVENTS or report.event is ExecutionEvent.TRADE_CORRECTED:
            trades[key] = trade_of(
                order, report, instrument=instrument, contract=contract, identity=identity
            )
        elif report.event is ExecutionEvent.TRADE_CANCELED and key in trades:
            trades[key] = busted(trades[key], report)
    return RegulatoryFiling(
        reporting_entity=AcerCode(state.opened.setup.participant_code),
        filed_on=filed_on,
        contracts=tuple(contracts.values()),
        orders=tuple(orders),
        trades=tuple(trades.values()),
    )


def routing_decisions(state: DayState) -> tuple[RoutingDecision, ...]:
    """Return under which regime each kind of product of the day is reported, with the reasons."""
    day = state.opened.setup.delivery_date
    return tuple(
        route(
            RoutedProduct(kind=kind, place=TradingPlace.ENERGY_EXCHANGE, area=Area.EU_OR_NORWAY),
            decided_for=day,
        )
        for kind in PRODUCTS.values()
    )


def _reported(state: DayState) -> Iterator[tuple[ExecutionReport, NewOrder]]:
    for report in state.reports.values():
        root = state.roots.get(report.client_order_id)
        if root is not None:
            yield report, state.commands[root]


def _contract(state: DayState, order: NewOrder) -> RegulatoryContract:
    venue = state.opened.venue(order.venue_id)
    instrument = state.opened.instruments[order.instrument_id]
    return contract_of(instrument, market_place(venue.market_code), prefix=venue.venue_id)


def _identity(state: DayState, order: NewOrder) -> ReportingIdentity:
    return ReportingIdentity(
        participant=AcerCode(state.opened.setup.participant_code),
        trader=order.owner.trader_id,
    )
