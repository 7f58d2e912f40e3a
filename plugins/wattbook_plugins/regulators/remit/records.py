"""Decides the records of REMIT Table 1 (version 3): all 58 fields, in the order of the schema.

Each class is one complex type of `REMITTable1_V3.xsd`; a field without a default is mandatory
there. Times of day stay text, because the schema writes the end of a day as 24:00:00. What the
records mean in facts is decided by `describe` and `interpret`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs

from wattbook_domain.foundation.instants import UtcNs
from wattbook_plugins.regulators.remit.elements import (
    Choice,
    CodedText,
    Group,
    Nested,
    day,
    moment,
    number,
    part,
    text,
    whole,
)


@attrs.frozen(kw_only=True)
class Amount:
    """`priceType`: a value in a currency (fields 18, 47, 57)."""

    value: Decimal = attrs.field(metadata=part(number("value")))
    currency: str = attrs.field(metadata=part(text("currency")))


@attrs.frozen(kw_only=True)
class Quantity:
    """`quantityType` and `notionalQuantityType`: a value in a unit (fields 17, 19, 40 to 42)."""

    value: Decimal = attrs.field(metadata=part(number("value")))
    unit: str = attrs.field(metadata=part(text("unit")))


@attrs.frozen(kw_only=True)
class PriceDetails:
    """Fields 35 and 37."""

    price: Decimal = attrs.field(metadata=part(number("price")))
    currency: str = attrs.field(metadata=part(text("priceCurrency")))


@attrs.frozen(kw_only=True)
class NotionalAmount:
    """Fields 38 and 39."""

    amount: Decimal = attrs.field(metadata=part(number("notionalAmount")))
    currency: str = attrs.field(metadata=part(text("notionalCurrency")))


@attrs.frozen(kw_only=True)
class IndexValue:
    """Fields 36 and 37 of an index."""

    value: Decimal = attrs.field(metadata=part(number("indexValue")))
    currency: str | None = attrs.field(default=None, metadata=part(text("indexCurrency")))


@attrs.frozen(kw_only=True)
class FixingIndex:
    """Fields 25, 36 and 37."""

    name: str | None = attrs.field(default=None, metadata=part(text("indexName")))
    values: tuple[IndexValue, ...] = attrs.field(
        default=(), metadata=part(Nested("indexCurrValue", IndexValue), repeats=True)
    )


@attrs.frozen(kw_only=True)
class TradingHoursRecord:
    """Field 28."""

    start: str = attrs.field(metadata=part(text("startTime")))
    end: str = attrs.field(metadata=part(text("endTime")))
    on: date | None = attrs.field(default=None, metadata=part(day("date")))


@attrs.frozen(kw_only=True)
class OptionDetails:
    """Fields 44 to 47."""

    style: str = attrs.field(metadata=part(text("optionStyle")))
    option_type: str = attrs.field(metadata=part(text("optionType")))
    exercise_dates: tuple[date, ...] = attrs.field(
        default=(), metadata=part(day("optionExerciseDate"), repeats=True)
    )
    strike: Amount | None = attrs.field(
        default=None, metadata=part(Nested("optionStrikePrice", Amount))
    )


@attrs.frozen(kw_only=True)
class LoadTimes:
    """Field 54 of a contract: one pair of local times."""

    start: str = attrs.field(metadata=part(text("loadDeliveryStartTime")))
    end: str = attrs.field(metadata=part(text("loadDeliveryEndTime")))


@attrs.frozen(kw_only=True)
class DeliveryProfileRecord:
    """Fields 49, 50, 53 and 54 of a contract."""

    start_date: date | None = attrs.field(default=None, metadata=part(day("loadDeliveryStartDate")))
    end_date: date | None = attrs.field(default=None, metadata=part(day("loadDeliveryEndDate")))
    days_of_week: tuple[str, ...] = attrs.field(
        default=(), metadata=part(text("daysOfTheWeek"), repeats=True)
    )
    times: tuple[LoadTimes, ...] = attrs.field(metadata=part(Group(LoadTimes), repeats=True))


@attrs.frozen(kw_only=True)
class ContractRecord:
    """`annexTable1ContractType`: fields 21 to 29 and 44 to 54."""

    contract_id: str = attrs.field(metadata=part(text("contractId")))
    name: str = attrs.field(metadata=part(text("contractName")))
    contract_type: str = attrs.field(metadata=part(text("contractType")))
    commodities: tuple[str, ...] = attrs.field(metadata=part(text("energyCommodity"), repeats=True))
    index_names: tuple[str, ...] = attrs.field(
        default=(), metadata=part(text("indexName"), repeats=True)
    )
    settlement: str = attrs.field(metadata=part(text("settlementMethod")))
    market_place: CodedText = attrs.field(metadata=part(Choice("organisedMarketPlaceIdentifier")))
    trading_hours: tuple[TradingHoursRecord, ...] = attrs.field(
        default=(), metadata=part(Nested("contractTradingHours", TradingHoursRecord), repeats=True)
    )
    last_trading_at: UtcNs | None = attrs.field(
        default=None, metadata=part(moment("lastTradingDateTime"))
    )
    option: OptionDetails | None = attrs.field(
        default=None, metadata=part(Nested("optionDetails", OptionDetails))
    )
    delivery_points: tuple[str, ...] = attrs.field(
        metadata=part(text("deliveryPointOrZone"), repeats=True)
    )
    delivery_start: date = attrs.field(metadata=part(day("deliveryStartDate")))
    delivery_end: date = attrs.field(metadata=part(day("deliveryEndDate")))
    duration: str | None = attrs.field(default=None, metadata=part(text("duration")))
    load: str | None = attrs.field(default=None, metadata=part(text("loadType")))
    profiles: tuple[DeliveryProfileRecord, ...] = attrs.field(
        metadata=part(Nested("deliveryProfile", DeliveryProfileRecord), repeats=True)
    )


@attrs.frozen(kw_only=True)
class LegContractId:
    """A further leg of a spread order, by reference."""

    contract_id: str = attrs.field(metadata=part(text("contractId")))
    side: str = attrs.field(metadata=part(text("buySellIndicator")))


@attrs.frozen(kw_only=True)
class LegContract:
    """A further leg of a spread order, spelt out."""

    contract: ContractRecord = attrs.field(metadata=part(Nested("contract", ContractRecord)))
    side: str = attrs.field(metadata=part(text("buySellIndicator")))


@attrs.frozen(kw_only=True)
class ContractInfo:
    """Field 21: a contract by reference or spelt out; the schema allows one of the two.

    Legs occur in order reports only.
    """

    contract_id: str | None = attrs.field(default=None, metadata=part(text("contractId")))
    leg_ids: tuple[LegContractId, ...] = attrs.field(
        default=(), metadata=part(Nested("legContractId", LegContractId), repeats=True)
    )
    contract: ContractRecord | None = attrs.field(
        default=None, metadata=part(Nested("contract", ContractRecord))
    )
    legs: tuple[LegContract, ...] = attrs.field(
        default=(), metadata=part(Nested("legContract", LegContract), repeats=True)
    )

    @property
    def identifier(self) -> str:
        """The identifier of the contract, however it is given; empty where it is not."""
        return self.contract.contract_id if self.contract else self.contract_id or ""


@attrs.frozen(kw_only=True)
class TraderRecord:
    """Field 3: the trader's code with the market place, or with the participant."""

    for_market: str | None = attrs.field(
        default=None, metadata=part(text("traderIdForOrganisedMarket"))
    )
    for_participant: str | None = attrs.field(
        default=None, metadata=part(text("traderIdForMarketParticipant"))
    )


