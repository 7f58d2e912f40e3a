"""Filings for the tests: one small known one, and a strategy that draws any a desk could make."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.foundation.instants import UtcNs, parse_instant
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.regulation.facts import (
    PriceStep,
    RegulatoryContract,
    RegulatoryFiling,
    RegulatoryOrder,
    RegulatoryTrade,
    delivery_contract_id,
)
from wattbook_domain.regulation.words import (
    ActionType,
    Aggression,
    ContractType,
    DurationWord,
    EnergyCommodity,
    LoadType,
    OrderCondition,
    OrderDuration,
    ReportedOrderStatus,
    ReportedOrderType,
    SettlementMethod,
    TradingCapacity,
)
from wattbook_plugins.regulators.remit.demo_parties import DEMO_PARTIES

BERLIN = DEMO_PARTIES.delivery_zone
SPRING, WINTER, AUTUMN = date(2017, 3, 26), date(2017, 1, 24), date(2017, 10, 29)
AT = parse_instant("2017-01-23T09:15:00.5Z")


def contract(
    *deliveries: DeliveryPeriod, contract_type: ContractType = ContractType.CONTINUOUS
) -> RegulatoryContract:
    return RegulatoryContract(
        contract_id=delivery_contract_id("DEATLU", deliveries),
        name=f"Power {deliveries[0].label}",
        contract_type=contract_type,
        commodity=EnergyCommodity.ELECTRICITY,
        settlement=SettlementMethod.PHYSICAL,
        market_place=DEMO_PARTIES.intraday_markets[0],
        delivery_points=(DEMO_PARTIES.delivery_area,),
        deliveries=deliveries,
        load=LoadType.BLOCK_HOURS,
        duration=DurationWord.HOUR,
        last_trading_at=deliveries[0].start,
    )


def order(
    of: RegulatoryContract,
    *,
    order_id: str = "O1",
    price: str = "-83.06",
    quantity: str = "10.1",
    action: ActionType = ActionType.NEW,
) -> RegulatoryOrder:
    return RegulatoryOrder(
        participant=DEMO_PARTIES.participant,
        trader="algo-1",
        capacity=TradingCapacity.PRINCIPAL,
        side=Side.BUY,
        order_id=order_id,
        order_type=ReportedOrderType.LIMIT,
        statuses=(ReportedOrderStatus.ACTIVE,),
        duration=OrderDuration.DAY,
        contract_id=of.contract_id,
        market_place=of.market_place,
        at=AT,
        action=action,
        currency="EUR",
        price=Decimal(price),
        quantity_mw=Decimal(quantity),
    )


def trade(
    of: RegulatoryContract,
    *,
    transaction_id: str = "T1",
    price: str = "-12.34",
    quantity: str = "10.1",
    action: ActionType = ActionType.NEW,
    terminated_at: UtcNs | None = None,
) -> RegulatoryTrade:
    return RegulatoryTrade(
        participant=DEMO_PARTIES.participant,
        trader="algo-1",
        capacity=TradingCapacity.PRINCIPAL,
        side=Side.BUY,
        contract_id=of.contract_id,
        market_place=of.market_place,
        at=AT,
        transaction_id=transaction_id,
        price=Decimal(price),
        currency="EUR",
        quantity_mw=Decimal(quantity),
        action=action,
        terminated_at=terminated_at,
        linked_order_ids=("O1",),
    )


def filing(
    contracts: tuple[RegulatoryContract, ...],
    orders: tuple[RegulatoryOrder, ...] = (),
    trades: tuple[RegulatoryTrade, ...] = (),
) -> RegulatoryFiling:
    return RegulatoryFiling(
        reporting_entity=DEMO_PARTIES.participant,
        filed_on=date(2017, 1, 25),
        contracts=contracts,
        orders=orders,
        trades=trades,
    )


def small_filing() -> RegulatoryFiling:
    """One hour of 24 January 2017, one order and one trade in it."""
    hour = contract(DeliveryPeriod.hour(WINTER, 17, BERLIN))
    return filing((hour,), (order(hour),), (trade(hour),))


IDENTIFIERS = st.from_regex(r"[A-Za-z0-9_-]([A-Za-z0-9_ -]{0,38}[A-Za-z0-9_-])?", fullmatch=True)
PRICES = st.decimals(-4000, 4000, places=5, allow_nan=False)
QUANTITIES = st.decimals("0.00001", 4000, places=5, allow_nan=False)
INSTANTS = st.integers(0, 2_000_000_000 * 10**9).map(UtcNs)


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[DeliveryPeriod, ...]:
    """Hours and parts of hours of a day, clock changes often, or whole days and months."""
    day = draw(st.sampled_from([SPRING, WINTER, AUTUMN]) | st.dates(date(2015, 1, 1), SPRING))
    shape = draw(st.sampled_from(["interval", "block", "days", "month", "peak"]))
    if shape == "interval":
        step = draw(st.sampled_from([Granularity.HOUR, Granularity.MINUTES_15]))
        return (draw(st.sampled_from(DeliveryPeriod.day(day, BERLIN).split(step))),)
    if shape == "block":
        hours = DeliveryPeriod.day(day, BERLIN).split(Granularity.HOUR)
        first = draw(st.integers(0, len(hours) - 1))
        last = draw(st.integers(first, len(hours) - 1))
        return hours[first : last + 1]
    if shape == "days":
        count = draw(st.integers(1, 10))
        return tuple(DeliveryPeriod.day(day + timedelta(days=n), BERLIN) for n in range(count))
    if shape == "month":
        return (DeliveryPeriod.month(day.year, day.month, BERLIN),)
    days = (day + timedelta(days=n) for n in range(10))
    hours_of = (DeliveryPeriod.day(d, BERLIN).split(Granularity.HOUR) for d in days)
    return tuple(
        hour
        for hours in hours_of
        for hour in hours
        if 8 <= hour.local_start.hour < 20 and hour.local_start.weekday() < 5
    )


@st.composite
def drawn_orders(draw: st.DrawFn, of: RegulatoryContract) -> RegulatoryOrder:
    has_steps = len(of.deliveries) == 1 and draw(st.booleans())
    is_market = not has_steps and draw(st.booleans())
    steps = tuple(
        PriceStep(delivery=of.deliveries[0], quantity_mw=quantity, price=price)
        for quantity, price in draw(st.lists(st.tuples(QUANTITIES, PRICES), min_size=1, max_size=4))
    )
    return RegulatoryOrder(
        participant=draw(st.sampled_from([DEMO_PARTIES.participant, DEMO_PARTIES.participant_lei])),
        trader=draw(IDENTIFIERS),
        capacity=draw(st.sampled_from(TradingCapacity)),
        side=draw(st.sampled_from(Side)),
        order_id=draw(IDENTIFIERS),
        order_type=ReportedOrderType.MARKET if is_market else ReportedOrderType.LIMIT,
        statuses=tuple(draw(st.lists(st.sampled_from(ReportedOrderStatus), max_size=2))),
        conditions=tuple(draw(st.lists(st.sampled_from(OrderCondition), max_size=2))),
        duration=draw(st.sampled_from(OrderDuration)),
        expires_at=draw(st.none() | INSTANTS),
        contract_id=of.contract_id,
        market_place=of.market_place,
        at=draw(INSTANTS),
        first_entered_at=draw(st.none() | INSTANTS),
        action=draw(st.sampled_from(ActionType)),
        currency=None if is_market else draw(st.sampled_from(["EUR", "GBP", "NOK"])),
        price=None if is_market or has_steps else draw(PRICES),
        quantity_mw=None if has_steps else draw(QUANTITIES),
        undisclosed_mw=draw(st.none() | QUANTITIES),
        minimum_mw=draw(st.none() | QUANTITIES),
        steps=steps if has_steps else (),
        previous_order_id=draw(st.none() | IDENTIFIERS),
        linked_order_ids=tuple(draw(st.lists(IDENTIFIERS, max_size=2))),
        beneficiary=draw(st.none() | st.just(DEMO_PARTIES.counterparty)),
    )


@st.composite
def drawn_trades(draw: st.DrawFn, of: RegulatoryContract) -> RegulatoryTrade:
    return RegulatoryTrade(
        participant=DEMO_PARTIES.participant,
        trader=draw(st.none() | IDENTIFIERS),
        counterparty=draw(st.none() | st.just(DEMO_PARTIES.counterparty)),
        beneficiary=draw(st.none() | st.just(DEMO_PARTIES.participant_lei)),
        capacity=draw(st.sampled_from(TradingCapacity)),
        side=draw(st.sampled_from(Side)),
        aggression=draw(st.none() | st.sampled_from(Aggression)),
        contract_id=of.contract_id,
        market_place=of.market_place,
        at=draw(INSTANTS),
        executed_at=draw(st.none() | INSTANTS),
        transaction_id=draw(IDENTIFIERS),
        replaced_transaction_id=draw(st.none() | IDENTIFIERS),
        linked_transaction_ids=tuple(draw(st.lists(IDENTIFIERS, max_size=2))),
        linked_order_ids=tuple(draw(st.lists(IDENTIFIERS, max_size=2))),
        price=draw(PRICES),
        currency=draw(st.sampled_from(["EUR", "GBP", "OTH"])),
        quantity_mw=draw(QUANTITIES),
        terminated_at=draw(st.none() | INSTANTS),
        action=draw(st.sampled_from(ActionType)),
    )


@st.composite
def filings(draw: st.DrawFn) -> RegulatoryFiling:
    """Up to three contracts, each with up to two orders and two trades."""
    drawn = draw(st.lists(deliveries(), max_size=3, unique_by=lambda d: (d[0].start, d[-1].end)))
    contracts = tuple(contract(*periods) for periods in drawn)
    orders = [o for c in contracts for o in draw(st.lists(drawn_orders(c), max_size=2))]
    trades = [t for c in contracts for t in draw(st.lists(drawn_trades(c), max_size=2))]
    return filing(contracts, tuple(orders), tuple(trades))
