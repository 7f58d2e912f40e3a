"""What the regulator is told: every confirmed event and every fill once, and nothing else."""

from __future__ import annotations

from collections import Counter
from datetime import date

import attrs
import pytest
from tests.application.days import (
    AUTUMN,
    BATTERY,
    DAYAHEAD,
    PRICE,
    WINTER,
    Day,
    a_setup,
    eve,
    open_day,
    simulated_day,
)
from tests.application.scripted_venue import ScriptedVenue

from wattbook_application.compliance.report_trade import (
    PRODUCTS,
    filing_date,
    prepare_day,
    report_day,
    routing_decisions,
)
from wattbook_application.facts import ReportReceived
from wattbook_domain.foundation.identifiers import ClientOrderId
from wattbook_domain.orders.commands import NewOrder
from wattbook_domain.orders.reports import FILL_EVENTS, ExecutionEvent, ExecutionReport
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.regulation.capture import EVENT_WORDS, reported_identifier
from wattbook_domain.regulation.facts import RegulatoryFiling, RegulatoryTrade
from wattbook_domain.regulation.routing import Regime
from wattbook_domain.regulation.words import ActionType
from wattbook_plugins.regulators.remit.reporter import RemitReporter


@attrs.define
class Desk:
    """A day with one working order on a continuous venue."""

    day: Day
    venue: ScriptedVenue
    order: NewOrder

    def hear(self, *reports: ExecutionReport) -> None:
        self.day.post(*(ReportReceived(report) for report in reports))

    def filing(self) -> RegulatoryFiling:
        return report_day(self.day.state, filed_on=filing_date(self.day.state))

    def trades(self) -> list[tuple[ActionType, str]]:
        return [(t.action, str(t.quantity_mw)) for t in self.filing().trades]


@pytest.fixture
def desk() -> Desk:
    day, venue = open_day(), ScriptedVenue()
    day.clear()
    order = day.order(lots=10)
    day.decide(order)
    desk = Desk(day, venue, order)
    desk.hear(venue.accept(order))
    return desk


def test_every_event_and_every_fill_is_told_once(desk: Desk) -> None:
    name = desk.order.client_order_id
    desk.hear(desk.venue.fill(name, 4, PRICE))
    change = desk.day.replace(name, lots=8, ticks=PRICE + 1)
    desk.day.later()
    change = attrs.evolve(change, decided_at=desk.day.at)
    desk.day.decide(replaces=[change])
    desk.hear(desk.venue.replaced(name, change), desk.venue.fill(name, 3, PRICE + 1))
    desk.hear(desk.venue.end(name, ExecutionEvent.EXPIRED))
    filing = desk.filing()
    assert [order.action for order in filing.orders] == [
        ActionType.NEW,
        ActionType.MODIFY,
        ActionType.MODIFY,
        ActionType.MODIFY,
        ActionType.CANCEL,
    ]
    # The regulator knows an order by the name it was first told, whatever it is called since.
    assert {order.order_id for order in filing.orders} == {reported_identifier(name)}
    assert desk.trades() == [(ActionType.NEW, "0.4"), (ActionType.NEW, "0.3")]


def test_repeated_reports_are_told_once(desk: Desk) -> None:
    fill = desk.venue.fill(desk.order.client_order_id, 4, PRICE)
    desk.hear(fill, fill)
    assert len(desk.filing().trades) == 1


def test_refused_and_rejected_orders_are_not_told(desk: Desk) -> None:
    too_large, unwanted = desk.day.order(index=3, lots=601), desk.day.order(index=4)
    desk.day.decide(too_large, unwanted)
    desk.hear(desk.venue.reject(unwanted))
    told = {order.order_id for order in desk.filing().orders}
    assert told == {reported_identifier(desk.order.client_order_id)}


def test_what_fits_no_order_is_not_told(desk: Desk) -> None:
    known = desk.filing()
    fill = desk.venue.fill(desk.order.client_order_id, 10, PRICE)
    desk.hear(attrs.evolve(fill, last_lots=11, cumulative_lots=11))
    stranger = desk.day.order(name="STRANGER")
    desk.hear(desk.venue.accept(stranger), desk.venue.fill(ClientOrderId("STRANGER"), 1, PRICE))
    assert len(desk.day.state.misfits) == 3
    assert desk.filing() == known


def test_a_fill_that_names_the_order_as_its_original_is_told_as_it_is_booked(desk: Desk) -> None:
    fill = desk.venue.fill(desk.order.client_order_id, 4, PRICE)
    renamed = attrs.evolve(
        fill,
        client_order_id=ClientOrderId("VENUE-S-OWN"),
        original_client_order_id=desk.order.client_order_id,
    )
    desk.hear(renamed)
    assert len(desk.day.state.fills) == 1
    assert desk.trades() == [(ActionType.NEW, "0.4")]


