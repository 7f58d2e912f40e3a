"""Decides the worst position that can still be reached, per desk and delivery slot.

Filled power is a fact; every open order may still fill, in whole, on its own side only. So the
highest reachable net power of a slot is filled plus resting buys, the lowest is filled less
resting sells, and no netting between buys and sells ever hides either. While a replace is in
flight, old and new order are both possible and the worse counts. An order counts from the moment
it is sent until the venue says it has ended: silence never releases anything.

The property that tests hold it to: whatever the venue does next with the orders it was sent, no
slot leaves `[lowest, highest]`, and the gross notional, at prices inside each order's band, does
not pass `gross_grains`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import attrs
import numpy as np
import numpy.typing as npt

from wattbook_domain.foundation.bounds import POWER_KW_ABS_MAX, PRICE_TICKS_ABS_MAX, require_within
from wattbook_domain.foundation.canonical import Plain, state_hash
from wattbook_domain.foundation.identifiers import (
    AlgorithmId,
    ClientOrderId,
    DeskId,
    InstrumentId,
)
from wattbook_domain.foundation.verdict import Approved
from wattbook_domain.orders.commands import NewOrder, ReplaceOrder
from wattbook_domain.orders.reports import FILL_EVENTS, ExecutionEvent, ExecutionReport
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.risk.grid import add_kw, highest_kw, lowest_kw
from wattbook_domain.risk.limits import added_value_units
from wattbook_domain.risk.terms import InstrumentTerms, SlotSpan

ENDED: Final = frozenset({ExecutionEvent.REJECTED, ExecutionEvent.CANCELED, ExecutionEvent.EXPIRED})
"""Events after which nothing of an order can fill. Done for day is not among them: a GTC order
comes back the next morning, and what comes back must still be counted."""

RESTATED: Final = frozenset({ExecutionEvent.TRADE_CORRECTED, ExecutionEvent.TRADE_CANCELED})
"""Events that may lower the cumulative quantity; any other lower one is old news."""


@attrs.frozen(kw_only=True)
class OrderSent:
    """An approved order has left, or is about to. `reserve_ticks` is its worst price magnitude."""

    approved: Approved[NewOrder]
    terms: InstrumentTerms
    reserve_ticks: int

    def __attrs_post_init__(self) -> None:
        require_within("reserve_ticks", self.reserve_ticks, 0, PRICE_TICKS_ABS_MAX)


@attrs.frozen(kw_only=True)
class ReplaceSent:
    """An approved replace has left, or is about to."""

    approved: Approved[ReplaceOrder]
    reserve_ticks: int

    def __attrs_post_init__(self) -> None:
        require_within("reserve_ticks", self.reserve_ticks, 0, PRICE_TICKS_ABS_MAX)


@attrs.frozen(kw_only=True)
class PositionCarried:
    """Power a desk already holds when the book opens: yesterday's fills, or physical output."""

    desk_id: DeskId
    span: SlotSpan
    net_kw: int

    def __attrs_post_init__(self) -> None:
        require_within("net_kw", self.net_kw, -POWER_KW_ABS_MAX, POWER_KW_ABS_MAX)


ExposureEvent = OrderSent | ReplaceSent | ExecutionReport | PositionCarried
"""Everything that moves exposure. A cancel request does not: the order may fill before it."""


@attrs.frozen(kw_only=True)
class PendingReplace:
    """A replace in flight."""

    client_order_id: ClientOrderId
    total_lots: int
    limit_ticks: int | None
    reserve_ticks: int


