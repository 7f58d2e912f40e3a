"""Decides what a regulator must be told about a contract, an order and a trade, in no file format.

Exact decimals, megawatts, instants and delivery periods. Totals (energy, notional amount) are not
stored: they follow from capacity, price and delivery. How the facts look in a document, and
whether the document is valid, is the regulator plugin's part.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final

import attrs

from wattbook_domain.delivery.period import DeliveryPeriod
from wattbook_domain.foundation.instants import UtcNs, to_datetime
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.quantities.energy import Energy
from wattbook_domain.quantities.power import Power
from wattbook_domain.regulation.codes import AcerCode, Eic, Lei, Mic, PartyCode
from wattbook_domain.regulation.quantity import merged, total_notional_quantity
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

_MIC_LENGTH: Final = 4
_MINUTES_OF_CLOCK_FACE: Final = 1_440


class OffMarket(Enum):
    """A deal made on no organised market place."""

    BILATERAL = "XBIL"


MarketPlace = Lei | Mic | AcerCode | OffMarket
"""Where something was traded (REMIT field 27)."""


def market_place(text: str) -> MarketPlace:
    """Read a market place's code; its form tells which kind it is.

    >>> market_place("XEEE"), market_place("XBIL")
    (Mic(text='XEEE'), <OffMarket.BILATERAL: 'XBIL'>)

    Raises:
        ValueError: if the text is no such code; the message says what its form demands.
    """
    if text == OffMarket.BILATERAL.value:
        return OffMarket.BILATERAL
    if "." in text:
        return AcerCode(text)
    return Mic(text) if len(text) == _MIC_LENGTH else Lei(text)


@attrs.frozen
class TradingHours:
    """Daily opening in minutes of the UTC clock face: 0 is 00:00, 1440 is 24:00."""

    opens_minute: int
    closes_minute: int

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.opens_minute < self.closes_minute <= _MINUTES_OF_CLOCK_FACE:
            raise ValueError(
                f"trading hours must open before they close within one UTC clock face, found "
                f"minutes {self.opens_minute} to {self.closes_minute}"
            )


ALL_DAY: Final = TradingHours(0, _MINUTES_OF_CLOCK_FACE)


@attrs.frozen(kw_only=True)
class RegulatoryContract:
    """A product that can be traded: what is delivered, where and when.

    Attributes:
        contract_id: the market place's code, or one of ours (`delivery_contract_id`).
        name: the market place's name; ours ends with the delivery label, unambiguous on the
            doubled hour of an autumn clock change.
        delivery_points: areas or points of delivery, at least one.
        deliveries: delivery periods in ascending order, disjoint, all in one zone; periods that
            touch are joined, so that equal deliveries are equal values.
        duration: how long it delivers; absent where no word fits.
        last_trading_at: gate closure; absent where there is none.
        trading_hours: daily opening; empty where the market place states none.
    """

    contract_id: str
    name: str
    contract_type: ContractType
    commodity: EnergyCommodity
    settlement: SettlementMethod
    market_place: MarketPlace
    delivery_points: tuple[Eic, ...]
    deliveries: tuple[DeliveryPeriod, ...] = attrs.field(converter=merged)
    load: LoadType
    duration: DurationWord | None = None
    last_trading_at: UtcNs | None = None
    trading_hours: tuple[TradingHours, ...] = (ALL_DAY,)

    def __attrs_post_init__(self) -> None:
        if not self.delivery_points:
            raise ValueError(f"contract {self.contract_id} needs a delivery point, found none")
        if not self.deliveries:
            raise ValueError(f"contract {self.contract_id} needs a delivery period, found none")

    @property
    def zone(self) -> str:
        """IANA key of the delivery zone."""
        return self.deliveries[0].zone

    def energy(self, quantity_mw: Decimal) -> Energy:
        """Return the energy that a capacity delivers over the whole contract, exactly."""
        return total_notional_quantity(Power.of_mw(quantity_mw), self.deliveries)


@attrs.frozen(kw_only=True)
class PriceStep:
    """One step of a price-quantity order: this much in this period at this price or better."""

    delivery: DeliveryPeriod
    quantity_mw: Decimal
    price: Decimal

    def __attrs_post_init__(self) -> None:
        _require_decimals(self, ("quantity_mw", "price"))
        _require_positive("quantity_mw", self.quantity_mw)


@attrs.frozen(kw_only=True)
class RegulatoryOrder:
    """One event in the life of an order.

    Attributes:
        trader: the code of the trader or algorithm as the market place knows it.
        quantity_mw: what can still trade; absent where `steps` say it.
        price: limit in `currency` per MWh, any sign; absent for a market order and where `steps`
            say it.
        undisclosed_mw: the hidden part of an iceberg.
        steps: the price-quantity pairs of an auction order.
        at: instant of this event. first_entered_at: of the order's entry, where different.
    """

    participant: PartyCode
    trader: str
    capacity: TradingCapacity
    side: Side
    order_id: str
    order_type: ReportedOrderType
    statuses: tuple[ReportedOrderStatus, ...]
    duration: OrderDuration
    contract_id: str
    market_place: MarketPlace
    at: UtcNs
    action: ActionType
    currency: str | None = None
    price: Decimal | None = None
    quantity_mw: Decimal | None = None
    steps: tuple[PriceStep, ...] = ()
    conditions: tuple[OrderCondition, ...] = ()
    undisclosed_mw: Decimal | None = None
    minimum_mw: Decimal | None = None
    expires_at: UtcNs | None = None
    first_entered_at: UtcNs | None = None
    previous_order_id: str | None = None
    linked_order_ids: tuple[str, ...] = ()
    beneficiary: PartyCode | None = None

    def __attrs_post_init__(self) -> None:
        _require_decimals(self, ("price", "quantity_mw", "undisclosed_mw", "minimum_mw"))
        if (self.quantity_mw is None) != bool(self.steps):
            raise ValueError(
                f"order {self.order_id} states its quantity once: as quantity_mw or as steps"
            )
        if self.steps and self.price is not None:
            raise ValueError(f"order {self.order_id} states its price once: alone or in steps")
        is_priceless = self.order_type is ReportedOrderType.MARKET or bool(self.steps)
        if self.price is None and not is_priceless:
            raise ValueError(
                f"order {self.order_id} of type {self.order_type.value} needs a price, found none"
            )
        if (self.currency is None) != (self.price is None and not self.steps):
            raise ValueError(f"order {self.order_id} names a currency exactly where it has a price")


@attrs.frozen(kw_only=True)
class RegulatoryTrade:
    """One side of one trade, or a later event in its life.

    Attributes:
        price: in `currency` per MWh, any sign.
        quantity_mw: capacity, positive.
        transaction_id: unique transaction identifier, issued by the market place or computed.
        replaced_transaction_id: the wrong identifier that a modification corrects.
        counterparty: absent where the market place is the counterparty.
        aggression: absent for an auction.
    """

    participant: PartyCode
    capacity: TradingCapacity
    side: Side
    contract_id: str
    market_place: MarketPlace
    at: UtcNs
    transaction_id: str
    price: Decimal
    currency: str
    quantity_mw: Decimal
    action: ActionType
    trader: str | None = None
    counterparty: PartyCode | None = None
    beneficiary: PartyCode | None = None
    aggression: Aggression | None = None
    executed_at: UtcNs | None = None
    replaced_transaction_id: str | None = None
    linked_transaction_ids: tuple[str, ...] = ()
    linked_order_ids: tuple[str, ...] = ()
    terminated_at: UtcNs | None = None

    def __attrs_post_init__(self) -> None:
        _require_decimals(self, ("price", "quantity_mw"))
        _require_positive("quantity_mw", self.quantity_mw)


@attrs.frozen(kw_only=True)
class RegulatoryFiling:
    """Everything that is reported together.

    Attributes:
        reporting_entity: who reports, for itself or for others.
        filed_on: the date in the file names.
        first_sequence: number of the first file of that date, from 1.
    """

    reporting_entity: PartyCode
    filed_on: date
    contracts: tuple[RegulatoryContract, ...]
    orders: tuple[RegulatoryOrder, ...] = ()
    trades: tuple[RegulatoryTrade, ...] = ()
    first_sequence: int = 1

    def __attrs_post_init__(self) -> None:
        if self.first_sequence < 1:
            raise ValueError(f"file sequence numbers start at 1, found {self.first_sequence}")
        known = {contract.contract_id for contract in self.contracts}
        if len(known) != len(self.contracts):
            raise ValueError("a filing describes each contract once, found one described twice")
        if unknown := sorted(self.used_contract_ids - known):
            raise ValueError(f"a filing describes every contract it uses, found none for {unknown}")

    @property
    def used_contract_ids(self) -> frozenset[str]:
        """Identifiers of the contracts that orders and trades name."""
        in_orders = {order.contract_id for order in self.orders}
        return frozenset(in_orders | {trade.contract_id for trade in self.trades})


def delivery_contract_id(prefix: str, deliveries: tuple[DeliveryPeriod, ...]) -> str:
    """Name a contract by the UTC instants of its delivery, so that no two hours share a name.

    The two hours called 02:00 of an autumn clock change differ in UTC, where local times do not.

    >>> from wattbook_domain.delivery.period import DeliveryPeriod
    >>> second = DeliveryPeriod.hour(date(2017, 10, 29), 3, "Europe/Berlin")
    >>> delivery_contract_id("DE", (second,))
    'DE-201710290100Z-201710290200Z'
    """
    return f"{prefix}-{_compact(deliveries[0].start)}-{_compact(deliveries[-1].end)}"


def _compact(at: UtcNs) -> str:
    return to_datetime(at).strftime("%Y%m%d%H%MZ")


def _require_decimals(fact: object, names: Iterable[str]) -> None:
    for name in names:
        value = getattr(fact, name)
        if value is None:
            continue
        if not isinstance(value, Decimal):
            raise TypeError(f"{name} must be a Decimal, found {type(value).__name__} {value!r}")
        if not value.is_finite():
            raise ValueError(f"{name} must be finite, found {value}; use None for absence")


def _require_positive(name: str, value: Decimal) -> None:
    if value <= 0:
        raise ValueError(f"{name} must be positive, found {value}; the side says the direction")
