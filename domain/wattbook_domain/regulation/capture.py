"""Decides in which words of the regulator our orders, reports and fills are told.

Tables of data turn time in force, order type and execution events into reported durations,
conditions, statuses and actions. Who trades and where is given; what the document looks like is
the regulator plugin's part. Two words are our own reading, since the guidance leaves them open: an
immediate order has duration OTH, its condition says the rest; and the report that ends an order
states the quantity that was open until then.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

import attrs

from wattbook_domain.delivery.granularity import Granularity
from wattbook_domain.delivery.profile import ProfileKind
from wattbook_domain.instruments.resolve import Instrument
from wattbook_domain.instruments.spec import Commodity, InstrumentKind, Settlement
from wattbook_domain.orders.commands import NewOrder
from wattbook_domain.orders.reports import FILL_EVENTS, ExecutionEvent, ExecutionReport
from wattbook_domain.orders.vocabulary import OrderType, TimeInForce
from wattbook_domain.regulation.codes import Eic, PartyCode
from wattbook_domain.regulation.facts import (
    MarketPlace,
    PriceStep,
    RegulatoryContract,
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

IDENTIFIER_CHARACTERS_MAX: Final = 100
_PLAIN: Final = re.compile(r"[A-Za-z0-9-]")

ORDER_TYPES: Final[Mapping[OrderType, ReportedOrderType]] = MappingProxyType(
    {
        OrderType.MARKET: ReportedOrderType.MARKET,
        OrderType.LIMIT: ReportedOrderType.LIMIT,
        OrderType.ICEBERG: ReportedOrderType.LIMIT,
    }
)
"""An iceberg is a limit order with hidden volume, here as in FIX."""

DURATIONS: Final[Mapping[TimeInForce, OrderDuration]] = MappingProxyType(
    {
        TimeInForce.DAY: OrderDuration.DAY,
        TimeInForce.GTC: OrderDuration.GOOD_TILL_CANCELED,
        TimeInForce.GTD: OrderDuration.GOOD_TILL_DATE,
        TimeInForce.IOC: OrderDuration.OTHER,
        TimeInForce.FOK: OrderDuration.OTHER,
    }
)

CONDITIONS: Final[Mapping[TimeInForce, OrderCondition]] = MappingProxyType(
    {
        TimeInForce.IOC: OrderCondition.FILL_AND_KILL,
        TimeInForce.FOK: OrderCondition.FILL_OR_KILL,
    }
)

EVENT_WORDS: Final[Mapping[ExecutionEvent, tuple[ActionType, ReportedOrderStatus]]] = (
    MappingProxyType(
        {
            ExecutionEvent.ACCEPTED: (ActionType.NEW, ReportedOrderStatus.ACTIVE),
            ExecutionEvent.PARTIAL_FILL: (ActionType.MODIFY, ReportedOrderStatus.PARTLY_MATCHED),
            ExecutionEvent.FILL: (ActionType.MODIFY, ReportedOrderStatus.MATCHED),
            ExecutionEvent.REPLACED: (ActionType.MODIFY, ReportedOrderStatus.ACTIVE),
            ExecutionEvent.SUSPENDED: (ActionType.MODIFY, ReportedOrderStatus.SUSPENDED),
            # Not on the screen, but it can come back: ACER FAQ 2.4.5.
            ExecutionEvent.DONE_FOR_DAY: (ActionType.MODIFY, ReportedOrderStatus.WITHDRAWN),
            ExecutionEvent.RESUMED: (ActionType.MODIFY, ReportedOrderStatus.ACTIVE),
            ExecutionEvent.CANCELED: (ActionType.CANCEL, ReportedOrderStatus.WITHDRAWN),
            ExecutionEvent.EXPIRED: (ActionType.CANCEL, ReportedOrderStatus.EXPIRED),
        }
    )
)
"""Events that the regulator hears of. A pending or refused request changed no order on the screen,
and a corrected or busted trade is an action on the trade, not on the order."""

CONTRACT_TYPES: Final[Mapping[InstrumentKind, ContractType]] = MappingProxyType(
    {
        InstrumentKind.AUCTION: ContractType.AUCTION,
        InstrumentKind.SPOT: ContractType.CONTINUOUS,
        InstrumentKind.FUTURE: ContractType.FUTURE,
        InstrumentKind.FORWARD: ContractType.FORWARD,
    }
)
"""Options and spreads have fields and legs of their own, which facts cannot say yet."""

SETTLEMENTS: Final[Mapping[Settlement, SettlementMethod]] = MappingProxyType(
    {
        Settlement.PHYSICAL: SettlementMethod.PHYSICAL,
        Settlement.CASH: SettlementMethod.CASH,
    }
)

COMMODITIES: Final[Mapping[Commodity, EnergyCommodity]] = MappingProxyType(
    {Commodity.POWER: EnergyCommodity.ELECTRICITY, Commodity.GAS: EnergyCommodity.NATURAL_GAS}
)

DURATION_WORDS: Final[Mapping[Granularity, DurationWord]] = MappingProxyType(
    {
        Granularity.MINUTES_5: DurationWord.MINUTES,
        Granularity.MINUTES_15: DurationWord.MINUTES,
        Granularity.MINUTES_30: DurationWord.MINUTES,
        Granularity.HOUR: DurationWord.HOUR,
        Granularity.DAY: DurationWord.DAY,
        Granularity.WEEK: DurationWord.WEEK,
        Granularity.MONTH: DurationWord.MONTH,
        Granularity.QUARTER: DurationWord.QUARTER,
        Granularity.SEASON: DurationWord.SEASON,
        Granularity.YEAR: DurationWord.YEAR,
    }
)
"""Whatever is not here (a block, a weekend) has the word OTHER."""


LOAD_WORDS: Final[Mapping[ProfileKind, LoadType]] = MappingProxyType(
    {
        ProfileKind.BASE: LoadType.BASE,
        ProfileKind.PEAK: LoadType.PEAK,
        ProfileKind.OFF_PEAK: LoadType.OFF_PEAK,
        ProfileKind.BLOCK: LoadType.BLOCK_HOURS,
        ProfileKind.SHAPED: LoadType.SHAPED,
    }
)
"""For power by the day or longer; shorter deliveries are block hours, gas is gas days."""


@attrs.frozen(kw_only=True)
class ReportingIdentity:
    """Who trades, as the market place knows it."""

    participant: PartyCode
    trader: str
    capacity: TradingCapacity = TradingCapacity.PRINCIPAL


def contract_of(instrument: Instrument, market: MarketPlace, *, prefix: str) -> RegulatoryContract:
    """Describe an instrument as a contract of a market place.

    The identifier is `prefix` with the delivery's instants, the name ends with its label, so both
    tell the two passes of a doubled hour apart.

    Raises:
        ValueError: if the kind of instrument has no form here, or the delivery point's check
            character does not hold.
    """
    spec = instrument.spec
    if spec.kind not in CONTRACT_TYPES:
        raise ValueError(
            f"instrument {spec.instrument_id} of kind {spec.kind.name} cannot be told as a "
            f"contract yet; report it by hand"
        )
    granularity = spec.delivery.granularity
    return RegulatoryContract(
        contract_id=delivery_contract_id(prefix, instrument.intervals),
        name=f"{prefix} {spec.delivery.label}",
        contract_type=CONTRACT_TYPES[spec.kind],
        commodity=COMMODITIES[spec.commodity],
        settlement=SETTLEMENTS[spec.settlement],
        market_place=market,
        delivery_points=(Eic(spec.delivery_point_eic),),
        deliveries=instrument.intervals,
        load=_load_word(instrument),
        duration=DURATION_WORDS.get(granularity, DurationWord.OTHER),
        last_trading_at=instrument.gate_closes_at,
    )


def order_event(
    order: NewOrder,
    report: ExecutionReport,
    *,
    instrument: Instrument,
    contract: RegulatoryContract,
    identity: ReportingIdentity,
) -> RegulatoryOrder | None:
    """Tell one event of an order; `None` where the regulator does not hear of it.

    An auction order states its price and quantity as one step for its delivery and lives for the
    session; any other states them alone. The order's first client id is its identifier throughout.
    """
    if report.event not in EVENT_WORDS:
        return None
    action, status = EVENT_WORDS[report.event]
    is_auction = contract.contract_type is ContractType.AUCTION
    price = _price(instrument, report.limit_ticks)
    quantity_mw = _megawatts(instrument, _open_lots(report))
    has_steps = is_auction and price is not None and len(contract.deliveries) == 1
    return RegulatoryOrder(
        participant=identity.participant,
        trader=identity.trader,
        capacity=identity.capacity,
        side=order.side,
        order_id=reported_identifier(order.client_order_id),
        order_type=ORDER_TYPES[order.order_type],
        statuses=(status,),
        duration=OrderDuration.SESSION if is_auction else DURATIONS[order.time_in_force],
        conditions=_conditions(order),
        contract_id=contract.contract_id,
        market_place=contract.market_place,
        at=report.occurred_at,
        action=action,
        currency=None if price is None else instrument.spec.currency.value,
        price=None if has_steps else price,
        quantity_mw=None if has_steps else quantity_mw,
        undisclosed_mw=_hidden_mw(order, report, instrument),
        steps=_steps(contract, quantity_mw, price) if has_steps and price is not None else (),
        expires_at=order.expires_at,
    )


def trade_of(
    order: NewOrder,
    report: ExecutionReport,
    *,
    instrument: Instrument,
    contract: RegulatoryContract,
    identity: ReportingIdentity,
) -> RegulatoryTrade:
    """Tell one fill of an order, or the correction of one, as a trade linked to the order.

    The transaction identifier is the venue's execution id, under the venue's name: on an organised
    market place the operator issues it. A correction keeps the identifier of the fill it corrects.

    Raises:
        ValueError: if the report carries no price and quantity.
    """
    if report.last_lots is None or report.last_ticks is None:
        raise ValueError(f"a trade needs a fill or a correction, found {report.event.name}")
    execution_id = report.reference_execution_id or report.execution_id
    price = instrument.spec.tick_size * report.last_ticks
    return RegulatoryTrade(
        participant=identity.participant,
        trader=identity.trader,
        capacity=identity.capacity,
        side=order.side,
        contract_id=contract.contract_id,
        market_place=contract.market_place,
        at=report.occurred_at,
        transaction_id=reported_identifier(f"{report.venue_id}-{execution_id}"),
        price=price,
        currency=instrument.spec.currency.value,
        quantity_mw=_megawatts(instrument, report.last_lots),
        aggression=_aggression(report, contract),
        linked_order_ids=(reported_identifier(order.client_order_id),),
        action=ActionType.MODIFY if report.reference_execution_id else ActionType.NEW,
    )


def busted(trade: RegulatoryTrade, report: ExecutionReport) -> RegulatoryTrade:
    """Tell that the venue took a trade back: cancelled, with the instant at which it ended.

    Raises:
        ValueError: if the report takes no trade back.
    """
    if report.event is not ExecutionEvent.TRADE_CANCELED:
        raise ValueError(f"only TRADE_CANCELED takes a trade back, found {report.event.name}")
    return attrs.evolve(
        trade, action=ActionType.CANCEL, at=report.occurred_at, terminated_at=report.occurred_at
    )


def reported_identifier(text: str) -> str:
    """Spell an identifier of ours in the characters a report allows, one to one.

    >>> reported_identifier("D1-H09.2")
    'D1-H09_2E2'

    Raises:
        ValueError: if the spelling exceeds the report's 100 characters.
    """
    spelt = "".join(
        character if _PLAIN.fullmatch(character) else f"_{ord(character):02X}" for character in text
    )
    if not 1 <= len(spelt) <= IDENTIFIER_CHARACTERS_MAX:
        raise ValueError(
            f"a reported identifier has 1 to {IDENTIFIER_CHARACTERS_MAX} characters, found "
            f"{len(spelt)} in {spelt!r}; shorten the identifier"
        )
    return spelt


def _steps(
    contract: RegulatoryContract, quantity_mw: Decimal, price: Decimal
) -> tuple[PriceStep, ...]:
    return (PriceStep(delivery=contract.deliveries[0], quantity_mw=quantity_mw, price=price),)


def _open_lots(report: ExecutionReport) -> int:
    """Lots that are open after the event, or were open until it where it ended the order."""
    if report.leaves_lots > 0:
        return report.leaves_lots
    if report.event in FILL_EVENTS and report.last_lots is not None:
        return report.last_lots
    return report.quantity_lots - report.cumulative_lots


def _hidden_mw(order: NewOrder, report: ExecutionReport, instrument: Instrument) -> Decimal | None:
    if order.display_lots is None:
        return None
    return _megawatts(instrument, max(0, report.leaves_lots - order.display_lots))


def _conditions(order: NewOrder) -> tuple[OrderCondition, ...]:
    by_time = CONDITIONS.get(order.time_in_force)
    hidden = OrderCondition.HIDDEN_VOLUME if order.order_type is OrderType.ICEBERG else None
    return tuple(condition for condition in (by_time, hidden) if condition is not None)


def _aggression(report: ExecutionReport, contract: RegulatoryContract) -> Aggression | None:
    if contract.contract_type is ContractType.AUCTION or report.is_aggressor is None:
        return None
    return Aggression.AGGRESSOR if report.is_aggressor else Aggression.INITIATOR


def _load_word(instrument: Instrument) -> LoadType:
    if instrument.spec.commodity is Commodity.GAS:
        return LoadType.GAS_DAY
    if not instrument.spec.delivery.granularity.has_dates:
        return LoadType.BLOCK_HOURS
    return LOAD_WORDS.get(instrument.spec.profile.kind, LoadType.OTHER)


def _price(instrument: Instrument, ticks: int | None) -> Decimal | None:
    return None if ticks is None else instrument.spec.tick_size * ticks


def _megawatts(instrument: Instrument, lots: int) -> Decimal:
    return instrument.spec.lot_mw * lots
