"""Orders, reports and fills told in the regulator's words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.markets import GERMAN_POWER
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.delivery.profile import DeliveryProfile
from wattbook_domain.foundation.identifiers import (
    AlgorithmId,
    ClientOrderId,
    DeskId,
    ExecutionId,
    InstrumentId,
    LedgerId,
    TraderId,
    VenueId,
    VenueOrderId,
)
from wattbook_domain.foundation.instants import parse_instant
from wattbook_domain.instruments.resolve import Instrument, resolve
from wattbook_domain.instruments.spec import (
    Commodity,
    ExerciseStyle,
    InstrumentKind,
    InstrumentSpec,
    OptionRight,
    OptionTerms,
)
from wattbook_domain.orders.commands import NewOrder, OrderOwner
from wattbook_domain.orders.reports import RESTATING_EVENTS, ExecutionEvent, ExecutionReport
from wattbook_domain.orders.vocabulary import OrderType, Side, TimeInForce
from wattbook_domain.quantities.money import Currency
from wattbook_domain.regulation.capture import (
    EVENT_WORDS,
    ReportingIdentity,
    busted,
    contract_of,
    order_event,
    reported_identifier,
    trade_of,
)
from wattbook_domain.regulation.codes import AcerCode
from wattbook_domain.regulation.facts import RegulatoryOrder
from wattbook_domain.regulation.words import (
    ActionType,
    Aggression,
    ContractType,
    DurationWord,
    LoadType,
    OrderCondition,
    OrderDuration,
    ReportedOrderStatus,
    ReportedOrderType,
)

BERLIN = "Europe/Berlin"
DAY = date(2017, 1, 24)
MARKET = AcerCode("M000ADEMO.DE")
IDENTITY = ReportingIdentity(participant=AcerCode("A0000DEMO.DE"), trader="algo-1")
AT = parse_instant("2017-01-23T12:00:00Z")


def instrument(
    kind: InstrumentKind = InstrumentKind.SPOT,
    delivery: DeliveryPeriod | None = None,
    **changes: Any,
) -> Instrument:
    period = delivery or DeliveryPeriod.hour(DAY, 17, BERLIN)
    spec = InstrumentSpec(
        **{
            "instrument_id": InstrumentId("H17"),
            "kind": kind,
            "commodity": Commodity.POWER,
            "currency": Currency.EUR,
            "tick_size": Decimal("0.01"),
            "lot_mw": Decimal("0.1"),
            "delivery": period,
            "profile": DeliveryProfile.BASE,
            "granularity": Granularity.HOUR,
            "delivery_point_eic": "10Y1001A1001A63L",
            **changes,
        }
    )
    return resolve(spec, calendar=GERMAN_POWER)


def order(**changes: Any) -> NewOrder:
    owner = OrderOwner(
        desk_id=DeskId("D1"),
        ledger_id=LedgerId("L1"),
        trader_id=TraderId("T1"),
        algorithm_id=AlgorithmId("A1"),
    )
    return NewOrder(
        **{
            "client_order_id": ClientOrderId("D1-H17.1"),
            "instrument_id": InstrumentId("H17"),
            "venue_id": VenueId("V1"),
            "owner": owner,
            "side": Side.SELL,
            "order_type": OrderType.LIMIT,
            "time_in_force": TimeInForce.DAY,
            "quantity_lots": 100,
            "limit_ticks": -8306,
            "decided_at": AT,
            **changes,
        }
    )


def report(event: ExecutionEvent, **changes: Any) -> ExecutionReport:
    return ExecutionReport(
        **{
            "execution_id": ExecutionId("E1"),
            "venue_id": VenueId("V1"),
            "venue_order_id": VenueOrderId("O1"),
            "client_order_id": ClientOrderId("D1-H17.1"),
            "instrument_id": InstrumentId("H17"),
            "side": Side.SELL,
            "event": event,
            "leaves_lots": 100,
            "cumulative_lots": 0,
            "quantity_lots": 100,
            "occurred_at": AT,
            "limit_ticks": -8306,
            **changes,
        }
    )


def told(command: NewOrder, news: ExecutionReport, **changes: Any) -> RegulatoryOrder:
    product = instrument(**changes)
    fact = order_event(
        command,
        news,
        instrument=product,
        contract=contract_of(product, MARKET, prefix="DE"),
        identity=IDENTITY,
    )
    assert fact is not None
    return fact


def test_an_accepted_limit_order() -> None:
    fact = told(order(), report(ExecutionEvent.ACCEPTED))
    assert (fact.action, fact.statuses) == (ActionType.NEW, (ReportedOrderStatus.ACTIVE,))
    assert (fact.price, fact.currency) == (Decimal("-83.06"), "EUR")
    assert fact.quantity_mw == Decimal("10.0")
    assert fact.order_id == "D1-H17_2E1"
    assert fact.conditions == ()
    assert fact.duration is OrderDuration.DAY


FILLED = {"last_lots": 40, "last_ticks": 5012, "is_aggressor": True}


@pytest.mark.parametrize(
    ("event", "changes", "action", "status", "megawatts"),
    [
        (
            ExecutionEvent.PARTIAL_FILL,
            {"leaves_lots": 60, "cumulative_lots": 40, **FILLED},
            ActionType.MODIFY,
            ReportedOrderStatus.PARTLY_MATCHED,
            "6.0",
        ),
        (
            ExecutionEvent.FILL,
            {"leaves_lots": 0, "cumulative_lots": 100, **FILLED},
            ActionType.MODIFY,
            ReportedOrderStatus.MATCHED,
            "4.0",
        ),
        (
            ExecutionEvent.CANCELED,
            {"leaves_lots": 0, "cumulative_lots": 70},
            ActionType.CANCEL,
            ReportedOrderStatus.WITHDRAWN,
            "3.0",
        ),
        (
            ExecutionEvent.EXPIRED,
            {"leaves_lots": 0},
            ActionType.CANCEL,
            ReportedOrderStatus.EXPIRED,
            "10.0",
        ),
        (
            ExecutionEvent.DONE_FOR_DAY,
            {},
            ActionType.MODIFY,
            ReportedOrderStatus.WITHDRAWN,
            "10.0",
        ),
    ],
)
def test_the_life_of_an_order(
    event: ExecutionEvent,
    changes: dict[str, Any],
    action: ActionType,
    status: ReportedOrderStatus,
    megawatts: str,
) -> None:
    fact = told(order(), report(event, **changes))
    assert (fact.action, fact.statuses) == (action, (status,))
    assert fact.quantity_mw == Decimal(megawatts)


@pytest.mark.parametrize("event", sorted(set(ExecutionEvent) - set(EVENT_WORDS)))
def test_requests_and_refusals_are_not_told(event: ExecutionEvent) -> None:
    product = instrument()
    contract = contract_of(product, MARKET, prefix="DE")
    restating: dict[str, Any] = {"reference_execution_id": ExecutionId("E0")}
    news = report(
        event,
        **(restating if event in RESTATING_EVENTS else {}),
        **(FILLED if event is ExecutionEvent.TRADE_CORRECTED else {}),
    )
    assert (
        order_event(order(), news, instrument=product, contract=contract, identity=IDENTITY) is None
    )


@pytest.mark.parametrize(
    ("time_in_force", "duration", "conditions"),
    [
        (TimeInForce.GTC, OrderDuration.GOOD_TILL_CANCELED, ()),
        (TimeInForce.IOC, OrderDuration.OTHER, (OrderCondition.FILL_AND_KILL,)),
        (TimeInForce.FOK, OrderDuration.OTHER, (OrderCondition.FILL_OR_KILL,)),
    ],
)
def test_time_in_force_becomes_duration_and_condition(
    time_in_force: TimeInForce, duration: OrderDuration, conditions: tuple[OrderCondition, ...]
) -> None:
    fact = told(order(time_in_force=time_in_force), report(ExecutionEvent.ACCEPTED))
    assert (fact.duration, fact.conditions) == (duration, conditions)


def test_an_iceberg_is_a_limit_order_that_hides_its_rest() -> None:
    iceberg = order(order_type=OrderType.ICEBERG, display_lots=30)
    fact = told(iceberg, report(ExecutionEvent.ACCEPTED))
    assert fact.order_type is ReportedOrderType.LIMIT
    assert fact.conditions == (OrderCondition.HIDDEN_VOLUME,)
    assert fact.undisclosed_mw == Decimal("7.0")
    last = told(iceberg, report(ExecutionEvent.REPLACED, leaves_lots=20))
    assert last.undisclosed_mw == Decimal("0.0")


def test_a_market_order_has_neither_price_nor_currency() -> None:
    command = order(order_type=OrderType.MARKET, limit_ticks=None)
    fact = told(command, report(ExecutionEvent.ACCEPTED, limit_ticks=None))
    assert (fact.order_type, fact.price, fact.currency) == (ReportedOrderType.MARKET, None, None)


def test_an_auction_order_is_a_step_for_the_session() -> None:
    fact = told(order(), report(ExecutionEvent.ACCEPTED), kind=InstrumentKind.AUCTION)
    (step,) = fact.steps
    assert (step.price, step.quantity_mw) == (Decimal("-83.06"), Decimal("10.0"))
    assert step.delivery == DeliveryPeriod.hour(DAY, 17, BERLIN)
    assert (fact.price, fact.quantity_mw) == (None, None)
    assert fact.duration is OrderDuration.SESSION


def trade_fact(kind: InstrumentKind, news: ExecutionReport) -> Any:
    product = instrument(kind)
    contract = contract_of(product, MARKET, prefix="DE")
    return trade_of(order(), news, instrument=product, contract=contract, identity=IDENTITY)


def test_a_fill_becomes_a_linked_trade() -> None:
    news = report(ExecutionEvent.FILL, leaves_lots=0, cumulative_lots=100, **FILLED)
    fact = trade_fact(InstrumentKind.SPOT, news)
    assert (fact.price, fact.quantity_mw) == (Decimal("50.12"), Decimal("4.0"))
    assert fact.transaction_id == "V1-E1"
    assert fact.linked_order_ids == ("D1-H17_2E1",)
    assert fact.aggression is Aggression.AGGRESSOR
    passive = trade_fact(InstrumentKind.SPOT, attrs.evolve(news, is_aggressor=False))
    assert passive.aggression is Aggression.INITIATOR
    assert trade_fact(InstrumentKind.AUCTION, news).aggression is None


def test_a_trade_needs_a_fill() -> None:
    with pytest.raises(ValueError, match="found ACCEPTED"):
        trade_fact(InstrumentKind.SPOT, report(ExecutionEvent.ACCEPTED))


def test_a_corrected_fill_keeps_its_identifier() -> None:
    news = report(
        ExecutionEvent.TRADE_CORRECTED,
        execution_id=ExecutionId("E2"),
        reference_execution_id=ExecutionId("E1"),
        **FILLED,
    )
    fact = trade_fact(InstrumentKind.SPOT, news)
    assert (fact.transaction_id, fact.action) == ("V1-E1", ActionType.MODIFY)


def test_a_busted_trade_is_cancelled_with_its_end() -> None:
    fact = trade_fact(InstrumentKind.SPOT, report(ExecutionEvent.PARTIAL_FILL, **FILLED))
    later = parse_instant("2017-01-23T13:00:00Z")
    bust = report(
        ExecutionEvent.TRADE_CANCELED,
        execution_id=ExecutionId("E2"),
        reference_execution_id=ExecutionId("E1"),
        occurred_at=later,
    )
    told_again = busted(fact, bust)
    assert told_again.transaction_id == fact.transaction_id
    assert (told_again.action, told_again.terminated_at) == (ActionType.CANCEL, later)
    with pytest.raises(ValueError, match="takes a trade back"):
        busted(fact, report(ExecutionEvent.ACCEPTED))


def test_an_option_has_no_form_yet() -> None:
    spec = instrument().spec
    terms = OptionTerms(
        underlying_id=InstrumentId("F"),
        right=OptionRight.CALL,
        style=ExerciseStyle.EUROPEAN,
        strike=Decimal(50),
        expires_at=AT,
    )
    option = instrument(InstrumentKind.OPTION, spec.delivery, option=terms)
    with pytest.raises(ValueError, match="OPTION cannot be told"):
        contract_of(option, MARKET, prefix="DE")


def test_a_contract_carries_its_instants_and_its_label() -> None:
    second = DeliveryPeriod.hour(date(2017, 10, 29), 3, BERLIN)
    contract = contract_of(instrument(InstrumentKind.AUCTION, second), MARKET, prefix="DE-DA")
    assert contract.contract_id == "DE-DA-201710290100Z-201710290200Z"
    assert contract.name == "DE-DA 2017-10-29 02:00 CET"
    assert contract.contract_type is ContractType.AUCTION
    assert (contract.load, contract.duration) == (LoadType.BLOCK_HOURS, DurationWord.HOUR)


def test_long_deliveries_are_base_or_peak() -> None:
    month = DeliveryPeriod.month(2026, 3, BERLIN)
    base = contract_of(instrument(InstrumentKind.FUTURE, month), MARKET, prefix="DE")
    peak_product = instrument(InstrumentKind.FUTURE, month, profile=DeliveryProfile.PEAK)
    peak = contract_of(peak_product, MARKET, prefix="DE")
    assert (base.load, base.duration) == (LoadType.BASE, DurationWord.MONTH)
    assert peak.load is LoadType.PEAK
    # Peak Monday to Friday 08 to 20, March 2026: 22 working days of 12 hours.
    assert peak.energy(Decimal(1)).mwh == 264


def test_gas_is_told_in_gas_days() -> None:
    day = DeliveryPeriod.gas_day(DAY, BERLIN)
    product = instrument(InstrumentKind.SPOT, day, commodity=Commodity.GAS)
    assert contract_of(product, MARKET, prefix="THE").load is LoadType.GAS_DAY


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=30))
def test_identifiers_are_spelt_one_to_one_in_allowed_characters(text: str) -> None:
    spelt = reported_identifier(text)
    assert set(spelt) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
    pieces = spelt.split("_")
    unspelt = pieces[0] + "".join(chr(int(p[:2], 16)) + p[2:] for p in pieces[1:])
    assert unspelt == text


@pytest.mark.parametrize("text", ["", "." * 34])
def test_an_identifier_that_does_not_fit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="1 to 100 characters"):
        reported_identifier(text)
