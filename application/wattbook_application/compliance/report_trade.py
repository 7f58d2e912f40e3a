"""Reports the day's orders and trades: from the journal's reports to one regulatory filing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TypedDict

from wattbook_application.state import DayState
from wattbook_contracts.ports.regulator import ReportBatch, Reporter
from wattbook_domain.instruments.resolve import Instrument
from wattbook_domain.instruments.spec import InstrumentKind
from wattbook_domain.orders.commands import NewOrder
from wattbook_domain.orders.reports import FILL_EVENTS, ExecutionEvent, ExecutionReport
from wattbook_domain.positions.fills import ExecutionKey
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

    Every event of every order that a venue confirmed, and every fill. Refused orders never reached
    a market, and what fits no order waits for a person; neither is reported.
    """
    contracts: dict[str, RegulatoryContract] = {}
    orders: list[RegulatoryOrder] = []
    for report, order in _followed(state):
        contract = _contract(state, order)
        contracts[contract.contract_id] = contract
        told = order_event(order, report, **_words(state, order))
        if told is not None:
            orders.append(told)
    return RegulatoryFiling(
        reporting_entity=AcerCode(state.opened.setup.participant_code),
        filed_on=filed_on,
        contracts=tuple(contracts.values()),
        orders=tuple(orders),
        trades=tuple(_trades(state)),
    )


def _trades(state: DayState) -> Iterator[RegulatoryTrade]:
    """Tell each fill once, as new, and after the fills whatever changed them, in order.

    A regulator that was never told of a fill takes no news of it, and none of one taken back.
    """
    standing: dict[ExecutionKey, RegulatoryTrade] = {}
    for report, order in _followed(state):
        if report.event in FILL_EVENTS:
            key = ExecutionKey(report.venue_id, report.execution_id)
            standing[key] = trade_of(order, report, **_words(state, order))
            yield standing[key]
    for report, order in _followed(state):
        if report.reference_execution_id is None:
            continue
        key = ExecutionKey(report.venue_id, report.reference_execution_id)
        if key not in standing:
            continue
        if report.event is ExecutionEvent.TRADE_CANCELED:
            yield busted(standing.pop(key), report)
        else:
            standing[key] = trade_of(order, report, **_words(state, order))
            yield standing[key]


def filing_date(state: DayState) -> date:
    """Return when the day is filed: standard contracts are due the day after its last events."""
    return state.opened.setup.delivery_date + timedelta(days=1)


def prepare_day(state: DayState, reporter: Reporter) -> ReportBatch:
    """Return the day's documents; equal states give equal bytes, in the run and in its replay."""
    return reporter.prepare(report_day(state, filed_on=filing_date(state)))


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


def _followed(state: DayState) -> Iterator[tuple[ExecutionReport, NewOrder]]:
    for key, root in state.followed.items():
        yield state.reports[key], state.commands[root]


class _Words(TypedDict):
    """What the regulator's words for an order depend on, beside its reports."""

    instrument: Instrument
    contract: RegulatoryContract
    identity: ReportingIdentity


def _words(state: DayState, order: NewOrder) -> _Words:
    return _Words(
        instrument=state.opened.instruments[order.instrument_id],
        contract=_contract(state, order),
        identity=_identity(state, order),
    )


def _contract(state: DayState, order: NewOrder) -> RegulatoryContract:
    venue = state.opened.venue(order.venue_id)
    instrument = state.opened.instruments[order.instrument_id]
    return contract_of(instrument, market_place(venue.market_code), prefix=venue.venue_id)


def _identity(state: DayState, order: NewOrder) -> ReportingIdentity:
    return ReportingIdentity(
        participant=AcerCode(state.opened.setup.participant_code),
        trader=order.owner.trader_id,
    )
