"""Facts refuse what cannot be, and state energy exactly."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest

from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.foundation.instants import parse_instant
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.regulation.codes import AcerCode, Eic, Lei, Mic
from wattbook_domain.regulation.facts import (
    OffMarket,
    PriceStep,
    RegulatoryContract,
    RegulatoryFiling,
    RegulatoryOrder,
    RegulatoryTrade,
    TradingHours,
    delivery_contract_id,
    market_place,
)
from wattbook_domain.regulation.words import (
    ActionType,
    ContractType,
    EnergyCommodity,
    LoadType,
    OrderDuration,
    ReportedOrderStatus,
    ReportedOrderType,
    SettlementMethod,
    TradingCapacity,
)

BERLIN = "Europe/Berlin"
AUTUMN = date(2017, 10, 29)
PARTY = AcerCode("A0000DEMO.DE")
AT = parse_instant("2017-10-28T10:00:00Z")


def hour(index: int) -> DeliveryPeriod:
    return DeliveryPeriod.hour(AUTUMN, index, BERLIN)


CONTRACT = RegulatoryContract(
    contract_id="C1",
    name="hour",
    contract_type=ContractType.CONTINUOUS,
    commodity=EnergyCommodity.ELECTRICITY,
    settlement=SettlementMethod.PHYSICAL,
    market_place=Mic("XEEE"),
    delivery_points=(Eic("10Y1001A1001A63L"),),
    deliveries=(hour(2), hour(3)),
    load=LoadType.BLOCK_HOURS,
)
ORDER = RegulatoryOrder(
    participant=PARTY,
    trader="t",
    capacity=TradingCapacity.PRINCIPAL,
    side=Side.BUY,
    order_id="O1",
    order_type=ReportedOrderType.LIMIT,
    statuses=(ReportedOrderStatus.ACTIVE,),
    duration=OrderDuration.DAY,
    contract_id="C1",
    market_place=Mic("XEEE"),
    at=AT,
    action=ActionType.NEW,
    currency="EUR",
    price=Decimal("-83.06"),
    quantity_mw=Decimal("10.1"),
)
TRADE = RegulatoryTrade(
    participant=PARTY,
    capacity=TradingCapacity.PRINCIPAL,
    side=Side.SELL,
    contract_id="C1",
    market_place=Mic("XEEE"),
    at=AT,
    transaction_id="T1",
    price=Decimal(0),
    currency="EUR",
    quantity_mw=Decimal("0.1"),
    action=ActionType.NEW,
)
STEP = PriceStep(delivery=hour(2), quantity_mw=Decimal(1), price=Decimal(-1))


def test_two_hours_called_two_o_clock_deliver_two_hours() -> None:
    assert CONTRACT.energy(Decimal("10.1")).mwh == Decimal("20.2")
    assert CONTRACT.zone == BERLIN


def test_equal_deliveries_are_equal_values_however_cut() -> None:
    (whole,) = CONTRACT.deliveries
    assert attrs.evolve(CONTRACT, deliveries=(whole,)) == CONTRACT


def test_the_passes_of_the_doubled_hour_have_names_of_their_own() -> None:
    assert delivery_contract_id("DE", (hour(2),)) == "DE-201710290000Z-201710290100Z"
    assert delivery_contract_id("DE", (hour(3),)) == "DE-201710290100Z-201710290200Z"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("XBIL", OffMarket.BILATERAL),
        ("XEEE", Mic("XEEE")),
        ("B00001014.DE", AcerCode("B00001014.DE")),
        ("529900T8BM49AURSDO55", Lei("529900T8BM49AURSDO55")),
    ],
)
def test_a_market_place_is_told_by_the_form_of_its_code(text: str, code: object) -> None:
    assert market_place(text) == code


@pytest.mark.parametrize(
    ("fact", "change", "rule"),
    [
        (CONTRACT, {"delivery_points": ()}, "delivery point"),
        (CONTRACT, {"deliveries": ()}, "delivery period"),
        (CONTRACT, {"deliveries": (hour(3), hour(2))}, "without overlap"),
        (ORDER, {"quantity_mw": None}, "quantity once"),
        (ORDER, {"steps": (STEP,)}, "quantity once"),
        (ORDER, {"quantity_mw": None, "steps": (STEP,)}, "price once"),
        (ORDER, {"price": None}, "needs a price"),
        (ORDER, {"currency": None}, "currency exactly"),
        (ORDER, {"price": None, "order_type": ReportedOrderType.MARKET}, "currency exactly"),
        (ORDER, {"price": Decimal("Infinity")}, "finite"),
        (TRADE, {"quantity_mw": Decimal(0)}, "positive"),
        (STEP, {"quantity_mw": Decimal(-1)}, "positive"),
    ],
)
def test_what_cannot_be_is_refused(fact: Any, change: dict[str, Any], rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        attrs.evolve(fact, **change)


def test_a_float_is_no_fact() -> None:
    with pytest.raises(TypeError, match="Decimal"):
        attrs.evolve(TRADE, price=0.1)


@pytest.mark.parametrize("hours", [(-1, 5), (5, 5), (0, 1441)])
def test_trading_hours_open_before_they_close(hours: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="open before they close"):
        TradingHours(*hours)


def test_a_filing_describes_what_it_uses_once() -> None:
    filing = RegulatoryFiling(
        reporting_entity=PARTY,
        filed_on=AUTUMN,
        contracts=(CONTRACT,),
        orders=(ORDER,),
        trades=(TRADE,),
    )
    assert filing.used_contract_ids == {"C1"}
    with pytest.raises(ValueError, match="described twice"):
        attrs.evolve(filing, contracts=(CONTRACT, CONTRACT))
    with pytest.raises(ValueError, match=r"none for \['C1'\]"):
        attrs.evolve(filing, contracts=())
    with pytest.raises(ValueError, match="start at 1"):
        attrs.evolve(filing, first_sequence=0)
