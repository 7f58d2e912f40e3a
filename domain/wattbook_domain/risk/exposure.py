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
from wattbook_domain.orders.reports import (
    FILL_EVENTS,
    RESTATING_EVENTS,
    UNQUANTIFIED_EVENTS,
    ExecutionReport,
)
from wattbook_domain.orders.vocabulary import Side
from wattbook_domain.positions.fills import ExecutionKey
from wattbook_domain.risk.grid import add_kw, highest_kw, lowest_kw
from wattbook_domain.risk.held import HeldOrder, PendingReplace, after_report
from wattbook_domain.risk.terms import InstrumentTerms, SlotSpan


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


@attrs.frozen
class _Filled:
    """Lots filled, and the sum of price magnitude x lots."""

    lots: int
    tick_lots: int


_NOTHING: Final = _Filled(0, 0)


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

    __slots__ = (
        "_aliases",
        "_desks",
        "_executions",
        "_heard",
        "_horizon",
        "_open_by_algorithm",
        "_open_ids",
        "_orders",
    )

    def __init__(self, horizon: SlotSpan) -> None:
        """Open an empty book over the delivery slots of `horizon`; outside it nothing may trade."""
        self._horizon = horizon
        self._desks: dict[DeskId, _Desk] = {}
        self._orders: dict[ClientOrderId, HeldOrder] = {}
        self._aliases: dict[ClientOrderId, ClientOrderId] = {}
        self._executions: dict[ExecutionKey, _Filled] = {}
        self._heard: set[ExecutionKey] = set()
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
        key = ExecutionKey(report.venue_id, report.execution_id)
        if key in self._heard:
            return
        self._heard.add(key)
        if report.event in RESTATING_EVENTS:
            newly = self._restate(before, report)
        else:
            newly = self._fill(before, report)
        desk = self._desk(before.desk_id)
        kw = before.side.sign * newly.lots * before.terms.lot_kw
        for first, end in self._ranges(before.terms.spans):
            add_kw(desk.net_kw, first, end, kw)
        desk.filled_grains += (
            newly.tick_lots * before.terms.delivery_slots * before.terms.grains_per_unit
        )
        filled = attrs.evolve(before, filled_lots=before.filled_lots + newly.lots)
        self._put(after_report(filled, report))

    def _fill(self, order: HeldOrder, report: ExecutionReport) -> _Filled:
        """Return what is newly filled, by the venue's running total: an overtaken fill adds none.

        Lots whose own report was missed count at the reserved price, the worst one.
        """
        if report.event in UNQUANTIFIED_EVENTS:
            return _NOTHING
        newly_lots = max(report.cumulative_lots - order.filled_lots, 0)
        told = _told(report) if report.event in FILL_EVENTS else _NOTHING
        if told.lots:
            key = ExecutionKey(report.venue_id, report.execution_id)
            self._executions[key] = told
        if told.lots > newly_lots:
            return _Filled(newly_lots, newly_lots * order.worst_reserve_ticks)
        missed_lots = newly_lots - told.lots
        return _Filled(newly_lots, told.tick_lots + missed_lots * order.worst_reserve_ticks)

    def _restate(self, order: HeldOrder, report: ExecutionReport) -> _Filled:
        """Return what a bust or a correction changes; an execution never seen is taken by total."""
        told = _told(report)
        reference = report.reference_execution_id
        original = ExecutionKey(report.venue_id, reference or report.execution_id)
        before = self._executions.get(original)
        if before is None:
            return _Filled(report.cumulative_lots - order.filled_lots, told.tick_lots)
        self._executions[original] = told
        return _Filled(told.lots - before.lots, told.tick_lots - before.tick_lots)

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


def _told(report: ExecutionReport) -> _Filled:
    """Return the quantity and value the report itself names: nothing for a bust."""
    lots, ticks = report.last_lots or 0, report.last_ticks or 0
    return _Filled(lots, lots * abs(ticks))