@attrs.frozen(kw_only=True)
class OrderIdRecord:
    """Field 13."""

    order_id: str = attrs.field(metadata=part(text("uniqueOrderIdentifier")))
    previous: str | None = attrs.field(default=None, metadata=part(text("previousOrderIdentifier")))


@attrs.frozen(kw_only=True)
class TriggerRecord:
    """Field 18."""

    price: Amount = attrs.field(metadata=part(Nested("priceLimit", Amount)))
    contract_id: str | None = attrs.field(default=None, metadata=part(text("triggerContractId")))


@attrs.frozen(kw_only=True)
class OrderDurationRecord:
    """Field 20."""

    duration: str = attrs.field(metadata=part(text("duration")))
    expires_at: UtcNs | None = attrs.field(
        default=None, metadata=part(moment("expirationDateTime"))
    )


@attrs.frozen(kw_only=True)
class IntervalTimes:
    """Field 54 of a report: one pair of local times."""

    start: str = attrs.field(metadata=part(text("intervalStartTime")))
    end: str = attrs.field(metadata=part(text("intervalEndTime")))


@attrs.frozen(kw_only=True)
class IntervalQuantity:
    """Fields 55 and 56."""

    quantity: Decimal = attrs.field(metadata=part(number("quantity")))
    unit: str = attrs.field(metadata=part(text("unit")))