@attrs.frozen(kw_only=True)
class HeldOrder:
    """What the book remembers of one order.

    Attributes:
        total_lots: as last confirmed. filled_lots: as last reported.
        reserve_ticks: worst price magnitude of what may still fill under the confirmed terms.
        pending: a replace in flight, if any.
        is_ended: whether the venue has said that nothing more can fill.
    """

    client_order_id: ClientOrderId
    desk_id: DeskId
    algorithm_id: AlgorithmId
    side: Side
    terms: InstrumentTerms
    limit_ticks: int | None
    total_lots: int
    reserve_ticks: int
    filled_lots: int = 0
    pending: PendingReplace | None = None
    is_ended: bool = False

    @property
    def confirmed_open_lots(self) -> int:
        """Lots that may still fill under the confirmed terms."""
        return 0 if self.is_ended else max(self.total_lots - self.filled_lots, 0)

    @property
    def pending_open_lots(self) -> int:
        """Lots that may still fill if the replace in flight succeeds."""
        if self.is_ended or self.pending is None:
            return 0
        return max(self.pending.total_lots - self.filled_lots, 0)

    @property
    def held_lots(self) -> int:
        """Lots the book counts as resting: the worse of confirmed and pending."""
        return max(self.confirmed_open_lots, self.pending_open_lots)

    @property
    def held_grains(self) -> int:
        """Gross notional reserved, in grains: the worst mix of old and new terms."""
        open_lots = self.confirmed_open_lots
        units = added_value_units(open_lots, 0, self.terms.delivery_slots, self.reserve_ticks, 0)
        if self.pending is not None and not self.is_ended:
            after_lots = self.pending_open_lots
            added_lots = max(after_lots - open_lots, 0)
            units += added_value_units(
                added_lots,
                after_lots - added_lots,
                self.terms.delivery_slots,
                self.pending.reserve_ticks,
                self.reserve_ticks,
            )
        return int(units) * self.terms.grains_per_unit

    @property
    def is_open(self) -> bool:
        """Whether anything may still fill."""
        return self.held_lots > 0

    @property
    def limits_ticks(self) -> tuple[int | None, ...]:
        """Every limit price the order may be resting at: confirmed, and pending if any."""
        return (
            (self.limit_ticks,)
            if self.pending is None
            else (
                self.limit_ticks,
                self.pending.limit_ticks,
            )
        )


@attrs.define
class _Desk:
    """One desk's grid and notional."""

    net_kw: npt.NDArray[np.int64]
    buys_kw: npt.NDArray[np.int64]
    sells_kw: npt.NDArray[np.int64]
    filled_grains: int = 0
    reserved_grains: int = 0

    @classmethod
    def empty(cls, slots: int) -> _Desk:
        return cls(
            net_kw=np.zeros(slots, dtype=np.int64),
            buys_kw=np.zeros(slots, dtype=np.int64),
            sells_kw=np.zeros(slots, dtype=np.int64),
        )


