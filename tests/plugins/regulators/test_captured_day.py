"""From our own orders and execution reports to files that no layer objects to."""

from __future__ import annotations

from typing import Any

import pytest
from tests.domain.regulation.test_capture import FILLED, IDENTITY, MARKET, instrument, order, report
from tests.plugins.regulators.filings import AUTUMN, BERLIN, SPRING, WINTER, filing

from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.instruments.spec import InstrumentKind
from wattbook_domain.orders.commands import NewOrder
from wattbook_domain.orders.reports import ExecutionEvent, ExecutionReport
from wattbook_domain.orders.vocabulary import OrderType, TimeInForce
from wattbook_domain.regulation.capture import contract_of, order_event, trade_of
from wattbook_domain.regulation.facts import RegulatoryFiling
from wattbook_plugins.regulators.remit.documents import read_document
from wattbook_plugins.regulators.remit.interpret import interpret
from wattbook_plugins.regulators.remit.reporter import AREA_ZONES, RemitReporter

LIFE = (
    report(ExecutionEvent.ACCEPTED),
    report(ExecutionEvent.PARTIAL_FILL, leaves_lots=60, cumulative_lots=40, **FILLED),
    report(ExecutionEvent.REPLACED, leaves_lots=60, cumulative_lots=40, limit_ticks=-8400),
    report(ExecutionEvent.CANCELED, leaves_lots=0, cumulative_lots=40),
)

KINDS: dict[str, dict[str, Any]] = {
    "limit": {},
    "immediate": {"time_in_force": TimeInForce.IOC},
    "all at once": {"time_in_force": TimeInForce.FOK},
    "iceberg": {"order_type": OrderType.ICEBERG, "display_lots": 10},
    "until cancelled": {"time_in_force": TimeInForce.GTC},
}


def told(kind: InstrumentKind, delivery: DeliveryPeriod, command: NewOrder) -> RegulatoryFiling:
    product = instrument(kind, delivery)
    contract = contract_of(product, MARKET, prefix="DE")
    context: dict[str, Any] = {
        "instrument": product,
        "contract": contract,
        "identity": IDENTITY,
    }
    orders = (order_event(command, news, **context) for news in LIFE)
    trades = (trade_of(command, news, **context) for news in LIFE if is_fill(news))
    return filing((contract,), tuple(o for o in orders if o is not None), tuple(trades))


def is_fill(news: ExecutionReport) -> bool:
    return news.last_lots is not None


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("kind", [InstrumentKind.SPOT, InstrumentKind.AUCTION])
def test_the_life_of_every_kind_of_order_is_sound(kind: InstrumentKind, name: str) -> None:
    facts = told(kind, DeliveryPeriod.hour(WINTER, 17, BERLIN), order(**KINDS[name]))
    batch = RemitReporter().prepare(facts)
    assert batch.findings == ()
    (document,) = batch.documents
    assert (document.order_count, document.trade_count) == (4, 1)
    read = interpret(read_document(document.content), zones=AREA_ZONES, filed_on=facts.filed_on)
    assert read == facts


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_every_hour_of_a_changed_day_is_sound(day: Any) -> None:
    for hour in DeliveryPeriod.day(day, BERLIN).split(Granularity.HOUR):
        facts = told(InstrumentKind.AUCTION, hour, order())
        batch = RemitReporter().prepare(facts)
        assert batch.findings == ()
        (trade,) = read_document(batch.documents[0].content).trades
        # 40 lots of 0.1 MW over one real hour.
        assert trade.total_quantity.value == 4