@attrs.frozen(kw_only=True)
class PriceInterval:
    """Fields 49, 50 and 53 to 57: price and quantity of one interval."""

    start_date: date | None = attrs.field(default=None, metadata=part(day("intervalStartDate")))
    end_date: date | None = attrs.field(default=None, metadata=part(day("intervalEndDate")))
    days_of_week: str | None = attrs.field(default=None, metadata=part(text("daysOfTheWeek")))
    times: tuple[IntervalTimes, ...] = attrs.field(
        metadata=part(Group(IntervalTimes), repeats=True)
    )
    quantity: IntervalQuantity | None = attrs.field(
        default=None, metadata=part(Group(IntervalQuantity))
    )
    price: Amount | None = attrs.field(
        default=None, metadata=part(Nested("priceTimeIntervalQuantity", Amount))
    )


@attrs.frozen(kw_only=True)
class OrderRecord:
    """`annexTable1Order`: one order report."""

    sequence: int = attrs.field(metadata=part(whole("RecordSeqNumber")))
    participant: CodedText = attrs.field(metadata=part(Choice("idOfMarketParticipant")))
    trader: TraderRecord = attrs.field(metadata=part(Nested("traderID", TraderRecord)))
    beneficiary: CodedText | None = attrs.field(
        default=None, metadata=part(Choice("beneficiaryIdentification"))
    )
    capacity: str = attrs.field(metadata=part(text("tradingCapacity")))
    side: str = attrs.field(metadata=part(text("buySellIndicator")))
    order_id: OrderIdRecord = attrs.field(metadata=part(Nested("orderId", OrderIdRecord)))
    order_type: str = attrs.field(metadata=part(text("orderType")))
    conditions: tuple[str, ...] = attrs.field(
        default=(), metadata=part(text("orderCondition"), repeats=True)
    )
    statuses: tuple[str, ...] = attrs.field(
        default=(), metadata=part(text("orderStatus"), repeats=True)
    )
    minimum: Quantity | None = attrs.field(
        default=None, metadata=part(Nested("minimumExecuteVolume", Quantity))
    )
    trigger: TriggerRecord | None = attrs.field(
        default=None, metadata=part(Nested("triggerDetails", TriggerRecord))
    )
    undisclosed: Quantity | None = attrs.field(
        default=None, metadata=part(Nested("undisclosedVolume", Quantity))
    )
    duration: OrderDurationRecord = attrs.field(
        metadata=part(Nested("orderDuration", OrderDurationRecord))
    )
    contract: ContractInfo = attrs.field(metadata=part(Nested("contractInfo", ContractInfo)))
    market_place: CodedText = attrs.field(metadata=part(Choice("organisedMarketPlaceIdentifier")))
    at: UtcNs = attrs.field(metadata=part(moment("transactionTime")))
    first_entered_at: UtcNs | None = attrs.field(
        default=None, metadata=part(moment("originalEntryTime"))
    )
    linked_order_ids: tuple[str, ...] = attrs.field(
        default=(), metadata=part(text("linkedOrderId"), repeats=True)
    )
    price: PriceDetails | None = attrs.field(
        default=None, metadata=part(Nested("priceDetails", PriceDetails))
    )
    indices: tuple[FixingIndex, ...] = attrs.field(
        default=(), metadata=part(Nested("fixingIndex", FixingIndex), repeats=True)
    )
    notional: NotionalAmount | None = attrs.field(
        default=None, metadata=part(Nested("notionalAmountDetails", NotionalAmount))
    )
    quantity: Quantity | None = attrs.field(
        default=None, metadata=part(Nested("quantity", Quantity))
    )
    total_quantity: Quantity | None = attrs.field(
        default=None, metadata=part(Nested("totalNotionalContractQuantity", Quantity))
    )
    intervals: tuple[PriceInterval, ...] = attrs.field(
        default=(),
        metadata=part(Nested("priceIntervalQuantityDetails", PriceInterval), repeats=True),
    )
    action: str = attrs.field(metadata=part(text("actionType")))
    extra: str | None = attrs.field(default=None, metadata=part(text("Extra")))

    @property
    def identifier(self) -> str:
        """What names the order."""
        return self.order_id.order_id


