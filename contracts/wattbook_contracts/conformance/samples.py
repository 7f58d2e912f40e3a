"""Sample values for the cards: ordinary ones, and the ones that stores get wrong.

Negative and zero prices, absent optionals, the largest integers, a third of a cent.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final

import attrs

from wattbook_contracts.ports.repositories import FiledReport
from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.delivery.profile import DeliveryProfile
from wattbook_domain.foundation.bounds import (
    INSTANT_NS_MAX,
    PRICE_TICKS_ABS_MAX,
    QUANTITY_LOTS_MAX,
    VALUE_UNITS_ABS_MAX,
)
from wattbook_domain.foundation.identifiers import (
    AlgorithmId,
    ClientOrderId,
    DeskId,
    ExecutionId,
    InstrumentId,
    LedgerId,
    TraderId,
    VenueId,
)
from wattbook_domain.foundation.instants import NS_PER_HOUR, UtcNs
from wattbook_domain.instruments.spec import (
    Commodity,
    ExerciseStyle,
    InstrumentKind,
    InstrumentSpec,
    OptionRight,
    OptionTerms,
    Settlement,
    SpreadLeg,
)
from wattbook_domain.orders.commands import NewOrder, OrderOwner
from wattbook_domain.orders.order import Order
from wattbook_domain.orders.transitions import OrderStatus
from wattbook_domain.orders.vocabulary import OrderType, Side, TimeInForce
from wattbook_domain.positions.fills import Fill
from wattbook_domain.positions.position import Position, PositionKey
from wattbook_domain.quantities.money import Currency, Money
from wattbook_domain.reference.parties import Party
from wattbook_domain.regulation.submission import ReportDocument

OWNER: Final = OrderOwner(
    desk_id=DeskId("D1"),
    ledger_id=LedgerId("INTRADAY"),
    trader_id=TraderId("T-7"),
    algorithm_id=AlgorithmId("REBALANCE-1"),
)
VENUE: Final = VenueId("SIM-A")
INSTRUMENT: Final = InstrumentId("DE-H-20170124-09")
_AT: Final = UtcNs(1_485_255_600_000_000_000)


def order(number: int) -> Order:
    """Return the `number`-th sample order: a plain limit order at a negative price."""
    return Order.of(
        NewOrder(
            client_order_id=ClientOrderId(f"D1-{number}"),
            instrument_id=INSTRUMENT,
            venue_id=VENUE,
            owner=OWNER,
            side=Side.BUY,
            order_type=OrderType.LIMIT,
            time_in_force=TimeInForce.DAY,
            quantity_lots=10,
            limit_ticks=-130,
            decided_at=_AT,
        )
    )


def orders() -> list[Order]:
    """Return orders of every shape."""
    replacing = attrs.evolve(
        order(3),
        client_order_id=ClientOrderId("D1-3r"),
        status=OrderStatus.PENDING_REPLACE,
        replace_client_order_id=ClientOrderId("D1-3rr"),
        replace_quantity_lots=12,
        replace_limit_ticks=0,
    )
    market = attrs.evolve(
        order(4), order_type=OrderType.MARKET, limit_ticks=None, time_in_force=TimeInForce.IOC
    )
    largest = attrs.evolve(
        order(5),
        quantity_lots=QUANTITY_LOTS_MAX,
        filled_lots=QUANTITY_LOTS_MAX,
        filled_tick_lots=-PRICE_TICKS_ABS_MAX * QUANTITY_LOTS_MAX,
        status=OrderStatus.FILLED,
        time_in_force=TimeInForce.GTD,
        expires_at=UtcNs(INSTANT_NS_MAX),
    )
    return [order(1), attrs.evolve(order(2), limit_ticks=0), replacing, market, largest]


def fill(number: int) -> Fill:
    """Return the `number`-th sample fill, with a fee that no decimal can say."""
    return Fill(
        execution_id=ExecutionId(f"X-{number}"),
        client_order_id=ClientOrderId("D1-1"),
        instrument_id=INSTRUMENT,
        venue_id=VENUE,
        owner=OWNER,
        side=Side.SELL,
        ticks=-number,
        lots=number + 1,
        fee=Money.of(Fraction(1, 300), Currency.EUR),
        at=_AT,
    )


def fills() -> list[Fill]:
    """Return fills at negative, zero and extreme prices, with a fee, a rebate and no fee."""
    return [
        fill(1),
        attrs.evolve(fill(2), ticks=0, fee=Money.of(0, Currency.GBP)),
        attrs.evolve(
            fill(3),
            ticks=-PRICE_TICKS_ABS_MAX,
            lots=QUANTITY_LOTS_MAX,
            side=Side.BUY,
            fee=Money.of(Decimal("-0.005"), Currency.NOK),
        ),
    ]


def positions() -> list[Position]:
    """Return a flat, a short and an extreme position."""
    return [
        Position(key=PositionKey(OWNER.desk_id, OWNER.ledger_id, INSTRUMENT)),
        Position(
            key=PositionKey(OWNER.desk_id, LedgerId("HEDGE"), INSTRUMENT),
            net_lots=-7,
            sold_lots=7,
            cost_tick_lots=910,
            cash_tick_lots=-910,
            fees=(Money.of(Fraction(1, 3), Currency.EUR), Money.of(-2, Currency.GBP)),
        ),
        Position(
            key=PositionKey(DeskId("D2"), OWNER.ledger_id, INSTRUMENT),
            net_lots=1,
            bought_lots=1,
            cost_tick_lots=VALUE_UNITS_ABS_MAX,
            cash_tick_lots=-VALUE_UNITS_ABS_MAX,
        ),
    ]


def instrument(name: str) -> InstrumentSpec:
    """Return an hour of German power: the doubled hour of 29 October 2017, the second time."""
    start = 1_509_238_800_000_000_000  # 2017-10-29T01:00:00Z, 02:00 CET
    return InstrumentSpec(
        instrument_id=InstrumentId(name),
        kind=InstrumentKind.SPOT,
        commodity=Commodity.POWER,
        currency=Currency.EUR,
        tick_size=Decimal("0.01"),
        lot_mw=Decimal("0.1"),
        delivery=DeliveryPeriod(UtcNs(start), UtcNs(start + NS_PER_HOUR), "Europe/Berlin"),
        profile=DeliveryProfile.BASE,
        granularity=Granularity.HOUR,
        delivery_point_eic="10Y1001A1001A63L",
    )


def instruments() -> list[InstrumentSpec]:
    """Return an hour, an option on it and a spread of two."""
    hour = instrument(INSTRUMENT)
    option = attrs.evolve(
        hour,
        instrument_id=InstrumentId("DE-H-CALL"),
        kind=InstrumentKind.OPTION,
        settlement=Settlement.CASH,
        profile=DeliveryProfile.PEAK,
        option=OptionTerms(
            underlying_id=INSTRUMENT,
            right=OptionRight.CALL,
            style=ExerciseStyle.EUROPEAN,
            strike=Decimal("-12.50"),
            expires_at=_AT,
        ),
    )
    spread = attrs.evolve(
        hour,
        instrument_id=InstrumentId("DE-SPREAD"),
        kind=InstrumentKind.SPREAD,
        legs=(SpreadLeg(INSTRUMENT, 1), SpreadLeg(InstrumentId("DE-H-10"), -1)),
    )
    return [hour, option, spread]


def parties() -> list[Party]:
    """Return a party known by its ACER code only, and one with every code and foreign letters."""
    return [
        Party(party_id="CP-1", name="Windpark Nord GmbH & Co. KG", acer_code="A0000001A.DE"),
        Party(
            party_id="CP-2",
            name="Ørsted Żółć Ενέργεια",
            lei="529900ARH66GQSQV5M20",
            acer_code="B0000001W.DK",
            eic="11XWATTBOOK----Z",
        ),
    ]


def report(name: str, content: bytes = b"<REMITTable1/>\r\n") -> FiledReport:
    """Return a document with bytes that a text column would change."""
    return FiledReport(
        regime="REMIT-1",
        document=ReportDocument(
            name=name, content=content, contract_count=1, order_count=0, trade_count=2
        ),
        written_at=_AT,
    )
