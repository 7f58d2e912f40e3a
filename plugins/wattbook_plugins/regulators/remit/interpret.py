"""Decides which facts the records of a Table 1 file state: the inverse of `describe`.

A file may say more than our facts can (options, indices, spread legs, weekday rules, other units).
Such a record is refused by name, never read in part. Totals are not read: they follow from
capacity, price and delivery, and `checks` compares them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, TypeVar

import attrs

from wattbook_contracts.errors import DataFault
from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.delivery.zones import local_instant
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.regulation.codes import Eic
from wattbook_domain.regulation.facts import (
    PriceStep,
    RegulatoryContract,
    RegulatoryFiling,
    RegulatoryOrder,
    RegulatoryTrade,
    TradingHours,
)
from wattbook_domain.regulation.quantity import merged
from wattbook_domain.regulation.words import (
    SIDE_CODE,
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
from wattbook_plugins.regulators.remit.clock_windows import (
    Run,
    periods_of,
    span_of,
    wall_time,
    windows_in,
)
from wattbook_plugins.regulators.remit.describe import describe_order, describe_trade
from wattbook_plugins.regulators.remit.parties import market_code, party_code
from wattbook_plugins.regulators.remit.records import (
    ContractInfo,
    ContractRecord,
    OrderRecord,
    PriceInterval,
    Table1,
    TradeRecord,
    TraderRecord,
)

R = TypeVar("R", OrderRecord, TradeRecord)
_SIDES: Final = {code: side for side, code in SIDE_CODE.items()}
_COMPUTED: Final = frozenset({"notional", "total_quantity", "intervals"})


def interpret(
    table: Table1, *, zones: Mapping[str, str], filed_on: date, first_sequence: int = 1
) -> RegulatoryFiling:
    """Return the facts that a file states.

    Args:
        table: the records, schema-valid.
        zones: IANA key by EIC of the delivery area; the form knows local times only.
        filed_on: date in the file's name.
        first_sequence: number in the file's name.

    Raises:
        DataFault: if a record says what our facts cannot say, names an unknown area, or has
            local times with no meaning or with two.
    """
    try:
        contracts = {c.contract_id: contract_fact(c, zones) for c in table.described}
        return RegulatoryFiling(
            reporting_entity=party_code(table.reporting_entity),
            filed_on=filed_on,
            first_sequence=first_sequence,
            contracts=tuple(contracts.values()),
            orders=tuple(_order_fact(record, contracts) for record in table.orders),
            trades=tuple(_trade_fact(record, contracts) for record in table.trades),
        )
    except ValueError as cause:
        raise DataFault(f"a file must state facts that hold: {cause}") from cause


def contract_fact(record: ContractRecord, zones: Mapping[str, str]) -> RegulatoryContract:
    """Return the contract that a record describes.

    Raises:
        DataFault, ValueError: as `interpret` says.
    """
    weekdays = any(profile.days_of_week for profile in record.profiles)
    if record.option or record.index_names or len(record.commodities) != 1 or weekdays:
        raise DataFault(
            f"contract {record.contract_id} has an option, an index, two commodities or weekday "
            f"rules, which facts cannot say yet"
        )
    return RegulatoryContract(
        contract_id=record.contract_id,
        name=record.name,
        contract_type=ContractType(record.contract_type),
        commodity=EnergyCommodity(record.commodities[0]),
        settlement=SettlementMethod(record.settlement),
        market_place=market_code(record.market_place),
        delivery_points=tuple(Eic(point) for point in record.delivery_points),
        deliveries=contract_deliveries(record, zones),
        load=LoadType(record.load or LoadType.OTHER),
        duration=DurationWord(record.duration) if record.duration else None,
        last_trading_at=record.last_trading_at,
        trading_hours=tuple(
            TradingHours(_minute(hours.start), _minute(hours.end)) for hours in record.trading_hours
        ),
    )


def contract_deliveries(
    record: ContractRecord, zones: Mapping[str, str]
) -> tuple[DeliveryPeriod, ...]:
    """Return when a contract delivers, as instants.

    Raises:
        DataFault: if no zone is known for its delivery point.
        ValueError: if the local times have no meaning, or two.
    """
    zone = next((zones[point] for point in record.delivery_points if point in zones), None)
    if zone is None:
        raise DataFault(
            f"contract {record.contract_id} delivers at {', '.join(record.delivery_points)}, of "
            f"which no zone is known; add it to the areas"
        )
    runs = [
        Run(
            profile.start_date or record.delivery_start,
            profile.end_date or record.delivery_end,
            tuple((times.start, times.end) for times in profile.times),
        )
        for profile in record.profiles
    ]
    if all(end <= start for run in runs for start, end in run.times):
        return merged(period for run in runs for period in _across_midnight(run, zone))
    windows = [window for run in runs for window in windows_in(run)]
    if not windows:
        raise DataFault(f"contract {record.contract_id} delivers on no date; check its dates")
    return merged(periods_of(sorted(windows), zone, span=span_of(record.contract_id)))


def _across_midnight(run: Run, zone: str) -> list[DeliveryPeriod]:
    """Read gas days: from a clock time of each date to one of the next, the last date excluded."""
    ((start, end),) = run.times
    days = (run.last - run.first).days
    dates = [run.first + timedelta(days=index) for index in range(days)]
    return [
        DeliveryPeriod(
            local_instant(wall_time(on, start), zone),
            local_instant(wall_time(on + timedelta(days=1), end), zone),
            zone,
        )
        for on in dates
    ]


def _order_fact(
    record: OrderRecord, contracts: Mapping[str, RegulatoryContract]
) -> RegulatoryOrder:
    contract = _contract_of(record.contract, contracts)
    price = record.price
    steps = tuple(_step(interval, contract) for interval in record.intervals)
    step_currency = next((i.price.currency for i in record.intervals if i.price), None)
    fact = RegulatoryOrder(
        participant=party_code(record.participant),
        trader=_trader(record.trader),
        beneficiary=party_code(record.beneficiary) if record.beneficiary else None,
        capacity=TradingCapacity(record.capacity),
        side=_side(record.side),
        order_id=record.order_id.order_id,
        previous_order_id=record.order_id.previous,
        order_type=ReportedOrderType(record.order_type),
        conditions=tuple(OrderCondition(code) for code in record.conditions),
        statuses=tuple(ReportedOrderStatus(code) for code in record.statuses),
        duration=OrderDuration(record.duration.duration),
        expires_at=record.duration.expires_at,
        contract_id=contract.contract_id,
        market_place=market_code(record.market_place),
        at=record.at,
        first_entered_at=record.first_entered_at,
        linked_order_ids=record.linked_order_ids,
        price=price.price if price else None,
        currency=price.currency if price else step_currency,
        quantity_mw=record.quantity.value if record.quantity else None,
        undisclosed_mw=record.undisclosed.value if record.undisclosed else None,
        minimum_mw=record.minimum.value if record.minimum else None,
        steps=steps,
        action=ActionType(record.action),
    )
    _require_said(record, describe_order(fact, contract, sequence=record.sequence))
    return fact


def _trade_fact(
    record: TradeRecord, contracts: Mapping[str, RegulatoryContract]
) -> RegulatoryTrade:
    contract = _contract_of(record.contract, contracts)
    if record.price is None or record.quantity is None or record.intervals:
        raise DataFault(
            f"trade {record.transaction_id.transaction_id} has no single price and quantity, which "
            f"facts cannot say yet"
        )
    fact = RegulatoryTrade(
        participant=party_code(record.participant),
        trader=_trader(record.trader) if record.trader else None,
        counterparty=party_code(record.counterparty) if record.counterparty else None,
        beneficiary=party_code(record.beneficiary) if record.beneficiary else None,
        capacity=TradingCapacity(record.capacity),
        side=_side(record.side),
        aggression=Aggression(record.aggressor) if record.aggressor else None,
        contract_id=contract.contract_id,
        market_place=market_code(record.market_place),
        at=record.at,
        executed_at=record.executed_at,
        transaction_id=record.transaction_id.transaction_id,
        replaced_transaction_id=record.transaction_id.additional,
        linked_transaction_ids=record.linked_transaction_ids,
        linked_order_ids=record.linked_order_ids,
        price=record.price.price,
        currency=record.price.currency,
        quantity_mw=record.quantity.value,
        terminated_at=record.terminated_at,
        action=ActionType(record.action),
    )
    _require_said(record, describe_trade(fact, contract, sequence=record.sequence))
    return fact


def _require_said(record: R, described: R) -> None:
    """Refuse a record that says more than its facts: describing them again must give it back."""
    names = [field.name for field in attrs.fields(type(record)) if field.name not in _COMPUTED]
    lost = [name for name in names if getattr(record, name) != getattr(described, name)]
    if lost:
        raise DataFault(
            f"record {record.sequence} states in {', '.join(lost)} what facts cannot say yet"
        )


def _contract_of(
    info: ContractInfo, contracts: Mapping[str, RegulatoryContract]
) -> RegulatoryContract:
    if info.identifier not in contracts:
        raise DataFault(f"contract {info.identifier!r} is used and nowhere described")
    return contracts[info.identifier]


def _step(interval: PriceInterval, contract: RegulatoryContract) -> PriceStep:
    if interval.quantity is None or interval.price is None or interval.days_of_week:
        raise DataFault("an interval without quantity and price is nothing facts can say yet")
    run = Run(
        interval.start_date or contract.deliveries[0].local_start.date(),
        interval.end_date or contract.deliveries[-1].local_start.date(),
        tuple((times.start, times.end) for times in interval.times),
    )
    periods = merged(periods_of(windows_in(run), contract.zone, inside=contract.deliveries))
    if len(periods) > 1:
        raise DataFault(f"a price step delivers without a gap, found {len(periods)} periods")
    return PriceStep(
        delivery=periods[0], quantity_mw=interval.quantity.quantity, price=interval.price.value
    )


def _trader(record: TraderRecord) -> str:
    code = record.for_market or record.for_participant
    if code is None:
        raise DataFault("a trader must have a code, found none")
    return code


def _side(code: str) -> Side:
    if code not in _SIDES:
        raise DataFault(f"a fact has a side, {' or '.join(_SIDES)}, found {code!r}")
    return _SIDES[code]


def _minute(clock: str) -> int:
    hour, minute, second = clock.removesuffix("Z").split(":")
    if second != "00" or not clock.endswith("Z"):
        raise DataFault(f"trading hours are whole UTC minutes in facts, found {clock!r}")
    return int(hour) * 60 + int(minute)
