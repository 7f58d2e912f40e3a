"""Decides how facts become Table 1 records: units, totals, local times and the schema's words.

Totals are computed here from capacity, price and delivery, and rounded half to even to the five
decimals of the form. The writer of bytes (`documents`) adds nothing.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final

from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.quantities.rounding import Rounding, round_fraction
from wattbook_domain.regulation.facts import (
    OffMarket,
    PriceStep,
    RegulatoryContract,
    RegulatoryFiling,
    RegulatoryOrder,
    RegulatoryTrade,
    TradingHours,
)
from wattbook_domain.regulation.words import SIDE_CODE, LoadType
from wattbook_plugins.regulators.remit.clock_windows import (
    Run,
    periods_of,
    runs_of,
    span_of,
    windows_in,
)
from wattbook_plugins.regulators.remit.parties import market_text, party_text
from wattbook_plugins.regulators.remit.records import (
    Amount,
    ContractInfo,
    ContractList,
    ContractRecord,
    DeliveryProfileRecord,
    IntervalQuantity,
    IntervalTimes,
    LoadTimes,
    NotionalAmount,
    OrderDurationRecord,
    OrderIdRecord,
    OrderList,
    OrderRecord,
    PriceDetails,
    PriceInterval,
    Quantity,
    Table1,
    TradeIdRecord,
    TradeList,
    TradeRecord,
    TraderRecord,
    TradingHoursRecord,
)

CAPACITY_UNIT: Final = "MW"
ENERGY_UNIT: Final = "MWh"
DECIMALS: Final = 5


def describe(filing: RegulatoryFiling) -> Table1:
    """Return a filing as the records of one file, numbered from 1 in the order given.

    Raises:
        ValueError: if a delivery has no unambiguous form in local times.
    """
    contracts = {contract.contract_id: contract for contract in filing.contracts}
    orders = tuple(
        describe_order(order, contracts[order.contract_id], sequence=index)
        for index, order in enumerate(filing.orders, start=1)
    )
    trades = tuple(
        describe_trade(trade, contracts[trade.contract_id], sequence=index)
        for index, trade in enumerate(filing.trades, start=1)
    )
    listed = tuple(describe_contract(contract) for contract in filing.contracts)
    return Table1(
        reporting_entity=party_text(filing.reporting_entity),
        contract_list=ContractList(contracts=listed) if listed else None,
        order_list=OrderList(orders=orders) if orders else None,
        trade_list=TradeList(trades=trades) if trades else None,
    )


def describe_contract(contract: RegulatoryContract) -> ContractRecord:
    """Return a contract as a record. Raises as `describe` does."""
    runs = (_gas_run(contract),) if contract.load is LoadType.GAS_DAY else _clock_runs(contract)
    is_single = len(runs) == 1
    return ContractRecord(
        contract_id=contract.contract_id,
        name=contract.name,
        contract_type=contract.contract_type.value,
        commodities=(contract.commodity.value,),
        settlement=contract.settlement.value,
        market_place=market_text(contract.market_place),
        trading_hours=tuple(_hours(hours) for hours in contract.trading_hours),
        last_trading_at=contract.last_trading_at,
        delivery_points=tuple(point.text for point in contract.delivery_points),
        delivery_start=runs[0].first,
        delivery_end=runs[-1].last,
        duration=contract.duration.value if contract.duration else None,
        load=contract.load.value,
        profiles=tuple(
            DeliveryProfileRecord(
                start_date=None if is_single else run.first,
                end_date=None if is_single else run.last,
                times=tuple(LoadTimes(start=start, end=end) for start, end in run.times),
            )
            for run in runs
        ),
    )


def describe_order(
    order: RegulatoryOrder, contract: RegulatoryContract, *, sequence: int
) -> OrderRecord:
    """Return an order event as a record. Raises as `describe` does."""
    currency = order.currency or ""
    return OrderRecord(
        sequence=sequence,
        participant=party_text(order.participant),
        trader=_trader(order.trader, order),
        beneficiary=party_text(order.beneficiary) if order.beneficiary else None,
        capacity=order.capacity.value,
        side=SIDE_CODE[order.side],
        order_id=OrderIdRecord(order_id=order.order_id, previous=order.previous_order_id),
        order_type=order.order_type.value,
        conditions=tuple(condition.value for condition in order.conditions),
        statuses=tuple(status.value for status in order.statuses),
        minimum=_capacity(order.minimum_mw),
        undisclosed=_capacity(order.undisclosed_mw),
        duration=OrderDurationRecord(duration=order.duration.value, expires_at=order.expires_at),
        contract=ContractInfo(contract_id=order.contract_id),
        market_place=market_text(order.market_place),
        at=order.at,
        first_entered_at=order.first_entered_at,
        linked_order_ids=order.linked_order_ids,
        price=_price(order.price, currency),
        quantity=_capacity(order.quantity_mw),
        total_quantity=_total(order.quantity_mw, contract),
        intervals=tuple(_interval(step, currency, contract) for step in order.steps),
        action=order.action.value,
    )


def describe_trade(
    trade: RegulatoryTrade, contract: RegulatoryContract, *, sequence: int
) -> TradeRecord:
    """Return a trade as a record, with its energy and its notional amount."""
    energy_mwh = contract.energy(trade.quantity_mw).mwh
    return TradeRecord(
        sequence=sequence,
        participant=party_text(trade.participant),
        trader=_trader(trade.trader, trade) if trade.trader is not None else None,
        counterparty=party_text(trade.counterparty) if trade.counterparty else None,
        beneficiary=party_text(trade.beneficiary) if trade.beneficiary else None,
        capacity=trade.capacity.value,
        side=SIDE_CODE[trade.side],
        aggressor=trade.aggression.value if trade.aggression else None,
        contract=ContractInfo(contract_id=trade.contract_id),
        market_place=market_text(trade.market_place),
        at=trade.at,
        executed_at=trade.executed_at,
        transaction_id=TradeIdRecord(
            transaction_id=trade.transaction_id, additional=trade.replaced_transaction_id
        ),
        linked_transaction_ids=trade.linked_transaction_ids,
        linked_order_ids=trade.linked_order_ids,
        price=_price(trade.price, trade.currency),
        notional=NotionalAmount(
            amount=rounded(energy_mwh * Fraction(trade.price)), currency=trade.currency
        ),
        quantity=_capacity(trade.quantity_mw),
        total_quantity=Quantity(value=rounded(energy_mwh), unit=ENERGY_UNIT),
        terminated_at=trade.terminated_at,
        action=trade.action.value,
    )


def rounded(value: Fraction) -> Decimal:
    """Round a computed total to the decimals of the form."""
    return round_fraction(value, places=DECIMALS, rounding=Rounding.HALF_EVEN)


def _clock_runs(contract: RegulatoryContract) -> tuple[Run, ...]:
    runs = runs_of(contract.deliveries)
    windows = [window for run in runs for window in windows_in(run)]
    # Reading back is the proof that the local times say what was meant.
    periods_of(windows, contract.zone, span=span_of(contract.contract_id))
    return runs


def _gas_run(contract: RegulatoryContract) -> Run:
    first, *rest = contract.deliveries
    start, end = first.local_start, first.local_end
    if rest or start.time() != end.time():
        raise ValueError(
            f"contract {contract.contract_id}: a gas delivery is whole gas days without a gap, "
            f"found {first.label}"
        )
    clock = f"{start:%H:%M:%S}"
    return Run(start.date(), end.date(), ((clock, clock),))


def _interval(step: PriceStep, currency: str, contract: RegulatoryContract) -> PriceInterval:
    run = _single_run(step.delivery, contract)
    return PriceInterval(
        start_date=run.first,
        end_date=run.last,
        times=tuple(IntervalTimes(start=start, end=end) for start, end in run.times),
        quantity=IntervalQuantity(quantity=step.quantity_mw, unit=CAPACITY_UNIT),
        price=Amount(value=step.price, currency=currency),
    )


def _single_run(delivery: DeliveryPeriod, contract: RegulatoryContract) -> Run:
    first, *rest = runs_of((delivery,))
    if rest:
        raise ValueError(
            f"contract {contract.contract_id}: a price step has the same times each day, found "
            f"{delivery.label}; use a step a day"
        )
    periods_of(windows_in(first), contract.zone, inside=contract.deliveries)
    return first


def _hours(hours: TradingHours) -> TradingHoursRecord:
    return TradingHoursRecord(start=_clock(hours.opens_minute), end=_clock(hours.closes_minute))


def _clock(minute: int) -> str:
    hour, rest = divmod(minute, 60)
    return f"{hour:02d}:{rest:02d}:00Z"


def _trader(code: str, fact: RegulatoryOrder | RegulatoryTrade) -> TraderRecord:
    if isinstance(fact.market_place, OffMarket):
        return TraderRecord(for_participant=code)
    return TraderRecord(for_market=code)


def _capacity(quantity_mw: Decimal | None) -> Quantity | None:
    return None if quantity_mw is None else Quantity(value=quantity_mw, unit=CAPACITY_UNIT)


def _total(quantity_mw: Decimal | None, contract: RegulatoryContract) -> Quantity | None:
    if quantity_mw is None:
        return None
    return Quantity(value=rounded(contract.energy(quantity_mw).mwh), unit=ENERGY_UNIT)


def _price(price: Decimal | None, currency: str) -> PriceDetails | None:
    return None if price is None else PriceDetails(price=price, currency=currency)