class ExposureBook:
    """Every open order and the grid of reachable net power. `apply` is the only way to change it.

    One book serves the firm: limits ask by desk, self-trade asks across desks. Orders are kept
    after their end, for a late fill is money and must still be counted.
    """

    __slots__ = ("_aliases", "_desks", "_horizon", "_open_by_algorithm", "_open_ids", "_orders")

    def __init__(self, horizon: SlotSpan) -> None:
        """Open an empty book over the delivery slots of `horizon`; outside it nothing may trade."""
        self._horizon = horizon
        self._desks: dict[DeskId, _Desk] = {}
        self._orders: dict[ClientOrderId, HeldOrder] = {}
        self._aliases: dict[ClientOrderId, ClientOrderId] = {}
        self._open_ids: dict[InstrumentId, dict[ClientOrderId, None]] = {}
        self._open_by_algorithm: dict[AlgorithmId, int] = {}

    @property
    def horizon(self) -> SlotSpan:
        """The delivery slots the book can measure."""
        return self._horizon

    @property
    def orders(self) -> Mapping[ClientOrderId, HeldOrder]:
        """Every order ever sent, by its first client order id."""
        return MappingProxyType(self._orders)

    def covers(self, terms: InstrumentTerms) -> bool:
        """Return whether the whole delivery lies within the horizon."""
        return (
            self._horizon.first <= terms.spans[0].first and terms.spans[-1].end <= self._horizon.end
        )

    def held(self, client_order_id: ClientOrderId) -> HeldOrder | None:
        """Return what is known of an order under any of its client order ids."""
        return self._orders.get(self._aliases.get(client_order_id, client_order_id))

    def highest_net_kw(self, desk_id: DeskId, terms: InstrumentTerms) -> int:
        """Return the highest net power any delivery slot of the instrument can still reach."""
        desk = self._desks.get(desk_id)
        if desk is None:
            return 0
        return max(
            int(highest_kw(desk.net_kw, desk.buys_kw, first, end))
            for first, end in self._ranges(terms.spans)
        )

    def lowest_net_kw(self, desk_id: DeskId, terms: InstrumentTerms) -> int:
        """Return the lowest net power any delivery slot of the instrument can still reach."""
        desk = self._desks.get(desk_id)
        if desk is None:
            return 0
        return min(
            int(lowest_kw(desk.net_kw, desk.sells_kw, first, end))
            for first, end in self._ranges(terms.spans)
        )

    def net_kw(self, desk_id: DeskId) -> npt.NDArray[np.int64]:
        """Return a copy of the desk's filled net power per slot of the horizon."""
        desk = self._desks.get(desk_id)
        return np.zeros(self._horizon.slots, np.int64) if desk is None else desk.net_kw.copy()

    def gross_grains(self, desk_id: DeskId) -> int:
        """Return filled plus reserved notional of a desk in value grains."""
        desk = self._desks.get(desk_id)
        return 0 if desk is None else desk.filled_grains + desk.reserved_grains

    def open_orders(self, algorithm_id: AlgorithmId) -> int:
        """Return how many orders of an algorithm may still fill."""
        return self._open_by_algorithm.get(algorithm_id, 0)

    def opposite_limits(
        self, instrument_id: InstrumentId, side: Side, *, apart_from: ClientOrderId | None = None
    ) -> tuple[int | None, ...]:
        """Return the limits of own open orders that an order of `side` could meet.

        All desks and venues count: coupled venues share one book, and buying here what one sells
        there is the same pattern to a regulator. `None` stands for a market order.
        """
        return tuple(
            ticks
            for order_id in self._open_ids.get(instrument_id, ())
            if order_id != apart_from and self._orders[order_id].side is not side
            for ticks in self._orders[order_id].limits_ticks
        )

    def state_hash(self) -> str:
        """Return one hash of everything the book knows, the same on every implementation."""
        desks: Plain = {
            desk_id: {
                "net_kw": desk.net_kw.tolist(),
                "buys_kw": desk.buys_kw.tolist(),
                "sells_kw": desk.sells_kw.tolist(),
                "filled_grains": desk.filled_grains,
                "reserved_grains": desk.reserved_grains,
            }
            for desk_id, desk in self._desks.items()
        }
        open_orders = {name: count for name, count in self._open_by_algorithm.items() if count}
        return state_hash({"desks": desks, "open": open_orders})

    def apply(self, event: ExposureEvent) -> None:
        """Move the exposure by one event. A report repeated, or overtaken, moves it once.

        Raises:
            ValueError: if a report or a replace speaks of an order never sent, an order is sent
                twice, or delivery leaves the horizon. The book is then unchanged.
        """
        match event:
            case OrderSent():
                self._send(event)
            case ReplaceSent():
                self._send_replace(event)
            case ExecutionReport():
                self._report(event)
            case PositionCarried():
                self._carry(event)

    def _send(self, event: OrderSent) -> None:
        order = event.approved.value
        if order.instrument_id != event.terms.instrument_id:
            raise ValueError(
                f"terms of {event.terms.instrument_id} cannot hold an order for "
                f"{order.instrument_id}"
            )
        if not self.covers(event.terms):
            raise ValueError(f"delivery of {order.instrument_id} leaves the exposure horizon")
        if self.held(order.client_order_id) is not None:
            raise ValueError(f"order {order.client_order_id} was sent before")
        self._put(
            HeldOrder(
                client_order_id=order.client_order_id,
                desk_id=order.owner.desk_id,
                algorithm_id=order.owner.algorithm_id,
                side=order.side,
                terms=event.terms,
                limit_ticks=order.limit_ticks,
                total_lots=order.quantity_lots,
                reserve_ticks=event.reserve_ticks,
            )
        )

    def _send_replace(self, event: ReplaceSent) -> None:
        command = event.approved.value
        before = self._known(command.original_client_order_id)
        if before.pending is not None:
            raise ValueError(f"order {before.client_order_id} already has a replace in flight")
        if self.held(command.client_order_id) is not None:
            raise ValueError(f"client order id {command.client_order_id} was used before")
        self._aliases[command.client_order_id] = before.client_order_id
        pending = PendingReplace(
            client_order_id=command.client_order_id,
            total_lots=command.quantity_lots,
            limit_ticks=command.limit_ticks,
            reserve_ticks=event.reserve_ticks,
        )
        self._put(attrs.evolve(before, pending=pending))

    def _report(self, report: ExecutionReport) -> None:
        before = self._known(report.client_order_id, report.original_client_order_id)
        newly_lots = report.cumulative_lots - before.filled_lots
        if newly_lots < 0 and report.event not in RESTATED:
            newly_lots = 0
        self._book_fill(before, report, newly_lots)
        after = attrs.evolve(before, filled_lots=before.filled_lots + newly_lots)
        self._put(_after_report(after, report))

    def _book_fill(self, order: HeldOrder, report: ExecutionReport, newly_lots: int) -> None:
        desk = self._desk(order.desk_id)
        kw = order.side.sign * newly_lots * order.terms.lot_kw
        for first, end in self._ranges(order.terms.spans):
            add_kw(desk.net_kw, first, end, kw)
        desk.filled_grains += _filled_units(order, report, newly_lots) * order.terms.grains_per_unit

    def _carry(self, event: PositionCarried) -> None:
        if not self._horizon.first <= event.span.first < event.span.end <= self._horizon.end:
            raise ValueError(f"carried position {event.span} leaves the exposure horizon")
        ((first, end),) = self._ranges((event.span,))
        add_kw(self._desk(event.desk_id).net_kw, first, end, event.net_kw)

    def _known(self, *client_order_ids: ClientOrderId | None) -> HeldOrder:
        for client_order_id in client_order_ids:
            found = None if client_order_id is None else self.held(client_order_id)
            if found is not None:
                return found
        raise ValueError(
            f"order {client_order_ids[0]} was never sent through this book; replay the journal"
        )

    def _put(self, after: HeldOrder) -> None:
        before = self._orders.get(after.client_order_id)
        if before is not None:
            self._hold(before, -1)
        self._hold(after, +1)
        self._orders[after.client_order_id] = after

    def _hold(self, order: HeldOrder, sign: int) -> None:
        """Add (+1) or take away (-1) everything an open order reserves."""
        if not order.is_open:
            return
        desk = self._desk(order.desk_id)
        column_kw = desk.buys_kw if order.side is Side.BUY else desk.sells_kw
        for first, end in self._ranges(order.terms.spans):
            add_kw(column_kw, first, end, sign * order.held_lots * order.terms.lot_kw)
        desk.reserved_grains += sign * order.held_grains
        count = self._open_by_algorithm.get(order.algorithm_id, 0)
        self._open_by_algorithm[order.algorithm_id] = count + sign
        open_ids = self._open_ids.setdefault(order.terms.instrument_id, {})
        if sign > 0:
            open_ids[order.client_order_id] = None
        else:
            del open_ids[order.client_order_id]

    def _desk(self, desk_id: DeskId) -> _Desk:
        return self._desks.setdefault(desk_id, _Desk.empty(self._horizon.slots))

    def _ranges(self, spans: tuple[SlotSpan, ...]) -> tuple[tuple[int, int], ...]:
        origin = self._horizon.first
        return tuple((span.first - origin, span.end - origin) for span in spans)