@attrs.frozen(kw_only=True)
class ClickAndTrade:
    """Fields 14 to 20 of an aggressor who entered no order."""

    order_type: str = attrs.field(metadata=part(text("orderType")))
    conditions: tuple[str, ...] = attrs.field(
        default=(), metadata=part(text("orderCondition"), repeats=True)
    )
    statuses: tuple[str, ...] = attrs.field(
        default=(), metadata=part(text("orderStatus"), repeats=True)
    )
    minimum: Quantity | None = attrs.field(
        default=None, metadata=part(Nested("minimumExecuteVolume", Quantity))
    )
    trigger: TriggerRecord | None = attrs.field(
        default=None, metadata=part(Nested("triggerDetails", TriggerRecord))
    )
    undisclosed: Quantity | None = attrs.field(
        default=None, metadata=part(Nested("undisclosedVolume", Quantity))
    )
    duration: OrderDurationRecord | None = attrs.field(
        default=None, metadata=part(Nested("orderDuration", OrderDurationRecord))
    )


@attrs.frozen(kw_only=True)
class TradeIdRecord:
    """Field 31."""

    transaction_id: str = attrs.field(metadata=part(text("uniqueTransactionIdentifier")))
    additional: str | None = attrs.field(default=None, metadata=part(text("additionalUtiInfo")))