def test_a_correction_is_told_after_the_trade_it_corrects(desk: Desk) -> None:
    name = desk.order.client_order_id
    wrong = desk.venue.fill(name, 4, PRICE)
    desk.hear(wrong, desk.venue.fill(name, 1, PRICE))
    desk.hear(desk.venue.correct(name, wrong.execution_id, 3, PRICE - 1))
    assert desk.trades() == [
        (ActionType.NEW, "0.4"),
        (ActionType.NEW, "0.1"),
        (ActionType.MODIFY, "0.3"),
    ]
    first, _, corrected = desk.filing().trades
    assert corrected.transaction_id == first.transaction_id


def test_a_bust_ends_the_trade_as_it_stood(desk: Desk) -> None:
    name = desk.order.client_order_id
    mistake = desk.venue.fill(name, 4, PRICE)
    desk.hear(mistake, desk.venue.correct(name, mistake.execution_id, 3, PRICE))
    bust = desk.venue.bust(name, mistake.execution_id)
    desk.hear(bust)
    assert desk.trades() == [
        (ActionType.NEW, "0.4"),
        (ActionType.MODIFY, "0.3"),
        (ActionType.CANCEL, "0.3"),
    ]
    assert desk.filing().trades[-1].terminated_at == bust.occurred_at


def test_a_bust_that_overtakes_its_fill_is_told_after_it(desk: Desk) -> None:
    name = desk.order.client_order_id
    mistake = desk.venue.fill(name, 4, PRICE)
    bust = desk.venue.bust(name, mistake.execution_id)
    desk.hear(bust, mistake)
    assert desk.trades() == [(ActionType.NEW, "0.4"), (ActionType.CANCEL, "0.4")]
    assert desk.day.state.positions.snapshot() == () or all(
        p.net_lots == 0 for p in desk.day.state.positions.snapshot()
    )


def test_a_day_with_corrections_and_busts_makes_sound_documents(desk: Desk) -> None:
    name = desk.order.client_order_id
    one, two = desk.venue.fill(name, 4, PRICE), desk.venue.fill(name, 3, PRICE)
    desk.hear(one, two)
    desk.hear(
        desk.venue.correct(name, one.execution_id, 3, PRICE - 1),
        desk.venue.bust(name, two.execution_id),
    )
    batch = prepare_day(desk.day.state, RemitReporter())
    assert batch.findings == ()
    assert batch.is_submittable
    assert batch == prepare_day(desk.day.state, RemitReporter())


@pytest.mark.parametrize("day_of", [WINTER, AUTUMN])
def test_a_simulated_day_is_told_completely(day_of: date) -> None:
    day = simulated_day(a_setup(day_of))
    assert day.session is not None
    day.at = eve(day_of, 11, 30)
    for index in (0, 2, 3, 22):
        day.decide(day.order(index, Side.SELL, 50, PRICE - 10, venue=DAYAHEAD))
        day.decide(day.order(index, Side.BUY, 20, PRICE - 10, venue=DAYAHEAD, owner=BATTERY))
    day.session.clear_auction(at=eve(day_of, 13))
    day.engine.drain()
    day.clear(PRICE)
    day.at = eve(day_of, 18)
    day.session.show_depth([i.instrument_id for i in day.market.intraday], at=day.at)
    day.engine.drain()
    day.decide(parents=[day.parent(index, Side.BUY, 90, PRICE + 200) for index in (2, 3, 22)])
    state, filing = day.state, report_day(day.state, filed_on=filing_date(day.state))
    heard = Counter(report.event for report in state.reports.values())
    assert heard[ExecutionEvent.FILL] + heard[ExecutionEvent.PARTIAL_FILL] >= 7
    assert len(filing.orders) == sum(heard[event] for event in EVENT_WORDS)
    assert len(filing.trades) == sum(heard[event] for event in FILL_EVENTS) == len(state.fills)
    assert len({trade.transaction_id for trade in filing.trades}) == len(filing.trades)
    assert _mwh(filing) == {
        side: sum((f.lots for f in state.fills if f.side is side), start=0) for side in Side
    }
    assert prepare_day(state, RemitReporter()).findings == ()


def _mwh(filing: RegulatoryFiling) -> dict[Side, int]:
    """Lots of 0.1 MW over hours that are told, by side."""
    contracts = {contract.contract_id: contract for contract in filing.contracts}

    def tenths(trade: RegulatoryTrade) -> int:
        return int(contracts[trade.contract_id].energy(trade.quantity_mw).mwh * 10)

    return {side: sum(tenths(t) for t in filing.trades if t.side is side) for side in Side}


def test_the_regime_of_each_product_is_decided_with_reasons(desk: Desk) -> None:
    decisions = routing_decisions(desk.day.state)
    assert {decision.product.kind for decision in decisions} == set(PRODUCTS.values())
    for decision in decisions:
        assert decision.regime is Regime.REMIT_TABLE_1
        assert decision.reports_orders
        assert decision.decided_for == WINTER
        # A day of 2017 is told in a form of 2023, and the decision says so.
        assert "organised market place" in decision.reasons[0]
        assert any("REMITTable1_V3" in reason for reason in decision.reasons[1:])