def _after_report(order: HeldOrder, report: ExecutionReport) -> HeldOrder:
    """Return the order's terms as the report leaves them."""
    if report.event in ENDED:
        return attrs.evolve(order, is_ended=True, pending=None)
    pending = order.pending
    answers = pending is not None and pending.client_order_id in (
        report.client_order_id,
        report.original_client_order_id,
    )
    if report.event is ExecutionEvent.REPLACE_REJECTED:
        return attrs.evolve(order, pending=None if answers else pending)
    if report.event is not ExecutionEvent.REPLACED:
        return order
    restated_ticks = abs(report.limit_ticks or 0)
    return attrs.evolve(
        order,
        total_lots=report.quantity_lots,
        limit_ticks=report.limit_ticks,
        reserve_ticks=max(
            pending.reserve_ticks if pending is not None and answers else order.reserve_ticks,
            restated_ticks,
        ),
        pending=None if answers else pending,
    )


def _filled_units(order: HeldOrder, report: ExecutionReport, newly_lots: int) -> int:
    """Return the notional of newly filled lots, in value units.

    Lots whose own report was missed count at the reserved price. A bust names no price, so it
    gives nothing back: the gross notional stays on the high side.
    """
    if newly_lots <= 0:
        return 0
    told_lots, told_ticks = 0, 0
    if report.event in FILL_EVENTS and report.last_lots is not None:
        told_lots, told_ticks = min(report.last_lots, newly_lots), abs(report.last_ticks or 0)
    untold_ticks = max(
        order.reserve_ticks, 0 if order.pending is None else order.pending.reserve_ticks
    )
    value = told_lots * told_ticks + (newly_lots - told_lots) * untold_ticks
    return value * order.terms.delivery_slots