@attrs.frozen(kw_only=True)
class TradeRecord:
    """`annexTable1Trade`: one trade report."""

    sequence: int = attrs.field(metadata=part(whole("RecordSeqNumber")))
    participant: CodedText = attrs.field(metadata=part(Choice("idOfMarketParticipant")))
    trader: TraderRecord | None = attrs.field(
        default=None, metadata=part(Nested("traderID", TraderRecord))
    )
    counterparty: CodedText | None = attrs.field(
        default=None, metadata=part(Choice("otherMarketParticipant"))
    )
    beneficiary: CodedText | None = attrs.field(
        default=None, metadata=part(Choice("beneficiaryIdentification"))
    )
    capacity: str = attrs.field(metadata=part(text("tradingCapacity")))
    side: str = attrs.field(metadata=part(text("buySellIndicator")))
    aggressor: str | None = attrs.field(default=None, metadata=part(text("aggressor")))
    click_and_trade: ClickAndTrade | None = attrs.field(
        default=None, metadata=part(Nested("clickAndTradeDetails", ClickAndTrade))
    )
    contract: ContractInfo = attrs.field(metadata=part(Nested("contractInfo", ContractInfo)))
    market_place: CodedText = attrs.field(metadata=part(Choice("organisedMarketPlaceIdentifier")))
    at: UtcNs = attrs.field(metadata=part(moment("transactionTime")))
    executed_at: UtcNs | None = attrs.field(default=None, metadata=part(moment("executionTime")))
    transaction_id: TradeIdRecord = attrs.field(
        metadata=part(Nested("uniqueTransactionIdentifier", TradeIdRecord))
    )
    linked_transaction_ids: tuple[str, ...] = attrs.field(
        default=(), metadata=part(text("linkedTransactionId"), repeats=True)
    )
    linked_order_ids: tuple[str, ...] = attrs.field(
        default=(), metadata=part(text("linkedOrderId"), repeats=True)
    )
    voice_brokered: str | None = attrs.field(default=None, metadata=part(text("voiceBrokered")))
    price: PriceDetails | None = attrs.field(
        default=None, metadata=part(Nested("priceDetails", PriceDetails))
    )
    indices: tuple[FixingIndex, ...] = attrs.field(
        default=(), metadata=part(Nested("fixingIndex", FixingIndex), repeats=True)
    )
    notional: NotionalAmount | None = attrs.field(
        default=None, metadata=part(Nested("notionalAmountDetails", NotionalAmount))
    )
    quantity: Quantity | None = attrs.field(
        default=None, metadata=part(Nested("quantity", Quantity))
    )
    total_quantity: Quantity = attrs.field(
        metadata=part(Nested("totalNotionalContractQuantity", Quantity))
    )
    terminated_at: UtcNs | None = attrs.field(
        default=None, metadata=part(moment("terminationDate"))
    )
    intervals: tuple[PriceInterval, ...] = attrs.field(
        default=(),
        metadata=part(Nested("priceIntervalQuantityDetails", PriceInterval), repeats=True),
    )
    action: str = attrs.field(metadata=part(text("actionType")))
    extra: str | None = attrs.field(default=None, metadata=part(text("Extra")))

    @property
    def identifier(self) -> str:
        """What names the trade."""
        return self.transaction_id.transaction_id


@attrs.frozen(kw_only=True)
class ContractList:
    """The contracts that reports refer to."""

    contracts: tuple[ContractRecord, ...] = attrs.field(
        metadata=part(Nested("contract", ContractRecord), repeats=True)
    )


@attrs.frozen(kw_only=True)
class OrderList:
    """The order reports of one file."""

    orders: tuple[OrderRecord, ...] = attrs.field(
        metadata=part(Nested("OrderReport", OrderRecord), repeats=True)
    )


@attrs.frozen(kw_only=True)
class TradeList:
    """The trade reports of one file."""

    trades: tuple[TradeRecord, ...] = attrs.field(
        metadata=part(Nested("TradeReport", TradeRecord), repeats=True)
    )


@attrs.frozen(kw_only=True)
class Table1:
    """The root: one file."""

    reporting_entity: CodedText = attrs.field(metadata=part(Choice("reportingEntityID")))
    contract_list: ContractList | None = attrs.field(
        default=None, metadata=part(Nested("contractList", ContractList))
    )
    order_list: OrderList | None = attrs.field(
        default=None, metadata=part(Nested("OrderList", OrderList))
    )
    trade_list: TradeList | None = attrs.field(
        default=None, metadata=part(Nested("TradeList", TradeList))
    )

    @property
    def contracts(self) -> tuple[ContractRecord, ...]:
        """The contracts listed; empty where the list is absent."""
        return self.contract_list.contracts if self.contract_list else ()

    @property
    def orders(self) -> tuple[OrderRecord, ...]:
        """The order reports; empty where the list is absent."""
        return self.order_list.orders if self.order_list else ()

    @property
    def trades(self) -> tuple[TradeRecord, ...]:
        """The trade reports; empty where the list is absent."""
        return self.trade_list.trades if self.trade_list else ()

    @property
    def reports(self) -> tuple[OrderRecord | TradeRecord, ...]:
        """All reports, orders first, as the schema has them."""
        return (*self.orders, *self.trades)

    @property
    def described(self) -> tuple[ContractRecord, ...]:
        """All contracts: those listed, then those spelt out inside reports."""
        inline = (report.contract.contract for report in self.reports)
        return (*self.contracts, *(contract for contract in inline if contract is not None))
